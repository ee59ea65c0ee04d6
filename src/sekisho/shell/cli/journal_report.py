"""A part of a journal as a file: lines for programs, or a page for people that carries them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed
from sekisho.gate.journal.extract import BEGIN, END
from sekisho.shell.cli.showing import cannot_be_made, plain
from sekisho.shell.rendering import html_bytes
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sekisho.gate.journal.log import Log, Row
    from sekisho.present.document import Document

_MOST_ON_A_PAGE = 20_000


class Carrier(StrEnum):
    """What an extract stands in, by the ending of its file's name."""

    LINES = ".jsonl"
    HTML = ".html"
    TEXT = ".txt"


def carrier_of(out: Path) -> Carrier:
    """What the file's name asks for.

    Raises:
        InputError: it ends in nothing that can be made.
    """
    try:
        return Carrier(out.suffix.lower())
    except ValueError as error:
        raise cannot_be_made(out, out.suffix, *Carrier) from error


def written(log: Log, lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of an extract.

    Raises:
        InputError: the journal holds something that is no entry.
    """
    try:
        yield from lines
    except Malformed as error:
        what = Text("記録が読めません。", "An entry cannot be read.")
        remedy = Text(
            "sekisho journal verify で何が起きたかを確かめてください。",
            "See what happened to it with sekisho journal verify.",
        )
        raise InputError(Problem(log.name, what, remedy)) from error


def readable(log: Log, first: int, last: int) -> list[Row]:
    """The entries for a page.

    Raises:
        InputError: they are too many for people to read.
    """
    if last - first >= _MOST_ON_A_PAGE:
        what = Text(
            "記録が {n} 件あり、ページには多すぎます。",
            "These are {n} entries, too many for a page.",
        ).fill(n=last - first + 1)
        remedy = Text(
            "--out を .jsonl にするか、期間を短くしてください。",
            "End --out in .jsonl, or take a shorter time.",
        )
        raise InputError(Problem(log.name, what, remedy))
    return list(log.rows(first, last))


def nothing(name: str) -> InputError:
    """What to say where no entry is of the time."""
    what = Text("この期間の記録はありません。", "There are no entries of that time.")
    remedy = Text(
        "sekisho journal show で記録のある期間を確かめてください。",
        "See with sekisho journal show of what time there are some.",
    )
    return InputError(Problem(name, what, remedy))


def carried(carrier: Carrier, page: Document, lines: list[bytes]) -> bytes:
    """The extract, in a page where one is wanted."""
    data = b"".join(lines)
    match carrier:
        case Carrier.LINES:
            return data
        case Carrier.HTML:
            return b"%s\n<!--\n%s\n%s%s\n-->\n" % (html_bytes(page), BEGIN, data, END)
        case Carrier.TEXT:
            return b"%s\n%s\n%s%s\n" % (plain([page]).encode(), BEGIN, data, END)
