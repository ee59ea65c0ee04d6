"""In which row each box stands, and in which order: layered drawing after Sugiyama.

Lanes become rows; a lane with more boxes than fit becomes several. A wire that passes a row gets a
narrow place of its own in it, so that every stretch of wire joins neighbouring rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sekisho.desk.diagram.parts import Lane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.desk.diagram.parts import Plan

_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a row: of a box (`part`), or of a wire that passes (`wire`)."""

    row: int
    part: int | None = None
    wire: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Spots in order, row by row from the top, and the way of each wire over spots."""

    rows: tuple[tuple[Spot, ...], ...]
    lanes: tuple[Lane, ...]
    """The lane of each row."""
    ways: tuple[tuple[Spot, ...], ...]
    """For each wire the spots from its upper box to its lower one; one row: the two boxes."""


def rows_of(plan: Plan, widths: Sequence[float], room: float, gap: float) -> Rows:
    """The boxes in rows that are no wider than `room`, ordered so that few wires cross."""
    filled, lanes = _filled(plan, widths, room, gap)
    spots = {part: Spot(row, part=part) for row, parts in enumerate(filled) for part in parts}
    rows = [[spots[part] for part in parts] for parts in filled]
    ways: list[tuple[Spot, ...]] = []
    for number, wire in enumerate(plan.wires):
        one, other = sorted((spots[end] for end in wire.ends), key=lambda s: s.row)
        passed = [Spot(row, wire=number) for row in range(one.row + 1, other.row)]
        for spot in passed:
            rows[spot.row].append(spot)
        ways.append((one, *passed, other))
    return Rows(tuple(tuple(r) for r in _ordered(rows, ways)), tuple(lanes), tuple(ways))


def _filled(
    plan: Plan, widths: Sequence[float], room: float, gap: float
) -> tuple[list[list[int]], list[Lane]]:
    rows: list[list[int]] = []
    lanes: list[Lane] = []
    for lane in Lane:
        used = room + 1
        for part in (p for p, what in enumerate(plan.parts) if what.lane is lane):
            if used + gap + widths[part] > room:
                rows.append([])
                lanes.append(lane)
                used = -gap
            rows[-1].append(part)
            used += gap + widths[part]
    return rows, lanes


def neighbours(ways: Sequence[Sequence[Spot]]) -> Mapping[Spot, Sequence[Spot]]:
    """For each spot the spots in neighbouring rows that a wire joins it to."""
    joined: dict[Spot, list[Spot]] = {}
    for way in ways:
        for one, other in pairwise(way):
            if one.row != other.row:
                joined.setdefault(one, []).append(other)
                joined.setdefault(other, []).append(one)
    return joined


def _ordered(rows: list[list[Spot]], ways: Sequence[Sequence[Spot]]) -> list[list[Spot]]:
    """Each row sorted by where its neighbours stand, sweeping down and up (barycentres)."""
    joined = neighbours(ways)
    at: dict[Spot, float] = {}
    for row in rows:
        _note_places(row, at)
    for sweep in range(_SWEEPS):
        step = 1 if sweep % 2 == 0 else -1
        order = range(len(rows)) if step == 1 else range(len(rows) - 1, -1, -1)
        for number in order:
            row = rows[number]
            wish = {
                spot: _mean(
                    [at[o] for o in joined.get(spot, ()) if o.row == number - step], at[spot]
                )
                for spot in row
            }
            row.sort(key=wish.__getitem__)
            _note_places(row, at)
    return rows


def _note_places(row: Sequence[Spot], at: dict[Spot, float]) -> None:
    for place, spot in enumerate(row):
        at[spot] = (place + 0.5) / len(row)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
