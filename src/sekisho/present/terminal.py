"""A document as lines for a terminal.

Width and colour are told, never asked of the terminal. Sign and word carry every verdict; colour
is an addition. Every string is made visible first, so that no name can move the cursor, change a
colour or write from right to left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

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
from sekisho.present.escape import visible
from sekisho.present.linebreak import columns, padded, wrapped
from sekisho.present.verdicts import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.present.document import Block, Document
    from sekisho.terms.verdict import Verdict

_GAP: Final = 2
_NARROWEST: Final = 8
"""A column narrower than this is not read any more; the table is then written as a list."""

_BOLD: Final = "1"
_DIM: Final = "2"


def rendered(document: Document, *, width: int, colour: bool) -> str:
    """The document as text that ends with a line feed.

    Args:
        document: what to say.
        width: columns of the terminal; at least 20 are used.
        colour: whether to add ANSI colours.
    """
    page = _Page(max(20, width), colour=colour)
    page.line(document.title, _BOLD)
    if document.subtitle:
        page.line(document.subtitle, _DIM)
    for block in document.blocks:
        page.block(block)
    if document.footer:
        page.space()
        page.line(document.footer, _DIM)
    return "\n".join(page.lines) + "\n"


class _Page:
    """Lines written so far."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self.width = width
        self.colour = colour
        self.lines: list[str] = []
        self.headed = False

    def space(self) -> None:
        """An empty line, but none at the top and none below a heading."""
        if self.lines and self.lines[-1] and not self.headed:
            self.lines.append("")
        self.headed = False

    def line(self, text: str, *sgr: str, first: str = "", rest: str = "") -> None:
        room = self.width - columns(first or rest)
        for n, part in enumerate(wrapped(visible(text), room)):
            self.lines.append(((rest if n else first) + self.tinted(part, *sgr)).rstrip(" "))

    def tinted(self, text: str, *sgr: str) -> str:
        codes = [code for code in sgr if code]
        if not self.colour or not codes or not text.strip():
            return text
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"

    def block(self, block: Block) -> None:
        match block:
            case Heading(level, text):
                self.heading(level, text)
            case Paragraph(text, small):
                self.space()
                self.line(text, _DIM if small else "")
            case Banner(verdict, text, detail):
                self.banner(verdict, text, detail)
            case Bullets(items):
                self.space()
                self.bullets(items)
            case Table():
                self.space()
                self.table(block)
            case Picture(_, alt):
                self.space()
                self.line(f"[{alt}]", _DIM)
            case PageBreak():
                self.space()
            case _:
                assert_never(block)

    def heading(self, level: int, text: str) -> None:
        self.headed = False
        self.space()
        self.line(text, _BOLD)
        if level == 1:
            self.lines.append(self.tinted("─" * min(self.width, columns(visible(text))), _DIM))
        self.headed = True

    def banner(self, verdict: Verdict, text: str, detail: str) -> None:
        self.space()
        mark = "▌ "
        for words, style in ((text, _BOLD), (detail, "")):
            for part in wrapped(visible(words), self.width - columns(mark)) if words else ():
                self.lines.append(
                    self.tinted(mark, _sgr(verdict))
                    + self.tinted(part, style, _sgr(verdict) if style else "")
                )

    def bullets(self, items: Sequence[str]) -> None:
        for item in items:
            for n, part in enumerate(visible(item, newlines=True).split("\n")):
                self.line(part, first="  " if n else "- ", rest="  ")

    def table(self, table: Table) -> None:
        if table.caption:
            self.line(table.caption, _BOLD)
        sizes = _sizes(table, self.width)
        if sizes is None:
            self.listed(table)
            return
        self.row([Cell(name) for name in table.header], sizes, _BOLD)
        self.lines.append(self.tinted("─" * (sum(sizes) + _GAP * (len(sizes) - 1)), _DIM))
        for row in table.rows:
            self.row(row, sizes)

    def row(self, row: Sequence[Cell], sizes: Sequence[int], sgr: str = "") -> None:
        cells = [
            wrapped(visible(cell.text, newlines=True), size)
            for cell, size in zip(row, sizes, strict=False)
        ]
        for n in range(max((len(c) for c in cells), default=0)):
            parts = [
                self.tinted(
                    padded(lines[n] if n < len(lines) else "", size), sgr or _sgr(cell.verdict)
                )
                for cell, lines, size in zip(row, cells, sizes, strict=False)
            ]
            self.lines.append((" " * _GAP).join(parts).rstrip(" "))

    def listed(self, table: Table) -> None:
        """The table of a narrow terminal: each row as a short list of named values."""
        for n, row in enumerate(table.rows):
            if n:
                self.space()
            for name, cell in zip(table.header, row, strict=False):
                lead = f"{visible(name)}: " if name else ""
                indent = "  " if columns(lead) * 2 > self.width else " " * columns(lead)
                text = visible(cell.text, newlines=True).replace("\n", " / ")
                if columns(lead) * 2 > self.width:
                    self.line(lead)
                    self.line(text, _sgr(cell.verdict), first=indent, rest=indent)
                else:
                    self.line(text, _sgr(cell.verdict), first=lead, rest=indent)


def _sgr(verdict: Verdict | None) -> str:
    return LOOKS[verdict].sgr if verdict is not None else ""


def _sizes(table: Table, width: int) -> list[int] | None:
    """Columns for each column of the table, or None where it cannot be read at this width."""
    count = len(table.header)
    natural = [columns(visible(name)) for name in table.header]
    for row in table.rows:
        for n, cell in enumerate(row[:count]):
            lines = visible(cell.text, newlines=True).split("\n")
            natural[n] = max(natural[n], *(columns(line) for line in lines))
    room = width - _GAP * (count - 1)
    if sum(natural) <= room:
        return natural
    rigid = {
        n: natural[n]
        for n in range(count)
        if natural[n] * 3 <= width and any(row[n].verdict for row in table.rows if n < len(row))
    }
    return _shared(natural, table.widths, rigid, room)


def _shared(
    natural: list[int], shares: tuple[int, ...], rigid: dict[int, int], room: int
) -> list[int] | None:
    """Verdicts of a word or two are never cut; what needs less than its share keeps its need; the rest share."""
    sizes = dict(rigid)
    room -= sum(rigid.values())
    open_ = {n: need for n, need in enumerate(natural) if n not in rigid}
    while open_:
        total = sum(shares[n] for n in open_) or 1
        fitting = {n: need for n, need in open_.items() if need <= room * shares[n] // total}
        if not fitting:
            sizes |= {n: max(1, room * shares[n] // total) for n in open_}
            break
        for n, need in fitting.items():
            sizes[n] = need
            room -= need
            del open_[n]
    if any(size < min(_NARROWEST, natural[n]) for n, size in sizes.items()):
        return None
    return [sizes[n] for n in range(len(natural))]
