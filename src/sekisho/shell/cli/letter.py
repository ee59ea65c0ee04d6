"""`sekisho letter`: questions to makers and to the aggregator about what is open."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import (
    AsOfOption,
    KnownAtOption,
    LangOption,
    RegisterOption,
    SiteArgument,
    language,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.desk.letter import Letter

_NOTHING = Text("確認すべき点はありません。\n", "Nothing is open.\n")


class To(StrEnum):
    """Whom to write to."""

    MAKER = "maker"
    AGGREGATOR = "aggregator"


class Medium(StrEnum):
    """How a letter is set."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"


def letter(
    site: SiteArgument,
    *,
    to: Annotated[To, typer.Option("--to", help="Each maker, or the aggregator.")] = To.MAKER,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    medium: Annotated[
        Medium, typer.Option("--format", help="How the letters are set.")
    ] = Medium.TEXT,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Write one file per letter there."),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Write a letter to each maker about each open point, or to the aggregator.

    Without --out the letters are printed as text.
    """
    from sekisho.desk.assess import assess
    from sekisho.desk.letter import aggregator_letter, maker_letters
    from sekisho.present import escape
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import on_terminal, rendered, tell_written
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole

    desk = prepare_desk(
        as_of=as_of, known_at=known_at, register=register, accept_stale=False, strict=False
    )
    result = assess(desk, load_site(site))
    spoken = language(lang)
    if to is To.AGGREGATOR:
        letters: tuple[Letter, ...] = (aggregator_letter(result, spoken),)
    else:
        letters = maker_letters(result, spoken)
    if not letters:
        sys.stdout.write(_NOTHING.says(spoken))
        return
    if out is None and medium is Medium.TEXT:
        sys.stdout.write(on_terminal([one.document for one in letters]))
        return
    folder = out or Path()
    suffix = {Medium.TEXT: ".txt", Medium.HTML: ".html", Medium.PDF: ".pdf"}[medium]
    for number, one in enumerate(letters, 1):
        name = f"letter-{number:02}-{escape.filename(one.to, 'maker')}-{spoken.value}{suffix}"
        path = folder / name
        write_whole(path, rendered(one.document, path, desk.question.known_at))
        tell_written(path)
