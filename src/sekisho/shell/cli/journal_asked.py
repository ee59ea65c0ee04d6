"""What of a journal somebody asks for on the command line: which place, times and kinds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sekisho.gate.journal.entries import EntryKind
    from sekisho.gate.journal.select import Wanted
    from sekisho.terms.quantity import WallMs

PlaceArgument = Annotated[
    Path, typer.Argument(metavar="STATE|FILE", help="A state folder, its gate.db, or an extract.")
]
PublicOption = Annotated[
    Path | None,
    typer.Option(
        "--public",
        metavar="KEY",
        help="The gate's public key (PEM); of a state folder its own gate.pub.",
        show_default=False,
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="TIME",
        help="From this time in Japan on: 2027-05-10, or 2027-05-10T13:00.",
        show_default=False,
    ),
]
UntilOption = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="TIME", help="Until before this time in Japan.", show_default=False
    ),
]
KindOption = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="Only entries of this kind; may be given several times.",
        show_default=False,
    ),
]
WitnessOption = Annotated[
    Path | None,
    typer.Option(
        "--witness",
        metavar="FILE",
        help="Checkpoints kept somewhere else, one on each line.",
        show_default=False,
    ),
]


def wanted(since: str | None, until: str | None, kinds: list[str] | None) -> Wanted:
    """Of what time and kinds.

    Raises:
        InputError: a word is no time or no kind.
    """
    from sekisho.gate.journal.select import Wanted

    return Wanted(
        since=_moment(since, "--from"),
        until=_moment(until, "--to"),
        kinds=tuple(_kind(word) for word in kinds or ()),
    )


def _kind(word: str) -> EntryKind:
    from sekisho.gate.journal.entries import EntryKind
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    try:
        return EntryKind(word)
    except ValueError as error:
        what = Text("「{word}」という種類はありません。", 'There is no kind "{word}".')
        remedy = Text("使える種類: {kinds}", "Kinds: {kinds}")
        kinds = ", ".join(EntryKind)
        problem = Problem("--kind", what.fill(word=word), remedy.fill(kinds=kinds))
        raise InputError(problem) from error


def _moment(given: str | None, option: str) -> WallMs | None:
    """A time from the command line, in Japan where it names no other offset.

    Raises:
        InputError: it is none, or far from this century.
    """
    from datetime import datetime

    from sekisho.terms.dates import JST
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.quantity import WallMs
    from sekisho.terms.texts import Text

    if given is None:
        return None
    try:
        found = datetime.fromisoformat(given)
        if found.tzinfo is None:
            found = found.replace(tzinfo=JST)
        if found.year not in range(2000, 2200):
            raise ValueError(given)  # noqa: TRY301 - one answer to every time that is none
    except ValueError as error:
        what = Text("時刻「{given}」を読めません。", 'The time "{given}" cannot be read.')
        remedy = Text(
            "2027-05-10 か 2027-05-10T13:00 の形で書いてください。",
            "Write it as 2027-05-10 or 2027-05-10T13:00.",
        )
        raise InputError(Problem(option, what.fill(given=given), remedy)) from error
    return WallMs(round(found.timestamp() * 1000))
