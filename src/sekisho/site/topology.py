"""The plant as a graph: who reaches whom, and through what.

Answers are three-valued. A device with no declared link is not an isolated device: we do not know
how it is connected, and None says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.site.model import ExternalKind, Medium, Place, Role
from sekisho.terms.ids import natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sekisho.site.model import Device, Link, Site
    from sekisho.terms.ids import DeviceId

MAIN_ROLES = frozenset({Role.PCS, Role.BMS, Role.LOCAL_EMS, Role.UPPER_EMS})
"""Main components (主要構成機器): what the programmes name, PCS, BMS and EMS."""

GATEWAY_ROLES = frozenset({Role.GATEWAY})

_EMS_ROLES = frozenset({Role.LOCAL_EMS, Role.UPPER_EMS})


@dataclass(frozen=True, slots=True)
class Topology:
    """The links of one site, indexed by their ends."""

    devices: Mapping[str, Device]
    """By id, in natural order: the order of the file must never matter."""
    aggregators: frozenset[str]
    neighbours: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[Link, ...]]
    _behind: frozenset[str] = field(repr=False)
    _open: frozenset[str] = field(repr=False)
    _straight: frozenset[str] = field(repr=False)

    def is_linked(self, device: Device) -> bool:
        """Whether any link of the device is declared."""
        return device.id in self.neighbours

    def speaks_ip(self, device: Device) -> bool | None:
        """Whether it communicates over IP: as stated, else True where a declared link is IP."""
        if device.speaks_ip is not None:
            return device.speaks_ip
        media = {link.medium for link in self.links.get(device.id, ())}
        return True if Medium.IP in media else None

    def straight_to_main(self, device: Device) -> bool | None:
        """Whether it connects straight to a main component, with no gateway between.

        A router between them only passes traffic on: it is no gateway. A firewall may be one; where
        only a firewall stands between, the answer is None.
        """
        if not self.is_linked(device):
            return None
        if self._meets_main(device, frozenset({Role.ROUTER})):
            return True
        past_firewall = self._meets_main(device, frozenset({Role.ROUTER, Role.FIREWALL}))
        return None if past_firewall else False

    def _meets_main(self, device: Device, passed: frozenset[Role]) -> bool:
        seen = {str(device.id)}
        todo = [str(device.id)]
        while todo:
            for name in self.neighbours[todo.pop()]:
                peer = self.devices.get(name)
                if peer is None or name in seen:
                    continue
                seen.add(name)
                if peer.role in MAIN_ROLES:
                    return True
                if peer.role in passed:
                    todo.append(name)
        return False

    def reached_without_gateway(self, device: Device) -> bool | None:
        """Whether an aggregator reaches it on some way that passes no gateway.

        None where the device has no link, or the site declares no aggregator.
        """
        if not self.aggregators or not self.is_linked(device):
            return None
        return device.id in self._open

    def reached_straight(self, device: Device) -> bool | None:
        """Whether an aggregator reaches it past no gateway, no EMS and no function in a cloud.

        None as for `reached_without_gateway`.
        """
        if not self.aggregators or not self.is_linked(device):
            return None
        return device.id in self._straight

    def behind_gateway(self, device: Device) -> bool | None:
        """Whether a gateway stands on a way between it and an aggregator."""
        if not self.aggregators or not self.is_linked(device):
            return None
        return device.id in self._behind

    def converters_of(self, device: Device) -> tuple[DeviceId, ...]:
        """Protocol converters linked straight to the device."""
        found = (self.devices.get(name) for name in self.neighbours.get(device.id, ()))
        return tuple(d.id for d in found if d is not None and d.role is Role.PROTOCOL_CONVERTER)


def topology_of(site: Site) -> Topology:
    """The site's links as a graph."""
    neighbours: dict[str, list[str]] = {}
    links: dict[str, list[Link]] = {}
    for link in site.links:
        one, other = link.between
        neighbours.setdefault(one, []).append(other)
        neighbours.setdefault(other, []).append(one)
        links.setdefault(one, []).append(link)
        links.setdefault(other, []).append(link)
    ordered = sorted(site.devices, key=lambda d: natural(d.id))
    devices: dict[str, Device] = {d.id: d for d in ordered}
    aggregators = frozenset(e.id for e in site.externals if e.kind is ExternalKind.AGGREGATOR)
    gateways = frozenset(d.id for d in site.devices if _acts_as_gateway(d))
    open_ = _reach(aggregators, neighbours, stop=gateways, avoid=_other_externals(site))
    controllers = frozenset(d.id for d in site.devices if _may_act_as_gateway(d))
    straight = _reach(aggregators, neighbours, stop=controllers, avoid=_other_externals(site))
    behind = _reach(gateways & open_, neighbours, stop=frozenset(), avoid=_externals(site))
    return Topology(
        devices=devices,
        aggregators=aggregators,
        neighbours={k: tuple(v) for k, v in neighbours.items()},
        links={k: tuple(v) for k, v in links.items()},
        _behind=behind - gateways,
        _open=open_,
        _straight=straight,
    )


def _acts_as_gateway(device: Device) -> bool:
    return device.role in GATEWAY_ROLES and device.place is Place.SITE


def _may_act_as_gateway(device: Device) -> bool:
    return device.role in GATEWAY_ROLES or device.role in _EMS_ROLES or device.place is Place.CLOUD


def _externals(site: Site) -> frozenset[str]:
    return frozenset(e.id for e in site.externals)


def _other_externals(site: Site) -> frozenset[str]:
    return frozenset(e.id for e in site.externals if e.kind is not ExternalKind.AGGREGATOR)


def _reach(
    start: Iterable[str],
    neighbours: Mapping[str, list[str]],
    *,
    stop: frozenset[str],
    avoid: frozenset[str],
) -> frozenset[str]:
    """Nodes reached from `start`; nodes of `stop` are reached and not passed."""
    seen = set(start)
    todo = list(seen)
    while todo:
        for name in neighbours.get(todo.pop(), ()):
            if name in seen or name in avoid:
                continue
            seen.add(name)
            if name not in stop:
                todo.append(name)
    return frozenset(seen)
