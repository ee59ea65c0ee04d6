"""A document to the bytes of a file, with the shipped font."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from sekisho.present import fonts, typst_source
from sekisho.present.wording import pictures, strings
from sekisho.shell.fontfile import font_bytes
from sekisho.shell.typesetting import pdf_of
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekisho.present.document import Document
    from sekisho.present.excel import Sheet

_NO_FONTTOOLS = Problem(
    "fonttools",
    Text("文字の形を扱う部品が入っていません。", "The part that handles fonts is not installed."),
    Text(
        "pip install sekisho[html,pdf] を実行してください。",
        "Run pip install sekisho[html,pdf].",
    ),
)


def html_bytes(document: Document) -> bytes:
    """The document as one HTML file in UTF-8, with the part of the font that it needs.

    Raises:
        WorldError: fonttools is not installed.
    """
    from sekisho.present import html  # noqa: PLC0415 - jinja2 is heavy, and only HTML needs it

    used = [*strings(document), *pictures(document), "SEKISHO 関所"]
    sink = BytesIO()
    try:
        fonts.subset(BytesIO(font_bytes()), used, sink)
    except ImportError as error:
        raise WorldError(_NO_FONTTOOLS) from error
    return html.rendered(document, sink.getvalue()).encode()


def pdf_bytes(document: Document, day: date) -> bytes:
    """The document as a PDF of A4 pages, dated `day`.

    Raises:
        WorldError: typst or fonttools is not installed, or typst cannot set the document.
    """
    return pdf_of(typst_source.source(document, _known(), day), day)


def drawing_pdf_bytes(svg: str, title: str, day: date) -> bytes:
    """A drawing as a PDF of one page in the drawing's own size, dated `day`.

    Raises:
        WorldError: typst or fonttools is not installed, or typst cannot set the drawing.
    """
    return pdf_of(typst_source.drawing(svg, title, _known(), day), day)


def excel_bytes(sheets: Sequence[Sheet], title: str, day: date) -> bytes:
    """The sheets as an Excel workbook, dated `day`."""
    from sekisho.present import excel  # noqa: PLC0415 - xlsxwriter is heavy, only workbooks need it

    sink = BytesIO()
    excel.write(sheets, sink, title=title, created=day)
    return sink.getvalue()


@cache
def _known() -> frozenset[str]:
    try:
        return fonts.characters(BytesIO(font_bytes()))
    except ImportError as error:
        raise WorldError(_NO_FONTTOOLS) from error
