"""How commands follow one another: the pace changes who meets the cycle's rest after a tick.

Each pace tells the moments of messages, in seconds from its begin, in turn to the gate and to the
forwarder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Pace:
    """One way of sending."""

    name: str
    moments: Callable[[random.Random], Iterator[float]]


def _after_another(least: float, most: float) -> Callable[[random.Random], Iterator[float]]:
    def moments(chance: random.Random) -> Iterator[float]:
        at = 0.0
        while True:
            at += chance.uniform(least, most)
            yield at

    return moments


def _steady(every: float, about: float) -> Callable[[random.Random], Iterator[float]]:
    def moments(chance: random.Random) -> Iterator[float]:
        count = 1
        while True:
            yield every * count + chance.uniform(0.0, 2 * about)
            count += 1

    return moments


CLOSE = Pace("18 a second, at random", _after_another(0.020, 0.035))
"""What the bars are about: closer together than the 75 ms after which the grid begins again (ADR 41)."""
STEADY = Pace("every 200 ms, within 5 ms", _steady(0.100, 0.005))
"""A whole number of cycles apart, with little jitter."""
WORST = Pace("every 80 ms, within 5 ms", _steady(0.040, 0.0025))
"""As far apart as an order and the grid's next tick: half of them meet it."""
SELDOM = Pace("5 a second, at random", _after_another(0.055, 0.145))
"""Further apart than a cycle, at moments that nobody can expect."""
