"""What a value of a device means to the gate, and in which unit: closed lists.

Inside the gate every meaning has one unit (`UNIT`), and power is export positive.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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
