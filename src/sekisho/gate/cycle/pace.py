"""How far dispatch moves in one tick: its ramp, the harm budgets, reversals.

Every move of dispatch is charged to the budget of all keys, and to the key that asked for it. While
an order stands, an empty budget holds dispatch where it is. When permission has ended, dispatch goes
to rest at least at the speed at which the budget refills: it is neither held up for ever nor fast
enough to shake a grid when a whole fleet does the same. The plant's own safety does not wait for
budgets; it is charged, and what comes after it waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.budget import MINUTE_MS, charged, full, refilled, room
from sekisho.gate.cycle.goal import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.trust import Budget
    from sekisho.gate.budget import Purse
    from sekisho.gate.clock import Clock
    from sekisho.gate.cycle.goal import Goal
    from sekisho.gate.state import Durable, Gate
    from sekisho.terms.ids import KeyId

REVERSAL_SHARE = 0.05
"""Passing through zero by more than this share of the rating is a reversal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purses:
    """The budgets that a move is charged to."""

    every: Purse
    """Of all keys together."""
    own: Purse | None
    """Of the key whose order it is; None: nobody's order."""
    kid: KeyId | None


def budget_of_all(gate: Gate) -> Budget:
    """The budget of all keys together; the plant's own bound on reversals counts as well."""
    whole, most = gate.trust.all_keys, gate.bounds.reversals_per_hour
    return whole if whole.reversals_per_hour <= most else replace(whole, reversals_per_hour=most)


def opened(gate: Gate, clock: Clock, kid: KeyId | None) -> Purses:
    """The purses of this moment, refilled."""
    trust = gate.trust
    whole = budget_of_all(gate)
    every = gate.durable.purse or full(whole, clock, gate.boot_id)
    own: Purse | None = None
    key = trust.key(kid) if kid is not None else None
    if key is not None:
        own = gate.durable.purses.get(key.kid) or full(key.budget, clock, gate.boot_id)
        own = refilled(own, key.budget, clock)
    return Purses(every=refilled(every, whole, clock), own=own, kid=kid)


def closed(durable: Durable, purses: Purses, side: int) -> Durable:
    """What is remembered of the purses, and on which side of zero dispatch was last."""
    if purses.own is None or purses.kid is None:
        return replace(durable, purse=purses.every, side=side)
    each: Mapping[KeyId, Purse] = MappingProxyType({**durable.purses, purses.kid: purses.own})
    return replace(durable, purse=purses.every, purses=each, side=side)


def step(
    gate: Gate, goal: Goal, before: float, purses: Purses, elapsed_ms: int, side: int
) -> float:
    """Dispatch after this tick, before the window.

    Args:
        gate: ramps and budgets.
        goal: where it is heading.
        before: dispatch in W as released last.
        purses: what is left of the budgets.
        elapsed_ms: since the last tick.
        side: on which side of zero dispatch was last, -1, 0 or 1.
    """
    if goal.pace is Pace.NOW:
        return 0.0
    if goal.pace is Pace.HOLD:
        return before
    to = _goal_with_reversals(gate, goal, before, purses, side)
    seconds = elapsed_ms / 1000
    if goal.pace is Pace.SAFETY:
        most = gate.bounds.ramp_max * seconds
    elif goal.pace is Pace.REST:
        sure = gate.trust.all_keys.change_per_minute / 2 * elapsed_ms / MINUTE_MS
        most = min(gate.bounds.ramp_dispatch * seconds, max(sure, room(purses.every)))
    else:
        left = min(room(purses.every), room(purses.own)) if purses.own is not None else 0.0
        most = min(gate.bounds.ramp_dispatch * seconds, left)
    return before + max(-most, min(most, to - before))


def charge(
    purses: Purses, before: float, after: float, side: int, new: int, hours: float
) -> Purses:
    """The purses after a release: the change, a reversal, and the energy that flowed."""
    change = abs(after - before)
    reversals = int(side * new < 0)
    energy = abs(after) * hours
    own = purses.own
    if own is not None:
        own = charged(own, change=change, reversals=reversals, energy=energy)
    every = charged(purses.every, change=change, reversals=reversals, energy=energy)
    return Purses(every=every, own=own, kid=purses.kid)


def side_of(gate: Gate, dispatch: float, before: int) -> int:
    """On which side of zero dispatch was last by more than 5 % of the rating: -1, 0 or 1."""
    edge = REVERSAL_SHARE * gate.settings.rated
    if dispatch > edge:
        return 1
    return -1 if dispatch < -edge else before


def _goal_with_reversals(gate: Gate, goal: Goal, before: float, purses: Purses, side: int) -> float:
    """The goal, held at zero's edge where no reversal is left, and at rest where no energy is."""
    to = float(goal.power)
    if goal.reduce_only:
        to = min(max(to, min(0.0, before)), max(0.0, before))
    held = [p for p in (purses.every, purses.own) if p is not None]
    if any(p.energy <= 0 for p in held):
        return 0.0
    edge = REVERSAL_SHARE * gate.settings.rated
    if side * to < 0 and abs(to) > edge and any(p.reversals < 1 for p in held):
        return -side * edge
    return to
