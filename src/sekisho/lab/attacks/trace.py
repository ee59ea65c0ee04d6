"""What a plant really did while it was attacked, and figures of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Sample:
    """The truth of one moment."""

    at_ms: int
    """The plant's own time."""
    power: float
    """W at the connection point, export positive."""


def spread(trace: Sequence[Sample], power: float) -> float:
    """How far, in W, the plant was from a power at most."""
    return max((abs(one.power - power) for one in trace), default=0.0)


def steepest(trace: Sequence[Sample], window_ms: int) -> float:
    """Largest difference, in W, between two moments within a window."""
    lows: deque[Sample] = deque()
    highs: deque[Sample] = deque()
    most = 0.0
    for one in trace:
        while lows and lows[-1].power >= one.power:
            lows.pop()
        while highs and highs[-1].power <= one.power:
            highs.pop()
        lows.append(one)
        highs.append(one)
        while one.at_ms - lows[0].at_ms > window_ms:
            lows.popleft()
        while one.at_ms - highs[0].at_ms > window_ms:
            highs.popleft()
        most = max(most, highs[0].power - lows[0].power)
    return most


def reversals(trace: Sequence[Sample], edge: float) -> int:
    """How often the power passed through zero by more than `edge` W."""
    side = found = 0
    for one in trace:
        now = (one.power > edge) - (one.power < -edge)
        if now and side and now != side:
            found += 1
        side = now or side
    return found


def longest_beyond(trace: Sequence[Sample], low: float, high: float) -> int:
    """For how long, in ms, the power was outside `low` to `high` without a break."""
    began: int | None = None
    most = 0
    for one in trace:
        if low <= one.power <= high:
            began = None
            continue
        began = one.at_ms if began is None else began
        most = max(most, one.at_ms - began)
    return most
