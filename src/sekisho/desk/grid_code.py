"""What the grid-code rules share: the date, then the scope, then what is asked.

Judges of `rules/gc_*` never import one another; what is common to them stands here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sekisho.desk.scope import ASK_OPERATOR, Reach, Scope, scope_of
from sekisho.rulebook.demand import Out, Unsettled, WantsLabel
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand
    from sekisho.site.model import Device

BEFORE = Out(
    Text(
        "契約申込みが適用開始日より前のため対象外です。",
        "The contract application (契約申込み) comes before the day from which the rule applies.",
    )
)
NO_DATE = Unsettled(
    Text("適用開始日が分かっていません。", "The day from which the rule applies is not known."),
    ASK_OPERATOR,
)


def starts(case: Case) -> Demand | None:
    """What follows from the date alone: nothing is asked before `from`; None from then on."""
    start = case.value("from")
    if not isinstance(start, date):
        return NO_DATE
    return BEFORE if case.day < start else None


def asks(case: Case, device: Device, doubt: Text | None = None) -> Demand:
    """What the grid code asks of a device once the rule applies.

    Args:
        case: the site, its links, the day.
        device: the device judged.
        doubt: what leaves open whether the rule applies at all; then a missing label does not
            break the rule, and leaves it undetermined.
    """
    return demand(scope_of(case, device), device, doubt)


def demand(scope: Scope, device: Device, doubt: Text | None) -> Demand:
    """The demand that follows from a row of the scope table."""
    match scope.reach:
        case Reach.OUT:
            return Out(scope.reason)
        case Reach.UNSAID:
            return Unsettled(scope.reason, scope.remedy)
        case Reach.OPEN:
            return WantsLabel(
                (device.id,), scope.reason, Verdict.UNDETERMINED, doubt or scope.reason
            )
        case Reach.IN if doubt is not None:
            return WantsLabel((device.id,), scope.reason, Verdict.UNDETERMINED, doubt)
        case Reach.IN:
            return WantsLabel((device.id,), scope.reason, Verdict.BROKEN)
