"""ERAB at R5: an energy device behind a gateway (推奨; a broken one is advice)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.answers import NO_DEVICE
from sekisho.desk.erab import (
    ANOTHER_INTERFACE,
    BEFORE,
    BETWEEN_ROLES,
    EMS_ROLES,
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

_BEHIND = Text(
    "ゲートウェイの内側の機器(R5)に★1以上が推奨されています。",
    "★1 or higher is recommended (推奨) for a device behind the gateway (R5).",
)
_BETWEEN = Text(
    "エネルギー機器そのものではなく、R5の機器に当たるか定まっていません。",
    "It is not an energy device itself; whether it is the device of R5 is open.",
)


def judge(case: Case) -> Demand:
    """What the rule asks of one device."""
    device = case.device
    if device is None:
        return NO_DEVICE
    role = device.role
    if role not in ENERGY_ROLES and role not in BETWEEN_ROLES and role not in EMS_ROLES:
        return ANOTHER_INTERFACE
    if case.precedes("from"):
        return BEFORE
    return label_question(case, device) or _by_way(case, device)


def _by_way(case: Case, device: Device) -> Demand:
    way = way_to(case, device)
    if way is Way.UNSAID:
        return WAY_UNSAID
    energy = device.role in ENERGY_ROLES
    if case.topology.behind_gateway(device):
        if energy:
            return WantsLabel((device.id,), _BEHIND, Verdict.BROKEN)
        return WantsLabel((device.id,), _BEHIND, Verdict.UNDETERMINED, _BETWEEN)
    if way is Way.PAST_CONTROLLER and energy:
        return WantsLabel((device.id,), _BEHIND, Verdict.UNDETERMINED, PAST_CONTROLLER)
    if way is Way.NONE:
        return unreached(case, device)
    return ANOTHER_INTERFACE
