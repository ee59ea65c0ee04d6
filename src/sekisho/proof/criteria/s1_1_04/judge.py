"""S1.1-04: brute force is made hard; a test on the real device.

No number of tries was read anywhere. From how many unhindered tries on we call it unhindered is a
yardstick of ours; fewer tries leave the item open. Keys and certificates are not guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import Guessing
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.logins import GUESSABLE, each_login
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_UNHINDERED = Text(
    "「{function}」は、{made}回の誤りに、遅くも止まりもしませんでした"
    "(目安の{least}回は本プログラムのもので、基準に回数があるかは未確認です)。",
    '"{function}" took {made} wrong tries and neither slowed nor stopped (the yardstick of {least} is '
    "ours; whether the criterion has a number is not confirmed).",
)
_FEW = Text(
    "「{function}」で試したのは{made}回だけで、妨げがあるかは分かりません(目安 {least} 回)。",
    'On "{function}" only {made} tries were made; whether they are hindered is open (yardstick {least}).',
)
_SILENT = Text(
    "「{function}」は初めから応答しませんでした。総当たりを妨げたとは言えません。",
    '"{function}" did not answer from the first try on; that is no hindrance to guessing.',
)
_AS_FAST = Text(
    "「{function}」は{n}回から遅れたとありますが、最後の応答({last} ms)は最初({first} ms)とほぼ同じです。",
    '"{function}" is said to answer later from try {n} on, but its last answer ({last} ms) was no later '
    "as fast as the first ({first} ms).",
)
_STOPS = Text(
    "「{function}」は{n}回で受け付けを止めました。", '"{function}" stopped taking tries after {n}.'
)
_SLOWS = Text(
    "「{function}」は{n}回から応答を遅らせました({first} ms から {last} ms)。",
    '"{function}" answered later from try {n} on ({first} ms to {last} ms).',
)


def judge(case: Case) -> tuple[Finding, ...]:
    """Guessing on each function that can be guessed at."""
    return (unless_absent(case, case.statement.item(1), _guessed),)


def _guessed(case: Case, item: EvaluationItem) -> Finding:
    least = case.statement.yardstick("unhindered-tries").value

    def look(
        asked: EvaluationItem, function: str, seen: Sequence[tuple[Piece, Guessing]]
    ) -> Finding:
        return _looked(asked, function, seen, least)

    return each_login(case, item, GUESSABLE, Guessing, look)


def _looked(
    item: EvaluationItem, function: str, seen: Sequence[tuple[Piece, Guessing]], least: int
) -> Finding:
    free = [(p, one) for p, one in seen if one.stopped_after is None and one.slowed_after is None]
    for piece, one in free:
        values = {"function": function, "made": one.made, "least": least}
        if one.made >= least:
            return broken(item, How.DEVICE, _UNHINDERED.fill(**values), [piece])
    for piece, one in free:
        reason = _FEW.fill(function=function, made=one.made, least=least)
        return left_open(item, reason, [piece], how=How.DEVICE)
    for piece, one in seen:
        if one.made == 0:
            return left_open(item, _SILENT.fill(function=function), [piece], how=How.DEVICE)
        if one.stopped_after is None and one.last_answer_ms < 2 * one.first_answer_ms:
            reason = _AS_FAST.fill(
                function=function,
                n=one.slowed_after,
                first=one.first_answer_ms,
                last=one.last_answer_ms,
            )
            return left_open(item, reason, [piece], how=How.DEVICE)
    one = seen[0][1]
    if one.stopped_after is not None:
        reason = _STOPS.fill(function=function, n=one.stopped_after)
    else:
        reason = _SLOWS.fill(
            function=function,
            n=one.slowed_after,
            first=one.first_answer_ms,
            last=one.last_answer_ms,
        )
    return met(item, How.DEVICE, reason, [piece for piece, _ in seen])
