"""The PCS of a plant, by what it tells and takes, and what faults do to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.lab.battery import DC_VOLTS
from sekisho.lab.device import LabDevice
from sekisho.lab.faults import (
    Absent,
    Broken,
    Corrupt,
    Cut,
    Dumb,
    EmergencyStop,
    ForeignWriter,
    Freeze,
    Late,
    Lie,
    LockOut,
    OtherNameplate,
    Refused,
    ScaleChanged,
    SideChannel,
    Silent,
    StuckSetpoint,
    WatchdogDead,
    WrongSign,
)
from sekisho.lab.noise import noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.lab.device import Plate, Taken, Told
    from sekisho.lab.faults import Fault
    from sekisho.lab.own_droop import OwnDroop
    from sekisho.lab.pcs import Pcs
    from sekisho.terms.ids import DeviceId

MANUAL_SHUTDOWN = 1 << 6
"""Bit of SunSpec's alarms (model 701): its emergency stop is pressed."""
MANUFACTURER_ALARM = 1 << 16
PCS_NOISE = 0.002
"""Hz by which the frequency that a PCS sees differs from the meter's."""
_RAMPING = 0.01
"""Share of the rating beyond which a PCS is not yet where it should be."""


class ForeignHand:
    """Somebody else who writes a set-point now and then."""

    __slots__ = ("every_ms", "next_ms", "watts")

    def __init__(self) -> None:
        self.watts: int | None = None
        self.every_ms = 0
        self.next_ms = 0

    def step(self, now_ms: int, pcs: Pcs) -> None:
        """Writes when it is time."""
        if self.watts is not None and now_ms >= self.next_ms:
            self.next_ms = now_ms + self.every_ms
            pcs.setpoint = max(-pcs.plate.rated_w, min(pcs.plate.rated_w, self.watts))
            pcs.enabled = True


def pcs_device(
    device: DeviceId,
    plate: Plate,
    pcs: Pcs,
    hand: ForeignHand,
    frequency: Callable[[], float],
    unit: int = 1,
) -> LabDevice:
    """A PCS.

    Args:
        device: its id.
        plate: its nameplate.
        pcs: its physics.
        hand: who else writes its set-point.
        frequency: the grid's, Hz.
        unit: its Modbus unit.
    """
    tells, takes = _tells(device, pcs, frequency), _takes(pcs)
    stored: dict[Meaning, Told] | None = None
    if pcs.droop is not None:
        more, writes, stored = _own_droop(pcs.droop)
        tells, takes = tells | more, takes | writes

    def act(faults: frozenset[Fault]) -> None:
        _act(pcs, hand, faults)

    return LabDevice(device, DeviceRole.PCS, plate, tells, takes, act, unit, stored)


def _tells(device: DeviceId, pcs: Pcs, frequency: Callable[[], float]) -> dict[Meaning, Told]:
    """What every PCS tells."""
    return {
        Meaning.ACTIVE_POWER: lambda: round(pcs.own_power),
        Meaning.FREQUENCY: lambda: (
            frequency() + PCS_NOISE * noise(_hash_of(device), int(frequency() * 1e6))
        ),
        Meaning.STATUS: lambda: _state(pcs),
        Meaning.ALARMS: lambda: _alarms(pcs),
        Meaning.LOCAL_REMOTE: lambda: State.REMOTE if pcs.remote else State.LOCAL,
        Meaning.HEARTBEAT_IN: lambda: pcs.beat_out,
        Meaning.RATED_POWER: lambda: pcs.plate.rated_w,
        Meaning.SETPOINT: lambda: pcs.setpoint,
        Meaning.SETPOINT_MODE: lambda: int(pcs.mode_right),
        Meaning.SETPOINT_ENABLE: lambda: int(pcs.enabled),
        Meaning.DC_POWER: lambda: round(pcs.own_power),
        Meaning.DC_VOLTAGE: lambda: DC_VOLTS,
        Meaning.HEARTBEAT: lambda: pcs.beat_in,
        Meaning.WATCHDOG_TIMEOUT: lambda: pcs.timeout_s,
        Meaning.WATCHDOG_ENABLE: lambda: int(pcs.watchdog_switch),
        Meaning.WATCHDOG_FALLBACK_POWER: lambda: pcs.fallback,
        Meaning.WATCHDOG_REMAINING: lambda: pcs.remaining_s,
    }


def _takes(pcs: Pcs) -> dict[Meaning, Taken]:
    """What every PCS takes."""

    def setpoint(watts: float) -> bool:
        return pcs.write_setpoint(int(watts))

    def mode(right: float) -> bool:
        pcs.mode_right = bool(right)
        return True

    def fallback(watts: float) -> bool:
        if abs(watts) > pcs.plate.rated_w:
            return False
        pcs.fallback = int(watts)
        return True

    return {
        Meaning.SETPOINT: setpoint,
        Meaning.SETPOINT_MODE: mode,
        Meaning.SETPOINT_ENABLE: lambda on: pcs.write_enable(bool(on)),
        Meaning.HEARTBEAT: lambda counter: pcs.write_beat(int(counter)),
        Meaning.WATCHDOG_TIMEOUT: pcs.write_timeout,
        Meaning.WATCHDOG_ENABLE: lambda on: pcs.write_watchdog(bool(on)),
        Meaning.WATCHDOG_FALLBACK_POWER: fallback,
    }


_LINE = {
    Meaning.DROOP_DEADBAND_OVER: "deadband_over",
    Meaning.DROOP_DEADBAND_UNDER: "deadband_under",
    Meaning.DROOP_SLOPE_OVER: "slope_over",
    Meaning.DROOP_SLOPE_UNDER: "slope_under",
    Meaning.DROOP_RESPONSE: "response_s",
    Meaning.DROOP_POWER_MIN: "power_min",
}


def _own_droop(
    droop: OwnDroop,
) -> tuple[dict[Meaning, Told], dict[Meaning, Taken], dict[Meaning, Told]]:
    """What a PCS with droop of its own tells, takes and holds besides."""
    tells: dict[Meaning, Told] = {
        Meaning.DROOP_ENABLE: lambda: int(droop.on),
        Meaning.DROOP_ADOPT: lambda: droop.requested,
        Meaning.DROOP_ADOPTED: lambda: droop.result,
    }
    takes: dict[Meaning, Taken] = {
        Meaning.DROOP_ENABLE: droop.write_on,
        Meaning.DROOP_ADOPT: droop.adopt,
    }
    stored: dict[Meaning, Told] = {}
    for meaning, part in _LINE.items():
        tells[meaning] = partial(_part, droop, "active", part)
        stored[meaning] = partial(_part, droop, "stored", part)
        takes[meaning] = partial(droop.write_stored, part)
    return tells, takes, stored


def _part(droop: OwnDroop, which: str, part: str) -> float:
    found: float = getattr(getattr(droop, which), part)
    return found


def _hash_of(device: DeviceId) -> int:
    """A number that follows from an id, the same in every run."""
    return int.from_bytes(device.encode()[-7:], "big")


def _state(pcs: Pcs) -> State:
    """What a PCS says of itself."""
    if pcs.broken:
        return State.FAULT
    if not pcs.remote or not pcs.running:
        return State.OFF
    if not pcs.enabled:
        return State.STANDBY
    short = abs(pcs.target - pcs.own_power) > _RAMPING * pcs.plate.rated_w
    return State.THROTTLED if short else State.RUNNING


def _alarms(pcs: Pcs) -> int:
    """Its alarms, as SunSpec's bits."""
    return MANUAL_SHUTDOWN * pcs.stopped | MANUFACTURER_ALARM * pcs.broken


def _act(  # noqa: C901 - one arm for each fault
    pcs: Pcs, hand: ForeignHand, faults: frozenset[Fault]
) -> None:
    """What faults do to a PCS."""
    pcs.hidden = 0.0
    pcs.stuck = pcs.reversed_sign = pcs.watchdog_dead = False
    pcs.stopped = pcs.local = pcs.broken = False
    hand.watts = None
    for fault in faults:
        match fault:
            case ForeignWriter(watts, every):
                hand.watts, hand.every_ms = watts, every
            case SideChannel(watts):
                pcs.hidden = float(watts)
            case WatchdogDead():
                pcs.watchdog_dead = True
            case WrongSign():
                pcs.reversed_sign = True
            case StuckSetpoint():
                pcs.stuck = True
            case EmergencyStop():
                pcs.stopped = True
            case LockOut():
                pcs.local = True
            case Broken():
                pcs.broken = True
            case Freeze() | Lie() | Absent() | ScaleChanged() | OtherNameplate():
                pass  # what it says
            case Silent() | Dumb() | Late() | Refused() | Corrupt() | Cut():
                pass  # what its wire does
            case _:
                assert_never(fault)
