"""The system diagram as a drawing: the smallest paper on which everything fits, A4 first.

Pure and deterministic: the same site and notes give the same bytes. No text is below 7 points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk.diagram.faces import (
    ASIDE,
    DASHES,
    LEADING,
    LEADINGS,
    NAME,
    NOT_LOOKED_UP,
    PAD,
    PENS,
    SMALL,
    Density,
    Face,
    face_of,
    wire_label,
    wire_words,
)
from sekisho.desk.diagram.parts import LANE_TEXTS, Lane, plan_of
from sekisho.desk.diagram.places import GAP, PASSING, LabelSize, ends_of, place, slots_needed
from sekisho.desk.diagram.rows import rows_of
from sekisho.present.svg import Box, Path, Words, page, shortened, text_width, wrapped
from sekisho.present.verdicts import LOOKS
from sekisho.site.model import Device
from sekisho.site.topology import topology_of
from sekisho.site.words import MEDIUM_TEXTS, ROUTE_TEXTS, VOLTAGE_TEXTS
from sekisho.terms.texts import Text, same, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.desk.diagram.parts import LabelNote, Part, Plan
    from sekisho.desk.diagram.places import Placed
    from sekisho.desk.diagram.rows import Rows, Spot
    from sekisho.present.svg import Shape
    from sekisho.site.model import Site
    from sekisho.site.topology import Topology
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Lang

A4 = (841.89, 595.28)
"""Landscape, in points; the next papers are √2 larger each."""
_LARGER = 6
"""Papers tried: A4, A3 … A0, and two beyond for a plant that fits none."""
_MARGIN = 20.0
_HEAD = 38.0
_FOOT = 30.0
_ASIDE = 64.0
"""Column of the lanes' names."""
_LEFT = _MARGIN + _ASIDE
_TOP = _MARGIN + _HEAD
_FOR_PASSING = 44.0
"""Room kept in each row for wires that pass it."""
_WIDEST = {Density.ROOMY: 190.0, Density.COMPACT: 260.0, Density.DENSE: 260.0}
"""Widest box: what is joined on one line wants a longer one."""
_NARROWEST = 104.0
_LANE_TINT = ("#f4f6f8", "#ffffff")
_OUTSIDE_TINT = "#eaf0f7"

_TITLE = Text("システム構成図 {name}({id})", "System diagram: {name} ({id})")
_SUB = Text(
    "{voltage}、連系点 {kw} kW、機器 {n} 台",
    "{voltage}, {kw} kW at the connection point, {n} devices",
)
_DESCRIPTION = Text(
    "構外の接続先から電池までの機器と通信の接続、機器ごとの登録番号と状態",
    "Devices and communication links from outside down to the cells, with each device's label "
    "number and state",
)
_MEDIA = Text("伝送", "Medium")
_ROUTES = Text("経路", "Route")
_DECLARED = Text(
    "機器と接続はサイトファイルの申告によります。同じ機器は ×台数 でまとめています。",
    "Devices and links as declared in the site file; identical devices are drawn once, × number.",
)
_PAPER = Text(
    "この図の用紙は {name} です(文字は 7 ポイント以上)。",
    "This drawing's paper is {name} (no text below 7 points).",
)
_BEYOND = Text("A0 超", "beyond A0")
_EMPTY = Text("機器が申告されていません。", "No device is declared.")

_STEPS_TO_A0 = 4
"""Each step from A4 doubles the sheet; A0 is the largest with a name."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One attempt that fits: paper, rows, geometry and the lines of each box."""

    width: float
    height: float
    paper: int
    """Steps above A4."""
    leading: float
    rows: Rows
    placed: Placed
    faces: Sequence[Face]


def diagram_svg(
    site: Site, notes: Mapping[DeviceId, LabelNote] | None, lang: Lang, source: Text | None = None
) -> str:
    """The system diagram as SVG text.

    Args:
        site: what is declared.
        notes: what is known of each device's label; None where nothing was looked up.
        lang: language of the words.
        source: what the notes rest on (the list and the day), shown in the heading.
    """
    plan = plan_of(site, notes)
    topology = topology_of(site)
    sheet = _sheet(plan, topology, lang)
    shapes = [
        *_heading(site, sheet, source if source is not None else NOT_LOOKED_UP, lang),
        *_lanes(sheet, lang),
        *_wires(plan, sheet, lang),
        *(shape for at in range(len(plan.parts)) for shape in _part(plan.parts[at], at, sheet)),
        *_labels(plan, sheet, lang),
        *_legend(sheet, lang),
    ]
    return page(
        sheet.width,
        sheet.height,
        shapes,
        title=_TITLE.fill(name=site.name, id=site.id).says(lang),
        description=_DESCRIPTION.says(lang),
        lang=lang.value,
    )


def _sheet(plan: Plan, topology: Topology, lang: Lang) -> _Sheet:
    """The first attempt that fits its paper; on the last paper, whatever size it takes."""
    attempt: _Sheet | None = None
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


def _attempt(plan: Plan, faces: Sequence[Face], paper: int, density: Density, lang: Lang) -> _Sheet:
    width, height = _paper(paper)
    leading = LEADINGS[density]
    room = width - 2 * _MARGIN - _ASIDE
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
    return _Sheet(
        width=max(width, placed.width + 2 * _MARGIN + _ASIDE),
        height=max(height, placed.height + 2 * _MARGIN + _HEAD + _FOOT),
        paper=paper,
        leading=leading,
        rows=rows,
        placed=_relaxed(placed, room, height - 2 * _MARGIN - _HEAD - _FOOT),
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


def _heading(site: Site, sheet: _Sheet, source: Text, lang: Lang) -> Iterator[Shape]:
    title = _TITLE.fill(name=site.name, id=site.id).says(lang)
    sub = _SUB.fill(
        voltage=VOLTAGE_TEXTS[site.voltage], kw=f"{site.rated_kw:,.0f}", n=len(site.devices)
    ).says(lang)
    room = sheet.width - 2 * _MARGIN
    for text, y, size, bold in (
        (title, 12.0, 13.0, True),
        (f"{sub}  —  {source.says(lang)}", 25.0, 8.0, False),
    ):
        shown = shortened(text, room, size)
        full = text if shown != text else ""
        yield Words(_MARGIN, _MARGIN + y, shown, size, bold=bold, full=full)
    if not site.devices:
        yield Words(_MARGIN, _MARGIN + 38, _EMPTY.says(lang), 9)


def _lanes(sheet: _Sheet, lang: Lang) -> Iterator[Shape]:
    """A tinted band behind each lane's rows, and its name at the left."""
    top = _TOP
    bands: dict[Lane, tuple[float, float]] = {}
    for lane, (y, height) in zip(sheet.rows.lanes, sheet.placed.bands, strict=True):
        first = bands.get(lane, (y, 0.0))[0]
        bands[lane] = (first, y + height)
    for at, (lane, (first, last)) in enumerate(bands.items()):
        tint = _OUTSIDE_TINT if lane <= Lane.CLOUD else _LANE_TINT[at % 2]
        yield Box(
            _MARGIN,
            top + first - 3,
            sheet.width - 2 * _MARGIN,
            last - first + 6,
            fill=tint,
            stroke="#c9d0d8",
            thick=0.4,
            data=(("lane", lane.name.lower()),),
        )
        lines = wrapped(LANE_TEXTS[lane].says(lang), _ASIDE - 8, SMALL, 4)
        middle = top + (first + last) / 2 - LEADING * (len(lines) - 1) / 2 + 2.5
        for number, line in enumerate(lines):
            yield Words(_MARGIN + 4, middle + LEADING * number, line, SMALL, fill="#3a424c")


def _part(part: Part, at: int, sheet: _Sheet) -> Iterator[Shape]:
    left, top = _LEFT, _TOP
    x, y, width, height = sheet.placed.boxes[at]
    note = part.note
    look = LOOKS[note.verdict] if note is not None and note.verdict is not None else None
    is_device = isinstance(part.thing, Device)
    yield Box(
        left + x,
        top + y,
        width,
        height,
        fill=look.tint if look is not None else "#ffffff",
        stroke=look.ink if look is not None else "#22364f",
        thick=1.0,
        round=2 if is_device else 10,
        data=(("device" if is_device else "external", " ".join(part.ids)),),
    )
    face = sheet.faces[at]
    line_y = top + y + PAD + 5.6
    for text, line in face.broken(width):
        yield Words(
            left + x + PAD,
            line_y,
            text,
            NAME if line.bold else SMALL,
            fill=look.ink if look is not None and line.kind == "state" else "#111111",
            bold=line.bold,
            full=face.whole if line.bold or text != line.text else "",
            data=(("line", line.kind),),
        )
        if line.aside:
            behind = left + x + PAD + text_width(text, NAME) + ASIDE
            yield Words(behind, line_y, line.aside, SMALL, data=(("line", "role"),))
        line_y += sheet.leading


def _wires(plan: Plan, sheet: _Sheet, lang: Lang) -> Iterator[Shape]:
    left, top = _LEFT, _TOP
    for number, wire in enumerate(plan.wires):
        pen = PENS[wire.route]
        ends = " ".join(plan.parts[end].name for end in wire.ends)
        yield Path(
            tuple((left + x, top + y) for x, y in sheet.placed.wires[number]),
            stroke=pen.ink,
            thick=pen.thick,
            dash=DASHES[wire.medium],
            halo=True,
            data=(
                ("link", ends),
                ("medium", wire.medium.value),
                ("route", wire.route.value),
                ("words", " ".join(w for w in wire_words(wire, lang) if w)),
            ),
        )


def _labels(plan: Plan, sheet: _Sheet, lang: Lang) -> Iterator[Shape]:
    left, top = _LEFT, _TOP
    for number, wire in enumerate(plan.wires):
        x, y = sheet.placed.labels[number]
        lines = wire_label(wire, lang)
        words = " ".join(w for w in wire_words(wire, lang) if w)
        for at, line in enumerate(lines):
            yield Words(
                left + x,
                top + y + sheet.leading * (at + 1) - 1.6,
                line,
                SMALL,
                fill=PENS[wire.route].ink,
                full=words if "…" in line else "",
                data=(("wire", str(number)),),
            )


def _legend(sheet: _Sheet, lang: Lang) -> Iterator[Shape]:
    """Every medium and route as it is drawn, and what the drawing rests on."""
    y = sheet.height - _MARGIN - 15
    x = _MARGIN
    groups = (
        (
            _MEDIA,
            [(MEDIUM_TEXTS[m], DASHES[m], "#111111", 1.0) for m in DASHES],
        ),
        (_ROUTES, [(ROUTE_TEXTS[r], "", p.ink, p.thick) for r, p in PENS.items()]),
    )
    for heading, entries in groups:
        yield Words(x, y + 2.5, heading.says(lang), SMALL, bold=True)
        x += text_width(heading.says(lang), SMALL) + 8
        for text, dash, ink, thick in entries:
            yield Path(((x, y), (x + 26, y)), stroke=ink, thick=thick, dash=dash)
            yield Words(x + 30, y + 2.5, text.says(lang), SMALL)
            x += 30 + text_width(text.says(lang), SMALL) + 12
        x += 10
    paper = [] if sheet.paper == 0 else [_PAPER.fill(name=_paper_name(sheet.paper))]
    words = sentences([_DECLARED, *paper]).says(lang)
    yield Words(_MARGIN, y + 14, words, SMALL, fill="#3a424c")


def _paper_name(paper: int) -> Text:
    return same(f"A{_STEPS_TO_A0 - paper}") if paper <= _STEPS_TO_A0 else _BEYOND
