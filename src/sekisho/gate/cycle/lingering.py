"""What flickers is there until it has been gone for a while.

A failure or an alarm that comes for the first time is over when its cause is. One that comes back
within a minute counts, and is written down, as there until it has been gone for five seconds: what
comes and goes with every reading is one failure, not twenty entries a second, and is treated as
failed throughout. Nothing that lowers risk waits for it: a failure begins at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.quantity import BootMs

W = TypeVar("W", bound=str)

AGAIN_MS = 60_000
"""What comes back so soon after it was seen last, flickers."""
GONE_MS = 5_000
"""Least time for which what flickers has been gone. One word then writes 24 entries a minute at most,
some 10 MB a day, of which the journal's quota holds three months; and five seconds are longer than
the reconnection of a device that is well, so that a line that drops all the time is one failure."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of one word."""

    seen: BootMs
    """When it was seen last."""
    here: bool
    """Whether it counts as there."""
    flickers: bool
    """Whether it had come back within a minute."""


def lingered(past: Mapping[W, Past], seen: frozenset[W], now: BootMs) -> dict[W, Past]:
    """What is remembered after one more look.

    Args:
        past: what was remembered.
        seen: what is there at this moment.
        now: this moment.
    """
    after: dict[W, Past] = {}
    for word in seen | past.keys():
        one = past.get(word)
        gone = 0 if one is None else now - one.seen
        if word in seen:
            back = one is not None and not one.here and gone <= AGAIN_MS
            flickers = back or (one is not None and one.here and one.flickers)
            after[word] = Past(now, here=True, flickers=flickers)
        elif one is not None and one.here and one.flickers and gone < GONE_MS:
            after[word] = one
        elif one is not None and gone <= AGAIN_MS:
            after[word] = Past(one.seen, here=False, flickers=False)
    return after


def here(past: Mapping[W, Past]) -> frozenset[W]:
    """What counts as there."""
    return frozenset(word for word, one in past.items() if one.here)
