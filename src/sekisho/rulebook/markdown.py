"""The sources of a generated reference page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.markdown import cell
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.terms.citation import Citation
    from sekisho.terms.texts import Lang

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
