"""`sekisho register watch` and `sekisho register calendar`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import (
    Format,
    FormatOption,
    KnownAtOption,
    LangOption,
    OutOption,
    RegisterOption,
    day,
    language,
)

if TYPE_CHECKING:
    from datetime import date

    from sekisho.desk.watch import Watched
    from sekisho.register.model import Listing

SitesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--site",
        metavar="SITE",
        help="A site file or folder; give it once for each site.",
        show_default=False,
    ),
]
NewArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="[LIST]", help="A new list, not yet imported (default: the newest imported)."
    ),
]
ToFileOption = Annotated[
    Path | None,
    typer.Option(
        "--to-file", metavar="PATH", help="Also write the alerts there.", show_default=False
    ),
]
WebhookOption = Annotated[
    str | None,
    typer.Option(
        "--webhook",
        metavar="env:NAME|FILE",
        help="Also send news to the addresses in an environment variable or a file.",
        show_default=False,
    ),
]


def watch(
    new: NewArgument = None,
    *,
    site: SitesOption = None,
    register: RegisterOption = None,
    to_file: ToFileOption = None,
    webhook: WebhookOption = None,
    output: FormatOption = Format.TEXT,
    lang: LangOption = None,
) -> None:
    """Say what the newest list changes for these sites.

    Exit code: 0 nothing worse, 1 something changed for the worse, 2 usage or input.
    """
    from sekisho.desk.watch import watch as watched
    from sekisho.desk.watch_page import message, watch_data, watch_page
    from sekisho.shell.alerts import read_addresses, send
    from sekisho.shell.cli.showing import as_text, on_terminal, plain
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole
    from sekisho.terms.errors import gather
    from sekisho.terms.verdict import ExitCode

    if not site:
        raise _no_site()
    addresses = read_addresses(webhook) if webhook else ()
    spoken = language(lang)
    sites = gather(load_site, site)
    lists = _two_newest(register, new, today_in_japan())
    alerts = watched(sites, lists)
    page = watch_page(alerts, lists, spoken)
    data = as_text(watch_data(alerts, lists, spoken))
    sys.stdout.write(data if output is Format.JSON else on_terminal([page]))
    if to_file is not None:
        wanted = output is Format.JSON or to_file.suffix.lower() == ".json"
        write_whole(to_file, (data if wanted else plain([page])).encode())
    if addresses and any(alert.news for alert in alerts):
        send(addresses, *message(alerts, spoken))
    worse = any(alert.counts for alert in alerts)
    raise typer.Exit(ExitCode.FOUND_BAD if worse else ExitCode.GOOD)


def calendar(
    *,
    site: SitesOption = None,
    register: RegisterOption = None,
    known_at: KnownAtOption = None,
    out: OutOption = None,
    lang: LangOption = None,
) -> None:
    """Write an iCalendar file: ends of labels, dates of rules, milestones of the sites.

    Without --site: every label that states its end, and every rule.
    """
    from sekisho.desk.calendar import entries
    from sekisho.register.match import Index
    from sekisho.shell.calendar_file import ics_bytes
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.package_data import load_statements
    from sekisho.shell.register_store import load_register
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole
    from sekisho.terms.errors import gather

    today = today_in_japan()
    known = day(known_at, "--known-at", today)
    sites = gather(load_site, site or [])
    index = Index(load_register(register, known, today))
    found = entries(sites, index, load_statements().values(), known)
    content = ics_bytes(found, known, language(lang))
    if out is None:
        sys.stdout.write(content.decode().replace("\r\n", "\n"))
    else:
        write_whole(out, content)


def _two_newest(register: Path | None, new: Path | None, today: date) -> Watched:
    """The newest list and the one before it; a list given by name is the newest."""
    from sekisho.desk.watch import Watched
    from sekisho.register.history import known_listings, register_at
    from sekisho.register.match import Index
    from sekisho.shell.register_store import load_listings
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    listings: tuple[Listing, ...] = load_listings(register, today)
    if new is not None:
        listings = (*listings, *load_listings(new, today))
    known = known_listings(listings, today)
    last = register_at(known[:-1], today)
    now = register_at(known, today)
    if last is None or now is None:
        what = Text("比べるリストが 2 つありません。", "There are not two lists to compare.")
        remedy = Text(
            "register import で新しいリストを取り込むか、LIST を指定してください。",
            "Import a new list with register import, or give LIST.",
        )
        raise InputError(Problem("register watch", what, remedy))
    if new is not None and known[-1] != listings[-1]:
        what = Text(
            "このリストは登録簿の最新のリスト({date})より新しくありません。",
            "This list is not newer than the newest of the register ({date}).",
        ).fill(date=known[-1].info.list_date)
        remedy = Text(
            "新しいリストか、その日付を確かめてください。", "Give a newer list, or check its date."
        )
        raise InputError(Problem(str(new), what, remedy))
    return Watched(last=known[-2], new=known[-1], before=Index(last), after=Index(now), today=today)


def _no_site() -> Exception:
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    what = Text("案件が指定されていません。", "No site is given.")
    remedy = Text("--site 案件のファイル を付けてください。", "Add --site SITE for each site.")
    return InputError(Problem("register watch", what, remedy))
