"""Which points a device of each role may have, must have, and has written."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.meanings import DeviceRole, Meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

_M = Meaning
_ANY = frozenset(
    {_M.ACTIVE_POWER, _M.FREQUENCY, _M.STATUS, _M.ALARMS, _M.LOCAL_REMOTE, _M.HEARTBEAT_IN}
)
_WATCHDOG = frozenset(
    {
        *(_M.HEARTBEAT, _M.WATCHDOG_TIMEOUT, _M.WATCHDOG_ENABLE, _M.WATCHDOG_FALLBACK_POWER),
        _M.WATCHDOG_REMAINING,
    }
)
MAY: Mapping[DeviceRole, frozenset[Meaning]] = MappingProxyType(
    {
        DeviceRole.PCS: _ANY
        | _WATCHDOG
        | {
            *(_M.RATED_POWER, _M.SETPOINT, _M.SETPOINT_MODE, _M.SETPOINT_ENABLE, _M.DC_POWER),
            _M.DC_VOLTAGE,
        },
        DeviceRole.BMS: (_ANY - {_M.ACTIVE_POWER, _M.FREQUENCY})
        | {
            *(_M.STATE_OF_CHARGE, _M.STATE_OF_HEALTH, _M.CHARGE_LIMIT, _M.DISCHARGE_LIMIT),
            *(_M.CHARGE_CURRENT_LIMIT, _M.DISCHARGE_CURRENT_LIMIT, _M.DC_VOLTAGE),
            *(_M.TEMPERATURE_MIN, _M.TEMPERATURE_MAX, _M.BATTERY_POWER, _M.ENERGY_RATING),
        },
        DeviceRole.METER: frozenset(
            {
                *(_M.ACTIVE_POWER, _M.FREQUENCY, _M.ENERGY_EXPORT, _M.ENERGY_IMPORT),
                *(_M.ALARMS, _M.HEARTBEAT_IN),
            }
        ),
        DeviceRole.TRIP: frozenset({_M.TRIP, _M.TRIP_STATE, _M.HEARTBEAT_IN}),
    }
)
"""What a device of each role may tell or be told. A trip is never part of a PCS."""
NEEDED: Mapping[DeviceRole, tuple[tuple[Meaning, ...], ...]] = MappingProxyType(
    {
        DeviceRole.PCS: (
            (_M.ACTIVE_POWER,),
            (_M.SETPOINT,),
            (_M.STATUS, _M.ALARMS),
        ),
        DeviceRole.BMS: (
            (_M.STATE_OF_CHARGE,),
            (_M.CHARGE_LIMIT, _M.CHARGE_CURRENT_LIMIT),
            (_M.DISCHARGE_LIMIT, _M.DISCHARGE_CURRENT_LIMIT),
        ),
        DeviceRole.METER: ((_M.ACTIVE_POWER,),),
        DeviceRole.TRIP: ((_M.TRIP,),),
    }
)
"""Of each entry at least one."""
WRITTEN = frozenset(
    {
        *(_M.SETPOINT, _M.SETPOINT_MODE, _M.SETPOINT_ENABLE, _M.TRIP),
        *(_WATCHDOG - {_M.WATCHDOG_REMAINING}),
    }
)
"""What the gate writes, where the device has it."""
ENGAGED = frozenset({_M.SETPOINT_MODE, _M.SETPOINT_ENABLE, _M.WATCHDOG_ENABLE, _M.TRIP})
"""Points of which one raw value is written."""
OFTEN = frozenset({_M.SETPOINT, _M.HEARTBEAT})
"""Written far more often than memory that wears out can bear."""
