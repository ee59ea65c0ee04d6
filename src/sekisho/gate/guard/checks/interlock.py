"""Does the state of plant and gate allow it now?

A stop always passes, a curtailment nearly always: both only make the plant safer. A dispatch of
lower rank than one that stands is accepted and waits: ranks are settled anew in each cycle.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import (
    HALF_HOUR_MS,
    Curtail,
    Kind,
    Release,
    Schedule,
    Setpoint,
    Stop,
)
from sekisho.codec.decision import Reason
from sekisho.codec.trust import Grant
from sekisho.gate.cycle import foreign, protect
from sekisho.gate.cycle.frequency import Doubt
from sekisho.gate.failures import Activity, Failure, Response, response
from sekisho.gate.guard.check import No
from sekisho.gate.guard.checks.curtailment import kept_beside
from sekisho.gate.state import LOCAL_RESET, MOST_CURTAILMENTS, Latch

if TYPE_CHECKING:
    from sekisho.codec.command import Command, Dispatch
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question
    from sekisho.terms.quantity import Watts

MOST_OF_ONE_KEY = MOST_CURTAILMENTS // 4
"""Standing curtailments of one key: no key can use up the room of the others."""
OLDEST_TICK_MS = 5_000
"""When the last tick is older, what it found of the plant counts no more."""


def ask(question: Question, command: Command) -> Finding:
    """A stop, a latch, a failure, or too much of something stands against it."""
    match command:
        case Setpoint() | Schedule():
            return _stopped(question) or _doubtful(question, command)
        case Curtail():
            return _room(question, command)
        case Stop():
            return None
        case Release():
            return _release(question)
        case _:
            assert_never(command)


def reduces(question: Question, order: Dispatch) -> bool:
    """Whether it only lets power shrink towards zero from what is released now."""
    now = question.gate.run.dispatch
    low, high = min(0, math.floor(now)), max(0, math.ceil(now))
    powers = (order.power,) if isinstance(order, Setpoint) else order.powers
    return all(low <= power <= high for power in powers)


def liftable(question: Question) -> bool:
    """Whether this key can release a remote stop: one that may itself stop."""
    return question.key is not None and Grant(Kind.STOP) in question.key.may


def asked_first(question: Question, order: Dispatch) -> Watts | None:
    """The power that an order asks now; None: it begins later."""
    match order:
        case Setpoint(power=power):
            return power
        case Schedule(start=start, powers=powers):
            slot = (question.clock.wall - start) // HALF_HOUR_MS
            return powers[slot] if 0 <= slot < len(powers) else None
        case _:
            assert_never(order)


def _stopped(question: Question) -> No | None:
    """Stops and latches, the highest rank first; and whether the plant was ever tried."""
    gate = question.gate
    latches = gate.durable.latches
    if Latch.LOCAL_STOP in latches or protect.stop_pressed(question.image):
        return No(Reason.LOCAL_STOP)
    if Latch.REMOTE_STOP in latches:
        return No(Reason.REMOTE_STOP)
    latched = latches & LOCAL_RESET
    if latched:
        return No(Reason.LATCHED, ", ".join(sorted(latched)))
    if gate.durable.commissioned != gate.settings.digest:
        return No(Reason.NOT_COMMISSIONED)
    return None


def _doubtful(question: Question, order: Dispatch) -> No | None:
    """Failures, a silent journal, a second master, a frequency that is disturbed or unknown."""
    run, now = question.gate.run, question.clock.boot
    if question.image.stop_unknown and not reduces(question, order):
        return No(Reason.PLANT_FAILED, "the stop contact cannot be read")
    no = _failed(question, order) if run.failures else None
    if no is not None:
        return no
    if run.members is None or now - run.at > OLDEST_TICK_MS:
        if not reduces(question, order):
            return No(Reason.PLANT_FAILED, "the plant has not been looked at lately")
    elif isinstance(run.frequency, Doubt):
        if not reduces(question, order):
            return No(Reason.PLANT_FAILED, f"frequency: {run.frequency}")
    elif _worsens(question, order, run.frequency.hertz):
        return No(Reason.FREQUENCY_DISTURBED, f"{run.frequency.hertz:.3f} Hz")
    if run.foreign and len(foreign.remembered(run.foreign, now)) >= foreign.MOST:
        return No(Reason.FOREIGN_WRITER)
    return None


def _failed(question: Question, order: Dispatch) -> No | None:
    """The table of failures: what it leaves of this activity."""
    gate = question.gate
    activity = Activity.SCHEDULE if isinstance(order, Schedule) else Activity.MARKET
    failed = gate.run.failures
    passes = False
    match response(failed, activity, gate.settings.stricter):
        case Response.KEEP:
            return None
        case Response.REDUCE_ONLY:
            passes = reduces(question, order)
        case Response.REST | Response.STOP:
            passes = _is_rest(order)
    if passes:
        return None
    reason = Reason.JOURNAL_BEHIND if Failure.DISK in failed else Reason.PLANT_FAILED
    return No(reason, ", ".join(sorted(failed)))


def _is_rest(order: Dispatch) -> bool:
    powers = (order.power,) if isinstance(order, Setpoint) else order.powers
    return not any(powers)


def _worsens(question: Question, order: Dispatch, hertz: float) -> bool:
    """Whether a frequency is disturbed, and the order would push it further out."""
    bounds = question.gate.bounds
    off = hertz - bounds.frequency_nominal
    power = asked_first(question, order)
    if power is None or abs(off) < bounds.frequency_disturbed:
        return False
    now = question.gate.run.dispatch
    return power > math.ceil(now) if off > 0 else power < math.floor(now)


def _room(question: Question, order: Curtail) -> No | None:
    kept = kept_beside(question, order)
    own = sum(one.kid == question.envelope.kid for one in kept)
    if own >= MOST_OF_ONE_KEY or len(kept) >= MOST_CURTAILMENTS:
        return No(Reason.RATE, "too many curtailments stand")
    return None


def _release(question: Question) -> No | None:
    gate = question.gate
    if Failure.DISK in gate.run.failures:
        return No(Reason.JOURNAL_BEHIND)
    issuer = question.command.envelope.issuer
    mine = [c for c in gate.durable.curtailments if c.order.envelope.issuer == issuer]
    if any(not one.lifted for one in mine):
        return None
    latches = gate.durable.latches
    if Latch.REMOTE_STOP in latches:
        return None if liftable(question) else No(Reason.RANK, "only a key that may stop")
    if Latch.LOCAL_STOP in latches:
        return No(Reason.LOCAL_STOP)
    if latches & LOCAL_RESET:
        return No(Reason.LATCHED, ", ".join(sorted(latches)))
    return No(Reason.NOTHING_TO_RELEASE)
