"""A table as read from a file, before anybody says what its columns mean.

The reader in the shell makes these values out of Excel and CSV files; whoever understands the
content (the list of labelled products, an equipment list, a portfolio) takes them from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Cell = str | float | date | None
"""One cell: text without outer white space and never empty, a number, a day, or nothing."""

_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; row and column indices count from 0, and every row has the same width."""

    name: str
    """The sheet's name; empty for CSV, which has none."""
    rows: tuple[tuple[Cell, ...], ...]
    """Merged ranges are already filled: each of their cells has the value of the first one."""


@dataclass(frozen=True, slots=True)
class Book:
    """One file: its sheets, in the order of the file."""

    name: str
    """The file's name without its folder."""
    sha256: str
    """Of the file's bytes, in lower-case hexadecimal."""
    sheets: tuple[Sheet, ...]


def column_letters(column: int) -> str:
    """The spreadsheet's letters for a column: 0 is `A`, 26 is `AA`."""
    letters = ""
    rest = column + 1
    while rest:
        rest, digit = divmod(rest - 1, _LETTERS)
        letters = chr(ord("A") + digit) + letters
    return letters


def address(row: int, column: int) -> str:
    """The address of a cell as spreadsheets print it: (4, 2) is `C5`."""
    return f"{column_letters(column)}{row + 1}"


def place(book: Book, sheet: Sheet, row: int, column: int) -> str:
    """Where a cell is, for messages: `list.xlsx [Sheet1!C5]`, for CSV `list.csv [C5]`."""
    inside = f"{sheet.name}!" if sheet.name else ""
    return f"{book.name} [{inside}{address(row, column)}]"


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without a decimal point, days in ISO form, "" for nothing."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case date():
            return cell.isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
