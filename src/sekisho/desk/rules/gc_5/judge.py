"""GC-5: renewal at an existing plant; unsettled from the day the rule for new plants starts.

The general rule (the latest requirement applies when a PCS is exchanged) is decided; the draft of
the 21st meeting does not state it for cyber security.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.grid_code import NO_DATE
from sekisho.desk.scope import ASK_OPERATOR, Reach, scope_of
from sekisho.rulebook.demand import Out, Unsettled
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_BEFORE = Out(
    Text(
        "更新が新設の適用開始日より前のため対象外です。",
        "The renewal comes before the day from which the rule for new plants applies.",
    )
)
_OPEN = Unsettled(
    Text(
        "既設設備の更新に★1が求められるかは定まっていません(PCS交換時に最新要件を適用する"
        "一般原則はありますが、サイバー要件への適用は資料に明記がありません)。",
        "Whether ★1 is asked for at a renewal is not settled: the general rule applies the latest"
        " requirement when a PCS is exchanged, but the papers do not state it for cyber security.",
    ),
    ASK_OPERATOR,
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    start = case.value("from")
    if not isinstance(start, date):
        return NO_DATE
    if case.day < start:
        return _BEFORE
    row = scope_of(case, device)
    return Out(row.reason) if row.reach is Reach.OUT else _OPEN
