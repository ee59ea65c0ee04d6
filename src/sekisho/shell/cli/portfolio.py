"""`sekisho portfolio`: many sites, what breaks first, and how much hangs on one maker."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sekisho.shell.cli.options import (
    AcceptStaleOption,
    AsOfOption,
    Format,
    FormatOption,
    KnownAtOption,
    LangOption,
    OutOption,
    RegisterOption,
    YearsOption,
    language,
)
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sekisho.desk.assess import Desk
    from sekisho.desk.portfolio.survey import SiteLine
    from sekisho.site.model import Site

_NO_MAKER = Text("(未記入)", "(not stated)")
_READING = Text("読み込み", "reading")
_JUDGING = Text("判定", "judging")


def portfolio(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|TABLE", help="A folder of site files, or one .csv or .xlsx table."
        ),
    ],
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    years: YearsOption = 10,
    output: FormatOption = Format.TEXT,
    out: OutOption = None,
    lang: LangOption = None,
    accept_stale: AcceptStaleOption = False,
) -> None:
    """Judge many sites over years: what breaks first, and the concentration of makers.

    The exit code is that of the worst site, judged as by assess. A table has one row per device;
    its columns are named as the keys of the site file (docs/how-to/portfolio.md).
    """
    from sekisho.desk.portfolio.page import portfolio_document, portfolio_json
    from sekisho.desk.portfolio.shares import shares
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import show
    from sekisho.terms.verdict import exit_code, worst

    # Sites and plans are frozen and free of cycles, and the process ends after them: looking for
    # cycles among millions of them would take a third of the time and find nothing.
    gc.set_threshold(1_000_000)
    desk = prepare_desk(
        as_of=as_of, known_at=known_at, register=register, accept_stale=accept_stale, strict=False
    )
    spoken = language(lang)
    day, known = desk.question.as_of, desk.question.known_at
    facts = desk.lists.facts
    sites = _sites(source, _READING.says(spoken))
    lines = _lines(desk, sites, years, _JUDGING.says(spoken))
    makers = shares(sites, _NO_MAKER.says(spoken))
    show(
        lambda: portfolio_document(lines, makers, facts, day, spoken, whole=out is not None),
        lambda: cast("dict[str, object]", portfolio_json(lines, makers, facts, day, known)),
        json_wanted=output is Format.JSON,
        out=out,
        day=known,
        compact=True,
    )
    raise typer.Exit(exit_code(worst(line.verdict for line in lines)))


def _lines(desk: Desk, sites: Sequence[Site], years: int, said: str) -> list[SiteLine]:
    """Each site judged over the years, in their order."""
    from sekisho.desk.portfolio.survey import Surveyor
    from sekisho.shell.cli.progress import advancing

    surveyor = Surveyor(desk, desk.question.as_of, years)
    return [surveyor.line(site) for site in advancing(sites, said)]


def _sites(source: Path, said: str) -> Sequence[Site]:
    from sekisho.desk.portfolio.table import read_portfolio
    from sekisho.shell.cli.progress import advancing
    from sekisho.shell.site_files import load_site, site_files_below
    from sekisho.shell.tabular import read_book
    from sekisho.terms.errors import gather

    if source.is_dir():
        files: Iterable[Path] = advancing(site_files_below(source), said)
        return gather(load_site, files)
    return read_portfolio(read_book(source))
