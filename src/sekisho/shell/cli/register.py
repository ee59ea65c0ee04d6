"""`sekisho register`: the lists of labelled products that this machine knows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sekisho.shell.cli import register_import, register_watch
from sekisho.shell.cli.options import (
    Format,
    FormatOption,
    KnownAtOption,
    LangOption,
    RegisterOption,
    day,
    language,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sekisho.present.document import Document
    from sekisho.register.model import Label, Listing, Register

app = typer.Typer(
    help="The lists of labelled products: import, search, compare.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("watch")(register_watch.watch)
app.command("calendar")(register_watch.calendar)
app.command("import")(register_import.import_)


@app.command("lists")
def lists(
    *, register: RegisterOption = None, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """List the lists that the register has."""
    from sekisho.desk.register_page import info_data, lists_page
    from sekisho.shell.cli.showing import as_text, on_terminal

    listings = sorted(_listings(register), key=lambda x: (x.info.list_date, x.info.learned))
    if output is Format.JSON:
        data = [info_data(x.info) | {"labels": len(x.labels)} for x in listings]
        sys.stdout.write(as_text(data))
    else:
        sys.stdout.write(on_terminal([lists_page(listings, language(lang))]))


@app.command("search")
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...")],
    *,
    register: RegisterOption = None,
    known_at: KnownAtOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Find labels by parts of number, maker, product, model or version.

    Exit code: 0 found, 1 nothing found.
    """
    from sekisho.desk.register_page import found, labels_page

    known = _register(register, known_at)
    hits = found(known.labels, " ".join(words))
    _answer(hits, known, output, lambda: labels_page(hits, known.info, language(lang)))


@app.command("show")
def show(
    words: Annotated[list[str], typer.Argument(metavar="NUMBER|WORDS...")],
    *,
    register: RegisterOption = None,
    known_at: KnownAtOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Show everything the list prints about a label: by its number, a model, or words.

    Exit code: 0 found, 1 nothing found.
    """
    from sekisho.desk.register_page import label_page, shown

    known = _register(register, known_at)
    hits = shown(known.labels, " ".join(words))
    _answer(hits, known, output, lambda: label_page(hits, known.info, language(lang)))


@app.command("diff")
def diff(
    old: Annotated[
        str | None, typer.Argument(metavar="[OLD]", help="List date, or a list file.")
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="[NEW]", help="List date, or a list file.")
    ] = None,
    *,
    register: RegisterOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Say what changed between two lists (default: the newest and the one before)."""
    from sekisho.desk.register_page import change_data, diff_page, info_data
    from sekisho.register.diff import diff as changes_between
    from sekisho.shell.cli.showing import as_text, on_terminal

    earlier, later = _pair(old, new, register)
    changes = changes_between(earlier, later)
    if output is Format.JSON:
        data = {
            "old": info_data(earlier.info),
            "new": info_data(later.info),
            "changes": [change_data(change) for change in changes],
        }
        sys.stdout.write(as_text(data))
    else:
        page = diff_page(changes, earlier.info, later.info, language(lang))
        sys.stdout.write(on_terminal([page]))


# ---- what the commands share -------------------------------------------------------------------


def _answer(
    hits: Sequence[Label], known: Register, output: Format, page: Callable[[], Document]
) -> NoReturn:
    """Print the labels found, and end with whether there are any."""
    from sekisho.desk.register_page import info_data, label_data
    from sekisho.shell.cli.showing import as_text, on_terminal
    from sekisho.terms.verdict import ExitCode

    if output is Format.JSON:
        data = {"register": info_data(known.info), "labels": [label_data(x) for x in hits]}
        sys.stdout.write(as_text(data))
    else:
        sys.stdout.write(on_terminal([page()]))
    raise typer.Exit(ExitCode.GOOD if hits else ExitCode.FOUND_BAD)


def _listings(source: Path | None) -> tuple[Listing, ...]:
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.register_store import load_listings

    return load_listings(source, today_in_japan())


def _register(source: Path | None, known_at: str | None) -> Register:
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.register_store import load_register

    today = today_in_japan()
    return load_register(source, day(known_at, "--known-at", today), today)


def _pair(old: str | None, new: str | None, source: Path | None) -> tuple[Listing, Listing]:
    """The two lists to compare: named by date or file, else the two newest."""
    from sekisho.register.history import known_listings
    from sekisho.shell.clock import today_in_japan
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    listings = known_listings(_listings(source), today_in_japan())

    def chosen(name: str | None, at: int) -> Listing:
        if name is None:
            if len(listings) >= -at:
                return listings[at]
        elif Path(name).is_file():
            return _listings(Path(name))[-1]
        else:
            for listing in listings:
                if listing.info.list_date.isoformat() == name:
                    return listing
        dates = ", ".join(listing.info.list_date.isoformat() for listing in listings)
        what = Text("比べるリストがありません: {name}", "there is no such list: {name}")
        remedy = Text("日付かファイルを指定してください: {dates}", "give a date or a file: {dates}")
        raise InputError(
            Problem("register diff", what.fill(name=name or "—"), remedy.fill(dates=dates))
        )

    if old is not None and new is None:
        return chosen(old, -2), chosen(None, -1)
    return chosen(old, -2), chosen(new, -1)
