"""What a site file leaves unsaid, and will leave a verdict undetermined.

Not faults: a project knows some things late. Only what a rule may ask is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.site.model import Milestone, Owner, Programme, Role, Voltage
from sekisho.site.topology import topology_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sekisho.site.model import Device, Site
    from sekisho.site.topology import Topology

_IDENTITY_FREE = frozenset({Role.CELL_PACK, Role.CAMERA})
"""Roles of which no label is asked: cells have no IP, cameras stand behind the gateway."""
_DATE_OF = {
    Programme.LONG_TERM_AUCTION_2026: Milestone.AUCTION_REGISTRATION,
    Programme.SII_STORAGE_R7: Milestone.SUBSIDY_APPLICATION,
    Programme.SII_STORAGE_R7_SUPPLEMENT: Milestone.SUBSIDY_APPLICATION,
    Programme.DR_VPP_SUBSIDY: Milestone.SUBSIDY_APPLICATION,
    Programme.STORAGE_PARITY_2026: Milestone.SUBSIDY_APPLICATION,
    Programme.GOVERNMENT_PROCUREMENT: Milestone.PROCUREMENT,
}
_NO_DEVICE = Text(
    "機器が1台もありません。判定できるものがありません。",
    "There is no device, so there is nothing to say.",
)
_NO_NAME = Text(
    "メーカー・製品・型番・登録番号のどれも書かれていません。",
    "No maker, product, model or registration number is given.",
)
_NO_MODEL = Text("型番も登録番号もありません。", "Neither model nor registration number is given.")
_NO_IP = Text(
    "IP で通信するか不明で、IP の接続もありません。",
    "Whether it speaks IP is unknown, and no IP link is declared.",
)
_NO_CONTROL = Text("制御機能の有無が不明です。", "Whether it has a control function is unknown.")
_NO_LINK = Text("接続が書かれていません。", "No link is declared.")
_NO_INTRODUCED = Text(
    "アグリゲーターの制御対象にする日がありません。",
    "The day of its introduction under an aggregator is not given.",
)
_NO_DAY = Text(
    "{day} がありません。基準日で代用します。",
    "There is no {day}; the day of the question stands in.",
)
_NO_SELF = Text(
    "自家消費かどうかが不明です(高圧の経過措置に関わります)。",
    "Whether it is for own use is unknown (it matters at high voltage).",
)


_UNASKED = Text(
    "この名前の文書を求める規則はありません。求められる名前: {keys}",
    "No rule asks for a document of this name. Names asked for: {keys}",
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing left unsaid: of a device, or of the site where `device` is empty."""

    device: str
    key: str
    what: Text


def unknowns(site: Site, asked: Collection[str] | None = None) -> tuple[Unknown, ...]:
    """Everything left unsaid that a rule may ask for, in the order of the file.

    Args:
        site: what is declared.
        asked: keys of attestations that rules ask for; a key that none asks for is most likely
            misspelt, and its duty stays open. None: not known here.
    """
    topology = topology_of(site)
    return (
        *_of_site(site),
        *(
            Unknown("", f"attestations.{key}", _UNASKED.fill(keys=", ".join(sorted(asked))))
            for key in site.attestations
            if asked is not None and key not in asked
        ),
        *(found for device in site.devices for found in _of_device(site, topology, device)),
    )


def _of_site(site: Site) -> Iterator[Unknown]:
    if not site.devices:
        yield Unknown("", "device", _NO_DEVICE)
    if site.self_consumption is None and site.voltage is Voltage.HIGH:
        yield Unknown("", "self_consumption", _NO_SELF)
    wanted = {Milestone.CONTRACT_APPLICATION}
    wanted |= {day for programme, day in _DATE_OF.items() if programme in site.joins}
    if site.owner is Owner.GOVERNMENT:
        wanted.add(Milestone.PROCUREMENT)
    for day in Milestone:
        if day in wanted and day not in site.dates:
            yield Unknown("", day.value, _NO_DAY.fill(day=day.value))


def _of_device(site: Site, topology: Topology, device: Device) -> Iterator[Unknown]:
    identity = device.identity
    if device.role not in _IDENTITY_FREE:
        if not any((identity.maker, identity.product, identity.model, identity.label)):
            yield Unknown(device.id, "maker, model, label", _NO_NAME)
        elif identity.model is None and identity.label is None:
            yield Unknown(device.id, "model, label", _NO_MODEL)
    if topology.speaks_ip(device) is None:
        yield Unknown(device.id, "speaks_ip", _NO_IP)
    if device.controls is None and device.role is not Role.CELL_PACK:
        yield Unknown(device.id, "controls", _NO_CONTROL)
    if not topology.is_linked(device):
        yield Unknown(device.id, "link", _NO_LINK)
    if (
        device.introduced is None
        and Programme.AGGREGATION in site.joins
        and device.role not in _IDENTITY_FREE
    ):
        yield Unknown(device.id, "introduced", _NO_INTRODUCED)
