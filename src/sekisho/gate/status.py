"""What the running gate says of itself each second: power against command, links, orders, latches.

The runtime writes it as `status.json` into the state folder; `gate status`, `gate top` and programs
read it there. Powers are W at the connection point, export positive; times are milliseconds since
1970 UTC unless they are ages. None is what is not known.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from sekisho.codec.command import Rank, Schedule, Setpoint
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.image import FAST_MS, SLOW_MS, fresh
from sekisho.gate.renewal import Renewal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.codec.decision import Decision
    from sekisho.gate.clock import Clock, Term
    from sekisho.gate.image import BmsImage, MeterImage, PcsImage, PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Gate

FORMAT = 1
"""Version of this form."""
OLD_MS = 5_000
"""A status older than this is not that of a running gate."""
MOST_DECISIONS = 20
"""Decisions that are shown; the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PcsStatus:
    """One power conversion system."""

    device: str
    link: str
    power: int | None
    setpoint: int | None
    """As read back from the device."""
    asked: int | None
    """As ordered by the gate."""
    watchdog: str
    no_watchdog: str | None
    """Why a PCS without a watchdog is accepted."""
    stopped_locally: bool
    faulted: bool
    own_droop: str | None = None
    """Its own droop (SunSpec 711): changing, off, on, not-off; None: the gate leaves it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BmsStatus:
    """One battery management system."""

    device: str
    link: str
    soc: float | None
    """State of charge, 0 to 1."""
    charge_limit: int | None
    discharge_limit: int | None
    temperature_min: float | None
    """°C."""
    temperature_max: float | None
    faulted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStatus:
    """The meter at the connection point."""

    device: str
    link: str
    power: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """A standing order: set-point, schedule or curtailment."""

    kind: str
    command: str
    issuer: str
    rank: int
    """0 local schedule, 1 market, 2 balancing, 3 curtailment."""
    power: int | None
    """Of a set-point: what was granted."""
    export_max: int | None = None
    """Of a curtailment."""
    import_max: int | None = None
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStatus:
    """A decision that was given."""

    at: int
    command: str | None
    kid: str | None
    outcome: str
    reason: str | None
    power: int | None
    limits: list[str]
    """Names of the bounds that bind."""
    entry: int
    """Number of its journal entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStatus:
    """The way to the broker."""

    connected: bool
    since: int
    """Since when it is as it is."""
    waiting: int
    """Messages that the head-end has not acknowledged."""
    certificate_ends: int | None
    renewal: str | None = None
    """How far the next certificate is: asked, trying, refused; None: none is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalStatus:
    """The journal."""

    entries: int
    head: str
    """Hash of the last entry, hexadecimal."""
    behind_ms: int
    """Age of the oldest entry that is not safe on disk; 0: none."""
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that a person asks a running gate."""

    format: int = FORMAT
    program: str
    """Version of sekisho."""
    site: str
    digest: str
    """Of the configuration."""
    commissioned: bool
    """Whether this configuration was commissioned."""
    at: int
    boot: int
    """Milliseconds of CLOCK_BOOTTIME."""
    time_sure: bool
    time_error_ms: int
    session: str
    trust_version: int
    bounds_version: int
    rated: int
    power: int | None
    """At the connection point, as the meter shows it."""
    setpoint: int
    """Of the whole plant: dispatch and droop."""
    dispatch: int
    droop: int
    frequency: float | None
    """Hz; None where it cannot be acted on."""
    frequency_doubt: str | None
    soc: float | None
    """Mean of all batteries that tell it."""
    soc_min: float | None = None
    """Bounds in force of the state of charge; None in a status of an older version."""
    soc_max: float | None = None
    nominal: float | None = None
    """Nominal frequency in Hz."""
    own_droop: int | None = None
    """W that PCS are expected to add by themselves; None where none does."""
    pcs: list[PcsStatus]
    bms: list[BmsStatus]
    meters: list[MeterStatus]
    north: NorthStatus
    journal: JournalStatus
    orders: list[OrderStatus]
    latches: list[str]
    alarms: list[str]
    failures: list[str]
    decisions: list[DecisionStatus]

    @property
    def calm(self) -> bool:
        """Whether nothing calls for a person."""
        carried = self.north.renewal in {Renewal.ASKED, Renewal.REFUSED}  # by a person
        return not (self.latches or self.alarms or self.failures or carried)


_FORM = TypeAdapter(Status)


def status_of(
    gate: Gate,
    image: PlantImage,
    clock: Clock,
    *,
    north: NorthStatus,
    journal: JournalStatus,
    decisions: Sequence[DecisionStatus],
    program: str,
) -> Status:
    """The status at one moment.

    Args:
        gate: everything remembered.
        image: the plant as read.
        clock: both clocks.
        north: the way to the broker.
        journal: the journal on disk.
        decisions: those given in this run, the latest first.
        program: version of sekisho.
    """
    run, durable, settings = gate.run, gate.durable, gate.settings
    bms = [_bms(one, clock) for one in image.bms]
    charges = [one.soc for one in bms if one.soc is not None]
    meters = [_meter(one, clock) for one in image.meters]
    sure = run.frequency if isinstance(run.frequency, Sure) else None
    return Status(
        program=program,
        site=settings.site,
        digest=settings.digest,
        commissioned=durable.commissioned == settings.digest,
        at=clock.wall,
        boot=clock.boot,
        time_sure=clock.sure,
        time_error_ms=clock.error_ms,
        session=durable.session,
        trust_version=durable.trust_version,
        bounds_version=durable.bounds_version,
        rated=settings.rated,
        power=next((m.power for m in meters if m.power is not None), None),
        setpoint=round(run.total),
        dispatch=round(run.dispatch),
        droop=round(run.droop),
        frequency=sure.hertz if sure is not None else None,
        frequency_doubt=None if isinstance(run.frequency, Sure) else run.frequency.value,
        soc=sum(charges) / len(charges) if charges else None,
        soc_min=gate.bounds.soc_min,
        soc_max=gate.bounds.soc_max,
        nominal=gate.bounds.frequency_nominal,
        own_droop=round(run.own_droop) if settings.followers else None,
        pcs=[_pcs(one, gate, clock) for one in image.pcs],
        bms=bms,
        meters=meters,
        north=north,
        journal=journal,
        orders=_orders(gate, clock),
        latches=sorted(durable.latches),
        alarms=sorted(run.alarms),
        failures=sorted(run.failures),
        decisions=list(decisions)[:MOST_DECISIONS],
    )


def decision_status(decision: Decision, at: int, entry: int) -> DecisionStatus:
    """A decision as it is shown."""
    return DecisionStatus(
        at=at,
        command=decision.command,
        kid=decision.kid,
        outcome=decision.outcome.value,
        reason=None if decision.reason is None else decision.reason.value,
        power=decision.power,
        limits=[limit.bound for limit in decision.limits],
        entry=entry,
    )


def status_bytes(status: Status) -> bytes:
    """The status as JSON."""
    return json.dumps(asdict(status), ensure_ascii=False, allow_nan=False, indent=1).encode()


def read_status(content: bytes) -> Status:
    """A status as it was written.

    Raises:
        ValueError: the bytes are no status of this form.
    """
    status = _FORM.validate_json(content)
    if status.format != FORMAT:
        raise ValueError(f"a status of format {status.format}")
    return status


def _pcs(image: PcsImage, gate: Gate, clock: Clock) -> PcsStatus:
    unit = gate.run.units.get(image.device)
    return PcsStatus(
        device=image.device,
        link=image.link.value,
        power=fresh(image.power, clock.boot, FAST_MS),
        setpoint=fresh(image.setpoint, clock.boot, SLOW_MS),
        asked=unit.asked if unit is not None else None,
        watchdog=image.watchdog.value,
        no_watchdog=_waiver(gate.settings, image.device),
        stopped_locally=image.stopped_locally,
        faulted=image.faulted,
        own_droop=None if image.own_droop is None else image.own_droop.value,
    )


def _waiver(settings: Settings, device: str) -> str | None:
    return next((d.no_watchdog for d in settings.south if d.device == device), None)


def _bms(image: BmsImage, clock: Clock) -> BmsStatus:
    return BmsStatus(
        device=image.device,
        link=image.link.value,
        soc=fresh(image.soc, clock.boot, SLOW_MS),
        charge_limit=fresh(image.charge_limit, clock.boot, SLOW_MS),
        discharge_limit=fresh(image.discharge_limit, clock.boot, SLOW_MS),
        temperature_min=fresh(image.temperature_min, clock.boot, SLOW_MS),
        temperature_max=fresh(image.temperature_max, clock.boot, SLOW_MS),
        faulted=image.faulted,
    )


def _meter(image: MeterImage, clock: Clock) -> MeterStatus:
    return MeterStatus(
        device=image.device,
        link=image.link.value,
        power=fresh(image.power, clock.boot, FAST_MS),
    )


def _orders(gate: Gate, clock: Clock) -> list[OrderStatus]:
    durable = gate.durable
    dispatch = [
        OrderStatus(
            kind=_kind(standing.order),
            command=standing.order.envelope.id,
            issuer=standing.order.envelope.issuer,
            rank=int(standing.rank),
            power=standing.power if isinstance(standing.order, Setpoint) else None,
            ends=_ends(standing.term, clock),
        )
        for standing in durable.standing
    ]
    curtailments = [
        OrderStatus(
            kind="curtail",
            command=one.order.envelope.id,
            issuer=one.order.envelope.issuer,
            rank=int(Rank.CURTAILMENT),
            power=None,
            export_max=one.order.export_max,
            import_max=one.order.import_max,
            ends=_ends(one.term, clock),
        )
        for one in durable.curtailments
    ]
    return [*curtailments, *dispatch]


def _kind(order: Setpoint | Schedule) -> str:
    match order:
        case Setpoint():
            return "setpoint"
        case Schedule():
            return "schedule"


def _ends(term: Term, clock: Clock) -> int:
    """The earlier of both clocks' ends, on the wall clock as it is now."""
    return min(term.wall, clock.wall + max(0, term.boot - clock.boot))
