"""`sekisho pack`: the evidence pack for a form, as one ZIP."""

from __future__ import annotations

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
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.desk.assess import Desk
    from sekisho.site.model import Site
    from sekisho.terms.texts import Lang
    from sekisho.terms.verdict import Verdict


_NO_ZIP = Text("証跡一式は ZIP で書きます。", "The pack is written as a ZIP.")
_NO_ZIP_REMEDY = Text(
    "--out の名前を .zip で終えてください。", "End the name given with --out in .zip."
)


def pack(
    site: SiteArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.zip", help="Default: SITE-pack.zip here."),
    ] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    lang: LangOption = None,
    strict: StrictOption = False,
    accept_stale: AcceptStaleOption = False,
) -> None:
    """Write the evidence pack: label numbers, diagram, devices without IP, findings, sources, hashes.

    It is not signed; the signed pack about one device is that of checklist.

    The tables of the site file about the gate never enter it. Exit code as for assess.
    """
    from sekisho.present.escape import filename
    from sekisho.shell.archive import zip_of
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import tell_verdict
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole
    from sekisho.terms.verdict import exit_code

    if out is not None and out.suffix.lower() != ".zip":
        problem = Problem(str(out), _NO_ZIP, _NO_ZIP_REMEDY)
        raise InputError(problem)
    desk = prepare_desk(
        as_of=as_of,
        known_at=known_at,
        register=register,
        accept_stale=accept_stale,
        strict=strict,
    )
    plant = load_site(site)
    spoken = language(lang)
    files, verdict = _files(desk, plant, spoken)
    folder = filename(f"{plant.id}-pack")
    place = out if out is not None else Path(f"{folder}.zip")
    write_whole(place, zip_of(files, folder, desk.question.known_at))
    typer.echo(place)
    tell_verdict(plant.id, verdict, spoken)
    raise typer.Exit(exit_code(verdict))


def _files(desk: Desk, plant: Site, lang: Lang) -> tuple[dict[str, bytes], Verdict]:
    from sekisho.desk.assess import assess, look
    from sekisho.desk.diagram.drawing import diagram_svg
    from sekisho.desk.diagram.notes import notes_of, source_of
    from sekisho.desk.document import as_json
    from sekisho.desk.pack_sheets import pack_sheets
    from sekisho.desk.report.engineer import engineer_report
    from sekisho.desk.report.office import office_report
    from sekisho.shell.cli.showing import as_text
    from sekisho.shell.rendering import drawing_pdf_bytes, excel_bytes, pdf_bytes

    result = assess(desk, plant)
    matches = look(desk, plant, result.as_of).matches
    svg = diagram_svg(plant, notes_of(result, matches), lang, source_of(result))
    day = desk.question.known_at
    files = {
        "1-labels.xlsx": excel_bytes(pack_sheets(result, matches, lang), plant.name, day),
        "2-diagram.svg": svg.encode(),
        "2-diagram.pdf": drawing_pdf_bytes(svg, plant.name, day),
        "3-office.pdf": pdf_bytes(office_report(result, matches, svg, lang), day),
        "4-findings.pdf": pdf_bytes(engineer_report(result, matches, lang), day),
        "5-assessment.json": as_text(as_json(result, lang)).encode(),
    }
    return files, result.verdict
