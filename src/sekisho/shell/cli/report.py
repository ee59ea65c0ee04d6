"""`sekisho report`: the answer as a file for the investor, the engineer or the office."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.options import (
    AcceptStaleOption,
    AsOfOption,
    KnownAtOption,
    LangOption,
    RegisterOption,
    SiteArgument,
    StrictOption,
    language,
)

if TYPE_CHECKING:
    from sekisho.desk.assess import Desk
    from sekisho.desk.result import SiteResult
    from sekisho.present.document import Document
    from sekisho.site.model import Site
    from sekisho.terms.texts import Lang


class Reader(StrEnum):
    """For whom a report is written."""

    INVESTOR = "investor"
    ENGINEER = "engineer"
    OFFICE = "office"
    ALL = "all"


class Medium(StrEnum):
    """What a report is written as."""

    HTML = "html"
    PDF = "pdf"


def report(
    site: SiteArgument,
    *,
    reader: Annotated[
        Reader, typer.Option("--for", help="Who reads it; all writes one file for each.")
    ] = Reader.ALL,
    medium: Annotated[
        Medium, typer.Option("--format", help="One HTML file, or PDF pages.")
    ] = Medium.HTML,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="PATH", help="A file, or a folder for SITE-READER files."),
    ],
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    lang: LangOption = None,
    strict: StrictOption = False,
    accept_stale: AcceptStaleOption = False,
) -> None:
    """Write the answer for the investor (one page), the engineer (all detail) or the office.

    Exit code as for assess: 0 met or nothing asked, 1 broken, 2 usage or input, 3 undetermined.
    """
    from sekisho.desk.assess import assess
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import rendered, tell_verdict
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole
    from sekisho.terms.verdict import exit_code

    desk = prepare_desk(
        as_of=as_of,
        known_at=known_at,
        register=register,
        accept_stale=accept_stale,
        strict=strict,
    )
    plant = load_site(site)
    result = assess(desk, plant)
    spoken = language(lang)
    for one in _readers(reader):
        path = _place(out, result, one, medium, several=reader is Reader.ALL)
        document = _document(desk, plant, result, one, spoken)
        write_whole(path, rendered(document, path, result.known_at))
        typer.echo(path)
    tell_verdict(plant.id, result.verdict, spoken)
    raise typer.Exit(exit_code(result.verdict))


def _readers(reader: Reader) -> list[Reader]:
    if reader is Reader.ALL:
        return [Reader.INVESTOR, Reader.ENGINEER, Reader.OFFICE]
    return [reader]


def _place(out: Path, result: SiteResult, reader: Reader, medium: Medium, *, several: bool) -> Path:
    """The file to write: the one named, or one with the site's and the reader's name in a folder.

    Raises:
        InputError: the name given is that of another medium.
    """
    from sekisho.present.escape import filename
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    if several or out.is_dir() or not out.suffix:
        return out / filename(f"{result.site.id}-{reader}.{medium}")
    if out.suffix.lower() != f".{medium}":
        raise InputError(
            Problem(
                str(out),
                Text(
                    f"--format {medium} と「{out.suffix}」が食い違っています。",
                    f'--format {medium} and "{out.suffix}" disagree.',
                ),
                Text(
                    f"--format {out.suffix[1:]} を付けるか、名前を .{medium} で終えてください。",
                    f"Give --format {out.suffix[1:]}, or end the name in .{medium}.",
                ),
            )
        )
    return out


def _document(desk: Desk, plant: Site, result: SiteResult, reader: Reader, lang: Lang) -> Document:
    from sekisho.desk.assess import look
    from sekisho.desk.diagram.drawing import diagram_svg
    from sekisho.desk.diagram.notes import notes_of, source_of
    from sekisho.desk.report.engineer import engineer_report
    from sekisho.desk.report.events import events_of
    from sekisho.desk.report.investor import investor_report
    from sekisho.desk.report.office import office_report
    from sekisho.desk.timeline import timeline

    looked = look(desk, plant, desk.question.as_of)
    match reader:
        case Reader.ENGINEER | Reader.ALL:
            return engineer_report(result, looked.matches, lang)
        case Reader.INVESTOR:
            line = timeline(desk, looked, desk.question.as_of)
            return investor_report(result, lang, events_of(line))
        case Reader.OFFICE:
            notes = notes_of(result, looked.matches)
            drawing = diagram_svg(plant, notes, lang, source_of(result))
            return office_report(result, looked.matches, drawing, lang)
