"""A document as one HTML file: no script, no address outside itself, its font inside.

The policy in the page forbids a browser everything but the style and the font that the file
carries, so that even a picture gone wrong could run nothing and fetch nothing. Verdicts are sign
and word; colour is an addition. It prints on A4 with numbered pages and repeated table headers.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, Final, assert_never

from jinja2 import Environment
from markupsafe import Markup

from sekisho.present import escape
from sekisho.present.document import (
    Banner,
    Bullets,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from sekisho.present.html_template import PAGE, STYLE
from sekisho.present.linebreak import columns
from sekisho.present.pictures import is_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.present.document import Block, Cell, Document

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""Content security policy of every report."""

_WHOLE: Final = re.compile(r"JC-STAR|(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])")

_PROLOGUE: Final = re.compile(r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!DOCTYPE[^>]*>\s*)?")


def rendered(document: Document, font: bytes | None) -> str:
    """The document as one HTML file.

    Args:
        document: what to say.
        font: a WOFF with the document's characters (`present.fonts.subset`), or None to leave the
            choice to the reader's machine.
    """
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=escape.in_template
    )
    environment.filters["kept"] = _kept
    return environment.from_string(PAGE).render(
        document=document,
        blocks=[_prepared(block) for block in document.blocks],
        policy=POLICY,
        style=Markup(STYLE),  # noqa: S704 - a constant of ours
        face=Markup(_face(font)),  # noqa: S704 - base64 of bytes, and constants
    )


_EM_OF_COLUMN = 0.6
"""Widest that a letter of half a Japanese one is in bold."""
_EM_AROUND = 3.2
"""Edges of the tint and of the cell."""


def _kept(text: str) -> Any:
    """Escaped text in which dates and the scheme's name stay on one line."""
    escaped = escape.html(text)
    return Markup(_WHOLE.sub(r'<span class="w">\g<0></span>', escaped))  # noqa: S704 - escaped above


def _face(font: bytes | None) -> str:
    if font is None:
        return ""
    data = base64.b64encode(font).decode("ascii")
    return (
        '\n@font-face { font-family: "SekishoReport"; font-display: block; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}'
    )


def _widths(rows: Sequence[Sequence[Cell]], widths: Sequence[int]) -> Iterator[str]:
    """How wide each column is; one of verdicts as wide as its longest word, which never breaks."""
    total = sum(widths) or 1
    for number, width in enumerate(widths):
        cells = [row[number] for row in rows]
        if cells and all(cell.is_tinted for cell in cells):
            yield f"{max(columns(cell.text) for cell in cells) * _EM_OF_COLUMN + _EM_AROUND:.1f}em"
        else:
            yield f"{round(100 * width / total, 2)}%"


def _prepared(block: Block) -> tuple[str, Any]:
    """The block's kind by name, and its values in the form in which the page reads them."""
    match block:
        case Heading() | Paragraph() | Banner() | PageBreak():
            return type(block).__name__, block
        case Bullets(items):
            return "Bullets", {"items_": items}
        case Table(header, rows, widths, caption):
            return "Table", {
                "header": header,
                "caption": caption,
                "widths": list(_widths(rows, widths)),
                "rows": [list(zip(header, row, strict=False)) for row in rows],
            }
        case Picture(svg, alt):
            # The maker of a picture escapes it; the file's prologue has no place inside a page.
            drawn = Markup(_PROLOGUE.sub("", svg))  # noqa: S704 - the picture's maker has escaped it (document.Picture)
            return "Picture", {"svg": drawn, "alt": alt, "sheet": is_sheet(svg)}
        case _:
            assert_never(block)
