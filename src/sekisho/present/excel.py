"""Tables as an Excel workbook.

Every value is written as a string: nothing typed by an owner or printed on a list is ever a formula,
a link or a number. A text that a spreadsheet would calculate carries the quote prefix, so that it
stays text when somebody edits its cell. The same tables and date give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import xlsxwriter

from sekisho.present.escape import excel_cell, starts_formula
from sekisho.present.linebreak import columns
from sekisho.present.verdicts import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekisho.present.document import Cell, Table
    from sekisho.terms.verdict import Verdict

_NAME_LENGTH: Final = 31
_FORBIDDEN_IN_NAMES: Final = frozenset("[]:*?/\\")
_NARROW, _WIDE = 8, 56
_MOST_ROWS: Final = 1_000_000
"""Just under what one sheet may hold."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a name, lines above the table, and the table."""

    name: str
    intro: tuple[str, ...]
    table: Table


def write(sheets: Sequence[Sheet], sink: BinaryIO, *, title: str, created: date) -> None:
    """Write the sheets as .xlsx.

    Args:
        sheets: at least one.
        sink: where the workbook goes.
        title: title in the file's properties.
        created: date in the file's properties; never the clock's.

    Raises:
        ValueError: a table is longer than a sheet may be; callers bound their rows.
    """
    book = xlsxwriter.Workbook(
        sink,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": excel_cell(title),
            "author": "sekisho",
            "created": datetime.combine(created, time()),
        }
    )
    styles = _Styles(book)
    names = sheet_names([sheet.name for sheet in sheets])
    for sheet, name in zip(sheets, names, strict=True):
        _write_sheet(book.add_worksheet(name), sheet, styles)
    book.close()


def sheet_names(wished: Sequence[str]) -> list[str]:
    """Names that Excel takes: bounded, without its signs, and no two the same."""
    taken: dict[str, str] = {}
    for wish in wished:
        plain = "".join(
            " " if c in _FORBIDDEN_IN_NAMES else c for c in excel_cell(wish).replace("\n", " ")
        )
        base = plain.strip(" '")[:_NAME_LENGTH].strip(" '") or "Sheet"
        if base.casefold() == "history":  # a name that Excel keeps for itself
            base += "_"
        name, n = base, 1
        while name.casefold() in taken:
            n += 1
            tail = f" ({n})"
            name = base[: _NAME_LENGTH - len(tail)] + tail
        taken[name.casefold()] = name
    return list(taken.values())


class _Styles:
    """The formats of one workbook, made when first used."""

    _BASE: Final = {"font_name": "Yu Gothic", "font_size": 10, "valign": "top"}

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, Verdict | None, bool], Any] = {}

    def of(self, kind: str, verdict: Verdict | None = None, *, quoted: bool = False) -> Any:
        key = (kind, verdict, quoted)
        if key not in self._made:
            self._made[key] = self._book.add_format(self._properties(kind, verdict, quoted=quoted))
        return self._made[key]

    def _properties(self, kind: str, verdict: Verdict | None, *, quoted: bool) -> dict[str, Any]:
        wanted: dict[str, Any] = dict(self._BASE)
        if quoted:
            wanted["quote_prefix"] = True
        if kind == "title":
            return wanted | {"bold": True, "font_size": 14}
        if kind == "intro":
            return wanted | {"font_color": "#565f6b"}
        wanted |= {"text_wrap": True, "border": 1, "border_color": "#d9dee4", "num_format": "@"}
        if kind == "header":
            return wanted | {"bold": True, "bg_color": "#23425f", "font_color": "#ffffff"}
        if verdict is not None:
            look = LOOKS[verdict]
            wanted |= {"bold": True, "bg_color": look.tint, "font_color": look.ink}
        return wanted


def _write_sheet(page: Any, sheet: Sheet, styles: _Styles) -> None:
    table = sheet.table
    if len(table.rows) > _MOST_ROWS:
        raise ValueError(f"{len(table.rows)} rows do not fit on a sheet")
    row = 0
    for kind, lines in (
        ("title", (table.caption,) if table.caption else ()),
        ("intro", sheet.intro),
    ):
        for line in lines:
            _put(page, row, 0, line, styles, kind)
            row += 1
    top = row + 1 if row else 0
    for n, name in enumerate(table.header):
        _put(page, top, n, name, styles, "header")
    for n, cells in enumerate(table.rows, top + 1):
        for m, cell in enumerate(cells[: len(table.header)]):
            _put(page, n, m, cell.text, styles, "cell", cell.verdict)
    for n, width in enumerate(_widths(table)):
        page.set_column(n, n, width)
    page.freeze_panes(top + 1, 0)
    if table.rows:
        page.autofilter(top, 0, top + len(table.rows), len(table.header) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_footer("&R&P / &N")
    page.hide_gridlines(2)


def _put(
    page: Any,
    row: int,
    column: int,
    text: str,
    styles: _Styles,
    kind: str,
    verdict: Verdict | None = None,
) -> None:
    style = styles.of(kind, verdict, quoted=starts_formula(text))
    page.write_string(row, column, excel_cell(text), style)


def _widths(table: Table) -> list[int]:
    return [
        max(_NARROW, min(_WIDE, 3 + max(_longest(name), *_lengths(table.rows, n))))
        for n, name in enumerate(table.header)
    ]


def _lengths(rows: Sequence[Sequence[Cell]], column: int) -> list[int]:
    return [0, *(_longest(row[column].text) for row in rows if column < len(row))]


def _longest(text: str) -> int:
    return max(columns(line) for line in text.split("\n"))
