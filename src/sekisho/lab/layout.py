"""A made-up register layout, for devices without SunSpec, and the device maps that go with it.

No product has it. It is the plain case: holding and input registers, whole watts, high word first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.device_map import DeviceMap, Refresh, Watchdog
from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Keeping, Pace, Point
from sekisho.codec.registers import Kind, width

if TYPE_CHECKING:
    from sekisho.terms.quantity import Watts

_M, _K = Meaning, Kind
_STATES = {
    0: State.OFF, 1: State.STARTING, 2: State.RUNNING, 3: State.THROTTLED, 4: State.STOPPING,
    5: State.STANDBY, 6: State.FAULT,
}  # fmt: skip
_PLACES = {0: State.REMOTE, 1: State.LOCAL}
_SHARE = (1, 10_000)
_TENTHS = (1, 10)
_MILLI = (1, 1_000)


def _told(
    meaning: Meaning,
    address: int,
    kind: Kind,
    pace: Pace = Pace.FAST,
    scale: tuple[int, int] = (1, 1),
    states: dict[int, State] | None = None,
) -> Point:
    return Point(
        meaning=meaning, space=Space.INPUT, address=address, kind=kind, length=width(kind) or 1,
        scale=scale, pace=pace, states=states or {},
    )  # fmt: skip


def _held(meaning: Meaning, address: int, kind: Kind, fixed: int | None = None) -> Point:
    return Point(
        meaning=meaning, space=Space.HOLDING, address=address, kind=kind, length=width(kind) or 1,
        keeping=Keeping.VOLATILE, fixed=fixed,
    )  # fmt: skip


PCS_POINTS = (
    _told(_M.ACTIVE_POWER, 0, _K.INT32),
    _told(_M.FREQUENCY, 2, _K.UINT16, scale=_MILLI),
    _told(_M.STATUS, 3, _K.ENUM16, states=_STATES),
    _told(_M.ALARMS, 4, _K.BITFIELD32),
    _told(_M.LOCAL_REMOTE, 6, _K.ENUM16, states=_PLACES),
    _told(_M.HEARTBEAT_IN, 7, _K.UINT32, Pace.SLOW),
    _told(_M.RATED_POWER, 9, _K.UINT32, Pace.ONCE),
    _told(_M.DC_VOLTAGE, 11, _K.UINT16, Pace.SLOW, _TENTHS),
    _told(_M.WATCHDOG_REMAINING, 12, _K.UINT16, Pace.SLOW),
    _held(_M.SETPOINT, 0, _K.INT32),
    _held(_M.SETPOINT_MODE, 2, _K.ENUM16, 1),
    _held(_M.SETPOINT_ENABLE, 3, _K.ENUM16, 1),
    _held(_M.HEARTBEAT, 4, _K.UINT16),
    _held(_M.WATCHDOG_TIMEOUT, 5, _K.UINT16),
    _held(_M.WATCHDOG_FALLBACK_POWER, 6, _K.INT32),
    _held(_M.WATCHDOG_ENABLE, 8, _K.ENUM16, 1),
)
BMS_POINTS = (
    _told(_M.STATE_OF_CHARGE, 0, _K.UINT16, Pace.SLOW, _SHARE),
    _told(_M.CHARGE_LIMIT, 1, _K.UINT32, Pace.SLOW),
    _told(_M.DISCHARGE_LIMIT, 3, _K.UINT32, Pace.SLOW),
    _told(_M.TEMPERATURE_MIN, 5, _K.INT16, Pace.SLOW, _TENTHS),
    _told(_M.TEMPERATURE_MAX, 6, _K.INT16, Pace.SLOW, _TENTHS),
    _told(_M.STATUS, 7, _K.ENUM16, Pace.SLOW, states=_STATES),
    _told(_M.ALARMS, 8, _K.BITFIELD32, Pace.SLOW),
    _told(_M.BATTERY_POWER, 10, _K.INT32, Pace.SLOW),
    _told(_M.HEARTBEAT_IN, 12, _K.UINT16, Pace.SLOW),
    _told(_M.ENERGY_RATING, 13, _K.UINT64, Pace.ONCE),
)
METER_POINTS = (
    _told(_M.ACTIVE_POWER, 0, _K.INT32),
    _told(_M.FREQUENCY, 2, _K.UINT16, scale=_MILLI),
    _told(_M.ENERGY_EXPORT, 3, _K.UINT64, Pace.SLOW),
    _told(_M.ENERGY_IMPORT, 7, _K.UINT64, Pace.SLOW),
)


def relay_points(coil: int) -> tuple[Point, ...]:
    """A relay whose coil opens the breaker; two inputs tell the breaker and the stop contact."""
    return (
        Point(
            meaning=_M.TRIP, space=Space.COIL, address=coil, kind=_K.BIT,
            keeping=Keeping.VOLATILE, fixed=1,
        ),
        Point(
            meaning=_M.TRIP_STATE, space=Space.DISCRETE, address=0, kind=_K.BIT, pace=Pace.FAST
        ),
        Point(
            meaning=_M.LOCAL_REMOTE, space=Space.DISCRETE, address=1, kind=_K.BIT, pace=Pace.FAST,
            states=_PLACES,
        ),
    )  # fmt: skip


TRIP_POINTS = relay_points(0)
POINTS = {
    DeviceRole.PCS: PCS_POINTS,
    DeviceRole.BMS: BMS_POINTS,
    DeviceRole.METER: METER_POINTS,
    DeviceRole.TRIP: TRIP_POINTS,
}


def plain_map(role: DeviceRole, rated: Watts | None = None) -> DeviceMap:
    """The device map of a device in this layout."""
    dog = Watchdog(refresh=(Refresh.HEARTBEAT, Refresh.TIMEOUT))
    return DeviceMap(
        role=role,
        source="made-up layout",
        points=POINTS[role],
        rated=rated,
        watchdog=dog if role is DeviceRole.PCS else None,
    )
