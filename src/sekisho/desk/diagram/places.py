"""Where everything stands: boxes, wires and their labels, in points.

Overlaps are excluded by construction. Each end of a wire owns a slot of its box's width, wide
enough for the wire's label where it stands there; so no label meets another wire or label. Between
two rows lie, from above: the labels of upper ends, the tracks of the horizontal stretches, and the
labels of lower ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from sekisho.desk.diagram.rows import neighbours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sekisho.desk.diagram.rows import Rows, Spot

GAP = 12.0
"""Between neighbours in a row."""
PASSING = 10.0
"""Width that a passing wire takes in a row."""
_SLACK = 7.0
"""Room of a slot on each side of its wire."""
_PLAY = 5.0
_PLAY_ALONE = 18.0
"""How far the only wire at a side may be moved, to make it straight."""
_TRACK = 5.0
_CLEAR = 3.2
"""Nearest that two upright stretches may come."""
_STRAIGHT = 0.5
"""In points: ends nearer than this lie above one another."""
_LABELS_BELOW = 2
"""Wires at one side of a box whose labels may all stand at their lower end."""
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class LabelSize:
    """Room that a wire's label takes."""

    width: float
    height: float


@dataclass(slots=True, eq=False)
class End:
    """One end of a wire at a box."""

    wire: int
    spot: Spot
    toward: Spot
    labelled: bool
    x: float = 0.0
    play: float = _PLAY
    """How far it may be moved along its side."""


@dataclass(slots=True)
class Sides:
    """The wires' ends at the upper and the lower side of one box, in order."""

    top: list[End] = field(default_factory=list)
    bottom: list[End] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Placed:
    """The finished geometry; all measures from the upper left corner of the drawing's room."""

    boxes: Mapping[int, tuple[float, float, float, float]]
    """Left, top, width and height of each part."""
    wires: Mapping[int, tuple[tuple[float, float], ...]]
    labels: Mapping[int, tuple[float, float]]
    """Left and top of each wire's label."""
    bands: tuple[tuple[float, float], ...]
    """Top and height of each row."""
    width: float
    height: float

    def moved(self, right: float, down: float) -> Placed:
        """The same drawing further right and down; its measures stay."""
        return Placed(
            {p: (x + right, y + down, w, h) for p, (x, y, w, h) in self.boxes.items()},
            {n: tuple((x + right, y + down) for x, y in way) for n, way in self.wires.items()},
            {n: (x + right, y + down) for n, (x, y) in self.labels.items()},
            tuple((y + down, h) for y, h in self.bands),
            self.width,
            self.height,
        )


def slots_needed(ends: Iterable[End], sizes: Sequence[LabelSize]) -> float:
    """The width that the ends of one side need."""
    return sum(_slot(end, sizes) for end in ends)


def ends_of(rows: Rows, sizes: Sequence[LabelSize]) -> tuple[Mapping[Spot, Sides], list[End]]:
    """The ends at each box; the label stands at the lower end unless that one is crowded."""
    sides: dict[Spot, Sides] = {}
    every: list[End] = []
    for wire, way in enumerate(rows.ways):
        one, other = way[0], way[-1]
        first = End(wire, one, way[1], labelled=False)
        last = End(wire, other, way[-2], labelled=False)
        sides.setdefault(one, Sides()).bottom.append(first)
        lower = sides.setdefault(other, Sides())
        (lower.bottom if one.row == other.row else lower.top).append(last)
        every += (first, last)
    for wire in range(len(rows.ways)):
        first, last = every[2 * wire], every[2 * wire + 1]
        crowd_above = len(sides[first.spot].bottom)
        lower = sides[last.spot]
        crowd_below = len(lower.bottom if first.spot.row == last.spot.row else lower.top)
        upper = crowd_above < crowd_below and crowd_below > _LABELS_BELOW
        (first if upper else last).labelled = sizes[wire].width > 0
    return sides, every


def place(
    rows: Rows, widths: Mapping[Spot, float], heights: Sequence[float], sizes: Sequence[LabelSize]
) -> Placed:
    """The geometry of rows whose boxes have the given widths and heights."""
    sides, every = ends_of(rows, sizes)
    room = max((_row_width(row, widths) for row in rows.rows), default=0.0)
    centres = _centres(rows, widths, room)
    for spot, side in sides.items():
        for ends in (side.top, side.bottom):
            _spread(ends, centres, centres[spot], widths[spot], sizes)
    channels = _Channels(rows, centres, every, sizes)
    boxes: dict[int, tuple[float, float, float, float]] = {}
    bands: list[tuple[float, float]] = []
    wires: dict[int, list[tuple[float, float]]] = {}
    labels: dict[int, tuple[float, float]] = {}
    top = 0.0
    for number, row in enumerate(rows.rows):
        bands.append((top, heights[number]))
        boxes |= {
            spot.part: (centres[spot] - widths[spot] / 2, top, widths[spot], heights[number])
            for spot in row
            if spot.part is not None
        }
        top += heights[number]
        top += channels.draw(number, top, wires, labels)
    return Placed(boxes, {w: tuple(p) for w, p in wires.items()}, labels, tuple(bands), room, top)


def _slot(end: End, sizes: Sequence[LabelSize]) -> float:
    return 2 * _SLACK + (sizes[end.wire].width if end.labelled else 0.0)


def _row_width(row: Sequence[Spot], widths: Mapping[Spot, float]) -> float:
    return sum(widths[s] for s in row) + GAP * max(0, len(row) - 1)


def _centres(rows: Rows, widths: Mapping[Spot, float], room: float) -> dict[Spot, float]:
    """Centres that draw joined spots together, keeping order, gaps and the room."""
    joined = neighbours(rows.ways)
    centres: dict[Spot, float] = {}
    for row in rows.rows:
        left = (room - _row_width(row, widths)) / 2
        for spot in row:
            centres[spot] = left + widths[spot] / 2
            left += widths[spot] + GAP
    for sweep in range(_SWEEPS):
        for row in rows.rows if sweep % 2 == 0 else reversed(rows.rows):
            wishes = [_wish(spot, joined.get(spot, ()), centres) for spot in row]
            centres.update(zip(row, _apart(row, wishes, widths, room), strict=True))
    return centres


def _wish(spot: Spot, joined: Sequence[Spot], centres: Mapping[Spot, float]) -> float:
    """Where a spot would stand best; a wire passing several rows keeps straight first of all."""
    passing = [o for o in joined if o.part is None] if spot.part is None else []
    drawn_to = [centres[o] for o in passing or joined]
    return sum(drawn_to) / len(drawn_to) if drawn_to else centres[spot]


def _apart(
    row: Sequence[Spot], wishes: Sequence[float], widths: Mapping[Spot, float], room: float
) -> list[float]:
    """The nearest places to the wishes that keep order and gaps (pool adjacent violators)."""
    offsets = [0.0]
    for one, other in pairwise(row):
        offsets.append(offsets[-1] + (widths[one] + widths[other]) / 2 + GAP)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        pools.append((wish - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (mean_b, n_b), (mean_a, n_a) = pools.pop(), pools.pop()
            pools.append(((mean_a * n_a + mean_b * n_b) / (n_a + n_b), n_a + n_b))
    low = widths[row[0]] / 2
    high = room - widths[row[-1]] / 2 - offsets[-1]
    starts = [min(max(mean, low), high) for mean, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _spread(
    ends: list[End],
    centres: Mapping[Spot, float],
    centre: float,
    width: float,
    sizes: Sequence[LabelSize],
) -> None:
    """Ends along one side of a box, in the order of where they lead."""
    ends.sort(key=lambda e: (centres[e.toward], e.wire))
    if len(ends) == 1 and _slot(ends[0], sizes) - _SLACK <= width / 2:
        ends[0].x = centre
        ends[0].play = max(_PLAY, min(_PLAY_ALONE, width / 2 - _slot(ends[0], sizes)))
        return
    spare = max(0.0, width - slots_needed(ends, sizes)) / max(1, len(ends))
    left = centre - width / 2
    for end in ends:
        end.x = left + spare / 2 + _SLACK
        left += spare + _slot(end, sizes)


class _Channels:
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
            return 0.0 if row == len(self._rows.rows) - 1 else _SLACK
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
