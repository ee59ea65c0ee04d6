"""Which SunSpec point is what to the gate.

For each meaning the first row counts whose model the device has. Signs are those of the models:
power of inverters and DER is positive when they generate, set-points "may be negative for charging"
(model 704). What the models leave open is not guessed: see `meter_sign` in `compile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning, State, Unit
from sekisho.codec.points import Pace

if TYPE_CHECKING:
    from collections.abc import Mapping

INVERTERS = (101, 102, 103, 111, 112, 113)
METERS = (201, 202, 203, 204)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One SunSpec point and its meaning."""

    meaning: Meaning
    models: tuple[int, ...]
    name: str
    unit: Unit
    pace: Pace = Pace.SLOW
    optional: bool = True
    """Left out where it is not implemented at discovery; others may come to have a value."""
    bits: tuple[str, ...] = ()
    """Symbols of a bit field that count."""


_M, _U = Meaning, Unit

_DER_ALARMS = (
    *("GROUND_FAULT", "DC_OVER_VOLT", "AC_DISCONNECT", "DC_DISCONNECT", "GRID_DISCONNECT"),
    *("MANUAL_SHUTDOWN", "OVER_TEMP", "HW_TEST_FAILURE"),
)
"""Alarms of 701 and events of 101 to 113 with which no power can be asked."""

PCS_ROWS = (
    Row(meaning=_M.ACTIVE_POWER, models=(701, *INVERTERS), name="W", unit=_U.WATT,
        pace=Pace.FAST, optional=False),
    Row(meaning=_M.FREQUENCY, models=(701, *INVERTERS), name="Hz", unit=_U.HERTZ,
        pace=Pace.FAST, optional=False),
    Row(meaning=_M.STATUS, models=(701,), name="InvSt", unit=_U.NONE, pace=Pace.FAST),
    Row(meaning=_M.STATUS, models=(701, *INVERTERS), name="St", unit=_U.NONE, pace=Pace.FAST),
    Row(meaning=_M.ALARMS, models=(701,), name="Alrm", unit=_U.NONE, pace=Pace.FAST,
        bits=_DER_ALARMS),
    Row(meaning=_M.ALARMS, models=INVERTERS, name="Evt1", unit=_U.NONE, pace=Pace.FAST,
        bits=_DER_ALARMS),
    Row(meaning=_M.LOCAL_REMOTE, models=(715,), name="LocRemCtl", unit=_U.NONE, pace=Pace.FAST),
    Row(meaning=_M.HEARTBEAT_IN, models=(715,), name="DERHb", unit=_U.NONE),
    Row(meaning=_M.RATED_POWER, models=(702, 121), name="WMax", unit=_U.WATT, pace=Pace.ONCE),
    Row(meaning=_M.RATED_POWER, models=(702,), name="WMaxRtg", unit=_U.WATT, pace=Pace.ONCE),
    Row(meaning=_M.RATED_POWER, models=(120,), name="WRtg", unit=_U.WATT, pace=Pace.ONCE),
    Row(meaning=_M.DC_POWER, models=INVERTERS, name="DCW", unit=_U.WATT),
    Row(meaning=_M.DC_VOLTAGE, models=INVERTERS, name="DCV", unit=_U.VOLT),
)  # fmt: skip

BMS_ROWS = (
    Row(meaning=_M.STATE_OF_CHARGE, models=(802, 713), name="SoC", unit=_U.PERCENT,
        optional=False),
    Row(meaning=_M.STATE_OF_CHARGE, models=(124,), name="ChaState", unit=_U.PERCENT,
        optional=False),
    Row(meaning=_M.STATE_OF_HEALTH, models=(802, 713), name="SoH", unit=_U.PERCENT),
    Row(meaning=_M.CHARGE_LIMIT, models=(802, 702), name="WChaRteMax", unit=_U.WATT),
    Row(meaning=_M.CHARGE_LIMIT, models=(702,), name="WChaRteMaxRtg", unit=_U.WATT),
    Row(meaning=_M.CHARGE_LIMIT, models=(120,), name="MaxChaRte", unit=_U.WATT),
    Row(meaning=_M.DISCHARGE_LIMIT, models=(802, 702), name="WDisChaRteMax", unit=_U.WATT),
    Row(meaning=_M.DISCHARGE_LIMIT, models=(702,), name="WDisChaRteMaxRtg", unit=_U.WATT),
    Row(meaning=_M.DISCHARGE_LIMIT, models=(120,), name="MaxDisChaRte", unit=_U.WATT),
    Row(meaning=_M.CHARGE_CURRENT_LIMIT, models=(802,), name="AChaMax", unit=_U.AMPERE),
    Row(meaning=_M.DISCHARGE_CURRENT_LIMIT, models=(802,), name="ADisChaMax", unit=_U.AMPERE),
    Row(meaning=_M.DC_VOLTAGE, models=(802,), name="V", unit=_U.VOLT, optional=False),
    # The models do not say which way is positive; commissioning looks.
    Row(meaning=_M.BATTERY_POWER, models=(802,), name="W", unit=_U.WATT),
    Row(meaning=_M.TEMPERATURE_MIN, models=(803,), name="ModTmpMin", unit=_U.CELSIUS,
        optional=False),
    Row(meaning=_M.TEMPERATURE_MAX, models=(803,), name="ModTmpMax", unit=_U.CELSIUS,
        optional=False),
    Row(meaning=_M.ENERGY_RATING, models=(802, 713, 120), name="WHRtg", unit=_U.WATT_HOUR),
    Row(meaning=_M.STATUS, models=(802,), name="State", unit=_U.NONE, optional=False),
    Row(meaning=_M.STATUS, models=(713,), name="Sta", unit=_U.NONE),
    Row(meaning=_M.ALARMS, models=(802,), name="Evt1", unit=_U.NONE, bits=(
        *("COMMUNICATION_ERROR", "OVER_TEMP_ALARM", "UNDER_TEMP_ALARM"),
        *("OVER_CHARGE_CURRENT_ALARM", "OVER_DISCHARGE_CURRENT_ALARM", "OVER_VOLT_ALARM"),
        *("UNDER_VOLT_ALARM", "CONTACTOR_ERROR", "GROUND_FAULT", "OTHER_ALARM"),
        "CONFIGURATION_ALARM",
    )),
    Row(meaning=_M.LOCAL_REMOTE, models=(802,), name="LocRemCtl", unit=_U.NONE),
    Row(meaning=_M.HEARTBEAT_IN, models=(802,), name="Hb", unit=_U.NONE),
)  # fmt: skip

METER_ROWS = (
    Row(meaning=_M.ACTIVE_POWER, models=METERS, name="W", unit=_U.WATT, pace=Pace.FAST,
        optional=False),
    Row(meaning=_M.FREQUENCY, models=METERS, name="Hz", unit=_U.HERTZ, pace=Pace.FAST,
        optional=False),
    Row(meaning=_M.ENERGY_EXPORT, models=METERS, name="TotWhExp", unit=_U.WATT_HOUR,
        optional=False),
    Row(meaning=_M.ENERGY_IMPORT, models=METERS, name="TotWhImp", unit=_U.WATT_HOUR,
        optional=False),
)  # fmt: skip

STATE_OF: Mapping[str, State] = MappingProxyType(
    {
        "OFF": State.OFF,
        "SLEEPING": State.STANDBY,
        "STARTING": State.STARTING,
        "ON": State.RUNNING,
        "MPPT": State.RUNNING,
        "RUNNING": State.RUNNING,
        "THROTTLED": State.THROTTLED,
        "SHUTTING_DOWN": State.STOPPING,
        "FAULT": State.FAULT,
        "STANDBY": State.STANDBY,
        "REMOTE": State.REMOTE,
        "LOCAL": State.LOCAL,
        "DISCONNECTED": State.OFF,
        "INITIALIZING": State.STARTING,
        "CONNECTED": State.RUNNING,
        "SOC PROTECTION": State.THROTTLED,
        "SUSPENDING": State.STOPPING,
        "OK": State.RUNNING,
        "WARNING": State.RUNNING,
        "ERROR": State.FAULT,
    }
)
"""States by the names of the models' symbols; a name that is not here is an absent state."""
