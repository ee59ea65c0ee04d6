"""`sekisho register import`: a list is added to the register."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import Format, FormatOption, LangOption, day, language
from sekisho.shell.cli.showing import as_text, tell_line, tell_problems

if TYPE_CHECKING:
    from sekisho.register.model import Listing
    from sekisho.register.read_list import Read
    from sekisho.terms.errors import Problem
    from sekisho.terms.texts import Lang

DbOption = Annotated[
    Path | None,
    typer.Option(
        "--db",
        metavar="DB",
        help="The register database (default: $SEKISHO_REGISTER, else the user's data folder).",
        show_default=False,
    ),
]
ListDateOption = Annotated[
    str | None,
    typer.Option(
        "--list-date",
        metavar="DATE",
        help="Date of the list (default: in the file, else in its name, else today).",
        show_default=False,
    ),
]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="TOML",
        help='What unknown headers mean: [headers] "name" = "model".',
        show_default=False,
    ),
]
ExcerptOption = Annotated[bool, typer.Option("--excerpt", help="The file is not the whole list.")]


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list, .xlsx or .csv.")],
    *,
    list_date: ListDateOption = None,
    mapping: MappingOption = None,
    excerpt: ExcerptOption = False,
    db: DbOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Add a list to the register; what is there already is never changed."""
    import gc

    from sekisho.register.read_list import Reading, read_list
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.mapping_file import read_mapping
    from sekisho.shell.register_store import add_list, default_path
    from sekisho.shell.tabular import read_book

    # The process ends with the import: collecting would only walk a million live cells over again.
    gc.disable()
    spoken = language(lang)
    today = today_in_japan()
    dated = None if list_date is None else day(list_date, "--list-date", today)
    if dated is not None and dated > today:
        raise _future(list_date)
    reading = Reading(
        today=today,
        list_date=dated,
        learned=today,
        mapping=read_mapping(mapping) if mapping else {},
        excerpt=excerpt,
    )
    read = read_list(read_book(file), reading)
    tell_problems(read.warnings, spoken)
    store = db or default_path()
    tell_problems(_much_shorter(read.listing, store), spoken)
    added = add_list(store, read)
    _tell_added(read, store, output, spoken, added=added)


def _tell_added(read: Read, store: Path, output: Format, lang: Lang, *, added: bool) -> None:
    """Say which list was added, or that it was there already."""
    from sekisho.desk.register_page import about, info_data
    from sekisho.terms.texts import Text

    listing = read.listing
    if output is Format.JSON:
        facts = {"labels": len(listing.labels), "added": added, "database": str(store)}
        sys.stdout.write(as_text(info_data(listing.info) | facts))
        return
    said = Text("{n} 件のラベルを取り込みました: {list} → {db}", "Added {n} labels: {list} → {db}")
    if not added:
        said = Text("既に同じリストがあります: {list} → {db}", "Already there: {list} → {db}")
    line = said.fill(n=len(listing.labels), list=about(listing.info, lang), db=store)
    tell_line(line.says(lang))


def _much_shorter(listing: Listing, store: Path) -> list[Problem]:
    """A complete list with far fewer rows than the one before is more likely a part of it.

    It matters: what is absent from a complete list breaks a rule.
    """
    from sekisho.shell.register_store import complete_before
    from sekisho.terms.errors import Problem
    from sekisho.terms.texts import Text

    last = complete_before(store, listing.info.list_date)
    rows = len(listing.labels)
    if last is None or not listing.info.complete or rows * 5 >= last[1] * 4:  # four fifths
        return []
    what = Text(
        "{n} 件しかなく、{date} のリスト({before} 件)より大きく減っています。",
        "It has only {n} labels, far fewer than the list of {date} ({before}).",
    ).fill(n=rows, date=last[0], before=last[1])
    remedy = Text(
        "一部だけのファイルなら --excerpt を付けて取り込み直してください。",
        "If the file is only a part, import it again with --excerpt.",
    )
    return [Problem(listing.info.source, what, remedy)]


def _future(given: str | None) -> Exception:
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    what = Text("リストの日付 {given} は未来です。", "The list date {given} is in the future.")
    remedy = Text("リストに書かれた日付にしてください。", "Give the date that the list states.")
    return InputError(Problem("--list-date", what.fill(given=given), remedy))
