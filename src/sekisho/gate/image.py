"""The plant as read: one frozen image, the same for every question asked of it.

A value that was not read, is not implemented or is no number is None. Each reading carries when it
was read; `fresh` is the only way to its value, so that an old or missing one cannot be mistaken for
a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs, Celsius, Hertz, Share, Watts

T = TypeVar("T")

FAST_MS = 1_000
"""Oldest power, set-point or status that still counts."""
FREQUENCY_MS = 500
"""Oldest frequency that still counts."""
SLOW_MS = 15_000
"""Oldest state of charge, limit or temperature that still counts."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value, and when it was read."""

    value: T
    at: BootMs


def fresh(reading: Reading[T] | None, now: BootMs, most_ms: int) -> T | None:
    """The value, if there is one and it is young enough."""
    if reading is None or now - reading.at > most_ms:
        return None
    return reading.value


class Link(StrEnum):
    """Whether a device answers."""

    UP = "up"
    LOST = "lost"


class WatchdogState(StrEnum):
    """What is known of a PCS's own watchdog."""

    UNARMED = "unarmed"
    """It has not been armed since the connection was made."""
    ARMED = "armed"
    """Its time-out and fall-back were read back as written."""
    FAILED = "failed"
    """It does not hold what was written, or has run out."""
    WAIVED = "waived"
    """The device has none, and the site file says why that is accepted."""


class OwnDroop(StrEnum):
    """What is known of a PCS's own droop, where the site has the gate use it."""

    UNSURE = "changing"
    """It is being changed, or was not read since the connection was made: it may be on."""
    OFF = "off"
    """Read back as off."""
    ON = "on"
    """Read back as on, with the line that was written."""
    FAILED = "not-off"
    """It could not be switched off and read back so: no power is asked of the unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PcsImage:
    """One power conversion system."""

    device: DeviceId
    rated: Watts
    link: Link
    since: BootMs
    """Since when the link is as it is."""
    power: Reading[Watts] | None = None
    setpoint: Reading[Watts] | None = None
    """The set-point read back from the device."""
    frequency: Reading[Hertz] | None = None
    watchdog: WatchdogState = WatchdogState.UNARMED
    stopped_locally: bool = False
    """Its emergency stop is pressed or it is locked out: only people on the spot release it."""
    faulted: bool = False
    """It reports a fault, so that no power can be asked of it."""
    own_droop: OwnDroop | None = None
    """None: the site leaves it alone."""
    own_droop_foreign: BootMs | None = None
    """When it was last read back as nobody here had set it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BmsImage:
    """One battery management system."""

    device: DeviceId
    link: Link
    soc: Reading[Share] | None = None
    charge_limit: Reading[Watts] | None = None
    """Most power it takes, ≥ 0."""
    discharge_limit: Reading[Watts] | None = None
    """Most power it gives, ≥ 0."""
    power: Reading[Watts] | None = None
    """Power of the battery as the BMS measures it, discharge positive; where it tells it."""
    temperature_min: Reading[Celsius] | None = None
    temperature_max: Reading[Celsius] | None = None
    faulted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterImage:
    """The meter at the connection point."""

    device: DeviceId
    link: Link
    power: Reading[Watts] | None = None
    """At the connection point, export positive."""
    frequency: Reading[Hertz] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantImage:
    """Everything that is known of the plant at one moment."""

    at: BootMs
    pcs: tuple[PcsImage, ...]
    bms: tuple[BmsImage, ...] = ()
    meters: tuple[MeterImage, ...] = ()
    stop_pressed: bool = False
    """A stop or lock-out contact of the plant itself is pressed."""
    stop_unknown: bool = False
    """The plant has such a contact, and what it shows was not read lately."""
