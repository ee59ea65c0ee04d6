"""Options that many commands share, and how they are read."""

from __future__ import annotations

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Lang, Text

_BAD_DATE = Text("日付「{given}」を読めません。", 'The date "{given}" cannot be read.')
_BAD_DATE_REMEDY = Text("2027-05-10 の形で書いてください。", "Write it as 2027-05-10.")

_FAR = Text("日付 {given} は遠すぎます。", "The date {given} is too far away.")
_FAR_REMEDY = Text(
    "{first} から {last} までの年にしてください。", "Give a year from {first} to {last}."
)
_NOT_ADDRESS = Text("{given} は HOST:PORT ではありません。", "{given} is not HOST:PORT.")
_AS_ADDRESS = Text("127.0.0.1:8443 の形で書いてください。", "Write it as 127.0.0.1:8443.")
_LAST_PORT = 65_535
_YEARS = range(2000, 2200)
"""Nothing of this trade is older, and a look ahead of 30 years stays within the calendar."""


class Format(StrEnum):
    """What a command prints."""

    TEXT = "text"
    JSON = "json"


LangOption = Annotated[
    Lang | None,
    typer.Option(
        "--lang",
        help="Language of the output; else $SEKISHO_LANG, else the locale's (ja, en).",
        show_default=False,
    ),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="Text for people, JSON for programs.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Day that stands in for dates the site does not give (default: today in Japan).",
        show_default=False,
    ),
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="DATE",
        help="Answer with what was known on that day (default: today in Japan).",
        show_default=False,
    ),
]
RegisterOption = Annotated[
    Path | None,
    typer.Option(
        "--register",
        metavar="FILE|DB",
        help="A list (.xlsx, .csv) or a register database; else the own register, else the "
        "shipped excerpts.",
        show_default=False,
    ),
]
SiteArgument = Annotated[Path, typer.Argument(metavar="SITE", help="A site file or its folder.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Let open duties enter the verdict.")]
YearsOption = Annotated[int, typer.Option("--years", min=1, max=30, help="How far to look.")]
AcceptStaleOption = Annotated[
    bool, typer.Option("--accept-stale", help="Let a list older than 60 days settle things.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="PATH", help="Write there instead of printing.", show_default=False
    ),
]


def language(given: Lang | None) -> Lang:
    """The language of the output."""
    if given is not None:
        return given
    for name in ("SEKISHO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return Lang.JA if value.lower().startswith("ja") else Lang.EN
    return Lang.EN


def day(given: str | None, option: str, default: date) -> date:
    """A date from the command line.

    Raises:
        InputError: it is not an ISO calendar date.
    """
    if given is None:
        return default
    try:
        found = date.fromisoformat(given)
    except ValueError as error:
        problem = Problem(option, _BAD_DATE.fill(given=given), _BAD_DATE_REMEDY)
        raise InputError(problem) from error
    if found.year not in _YEARS:
        remedy = _FAR_REMEDY.fill(first=_YEARS[0], last=_YEARS[-1])
        raise InputError(Problem(option, _FAR.fill(given=given), remedy))
    return found


def host_port(given: str) -> tuple[str, int]:
    """An address and a port as people write them.

    Raises:
        InputError: it is no such thing.
    """
    host, _, port = given.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise InputError(Problem("--listen", _NOT_ADDRESS.fill(given=given), _AS_ADDRESS))
    return host.strip("[]"), int(port)
