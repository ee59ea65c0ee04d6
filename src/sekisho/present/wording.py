"""Every string of a document, in the order of reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.present.document import (
    Banner,
    Bullets,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.present.document import Block, Document


def strings(document: Document) -> Iterator[str]:
    """The strings that a reader of the document reads; not those inside pictures."""
    yield document.title
    yield document.subtitle
    for block in document.blocks:
        yield from _strings_of(block)
    yield document.footer


def pictures(document: Document) -> Iterator[str]:
    """The SVG sources of the document's pictures."""
    return (block.svg for block in document.blocks if isinstance(block, Picture))


def _strings_of(block: Block) -> Iterator[str]:
    match block:
        case Heading(_, text) | Paragraph(text, _):
            yield text
        case Banner(_, text, detail):
            yield from (text, detail)
        case Bullets(items):
            yield from items
        case Table(header, rows, _, caption):
            yield caption
            yield from header
            yield from (cell.text for row in rows for cell in row)
        case Picture(_, alt):
            yield alt
        case PageBreak():
            pass
        case _:
            assert_never(block)
