"""The spaces between two rows, and how wires run through them.

From above: the labels of upper ends, the tracks of the horizontal stretches, the labels of lower ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk.diagram.ends import SLACK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.desk.diagram.ends import End, LabelSize
    from sekisho.desk.diagram.rows import Rows, Spot

_TRACK = 5.0
_CLEAR = 3.2
"""Nearest that two upright stretches may come."""
_STRAIGHT = 0.5
"""In points: ends nearer than this lie above one another."""


class Channels:
    """The spaces below each row, with the stretches of wire that run through them."""

    def __init__(
        self,
        rows: Rows,
        centres: Mapping[Spot, float],
        every: Sequence[End],
        sizes: Sequence[LabelSize],
    ) -> None:
        self._rows = rows
        self._centres = centres
        self._every = every
        self._sizes = sizes

    def draw(
        self,
        row: int,
        top: float,
        wires: dict[int, list[tuple[float, float]]],
        labels: dict[int, tuple[float, float]],
    ) -> float:
        """Adds the stretches and labels below a row, and says how high the space is."""
        runs = self._runs(row)
        if not runs:
            return 0.0 if row == len(self._rows.rows) - 1 else SLACK
        self._clear(runs)
        tracks, count = _tracks(runs)
        upper = [e for r in runs for e in r.upper_ends if e.labelled]
        lower = [e for r in runs for e in r.lower_ends if e.labelled]
        above = max((self._sizes[e.wire].height for e in upper), default=0.0)
        below = max((self._sizes[e.wire].height for e in lower), default=0.0)
        first = top + above + _TRACK
        bottom = first + max(0, count - 1) * _TRACK + _TRACK + below + _TRACK / 2
        for run in runs:
            y = first + _TRACK * tracks[run.wire]
            wires.setdefault(run.wire, []).extend(run.points(top, y, bottom))
        for end in upper:
            labels[end.wire] = (end.x + _CLEAR, top + 1.0)
        for end in lower:
            labels[end.wire] = (end.x + _CLEAR, bottom - below - 1.0)
        return bottom - top

    def _runs(self, row: int) -> list[_Run]:
        found = []
        for wire, way in enumerate(self._rows.ways):
            first, last = self._every[2 * wire], self._every[2 * wire + 1]
            if way[0].row == way[-1].row == row:
                found.append(_Run(wire, first.x, last.x, (first, last), (), turns=True))
            elif way[0].row <= row < way[-1].row:
                at = row - way[0].row
                one, other = way[at], way[at + 1]
                found.append(
                    _Run(
                        wire,
                        first.x if at == 0 else self._centres[one],
                        last.x if other is way[-1] else self._centres[other],
                        (first,) if at == 0 else (),
                        (last,) if other is way[-1] else (),
                    )
                )
        return found

    @staticmethod
    def _clear(runs: list[_Run]) -> None:
        """Moves ends within their slots: straight where nearly so, and clear of other wires."""
        for run in runs:
            taken = [x for other in runs if other is not run for x in (other.upper, other.lower)]
            if not run.turns and run.straighten(taken):
                continue
            for end in (*run.upper_ends, *run.lower_ends):
                shifts = (0.0, *(s * k for k in (0.5, 1.0, 1.5) for s in (_CLEAR, -_CLEAR)))
                for shift in shifts:
                    if all(abs(end.x + shift - x) >= _CLEAR for x in taken):
                        run.move(end, end.x + shift)
                        break


@dataclass(slots=True)
class _Run:
    """One wire's stretch through one space; `turns` where it joins two boxes of the same row."""

    wire: int
    upper: float
    lower: float
    upper_ends: tuple[End, ...]
    lower_ends: tuple[End, ...]
    turns: bool = False

    def move(self, end: End, x: float) -> None:
        end.x = x
        if end in self.lower_ends or (self.turns and end is self.upper_ends[1]):
            self.lower = x
        else:
            self.upper = x

    def straighten(self, taken: Sequence[float]) -> bool:
        """Puts one end under the other where no other wire is."""
        for ends, x in ((self.lower_ends, self.upper), (self.upper_ends, self.lower)):
            near = ends and abs(ends[0].x - x) <= ends[0].play
            if near and all(abs(x - t) >= _CLEAR for t in taken):
                self.move(ends[0], x)
                return True
        return False

    def comes_below(self, other: _Run) -> bool:
        """Whether the other wire must turn off above this one, as it comes down where this ends."""
        uppers = (other.upper, other.lower) if other.turns else (other.upper,)
        return not self.turns and any(abs(x - self.lower) < _CLEAR / 2 for x in uppers)

    @property
    def is_straight(self) -> bool:
        return not self.turns and abs(self.upper - self.lower) < _STRAIGHT

    def points(self, top: float, y: float, bottom: float) -> tuple[tuple[float, float], ...]:
        end = top if self.turns else bottom
        if self.is_straight:
            return (self.upper, top), (self.lower, end)
        return (self.upper, top), (self.upper, y), (self.lower, y), (self.lower, end)


def _tracks(runs: Sequence[_Run]) -> tuple[Mapping[int, int], int]:
    """A track for each horizontal stretch: none lies on another, nor do upright ends.

    Where one wire comes down at the place from which another goes further down, the first must turn
    off above the second.
    """
    bent = sorted(
        (r for r in runs if not r.is_straight), key=lambda r: (min(r.upper, r.lower), r.wire)
    )
    above = {
        run.wire: {o.wire for o in bent if o is not run and run.comes_below(o)} for run in bent
    }
    taken: list[list[tuple[float, float]]] = []
    tracks: dict[int, int] = {run.wire: 0 for run in runs if run.is_straight}
    while bent:
        # A ring of wires, each above the next, has no order; then the leftmost goes first.
        run = next((r for r in bent if not above[r.wire] & {b.wire for b in bent}), bent[0])
        bent.remove(run)
        start, end = sorted((run.upper, run.lower))
        least = max((tracks[w] + 1 for w in above[run.wire] if w in tracks), default=0)
        track = next(
            t
            for t in range(least, len(taken) + least + 1)
            if t >= len(taken)
            or all(end + _CLEAR < low or high + _CLEAR < start for low, high in taken[t])
        )
        taken += [[] for _ in range(track + 1 - len(taken))]
        taken[track].append((start, end))
        tracks[run.wire] = track
    return tracks, len(taken)
