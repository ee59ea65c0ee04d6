"""One question, what our own table says, and what somebody else's tool saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    tool: str
    """Name and version of the tool."""
    question: str
    ours: frozenset[str]
    """What our table says; empty: nothing."""
    theirs: frozenset[str]
    """What the tool saw."""

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.ours == self.theirs


class ToolMissingError(Exception):
    """A tool that is not there: the table would be empty, which must not look like no difference."""


class ToolFailedError(Exception):
    """A tool that ran and gave no answer that can be read."""


def table(rows: Sequence[Row]) -> str:
    """The rows for people; a difference is marked by a word and a sign."""
    return "\n".join(line for row in rows for line in _lines(row))


def _lines(row: Row) -> Iterable[str]:
    yield f"{'○ same     ' if row.same else '× DIFFERENT'}  {row.tool}: {row.question}"
    if row.same:
        yield f"             {_said(row.ours)}"
        return
    both, ours, theirs = row.ours & row.theirs, row.ours - row.theirs, row.theirs - row.ours
    for name, part in (("both", both), ("only our table", ours), ("only the tool", theirs)):
        if part:
            yield f"             {name}: {_said(part)}"


def _said(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "nothing"
