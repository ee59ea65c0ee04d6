"""BALANCING-1: primary control (一次) with 10 MW or more is online over a dedicated line.

Judged from the declared links to the transmission operator and to the aggregator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.rulebook.demand import Fulfilled, Out, Unsettled, Violated
from sekisho.site.model import ExternalKind, Route
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_SMALL = Out(
    Text(
        "10MW未満では専用線によらない参加ができます。",
        "Below 10 MW it can take part without a dedicated line.",
    )
)
_DECLARE = Text(
    "tso の [[external]] と、route を書いた [[link]] を加えてください。",
    "Declare the operator (tso) as [[external]] and a [[link]] to it with its route.",
)
_UNSAID = Unsettled(
    Text(
        "一般送配電事業者またはアグリゲーターへの経路が書かれていません。",
        "No way to the transmission operator or the aggregator is declared.",
    ),
    _DECLARE,
)
_AGGREGATOR_ONLY = Unsettled(
    Text(
        "専用線はアグリゲーターまでで、一般送配電事業者との間が専用線かどうか分かりません。",
        "The dedicated line goes to the aggregator; whether the way on to the transmission operator"
        " is one too is not known.",
    ),
    _DECLARE,
)
_DEDICATED = Fulfilled(
    Text(
        "一般送配電事業者と専用線で接続しています。",
        "It is linked to the transmission operator over a dedicated line.",
    )
)
_MISSING = Violated(
    Text(
        "10MW以上の一次調整力は専用線によるオンラインが求められますが、申告された経路は専用線ではありません。",
        "Primary control with 10 MW or more must be online over a dedicated line; the declared way"
        " is none.",
    ),
    Text(
        "専用線を用意するか、一次オフライン等の商品区分を検討してください。",
        "Provide a dedicated line, or consider another product, such as offline primary control.",
    ),
)


def judge(case: Case) -> Demand:
    """What the rule asks of the site."""
    limit = case.value("online_kw")
    if isinstance(limit, float) and case.site.rated_kw < limit:
        return _SMALL
    operator = _routes(case, ExternalKind.TSO)
    aggregator = _routes(case, ExternalKind.AGGREGATOR)
    if Route.DEDICATED_LINE in operator:
        return _DEDICATED
    if Route.DEDICATED_LINE in aggregator:
        return _AGGREGATOR_ONLY if not operator - {Route.LOCAL} else _MISSING
    if not (operator | aggregator) - {Route.LOCAL}:
        return _UNSAID
    return _MISSING


def _routes(case: Case, kind: ExternalKind) -> frozenset[Route]:
    """Routes of the links to parties of a kind; `local` says nothing about a way outside."""
    ends = {e.id for e in case.site.externals if e.kind is kind}
    return frozenset(link.route for link in case.site.links if not ends.isdisjoint(link.between))
