"""A site put together from what the rows of a portfolio's table say of its devices and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.desk.portfolio.columns import EXTERNALS
from sekisho.desk.portfolio.problems import STATE_IT
from sekisho.site.model import (
    Device,
    External,
    ExternalKind,
    Identity,
    Link,
    Medium,
    Milestone,
    Place,
    Route,
    Site,
)
from sekisho.terms.ids import DeviceId, ExternalId, SiteId
from sekisho.terms.quantity import KilowattHours, Kilowatts
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.desk.portfolio.problems import Problems

_IDENTITY = ("maker", "product", "model", "version", "label")
_NO_ROLE = Text("機器「{device}」に役割がありません。", 'The device "{device}" has no role.')
_NOWHERE = Text("接続先「{name}」がありません。", 'It connects to "{name}", which is nowhere.')
_NOWHERE_REMEDY = Text(
    "同じサイトの機器ID か、次の語を書いてください: {known}",
    "Name a device of the same site, or one of: {known}",
)
_DUPLICATE = Text("機器「{device}」が2度あります。", 'The device "{device}" stands twice.')
_DUPLICATE_REMEDY = Text("機器ID を変えてください。", "Change one of the ids.")
_NOT_IP = Text(
    "{device} は speaks_ip が無なのに、IP の接続があります。",
    "{device} does not speak IP and has a link over IP.",
)
_NOT_IP_REMEDY = Text(
    "speaks_ip を有にするか、medium を serial か can にしてください。",
    "Set speaks_ip to true, or medium to serial or can.",
)
Stated = tuple[int, str, "dict[str, Any]"]
"""Row, device and cells of a row that says what the device connects to."""


def devices_of(
    found: dict[str, Any],
    row: int,
    so_far: int,
    columns: Mapping[str, int],
    problems: Problems,
) -> list[Device]:
    """The devices of one row: as many as its `count`, none where it has no role.

    Args:
        found: the row's cells; a device without an id gets one.
        row: where it stands.
        so_far: devices that the site has already.
        columns: where each column stands.
        problems: takes what is wrong.
    """
    name = found.setdefault("device", f"device-{so_far + 1}")
    if "role" not in found:
        at = (row, columns.get("role", 0))
        problems.add(at, _NO_ROLE.fill(device=name), STATE_IT)
        return []
    times = found.get("count", 1)
    ids = [name] if times == 1 else [f"{name}.{i}" for i in range(1, times + 1)]
    identity = Identity(**{k: found[k] for k in _IDENTITY if k in found})
    return [
        Device(
            id=DeviceId(i),
            role=found["role"],
            identity=identity,
            speaks_ip=found.get("speaks_ip"),
            controls=found.get("controls"),
            introduced=found.get("introduced"),
            bought=found.get("bought"),
            pcs_class=found.get("pcs_class"),
            place=found.get("place", Place.SITE),
        )
        for i in ids
    ]


def put_together(
    head: dict[str, Any],
    devices: list[Device],
    stated: list[Stated],
    columns: Mapping[str, int],
    problems: Problems,
) -> Site | None:
    """A site of what its rows say; None where something is wrong."""
    names = _names(devices, stated, columns, problems)
    links, outside = _links(names, devices, stated, columns, problems)
    if problems.found:
        return None
    return Site(
        id=SiteId(head["site"]),
        name=head.get("name", head["site"]),
        area=head["area"],
        resource=head["resource"],
        voltage=head["voltage"],
        rated_kw=Kilowatts(head["rated_kw"]),
        rated_kwh=KilowattHours(head["rated_kwh"]) if "rated_kwh" in head else None,
        owner=head["owner"],
        work=head["work"],
        works_class=head["works_class"],
        self_consumption=head.get("self_consumption"),
        dates={m: head[m.value] for m in Milestone if m.value in head},
        joins=head.get("joins", frozenset()),
        attestations={},
        externals=outside,
        devices=tuple(devices),
        links=links,
    )


def _names(
    devices: list[Device], stated: list[Stated], columns: Mapping[str, int], problems: Problems
) -> dict[str, list[str]]:
    """What each id means: a device, or all that its `count` made."""
    names: dict[str, list[str]] = {}
    for device in devices:
        if device.id in names:
            at = (stated[0][0] if stated else 1, columns.get("device", 0))
            problems.add(at, _DUPLICATE.fill(device=device.id), _DUPLICATE_REMEDY)
        names.setdefault(device.id, []).append(device.id)
        stem, dot, rest = device.id.rpartition(".")
        if dot and rest.isdigit():
            names.setdefault(stem, []).append(device.id)
    return names


def _links(
    names: dict[str, list[str]],
    devices: list[Device],
    stated: list[Stated],
    columns: Mapping[str, int],
    problems: Problems,
) -> tuple[tuple[Link, ...], tuple[External, ...]]:
    silent = {d.id for d in devices if d.speaks_ip is False}
    outside: dict[str, External] = {}
    links: list[Link] = []
    for row, name, found in stated:
        at = (row, columns["connects_to"])
        medium = found.get("medium", Medium.IP)
        route = found.get("route", Route.LOCAL)
        mine = names.get(name, [])
        for other in found["connects_to"]:
            if other in EXTERNALS:
                kind = ExternalKind(other)
                outside.setdefault(other, External(id=ExternalId(other), kind=kind))
            elif other not in names:
                remedy = _NOWHERE_REMEDY.fill(known=listed(sorted(EXTERNALS)))
                problems.add(at, _NOWHERE.fill(name=other), remedy)
                continue
            ends = names.get(other, [other])
            if medium is Medium.IP:
                for end in sorted({*ends, *mine} & silent):
                    problems.add(at, _NOT_IP.fill(device=end), _NOT_IP_REMEDY)
            pairs = ((end, one) for one in mine for end in ends if end != one)
            links += [Link(between=pair, medium=medium, route=route) for pair in pairs]
    return tuple(links), tuple(outside.values())
