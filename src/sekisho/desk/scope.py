"""Which devices the grid code's ★1 requirement means: a truth table with a reason for each answer.

The draft of the 21st grid-code review meeting (2026-03-31) means devices that communicate over IP
among the control systems of the distributed resource. Read here in this order:

1. cells and packs are out; a device without IP is out as a device (it is drawn all the same);
2. PCS, BMS, EMS, gateway, protocol converter, output-control unit, remote monitor with IP are in;
3. any other device with IP comes in if it controls, or connects straight to a main component
   without a gateway (the extension rule);
4. else a camera is out; a router is out at general-use works (一般用) and open at business
   works (事業用); a firewall and a meter are not named, so open.

What the owner has not said (IP, control, links) leaves the answer open wherever it decides. The
written table is `tests/facts/rules/test_scope_table.py`, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.desk.answers import CONTROL_UNSAID, IP_UNSAID
from sekisho.site.model import Place, Role, WorksClass
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.rulebook.demand import Case
    from sekisho.site.model import Device


class Reach(StrEnum):
    """Whether the requirement means a device."""

    IN = "in"
    OUT = "out"
    OPEN = "open"
    """The text leaves open whether this device is meant."""
    UNSAID = "unsaid"
    """A fact that decides has not been stated in the site file."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One row's answer."""

    reach: Reach
    reason: Text
    remedy: Text
    """What to do where the answer is open or a fact is missing."""


NOTHING_TO_DO = Text("対応は不要です。", "Nothing to do.")

ASK_OPERATOR = Text(
    "対象に含まれるかを一般送配電事業者に書面で確認し、可能ならラベル取得済み製品を選んでください。",
    "Ask the transmission and distribution operator in writing whether it is meant;"
    " choose a labelled product where you can.",
)

_CELLS = Scope(
    Reach.OUT,
    Text(
        "セル・パックはIP通信を持たず対象外です。",
        "Cells and packs have no IP and are out of scope.",
    ),
    NOTHING_TO_DO,
)
_CELLS_WITH_IP = Scope(
    Reach.OPEN,
    Text(
        "セル・パックはIPを持たない前提で対象外とされますが、この機器はIP通信をするため定まりません。",
        "Cells and packs are out because they have no IP; this one communicates over IP,"
        " so it is open.",
    ),
    ASK_OPERATOR,
)
_SERIAL = Scope(
    Reach.OUT,
    Text(
        "IP通信をしないため機器単体としては対象外です(構成図には記載し、接続先のIP機器側で判定)。",
        "It does not communicate over IP, so it is out of scope as a device"
        " (it is drawn; the IP device it hangs on is judged).",
    ),
    NOTHING_TO_DO,
)
_IP_UNSAID = Scope(
    Reach.UNSAID,
    IP_UNSAID.reason,
    IP_UNSAID.remedy,
)
_NAMED = Scope(
    Reach.IN,
    Text(
        "IP通信をする制御システムの構成機器で、対象です。",
        "It is part of the control system and communicates over IP: in scope.",
    ),
    NOTHING_TO_DO,
)
_OUTPUT_UNIT = Scope(
    Reach.IN,
    Text(
        "出力制御ユニットは名指しされていませんが、PCSへ制御を伝えるIP機器のため対象と推論します。",
        "An output-control unit is not named; as an IP device that passes control to the PCS"
        " we infer that it is in scope.",
    ),
    NOTHING_TO_DO,
)
_CONTROLS = Scope(
    Reach.IN,
    Text(
        "本来は対象に挙がらない機器ですが、制御機能を持つため対象に入ります。",
        "Not named itself, it comes into scope because it has a control function.",
    ),
    NOTHING_TO_DO,
)
_STRAIGHT = Scope(
    Reach.IN,
    Text(
        "本来は対象に挙がらない機器ですが、"
        "ゲートウェイを介さず主要構成機器に直接つながるため対象に入ります。",
        "Not named itself, it comes into scope because it connects straight to a main component"
        " without a gateway.",
    ),
    NOTHING_TO_DO,
)
_CAMERA = Scope(
    Reach.OUT,
    Text(
        "ゲートウェイの内側のカメラは対象外です。", "A camera behind the gateway is out of scope."
    ),
    NOTHING_TO_DO,
)
_ROUTER_GENERAL = Scope(
    Reach.OUT,
    Text(
        "一般用電気工作物のルーターは対象外です。",
        "A router at general-use works (一般用電気工作物) is out of scope.",
    ),
    NOTHING_TO_DO,
)
_ROUTER_BUSINESS = Scope(
    Reach.OPEN,
    Text(
        "ルーターの除外は一般用電気工作物に限られ、事業用では対象かどうか定まっていません。",
        "The exclusion of routers is for general-use works (一般用電気工作物) only;"
        " at business works it is open.",
    ),
    ASK_OPERATOR,
)
_NOT_NAMED = Scope(
    Reach.OPEN,
    Text(
        "この種類の機器は読めた資料に挙がっておらず、対象かどうか定まっていません。",
        "This kind of device is not named in what was read; whether it is meant is open.",
    ),
    ASK_OPERATOR,
)
_EXTENSION_UNSAID = Scope(
    Reach.UNSAID,
    CONTROL_UNSAID.reason,
    CONTROL_UNSAID.remedy,
)
_CLOUD = Scope(
    Reach.OPEN,
    Text(
        "クラウド上の機能で、制御システムの機器として対象になるか定まっていません。",
        "It is a function in a cloud; whether it counts as a device of the control system is open.",
    ),
    ASK_OPERATOR,
)

_NAMED_ROLES = frozenset(
    {
        Role.PCS,
        Role.BMS,
        Role.LOCAL_EMS,
        Role.UPPER_EMS,
        Role.GATEWAY,
        Role.PROTOCOL_CONVERTER,
        Role.REMOTE_MONITOR,
    }
)


def scope(
    role: Role,
    *,
    speaks_ip: bool | None,
    controls: bool | None,
    straight: bool | None,
    works: WorksClass,
) -> Scope:
    """One row of the truth table.

    Args:
        role: what the device does.
        speaks_ip: whether it communicates over IP; None where not said.
        controls: whether it has a control function; None where not said.
        straight: whether it connects straight to a main component without a gateway; None where
            its links are not said.
        works: class of the electrical works.
    """
    if role is Role.CELL_PACK:
        return _CELLS_WITH_IP if speaks_ip else _CELLS
    if speaks_ip is False:
        return _SERIAL
    answer = _with_ip(role, controls=controls, straight=straight, works=works)
    if speaks_ip is None and answer.reach is not Reach.OUT:
        return _IP_UNSAID
    return answer


def _with_ip(
    role: Role, *, controls: bool | None, straight: bool | None, works: WorksClass
) -> Scope:
    if role in _NAMED_ROLES:
        return _NAMED
    if role is Role.OUTPUT_CONTROL_UNIT:
        return _OUTPUT_UNIT
    if controls:
        return _CONTROLS
    if straight:
        return _STRAIGHT
    otherwise = _not_extended(role, works)
    if controls is None or straight is None:
        return _EXTENSION_UNSAID if otherwise.reach is Reach.OUT else otherwise
    return otherwise


def _not_extended(role: Role, works: WorksClass) -> Scope:
    if role is Role.CAMERA:
        return _CAMERA
    if role is Role.ROUTER:
        return _ROUTER_GENERAL if works is WorksClass.GENERAL else _ROUTER_BUSINESS
    return _NOT_NAMED


def scope_of(case: Case, device: Device) -> Scope:
    """The row for one device of a case; a function in a cloud is open wherever a box is in."""
    answer = scope(
        device.role,
        speaks_ip=case.topology.speaks_ip(device),
        controls=device.controls,
        straight=case.topology.straight_to_main(device),
        works=case.site.works_class,
    )
    if device.place is Place.CLOUD and answer.reach is Reach.IN:
        return _CLOUD
    return answer
