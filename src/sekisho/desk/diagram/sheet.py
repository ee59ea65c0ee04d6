"""The smallest paper on which a diagram fits, A4 first, and everything's place on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk.diagram.ends import LabelSize, ends_of, slots_needed
from sekisho.desk.diagram.faces import LEADINGS, PAD, SMALL, Density, Face, face_of, wire_label
from sekisho.desk.diagram.parts import Lane
from sekisho.desk.diagram.places import GAP, PASSING, place
from sekisho.desk.diagram.rows import rows_of
from sekisho.present.svg import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.desk.diagram.parts import Plan
    from sekisho.desk.diagram.places import Placed
    from sekisho.desk.diagram.rows import Rows, Spot
    from sekisho.site.topology import Topology
    from sekisho.terms.texts import Lang

A4 = (841.89, 595.28)
"""Landscape, in points; the next papers are √2 larger each."""
_LARGER = 6
"""Papers tried: A4, A3 … A0, and two beyond for a plant that fits none."""
MARGIN = 20.0
HEAD = 38.0
_FOOT = 30.0
NAMES = 64.0
"""Column of the lanes' names."""
_FOR_PASSING = 44.0
"""Room kept in each row for wires that pass it."""
_WIDEST = {Density.ROOMY: 190.0, Density.COMPACT: 260.0, Density.DENSE: 260.0}
"""Widest box: what is joined on one line wants a longer one."""
_NARROWEST = 104.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing that is laid out: paper, rows, geometry and the lines of each box."""

    width: float
    height: float
    paper: int
    """Steps above A4."""
    leading: float
    rows: Rows
    placed: Placed
    faces: Sequence[Face]


def sheet_of(plan: Plan, topology: Topology, lang: Lang) -> Sheet:
    """The first attempt that fits its paper; on the last paper, whatever size it takes."""
    attempt: Sheet | None = None
    for step in range(_LARGER + 1):
        width, height = _paper(step)
        for density in Density:
            faces = [face_of(part, topology, lang, density) for part in plan.parts]
            attempt = _attempt(plan, faces, step, density, lang)
            if (attempt.width, attempt.height) == (width, height):
                return attempt
    if attempt is None:
        raise AssertionError("at least one paper is tried")
    return attempt


def _paper(step: int) -> tuple[float, float]:
    return A4[0] * 2 ** (step / 2), A4[1] * 2 ** (step / 2)


def _attempt(plan: Plan, faces: Sequence[Face], paper: int, density: Density, lang: Lang) -> Sheet:
    width, height = _paper(paper)
    leading = LEADINGS[density]
    room = width - 2 * MARGIN - NAMES
    crowd = max((sum(p.lane is lane for p in plan.parts) for lane in Lane), default=1)
    wide = min(_WIDEST[density], max(_NARROWEST, (room - _FOR_PASSING + GAP) / max(1, crowd) - GAP))
    sizes = [_label_size(wire_label(wire, lang), leading) for wire in plan.wires]
    widths = [max(wide, face.width()) for face in faces]
    rows = rows_of(plan, widths, room, GAP)
    sides, _ = ends_of(rows, sizes)
    spots: dict[Spot, float] = {}
    for row in rows.rows:
        for spot in row:
            if spot.part is None:
                spots[spot] = PASSING
                continue
            needed = [0.0]
            if spot in sides:
                needed += [slots_needed(e, sizes) for e in (sides[spot].top, sides[spot].bottom)]
            spots[spot] = max(widths[spot.part], *needed)
    heights = [
        max(
            2 * PAD - 1 + leading * len(faces[s.part].broken(spots[s]))
            for s in row
            if s.part is not None
        )
        for row in rows.rows
    ]
    placed = place(rows, spots, heights, sizes)
    return Sheet(
        width=max(width, placed.width + 2 * MARGIN + NAMES),
        height=max(height, placed.height + 2 * MARGIN + HEAD + _FOOT),
        paper=paper,
        leading=leading,
        rows=rows,
        placed=_relaxed(placed, room, height - 2 * MARGIN - HEAD - _FOOT),
        faces=faces,
    )


def _relaxed(placed: Placed, room: float, depth: float) -> Placed:
    """The drawing moved to the middle of its room."""
    right = max(0.0, (room - placed.width) / 2)
    down = max(0.0, (depth - placed.height) / 2)
    return placed.moved(right, down)


def _label_size(lines: Sequence[str], leading: float) -> LabelSize:
    return LabelSize(
        max((text_width(line, SMALL) for line in lines), default=0.0), leading * len(lines) + 1.5
    )
