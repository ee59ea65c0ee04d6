"""Edits of a plant on paper: swap a product, put a box in front, move a date.

Each edit is a value, and `edited` applies it to a site without touching the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from sekisho.site.model import Device, Link, Medium, Role, Route
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.ids import DeviceId
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sekisho.site.model import Identity, Milestone, Site

_NO_DEVICE = Text("機器「{given}」はありません。", 'There is no device "{given}".')
_NO_DEVICE_REMEDY = Text("次のどれかを指定してください: {known}", "Name one of: {known}")


@dataclass(frozen=True, slots=True)
class Swap:
    """Another product in the same place."""

    device: DeviceId
    identity: Identity
    speaks_ip: bool | None = None
    """None: as before."""


@dataclass(frozen=True, slots=True)
class InFront:
    """A new box between a device and whatever reaches it from outside."""

    device: DeviceId
    role: Role
    """`gateway` or `protocol-converter`."""
    identity: Identity


@dataclass(frozen=True, slots=True)
class Move:
    """Another day for one date of the site."""

    milestone: Milestone
    day: date


Edit = Swap | InFront | Move


def edited(site: Site, edits: Iterable[Edit]) -> Site:
    """The site after the edits, in order.

    Raises:
        InputError: an edit names a device that the site does not have.
    """
    for edit in edits:
        match edit:
            case Swap():
                site = _swapped(site, edit)
            case InFront():
                site = _with_box(site, edit)
            case Move(milestone, day):
                site = replace(site, dates={**site.dates, milestone: day})
            case _ as never:
                assert_never(never)
    return site


def named(site: Site, name: DeviceId) -> tuple[Device, ...]:
    """The devices that a name means: one device, or all that `count` made of one entry.

    Raises:
        InputError: there is none.
    """
    found = tuple(d for d in site.devices if d.id == name or _made_of(name, d.id))
    if found:
        return found
    known = listed(d.id for d in site.devices)
    problem = Problem("", _NO_DEVICE.fill(given=name), _NO_DEVICE_REMEDY.fill(known=known))
    raise InputError(problem)


def _made_of(name: DeviceId, one: DeviceId) -> bool:
    stem, dot, number = one.rpartition(".")
    return bool(dot) and stem == name and number.isdecimal()


def _swapped(site: Site, edit: Swap) -> Site:
    leaving = {d.id for d in named(site, edit.device)}
    return replace(
        site,
        devices=tuple(_other_product(d, edit) if d.id in leaving else d for d in site.devices),
    )


def _other_product(old: Device, edit: Swap) -> Device:
    # A purchase date and a certificate belong to the product that leaves.
    return replace(
        old,
        identity=edit.identity,
        speaks_ip=old.speaks_ip if edit.speaks_ip is None else edit.speaks_ip,
        bought=None,
        jet=None,
        contains=(),
    )


def _with_box(site: Site, edit: InFront) -> Site:
    targets = named(site, edit.device)
    name = _free_name(site, edit)
    box = Device(
        id=name,
        role=edit.role,
        identity=edit.identity,
        speaks_ip=True,
        controls=True,
        introduced=targets[0].introduced,
    )
    distance = _distance_from_outside(site)
    links: dict[Link, None] = dict.fromkeys(site.links)
    for target in targets:
        inner = Medium.IP if edit.role is Role.GATEWAY else Medium.SERIAL
        for link in site.links:
            other = _other_end(link, target.id)
            if other is None or not _is_outward(distance.get(other), distance.get(target.id)):
                continue
            if edit.role is Role.GATEWAY:
                inner = link.medium
            links.pop(link, None)
            links[replace(link, between=(other, name), medium=Medium.IP)] = None
        links[Link(between=(name, target.id), medium=inner, route=Route.LOCAL)] = None
    return replace(site, devices=(*site.devices, box), links=tuple(links))


def _is_outward(other: int | None, here: int | None) -> bool:
    """Whether the other end lies nearer to the outside; where nothing is known, every link does."""
    if here is None:
        return True
    return other is not None and other < here


def _distance_from_outside(site: Site) -> Mapping[str, int]:
    """Links between each device and the nearest external."""
    neighbours: dict[str, list[str]] = {}
    for link in site.links:
        one, other = link.between
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
    distance: dict[str, int] = {e.id: 0 for e in site.externals}
    edge: list[str] = list(distance)
    while edge:
        following = []
        for name in edge:
            for other in neighbours.get(name, ()):
                if other not in distance:
                    distance[other] = distance[name] + 1
                    following.append(other)
        edge = following
    return distance


def _other_end(link: Link, name: str) -> str | None:
    one, other = link.between
    if one == name:
        return other
    return one if other == name else None


def _free_name(site: Site, edit: InFront) -> DeviceId:
    taken = {d.id for d in site.devices} | {str(e.id) for e in site.externals}
    stem = "gw-new" if edit.role is Role.GATEWAY else "converter-new"
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return DeviceId(f"{stem}-{number}")
