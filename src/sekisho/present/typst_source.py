"""A document as typst source, from which the PDF is set.

Every string goes in as an escaped literal and is never read as markup or code. Characters that
the font lacks are written as their number beforehand, because typst draws an empty box without an
error. The font has one weight: bold is its outline drawn a little thicker.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, assert_never

from sekisho.present import escape
from sekisho.present.document import (
    Banner,
    Bullets,
    Cell,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from sekisho.present.fonts import FAMILY, settable, settable_svg
from sekisho.present.pictures import is_sheet, points
from sekisho.present.verdicts import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekisho.present.document import Block, Document
    from sekisho.terms.verdict import Verdict

_LONG_CELL: Final = 700
"""Characters beyond which a row may be cut between pages; a whole one could not fit on a page."""

_TEXT_WIDTH: Final = 498
_TEXT_HEIGHT: Final = 660
"""Room for a picture on a page of text, in points; a taller one gets a page that holds it."""
_TEXT_EDGES: Final = 200

_LONG_WORD: Final = re.compile(r"[!-~]{15,}")
_STOPS: Final = re.compile(r"(?<=[/._:?&=,;)-])(?=[!-~])")
_HARD: Final = re.compile(r"[!-~]{13}(?=[!-~])")
_BREAK: Final = "\ue000"
"""Stands where a break is allowed, between escaping and writing; never in visible text itself."""

_PREAMBLE: Final = """
#let ink = rgb("#1c232d")
#let soft = rgb("#565f6b")
#let line-grey = rgb("#d9dee4")
#let accent = rgb("#23425f")
#let bold(body, fill: ink) = text(fill: fill, stroke: 0.022em + fill, body)
#set text(font: FAMILY, size: 9pt, fill: ink, lang: LANG, fallback: false, hyphenate: false,
  cjk-latin-spacing: auto)
#set par(leading: 0.82em, spacing: 1.1em, justify: false)
#show regex("JC-STAR|\\d{4}-\\d{2}-\\d{2}"): it => box(it)
#set page(paper: "a4", margin: (top: 24mm, bottom: 20mm, x: 17mm),
  header: context if counter(page).get().first() > 1 {
    set text(size: 7.5pt, fill: soft)
    block(width: 100%, stroke: (bottom: 0.4pt + line-grey), inset: (bottom: 2mm), TITLE)
  },
  footer: context {
    set text(size: 7.5pt, fill: soft)
    grid(columns: (1fr, auto), gutter: 6mm, FOOTER,
      align(right, [#counter(page).display() / #counter(page).final().first()]))
  })
#show list: set block(above: 3.5mm, below: 3.5mm)
#set list(marker: text(fill: accent, "・"), indent: 0pt, body-indent: 0.3em, spacing: 0.95em)
#set table(stroke: none, inset: (x: 2mm, y: 2.2mm), align: left + top)
#show table: set text(size: 8pt)
#show table: set par(leading: 0.68em)
#show heading: set text(size: 1em, weight: "regular")
#show heading.where(level: 1): it => block(above: 9mm, below: 4mm, width: 100%, sticky: true,
  inset: (bottom: 1.5mm), stroke: (bottom: 0.5pt + line-grey),
  text(size: 12.5pt, bold(fill: accent, it.body)))
#show heading.where(level: 2): it => block(above: 7mm, below: 3.2mm, sticky: true,
  text(size: 10.5pt, bold(it.body)))
#show heading.where(level: 3): it => block(above: 4mm, below: 2mm, sticky: true,
  text(size: 9pt, bold(fill: soft, it.body)))
#let banner(colour, tint, say, detail) = block(width: 100%, fill: tint, above: 6mm, below: 6mm,
  breakable: false, stroke: (left: 1.6mm + colour), inset: (x: 5mm, y: 4mm), {
    block(below: if detail == none { 0pt } else { 3.4mm },
      text(size: 14pt, bold(fill: colour, say)))
    if detail != none { block(above: 0pt, detail) }
  })
#let sheet(width, height, drawing) = page(width: width, height: height, margin: 0pt, header: none,
  footer: none, {
    drawing
    place(bottom + right, dx: -20pt, dy: -5pt, text(size: 7pt, fill: soft,
      context [#counter(page).display() / #counter(page).final().first()]))
  })
#let tinted(colour, tint, body) = box(fill: tint, outset: (y: 0.9mm), inset: (x: 1.2mm),
  radius: 0.6mm, bold(fill: colour, body))
#let inked(colour, body) = text(fill: colour, body)
"""


def source(document: Document, known: frozenset[str], day: date) -> str:
    """The typst source of the document.

    Args:
        document: what to say.
        known: the characters that the font has (`present.fonts.characters`).
        day: the date that the PDF says it was made for; never the clock's, so that the same
            answer gives the same file.
    """
    setter = _Setter(known)
    title = setter.literal(document.title)
    preamble = (
        _PREAMBLE.replace("FAMILY", escape.typst(FAMILY))
        .replace("LANG", escape.typst(document.lang))
        .replace("TITLE", title)
        .replace("FOOTER", setter.content(document.footer))
    )
    head = (
        f"#set document(title: {title}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n"
    )
    opening = _opening(setter, document)
    sticky = _introducing(document.blocks)
    body = (setter.block(block, sticky=n in sticky) for n, block in enumerate(document.blocks))
    return head + preamble + opening + "".join(body)


def _introducing(blocks: Sequence[Block]) -> frozenset[int]:
    """The paragraphs that lead to a table, and stay on its page."""
    leading: set[int] = set()
    for n in reversed(range(len(blocks) - 1)):
        if isinstance(blocks[n], Paragraph) and (
            isinstance(blocks[n + 1], Table) or n + 1 in leading
        ):
            leading.add(n)
    return frozenset(leading)


def drawing(svg: str, title: str, known: frozenset[str], day: date) -> str:
    """The typst source of one page that is nothing but a drawing, in the drawing's own size."""
    setter = _Setter(known)
    named = setter.literal(title)
    return (
        f"#set document(title: {named}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n"
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f"#set text(font: {escape.typst(FAMILY)}, fallback: false)\n"
        f"#image(bytes({escape.typst(settable_svg(svg, known))}), "
        f'format: "svg", alt: {named})\n'
    )


def _opening(setter: _Setter, document: Document) -> str:
    parts = [
        '#block(below: 3mm, text(size: 7.5pt, tracking: 0.16em, fill: accent, "SEKISHO 関所"))',
        f"#block(below: 3.6mm, text(size: 18pt, bold({setter.content(document.title)})))",
    ]
    if document.subtitle:
        parts.append(
            f"#block(below: 5mm, text(size: 9pt, fill: soft, {setter.content(document.subtitle)}))"
        )
    parts.append("#block(below: 6mm, line(length: 100%, stroke: 1pt + accent))")
    return "\n".join(parts) + "\n"


class _Setter:
    """Writes blocks with the characters of one font."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def literal(self, text: str) -> str:
        """A string literal that the font can set."""
        return escape.typst(settable(text, self.known))

    def content(self, text: str) -> str:
        """The text as content, with places to break long words.

        A break is a space of no width, which leaves nothing in the text that a reader copies.
        """
        shown = settable(text, self.known)
        parts = _LONG_WORD.sub(_loosened, shown).split(_BREAK)
        literals = [escape.typst(part) for part in parts if part] or ['""']
        return literals[0] if len(literals) == 1 else "{" + "; h(0pt); ".join(literals) + "}"

    def block(self, block: Block, *, sticky: bool = False) -> str:
        """The block's markup; a sticky paragraph stays with what follows it."""
        match block:
            case Heading(level, text):
                depth = min(max(level, 1), 3)
                return f"#heading(level: {depth}, {self.content(text)})\n"
            case Paragraph(text, small):
                stays = str(sticky).lower()
                style = "size: 7.5pt, fill: soft, " if small else ""
                return f"#block(sticky: {stays}, text({style}{self.content(text)}))\n"
            case Banner(verdict, text, detail):
                said = self.content(detail) if detail else "none"
                return f"#banner({_colours(verdict)}, {self.content(text)}, {said})\n"
            case Bullets(items):
                return f"#list({', '.join(self.content(item) for item in items)})\n"
            case Table():
                return self.table(block)
            case Picture(svg, alt):
                return self.picture(svg, alt)
            case PageBreak():
                return "#pagebreak(weak: true)\n"
            case _:
                assert_never(block)

    def table(self, table: Table) -> str:
        tinted = [all(row[n].is_tinted for row in table.rows) for n in range(len(table.widths))]
        # A verdict is as wide as its word: broken in two it would run into the next column.
        columns = ", ".join(
            "auto" if whole and table.rows else f"{max(width, 1)}fr"
            for width, whole in zip(table.widths, tinted, strict=True)
        )
        header = ", ".join(
            f"text(fill: soft, bold(fill: soft, {self.content(name)}))" for name in table.header
        )
        caption = (
            f"#block(sticky: true, above: 5mm, below: 2mm, bold({self.content(table.caption)}))\n"
            if table.caption
            else ""
        )
        rows = "".join(self.row(row) for row in table.rows)
        return (
            f"{caption}#table(columns: ({columns},), table.hline(stroke: 0.8pt + ink),\n"
            f"  table.header({header}, table.hline(stroke: 0.5pt + ink)),\n{rows})\n"
        )

    def row(self, row: Sequence[Cell]) -> str:
        loose = "true" if any(len(cell.text) > _LONG_CELL for cell in row) else "false"
        cells = "".join(f"  table.cell(breakable: {loose}, {self.cell(c)}),\n" for c in row)
        return f"{cells}  table.hline(stroke: 0.4pt + line-grey),\n"

    def cell(self, cell: Cell) -> str:
        text = self.content(cell.text)
        if cell.verdict is None:
            return f"text({text})"
        if cell.is_tinted:
            return f"tinted({_colours(cell.verdict)}, {text})"
        return f'inked(rgb("{LOOKS[cell.verdict].ink}"), {text})'

    def picture(self, svg: str, alt: str) -> str:
        drawn = escape.typst(settable_svg(svg, self.known))
        described = self.literal(alt)
        image = f'image(bytes({drawn}), format: "svg", alt: {described}, '
        size = points(svg)
        if size is not None and is_sheet(svg):
            return f"#sheet({size[0]}pt, {size[1]}pt, {image}width: 100%, height: 100%))\n"
        said = f"block(above: 2mm, text(size: 7.5pt, fill: soft, {self.content(alt)}))"
        if size is not None and size[1] * min(1, _TEXT_WIDTH / size[0]) > _TEXT_HEIGHT:
            height = size[1] + _TEXT_EDGES
            fitted = f"{image}width: {min(size[0], _TEXT_WIDTH)}pt)"
            return f"#page(height: {height}pt, {{\n  {fitted}\n  {said}\n}})\n"
        return (
            f"#block(breakable: false, above: 5mm, below: 5mm, {{\n"
            f"  {image}width: 100%, height: auto)\n  {said}\n}})\n"
        )


def _colours(verdict: Verdict) -> str:
    look = LOOKS[verdict]
    return f'rgb("{look.ink}"), rgb("{look.tint}")'


def _loosened(match: re.Match[str]) -> str:
    """A long word with invisible places to break, after its stops or, failing those, anywhere."""
    parts = _STOPS.split(match[0])
    return _BREAK.join(_HARD.sub(lambda m: m[0] + _BREAK, part) for part in parts)
