"""A timeline as a picture: a band per rule and device, years across, milestones as upright lines.

Each stretch carries its verdict's sign and a pattern as well as a colour, so that the picture reads
in black and white. Every string is escaped for XML here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sekisho.present.escape import xml
from sekisho.present.linebreak import columns
from sekisho.present.verdicts import LOOKS, signed
from sekisho.rulebook.statement import Kind
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.dates import ONE_DAY
from sekisho.terms.verdict import VERDICT_SIGNS, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sekisho.desk.timeline import Piece, Timeline
    from sekisho.site.model import Milestone
    from sekisho.terms.texts import Lang

_WIDTH: Final = 700
_LEFT: Final = 170
"""Where the bands begin; names stand left of it."""
_RIGHT: Final = 690
_TIER: Final = 14
_ROW: Final = 19
_BAND: Final = 14
_FONT: Final = 10.5
"""In px; on A4 the picture is set at about 0.71 pt per px, so no text is below 7 pt."""
_EM_FULL: Final = 10.5
_NAME_COLUMNS: Final = 27
"""Half-width columns that fit left of the bands."""


def timeline_svg(line: Timeline, lang: Lang) -> str:
    """The timeline as one SVG."""
    rows = list(_rows(line))
    milestones = sorted(
        (day, name) for name, day in line.site.dates.items() if line.first <= day <= line.last
    )
    top = 18 + _TIER * len(milestones)
    height = top + _ROW * len(rows) + 46
    scale = _Scale(line.first, line.last)
    body = [
        *_patterns(),
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        *_years(scale, top, height),
        *(part for i, row in enumerate(rows) for part in _band(row, top + _ROW * i, scale)),
        *_milestones(milestones, scale, height, lang),
        *_legend(height, lang),
    ]
    title = xml(f"{line.site.name} {line.first} – {line.last}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="IPAexGothic, sans-serif" '
        f'font-size="{_FONT}"><title>{title}</title>' + "".join(body) + "</svg>\n"
    )


class _Scale:
    """Days to horizontal places."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        self._per_day = (_RIGHT - _LEFT) / ((last - first).days + 1)

    def at(self, day: date) -> float:
        """Where a day begins."""
        return round(_LEFT + (day - self.first).days * self._per_day, 2)


def _rows(line: Timeline) -> Iterator[tuple[str, Sequence[Piece]]]:
    """Names and stretches; a rule that never asks anything takes no row."""
    for rule in line.rules:
        if rule.statement.kind is Kind.DUTY:
            continue
        for device in rule.devices:
            if any(p.verdict is not Verdict.NOT_APPLICABLE for p in device.pieces):
                yield f"{rule.statement.id.upper()} {device.device or '—'}", device.pieces


def _patterns() -> Iterator[str]:
    yield "<defs>"
    looks = {Verdict.BROKEN: "M0 0L6 6M6 0L0 6", Verdict.UNDETERMINED: "M0 6L6 0"}
    for verdict, path in looks.items():
        look = LOOKS[verdict]
        yield (
            f'<pattern id="p-{verdict.value}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<rect width="6" height="6" fill="{look.tint}"/>'
            f'<path d="{path}" stroke="{look.ink}" stroke-width="0.7" opacity="0.5"/></pattern>'
        )
    yield "</defs>"


def _fill(verdict: Verdict) -> str:
    if verdict in {Verdict.BROKEN, Verdict.UNDETERMINED}:
        return f"url(#p-{verdict.value})"
    return LOOKS[verdict].tint


def _years(scale: _Scale, top: int, height: int) -> Iterator[str]:
    for year in range(scale.first.year, scale.last.year + 2):
        day = scale.first.replace(year=year, month=1, day=1)
        if scale.first <= day <= scale.last:
            x = scale.at(day)
            yield f'<path d="M{x} {top - 6}V{height - 40}" stroke="#d5d9de"/>'
            yield f'<text x="{x}" y="{height - 28}" fill="#444" text-anchor="middle">{year}</text>'


def _band(row: tuple[str, Sequence[Piece]], y: int, scale: _Scale) -> Iterator[str]:
    name, pieces = row
    shown = _shortened(name)
    yield (f'<text x="8" y="{y + 11}" fill="#111"><title>{xml(name)}</title>{xml(shown)}</text>')
    for piece in pieces:
        x = scale.at(piece.first)
        width = round(scale.at(piece.last + ONE_DAY) - x, 2)
        look = LOOKS[piece.verdict]
        yield (
            f'<rect x="{x}" y="{y}" width="{width}" height="{_BAND}" fill="{_fill(piece.verdict)}" '
            f'stroke="{look.ink}" stroke-width="0.6"><title>{piece.first} – {piece.last} '
            f"{piece.verdict.value}</title></rect>"
        )
        if width > _EM_FULL + 2:
            yield (
                f'<text x="{x + 3}" y="{y + 11}" fill="{look.ink}" font-weight="bold">'
                f"{VERDICT_SIGNS[piece.verdict]}</text>"
            )


def _milestones(
    milestones: Sequence[tuple[date, Milestone]], scale: _Scale, height: int, lang: Lang
) -> Iterator[str]:
    """Upright lines, each with its name on a tier of its own, the earliest on top."""
    for tier, (day, name) in enumerate(milestones):
        x = scale.at(day)
        label = f"{MILESTONE_TEXTS[name].says(lang)} {day}"
        start = round(min(x + 3, _RIGHT - columns(label) * _EM_FULL / 2), 2)
        y = 14 + _TIER * tier
        yield (
            f'<path d="M{x} {y - 8}V{height - 42}" stroke="#22364f" stroke-width="1" '
            f'stroke-dasharray="3 3"/>'
        )
        yield f'<text x="{start}" y="{y}" fill="#22364f">{xml(label)}</text>'


def _legend(height: int, lang: Lang) -> Iterator[str]:
    x = 8.0
    for verdict in (
        Verdict.MET,
        Verdict.BROKEN,
        Verdict.UNDETERMINED,
        Verdict.NOT_APPLICABLE,
    ):
        label = signed(verdict, lang)
        look = LOOKS[verdict]
        yield (
            f'<rect x="{x}" y="{height - 18}" width="16" height="11" fill="{_fill(verdict)}" '
            f'stroke="{look.ink}" stroke-width="0.6"/>'
            f'<text x="{x + 21}" y="{height - 8.5}" fill="#111">{xml(label)}</text>'
        )
        x += 21 + columns(label) * _EM_FULL / 2 + 22


def _shortened(name: str) -> str:
    if columns(name) <= _NAME_COLUMNS:
        return name
    kept = name
    while columns(kept) > _NAME_COLUMNS - 2:
        kept = kept[:-1]
    return kept + "…"
