"""What a head-end does with telemetry: keeps each record once, and says up to where it holds all.

Every record covers its own number and the `gap` of numbers before it that do not exist. What is held
without a hole from the first number on may be acknowledged.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Collector:
    """The memory of one gate's telemetry."""

    duplicates: int = 0
    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    """Covered numbers, as disjoint spans in their order."""
    _seen: set[int] = field(default_factory=set)

    def take(self, sequence: int, gap: int) -> bool:
        """Whether the record is new; the numbers that it covers are held from now on."""
        new = sequence not in self._seen
        self._seen.add(sequence)
        self.duplicates += not new
        self._cover(sequence - gap, sequence)
        return new

    @property
    def holds(self) -> int:
        """Everything up to this number is here or does not exist; 0: nothing can be said yet."""
        return self._ends[0] if self._starts and self._starts[0] <= 1 else 0

    def _cover(self, first: int, last: int) -> None:
        at = bisect_right(self._starts, first)
        if at and self._ends[at - 1] >= first - 1:
            at -= 1
            first = self._starts[at]
        end = at
        while end < len(self._starts) and self._starts[end] <= last + 1:
            last = max(last, self._ends[end])
            end += 1
        self._starts[at:end] = [first]
        self._ends[at:end] = [last]
