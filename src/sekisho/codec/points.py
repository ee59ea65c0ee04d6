"""One value of a device: what it means to the gate, where it stands, and how it is written there.

A `Point` is the same whether it was compiled from a SunSpec model or from a profile. Inside, every
meaning has one unit (`UNIT`), and power is export positive; scale, sign and unit of the device are
undone here, at the edge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.modbus.pdu import Space
from sekisho.codec.registers import (
    Kind,
    UnfitError,
    Value,
    WordOrder,
    decode,
    encode,
    reach,
    scaled_reader,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "MOST_NVRAM_A_DAY", "SIGNED", "STATES", "UNIT", "WHOLE_UNITS", "DeviceRole", "Keeping",
    "Meaning", "Pace", "Point", "Sample", "Space", "Span", "State", "Unit", "Write", "factor",
    "natural_length", "power_of_ten",
]  # fmt: skip


class Pace(StrEnum):
    """How often a point is read."""

    FAST = "fast"
    """Every 100 to 200 ms: power, frequency, status."""
    SLOW = "slow"
    """Every 1 to 10 s: state of charge, limits, temperatures, what was written."""
    ONCE = "once"
    """At each connection only: ratings."""


class Keeping(StrEnum):
    """Where a device keeps a written value."""

    VOLATILE = "volatile"
    NVRAM = "nvram"
    """Wears out: at most `MOST_NVRAM_A_DAY` writes a day."""


MOST_NVRAM_A_DAY = 100


class DeviceRole(StrEnum):
    """What a device in the plant is to the gate."""

    PCS = "pcs"
    BMS = "bms"
    METER = "meter"
    TRIP = "trip"


class State(StrEnum):
    """What a device says of itself, in the gate's words."""

    OFF = "off"
    STARTING = "starting"
    RUNNING = "running"
    THROTTLED = "throttled"
    STOPPING = "stopping"
    STANDBY = "standby"
    FAULT = "fault"
    REMOTE = "remote"
    LOCAL = "local"
    """Locked out: only people on the spot command it."""


class Meaning(StrEnum):
    """What a point is to the gate; a closed set."""

    # of any device
    ACTIVE_POWER = "active-power"
    FREQUENCY = "frequency"
    STATUS = "status"
    """One of `State`."""
    ALARMS = "alarms"
    """Bits of faults with which no power can be asked; 0: none."""
    LOCAL_REMOTE = "local-remote"
    """`State.LOCAL` or `State.REMOTE`."""
    HEARTBEAT_IN = "heartbeat-in"
    """A counter that the device raises; standing still means that it is frozen."""
    # power conversion system
    RATED_POWER = "rated-power"
    SETPOINT = "setpoint"
    SETPOINT_MODE = "setpoint-mode"
    SETPOINT_ENABLE = "setpoint-enable"
    DC_POWER = "dc-power"
    DC_VOLTAGE = "dc-voltage"
    HEARTBEAT = "heartbeat"
    """A counter that the gate raises."""
    WATCHDOG_TIMEOUT = "watchdog-timeout"
    WATCHDOG_ENABLE = "watchdog-enable"
    WATCHDOG_FALLBACK_POWER = "watchdog-fallback-power"
    WATCHDOG_REMAINING = "watchdog-remaining"
    DROOP_ENABLE = "droop-enable"
    DROOP_ADOPT = "droop-adopt"
    """Asks the device to take over a stored droop control."""
    DROOP_ADOPTED = "droop-adopted"
    """What became of that: 0 in progress, 1 completed, 2 failed (SunSpec 711)."""
    DROOP_DEADBAND_OVER = "droop-deadband-over"
    DROOP_DEADBAND_UNDER = "droop-deadband-under"
    DROOP_SLOPE_OVER = "droop-slope-over"
    DROOP_SLOPE_UNDER = "droop-slope-under"
    DROOP_RESPONSE = "droop-response"
    DROOP_POWER_MIN = "droop-power-min"
    """Power below which its droop does not take it, a share of its rating; -1: full charge."""
    # battery management system
    STATE_OF_CHARGE = "state-of-charge"
    STATE_OF_HEALTH = "state-of-health"
    CHARGE_LIMIT = "charge-limit"
    DISCHARGE_LIMIT = "discharge-limit"
    CHARGE_CURRENT_LIMIT = "charge-current-limit"
    """Where a battery tells its limit as a current; with DC_VOLTAGE it bounds CHARGE_LIMIT."""
    DISCHARGE_CURRENT_LIMIT = "discharge-current-limit"
    TEMPERATURE_MIN = "temperature-min"
    TEMPERATURE_MAX = "temperature-max"
    BATTERY_POWER = "battery-power"
    ENERGY_RATING = "energy-rating"
    # meter
    ENERGY_EXPORT = "energy-export"
    ENERGY_IMPORT = "energy-import"
    # trip device
    TRIP = "trip"
    """Opens the breaker."""
    TRIP_STATE = "trip-state"
    """1: the breaker is open."""
    # the plant itself
    STOP_CONTACT = "stop-contact"
    """The bit of `[stop_contact]`, on whatever device it is wired to; no profile states it."""


class Unit(StrEnum):
    """Units, as a profile writes them."""

    WATT = "W"
    KILOWATT = "kW"
    MEGAWATT = "MW"
    PERCENT_OF_RATING = "%rated"
    HERTZ = "Hz"
    SHARE = "share"
    PERCENT = "%"
    CELSIUS = "degC"
    WATT_HOUR = "Wh"
    KILOWATT_HOUR = "kWh"
    MEGAWATT_HOUR = "MWh"
    VOLT = "V"
    AMPERE = "A"
    SECOND = "s"
    MILLISECOND = "ms"
    NONE = "none"


_M = Meaning
UNIT: Mapping[Meaning, Unit] = MappingProxyType(
    {
        **dict.fromkeys(Meaning, Unit.NONE),
        **dict.fromkeys(
            (_M.ACTIVE_POWER, _M.RATED_POWER, _M.SETPOINT, _M.DC_POWER, _M.BATTERY_POWER),
            Unit.WATT,
        ),
        **dict.fromkeys(
            (_M.WATCHDOG_FALLBACK_POWER, _M.CHARGE_LIMIT, _M.DISCHARGE_LIMIT), Unit.WATT
        ),
        **dict.fromkeys(
            (_M.FREQUENCY, _M.DROOP_DEADBAND_OVER, _M.DROOP_DEADBAND_UNDER), Unit.HERTZ
        ),
        **dict.fromkeys(
            (_M.DROOP_SLOPE_OVER, _M.DROOP_SLOPE_UNDER, _M.STATE_OF_CHARGE, _M.STATE_OF_HEALTH),
            Unit.SHARE,
        ),
        _M.DROOP_POWER_MIN: Unit.SHARE,
        **dict.fromkeys((_M.TEMPERATURE_MIN, _M.TEMPERATURE_MAX), Unit.CELSIUS),
        **dict.fromkeys((_M.ENERGY_RATING, _M.ENERGY_EXPORT, _M.ENERGY_IMPORT), Unit.WATT_HOUR),
        **dict.fromkeys((_M.CHARGE_CURRENT_LIMIT, _M.DISCHARGE_CURRENT_LIMIT), Unit.AMPERE),
        **dict.fromkeys(
            (_M.WATCHDOG_TIMEOUT, _M.WATCHDOG_REMAINING, _M.DROOP_RESPONSE), Unit.SECOND
        ),
        _M.DC_VOLTAGE: Unit.VOLT,
    }
)
"""The unit that each meaning has inside the gate."""

WHOLE_UNITS = frozenset({Unit.WATT, Unit.WATT_HOUR, Unit.NONE})
"""Units whose values are whole numbers inside."""

SIGNED = frozenset(
    {_M.ACTIVE_POWER, _M.SETPOINT, _M.DC_POWER, _M.BATTERY_POWER, _M.WATCHDOG_FALLBACK_POWER}
)
"""Meanings whose sign tells export from import."""

STATES = frozenset({_M.STATUS, _M.LOCAL_REMOTE})
"""Meanings whose value is a `State`."""

_FACTOR: Mapping[tuple[Unit, Unit], tuple[int, int]] = MappingProxyType(
    {
        (Unit.KILOWATT, Unit.WATT): (1_000, 1),
        (Unit.MEGAWATT, Unit.WATT): (1_000_000, 1),
        (Unit.KILOWATT_HOUR, Unit.WATT_HOUR): (1_000, 1),
        (Unit.MEGAWATT_HOUR, Unit.WATT_HOUR): (1_000_000, 1),
        (Unit.PERCENT, Unit.SHARE): (1, 100),
        (Unit.MILLISECOND, Unit.SECOND): (1, 1_000),
    }
)


def factor(unit: Unit, meaning: Meaning, rated: int | None) -> tuple[int, int] | None:
    """Numerator and denominator from a device's unit to the inside unit; None: they do not fit.

    `%rated` fits power where the rated power is known.
    """
    inside = UNIT[meaning]
    if unit is inside:
        return (1, 1)
    if unit is Unit.PERCENT_OF_RATING and inside is Unit.WATT:
        return (rated, 100) if rated else None
    return _FACTOR.get((unit, inside))


@dataclass(frozen=True, slots=True)
class Span:
    """Registers or bits that stand one after another."""

    space: Space
    address: int
    length: int

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.address + self.length


@dataclass(frozen=True, slots=True)
class Write:
    """One write, to be sent as one frame: several words by one FC16."""

    space: Space
    address: int
    words: tuple[int, ...]
    nvram: bool = False
    """It wears the device's memory: at most `MOST_NVRAM_A_DAY` a day."""

    @property
    def span(self) -> Span:
        """Where it writes, to read it back."""
        return Span(self.space, self.address, len(self.words))


@dataclass(frozen=True, slots=True)
class Sample:
    """A worked sample from the device's manual: words, and the value inside the gate."""

    words: tuple[int, ...]
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a device, its scale known."""

    meaning: Meaning
    space: Space
    address: int
    kind: Kind
    length: int = 1
    """Words, or bits."""
    order: WordOrder = WordOrder.HIGH_FIRST
    scale: tuple[int, int] = (1, 1)
    """Numerator and denominator: raw × scale = value in the inside unit. Never 0."""
    sign: int = 1
    """-1 where the device counts import positive."""
    offset: float = 0
    """Added last, in the inside unit."""
    pace: Pace = Pace.SLOW
    keeping: Keeping | None = None
    """None: it is never written."""
    fixed: int | None = None
    """What is written, raw, where only one value makes sense: the mode, the enable, the trip."""
    mask: int | None = None
    """Of a bit field: the bits that count."""
    states: Mapping[int, State] = field(default_factory=dict)
    """What each raw value of a state means; others are absent."""
    _plain: Callable[[Sequence[int]], int | float | None] | None = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Prepares the fast way for plain numbers."""
        plain = None
        if not self.states and self.mask is None and self.order is WordOrder.HIGH_FIRST:
            over, under = self.scale
            whole = UNIT[self.meaning] in WHOLE_UNITS
            plain = scaled_reader(self.kind, over * self.sign, under, self.offset, whole=whole)
        object.__setattr__(self, "_plain", plain)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.space, self.address, self.length)

    def value(self, words: Sequence[int]) -> Value | None:
        """What the words mean, in the inside unit; None where they mean nothing."""
        return self._plain(words) if self._plain is not None else self._any(words)

    def _any(self, words: Sequence[int]) -> Value | None:
        raw = decode(self.kind, words, self.order)
        if raw is None or isinstance(raw, str):
            return raw
        if self.states:
            return self.states.get(raw) if isinstance(raw, int) else None
        if self.mask is not None and isinstance(raw, int):
            return raw & self.mask
        over, under = self.scale
        scaled = raw * over * self.sign
        if not math.isfinite(scaled):
            return None
        if UNIT[self.meaning] in WHOLE_UNITS:
            return _rounded(scaled, under, self.offset)
        return scaled / under + self.offset

    def words(self, value: float) -> tuple[int, ...]:
        """The words to write for a value in the inside unit.

        What the register cannot resolve is dropped towards zero, so that a power never becomes
        larger than what was permitted.

        Raises:
            UnfitError: the value does not fit the register.
        """
        over, under = self.scale
        if self.kind in (Kind.FLOAT32, Kind.FLOAT64):
            return encode(self.kind, (value - self.offset) * under / over * self.sign, self.order)
        wanted = value - self.offset if self.offset else value
        raw = _towards_zero(wanted, under, over) * self.sign
        return encode(self.kind, raw, self.order)

    def write(self, value: float) -> Write:
        """The write of a value in the inside unit.

        Raises:
            UnfitError: the value does not fit, or the point is not writable.
        """
        return self._write(self.words(value))

    def write_raw(self, raw: int) -> Write:
        """The write of a raw value, such as a mode's number.

        Raises:
            UnfitError: the value does not fit, or the point is not writable.
        """
        return self._write(encode(self.kind, raw, self.order))

    def _write(self, words: tuple[int, ...]) -> Write:
        if self.keeping is None:
            raise UnfitError(f"{self.meaning} is not writable")
        return Write(self.space, self.address, words, nvram=self.keeping is Keeping.NVRAM)

    def nearest(self, value: int) -> int:
        """What will be read back after `value` was written, in the inside unit.

        Raises:
            UnfitError: the value does not fit the register.
        """
        held = self.value(self.words(value))
        if not isinstance(held, int):
            raise UnfitError(f"{self.meaning} does not hold whole numbers")
        return held

    @property
    def reach(self) -> tuple[float, float] | None:
        """Least and greatest value that it can hold, in the inside unit; None: no such bound."""
        raw = reach(self.kind)
        if raw is None:
            return None
        over, under = self.scale
        ends = sorted(end * over * self.sign / under + self.offset for end in raw)
        return ends[0], ends[1]


def power_of_ten(power: int) -> tuple[int, int]:
    """A scale as numerator and denominator, from SunSpec's power of ten."""
    size = int(10 ** abs(power))
    return (size, 1) if power >= 0 else (1, size)


def natural_length(kind: Kind) -> int:
    """Words or bits of a kind; 1 where a string's length is not told."""
    return width(kind) or 1


def _rounded(scaled: float, under: int, offset: float) -> int:
    """The nearest whole number, halves away from zero."""
    if isinstance(scaled, int) and not offset:
        size = (2 * abs(scaled) + under) // (2 * under)
        return size if scaled >= 0 else -size
    value = scaled / under + offset
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)


def _towards_zero(value: float, over: int, under: int) -> int:
    if isinstance(value, int):
        size = abs(value) * over // under
        return size if value >= 0 else -size
    return int(value * over / under)
