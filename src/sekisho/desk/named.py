"""Programmes that name BMS, PCS and EMS "and so on" (等): the auction and the storage subsidy.

A named device with IP and without a label breaks the condition. A named device without IP is
treated in an attachment whose rules are not public. Whether other devices of the control system
are meant by "and so on" is open. Judges of `rules/` never import one another; what is common to
these stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk.answers import CONTROL_UNSAID, IP_UNSAID
from sekisho.rulebook.demand import Out, Unsettled, WantsLabel
from sekisho.site.model import Place, Role
from sekisho.site.topology import MAIN_ROLES
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand
    from sekisho.site.model import Device

CELLS = Out(Text("セル・パックは名指しされていません。", "Cells and packs are not named."))
NOT_MEANT = Out(
    Text(
        "名指しされた機器(BMS・PCS・EMS等)ではなく、制御にも関わらないため対象外です。",
        "It is none of the devices named (BMS, PCS, EMS and so on) and has no part in control:"
        " not meant.",
    )
)
SERIAL_OTHER = Out(
    Text(
        "名指しされておらず、IP通信もしないため対象外です。",
        "It is not named and does not communicate over IP: not meant.",
    )
)
IN_CLOUD = Text(
    "クラウド上の機能で、機器としてのラベルを求められるか定まっていません。",
    "It is a function in a cloud; whether a label is asked for as of a device is open.",
)
_BYSTANDERS = frozenset({Role.CAMERA, Role.METER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One programme's words for its own condition."""

    named: Text
    """Why a named device needs a label."""
    and_so_on: Text
    """Why another device of the control system may need one."""
    serial: Unsettled
    """What is open for a named device without IP, with its attachment."""


def asks(case: Case, device: Device, wording: Wording) -> Demand:
    """What the programme asks of a device."""
    named = device.role in MAIN_ROLES
    if device.role is Role.CELL_PACK:
        return CELLS
    speaks_ip = case.topology.speaks_ip(device)
    if speaks_ip is False:
        return wording.serial if named else SERIAL_OTHER
    if device.role in _BYSTANDERS:
        aside = _bystander(case, device)
        if aside is not None:
            return aside
    if speaks_ip is None:
        return IP_UNSAID
    if device.place is Place.CLOUD:
        return WantsLabel((device.id,), wording.named, Verdict.UNDETERMINED, IN_CLOUD)
    if named:
        return WantsLabel((device.id,), wording.named, Verdict.BROKEN)
    return WantsLabel((device.id,), wording.and_so_on, Verdict.UNDETERMINED, wording.and_so_on)


def _bystander(case: Case, device: Device) -> Demand | None:
    straight = case.topology.straight_to_main(device)
    if device.controls or straight:
        return None
    if device.controls is None or straight is None:
        return CONTROL_UNSAID
    return NOT_MEANT
