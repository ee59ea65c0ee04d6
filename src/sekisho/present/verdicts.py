"""How a verdict looks: always a sign and a word, and a colour beside them.

The colours are dark enough for text on white (contrast of at least 4.5 to 1, WCAG 2.2 1.4.3), and
the tints light enough for black text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sekisho.present.document import Cell
from sekisho.terms.verdict import VERDICT_SIGNS, VERDICT_TEXTS, Verdict

if TYPE_CHECKING:
    from sekisho.terms.texts import Lang


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one verdict, as `#rrggbb`, and the terminal's SGR code."""

    ink: str
    tint: str
    sgr: str


LOOKS: Final = {
    Verdict.MET: Look(ink="#1b6e4b", tint="#e4f2ea", sgr="32"),
    Verdict.BROKEN: Look(ink="#a8281e", tint="#fae6e3", sgr="31"),
    Verdict.NOT_APPLICABLE: Look(ink="#5b6470", tint="#eff1f3", sgr="2"),
    Verdict.UNDETERMINED: Look(ink="#7d5300", tint="#faf0d7", sgr="33"),
}


def signed(verdict: Verdict, lang: Lang) -> str:
    """The verdict in words, led by its sign: 「× 不充足」."""
    return f"{VERDICT_SIGNS[verdict]} {VERDICT_TEXTS[verdict].says(lang)}"


def verdict_cell(verdict: Verdict, lang: Lang) -> Cell:
    """A cell that says the verdict by sign, word and tint."""
    return Cell(signed(verdict, lang), verdict)
