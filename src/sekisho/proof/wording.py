"""Sentences and columns that the judgement's pages, sheets and JSON share."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.evidence.bundle import KnownSigner, Signature, UnknownSigner, Unsigned
from sekisho.evidence.observation_paper import DocumentSeen, PortTable
from sekisho.proof.evidence import day_of
from sekisho.terms.texts import Text, listed, same, sentences
from sekisho.terms.verdict import VERDICT_TEXTS, Verdict

if TYPE_CHECKING:
    from sekisho.proof.evidence import Piece
    from sekisho.proof.finding import CriterionResult
    from sekisho.proof.judging import Judgement

SELF = Text(
    "自己評価: {edition} に照らして自ら評価したものです。適合ラベルは取得しておらず、申請についても何も述べません。",
    "Self-assessed against {edition}, not labelled, no application stated.",
)
BASIS = Text(
    "{edition} に照らした、{as_of} を基準日とする判定です。基準の原文は読んでおらず、読み方の確かさを項目ごとに"
    "示します。IPA の判断を述べるものではありません。",
    "Judged against {edition} for {as_of}. The criteria document itself was not read; how sure each "
    "reading is stands beside it. This says nothing about what IPA would decide.",
)
TARGET = Text("対象: {target}", "Subject: {target}")
NO_SCORE = Text(
    "16の基準はそれぞれの答えで、点数にはしません。試していないことを満たしたとは言いません。",
    "Sixteen criteria are sixteen answers and no score; what was not tested is not met.",
)
YARDSTICK = Text(
    "本プログラムの目安(基準の数ではありません): {words} {value}",
    "A yardstick of ours, not the criterion's number: {words} {value}",
)
_ALL_OF = Text("{verdict}: {names}。", "{verdict}: {names}.")
_UNSIGNED = Text(
    "証拠には署名がありません。だれが採ったか分からないため、満たしている証拠としては数えません。",
    "The evidence is not signed: who collected it is not known, and it fulfils nothing.",
)
_UNKNOWN = Text(
    "署名は正しいものの、署名者({kid})は --signer で指定された鍵ではありません。満たしている証拠としては"
    "数えません。",
    "The signature holds, but its signer ({kid}) is none that was named with --signer; it fulfils nothing.",
)
_KNOWN = Text("証拠の署名者: {kid}", "Evidence signed by {kid}")
_PIECE = Text("#{number} {kind}、{day}、{method}", "#{number} {kind}, {day}, {method}")
_FILE = Text("#{number} {file}、{dated}", "#{number} {file}, {dated}")
_UNDATED = Text("日付なし", "no date")


def signature_words(signature: Signature) -> Text:
    """Whose signature the evidence bears."""
    match signature:
        case Unsigned():
            return _UNSIGNED
        case UnknownSigner(kid=kid):
            return _UNKNOWN.fill(kid=kid)
        case KnownSigner(kid=kid):
            return _KNOWN.fill(kid=kid)
        case _:
            assert_never(signature)


def piece_words(piece: Piece) -> Text:
    """One piece of evidence in a few words; its number is that of the table of evidence."""
    observed = piece.record.observed
    if isinstance(observed, DocumentSeen | PortTable):
        dated = observed.dated or _UNDATED
        return _FILE.fill(number=piece.number, file=observed.file, dated=dated)
    return _PIECE.fill(
        number=piece.number,
        kind=observed.kind,
        day=day_of(piece.record),
        method=piece.record.method,
    )


def reason_of(result: CriterionResult) -> Text:
    """Why a criterion has its verdict: the reasons of the items that decided it, each once."""
    return sentences(dict.fromkeys(finding.reason for finding in result.deciding()))


def remedy_of(result: CriterionResult) -> Text | None:
    """What to do about it, each step once; None where nothing is to be done."""
    steps = dict.fromkeys(f.remedy for f in result.deciding() if f.remedy is not None)
    return sentences(steps) if steps else None


def by_verdict(judgement: Judgement) -> Text:
    """Which criteria have which verdict, the worst first."""
    order = (Verdict.BROKEN, Verdict.UNDETERMINED, Verdict.MET, Verdict.NOT_APPLICABLE)
    parts = []
    for verdict in order:
        names = [same(r.statement.id) for r in judgement.criteria if r.verdict is verdict]
        if names:
            parts.append(_ALL_OF.fill(verdict=VERDICT_TEXTS[verdict], names=listed(names)))
    return sentences(parts)
