"""The same verdicts by the provisions of other standards, each equality with how sure it is.

Held equal is not the same: a row repeats what was found for the criteria and states nothing about
conformity with the other standard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.terms.verdict import worst

if TYPE_CHECKING:
    from sekisho.proof.finding import CriterionResult
    from sekisho.proof.judging import Judgement
    from sekisho.proof.statement import Standard
    from sekisho.terms.certainty import Certainty
    from sekisho.terms.texts import Text
    from sekisho.terms.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One provision, and the criteria that are held equal to it."""

    provision: str
    words: Text
    certainty: Certainty
    """Of the equality."""
    results: tuple[CriterionResult, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the criteria."""
        return worst(result.verdict for result in self.results)


def mapped(judgement: Judgement, standard: Standard) -> tuple[Row, ...]:
    """The provisions of one standard, in the order of the criteria."""
    rows: dict[str, Row] = {}
    for result in judgement.criteria:
        for one in result.statement.equivalents:
            if one.standard is not standard:
                continue
            before = rows[one.provision].results if one.provision in rows else ()
            rows[one.provision] = Row(
                provision=one.provision,
                words=one.words,
                certainty=one.certainty,
                results=(*before, result),
            )
    return tuple(rows.values())
