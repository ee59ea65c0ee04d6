"""Every sentence a person reads exists in Japanese and in English, or not at all.

A `Text` is the pair. It is written once, where it is said, so that neither language can be
forgotten: there is no catalogue with missing keys. Placeholders are `str.format` fields; a value
that is itself a `Text` is filled in by language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Lang(StrEnum):
    """A language of the output, by its BCP 47 tag."""

    JA = "ja"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One statement in Japanese and English."""

    ja: str
    en: str

    def says(self, lang: Lang) -> str:
        """The statement in one language."""
        match lang:
            case Lang.JA:
                return self.ja
            case Lang.EN:
                return self.en

    def fill(self, **values: object) -> Text:
        """The statement with its placeholders filled.

        Args:
            values: a `Text` is filled in by language, anything else by `str`.

        Raises:
            KeyError: a placeholder has no value; a fault of ours, caught by the tests.
        """
        return Text(
            self.ja.format(**{k: _in(v, Lang.JA) for k, v in values.items()}),
            self.en.format(**{k: _in(v, Lang.EN) for k, v in values.items()}),
        )


def same(word: str) -> Text:
    """A word that is the same in both languages: a name, a number, an address."""
    return Text(word, word)


def listed(items: Iterable[Text | str]) -> Text:
    """An enumeration: 「a、b」 in Japanese, "a, b" in English."""
    pairs = [item if isinstance(item, Text) else same(item) for item in items]
    return Text("、".join(p.ja for p in pairs), ", ".join(p.en for p in pairs))


def sentences(parts: Iterable[Text]) -> Text:
    """Sentences one after another."""
    pairs = list(parts)
    return Text("".join(p.ja for p in pairs), " ".join(p.en for p in pairs))


def _in(value: object, lang: Lang) -> object:
    return value.says(lang) if isinstance(value, Text) else value
