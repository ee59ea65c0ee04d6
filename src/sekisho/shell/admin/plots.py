"""Plots as SVG that stands in the page: no script, no style attribute, sizes that a phone can read.

A series is told apart by its dashes as well as by its colour; the sentence beside a plot says what it
shows to whoever does not see it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 10, 10, 26
_MINUTES = (1, 2, 5, 10)
"""Between two ticks of time."""
_TICKS = 4
_MS_IN_MINUTE = 60_000
_LEAST_MS = 60_000
"""A plot shows at least a minute."""
_GAP_MS = 5_000
"""Two samples farther apart are not joined."""
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: times in ms and values; None where there is none."""

    points: Sequence[tuple[int, float | None]]
    kind: str
    """`measured`, `asked` or `bound`: how it is drawn, by the style sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the vertical axis must show at least."""

    low: float
    high: float
    unit: str
    digits: int


def drawn(series: Sequence[Series], scale: Scale, said: str, now: str, minute: str) -> Markup:
    """The plot.

    Args:
        series: the lines, the last one on top.
        scale: what the axis shows at least, and its unit.
        said: what the plot shows, as a sentence in the reader's language.
        now: the word for now.
        minute: the word for minutes.
    """
    times = [at for one in series for at, _ in one.points]
    if not times:
        return Markup("")
    end = max(times)
    begin = min(*times, end - _LEAST_MS)
    values = [v for one in series for _, v in one.points if v is not None]
    ticks = _ticks(min([scale.low, *values]), max([scale.high, *values]))
    frame = _Frame(begin=begin, end=end, low=ticks[0], high=ticks[-1])
    parts = [
        *_axis(frame, ticks, scale),
        *_clock(frame, now, minute),
        *(part for one in series for part in _line(frame, one)),
    ]
    head = Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        WIDTH, HEIGHT, said
    )
    return head + Markup("").join(parts) + Markup("</svg>")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    begin: int
    end: int
    low: float
    high: float

    def x(self, at: int) -> float:
        share = (at - self.begin) / (self.end - self.begin)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers around what is shown."""
    span = (high - low) or 1.0
    raw = span / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in _STEPS if s * power >= raw - 1e-12 * power)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [n * step for n in range(first, max(last, first + 1) + 1)]


def _axis(frame: _Frame, ticks: list[float], scale: Scale) -> Iterator[Markup]:
    for tick in ticks:
        y = frame.y(tick)
        kind = "zero" if tick == 0 else "grid"
        yield Markup('<line class="{}" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            kind, LEFT, WIDTH - RIGHT, y, y
        )
        text = f"{tick:,.{scale.digits}f}".replace("-", "−")
        yield Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
            LEFT - 5, y + 4, text
        )
    yield Markup('<text class="unit" x="2" y="{}">{}</text>').format(HEIGHT - 6, scale.unit)


def _clock(frame: _Frame, now: str, minute: str) -> Iterator[Markup]:
    minutes = (frame.end - frame.begin) / _MS_IN_MINUTE
    every = next(n for n in _MINUTES if minutes / n <= _TICKS or n == _MINUTES[-1])
    for back in range(every, int(minutes) + 1, every):
        x = frame.x(frame.end - back * _MS_IN_MINUTE)
        anchor = "start" if x < LEFT + 20 else "middle"
        yield Markup('<text x="{:.1f}" y="{}" text-anchor="{}">−{} {}</text>').format(
            x, HEIGHT - 8, anchor, back, minute
        )
    yield Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
        WIDTH - RIGHT, HEIGHT - 8, now
    )


def _line(frame: _Frame, series: Series) -> Iterator[Markup]:
    """The stretches of a line; a hole in the values is a hole in it."""
    stretch: list[str] = []
    before: int | None = None
    for at, value in (*series.points, (0, None)):
        hole = series.kind != "bound" and before is not None and at - before > _GAP_MS
        if stretch and (value is None or hole):
            yield Markup('<polyline class="line {}" points="{}"/>').format(
                series.kind, " ".join(stretch if len(stretch) > 1 else stretch * 2)
            )
            stretch = []
        if value is not None:
            stretch.append(f"{frame.x(at):.1f},{frame.y(value):.1f}")
        before = at


def legend(kind: str, word: str) -> Markup:
    """A piece of the line, and what it is."""
    return Markup(
        '<li><svg class="key" viewBox="0 0 28 10" aria-hidden="true">'
        '<line class="line {}" x1="1" x2="27" y1="5" y2="5"/></svg> {}</li>'
    ).format(kind, escape(word))
