"""What stands on the diagram: boxes and the links between them, before any geometry.

Devices that came from one `count`, and that nothing tells apart, stand as one box "×n". Lanes run
from the outside world down to the cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from sekisho.site.model import Device, Place, Role
from sekisho.terms.ids import DeviceId
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.site.model import External, Medium, Route, Site
    from sekisho.terms.verdict import Verdict


@dataclass(frozen=True, slots=True)
class LabelNote:
    """What is known of one device's label: its number, its state in words, and the verdict."""

    number: Text | None
    text: Text
    verdict: Verdict | None


class Lane(IntEnum):
    """A lane of the diagram, from the outside world down to the cells."""

    OUTSIDE = 0
    CLOUD = 1
    UPPER_EMS = 2
    BORDER = 3
    LOCAL_EMS = 4
    CONVERSION = 5
    PCS = 6
    BMS = 7
    CELLS = 8


LANE_TEXTS: Mapping[Lane, Text] = {
    Lane.OUTSIDE: Text("構外の接続先", "Outside"),
    Lane.CLOUD: Text("クラウド", "Cloud"),
    Lane.UPPER_EMS: Text("上位EMS", "Upper EMS"),
    Lane.BORDER: Text("通信・境界", "Border"),
    Lane.LOCAL_EMS: Text("ローカルEMS", "Local EMS"),
    Lane.CONVERSION: Text("変換・出力制御・計測", "Conversion, output control, metering"),
    Lane.PCS: Text("PCS", "PCS"),
    Lane.BMS: Text("BMS", "BMS"),
    Lane.CELLS: Text("電池", "Cells"),
}

_LANE_OF: Mapping[Role, Lane] = {
    Role.UPPER_EMS: Lane.UPPER_EMS,
    Role.GATEWAY: Lane.BORDER,
    Role.ROUTER: Lane.BORDER,
    Role.FIREWALL: Lane.BORDER,
    Role.REMOTE_MONITOR: Lane.BORDER,
    Role.LOCAL_EMS: Lane.LOCAL_EMS,
    Role.PROTOCOL_CONVERTER: Lane.CONVERSION,
    Role.OUTPUT_CONTROL_UNIT: Lane.CONVERSION,
    Role.METER: Lane.CONVERSION,
    Role.CAMERA: Lane.CONVERSION,
    Role.PCS: Lane.PCS,
    Role.BMS: Lane.BMS,
    Role.CELL_PACK: Lane.CELLS,
}
_NUMBERED = re.compile(r"(.+)\.([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Part:
    """One box: a device, several alike, or something outside the site."""

    ids: tuple[str, ...]
    lane: Lane
    thing: Device | External
    note: LabelNote | None

    @property
    def name(self) -> str:
        """The id, or the range of ids."""
        if len(self.ids) == 1:
            return self.ids[0]
        numbers = [int(i.rpartition(".")[2]) for i in self.ids]
        base = self.ids[0].rpartition(".")[0]
        if numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{base}.{numbers[0]}–{numbers[-1]}"
        return f"{base}.{numbers[0]}…{numbers[-1]}"


@dataclass(frozen=True, slots=True)
class Wire:
    """A link between two boxes, by their positions; `count` links alike are one wire."""

    ends: tuple[int, int]
    medium: Medium
    route: Route
    protocol: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that stands on the diagram."""

    parts: tuple[Part, ...]
    wires: tuple[Wire, ...]


def plan_of(site: Site, notes: Mapping[DeviceId, LabelNote] | None) -> Plan:
    """The boxes and links of a site.

    Args:
        site: what is declared.
        notes: what is known of each device's label; None where nothing was looked up.
    """
    classes = _alike(site, notes)
    members: dict[int, list[str]] = {}
    for name, number in classes.items():
        members.setdefault(number, []).append(name)
    things: dict[str, Device | External] = {str(e.id): e for e in site.externals}
    things.update((str(d.id), d) for d in site.devices)
    parts = tuple(
        Part(tuple(ids), _lane(things[ids[0]]), things[ids[0]], _note(ids[0], notes))
        for ids in members.values()
    )
    place = {name: at for at, ids in enumerate(members.values()) for name in ids}
    counts: dict[tuple[int, int, Medium, Route, str | None], int] = {}
    for link in site.links:
        one, other = sorted(place[end] for end in link.between)
        key = (one, other, link.medium, link.route, link.protocol)
        counts[key] = counts.get(key, 0) + 1
    wires = tuple(
        Wire((one, other), medium, route, protocol, count)
        for (one, other, medium, route, protocol), count in counts.items()
    )
    return Plan(parts, wires)


def _lane(thing: Device | External) -> Lane:
    if not isinstance(thing, Device):
        return Lane.OUTSIDE
    if thing.place is Place.CLOUD:
        return Lane.CLOUD
    return _LANE_OF[thing.role]


def _note(name: str, notes: Mapping[DeviceId, LabelNote] | None) -> LabelNote | None:
    return None if notes is None else notes.get(DeviceId(name))


def _alike(site: Site, notes: Mapping[DeviceId, LabelNote] | None) -> Mapping[str, int]:
    """A class for each id: equal where nothing but the number behind a common name differs.

    Classes begin with what the devices say of themselves and are refined by what they are linked
    to, until nothing more is told apart.
    """
    first: list[tuple[str, object]] = [(str(e.id), str(e.id)) for e in site.externals]
    for device in site.devices:
        numbered = _NUMBERED.fullmatch(device.id)
        base = numbered[1] + "." if numbered else device.id
        first.append((device.id, (base, replace(device, id=DeviceId("")), _note(device.id, notes))))
    classes = _numbered(first)
    reach: dict[str, set[tuple[str, object]]] = {name: set() for name in classes}
    for link in site.links:
        one, other = link.between
        kind = (link.medium, link.route, link.protocol)
        reach[one].add((other, kind))
        reach[other].add((one, kind))
    while True:
        finer = _numbered(
            [
                (name, (number, frozenset((classes[o], kind) for o, kind in reach[name])))
                for name, number in classes.items()
            ]
        )
        if len(set(finer.values())) == len(set(classes.values())):
            return finer
        classes = finer


def _numbered(keys: Sequence[tuple[str, object]]) -> dict[str, int]:
    """Classes by equal keys, numbered in the order of the file."""
    seen: dict[object, int] = {}
    return {name: seen.setdefault(key, len(seen)) for name, key in keys}
