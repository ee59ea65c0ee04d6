"""What is wrong with a portfolio's table, cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.sheet import place
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.terms.sheet import Book, Sheet

_MOST_PROBLEMS = 100
"""More than this and the rest is left for the next run."""
STATE_IT = Text("サイトの最初の行に書いてください。", "State it in the site's first row.")


class Problems:
    """What is wrong so far; stops the reading when the bound is reached."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self._book = book
        self._sheet = sheet
        self.found: list[Problem] = []

    def add(self, at: tuple[int, int], what: Text, remedy: Text) -> None:
        """One more, at a row and column.

        Raises:
            InputError: there are too many to go on.
        """
        where = place(self._book, self._sheet, *at)
        self.found.append(Problem(where, what, remedy))
        if len(self.found) >= _MOST_PROBLEMS:
            raise InputError(*self.found)
