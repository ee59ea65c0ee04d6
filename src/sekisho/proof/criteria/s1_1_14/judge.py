"""S1.1-14: authentication values and updates survive a loss of power and of the network; on the device.

An ordered restart is no loss of power, and counts for neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import PowerCycle
from sekisho.evidence.observation_words import Cut, Kept
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from sekisho.evidence.observation_function import Fact
    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_NOT_CUT = {
    Cut.POWER: Text("電源の断は試していません。", "Power was not cut."),
    Cut.NETWORK: Text("ネットワークの断は試していません。", "The network was not cut."),
}
_DEFAULT = Text(
    "復旧後、初期の認証値が再び使えます。", "After recovery a default credential works again."
)
_LOST = Text(
    "復旧後、元どおりでないものがあります: {names}。",
    "After recovery these are not as they were: {names}.",
)
_NOT_LOOKED = Text(
    "{what}が保たれたかは見ていません。", "Whether {what} was kept was not looked at."
)
_KEPT = Text("復旧後も同じです: {names}。", "As before after recovery: {names}.")
_SECRETS = frozenset({Kept.CREDENTIAL, Kept.KEY, Kept.SETTING})
_VERSION = frozenset({Kept.VERSION})
_A_CREDENTIAL = Text("認証値", "an authentication value")
_THE_DEFAULT = Text("初期の認証値が戻らないこと", "that no default credential returned")
_THE_VERSION = Text("アップデート後の版", "the updated version")


def judge(case: Case) -> tuple[Finding, ...]:
    """Values after power, version after power, both after the network."""
    values, version, network = case.statement.items
    return (
        _after(case, values, Cut.POWER, _SECRETS),
        _after(case, version, Cut.POWER, _VERSION),
        _after(case, network, Cut.NETWORK, _SECRETS | _VERSION),
    )


def _after(case: Case, item: EvaluationItem, cut: Cut, kinds: frozenset[Kept]) -> Finding:
    cuts = [(piece, seen) for piece, seen in case.evidence.of(PowerCycle) if seen.cut is cut]
    if not cuts:
        return left_open(item, _NOT_CUT[cut])
    for piece, seen in cuts:
        if seen.default_returned and Kept.CREDENTIAL in kinds:
            return broken(item, How.DEVICE, _DEFAULT, [piece])
        lost = [fact for fact in seen.facts if fact.kept in kinds and fact.before != fact.after]
        if lost:
            return broken(item, How.DEVICE, _LOST.fill(names=_names(lost)), [piece])
    facts = [fact for _, seen in cuts for fact in seen.facts if fact.kept in kinds and fact.before]
    lacking = _lacking(cuts, facts, kinds)
    if lacking is not None:
        pieces = [piece for piece, _ in cuts]
        return left_open(item, _NOT_LOOKED.fill(what=lacking), pieces, how=How.DEVICE)
    reason = _KEPT.fill(names=_names(facts))
    return met(item, How.DEVICE, reason, [piece for piece, _ in cuts])


def _lacking(
    cuts: list[tuple[Piece, PowerCycle]], facts: list[Fact], kinds: frozenset[Kept]
) -> Text | None:
    kept = {fact.kept for fact in facts}
    if Kept.VERSION in kinds and Kept.VERSION not in kept:
        return _THE_VERSION
    if Kept.CREDENTIAL not in kinds:
        return None
    if not kept & {Kept.CREDENTIAL, Kept.KEY}:
        return _A_CREDENTIAL
    return _THE_DEFAULT if all(seen.default_returned is None for _, seen in cuts) else None


def _names(facts: list[Fact]) -> Text:
    return listed(fact.name for fact in facts)
