"""The strict reader of the gate's tables: text in, site and `Settings` out, or every problem at once.

The papers' reader reads the same text for the `Site`; the gate's tables are read here and go no
further than the gate. Each table is read on its own, so that a slip in one does not hide another's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sekisho.codec.modbus.pdu import Space
from sekisho.gate.settings import (
    DroopBy,
    North,
    Settings,
    SouthDevice,
    SouthRole,
    StopContact,
    Trip,
)
from sekisho.gate.tables_document import (
    FORMS,
    SUNSPEC,
    WATCHDOG_S,
    AuthorityTable,
    FallbackTable,
    GateTable,
    NorthTable,
    Positive,
    SouthTable,
    StopContactTable,
    TripTable,
    cells,
)
from sekisho.gate.tables_ends import Wrong, broker_of, end_of
from sekisho.gate.tables_sense import faults_in, role_of
from sekisho.gate.tables_ways import RESPONSES, Tables
from sekisho.site.document import MAX_DEVICES, Table
from sekisho.site.faults import Fault
from sekisho.site.parsing import located, parsed
from sekisho.site.reader import read_site
from sekisho.site.shape import validated
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import WattHours, Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.site.locate import Path
    from sekisho.site.model import Site

T = TypeVar("T", bound=Table)

_BAND = 0.05
"""Band of meter against command, as a part of the rating, unless stated."""


@dataclass(frozen=True, slots=True)
class Gated:
    """A site and what its file says to the gate."""

    site: Site
    settings: Settings


def read_gated(text: str, where: str) -> Gated:
    """The site that a file describes, and its settings of the gate.

    The settings' digest is that of the tables alone; `sealed` adds the profiles.

    Args:
        text: the file's content.
        where: the file's name, for messages.

    Raises:
        InputError: everything that is wrong, papers' tables and gate's, each with its line.
    """
    data = parsed(text, where)
    site: Site | None = None
    problems: dict[Problem, None] = {}
    try:
        site = read_site(text, where)
    except InputError as error:
        problems.update(dict.fromkeys(error.problems))
    tables, faults = _read(data)
    faults += faults_in(tables, site)
    problems.update(dict.fromkeys(located(faults, text, where)))
    if site is None or problems:
        raise InputError(*sorted(problems, key=lambda p: _line(p.where)))
    return Gated(site, sealed(_settings(tables, site), {}))


def sealed(settings: Settings, profiles: Mapping[str, bytes]) -> Settings:
    """The settings with the digest of all that the gate acts on: themselves and the profiles.

    Paper dates, names and remarks of the file do not enter, so that mending them asks for no new
    commissioning; whatever reaches the gate does.
    """
    bare = asdict(replace(settings, digest="", stricter={}))
    del bare["metrics_port"], bare["hardware"], bare["followers"]
    # Sites without these keep the digest that they were commissioned with.
    if bare["stop_contact"] is None:
        del bare["stop_contact"]
    for device in bare["south"]:
        if device["droop_by"] is DroopBy.GATE:
            del device["droop_by"]
    bare["stricter"] = sorted(
        f"{failure}.{activity}={response.name}"
        for (failure, activity), response in settings.stricter.items()
    )
    bare["profiles"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in profiles.items()
    }
    whole = json.dumps(bare, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return replace(settings, digest=hashlib.sha256(whole.encode()).hexdigest())


def _line(where: str) -> int:
    number = where.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def _read(data: Mapping[str, object]) -> tuple[Tables, list[Fault]]:
    """Every table that can be read on its own, and the faults of the others."""
    faults: list[Fault] = []
    rows = data.get("south", [])
    south = rows[:MAX_DEVICES] if isinstance(rows, list) else []
    if not rows:
        faults.append(
            Fault(
                ("south",),
                Text("[[south]] がありません。", "There is no [[south]]."),
                FORMS.whole,
            )
        )
    trip = data.get("trip")
    tables = Tables(
        named=frozenset(_device(row) for row in south),
        whole=False,
        breaker=_device(trip),
        gate=_table(data, "gate", GateTable, faults, otherwise=GateTable()),
        authority=_table(data, "authority", AuthorityTable, faults),
        north=_table(data, "north", NorthTable, faults),
        south=[
            (at, row)
            for at, value in enumerate(south)
            if (row := _validated(("south", at), value, SouthTable, faults)) is not None
        ],
        fallback=_table(data, "fallback", FallbackTable, faults, otherwise=FallbackTable()),
        trip=_table(data, "trip", TripTable, faults) if "trip" in data else None,
        stop_contact=(
            _table(data, "stop_contact", StopContactTable, faults)
            if "stop_contact" in data
            else None
        ),
    )
    whole = bool(rows) and len(tables.south) == len(south)
    return replace(tables, whole=whole), faults


def _device(row: object) -> str:
    """The device that a table names, whatever else is wrong with it."""
    named = row.get("device") if isinstance(row, dict) else None
    return named if isinstance(named, str) else ""


def _table(
    data: Mapping[str, object],
    name: str,
    model: type[T],
    faults: list[Fault],
    otherwise: T | None = None,
) -> T | None:
    if name in data:
        return _validated((name,), data[name], model, faults)
    if otherwise is None:
        faults.append(
            Fault(
                (name,),
                Text("[{key}] の表がありません。", "There is no table [{key}].").fill(key=name),
                FORMS.whole,
            )
        )
    return otherwise


def _validated(path: Path, value: object, model: type[T], faults: list[Fault]) -> T | None:
    if not isinstance(value, dict):
        return None  # the papers' reader has told of it
    return validated(model, value, faults, FORMS, path)


def _settings(tables: Tables, site: Site) -> Settings:
    """The settings of tables in which no fault was found."""
    gate, north, authority = tables.gate, tables.north, tables.authority
    fallback, energy = tables.fallback, site.rated_kwh
    if gate is None or north is None or authority is None or fallback is None or energy is None:
        raise AssertionError("a table is missing that was found complete")
    rated = _watts(site.rated_kw)
    auxiliary = _watts(gate.auxiliary_kw)
    most, band = gate.auxiliary_most_kw, gate.mismatch_band_kw
    return Settings(
        site=site.id,
        rated=rated,
        energy=WattHours(round(energy * 1_000)),
        authority=authority.fingerprint,
        north=_north(north),
        south=tuple(_south(row, tables, site) for _, row in tables.south),
        trip=(
            Trip(device=DeviceId(tables.trip.device), coil=tables.trip.coil)
            if tables.trip is not None
            else None
        ),
        stop_contact=_stop_contact(tables.stop_contact),
        stricter={cell: RESPONSES[stays] for cell, stays in cells(fallback).items()},
        cycle_ms=gate.cycle_ms,
        auxiliary=auxiliary,
        auxiliary_most=auxiliary if most is None else _watts(most),
        mismatch_band=Watts(round(rated * _BAND)) if band is None else _watts(band),
        digest="",
        metrics_port=gate.metrics_port,
        hardware=gate.hardware or "",
    )


def _stop_contact(table: StopContactTable | None) -> StopContact | None:
    if table is None:
        return None
    return StopContact(
        device=DeviceId(table.device),
        space=Space(table.space.value),
        address=table.address,
        pressed=table.pressed,
    )


def _north(table: NorthTable) -> North:
    broker = broker_of(table.broker)
    if isinstance(broker, Wrong):
        raise AssertionError(broker.what.en)  # noqa: TRY004 - asked before: a fault of ours
    return North(
        host=broker.host,
        port=broker.port,
        ca=table.ca,
        certificate=table.certificate,
        key=table.key,
        server_name=table.server_name,
        telemetry_ms=table.telemetry_ms,
        lost_ms=table.lost_s * 1_000,
    )


def _south(row: SouthTable, tables: Tables, site: Site) -> SouthDevice:
    role = role_of(row.device, tables, {str(d.id): d for d in site.devices})
    end = end_of(row.connect)
    if role is None or isinstance(end, Wrong):
        raise AssertionError("a device without role or address was found sound")
    is_pcs = role is SouthRole.PCS
    return SouthDevice(
        device=DeviceId(row.device),
        role=role,
        end=end,
        unit=row.unit,
        profile=None if row.profile == SUNSPEC else row.profile,
        rated=_watts(row.rated_kw or 0),
        timeout_ms=row.timeout_ms,
        gap_ms=row.gap_ms,
        settle_ms=row.settle_ms,
        fast_ms=row.fast_ms,
        slow_ms=row.slow_ms,
        watchdog_s=row.watchdog_s if is_pcs and row.watchdog_s is not None else WATCHDOG_S,
        meter_sign=-1 if row.positive is Positive.IMPORT else 1,
        no_watchdog=row.no_watchdog,
        droop_by=row.droop or DroopBy.GATE,
    )


def _watts(kilowatts: float) -> Watts:
    return Watts(round(kilowatts * 1_000))
