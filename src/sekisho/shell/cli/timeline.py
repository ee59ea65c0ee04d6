"""`sekisho timeline`: the days on which verdicts change, and by when labels must exist."""

from __future__ import annotations

from typing import cast

from sekisho.shell.cli.options import (
    AcceptStaleOption,
    AsOfOption,
    Format,
    FormatOption,
    KnownAtOption,
    LangOption,
    OutOption,
    RegisterOption,
    SiteArgument,
    YearsOption,
    language,
)


def timeline(
    site: SiteArgument,
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
    """Show on which days each verdict changes, and by when each label must exist or be extended.

    The first day is --as-of. With --out NAME.svg the picture alone is written; .html and .pdf hold
    picture and tables.
    """
    from sekisho.desk.assess import assess, look
    from sekisho.desk.timeline import timeline as drawn
    from sekisho.desk.timeline_page import timeline_document, timeline_json
    from sekisho.desk.timeline_picture import timeline_svg
    from sekisho.shell.cli.composition import prepare_desk
    from sekisho.shell.cli.showing import show, tell_written
    from sekisho.shell.site_files import load_site
    from sekisho.shell.writing import write_whole

    desk = prepare_desk(
        as_of=as_of,
        known_at=known_at,
        register=register,
        accept_stale=accept_stale,
        strict=False,
    )
    plant = load_site(site)
    spoken = language(lang)
    looked = look(desk, plant, desk.question.as_of)
    line = drawn(desk, looked, desk.question.as_of, years)
    result = assess(desk, plant)
    if out is not None and out.suffix.lower() == ".svg":
        write_whole(out, timeline_svg(line, spoken).encode())
        tell_written(out)
        return
    picture = timeline_svg(line, spoken) if out is not None else None
    show(
        lambda: timeline_document(line, result, spoken, picture),
        lambda: cast("dict[str, object]", timeline_json(line, result, spoken)),
        json_wanted=output is Format.JSON,
        out=out,
        day=desk.question.known_at,
    )
