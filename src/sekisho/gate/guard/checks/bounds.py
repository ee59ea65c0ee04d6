"""How much of it may be: bounds limit a set-point and a curtailment, and refuse a schedule.

Energy is reckoned without losses: nothing states a plant's efficiency, and each cycle asks the
battery anew. A schedule whose energy cannot fit even so is refused; one whose powers are beyond the
plant's bounds is limited to them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import HALF_HOUR_MS, Curtail, Release, Schedule, Setpoint, Stop
from sekisho.codec.decision import Limit, Reason
from sekisho.gate.guard.check import Narrowed, No
from sekisho.gate.guard.checks.ends import (
    Batteries,
    End,
    batteries,
    curtailed,
    energy_left,
    fixed,
    of_now,
    working,
)
from sekisho.gate.guard.checks.interlock import reduces
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question

_HOUR_MS = 3_600_000


def ask(question: Question, command: Command) -> Finding:
    """Less power, or ENERGY, or PLANT_FAILED where a value is missing that a bound is asked of."""
    match command:
        case Setpoint():
            return _setpoint(question, command)
        case Schedule():
            return _schedule(question, command)
        case Curtail():
            return _curtail(question, command)
        case Stop() | Release():
            return None
        case _:
            assert_never(command)


def _setpoint(question: Question, order: Setpoint) -> Finding:
    if order.power == 0:
        return None
    side = 1 if order.power > 0 else -1
    units, known = working(question), batteries(question)
    missing = _missing(units, known)
    if missing and not reduces(question, order):
        return No(Reason.PLANT_FAILED, missing)
    left_ms = max(0, order.envelope.expires_at - question.clock.wall)
    ends = list(fixed(question, side))
    if isinstance(units, End):
        ends.append(units)
    if isinstance(known, Batteries):
        ends.extend(of_now(question, side, known, left_ms / _HOUR_MS))
    else:
        ends.extend(curtailed(question, side))
    size, limits = _narrowest(question, ends, abs(order.power))
    if not limits:
        return None
    return Narrowed(replace(order, power=Watts(side * size)), limits)


def _schedule(question: Question, order: Schedule) -> Finding:
    if not any(order.powers):
        return None
    known = batteries(question)
    missing = _missing(working(question), known)
    if isinstance(known, str) or missing:
        return None if reduces(question, order) else No(Reason.PLANT_FAILED, missing)
    lowest, highest = min(order.powers), max(order.powers)
    least, below = _narrowest(question, fixed(question, -1), -min(0, lowest))
    most, above = _narrowest(question, fixed(question, 1), max(0, highest))
    limited = order
    if above or below:
        powers = tuple(Watts(min(most, max(-least, power))) for power in order.powers)
        limited = replace(order, powers=powers)
    gives, takes = energy_left(question, 1, known), energy_left(question, -1, known)
    no = _fits(question, limited, gives, takes)
    if no is not None or limited is order:
        return no
    return Narrowed(limited, (*above, *below))


def _missing(units: End | str, known: Batteries | str) -> str:
    if isinstance(units, str):
        return units
    return known if isinstance(known, str) else ""


def _fits(question: Question, order: Schedule, gives: float, takes: float) -> No | None:
    """Slot by slot: energy given must be there, energy taken must have room."""
    now = question.clock.wall
    until = min(order.end, order.envelope.expires_at)
    moved = 0.0
    for place, power in enumerate(order.powers):
        begin = order.start + place * HALF_HOUR_MS
        lasts = min(begin + HALF_HOUR_MS, until) - max(begin, now)
        if lasts <= 0 or not power:
            continue
        moved += power * lasts / _HOUR_MS
        if power > 0 and moved > gives:
            return No(Reason.ENERGY, f"half-hour {place + 1}: {moved - gives:.0f} Wh are missing")
        if power < 0 and -moved > takes:
            return No(Reason.ENERGY, f"half-hour {place + 1}: {-moved - takes:.0f} Wh too much")
    return None


def _curtail(question: Question, order: Curtail) -> Finding:
    """Never wider than the connection point itself."""
    bounds = question.gate.bounds
    where = f"bounds.json version {bounds.version}"
    export = min(order.export_max, bounds.connection_export_max)
    imports = min(order.import_max, bounds.connection_import_max)
    limits: list[Limit] = []
    if export < order.export_max:
        limits.append(Limit(bound="connection_export_max", value=export, where=where))
    if imports < order.import_max:
        limits.append(Limit(bound="connection_import_max", value=imports, where=where))
    if not limits:
        return None
    return Narrowed(replace(order, export_max=export, import_max=imports), tuple(limits))


def _narrowest(question: Question, ends: Iterable[End], size: int) -> tuple[int, tuple[Limit, ...]]:
    """The size that is left of a power, and the bounds that bind: the narrowest, and droop."""
    droop = question.gate.bounds.droop
    room = float(droop.power_max) if droop is not None else 0.0
    nearest, least = None, float(size)
    for end in ends:
        power = end.power - room if end.of_sum else end.power
        if power < least:
            nearest, least = end, power
    if nearest is None:
        return size, ()
    limits = [Limit(bound=nearest.bound, value=int(nearest.power), where=nearest.where)]
    if droop is not None and nearest.of_sum:
        where = f"bounds.json version {question.gate.bounds.version}"
        limits.append(Limit(bound="droop.power_max", value=droop.power_max, where=where))
    return int(max(0.0, least)), tuple(limits)
