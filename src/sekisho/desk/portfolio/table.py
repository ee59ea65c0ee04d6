"""A portfolio from one table: rows of devices become sites.

Strict like the site file: an unknown header, an unreadable cell or a link to nowhere is a problem with
its cell, and all problems are reported at once (up to a bound).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.desk.portfolio.columns import (
    COLUMNS,
    DEVICE_COLUMNS,
    SITE_COLUMNS,
    BadCellError,
    Column,
)
from sekisho.desk.portfolio.plant import Stated, devices_of, put_together
from sekisho.desk.portfolio.problems import STATE_IT, Problems
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import Book, Cell, Sheet, cell_text
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.site.model import Device, Site

_TITLE_ROWS = 20
"""As many rows are searched for the headers; a title above them is longer nowhere."""

_UNKNOWN_HEADER = Text("見出し「{given}」は使われません。", 'The header "{given}" is not known.')
_UNKNOWN_REMEDY = Text("使える見出し: {known}", "Known headers: {known}")
_TWICE = Text("見出し「{given}」が2列あります。", 'The header "{given}" stands twice.')
_TWICE_REMEDY = Text("どちらかの列を消してください。", "Remove one of the columns.")
_MISSING = Text("列「{key}」がありません。", 'There is no column "{key}".')
_MISSING_REMEDY = Text("見出しの行に「{key}」を足してください。", 'Add a header "{key}".')
_BAD = Text("{key}: 「{given}」は読めません。", '{key}: "{given}" cannot be read.')
_BAD_REMEDY = Text("書けるもの: {expected}", "What may stand here: {expected}")
_NO_SITE = Text("{key} が空です。", "{key} is blank.")
_DIFFERS = Text(
    "{key}: 「{given}」は、同じサイトの上の行「{above}」と異なります。",
    '{key}: "{given}" differs from "{above}" in an earlier row of the same site.',
)
_DIFFERS_REMEDY = Text(
    "サイトの値は1つにしてください(2行目からは空欄で構いません)。",
    "Give the site one value; the rows after its first may be blank.",
)
_EMPTY = Text("表にサイトがありません。", "The table holds no site.")
_EMPTY_REMEDY = Text("1行に1機器で書いてください。", "Write one device a row.")


def read_portfolio(book: Book) -> tuple[Site, ...]:
    """The sites of a portfolio table, in the order of their first rows.

    Raises:
        InputError: everything that is wrong, each with its cell.
    """
    sheet = next((s for s in book.sheets if s.rows), None)
    if sheet is None:
        raise InputError(Problem(book.name, _EMPTY, _EMPTY_REMEDY))
    problems = Problems(book, sheet)
    top = _header_row(sheet)
    columns = _columns(sheet, top, problems)
    if problems.found:
        raise InputError(*problems.found)
    groups = _grouped(sheet, top, columns, problems)
    sites = [_site(rows, columns, problems) for rows in groups.values()]
    if problems.found:
        raise InputError(*problems.found)
    if not sites:
        raise InputError(Problem(book.name, _EMPTY, _EMPTY_REMEDY))
    return tuple(s for s in sites if s is not None)


def _header_row(sheet: Sheet) -> int:
    """The row of headers: titles may stand above it, and they name no site column."""
    [column] = [c for c in COLUMNS if c.key == "site"]
    names = {column.key, *(a.lower() for a in column.also)}
    for at, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        if any(cell_text(cell).strip().lower() in names for cell in row):
            return at
    return 0


def _columns(sheet: Sheet, top: int, problems: Problems) -> Mapping[str, int]:
    """Where each column stands."""
    known = {name: c.key for c in COLUMNS for name in (c.key, *(a.lower() for a in c.also))}
    where: dict[str, int] = {}
    for at, cell in enumerate(sheet.rows[top]):
        given = cell_text(cell).strip()
        if not given:
            continue
        key = known.get(given.lower())
        if key is None:
            remedy = _UNKNOWN_REMEDY.fill(known=listed(c.key for c in COLUMNS))
            problems.add((top, at), _UNKNOWN_HEADER.fill(given=given), remedy)
        elif key in where:
            problems.add((top, at), _TWICE.fill(given=given), _TWICE_REMEDY)
        else:
            where[key] = at
    for column in COLUMNS:
        if column.required and column.key not in where:
            problems.add(
                (top, 0), _MISSING.fill(key=column.key), _MISSING_REMEDY.fill(key=column.key)
            )
    return where


Rows = list[tuple[int, "tuple[Cell, ...]"]]


def _grouped(
    sheet: Sheet, top: int, columns: Mapping[str, int], problems: Problems
) -> dict[str, Rows]:
    """Rows by site; a row without a site id belongs to the site above it."""
    at = columns["site"]
    groups: dict[str, Rows] = {}
    current: str | None = None
    for index, row in enumerate(sheet.rows[top + 1 :], top + 1):
        cell = row[at]
        if cell is not None:
            current = cell_text(cell)
        elif all(c is None for c in row):
            continue
        if current is None:
            problems.add((index, at), _NO_SITE.fill(key="site"), STATE_IT)
            continue
        groups.setdefault(current, []).append((index, row))
    return groups


def _site(rows: Rows, columns: Mapping[str, int], problems: Problems) -> Site | None:
    head = _read(SITE_COLUMNS, rows, columns, problems)
    for column in SITE_COLUMNS:
        if column.key in columns:
            _one_value(column.key, columns[column.key], rows, problems)
        blank = column.required and all(row[columns[column.key]] is None for _, row in rows)
        if blank:
            at = (rows[0][0], columns[column.key])
            problems.add(at, _NO_SITE.fill(key=column.key), STATE_IT)
    devices: list[Device] = []
    links: list[Stated] = []
    for row in rows:
        found = _read(DEVICE_COLUMNS, [row], columns, problems)
        if found:
            devices.extend(devices_of(found, row[0], len(devices), columns, problems))
            if "connects_to" in found:
                links.append((row[0], str(found["device"]), found))
    if problems.found:
        return None
    return put_together(head, devices, links, columns, problems)


def _one_value(key: str, at: int, rows: Rows, problems: Problems) -> None:
    """Tells of rows of one site that contradict each other: neither value may win in silence."""
    stated = [(index, row[at]) for index, row in rows if row[at] is not None]
    for index, cell in stated[1:]:
        if cell != stated[0][1]:
            given, above = cell_text(cell)[:60], cell_text(stated[0][1])[:60]
            what = _DIFFERS.fill(key=key, given=given, above=above)
            problems.add((index, at), what, _DIFFERS_REMEDY)


def _read(
    wanted: Sequence[Column], rows: Rows, columns: Mapping[str, int], problems: Problems
) -> dict[str, Any]:
    """The first stated value of each column in the rows."""
    found: dict[str, Any] = {}
    for column in wanted:
        at = columns.get(column.key)
        if at is None:
            continue
        for index, row in rows:
            cell = row[at]
            if cell is None:
                continue
            try:
                found[column.key] = column.read(cell)
            except BadCellError as bad:
                what = _BAD.fill(key=column.key, given=cell_text(cell)[:60])
                problems.add((index, at), what, _BAD_REMEDY.fill(expected=bad.expected))
            break
    return found
