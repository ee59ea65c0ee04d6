"""S1.1-03: every network authentication value can be changed; by document, and held against the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import CredentialChanged
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.logins import EVERY_KIND, each_login
from sekisho.proof.paper import attested
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_OLD_WORKS = Text(
    "「{function}」は、変更した後も前の認証値を受け入れます。",
    '"{function}" still accepts the old value after the change.',
)
_NEW_FAILS = Text(
    "「{function}」は、変更した認証値を受け入れません。",
    '"{function}" does not accept the new value.',
)
_HALF = Text(
    "「{function}」で、前の値が拒まれ新しい値が使えることの両方は見えていません。",
    'That "{function}" refuses the old value and accepts the new one was not seen, both.',
)
_CHANGED = Text(
    "「{function}」の認証値を変え({by})、前の値は拒まれ、新しい値が使えました。",
    'The value of "{function}" was changed ({by}); the old one is refused, the new one works.',
)


def judge(case: Case) -> tuple[Finding, ...]:
    """The manual, then the change itself."""
    return (
        unless_absent(case, case.statement.item(1), attested),
        unless_absent(case, case.statement.item(2), _changed),
    )


def _changed(case: Case, item: EvaluationItem) -> Finding:
    return each_login(case, item, EVERY_KIND, CredentialChanged, _looked)


def _looked(
    item: EvaluationItem, function: str, seen: Sequence[tuple[Piece, CredentialChanged]]
) -> Finding:
    for piece, one in seen:
        if one.old_refused is False:
            return broken(item, How.DEVICE, _OLD_WORKS.fill(function=function), [piece])
        if one.new_accepted is False:
            return broken(item, How.DEVICE, _NEW_FAILS.fill(function=function), [piece])
    for piece, one in seen:
        if not (one.old_refused and one.new_accepted):
            return left_open(item, _HALF.fill(function=function), [piece], how=How.DEVICE)
    reason = _CHANGED.fill(function=function, by=seen[0][1].changed_by)
    return met(item, How.DEVICE, reason, [piece for piece, _ in seen])
