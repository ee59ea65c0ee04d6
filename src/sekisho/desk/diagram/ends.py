"""The ends of wires at the boxes, each with a slot of its box's width.

The slot is wide enough for the wire's label where it stands there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sekisho.desk.diagram.rows import Rows, Spot

SLACK = 7.0
"""Room of a slot on each side of its wire."""
PLAY = 5.0
_LABELS_BELOW = 2
"""Wires at one side of a box whose labels may all stand at their lower end."""


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
    play: float = PLAY
    """How far it may be moved along its side."""


@dataclass(slots=True)
class Sides:
    """The wires' ends at the upper and the lower side of one box, in order."""

    top: list[End] = field(default_factory=list)
    bottom: list[End] = field(default_factory=list)


def slots_needed(ends: Iterable[End], sizes: Sequence[LabelSize]) -> float:
    """The width that the ends of one side need."""
    return sum(slot(end, sizes) for end in ends)


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


def slot(end: End, sizes: Sequence[LabelSize]) -> float:
    """Width that one end takes: its wire, and the label where it stands there."""
    return 2 * SLACK + (sizes[end.wire].width if end.labelled else 0.0)
