"""Errors that people see: whose fault, where, and what to do next.

Every expected failure is an `InputError` (the person's file or words) or a `WorldError` (a disk, a
network, a missing extra). Both carry `Problem`s; neither ever shows a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sekisho.terms.texts import Lang, Text

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what to write or do instead."""

    where: str
    """File, and line or cell where one is known: `site.toml:12`, `list.xlsx [Sheet1!C5]`."""
    what: Text
    """What is wrong."""
    remedy: Text
    """What to do next."""

    def says(self, lang: Lang) -> str:
        """The problem as one line."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what.says(lang)} → {self.remedy.says(lang)}"


class SekishoError(Exception):
    """A failure with a message for a person."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.where}: {p.what.en}" for p in problems))
        self.problems = problems


class InputError(SekishoError):
    """The input is wrong: exit code 2, and nothing was changed."""


class WorldError(SekishoError):
    """The surroundings failed (disk, network, missing part): exit code 2, nothing half-written."""


def gather(read: Callable[[T], R], sources: Iterable[T]) -> list[R]:
    """Read every source, and report the problems of all of them at once.

    Raises:
        InputError: at least one source is wrong; it carries the problems of every one.
    """
    results: list[R] = []
    problems: list[Problem] = []
    for source in sources:
        try:
            results.append(read(source))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(*problems)
    return results
