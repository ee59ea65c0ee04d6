"""Where everything stands: boxes, wires and their labels, in points.

Overlaps are excluded by construction: each end of a wire owns a slot (`ends`), so no label meets
another wire or label, and between two rows each stretch has a track of its own (`channels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sekisho.desk.diagram.channels import Channels
from sekisho.desk.diagram.ends import PLAY, SLACK, ends_of, slot, slots_needed
from sekisho.desk.diagram.rows import neighbours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.desk.diagram.ends import End, LabelSize
    from sekisho.desk.diagram.rows import Rows, Spot

GAP = 12.0
"""Between neighbours in a row."""
PASSING = 10.0
"""Width that a passing wire takes in a row."""
_PLAY_ALONE = 18.0
"""How far the only wire at a side may be moved, to make it straight."""
_SWEEPS = 8


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
    channels = Channels(rows, centres, every, sizes)
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
    if len(ends) == 1 and slot(ends[0], sizes) - SLACK <= width / 2:
        ends[0].x = centre
        ends[0].play = max(PLAY, min(_PLAY_ALONE, width / 2 - slot(ends[0], sizes)))
        return
    spare = max(0.0, width - slots_needed(ends, sizes)) / max(1, len(ends))
    left = centre - width / 2
    for end in ends:
        end.x = left + spare / 2 + SLACK
        left += spare + slot(end, sizes)
