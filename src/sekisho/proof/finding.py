"""What a judge answers for one evaluation item, and what that makes of a criterion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from sekisho.terms.certainty import Certainty
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.statement import CriterionStatement, EvaluationItem


class How(StrEnum):
    """By what a verdict was reached."""

    DEVICE = "device"
    """By what was seen on the real device."""
    DOCUMENT = "document"
    """By what a document states."""
    BOTH = "both"
    NOTHING = "nothing"
    """There was no evidence that could decide."""


HOW_TEXTS = {
    How.DEVICE: Text("実機", "real device"),
    How.DOCUMENT: Text("書類", "document"),
    How.BOTH: Text("実機と書類", "device and document"),
    How.NOTHING: Text("証拠なし", "no evidence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one evaluation item."""

    item: str
    verdict: Verdict
    how: How
    reason: Text
    remedy: Text | None
    """What to do next; None where nothing is to be done."""
    rests_on: tuple[Piece, ...] = ()
    """The evidence without which this would not be said."""
    against: tuple[Piece, ...] = ()
    """Evidence that keeps it from being met."""


Judge: TypeAlias = "Callable[[Case], tuple[Finding, ...]]"
"""One pure function for each criterion: one finding for each of its items, in their order."""


def met(item: EvaluationItem, how: How, reason: Text, pieces: Iterable[Piece]) -> Finding:
    """The item is fulfilled."""
    return Finding(
        item=item.id,
        verdict=Verdict.MET,
        how=how,
        reason=reason,
        remedy=None,
        rests_on=tuple(pieces),
    )


def broken(item: EvaluationItem, how: How, reason: Text, pieces: Iterable[Piece]) -> Finding:
    """The item is not fulfilled."""
    held = tuple(pieces)
    return Finding(
        item=item.id,
        verdict=Verdict.BROKEN,
        how=how,
        reason=reason,
        remedy=item.steps,
        rests_on=held,
        against=held,
    )


def left_open(
    item: EvaluationItem,
    reason: Text,
    pieces: Iterable[Piece] = (),
    *,
    how: How = How.NOTHING,
    remedy: Text | None = None,
) -> Finding:
    """The item cannot be decided; `pieces` keep it from being met."""
    held = tuple(pieces)
    return Finding(
        item=item.id,
        verdict=Verdict.UNDETERMINED,
        how=how,
        reason=reason,
        remedy=remedy or item.steps,
        rests_on=held,
        against=held,
    )


def absent(item: EvaluationItem, how: How, reason: Text, pieces: Iterable[Piece]) -> Finding:
    """The function that the item asks about is not there."""
    return Finding(
        item=item.id,
        verdict=Verdict.NOT_APPLICABLE,
        how=how,
        reason=reason,
        remedy=None,
        rests_on=tuple(pieces),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """The answer to one criterion."""

    statement: CriterionStatement
    verdict: Verdict
    how: How
    certainty: Certainty
    """Of the readings it rests on: the weakest."""
    findings: tuple[Finding, ...]

    def deciding(self) -> tuple[Finding, ...]:
        """The findings that made the verdict; an alternative that another one stands in for did not."""
        groups = _verdicts(self.statement, self.findings)
        return tuple(
            f
            for f in self.findings
            if f.verdict is self.verdict is groups[_group(self.statement, f)]
        )


_WEAKEST_FIRST = tuple(reversed(Certainty))
_BEST_FIRST = (Verdict.MET, Verdict.UNDETERMINED, Verdict.BROKEN, Verdict.NOT_APPLICABLE)


def combined(statement: CriterionStatement, findings: Sequence[Finding]) -> CriterionResult:
    """The criterion's answer: the worst of what is needed; of alternatives the best."""
    items = {item.id: item for item in statement.items}
    verdict = worst(_verdicts(statement, findings).values())
    result = CriterionResult(
        statement=statement,
        verdict=verdict,
        how=How.NOTHING,
        certainty=Certainty.UNCONFIRMED,
        findings=tuple(findings),
    )
    decided = [items[f.item] for f in result.deciding() if f.item in items] or list(statement.items)
    certainties = {item.certainty for item in decided}
    return replace(
        result,
        how=_together(f.how for f in result.deciding()),
        certainty=next(c for c in _WEAKEST_FIRST if c in certainties),
    )


def _group(statement: CriterionStatement, finding: Finding) -> str:
    """The alternatives that a finding belongs to; else itself."""
    names = {item.id: item.one_of for item in statement.items}
    return names.get(finding.item) or finding.item


def _verdicts(statement: CriterionStatement, findings: Sequence[Finding]) -> dict[str, Verdict]:
    """The verdict of each needed item and of each group of alternatives."""
    groups: dict[str, list[Verdict]] = {}
    for finding in findings:
        groups.setdefault(_group(statement, finding), []).append(finding.verdict)
    alternatives = {item.one_of for item in statement.items}
    return {
        name: next(v for v in _BEST_FIRST if v in found) if name in alternatives else worst(found)
        for name, found in groups.items()
    }


def _together(hows: Iterable[How]) -> How:
    found = set(hows) - {How.NOTHING}
    if not found:
        return How.NOTHING
    return found.pop() if len(found) == 1 else How.BOTH
