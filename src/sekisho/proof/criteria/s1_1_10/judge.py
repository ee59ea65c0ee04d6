"""S1.1-10: the model number can be recognised: on the body, or in a user interface; one is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import ProductShown
from sekisho.evidence.observation_words import ShownIn
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.paper import attested
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.proof.evidence import Case
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_SHOWN = Text("{place} に型番 {model} があります。", "{place} shows the model {model}.")
_HIDDEN = Text("{place} に型番がありません。", "{place} shows no model.")
_UNSEEN = Text(
    "型番が見える場所は記録されていません({where})。",
    "No place that shows the model was recorded ({where}).",
)
_WHERE = {
    ShownIn.BODY: Text("本体", "body"),
    ShownIn.USER_INTERFACE: Text("画面", "user interface"),
}


def judge(case: Case) -> tuple[Finding, ...]:
    """The body, then what the user sees on a screen."""
    body = _shown(case, case.statement.item(1), ShownIn.BODY)
    if body.verdict is Verdict.UNDETERMINED:
        body = attested(case, case.statement.item(1))
    return (body, _shown(case, case.statement.item(2), ShownIn.USER_INTERFACE))


def _shown(case: Case, item: EvaluationItem, where: ShownIn) -> Finding:
    seen = [(p, one) for p, one in case.evidence.of(ProductShown) if one.shown_in is where]
    named = [(p, one) for p, one in seen if one.model]
    if named:
        reason = _SHOWN.fill(place=named[0][1].place, model=named[0][1].model)
        return met(item, How.DEVICE, reason, [piece for piece, _ in named])
    if seen:
        reason = _HIDDEN.fill(place=seen[0][1].place)
        return broken(item, How.DEVICE, reason, [piece for piece, _ in seen])
    return left_open(item, _UNSEEN.fill(where=_WHERE[where]))
