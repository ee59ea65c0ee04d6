"""S1.1-08: an update's integrity is checked before it is applied.

Nothing but the subject is known, and that unconfirmed. A changed package that is installed breaks it. An
unsigned one that is installed leaves our own check open: a hash may be all that the criterion asks.
Older and expired packages are told of elsewhere; nothing read says that ★1 asks about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import UpdateOffered
from sekisho.evidence.observation_words import UpdateAnswer, UpdatePackage
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_NOT_OFFERED = {
    UpdatePackage.CHANGED: Text(
        "改変したパッケージは試していません。", "No changed package was offered."
    ),
    UpdatePackage.UNSIGNED: Text(
        "署名のないパッケージは試していません。", "No unsigned package was offered."
    ),
}
_INSTALLED = Text(
    "改変したパッケージ({component})を受け入れました(版: 前 {before}、後 {after})。",
    "It took a changed package ({component}; version before {before}, after {after}).",
)
_UNSIGNED = Text(
    "署名のないパッケージ({component})を受け入れました。ハッシュだけで足りるかは未確認です。",
    "It took an unsigned package ({component}); whether a hash alone is enough is not confirmed.",
)
_UNCLEAR = Text(
    "パッケージ({component})を拒み、版が変わらなかったことは見えていません(版: 前 {before}、後 {after})。",
    "That it refused the package ({component}) and kept its version was not seen (before {before}, "
    "after {after}).",
)
_REFUSED = {
    UpdatePackage.CHANGED: Text(
        "改変したパッケージを拒み、版は {before} のままです。",
        "It refused a changed package and stays at {before}.",
    ),
    UpdatePackage.UNSIGNED: Text(
        "署名のないパッケージを拒み、版は {before} のままです。",
        "It refused an unsigned package and stays at {before}.",
    ),
}
_UNSEEN = Text("不明", "not seen")


def judge(case: Case) -> tuple[Finding, ...]:
    """A changed package, then an unsigned one."""
    return (
        unless_absent(case, case.statement.item(1), _changed),
        unless_absent(case, case.statement.item(2), _unsigned),
    )


def _changed(case: Case, item: EvaluationItem) -> Finding:
    offered = _offered(case, UpdatePackage.CHANGED)
    for piece, seen in offered:
        if seen.answer is UpdateAnswer.INSTALLED:
            return broken(item, How.DEVICE, _said(_INSTALLED, seen), [piece])
    return _refused(item, UpdatePackage.CHANGED, offered)


def _unsigned(case: Case, item: EvaluationItem) -> Finding:
    offered = _offered(case, UpdatePackage.UNSIGNED)
    for piece, seen in offered:
        if seen.answer is UpdateAnswer.INSTALLED:
            return left_open(item, _said(_UNSIGNED, seen), [piece], how=How.DEVICE)
    return _refused(item, UpdatePackage.UNSIGNED, offered)


def _refused(
    item: EvaluationItem, package: UpdatePackage, offered: list[tuple[Piece, UpdateOffered]]
) -> Finding:
    if not offered:
        return left_open(item, _NOT_OFFERED[package])
    for piece, seen in offered:
        kept = seen.before and seen.after == seen.before
        if seen.answer is not UpdateAnswer.REFUSED or not kept:
            return left_open(item, _said(_UNCLEAR, seen), [piece], how=How.DEVICE)
    reason = _said(_REFUSED[package], offered[0][1])
    return met(item, How.DEVICE, reason, [piece for piece, _ in offered])


def _offered(case: Case, package: UpdatePackage) -> list[tuple[Piece, UpdateOffered]]:
    return [
        (piece, seen) for piece, seen in case.evidence.of(UpdateOffered) if seen.package is package
    ]


def _said(text: Text, seen: UpdateOffered) -> Text:
    return text.fill(
        component=seen.component, before=seen.before or _UNSEEN, after=seen.after or _UNSEEN
    )
