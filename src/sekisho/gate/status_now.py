"""The status of a running gate, filled from what it remembers and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.command import Rank, Schedule, Setpoint
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.image import FAST_MS, SLOW_MS, fresh
from sekisho.gate.status import (
    MOST_DECISIONS,
    BmsStatus,
    DecisionStatus,
    MeterStatus,
    OrderStatus,
    PcsStatus,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.codec.decision import Decision
    from sekisho.gate.clock import Clock, Term
    from sekisho.gate.image import BmsImage, MeterImage, PcsImage, PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Gate
    from sekisho.gate.status import JournalStatus, NorthStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What the running program tells of itself."""

    north: NorthStatus
    journal: JournalStatus
    """As it is on the disk."""
    decisions: Sequence[DecisionStatus]
    """Those given in this run, the latest first."""
    program: str
    """Version of sekisho."""


def status_of(gate: Gate, image: PlantImage, clock: Clock, runtime: Runtime) -> Status:
    """The status at one moment: of all that is remembered, of the plant as read, and of the runtime."""
    run, durable, settings = gate.run, gate.durable, gate.settings
    bms = [_bms(one, clock) for one in image.bms]
    charges = [one.soc for one in bms if one.soc is not None]
    meters = [_meter(one, clock) for one in image.meters]
    sure = run.frequency if isinstance(run.frequency, Sure) else None
    return Status(
        program=runtime.program,
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
        north=runtime.north,
        journal=runtime.journal,
        orders=_orders(gate, clock),
        latches=sorted(durable.latches),
        alarms=sorted(run.alarms),
        failures=sorted(run.failures),
        decisions=list(runtime.decisions)[:MOST_DECISIONS],
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
