"""Shapes on a page, and the page as SVG text. Lengths are points; every string is escaped here.

A picture is a list of values first: what overlaps what can be asked of the values, and the SVG is
only their writing. Text is measured conservatively (a full-width character 1 em, any other 0.6 em),
so that a drawing holds in any Japanese font.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from sekisho.present.escape import xml
from sekisho.present.linebreak import columns

if TYPE_CHECKING:
    from collections.abc import Iterable

FONTS: Final = "IPAexGothic, 'IPAexゴシック', sans-serif"
INK: Final = "#111111"
_HALF_WIDTH: Final = 0.6
_ASCENT: Final = 0.88
_DESCENT: Final = 0.16


def text_width(text: str, size: float) -> float:
    """How wide a line of text can be, in points."""
    wide = columns(text)
    full = sum(1 for c in text if columns(c) == 2)  # noqa: PLR2004  two columns: full width
    return size * (full + _HALF_WIDTH * (wide - 2 * full))


def shortened(text: str, width: float, size: float) -> str:
    """The text, or as much of its beginning as fits, ended by an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """The text in at most `most` lines, broken at spaces where it can be; the last is shortened."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1 and text_width(rest, size) > width:
        end = len(rest)
        while end > 1 and text_width(rest[:end], size) > width:
            end -= 1
        space = rest.rfind(" ", 1, end + 1)
        cut = space if space > end // 2 else end
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, shortened(rest, width, size)] if rest or not lines else lines


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `data` is written as data- attributes."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    stroke: str = INK
    thick: float = 0.8
    dash: str = ""
    round: float = 0
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points; `halo` draws it over a wider white one, so that crossings read."""

    points: tuple[tuple[float, float], ...]
    stroke: str = INK
    thick: float = 0.8
    dash: str = ""
    halo: bool = False
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text by its base line; `full` is what was shortened."""

    x: float
    y: float
    text: str
    size: float
    fill: str = INK
    bold: bool = False
    full: str = ""
    data: tuple[tuple[str, str], ...] = ()

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the line."""
        width = text_width(self.text, self.size)
        return (
            self.x,
            self.y - _ASCENT * self.size,
            self.x + width,
            self.y + _DESCENT * self.size,
        )


Shape = Box | Path | Words


def page(
    width: float, height: float, shapes: Iterable[Shape], *, title: str, description: str, lang: str
) -> str:
    """The shapes, in order, on a white page of the given size in points."""
    body = "".join(f"{_written(shape)}\n" for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}pt" height="{_n(height)}pt" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" role="img" lang="{xml(lang)}" '
        f'font-family="{FONTS}">\n'
        f"<title>{xml(title)}</title>\n<desc>{xml(description)}</desc>\n"
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>\n{body}</svg>\n'
    )


def _written(shape: Shape) -> str:
    match shape:
        case Box():
            rounded = f' rx="{_n(shape.round)}"' if shape.round else ""
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
                f'height="{_n(shape.height)}"{rounded} fill="{shape.fill}"'
                f"{_pen(shape.stroke, shape.thick, shape.dash)}{_data(shape.data)}/>"
            )
        case Path():
            way = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in shape.points)
            halo = (
                f'<path d="{way}" fill="none"{_pen("#ffffff", shape.thick + 2.4, "")}/>'
                if shape.halo
                else ""
            )
            pen = _pen(shape.stroke, shape.thick, shape.dash)
            return f'{halo}<path d="{way}" fill="none"{pen}{_data(shape.data)}/>'
        case Words():
            whole = f"<title>{xml(shape.full)}</title>" if shape.full else ""
            bold = ' font-weight="bold"' if shape.bold else ""
            return (
                f'<text x="{_n(shape.x)}" y="{_n(shape.y)}" font-size="{_n(shape.size)}" '
                f'fill="{shape.fill}"{bold}{_data(shape.data)}>{whole}{xml(shape.text)}</text>'
            )
        case _:
            assert_never(shape)


def _pen(stroke: str, thick: float, dash: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{stroke}" stroke-width="{_n(thick)}"{dashed}' if thick else ""


def _data(data: tuple[tuple[str, str], ...]) -> str:
    return "".join(f' data-{name}="{xml(value)}"' for name, value in data)


def _n(value: float) -> str:
    """A length with at most two decimals, so that the same drawing is the same text."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
