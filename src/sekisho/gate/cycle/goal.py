"""What dispatch is heading for: who is standing, who goes first, and what a failure leaves of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import HALF_HOUR_MS, Schedule, Setpoint
from sekisho.gate.cycle import foreign
from sekisho.gate.failures import Activity, Failure, Response, response
from sekisho.gate.state import Latch
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from sekisho.gate.clock import Clock
    from sekisho.gate.state import Gate, Standing

REST = Watts(0)


class Pace(StrEnum):
    """How a goal may be reached."""

    DISPATCH = "dispatch"
    """At the ramp of dispatch, as far as the budgets reach."""
    REST = "rest"
    """Permission has ended or was withdrawn: towards zero, slowly enough for a fleet."""
    SAFETY = "safety"
    """The plant itself is in doubt: to zero at its largest ramp."""
    HOLD = "hold"
    """The order that counts is not on the disk yet: dispatch stays where it is."""
    NOW = "now"
    """A local stop: zero at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Where dispatch is heading, how, and by whose order."""

    power: Watts
    pace: Pace
    cause: Standing | None = None
    reduce_only: bool = False
    """Power may shrink towards zero and does not grow."""


def goal(gate: Gate, clock: Clock, committed: int) -> Goal:
    """The goal of this moment.

    An order whose journal entry is not safe on disk yet does not count; after a start none does
    until what the start has charged is: else kills that come faster than commits would spend one
    budget again and again.
    """
    latches = gate.durable.latches
    if Latch.LOCAL_STOP in latches:
        return Goal(power=REST, pace=Pace.NOW)
    if latches & {Latch.MISMATCH, Latch.TRIPPED, Latch.CHARGE_DISPUTED}:
        return Goal(power=REST, pace=Pace.SAFETY)
    if Latch.REMOTE_STOP in latches:
        return Goal(power=REST, pace=Pace.REST)
    if len(foreign.remembered(gate.run.foreign, clock.boot)) >= foreign.MOST:
        return Goal(power=REST, pace=Pace.REST)
    # To stop is said of the whole plant, whichever activity's cell says it.
    if any(response_of(gate, of) is Response.STOP for of in Activity):
        return Goal(power=REST, pace=Pace.SAFETY)
    for standing in gate.durable.standing:
        power = asked_now(standing, clock)
        if power is None:
            continue
        stays = response_of(gate, activity(standing)) <= Response.REDUCE_ONLY
        unsafe = max(standing.entry, gate.run.first_entry) > committed
        if unsafe and Failure.DISK in gate.run.failures:
            continue  # It may never count: what stood before is over, and is not held up for it.
        if unsafe and stays:
            # It has taken the place of what stood before; until it counts nothing moves.
            return Goal(power=Watts(round(gate.run.dispatch)), pace=Pace.HOLD)
        return _under(gate, standing, power)
    return Goal(power=REST, pace=Pace.REST)


def asked_now(standing: Standing, clock: Clock) -> Watts | None:
    """What an order asks at this moment; None before it begins and after its last half-hour.

    Half-hours are counted by the clock that never steps, from the wall clock at acceptance, so that
    no later step can move them.
    """
    if clock.boot < standing.begins:
        return None
    match standing.order:
        case Setpoint():
            return standing.power
        case Schedule(start=start, powers=powers):
            since = clock.boot + standing.anchor - standing.delay_ms - start
            slot = since // HALF_HOUR_MS
            over = clock.boot + standing.anchor >= start + len(powers) * HALF_HOUR_MS
            return powers[slot] if 0 <= slot < len(powers) and not over else None
        case _:
            assert_never(standing.order)


def activity(standing: Standing) -> Activity:
    """Which column of the table of failures an order belongs to."""
    return Activity.SCHEDULE if isinstance(standing.order, Schedule) else Activity.MARKET


def response_of(gate: Gate, of: Activity) -> Response:
    """What is left of an activity by everything that has failed."""
    return response(gate.run.failures, of, gate.settings.stricter)


def droop_stays(gate: Gate) -> Response:
    """What is left of primary control.

    It goes by what fails at this moment: a grid that needs it is not helped by its staying away
    because a failure may come back.
    """
    return response(gate.run.failing, Activity.DROOP, gate.settings.stricter)


def _under(gate: Gate, standing: Standing, power: Watts) -> Goal:
    match response_of(gate, activity(standing)):
        case Response.KEEP:
            return Goal(power=power, pace=Pace.DISPATCH, cause=standing)
        case Response.REDUCE_ONLY:
            return Goal(power=power, pace=Pace.DISPATCH, cause=standing, reduce_only=True)
        case Response.REST:
            return Goal(power=REST, pace=Pace.REST)
        case Response.STOP:
            return Goal(power=REST, pace=Pace.SAFETY)
