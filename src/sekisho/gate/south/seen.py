"""Readings of single devices, and the one image of the plant that they make.

Each device is read on its own, at its own pace; a value keeps the moment at which it was read. Only
values of the right type enter the image: a word where a number should be is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, assert_never

from sekisho.codec.meanings import Meaning
from sekisho.gate.image import (
    FAST_MS,
    BmsImage,
    Link,
    MeterImage,
    OwnDroop,
    PcsImage,
    PlantImage,
    Reading,
    WatchdogState,
)
from sekisho.gate.settings import DroopBy, SouthRole
from sekisho.terms.quantity import BootMs, Celsius, Hertz, Share, Watts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sekisho.codec.batch import Values
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.registers import Value
    from sekisho.gate.settings import Settings, SouthDevice
    from sekisho.terms.ids import DeviceId

T = TypeVar("T")

MOST_KEPT = 512
"""Images of single devices that are kept for the next look."""
MOST_WATTS = 10**12
"""More than any plant has; a device that shows it shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What is known of one device; two are the same only where they are one."""

    device: DeviceId
    link: Link
    since: BootMs
    """Since when the link is as it is."""
    values: Mapping[Meaning, tuple[Value | None, BootMs]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """What each point read last, and when."""
    watchdog: WatchdogState = WatchdogState.UNARMED
    locked: bool = False
    """It says that only people on the spot command it."""
    faulted: bool = False
    own_droop: OwnDroop = OwnDroop.UNSURE
    """Of a PCS; it counts only where the site has the gate use it."""
    own_droop_foreign: BootMs | None = None
    """When that was last found as nobody here had set it."""
    engaged: bool = True
    """Mode and enable make its set-point count; else the register's value moves nothing."""


def unseen(device: DeviceId, now: BootMs) -> Seen:
    """A device that has not answered yet."""
    return Seen(device=device, link=Link.LOST, since=now)


def judged(device_map: DeviceMap, plain: Values) -> tuple[bool, bool]:
    """Whether a device is locked out, and whether it is at fault; what it cannot tell is a fault."""
    if not plain:
        return False, False
    return device_map.locked_out(plain), device_map.faulted(plain) is not False


def image(settings: Settings, seen: Mapping[DeviceId, Seen], now: BootMs) -> PlantImage:
    """The plant at this moment."""
    pcs = tuple(_pcs_of(d, seen[d.device]) for d in _of(settings, SouthRole.PCS))
    bms = tuple(_bms(seen[d.device]) for d in _of(settings, SouthRole.BMS))
    meters = tuple(_meter(seen[d.device]) for d in _of(settings, SouthRole.METER))
    contact = _contact(settings, seen, now)
    return PlantImage(
        at=now,
        pcs=pcs,
        bms=bms,
        meters=meters,
        stop_pressed=contact is True,
        stop_unknown=contact is None,
    )


def _contact(settings: Settings, seen: Mapping[DeviceId, Seen], now: BootMs) -> bool | None:
    """Whether the plant's stop contact is pressed; None where that was not read lately."""
    contact = settings.stop_contact
    if contact is None:
        return False
    found = seen[contact.device]
    paces = [one.fast_ms for one in settings.south if one.device == contact.device]
    value, at = found.values.get(Meaning.STOP_CONTACT, (None, now))
    if value not in {0, 1} or found.link is Link.LOST or now - at > max(FAST_MS, 3 * max(paces)):
        return None
    return value == contact.pressed


def _of(settings: Settings, role: SouthRole) -> Iterable[SouthDevice]:
    return (device for device in settings.south if device.role is role)


def look(declared: SouthDevice, seen: Seen) -> None:
    """Makes a device's part of the image as soon as it was read, so that no order waits for that."""
    match declared.role:
        case SouthRole.PCS:
            _pcs_of(declared, seen)
        case SouthRole.BMS:
            _bms(seen)
        case SouthRole.METER:
            _meter(seen)
        case SouthRole.TRIP:
            pass
        case _:
            assert_never(declared.role)


def _pcs_of(declared: SouthDevice, seen: Seen) -> PcsImage:
    own_droop = seen.own_droop if declared.droop_by is DroopBy.OWN else None
    return _pcs(seen, declared.rated, own_droop)


# A device is seen anew ten times a second, and its image is asked for more often than that.


@lru_cache(MOST_KEPT)
def _pcs(seen: Seen, rated: Watts, own_droop: OwnDroop | None) -> PcsImage:
    return PcsImage(
        device=seen.device,
        rated=rated,
        link=seen.link,
        since=seen.since,
        power=_watts(seen, Meaning.ACTIVE_POWER),
        setpoint=_setpoint(seen),
        frequency=_number(seen, Meaning.FREQUENCY, Hertz),
        watchdog=seen.watchdog,
        stopped_locally=seen.locked,
        faulted=seen.faulted,
        own_droop=own_droop,
        own_droop_foreign=seen.own_droop_foreign,
    )


@lru_cache(MOST_KEPT)
def _bms(seen: Seen) -> BmsImage:
    return BmsImage(
        device=seen.device,
        link=seen.link,
        soc=_number(seen, Meaning.STATE_OF_CHARGE, Share),
        charge_limit=_watts(seen, Meaning.CHARGE_LIMIT),
        discharge_limit=_watts(seen, Meaning.DISCHARGE_LIMIT),
        power=_watts(seen, Meaning.BATTERY_POWER),
        temperature_min=_number(seen, Meaning.TEMPERATURE_MIN, Celsius),
        temperature_max=_number(seen, Meaning.TEMPERATURE_MAX, Celsius),
        faulted=seen.faulted,
    )


@lru_cache(MOST_KEPT)
def _meter(seen: Seen) -> MeterImage:
    return MeterImage(
        device=seen.device,
        link=seen.link,
        power=_watts(seen, Meaning.ACTIVE_POWER),
        frequency=_number(seen, Meaning.FREQUENCY, Hertz),
    )


def _setpoint(seen: Seen) -> Reading[Watts] | None:
    """The set-point that counts: one that is not enabled is none, whatever its register holds."""
    reading = _watts(seen, Meaning.SETPOINT)
    return reading if reading is None or seen.engaged else Reading(Watts(0), reading.at)


def _watts(seen: Seen, meaning: Meaning) -> Reading[Watts] | None:
    """A power; what no plant has is no number, and must not reach a journal that cannot hold it."""
    found = seen.values.get(meaning)
    if found is None or not isinstance(found[0], int | float) or abs(found[0]) > MOST_WATTS:
        return None
    return Reading(Watts(round(found[0])), found[1])


def _number(seen: Seen, meaning: Meaning, of: Callable[[float], T]) -> Reading[T] | None:
    found = seen.values.get(meaning)
    if found is None or not isinstance(found[0], int | float):
        return None
    return Reading(of(float(found[0])), found[1])
