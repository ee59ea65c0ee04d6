"""The sources that a report rests on, each once, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.terms.certainty import CERTAINTY_TEXTS, Certainty
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.desk.result import RuleFinding, SiteResult
    from sekisho.terms.citation import Citation


def sources(result: SiteResult, rules: Sequence[RuleFinding]) -> list[Citation]:
    """The sources of the rules that were known on the day, each once, in order."""
    seen: dict[tuple[object, ...], Citation] = {}
    for rule in rules:
        for citation in rule.statement.sources:
            if citation.learned <= result.known_at:
                seen.setdefault(same_source(citation), citation)
    return list(seen.values())


def same_source(citation: Citation) -> tuple[object, ...]:
    """What makes two citations one: all that is shown of them."""
    return citation.title, citation.url, citation.page, citation.certainty


def certainty_counts(citations: Sequence[Citation]) -> Text:
    """How many sources are of which certainty."""
    said = []
    for certainty in Certainty:
        count = sum(1 for c in citations if c.certainty is certainty)
        if count:
            word = CERTAINTY_TEXTS[certainty]
            said.append(Text(f"{word.ja} {count}件", f"{count} {word.en}"))
    return listed(said)
