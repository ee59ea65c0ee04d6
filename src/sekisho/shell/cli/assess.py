"""`sekisho assess`: says whether the equipment satisfies every rule on the day that counts."""

from __future__ import annotations

import sys
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
    StrictOption,
    language,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.desk.result import SiteResult
    from sekisho.terms.texts import Lang


def assess(
    sites: Annotated[list[Path], typer.Argument(metavar="SITE...", help="Site files or folders.")],
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    output: FormatOption = Format.TEXT,
    out: OutOption = None,
    lang: LangOption = None,
    strict: StrictOption = False,
    accept_stale: AcceptStaleOption = False,
) -> None:
    """Say whether a project's equipment satisfies every rule on the day that counts.

    Exit code: 0 met or nothing asked, 1 broken, 2 usage or input, 3 undetermined.
    """
    from sekisho.desk.assess import assess as assessed
    from sekisho.desk.report.terminal_summary import summaries, summary
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import on_terminal, show
    from sekisho.shell.site_files import load_site
    from sekisho.terms.errors import gather
    from sekisho.terms.verdict import exit_code, worst

    desk = prepare_desk(
        as_of=as_of,
        known_at=known_at,
        register=register,
        accept_stale=accept_stale,
        strict=strict,
    )
    loaded = gather(load_site, sites)
    results = [assessed(desk, site) for site in loaded]
    spoken = language(lang)
    if out is None and output is Format.TEXT:
        sys.stdout.write(on_terminal([summary(result, spoken) for result in results]))
    else:
        show(
            lambda: summaries(results, spoken),
            lambda: _published(results, spoken),
            json_wanted=output is Format.JSON,
            out=out,
            day=desk.question.known_at,
        )
    raise typer.Exit(exit_code(worst(r.verdict for r in results)))


def _published(results: list[SiteResult], lang: Lang) -> Mapping[str, object] | Sequence[object]:
    """One object for one site, a list for several."""
    from sekisho.desk.document import as_json

    documents = [as_json(result, lang) for result in results]
    return cast("Mapping[str, object]", documents[0]) if len(documents) == 1 else documents
