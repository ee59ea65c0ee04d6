"""From discovered SunSpec models to the device map that the gate runs on.

Set-points go through model 704 (WSet, in W or in percent), whose reversion timer is the watchdog,
helped by the heartbeat of 715 where there is one. Models 123 and 124 are read, and not used for
set-points: 123 only limits generation, and 124 leaves open which rating its percentages are of; such
a device is described by a profile that says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.batch import ScaleWord
from sekisho.codec.device_map import DeviceMap, Refresh, Watchdog
from sekisho.codec.meanings import STATES, DeviceRole, Meaning, Unit
from sekisho.codec.sunspec.droop import droop_of
from sekisho.codec.sunspec.rows import BMS_ROWS, METER_ROWS, METERS, PCS_ROWS, STATE_OF, Row
from sekisho.codec.sunspec.scaling import fixed, implemented, scaled
from sekisho.codec.sunspec.typed import Group, typed
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text, listed, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sekisho.codec.points import Point, Span
    from sekisho.codec.sunspec.definition import ModelDefinition
    from sekisho.codec.sunspec.discovery import Discovered

AC_CONTROLS = 704
FREQUENCY_DROOP = 711
CONTROL = 715
_ROWS: Mapping[DeviceRole, Sequence[Row]] = {
    DeviceRole.PCS: PCS_ROWS,
    DeviceRole.BMS: BMS_ROWS,
    DeviceRole.METER: METER_ROWS,
    DeviceRole.TRIP: (),
}
NEEDED: Mapping[DeviceRole, frozenset[Meaning]] = {
    DeviceRole.PCS: frozenset({Meaning.ACTIVE_POWER, Meaning.STATUS, Meaning.SETPOINT}),
    DeviceRole.BMS: frozenset(
        {Meaning.STATE_OF_CHARGE, Meaning.CHARGE_LIMIT, Meaning.DISCHARGE_LIMIT}
    ),
    DeviceRole.METER: frozenset({Meaning.ACTIVE_POWER}),
    DeviceRole.TRIP: frozenset({Meaning.TRIP}),
}
"""Without these a device cannot play its role."""


def compile_models(
    found: Discovered,
    catalogue: Mapping[int, ModelDefinition],
    role: DeviceRole,
    where: str,
    *,
    rated: Watts | None = None,
    meter_sign: int = 1,
) -> DeviceMap:
    """The device map of a device with SunSpec models.

    Args:
        found: its chain, the models of the catalogue read.
        catalogue: the model definitions.
        role: what it is to the gate.
        where: the device, for messages.
        rated: its rated power as the site file has it, where the device does not tell it.
        meter_sign: -1 where the meter counts import positive; SunSpec's meter models leave it
            open and makers differ, so that commissioning has to show it.

    Raises:
        WorldError: its models do not suffice for the role, or are ambiguous.
    """
    models = _models(found, catalogue, role, where)
    told = _by_rows(_ROWS[role], models)
    if role is DeviceRole.METER and Meaning.ACTIVE_POWER in told:
        told[Meaning.ACTIVE_POWER] = replace(told[Meaning.ACTIVE_POWER], sign=meter_sign)
    rating = _rating(told, models) or rated
    watchdog = None
    droop = None
    if role is DeviceRole.PCS:
        told |= _setpoint(models.get(AC_CONTROLS), rating)
        watchdog = _watchdog(told, models)
        droop = droop_of(models.get(FREQUENCY_DROOP))
    missing = sorted(NEEDED[role] - told.keys())
    if missing:
        raise _lacking(where, role, missing, found)
    return DeviceMap(
        role=role,
        source="SunSpec " + " ".join(str(b.id) for b in found.blocks),
        points=tuple(told.values()),
        scales=tuple(_scales(models, (*told.values(), *(droop.points if droop else ())))),
        rated=rating,
        watchdog=watchdog,
        droop=droop,
    )


def _models(
    found: Discovered, catalogue: Mapping[int, ModelDefinition], role: DeviceRole, where: str
) -> dict[int, Group]:
    """The typed models that matter to the role."""
    wanted = {model for row in _ROWS[role] for model in row.models}
    if role is DeviceRole.PCS:
        wanted |= {AC_CONTROLS, FREQUENCY_DROOP, CONTROL}
    models: dict[int, Group] = {}
    meters = 0
    for block in found.of(*wanted):
        definition = catalogue.get(block.id)
        group = None if definition is None else typed(definition, block)
        if group is None:
            continue
        meters += block.id in METERS
        if block.id in models or meters > 1:
            raise _ambiguous(where, block.id)
        models[block.id] = group
    return models


def _by_rows(rows: Sequence[Row], models: Mapping[int, Group]) -> dict[Meaning, Point]:
    told: dict[Meaning, Point] = {}
    for row in rows:
        for model in row.models:
            if row.meaning not in told and model in models:
                point = _point(row, models[model])
                if point is not None:
                    told[row.meaning] = point
    return told


def _point(row: Row, group: Group) -> Point | None:
    make = implemented if row.optional else scaled
    point = make(group, row.name, row.meaning, row.unit)
    if point is None:
        return None
    symbols = group.points[row.name].definition.symbols
    return replace(
        point,
        pace=row.pace,
        mask=sum(1 << symbols[bit] for bit in row.bits) if row.bits else None,
        states={raw: STATE_OF[name] for name, raw in symbols.items() if name in STATE_OF}
        if row.meaning in STATES
        else {},
    )


def _rating(told: Mapping[Meaning, Point], models: Mapping[int, Group]) -> Watts | None:
    point = told.get(Meaning.RATED_POWER)
    if point is None:
        return None
    for group in models.values():
        for placed in group.points.values():
            if placed.span == point.span:
                value = point.value(placed.words)
                return Watts(value) if isinstance(value, int) and value > 0 else None
    return None


_WATTS, _PERCENT = 1, 0
"""WSetMod: the set-point is in W, or in percent of WMax."""


def _setpoint(group: Group | None, rated: Watts | None) -> dict[Meaning, Point]:
    """The points of model 704; empty where they do not suffice."""
    if group is None:
        return {}
    for name, unit, mode in (
        ("WSet", Unit.WATT, _WATTS),
        ("WSetPct", Unit.PERCENT_OF_RATING, _PERCENT),
    ):
        points = {
            Meaning.SETPOINT: implemented(group, name, Meaning.SETPOINT, unit, rated),
            Meaning.SETPOINT_MODE: fixed(group, "WSetMod", Meaning.SETPOINT_MODE, mode),
            Meaning.SETPOINT_ENABLE: fixed(group, "WSetEna", Meaning.SETPOINT_ENABLE, 1),
            Meaning.WATCHDOG_FALLBACK_POWER: implemented(
                group, name + "Rvrt", Meaning.WATCHDOG_FALLBACK_POWER, unit, rated
            ),
            Meaning.WATCHDOG_ENABLE: fixed(group, "WSetEnaRvrt", Meaning.WATCHDOG_ENABLE, 1),
            Meaning.WATCHDOG_TIMEOUT: implemented(
                group, "WSetRvrtTms", Meaning.WATCHDOG_TIMEOUT, Unit.SECOND
            ),
            Meaning.WATCHDOG_REMAINING: implemented(
                group, "WSetRvrtRem", Meaning.WATCHDOG_REMAINING, Unit.SECOND
            ),
        }
        if points[Meaning.SETPOINT] and points[Meaning.SETPOINT_ENABLE]:
            return {m: p for m, p in points.items() if p is not None}
    return {}


def _watchdog(told: dict[Meaning, Point], models: Mapping[int, Group]) -> Watchdog | None:
    """The reversion timer of 704, and the heartbeat of 715 where the device expects one.

    When a write restarts the timer is told differently by makers (github.com/sunspec/models, issue
    215), so the time-out is written again and then the enable. Neither can raise power: after a
    reversion the set-point *is* the fall-back.
    """
    needed = (Meaning.WATCHDOG_TIMEOUT, Meaning.WATCHDOG_FALLBACK_POWER, Meaning.WATCHDOG_ENABLE)
    if any(meaning not in told for meaning in needed):
        for meaning in (*needed, Meaning.WATCHDOG_REMAINING):
            told.pop(meaning, None)
        return None
    refresh: tuple[Refresh, ...] = (Refresh.TIMEOUT, Refresh.ENABLE)
    if CONTROL in models:
        beat = implemented(models[CONTROL], "ControllerHb", Meaning.HEARTBEAT)
        if beat is not None:
            told[Meaning.HEARTBEAT] = beat
            refresh = (Refresh.HEARTBEAT, *refresh)
    return Watchdog(refresh=refresh)


def _scales(models: Mapping[int, Group], points: Iterable[Point]) -> Iterator[ScaleWord]:
    """The scale factors of the points in use."""
    used = {point.span for point in points}
    seen: set[Span] = set()
    for group in (g for top in models.values() for g in top.with_inner()):
        for placed in group.points.values():
            scale = group.scale_of(placed) if placed.span in used else None
            source = None if scale is None else scale[1]
            if source is not None and source.span not in seen:
                seen.add(source.span)
                yield ScaleWord(source.span, source.words[0])


def _ambiguous(where: str, model: int) -> WorldError:
    return WorldError(
        Problem(
            where,
            Text(
                "同じ役割の SunSpec モデル {id} が複数あり、どれを使うか決められません。",
                "There are several SunSpec models like {id}; which one counts cannot be told.",
            ).fill(id=model),
            Text(
                "使う番地を書いたプロファイルを指定してください。",
                "Name a profile that says which addresses to use.",
            ),
        )
    )


def _lacking(
    where: str, role: DeviceRole, missing: Sequence[Meaning], found: Discovered
) -> WorldError:
    return WorldError(
        Problem(
            where,
            Text(
                "SunSpec モデル {models} だけでは {role} に必要な {missing} がそろいません。",
                "The SunSpec models {models} do not give what a {role} needs: {missing}.",
            ).fill(
                models=" ".join(str(b.id) for b in found.blocks),
                role=role,
                missing=listed(same(m) for m in missing),
            ),
            Text(
                "メーカーの資料からプロファイルを書いてください。",
                "Write a profile from the maker's documents.",
            ),
        )
    )
