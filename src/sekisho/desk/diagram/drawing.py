"""The system diagram as a drawing, on the sheet on which it was laid out.

Pure and deterministic: the same site and notes give the same bytes. No text is below 7 points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.diagram.faces import (
    ASIDE,
    DASHES,
    LEADING,
    NAME,
    NOT_LOOKED_UP,
    PAD,
    PENS,
    SMALL,
    wire_label,
    wire_words,
)
from sekisho.desk.diagram.parts import LANE_TEXTS, Lane, plan_of
from sekisho.desk.diagram.sheet import HEAD, MARGIN, NAMES, sheet_of
from sekisho.present.svg import Box, Path, Words, page, shortened, text_width, wrapped
from sekisho.present.verdicts import LOOKS
from sekisho.site.model import Device
from sekisho.site.topology import topology_of
from sekisho.site.words import MEDIUM_TEXTS, ROUTE_TEXTS, VOLTAGE_TEXTS
from sekisho.terms.texts import Text, same, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.desk.diagram.parts import LabelNote, Part, Plan
    from sekisho.desk.diagram.sheet import Sheet
    from sekisho.present.svg import Shape
    from sekisho.site.model import Site
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Lang

_LEFT = MARGIN + NAMES
_TOP = MARGIN + HEAD
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
    sheet = sheet_of(plan, topology, lang)
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


def _heading(site: Site, sheet: Sheet, source: Text, lang: Lang) -> Iterator[Shape]:
    title = _TITLE.fill(name=site.name, id=site.id).says(lang)
    sub = _SUB.fill(
        voltage=VOLTAGE_TEXTS[site.voltage], kw=f"{site.rated_kw:,.0f}", n=len(site.devices)
    ).says(lang)
    room = sheet.width - 2 * MARGIN
    for text, y, size, bold in (
        (title, 12.0, 13.0, True),
        (f"{sub}  —  {source.says(lang)}", 25.0, 8.0, False),
    ):
        shown = shortened(text, room, size)
        full = text if shown != text else ""
        yield Words(MARGIN, MARGIN + y, shown, size, bold=bold, full=full)
    if not site.devices:
        yield Words(MARGIN, MARGIN + 38, _EMPTY.says(lang), 9)


def _lanes(sheet: Sheet, lang: Lang) -> Iterator[Shape]:
    """A tinted band behind each lane's rows, and its name at the left."""
    top = _TOP
    bands: dict[Lane, tuple[float, float]] = {}
    for lane, (y, height) in zip(sheet.rows.lanes, sheet.placed.bands, strict=True):
        first = bands.get(lane, (y, 0.0))[0]
        bands[lane] = (first, y + height)
    for at, (lane, (first, last)) in enumerate(bands.items()):
        tint = _OUTSIDE_TINT if lane <= Lane.CLOUD else _LANE_TINT[at % 2]
        yield Box(
            MARGIN,
            top + first - 3,
            sheet.width - 2 * MARGIN,
            last - first + 6,
            fill=tint,
            stroke="#c9d0d8",
            thick=0.4,
            data=(("lane", lane.name.lower()),),
        )
        lines = wrapped(LANE_TEXTS[lane].says(lang), NAMES - 8, SMALL, 4)
        middle = top + (first + last) / 2 - LEADING * (len(lines) - 1) / 2 + 2.5
        for number, line in enumerate(lines):
            yield Words(MARGIN + 4, middle + LEADING * number, line, SMALL, fill="#3a424c")


def _part(part: Part, at: int, sheet: Sheet) -> Iterator[Shape]:
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


def _wires(plan: Plan, sheet: Sheet, lang: Lang) -> Iterator[Shape]:
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


def _labels(plan: Plan, sheet: Sheet, lang: Lang) -> Iterator[Shape]:
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


def _legend(sheet: Sheet, lang: Lang) -> Iterator[Shape]:
    """Every medium and route as it is drawn, and what the drawing rests on."""
    y = sheet.height - MARGIN - 15
    x = MARGIN
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
    yield Words(MARGIN, y + 14, words, SMALL, fill="#3a424c")


def _paper_name(paper: int) -> Text:
    return same(f"A{_STEPS_TO_A0 - paper}") if paper <= _STEPS_TO_A0 else _BEYOND
