"""Typst source to PDF bytes, with the shipped font alone.

typst reads no file of ours but the font, and draws an empty box without an error where a font is
missing; so system fonts and its own are left out, and a document that would need them is an error.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from sekisho.present.fonts import FAMILY
from sekisho.shell.fontfile import font_folder
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from datetime import date

_MISSING = Problem(
    "typst",
    Text("PDF を組む部品が入っていません。", "The part that sets a PDF is not installed."),
    Text(
        "pip install sekisho[pdf] を実行してください。--format html なら今でも書けます。",
        "Run pip install sekisho[pdf]; --format html works without it.",
    ),
)
_FAILED = Text("PDF を組めません: {why}", "The PDF cannot be set: {why}")
_REPORT = Text(
    "--format html を使い、この文を添えて不具合として報告してください。",
    "Use --format html, and report this message as a fault.",
)


def pdf_of(source: str, day: date) -> bytes:
    """The PDF that typst sets from the source; the same source and day give the same bytes.

    Raises:
        WorldError: typst is not installed, or cannot set the source.
    """
    try:
        import typst  # noqa: PLC0415 - an optional part
    except ImportError as error:
        raise WorldError(_MISSING) from error
    with font_folder() as folder:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
        if FAMILY not in fonts.families():
            why = same(f"{FAMILY}: {folder}")
            raise WorldError(Problem("typst", _FAILED.fill(why=why), _REPORT))
        try:
            result = typst.Compiler(source.encode(), font_paths=fonts).compile(
                format="pdf", timestamp=datetime.combine(day, time(), UTC)
            )
        except (typst.TypstError, RuntimeError) as error:
            raise WorldError(Problem("typst", _FAILED.fill(why=str(error)), _REPORT)) from error
    if not isinstance(result, bytes):
        raise TypeError("typst gave no single file")
    return result
