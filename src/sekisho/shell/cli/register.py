"""`sekisho register`: the lists of labelled products that this machine knows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sekisho.shell.cli import register_watch
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
    from collections.abc import Callable, Iterable, Sequence

    from sekisho.present.document import Document
    from sekisho.register.model import Label, Listing, Register
    from sekisho.register.read_list import Read
    from sekisho.terms.errors import Problem
    from sekisho.terms.texts import Lang

app = typer.Typer(
    help="The lists of labelled products: import, search, compare.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("watch")(register_watch.watch)
app.command("calendar")(register_watch.calendar)
DbOption = Annotated[
    Path | None,
    typer.Option(
        "--db",
        metavar="DB",
        help="The register database (default: $SEKISHO_REGISTER, else the user's data folder).",
        show_default=False,
    ),
]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The list, .xlsx or .csv.")],
    *,
    list_date: Annotated[
        str | None,
        typer.Option(
            "--list-date",
            metavar="DATE",
            help="Date of the list (default: in the file, else in its name, else today).",
            show_default=False,
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="TOML",
            help='What unknown headers mean: [headers] "name" = "model".',
            show_default=False,
        ),
    ] = None,
    excerpt: Annotated[
        bool, typer.Option("--excerpt", help="The file is not the whole list.")
    ] = False,
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
    _warn(read.warnings, spoken)
    store = db or default_path()
    _warn(_much_shorter(read.listing, store), spoken)
    added = add_list(store, read)
    _tell_added(read, store, output, spoken, added=added)


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


def _tell_added(read: Read, store: Path, output: Format, lang: Lang, *, added: bool) -> None:
    """Say which list was added, or that it was there already."""
    from sekisho.desk.register_page import about, info_data
    from sekisho.shell.cli.showing import as_text
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
    _say(line.says(lang))


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


def _warn(problems: Iterable[Problem], lang: Lang) -> None:
    from sekisho.present.escape import terminal

    for problem in problems:
        sys.stderr.write(terminal(problem.says(lang)) + "\n")


def _say(line: str) -> None:
    from sekisho.present.escape import terminal

    sys.stdout.write(terminal(line) + "\n")
