"""The rows of a list: which belong to one label, and which are none."""

from __future__ import annotations

from dataclasses import dataclass
from operator import eq
from typing import TYPE_CHECKING, NamedTuple

from sekisho.register import cells
from sekisho.register.columns import Field, Header
from sekisho.terms.errors import Problem
from sekisho.terms.sheet import Book, Cell, Sheet, cell_text, place
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_WARNINGS = 50
"""Further ones are counted, not listed."""


class Filled(NamedTuple):
    """One cell that says something: its column, its value and its text."""

    column: int
    cell: Cell
    text: str


@dataclass(slots=True)
class Row:
    """The cells of one label, by field, from one row or from a row and its continuations."""

    index: int
    cells: dict[Field, list[Filled]]
    raw: dict[str, str]

    def texts(self, name: Field) -> list[str]:
        """The texts of a field, in the order of its columns."""
        found = self.cells.get(name)
        return [filled.text for filled in found] if found else []


def rows_of(sheet: Sheet, header: Header) -> Iterator[Row]:
    """The rows below the header that have content, without headings, footnotes and repeats."""
    columns = [
        (n, known, name)
        for n, (known, name) in enumerate(zip(header.fields, header.names, strict=True))
        if name
    ]
    headers = {tuple(header.names), tuple(name.rpartition(" ")[2] for name in header.names)}
    for index, row in enumerate(sheet.rows[header.first_row :], header.first_row):
        content = [cell for cell in row if cell is not None]
        if not content or _is_banner(row, content):
            continue
        if any(sum(map(eq, row, names)) > _CHANCE for names in headers):
            continue  # the header once more: no label equals three of its headers
        by_field: dict[Field, list[Filled]] = {}
        raw: dict[str, str] = {}
        for n, known, name in columns:
            cell = row[n]
            if cell is None:
                continue
            raw[name] = text = cell if isinstance(cell, str) else cell_text(cell)
            if known is not None and not cells.is_nothing(text):
                by_field.setdefault(known, []).append(Filled(n, cell, text))
        yield Row(index, by_field, raw)


def _is_banner(row: Sequence[Cell], content: Sequence[Cell]) -> bool:
    """A heading or a footnote: one text, in one cell or merged over the row."""
    first = content[0]
    if first != content[-1] or len(row) < _NARROWEST or any(cell != first for cell in content):
        return False
    return len(content) > 1 or str(first).startswith(("※", "*", "注", "(注", "（注", "■", "●"))


_OF_THE_LABEL = frozenset(
    {Field.NUMBER, Field.MAKER, Field.LEVEL, Field.STATUS, Field.ISSUED, Field.EXPIRES}
)
_CHANCE = 2
"""A label may by chance say what so many headers are called; more is the header once more."""
_NARROWEST = 3
"""A row of fewer cells cannot be told from a heading."""
_NAMES = frozenset({Field.NUMBER, Field.MAKER, Field.PRODUCT, Field.MODEL})
_NO_LABEL = Text("この行にはラベルがありません。", "There is no label in this row.")
_NOT_COUNTED = Text("ラベルとして数えません。", "It is not counted as a label.")


def joined(rows: Iterable[Row], warnings: Warnings) -> Iterator[Row]:
    """Joins continuation rows: a row with only models or versions belongs to the label above.

    A spreadsheet saved as CSV leaves the lower cells of a vertical merge empty.
    """
    above: Row | None = None
    for row in rows:
        has = row.cells.keys()
        continues = above is not None and bool(has) and not has & _OF_THE_LABEL
        if above is not None and continues and has & {Field.PRODUCT, Field.VERSION}:
            # Another product or version of the same registration: a row of its own, so that
            # nobody reads model A with version B.
            yield above
            kept = _OF_THE_LABEL if Field.PRODUCT in has else _OF_THE_LABEL | {Field.PRODUCT}
            inherited = {name: above.cells[name] for name in kept if name in above.cells}
            above = Row(row.index, {**inherited, **row.cells}, row.raw)
        elif above is not None and continues and Field.MODEL in has:
            above = _with_more_models(above, row)
        elif has & _NAMES:
            if above is not None:
                yield above
            above = row
        else:
            warnings.add(row.index, 0, _NO_LABEL, _NOT_COUNTED)
    if above is not None:
        yield above


def _with_more_models(above: Row, row: Row) -> Row:
    models = above.cells.get(Field.MODEL, []) + row.cells[Field.MODEL]
    return Row(above.index, {**above.cells, Field.MODEL: models}, both(above.raw, row.raw))


def both(above: Mapping[str, str], below: Mapping[str, str]) -> dict[str, str]:
    """Raw cells of two rows of one label; what differs stands on lines of its own."""
    raw = dict(above)
    for name, text in below.items():
        raw[name] = f"{raw[name]}\n{text}" if raw.get(name, text) != text else text
    return raw


class Warnings:
    """What is reported about single cells, up to a number that a person may read."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._found: list[Problem] = []
        self._more = 0

    def add(self, row: int, column: int, what: Text, remedy: Text) -> None:
        """Reports a cell."""
        if len(self._found) < MOST_WARNINGS:
            where = place(self._book, self._sheet, row, column)
            self._found.append(Problem(where, what, remedy))
        else:
            self._more += 1

    def about(self, row: Row, name: Field, what: Text, remedy: Text) -> None:
        """Reports the first cell of a field in a row."""
        column = next((filled.column for filled in row.cells.get(name, ())), 0)
        self.add(row.index, column, what, remedy)

    def all(self) -> tuple[Problem, ...]:
        """Everything reported, and how many more there were."""
        if not self._more:
            return tuple(self._found)
        what = Text("ほかに {n} 件あります。", "And {n} more.").fill(n=self._more)
        remedy = Text("上の件を直して読み直してください。", "Mend those above and read it again.")
        return (*self._found, Problem(self._book.name, what, remedy))
