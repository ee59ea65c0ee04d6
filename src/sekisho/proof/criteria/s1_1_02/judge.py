"""S1.1-02: no common default password; evaluated by document, and held against the device.

Known is the subject: no default password that several products share. How long a password must be was
not read anywhere: the lengths are yardsticks of ours, and a shorter one leaves the item open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import DefaultCredentials, FirstUse
from sekisho.evidence.observation_words import Demanded
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.logins import PASSWORDS, each_login
from sekisho.proof.paper import attested
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_ACCEPTED = Text(
    "「{function}」は、公開の一覧({lists})にある認証情報を受け入れました: {users}。",
    '"{function}" accepted credentials of a public list ({lists}): {users}.',
)
_SPENT = Text(
    "「{function}」で試したのは、合意した{agreed}回のうち{tried}回です。",
    'On "{function}" {tried} of {agreed} agreed tries were made.',
)
_FEW = Text(
    "「{function}」で試したのは{tried}件だけです(本プログラムの目安 {least} 件)。",
    'On "{function}" only {tried} credentials were tried (yardstick of ours: {least}).',
)
_REFUSED = Text(
    "「{function}」は、試した{tried}件の認証情報をすべて拒みました({lists}、全{size}件)。",
    '"{function}" refused all {tried} credentials that were tried ({lists}: {size} in all).',
)
_NOTHING = Text(
    "「{function}」は、使い始める前に何も求めません。",
    '"{function}" demands nothing before its first use.',
)
_COMMON = Text(
    "「{function}」は、どの製品にも共通の認証情報で使い始められます。",
    '"{function}" can be used with a secret that every such product shares.',
)
_WITHOUT = Text(
    "「{function}」は、求めることをしなくても使えます。",
    '"{function}" can be used without doing what it demands.',
)
_UNSEEN = Text(
    "「{function}」が使い始める前に何を求めるか、求めに応じないと使えないかは、見えていません。",
    'What "{function}" demands before its first use, and that it does not work without, was not seen.',
)
_EASY = Text(
    "「{function}」が、よくあるパスワードを拒むことは見えていません。",
    'That "{function}" refuses a common password was not seen.',
)
_SHORT = Text(
    "「{function}」は{length}文字を受け入れました。{least}文字以上という本プログラムの目安に届きません"
    "(基準の文字数は未確認です)。",
    '"{function}" took {length} characters, below our yardstick of {least} (the criterion\'s own number '
    "is not confirmed).",
)
_GOOD = Text(
    "「{function}」は、使い始める前に認証値の設定か個体ごとの認証値を求め、なしでは使えません"
    "(文字数の目安 {least} は本プログラムのもので、基準の数は未確認です)。",
    '"{function}" demands a secret of its own before its first use and does not work without (the '
    "yardstick of {least} characters is ours; the criterion's number is not confirmed).",
)
_OWN = frozenset({Demanded.OWN_SECRET, Demanded.BOTH})


def judge(case: Case) -> tuple[Finding, ...]:
    """Common credentials, the first use, and how a preset secret is unique."""
    first, second, third = case.statement.items
    return (
        unless_absent(case, first, _common),
        unless_absent(case, second, _first_use),
        unless_absent(case, third, attested),
    )


def _common(case: Case, item: EvaluationItem) -> Finding:
    least = case.statement.yardstick("default-tries").value

    def look(
        asked: EvaluationItem, function: str, seen: Sequence[tuple[Piece, DefaultCredentials]]
    ) -> Finding:
        return _tried(asked, function, seen, least)

    return each_login(case, item, PASSWORDS, DefaultCredentials, look)


def _tried(
    item: EvaluationItem,
    function: str,
    seen: Sequence[tuple[Piece, DefaultCredentials]],
    least: int,
) -> Finding:
    accepted = [(piece, one) for piece, one in seen if one.accepted]
    lists = listed(sorted({one.list_name for _, one in seen}))
    if accepted:
        users = listed(
            f"{login.user} (#{login.index})" for _, one in accepted for login in one.accepted
        )
        reason = _ACCEPTED.fill(function=function, lists=lists, users=users)
        return broken(item, How.DEVICE, reason, [piece for piece, _ in accepted])
    for piece, one in seen:
        if one.tried == 0 or one.sent < min(one.agreed, one.list_size):
            reason = _SPENT.fill(function=function, agreed=one.agreed, tried=one.sent)
            return left_open(item, reason, [piece], how=How.DEVICE)
    for piece, one in seen:
        if one.tried < min(least, one.list_size):
            reason = _FEW.fill(function=function, tried=one.tried, least=least)
            return left_open(item, reason, [piece], how=How.DEVICE)
    tried, size = max((one.tried, one.list_size) for _, one in seen)
    reason = _REFUSED.fill(function=function, tried=tried, lists=lists, size=size)
    return met(item, How.DEVICE, reason, [piece for piece, _ in seen])


def _first_use(case: Case, item: EvaluationItem) -> Finding:
    least = case.statement.yardstick("own-password-characters").value

    def look(
        asked: EvaluationItem, function: str, seen: Sequence[tuple[Piece, FirstUse]]
    ) -> Finding:
        return _begun(asked, function, seen, least)

    return each_login(case, item, PASSWORDS, FirstUse, look)


def _begun(
    item: EvaluationItem, function: str, seen: Sequence[tuple[Piece, FirstUse]], least: int
) -> Finding:
    for piece, one in seen:
        wrong = _wrong(one)
        if wrong is not None:
            return broken(item, How.DEVICE, wrong.fill(function=function), [piece])
    for piece, one in seen:
        lacking = _lacking(one, least)
        if lacking is not None:
            length = one.least_length
            reason = lacking.fill(function=function, length=length, least=least)
            return left_open(item, reason, [piece], how=How.DEVICE)
    reason = _GOOD.fill(function=function, least=least)
    return met(item, How.DEVICE, reason, [piece for piece, _ in seen])


def _wrong(one: FirstUse) -> Text | None:
    if one.demanded is Demanded.NOTHING:
        return _NOTHING
    if one.demanded is Demanded.COMMON_SECRET:
        return _COMMON
    return _WITHOUT if one.works_without else None


def _lacking(one: FirstUse, least: int) -> Text | None:
    if one.demanded is Demanded.UNKNOWN or one.works_without is None:
        return _UNSEEN
    if one.demanded not in _OWN:
        return None
    if one.least_length is not None and one.least_length < least:
        return _SHORT
    if one.least_length is None or one.common_refused is not True:
        return _EASY
    return None
