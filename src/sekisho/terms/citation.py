"""Where a statement comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sekisho.terms.certainty import Certainty
    from sekisho.terms.texts import Text


@dataclass(frozen=True, slots=True)
class Citation:
    """One source of one statement."""

    title: Text
    """The document, named as its publisher names it."""
    url: str
    """Public address."""
    page: str
    """Page, clause or section, as the source numbers it; empty when not known."""
    certainty: Certainty
    """How the statement reached us."""
    learned: date
    """The day from which this source was known; earlier questions do not see it."""
