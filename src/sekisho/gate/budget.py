"""Harm budgets: a bound on what one key, and all keys together, can do to the grid.

Each budget is a set of token buckets. A bucket that holds half of its allowance and refills the
other half over its window lets through at most the whole allowance in *any* window of that length,
whenever it begins: that is what makes the sum over a fleet a bound and not an average. Budgets are
charged by the change really released, after every clamp; a restart gives no fresh budget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.codec.trust import Budget
    from sekisho.gate.clock import Clock
    from sekisho.terms.quantity import BootMs, WallMs

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What is left of a budget, and since when it refills."""

    minute: float
    """W of change within any minute."""
    hour: float
    """W of change within any hour."""
    reversals: float
    """Reversals within any hour."""
    energy: float
    """Wh of throughput within any day."""
    at: BootMs
    wall: WallMs
    boot_id: str


def full(budget: Budget, clock: Clock, boot_id: str) -> Purse:
    """A new key's purse."""
    return Purse(
        minute=budget.change_per_minute / 2,
        hour=budget.change_per_hour / 2,
        reversals=most_reversals(budget),
        energy=budget.energy_per_day / 2,
        at=clock.boot,
        wall=clock.wall,
        boot_id=boot_id,
    )


def most_reversals(budget: Budget) -> float:
    """Reversals that a purse holds: half the allowance, but a whole one where any is allowed."""
    allowed = budget.reversals_per_hour
    return max(1.0, allowed / 2) if allowed else 0.0


def refilled(purse: Purse, budget: Budget, clock: Clock) -> Purse:
    """The purse after the time that has passed on CLOCK_BOOTTIME."""
    elapsed = max(0, clock.boot - purse.at)
    if not elapsed:
        return purse
    return _grown(purse, budget, elapsed, clock)


def carried(purse: Purse, budget: Budget, clock: Clock, boot_id: str) -> Purse:
    """The purse of an earlier run: refilled by time that surely passed, and by none otherwise."""
    if purse.boot_id == boot_id:
        return refilled(purse, budget, clock)
    elapsed = max(0, clock.wall - purse.wall) if clock.sure else 0
    return replace(_grown(purse, budget, elapsed, clock), boot_id=boot_id)


def room(purse: Purse) -> float:
    """W by which dispatch may change now; never negative."""
    return max(0.0, min(purse.minute, purse.hour))


def charged(purse: Purse, *, change: float = 0.0, reversals: int = 0, energy: float = 0.0) -> Purse:
    """The purse after a release; it may go into debt, and then waits until that is paid."""
    if not (change or reversals or energy):
        return purse
    return replace(
        purse,
        minute=purse.minute - change,
        hour=purse.hour - change,
        reversals=purse.reversals - reversals,
        energy=purse.energy - energy,
    )


def _grown(purse: Purse, budget: Budget, elapsed: int, clock: Clock) -> Purse:
    minute, hour, energy = (
        budget.change_per_minute / 2,
        budget.change_per_hour / 2,
        budget.energy_per_day / 2,
    )
    # A purse that holds the one whole reversal it needs refills over the window of its allowance.
    back = budget.reversals_per_hour - most_reversals(budget)
    rate = back if back > 0 else budget.reversals_per_hour
    return replace(
        purse,
        # What safety did is charged as a debt, but never as one that a full window cannot pay.
        minute=min(minute, max(-minute, purse.minute) + minute * elapsed / MINUTE_MS),
        hour=min(hour, max(-hour, purse.hour) + hour * elapsed / HOUR_MS),
        reversals=min(most_reversals(budget), purse.reversals + rate * elapsed / HOUR_MS),
        energy=min(energy, purse.energy + energy * elapsed / DAY_MS),
        at=clock.boot,
        wall=clock.wall,
    )
