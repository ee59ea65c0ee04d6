"""A simulated plant for a site file: the devices it declares, as they would stand there.

Ratings, units, profiles and nameplates are those of the file, so that the gate that the file
configures finds what it expects. What the file does not say (ramps, efficiency) is made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.batch import ScaleWord
from sekisho.codec.device_map import Refresh
from sekisho.codec.meanings import Meaning
from sekisho.codec.registers import Kind, encode, reach
from sekisho.gate.settings import DroopBy, SerialEnd, SouthRole
from sekisho.lab.build import BlockPlan, PcsPlan, PlantPlan
from sekisho.lab.device import Plate
from sekisho.lab.layout import relay_points
from sekisho.lab.registers import OfPoints, SunSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.points import Span
    from sekisho.codec.profile import Profile
    from sekisho.gate.settings import Settings, SouthDevice
    from sekisho.lab.registers import Layout
    from sekisho.site.model import Site
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import Watts

UNSTATED = "1.0"
"""Version of a device whose version the file does not state."""
MOST_FACTOR = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A plant to run, and which of its devices stand on a serial line."""

    plan: PlantPlan
    serial: frozenset[DeviceId]


def sample_of(
    site: Site, settings: Settings, profiles: Mapping[str, Profile], soc: float = 0.5
) -> Sample:
    """The simulated plant of a site.

    Args:
        site: the plant as declared.
        settings: what the same file says to the gate.
        profiles: each profile that the file names, by that name.
        soc: what its batteries hold at the beginning.

    Raises:
        ValueError: the site has no PCS, or no BMS, or no meter: there is nothing to run.
    """
    plates = _plates(site)
    found = _Found(settings, profiles, plates)
    batteries, meters = found.of(SouthRole.BMS), found.of(SouthRole.METER)
    units = tuple(found.pcs(device) for device in found.of(SouthRole.PCS))
    if not (batteries and meters and units):
        raise ValueError("a plant needs a PCS, a BMS and a meter")
    each = settings.energy / len(batteries)
    blocks = tuple(
        BlockPlan(
            device=device.device,
            plate=plates[device.device],
            energy_wh=each,
            pcs=units[place :: len(batteries)],
            soc=soc,
            unit=device.unit,
            layout=found.layout(device),
        )
        for place, device in enumerate(batteries)
    )
    trip = next(iter(found.of(SouthRole.TRIP)), None)
    plan = PlantPlan(
        blocks=blocks,
        meter=meters[0].device,
        meter_plate=plates[meters[0].device],
        meter_unit=meters[0].unit,
        meter_layout=found.layout(meters[0]),
        trip=None if trip is None else trip.device,
        trip_plate=None if trip is None else plates[trip.device],
        trip_unit=1 if trip is None else trip.unit,
        trip_layout=SunSpec() if trip is None else found.layout(trip),
        auxiliary_w=(settings.auxiliary + settings.auxiliary_most) / 2,
    )
    serial = frozenset(d.device for d in settings.south if isinstance(d.end, SerialEnd))
    return Sample(plan=plan, serial=serial)


def _plates(site: Site) -> dict[DeviceId, Plate]:
    return {
        device.id: Plate(
            maker=device.identity.maker or "?",
            model=device.identity.model or device.identity.product or "?",
            version=device.identity.version or UNSTATED,
            serial=f"{place:06}",
        )
        for place, device in enumerate(site.devices, start=1)
    }


@dataclass(frozen=True, slots=True)
class _Found:
    settings: Settings
    profiles: Mapping[str, Profile]
    plates: Mapping[DeviceId, Plate]

    def of(self, role: SouthRole) -> tuple[SouthDevice, ...]:
        return tuple(device for device in self.settings.south if device.role is role)

    def layout(self, device: SouthDevice) -> Layout:
        device_map = self._map(device)
        trip = self.settings.trip
        if device_map is None and device.role is SouthRole.TRIP and trip is not None:
            return OfPoints(relay_points(trip.coil))
        if device_map is None:
            return SunSpec()
        return OfPoints(device_map.points, device_map.scales)

    def _map(self, device: SouthDevice) -> DeviceMap | None:
        if device.profile is None:
            return None
        return mapped(self.profiles[device.profile], device.rated or None, str(device.device))

    def pcs(self, device: SouthDevice) -> PcsPlan:
        device_map = self._map(device)
        plain = PcsPlan(
            device=device.device,
            plate=self.plates[device.device],
            rated_w=device.rated,
            unit=device.unit,
            layout=SunSpec(),
            own_droop=device.droop_by is DroopBy.OWN,
        )
        if device_map is None:
            return plain
        dog = device_map.watchdog
        return PcsPlan(
            device=plain.device,
            plate=plain.plate,
            rated_w=device_map.rated or device.rated,
            unit=plain.unit,
            layout=OfPoints(device_map.points, device_map.scales),
            refreshed_by=frozenset(Refresh) if dog is None else frozenset(dog.refresh),
            fixed_timeout_s=None if dog is None else dog.fixed_s,
            fallback_w=0 if dog is None else dog.fixed_fallback or 0,
        )


def mapped(profile: Profile, rated: Watts | None, where: str) -> DeviceMap:
    """The map of a device that a profile describes, with scale factors that its rating needs.

    Raises:
        WorldError: a point is in percent of a rating that nobody tells.
    """
    rating = profile.rated or rated
    powers: dict[Span, int] = {}
    for draft in profile.drafts:
        if draft.factor is not None:
            needed = _factor(draft.point.kind, rating or 0, draft.point.meaning)
            powers[draft.factor] = max(needed, powers.get(draft.factor, 0))
    scales = tuple(ScaleWord(span, encode(Kind.SUNSSF, power)[0]) for span, power in powers.items())
    return profile.device_map(powers, rating, where, scales)


def _factor(kind: Kind, rated: int, meaning: Meaning) -> int:
    """The smallest power of ten with which a register holds twice the rating."""
    ends = reach(kind)
    if ends is None or meaning not in {Meaning.ACTIVE_POWER, Meaning.SETPOINT, Meaning.RATED_POWER}:
        return 0
    return next((p for p in range(MOST_FACTOR) if 2 * rated <= ends[1] * 10**p), MOST_FACTOR)


_TABLE = re.compile(r"\s*\[\[?\s*([A-Za-z_]+)\s*\]?\]")
_KEY = re.compile(r'(\s*)(device|connect|broker|fingerprint)(\s*=\s*)"([^"]*)"(.*)', re.DOTALL)


def readdressed(text: str, addresses: Mapping[str, str], broker: str, fingerprint: str) -> str:
    """A site file that leads to a simulated plant: addresses, broker and authority replaced.

    Everything else stays, comments included. In each `[[south]]`, `device` stands before `connect`.

    Args:
        text: the site file.
        addresses: where each device is reached, by its id.
        broker: `mqtts://…`.
        fingerprint: of the authority.

    Raises:
        ValueError: a device of the file has no address here.
    """
    lines: list[str] = []
    table = device = ""
    for line in text.splitlines(keepends=True):
        if heading := _TABLE.match(line):
            table, device = heading[1], ""
        key = _KEY.fullmatch(line)
        if key is None:
            lines.append(line)
            continue
        indent, name, sign, value, rest = key.groups()
        match table, name:
            case "south", "device":
                device = value
            case "south", "connect":
                value = _address(addresses, device)
            case "north", "broker":
                value = broker
            case "authority", "fingerprint":
                value = fingerprint
            case _:
                pass
        lines.append(f'{indent}{name}{sign}"{value}"{rest}')
    return "".join(lines)


def _address(addresses: Mapping[str, str], device: str) -> str:
    if device not in addresses:
        raise ValueError(f"no address for {device!r}")
    return addresses[device]


def profiles_of(settings: Settings) -> Sequence[str]:
    """The names of the profiles that a file's devices have."""
    return sorted({d.profile for d in settings.south if d.profile is not None})
