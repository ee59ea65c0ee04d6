"""S1.1-15: the user can delete what the product keeps.

Nothing but the subject is known, and that unconfirmed. That the updated version stays is our own check;
where it does not, the item is left open, because no source says that ★1 asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import Deletion
from sekisho.evidence.observation_words import Kept
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from sekisho.proof.evidence import Case
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_NOT_TRIED = Text("削除機能は試していません。", "The function for deleting was not used.")
_LEFT = Text(
    "削除({by})の後にも残っているものがあります: {names}。",
    "After the deletion ({by}) these are still there: {names}.",
)
_UNSEEN = Text(
    "削除({by})の後に消えたかを確かめられないもの、または削除の前になかったものがあります: {names}。",
    "Whether these are gone after the deletion ({by}), or were there before, was not seen: {names}.",
)
_NO_SECRETS = Text(
    "設定と認証情報(または鍵)の両方が消えることは見ていません。",
    "That settings and also credentials (or keys) go was not seen.",
)
_GONE = Text("{by} で消えました: {names}。", "Gone by {by}: {names}.")
_SAME = Text(
    "削除の後も版は {version} のままです。", "The version stays {version} after the deletion."
)
_OTHER = Text(
    "削除の後の版は {after} です(前 {before})。版が残ることを★1が求めるかは未確認です。",
    "The version is {after} after the deletion (before {before}); whether ★1 asks that it stays is not "
    "confirmed.",
)
_NOT_SHOWN = Text("不明", "not seen")


def judge(case: Case) -> tuple[Finding, ...]:
    """What was deleted, then the version."""
    return (
        unless_absent(case, case.statement.item(1), _gone),
        unless_absent(case, case.statement.item(2), _version),
    )


def _gone(case: Case, item: EvaluationItem) -> Finding:
    deletions = case.evidence.of(Deletion)
    if not deletions:
        return left_open(item, _NOT_TRIED)
    for piece, seen in deletions:
        left = [datum.name for datum in seen.data if datum.after]
        if left:
            reason = _LEFT.fill(by=seen.deleted_by, names=listed(left))
            return broken(item, How.DEVICE, reason, [piece])
    for piece, seen in deletions:
        dim = [datum.name for datum in seen.data if datum.after is None or not datum.before]
        if dim:
            reason = _UNSEEN.fill(by=seen.deleted_by, names=listed(dim))
            return left_open(item, reason, [piece], how=How.DEVICE)
    pieces = [piece for piece, _ in deletions]
    gone = [datum for _, seen in deletions for datum in seen.data]
    kinds = {datum.kept for datum in gone}
    if Kept.SETTING not in kinds or not kinds & {Kept.CREDENTIAL, Kept.KEY}:
        return left_open(item, _NO_SECRETS, pieces, how=How.DEVICE)
    names = listed(datum.name for datum in gone)
    reason = _GONE.fill(by=deletions[0][1].deleted_by, names=names)
    return met(item, How.DEVICE, reason, pieces)


def _version(case: Case, item: EvaluationItem) -> Finding:
    deletions = case.evidence.of(Deletion)
    if not deletions:
        return left_open(item, _NOT_TRIED)
    for piece, seen in deletions:
        if not seen.version_before or seen.version_after != seen.version_before:
            reason = _OTHER.fill(
                after=seen.version_after or _NOT_SHOWN, before=seen.version_before or _NOT_SHOWN
            )
            return left_open(item, reason, [piece], how=How.DEVICE)
    reason = _SAME.fill(version=deletions[0][1].version_after)
    return met(item, How.DEVICE, reason, [piece for piece, _ in deletions])
