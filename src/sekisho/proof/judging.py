"""Sixteen verdicts from one body of evidence: each judge asked, what is not vouched for held back.

Never a score: sixteen criteria are sixteen answers. What nobody vouches for can break a criterion and
cannot fulfil one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sekisho.evidence.observation_paper import NotDone
from sekisho.proof.evidence import Case
from sekisho.proof.finding import Finding, How, combined
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sekisho.proof.evidence import Evidence, Piece, Product
    from sekisho.proof.finding import CriterionResult, Judge
    from sekisho.proof.statement import CriterionStatement
    from sekisho.terms.ids import CriterionId

_NOT_VOUCHED = Text(
    "足りる証拠はありますが、署名した者が確かめられないため、数えません。",
    "There is evidence that would do, but who signed it is not known, so it does not count.",
)
_VOUCH = Text(
    "署名者の公開鍵を --signer で指定するか、署名した証拠を採り直してください。",
    "Name the signer's public key with --signer, or collect signed evidence.",
)
_NO_HARDWARE = Text(
    "この基準の半分は機器そのものについてです。どの機器で提供するかが決まっていません。",
    "Half of this criterion is about a physical device, and nobody has said which one it is delivered on.",
)
_NAME_HARDWARE = Text(
    "サイトファイルの [gate] hardware に機器の型番を書き、その機器で調べてください。",
    "Name the model in [gate] hardware of the site file, and ask that device.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The sixteen answers, and what they are about."""

    edition: str
    target: str
    as_of: date
    product: Product
    criteria: tuple[CriterionResult, ...]
    set_aside: tuple[Piece, ...]
    """Evidence that was too old, or of a later day."""
    not_done: tuple[NotDone, ...]
    """What the bundle says was not done, and why."""
    pieces: tuple[Piece, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the sixteen, for the exit code alone."""
        return worst(result.verdict for result in self.criteria)


def judged(
    evidence: Evidence,
    criteria: Sequence[tuple[CriterionId, Judge]],
    statements: Mapping[CriterionId, CriterionStatement],
    edition: str,
    target: str,
) -> Judgement:
    """Every criterion's answer."""
    return Judgement(
        edition=edition,
        target=target,
        as_of=evidence.as_of,
        product=evidence.product,
        criteria=tuple(
            criterion(Case(evidence=evidence, statement=statements[name]), judge)
            for name, judge in criteria
        ),
        set_aside=evidence.set_aside,
        not_done=tuple(seen for _, seen in evidence.of(NotDone)),
        pieces=evidence.pieces,
    )


def criterion(case: Case, judge: Judge) -> CriterionResult:
    """One criterion's answer."""
    findings = [_vouched(finding) for finding in judge(case)]
    if case.statement.hardware and case.evidence.product.without_hardware:
        findings.append(_hardware(case))
    return combined(case.statement, findings)


def _vouched(finding: Finding) -> Finding:
    """The finding, held back where it would help and rests on what nobody vouches for."""
    helps = finding.verdict in {Verdict.MET, Verdict.NOT_APPLICABLE}
    doubted = tuple(piece for piece in finding.rests_on if not piece.vouched)
    if not helps or not doubted:
        return finding
    return replace(
        finding,
        verdict=Verdict.UNDETERMINED,
        reason=_NOT_VOUCHED,
        remedy=_VOUCH,
        against=(*finding.against, *doubted),
    )


def _hardware(case: Case) -> Finding:
    return Finding(
        item=f"{case.statement.id}/hardware",
        verdict=Verdict.UNDETERMINED,
        how=How.NOTHING,
        reason=_NO_HARDWARE,
        remedy=_NAME_HARDWARE,
    )
