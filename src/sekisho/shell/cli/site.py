"""`sekisho site`: write, check and draw the site file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli import site_draw
from sekisho.shell.cli.options import (
    Format,
    FormatOption,
    LangOption,
    language,
)
from sekisho.shell.cli.showing import as_text, tell_line, tell_problems

if TYPE_CHECKING:
    from sekisho.site.model import Site
    from sekisho.terms.errors import Problem
    from sekisho.terms.texts import Lang, Text

app = typer.Typer(
    help="Write, check and draw the site file.", no_args_is_help=True, rich_markup_mode=None
)
SitesArgument = Annotated[
    list[Path], typer.Argument(metavar="SITE...", help="Site files, or folders with a site.toml.")
]


@app.command("new")
def new(
    path: Annotated[
        Path, typer.Argument(metavar="[PATH]", help="File or folder to write into.")
    ] = Path("site.toml"),
    *,
    lang: LangOption = None,
) -> None:
    """Write a commented starter file; a file that is there already is kept."""
    from sekisho.shell.site_files import SITE_FILE, write_new
    from sekisho.site.starter import starter
    from sekisho.terms.texts import Text

    file = path / SITE_FILE if path.is_dir() or not path.suffix else path
    spoken = language(lang)
    write_new(file, starter(spoken))
    _say(
        Text(
            "{file} を書きました。書き換えてから sekisho site check {file} で確かめてください。",
            "Wrote {file}. Fill it in, then run sekisho site check {file}.",
        ).fill(file=file),
        spoken,
    )


@app.command("check")
def check(
    sites: SitesArgument, *, output: FormatOption = Format.TEXT, lang: LangOption = None
) -> None:
    """List every problem of site files, and what they leave unknown.

    Where trust.json and bounds.json lie beside the file, every product that a key may be asked for
    and that could not be delivered is listed too.

    Exit code: 0 readable, 1 a product cannot be delivered, 2 at least one problem.
    """
    from sekisho.shell.site_files import load_site
    from sekisho.terms.errors import InputError
    from sekisho.terms.verdict import ExitCode

    spoken = language(lang)
    read: list[tuple[Path, Site]] = []
    problems: list[Problem] = []
    undelivered: list[Problem] = []
    for path in sites:
        try:
            read.append((path, load_site(path)))
            undelivered.extend(_undelivered(path))
        except InputError as error:
            problems.extend(error.problems)
    if output is Format.JSON:
        sys.stdout.write(_as_json(read, [*problems, *undelivered], spoken))
    else:
        for path, site in read:
            _tell_site(path, site, spoken)
        tell_problems([*problems, *undelivered], spoken)
    if problems:
        raise typer.Exit(ExitCode.USAGE)
    raise typer.Exit(ExitCode.FOUND_BAD if undelivered else ExitCode.GOOD)


def _undelivered(path: Path) -> tuple[Problem, ...]:
    """Products that keys beside the file promise; nothing heavy is loaded where there are none."""
    folder = path if path.is_dir() else path.parent
    if not ((folder / "trust.json").is_file() and (folder / "bounds.json").is_file()):
        return ()
    from sekisho.shell.gate.promised import undelivered

    return undelivered(path)


app.command("draw")(site_draw.draw)


@app.command("from-excel")
def from_excel(
    path: Annotated[Path, typer.Argument(metavar="LIST", help="An equipment list (.xlsx, .csv).")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="File or folder to write into instead of printing; never over another file.",
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Make the draft of a site file from an equipment list in Japanese or English.

    Columns and cells that were not used are named; the draft says what is left to fill in.
    """
    from sekisho.shell.site_files import SITE_FILE, write_new
    from sekisho.shell.tabular import read_book
    from sekisho.site.from_sheet import draft_of
    from sekisho.terms.texts import Text

    spoken = language(lang)
    draft = draft_of(read_book(path), spoken)
    if out is None:
        sys.stdout.write(draft.text)
    else:
        file = out / SITE_FILE if out.is_dir() or not out.suffix else out
        write_new(file, draft.text)
        _say(
            Text(
                "{file}: 機器 {n} 行の下書きです。sekisho site check {file} が足りないものを列挙します。",
                "{file}: a draft of {n} rows of devices. sekisho site check {file} lists what is "
                "missing.",
            ).fill(file=file, n=draft.devices),
            spoken,
        )
    tell_problems(list(draft.notices), spoken)


def _tell_site(path: Path, site: Site, lang: Lang) -> None:
    from sekisho.site.unknowns import unknowns
    from sekisho.terms.texts import Text

    _say(
        Text(
            "{path}: 読めました。{id}「{name}」機器 {devices} 台、構外 {externals}、接続 {links} 本",
            '{path}: readable. {id} "{name}", devices: {devices}, outside: {externals}, links: {links}',
        ).fill(
            path=path,
            id=site.id,
            name=site.name,
            devices=len(site.devices),
            externals=len(site.externals),
            links=len(site.links),
        ),
        lang,
    )
    left = unknowns(site, _attestations_asked(site))
    if left:
        _say(
            Text(
                "  不明のもの {n} 件(判定不能の原因になります):",
                "  {n} unknown (each may leave a verdict undetermined):",
            ).fill(n=len(left)),
            lang,
        )
    for unknown in left:
        place = f"{unknown.device or 'site'}: {unknown.key}"
        _say(
            Text("  - {place} — {what}", "  - {place}: {what}").fill(
                place=place, what=unknown.what
            ),
            lang,
        )


def _attestations_asked(site: Site) -> frozenset[str] | None:
    """Keys of attestations that rules ask for; looked up only where the site has any."""
    if not site.attestations:
        return None
    from sekisho.shell.package_data import load_statements

    return frozenset(s.attestation for s in load_statements().values() if s.attestation)


def _as_json(read: list[tuple[Path, Site]], problems: list[Problem], lang: Lang) -> str:
    from sekisho.site.unknowns import unknowns

    document = {
        "sites": [
            {
                "file": str(path),
                "id": site.id,
                "name": site.name,
                "devices": len(site.devices),
                "externals": len(site.externals),
                "links": len(site.links),
                "unknown": [
                    {"device": u.device or None, "key": u.key, "what": u.what.says(lang)}
                    for u in unknowns(site, _attestations_asked(site))
                ],
            }
            for path, site in read
        ],
        "problems": [
            {"where": p.where, "what": p.what.says(lang), "remedy": p.remedy.says(lang)}
            for p in problems
        ],
    }
    return as_text(document)


def _say(text: Text, lang: Lang) -> None:
    tell_line(text.says(lang))
