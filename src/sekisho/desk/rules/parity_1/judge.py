"""PARITY-1: ★1 for the IP devices in scope; the scope is read as the grid code reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.grid_code import asks
from sekisho.site.topology import MAIN_ROLES
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand

_SCOPE_UNREAD = Text(
    "公募要領の対象範囲は未確認で、この機器が含まれるか定まっていません。",
    "The call's own text on scope was not read; whether this device is meant is open.",
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    return asks(case, device, None if device.role in MAIN_ROLES else _SCOPE_UNREAD)
