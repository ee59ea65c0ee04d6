"""Pieces of the generated reference pages: tables, cells, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.texts import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.terms.citation import Citation

LANGUAGE_NAMES = {Lang.JA: "日本語", Lang.EN: "English"}
LEARNED = Text("判明日", "learned")


def source_list(sources: Iterable[Citation], lang: Lang) -> str:
    """The sources as a list, each with how sure it is."""
    lines = []
    for source in sources:
        page = f", {cell(source.page)}" if source.page else ""
        certainty = CERTAINTY_TEXTS[source.certainty].says(lang)
        title = cell(source.title.says(lang))
        lines.append(
            f"- {title}{page}: <{source.url}> ({certainty}; {LEARNED.says(lang)}"
            f" {source.learned.isoformat()})"
        )
    return "\n".join(lines) + "\n"


def markdown_table(header: tuple[Text, ...], rows: Iterable[tuple[object, ...]], lang: Lang) -> str:
    """A table of GitHub-flavoured Markdown."""
    lines = [
        "| " + " | ".join(h.says(lang) for h in header) + " |",
        "|" + " --- |" * len(header),
    ]
    lines += ["| " + " | ".join(cell(said(c, lang)) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def said(value: object, lang: Lang) -> str:
    """A value in one language."""
    return value.says(lang) if isinstance(value, Text) else str(value)


def cell(text: str) -> str:
    """Text that cannot break out of its cell, nor become HTML."""
    return text.replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")
