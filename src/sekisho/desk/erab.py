"""Where a device stands on the aggregator's way: interfaces R4, R5 and R6 of the ERAB guideline.

R4 lies between aggregator and gateway (an EMS may act as one), R5 between gateway and energy
device, R6 between aggregator and an energy device without a gateway. A device may stand on two ways
at once. Judges of `rules/erab_*` never import one another; what is common stands here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.desk.answers import IP_UNSAID
from sekisho.rulebook.demand import Out, Unsettled
from sekisho.site.model import Place, Role
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case, Demand
    from sekisho.site.model import Device

ENERGY_ROLES = frozenset({Role.PCS, Role.BMS, Role.CELL_PACK})
"""Energy devices (エネルギー機器): what charges and discharges, and what guards it."""
EMS_ROLES = frozenset({Role.LOCAL_EMS, Role.UPPER_EMS})
BETWEEN_ROLES = frozenset({Role.PROTOCOL_CONVERTER, Role.OUTPUT_CONTROL_UNIT, Role.REMOTE_MONITOR})
"""Neither gateway nor energy device by name, and on the way to one."""

BEFORE = Out(
    Text(
        "Ver3.0の公表(2025-05-22)より前に制御対象となった機器です。",
        "The device came under an aggregator's control before Ver3.0 (2025-05-22).",
    )
)
SERIAL = Out(
    Text(
        "IP通信をしないため、機器単体としてはラベルの対象外です。",
        "It does not communicate over IP, so no label is asked for as a device.",
    )
)
ANOTHER_INTERFACE = Out(
    Text(
        "この規則のインタフェースには当たらない機器です。",
        "The device does not stand on the interface of this rule.",
    )
)
NOT_REACHED = Out(
    Text(
        "申告された接続ではアグリゲーターからこの機器に至る経路がありません。",
        "No declared way leads from the aggregator to this device.",
    )
)
WAY_UNSAID = Unsettled(
    Text(
        "アグリゲーターまたは機器の接続が書かれておらず、どのインタフェースか決まりません。",
        "The aggregator or the device's links are not declared, so the interface is not known.",
    ),
    Text(
        "aggregator の [[external]] と、機器までの [[link]] を書いてください。",
        "Declare the aggregator as [[external]] and the [[link]]s up to the device.",
    ),
)
PAST_CONTROLLER = Text(
    "経路上のEMSまたはクラウドの機能がゲートウェイに当たるか定まらず、"
    "R6(勧告)かR5(推奨)か決まりません。",
    "Whether the EMS or the function in a cloud on the way counts as the gateway is open, so it"
    " is R6 (勧告) or R5 (推奨).",
)
"""Between R5 and R6: why neither is sure, for a device that is reached past such a controller."""
OTHER_CLOUD = Unsettled(
    Text(
        "アグリゲーター以外の外部に直接つながっており、そこからの制御の有無が分かりません。",
        "It is linked to another outside party; whether control comes from there is not known.",
    ),
    Text(
        "その外部からの制御の有無と、アグリゲーターとの関係を確認してください。",
        "Find out whether that party controls it, and how it stands to the aggregator.",
    ),
)
GATEWAY_IN_CLOUD = Unsettled(
    Text(
        "ゲートウェイ機能がクラウド上にあり、ラベルをどこに求めるか定まっていません。",
        "The gateway's functions are in a cloud; where a label is asked for is open.",
    ),
    Text(
        "ゲートウェイ機能の所在とラベルの扱いをアグリゲーターに書面で確認してください。",
        "Ask the aggregator in writing where the gateway's functions are and how labels are"
        " treated.",
    ),
)


class Way(StrEnum):
    """How the aggregator reaches a device."""

    STRAIGHT = "straight"
    """Past no gateway, no EMS and no function in a cloud."""
    PAST_CONTROLLER = "past-controller"
    """Past no gateway at the site, but past an EMS or a function in a cloud that may act as one."""
    BEHIND = "behind"
    """Only through a gateway at the site."""
    NONE = "none"
    UNSAID = "unsaid"


def way_to(case: Case, device: Device) -> Way:
    """How the aggregator reaches the device, by the declared links."""
    reached = case.topology.reached_without_gateway(device)
    if reached is None:
        return Way.UNSAID
    if reached:
        return Way.STRAIGHT if case.topology.reached_straight(device) else Way.PAST_CONTROLLER
    return Way.BEHIND if case.topology.behind_gateway(device) else Way.NONE


def unreached(case: Case, device: Device) -> Demand:
    """What follows where no declared way leads from the aggregator to the device."""
    known = case.topology.devices
    if any(name not in known for name in case.topology.neighbours.get(device.id, ())):
        return OTHER_CLOUD
    return NOT_REACHED


def label_question(case: Case, device: Device) -> Demand | None:
    """What follows from IP alone: nothing for a serial device, a question where it is not said."""
    speaks_ip = case.topology.speaks_ip(device)
    if speaks_ip is None:
        return IP_UNSAID
    return None if speaks_ip else SERIAL


def in_cloud(device: Device) -> bool:
    """Whether the device is a function in somebody's cloud."""
    return device.place is Place.CLOUD
