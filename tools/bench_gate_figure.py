"""One figure of the gate's benchmark, what it must reach, and what the machine's disk can do."""

from __future__ import annotations

import math
import os
import statistics
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


_REST_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One figure and its bar; without one it only tells a condition."""

    what: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def judged(self) -> bool:
        """Whether there is a bar."""
        return self.least is not None or self.most is not None

    @property
    def kept(self) -> bool:
        """Whether the bar is kept; what is no number keeps none."""
        if math.isnan(self.value):
            return not self.judged
        enough = self.least is None or self.value >= self.least
        return enough and (self.most is None or self.value <= self.most)

    @override
    def __str__(self) -> str:
        bars = [f">= {self.least:,g}"] if self.least is not None else []
        bars += [f"<= {self.most:,g}"] if self.most is not None else []
        mark = f" [{', '.join(bars)}] {'kept' if self.kept else 'MISSED'}" if bars else ""
        value = f"{self.value:,.0f}" if abs(self.value) >= 1_000 else f"{self.value:.3g}"  # noqa: PLR2004 - where commas help
        return f"{self.what}: {value}{self.unit}{mark}{self.note}"


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def medians(measure: Callable[[], Sequence[Found]], rounds: int) -> list[Found]:
    """Each figure's median over so many runs; what may be lost or missed at most is the worst of all.

    Args:
        measure: one run; its figures are the same every time, in the same order.
        rounds: at least 1.
    """
    runs = [measure() for _ in range(rounds)]
    return [_median(one) for one in zip(*runs, strict=True)]


def _median(same: Sequence[Found]) -> Found:
    values = sorted(one.value for one in same)
    first = same[len(same) // 2]
    if len(same) == 1:
        return first
    if any(math.isnan(value) for value in values):
        return replace(first, value=math.nan)
    told = f" (median of {len(same)}: {values[0]:.3g} to {values[-1]:.3g})"
    value = values[-1] if first.most == 0 else statistics.median(values)
    return replace(first, value=value, note=told + first.note)


def disk(folder: Path, writes: int = 200, rests: int = 100) -> tuple[Found, ...]:
    """What fdatasync of a small write takes, in ms: one after the other, and after a rest.

    A gate's commits come after a rest. A disk, and the machine around it, then takes longer.
    """
    handle = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        busy = [_synced(handle, 0.0) for _ in range(writes)]
        rested = [_synced(handle, _REST_S) for _ in range(rests)]
    finally:
        os.close(handle)
    after = f"the disk's fdatasync after {_REST_S * 1_000:.0f} ms of rest"
    return (
        Found(what="the disk's fdatasync, p50", value=quantile(busy, 0.5), unit=" ms"),
        Found(what="the disk's fdatasync, p99", value=quantile(busy, 0.99), unit=" ms"),
        Found(
            what=f"{after}, p50", value=quantile(rested, 0.5), unit=" ms",
            note=f" (p99 {quantile(rested, 0.99):.2f} ms)",
        ),
    )  # fmt: skip


def _synced(handle: int, rest_s: float) -> float:
    time.sleep(rest_s)
    begun = time.perf_counter()
    os.write(handle, b"x" * 512)
    os.fdatasync(handle)
    return 1_000 * (time.perf_counter() - begun)
