"""GC-2: ★1 for IP devices of the control system, by the day of the contract application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.grid_code import asks, starts

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    if case.device is None:
        return NO_DEVICE
    return starts(case) or asks(case, case.device)
