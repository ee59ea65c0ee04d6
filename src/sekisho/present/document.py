"""The neutral document: what a report says, before any medium.

Strings here are finished in one language and are *not* escaped: each renderer escapes for its own
medium. `verdict` cells carry the verdict beside the words, so that a medium may add colour, but
the words and the sign already say everything. A line feed begins a new line in a cell and in an item
of a list; anywhere else it is shown as what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.present.linebreak import columns

if TYPE_CHECKING:
    from sekisho.terms.verdict import Verdict


_LONGEST_TINTED = 18
"""Columns, a Japanese letter counting as two."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `verdict` only tints it."""

    text: str
    verdict: Verdict | None = None

    @property
    def is_tinted(self) -> bool:
        """Whether it is a sign and a word, unbroken on a tint; longer texts must wrap."""
        return self.verdict is not None and columns(self.text) <= _LONGEST_TINTED


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the document's parts, 2 and 3 are below."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """The one sentence to see first, with its verdict."""

    verdict: Verdict
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short statements."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row; `widths` are relative column widths."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished SVG (already escaped by its maker) with a text that says what it shows.

    One as large as an A4 sheet lying down, in the units that it declares, is a sheet of its own: it is
    printed in its own size and carries its own heading. A smaller one stands in the text.
    """

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a printed document starts a new page."""


Block = Heading | Paragraph | Banner | Bullets | Table | Picture | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language."""

    title: str
    subtitle: str
    lang: str
    """BCP 47 tag."""
    footer: str
    blocks: tuple[Block, ...]
