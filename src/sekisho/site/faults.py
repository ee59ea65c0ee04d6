"""A fault found in a site file, and how a wrong word is answered with a right one.

A fault knows the key it is about; the reader turns that into a line. What the file says is quoted
short and with every unprintable character replaced, so that a message cannot carry a hostile one.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.site.locate import Path

_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, by the path of its key."""

    path: Path
    what: Text
    remedy: Text


def quoted(value: object) -> str:
    """What the file says, short and printable."""
    shown = value if isinstance(value, str) else str(value)
    cut = shown[:_LONGEST_QUOTE] + ("…" if len(shown) > _LONGEST_QUOTE else "")
    return "".join(c if c.isprintable() else "�" for c in cut)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a person who wrote `word` most likely meant."""
    folded = word.strip().lower().replace("_", "-")[:_LONGEST_QUOTE]
    by_fold = {k.replace("_", "-"): k for k in known}
    found = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def meant(word: str, known: Iterable[str]) -> Text:
    """「x」のことですか? / Did you mean x? — or nothing."""
    near = nearest(word, known)
    if near is None:
        return Text("", "")
    return Text("「{near}」のことですか。", 'Did you mean "{near}"?').fill(near=near)


def together(*parts: Text) -> Text:
    """The sentences that say something, one after another."""
    return sentences(part for part in parts if part.en)


def allowed(known: Iterable[str]) -> Text:
    """The closed set, as a sentence."""
    words = ", ".join(known)
    return Text("使える語: {words}", "Allowed words: {words}").fill(words=words)
