"""ERAB at R4: the gateway, and an EMS that the aggregator reaches without one (勧告)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.erab import (
    ANOTHER_INTERFACE,
    BEFORE,
    EMS_ROLES,
    GATEWAY_IN_CLOUD,
    WAY_UNSAID,
    Way,
    in_cloud,
    label_question,
    unreached,
    way_to,
)
from sekisho.rulebook.demand import WantsLabel
from sekisho.site.model import Role
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand
    from sekisho.site.model import Device

_GATEWAY = Text(
    "アグリゲーターと接続するゲートウェイ(R4)に★1以上が勧告されています。",
    "★1 or higher is asked for (勧告) on the gateway that the aggregator connects to (R4).",
)
_EMS = Text(
    "ゲートウェイを介さずアグリゲーターと接続するEMSは、ゲートウェイ(R4)として★1以上が勧告されています。",
    "An EMS that the aggregator reaches without a gateway counts as the gateway (R4):"
    " ★1 or higher is asked for (勧告).",
)
_CASCADE = Text(
    "他の機器を経てアグリゲーターに至るため、R4のゲートウェイに当たるか定まっていません。",
    "The aggregator reaches it past another device; whether it is the gateway of R4 is open.",
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    if device.role is not Role.GATEWAY and device.role not in EMS_ROLES:
        return ANOTHER_INTERFACE
    if case.precedes("from"):
        return BEFORE
    if in_cloud(device):
        return GATEWAY_IN_CLOUD
    question = label_question(case, device)
    if question is not None:
        return question
    return _gateway(case, device) if device.role is Role.GATEWAY else _ems(case, device)


def _gateway(case: Case, device: Device) -> Demand:
    match way_to(case, device):
        case Way.UNSAID:
            return WAY_UNSAID
        case Way.STRAIGHT | Way.PAST_CONTROLLER:
            return WantsLabel((device.id,), _GATEWAY, Verdict.BROKEN)
        case Way.BEHIND | Way.NONE:
            return WantsLabel((device.id,), _GATEWAY, Verdict.UNDETERMINED, _CASCADE)


def _ems(case: Case, device: Device) -> Demand:
    match way_to(case, device):
        case Way.UNSAID:
            return WAY_UNSAID
        case Way.STRAIGHT:
            return WantsLabel((device.id,), _EMS, Verdict.BROKEN)
        case Way.PAST_CONTROLLER:
            return WantsLabel((device.id,), _EMS, Verdict.UNDETERMINED, _CASCADE)
        case Way.BEHIND:
            return ANOTHER_INTERFACE
        case Way.NONE:
            return unreached(case, device)
