"""ERAB at R6: an energy device that the aggregator reaches without a gateway (勧告)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.erab import (
    ANOTHER_INTERFACE,
    BEFORE,
    BETWEEN_ROLES,
    ENERGY_ROLES,
    PAST_CONTROLLER,
    WAY_UNSAID,
    Way,
    label_question,
    unreached,
    way_to,
)
from sekisho.rulebook.demand import WantsLabel
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand
    from sekisho.site.model import Device

_STRAIGHT = Text(
    "ゲートウェイを介さずアグリゲーターと接続する機器(R6)に★1以上が勧告されています。",
    "★1 or higher is asked for (勧告) on a device that the aggregator reaches without a gateway"
    " (R6).",
)
_BETWEEN = Text(
    "エネルギー機器そのものではなく、R6の機器に当たるか定まっていません。",
    "It is not an energy device itself; whether it is the device of R6 is open.",
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    if device.role not in ENERGY_ROLES and device.role not in BETWEEN_ROLES:
        return ANOTHER_INTERFACE
    if case.precedes("from"):
        return BEFORE
    return label_question(case, device) or _by_way(case, device)


def _by_way(case: Case, device: Device) -> Demand:
    match way_to(case, device):
        case Way.UNSAID:
            return WAY_UNSAID
        case Way.BEHIND:
            return ANOTHER_INTERFACE
        case Way.NONE:
            return unreached(case, device)
        case Way.STRAIGHT if device.role in ENERGY_ROLES:
            return WantsLabel((device.id,), _STRAIGHT, Verdict.BROKEN)
        case Way.PAST_CONTROLLER if device.role in ENERGY_ROLES:
            return WantsLabel((device.id,), _STRAIGHT, Verdict.UNDETERMINED, PAST_CONTROLLER)
        case Way.STRAIGHT | Way.PAST_CONTROLLER:
            return WantsLabel((device.id,), _STRAIGHT, Verdict.UNDETERMINED, _BETWEEN)
