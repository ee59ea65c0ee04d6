"""`sekisho site draw`: the system diagram of a site."""

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
    day,
    language,
)

if TYPE_CHECKING:
    from datetime import date

DrawingOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE.svg|.pdf",
        help="Where to write (default: SITE-diagram.svg here).",
        show_default=False,
    ),
]


def draw(
    site: SiteArgument,
    *,
    out: DrawingOption = None,
    lookup: Annotated[
        bool, typer.Option("--lookup/--no-lookup", help="Look the devices' labels up.")
    ] = True,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    register: RegisterOption = None,
    accept_stale: AcceptStaleOption = False,
    lang: LangOption = None,
) -> None:
    """Draw the system diagram: from the cells to the cloud, with label numbers and states."""
    from sekisho.desk.diagram.drawing import diagram_svg
    from sekisho.desk.diagram.notes import notes_of, source_of
    from sekisho.present.escape import filename
    from sekisho.shell.clock import today_in_japan
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole

    plant = load_site(site)
    place = out if out is not None else Path(filename(f"{plant.id}-diagram.svg"))
    spoken = language(lang)
    made = day(known_at, "--known-at", today_in_japan())
    if lookup:
        from sekisho.desk.assess import assess, look
        from sekisho.shell.cli.composition import prepare_desk

        desk = prepare_desk(
            as_of=as_of,
            known_at=known_at,
            register=register,
            accept_stale=accept_stale,
            strict=False,
        )
        result = assess(desk, plant)
        notes = notes_of(result, look(desk, plant, result.as_of).matches)
        svg = diagram_svg(plant, notes, spoken, source_of(result))
    else:
        svg = diagram_svg(plant, None, spoken)
    write_whole(place, _in_medium(svg, place, plant.name, made))
    typer.echo(place)


def _in_medium(svg: str, place: Path, title: str, made: date) -> bytes:
    """The drawing as bytes of the medium that the file's name asks for.

    Raises:
        InputError: the name ends in neither .svg nor .pdf.
        WorldError: the part that sets a PDF is not installed.
    """
    from sekisho.terms.errors import InputError, Problem
    from sekisho.terms.texts import Text

    match place.suffix.lower():
        case ".svg":
            return svg.encode()
        case ".pdf":
            from sekisho.shell.rendering import drawing_pdf_bytes

            return drawing_pdf_bytes(svg, title, made)
        case suffix:
            problem = Problem(
                str(place),
                Text(
                    "「{suffix}」の図は作れません。", 'A drawing of kind "{suffix}" cannot be made.'
                ).fill(suffix=suffix),
                Text(
                    "--out の名前を .svg か .pdf で終えてください。",
                    "End the name given with --out in .svg or .pdf.",
                ),
            )
            raise InputError(problem)
