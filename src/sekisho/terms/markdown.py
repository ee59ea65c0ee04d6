"""Tables of pages in GitHub-flavoured Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.terms.texts import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

LANGUAGE_NAMES = {Lang.JA: "日本語", Lang.EN: "English"}


def markdown_table(header: tuple[Text, ...], rows: Iterable[Iterable[object]], lang: Lang) -> str:
    """A table; a `Text` is said in the language, anything else as it is written."""
    lines = [
        "| " + " | ".join(h.says(lang) for h in header) + " |",
        "|" + " --- |" * len(header),
    ]
    lines += ["| " + " | ".join(cell(_said(c, lang)) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Text that cannot break out of its cell, nor become HTML."""
    return text.replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")


def _said(value: object, lang: Lang) -> str:
    return value.says(lang) if isinstance(value, Text) else str(value)
