"""Is there any budget left for it? What is really released is charged by the cycle.

An empty minute passes: it returns soon, and dispatch waits for it. An hour's change, a day's energy
or the reversals that are spent refuse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.decision import Reason
from sekisho.gate.budget import carried, full
from sekisho.gate.cycle.pace import REVERSAL_SHARE, side_of
from sekisho.gate.guard.check import No
from sekisho.gate.guard.checks.interlock import asked_first
from sekisho.gate.guard.question import dispatched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.codec.command import Command
    from sekisho.codec.trust import Budget
    from sekisho.gate.budget import Purse
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question


def ask(question: Question, command: Command) -> Finding:
    """BUDGET."""
    order = dispatched(command)
    if order is None:
        return None
    gate = question.gate
    power = asked_first(question, order)
    moves = power is None or abs(power - gate.run.dispatch) >= 1
    side = side_of(gate, gate.run.dispatch, gate.run.side)
    edge = REVERSAL_SHARE * gate.settings.rated
    reverses = power is not None and side * power < 0 and abs(power) > edge
    for whose, purse in _purses(question, least_reversals=1 if reverses else 0):
        if purse.energy <= 0 and power != 0:
            return No(Reason.BUDGET, f"energy_per_day of {whose} is spent")
        if purse.hour <= 0 and moves:
            return No(Reason.BUDGET, f"change_per_hour of {whose} is spent")
        if reverses and purse.reversals < 1:
            return No(Reason.BUDGET, f"reversals_per_hour of {whose} are spent")
    return None


def _purses(question: Question, least_reversals: int) -> Iterator[tuple[str, Purse]]:
    gate, key = question.gate, question.key
    if key is not None:
        own = gate.durable.purses.get(key.kid)
        yield "this key", _now(question, own, key.budget, least_reversals)
    yield "all keys", _now(question, gate.durable.purse, gate.trust.all_keys, least_reversals)


def _now(question: Question, purse: Purse | None, budget: Budget, least_reversals: int) -> Purse:
    """A purse with what has come back since; as it was, where that is enough already."""
    boot_id = question.gate.boot_id
    if purse is None:
        return full(budget, question.clock, boot_id)
    if purse.energy > 0 and purse.hour > 0 and purse.reversals >= least_reversals:
        return purse
    return carried(purse, budget, question.clock, boot_id)
