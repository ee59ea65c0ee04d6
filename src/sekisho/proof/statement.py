"""A criterion as its `statement.toml` states it: evaluation items, and how sure we are of each.

The official criteria document was not read. So everything that decides has its own certainty, and a
number that rests on general knowledge is a `Yardstick`: ours, told as ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.evidence.observation_words import DocumentKind, Function
    from sekisho.scheme.criteria import Method
    from sekisho.terms.certainty import Certainty
    from sekisho.terms.citation import Citation
    from sekisho.terms.ids import CriterionId


class Standard(StrEnum):
    """What criteria are mapped to."""

    EN_303_645 = "en-303-645"
    PSTI = "psti"


STANDARD_TEXTS = {
    Standard.EN_303_645: Text("ETSI EN 303 645", "ETSI EN 303 645"),
    Standard.PSTI: Text("英国PSTI規則の要件", "UK PSTI requirements"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationItem:
    """One evaluation item (評価項目), as we read it."""

    id: str
    """`S1.1-05/1`; the numbering is ours."""
    title: Text
    steps: Text
    """What to do where it is not met."""
    how: Method
    """How the item is evaluated, as far as known."""
    how_certainty: Certainty
    certainty: Certainty
    """Of the reading: that this is asked, and what passes."""
    own: bool
    """Our own check of the device: the sources do not say that the criterion asks for it."""
    one_of: str
    """Name of the alternatives of which one is enough; empty: needed by itself."""
    attested_by: frozenset[DocumentKind]
    """Documents that count for it; empty: only what was seen on the device counts."""
    absent: Function | None
    """The function whose absence makes it not applicable; None: it is never so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """A number of ours: stricter than anything known, and never told as the criterion's."""

    name: str
    value: int
    certainty: Certainty
    """Of the number as one of the criterion."""
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A provision elsewhere that is held equal."""

    standard: Standard
    provision: str
    words: Text
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionStatement:
    """One criterion of one edition."""

    id: CriterionId
    title: Text
    summary: Text
    """In our own words."""
    certainty: Certainty
    """Of title and summary."""
    hardware: bool
    """A half of it is about a physical device."""
    items: tuple[EvaluationItem, ...]
    yardsticks: tuple[Yardstick, ...]
    equivalents: tuple[Equivalent, ...]
    sources: tuple[Citation, ...]
    """None where nothing was read: then the certainty is `unconfirmed`."""

    def item(self, number: int) -> EvaluationItem:
        """The item of this number, from 1.

        Raises:
            IndexError: there is none; a fault of ours.
        """
        return self.items[number - 1]

    def yardstick(self, name: str) -> Yardstick:
        """The yardstick of this name.

        Raises:
            KeyError: there is none; a fault of ours.
        """
        for one in self.yardsticks:
            if one.name == name:
                return one
        raise KeyError(name)
