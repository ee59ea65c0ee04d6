"""Power against set-point over the last minutes, in letters: no colour, no wide or rare character."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

POWER, SETPOINT, BOTH, ZERO = "o", "=", "@", "."
AXIS = 10
"""Columns for the numbers on the left."""

Sample = tuple[int | None, int]
"""Power at the connection point, where it is known, and set-point; W."""


def plot(samples: Sequence[Sample], rated: int, width: int, rows: int) -> list[str]:
    """Lines of at most `width` columns, the newest sample on the right.

    Args:
        samples: the oldest first; what does not fit on the left is left out.
        rated: the scale reaches at least a tenth of it.
        width: columns, more than `AXIS`.
        rows: lines, at least 3.
    """
    room = width - AXIS
    kept = list(samples)[-room:]
    values = [value for pair in kept for value in pair if value is not None]
    most = max([1, rated // 10, *(abs(value) for value in values)])

    def row(value: int) -> int:
        return round((most - value) / (2 * most) * (rows - 1))

    grid = [[ZERO if at == row(0) else " "] * room for at in range(rows)]
    for column, (power, setpoint) in enumerate(kept, room - len(kept)):
        grid[row(setpoint)][column] = SETPOINT
        if power is not None:
            grid[row(power)][column] = BOTH if row(power) == row(setpoint) else POWER
    marks = {0: f"{most / 1000:+,.0f}", row(0): "0", rows - 1: f"{-most / 1000:+,.0f}"}
    return [f"{marks.get(at, ''):>{AXIS - 1}} " + "".join(line) for at, line in enumerate(grid)]
