"""The published form of a judgement: JSON as `sekisho judge --format json` prints it.

The shapes below are the schema; `schemas/judgement.schema.json` is generated from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

from typing_extensions import TypedDict

from sekisho.evidence.bundle import KnownSigner, Signature, UnknownSigner, Unsigned
from sekisho.evidence.observation_paper import DocumentSeen, PortTable
from sekisho.proof.mapping import mapped
from sekisho.proof.statement import Standard
from sekisho.proof.wording import SELF, reason_of, remedy_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.declared import Compared
    from sekisho.proof.evidence import Piece
    from sekisho.proof.finding import CriterionResult, Finding
    from sekisho.proof.judging import Judgement
    from sekisho.proof.statement import EvaluationItem
    from sekisho.terms.texts import Lang

VerdictWord = Literal["met", "broken", "not-applicable", "undetermined"]
HowWord = Literal["device", "document", "both", "nothing"]
CertaintyWord = Literal["primary", "secondary", "inferred", "unconfirmed"]
MethodWord = Literal["document", "device", "unknown"]


class EvidenceDoc(TypedDict):
    """One piece of evidence."""

    number: int
    kind: str
    at: int
    """Milliseconds since 1970 in UTC."""
    program: str
    method: str
    target: str
    transcript: str | None
    file: str | None
    file_sha256: str | None
    file_dated: str | None
    vouched: bool


class ItemDoc(TypedDict):
    """One evaluation item; `asked` and its certainty say how it is evaluated, as far as known."""

    id: str
    title: str
    verdict: VerdictWord
    how: HowWord
    asked: MethodWord
    asked_certainty: CertaintyWord
    certainty: CertaintyWord
    own: bool
    reason: str
    remedy: str | None
    evidence: list[int]


class CriterionDoc(TypedDict):
    """One criterion; `certainty` is that of the weakest reading that decided."""

    id: str
    title: str
    verdict: VerdictWord
    how: HowWord
    certainty: CertaintyWord
    reason: str
    remedy: str | None
    items: list[ItemDoc]


class SignatureDoc(TypedDict):
    """Whose signature the evidence bears."""

    state: Literal["known", "unknown", "none"]
    kid: str | None


class NotDoneDoc(TypedDict):
    """What the bundle says was not done."""

    what: str
    why: str
    detail: str


class DeclaredDoc(TypedDict):
    """One declaration of the site file against what was seen."""

    declared: str
    outcome: Literal["confirmed", "contradicted", "left-open", "unexpected"]
    reason: str


class ProvisionDoc(TypedDict):
    """One provision elsewhere that criteria are held equal to; it states no conformity with it."""

    standard: Literal["en-303-645", "psti"]
    provision: str
    certainty: CertaintyWord
    criteria: list[str]
    verdict: VerdictWord


class JudgementDoc(TypedDict):
    """Sixteen verdicts; never a score."""

    edition: str
    target: str
    as_of: str
    note: str
    """For the program's own gate the sentence that every page about it carries; else empty."""
    signature: SignatureDoc
    criteria: list[CriterionDoc]
    evidence: list[EvidenceDoc]
    set_aside: list[EvidenceDoc]
    not_done: list[NotDoneDoc]
    declared: list[DeclaredDoc]
    mapping: list[ProvisionDoc]


def as_json(
    judgement: Judgement, signature: Signature, declared: Sequence[Compared], lang: Lang
) -> JudgementDoc:
    """A judgement as it is published."""
    own = judgement.product.own_gate
    return {
        "edition": judgement.edition,
        "target": judgement.target,
        "as_of": judgement.as_of.isoformat(),
        "note": SELF.fill(edition=judgement.edition).says(lang) if own else "",
        "signature": signature_doc(signature),
        "criteria": [_criterion(result, lang) for result in judgement.criteria],
        "evidence": [_evidence(piece) for piece in judgement.pieces],
        "set_aside": [_evidence(piece) for piece in judgement.set_aside],
        "not_done": [
            {"what": one.what.value, "why": one.why.value, "detail": one.detail}
            for one in judgement.not_done
        ],
        "declared": [
            {
                "declared": one.declared.says(lang),
                "outcome": one.outcome.value,
                "reason": one.reason.says(lang),
            }
            for one in declared
        ],
        "mapping": [
            {
                "standard": standard.value,
                "provision": row.provision,
                "certainty": row.certainty.value,
                "criteria": [result.statement.id for result in row.results],
                "verdict": row.verdict.value,
            }
            for standard in Standard
            for row in mapped(judgement, standard)
        ],
    }


def signature_doc(signature: Signature) -> SignatureDoc:
    """Whose signature it is, as published."""
    match signature:
        case KnownSigner(kid=kid):
            return {"state": "known", "kid": kid}
        case UnknownSigner(kid=kid):
            return {"state": "unknown", "kid": kid}
        case Unsigned():
            return {"state": "none", "kid": None}
        case _:
            assert_never(signature)


def _criterion(result: CriterionResult, lang: Lang) -> CriterionDoc:
    items = {item.id: item for item in result.statement.items}
    remedy = remedy_of(result)
    return {
        "id": result.statement.id,
        "title": result.statement.title.says(lang),
        "verdict": result.verdict.value,
        "how": result.how.value,
        "certainty": result.certainty.value,
        "reason": reason_of(result).says(lang),
        "remedy": None if remedy is None else remedy.says(lang),
        "items": [
            _item(finding, items.get(finding.item), result, lang) for finding in result.findings
        ],
    }


def _item(
    finding: Finding, item: EvaluationItem | None, result: CriterionResult, lang: Lang
) -> ItemDoc:
    """An item as published; the half about hardware has the criterion's own title."""
    return {
        "id": finding.item,
        "title": (result.statement.title if item is None else item.title).says(lang),
        "verdict": finding.verdict.value,
        "how": finding.how.value,
        "asked": "device" if item is None else item.how.value,
        "asked_certainty": "inferred" if item is None else item.how_certainty.value,
        "certainty": "inferred" if item is None else item.certainty.value,
        "own": item is not None and item.own,
        "reason": finding.reason.says(lang),
        "remedy": None if finding.remedy is None else finding.remedy.says(lang),
        "evidence": [piece.number for piece in finding.rests_on],
    }


def _evidence(piece: Piece) -> EvidenceDoc:
    record, observed = piece.record, piece.record.observed
    document = observed if isinstance(observed, DocumentSeen | PortTable) else None
    dated = None if document is None else document.dated
    return {
        "number": piece.number,
        "kind": observed.kind,
        "at": record.at,
        "program": record.program,
        "method": record.method,
        "target": record.target,
        "transcript": record.transcript,
        "file": None if document is None else document.file,
        "file_sha256": None if document is None else document.sha256,
        "file_dated": None if dated is None else dated.isoformat(),
        "vouched": piece.vouched,
    }
