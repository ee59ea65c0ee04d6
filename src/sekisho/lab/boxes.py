"""The other devices of a plant, by what they tell and take: BMS, meter, trip relay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.lab.battery import DC_VOLTS
from sekisho.lab.device import LabDevice
from sekisho.lab.faults import Broken, EmergencyStop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.lab.bms import Bms
    from sekisho.lab.device import Plate, Told
    from sekisho.lab.faults import Fault
    from sekisho.lab.meter import Meter
    from sekisho.lab.relay import Relay
    from sekisho.terms.ids import DeviceId

OTHER_ALARM = 1 << 25
"""Bit of SunSpec's battery events (model 802)."""


def bms_device(device: DeviceId, plate: Plate, bms: Bms, unit: int = 1) -> LabDevice:
    """A BMS."""
    battery = bms.battery

    def act(faults: frozenset[Fault]) -> None:
        bms.broken = any(isinstance(fault, Broken) for fault in faults)

    tells: Mapping[Meaning, Told] = {
        Meaning.STATE_OF_CHARGE: lambda: bms.soc,
        Meaning.STATE_OF_HEALTH: lambda: 0.97,
        Meaning.CHARGE_LIMIT: lambda: 0 if bms.broken else bms.charge_limit,
        Meaning.DISCHARGE_LIMIT: lambda: 0 if bms.broken else bms.discharge_limit,
        Meaning.CHARGE_CURRENT_LIMIT: lambda: (0 if bms.broken else bms.charge_limit) / DC_VOLTS,
        Meaning.DISCHARGE_CURRENT_LIMIT: lambda: (
            (0 if bms.broken else bms.discharge_limit) / DC_VOLTS
        ),
        Meaning.TEMPERATURE_MIN: lambda: bms.temperature_min,
        Meaning.TEMPERATURE_MAX: lambda: bms.temperature_max,
        Meaning.BATTERY_POWER: lambda: round(bms.power),
        Meaning.DC_VOLTAGE: lambda: DC_VOLTS,
        Meaning.ENERGY_RATING: lambda: round(battery.plate.energy_wh),
        Meaning.RATED_POWER: lambda: round(max(battery.plate.charge_w, battery.plate.discharge_w)),
        Meaning.STATUS: lambda: State.FAULT if bms.broken else State.RUNNING,
        Meaning.ALARMS: lambda: OTHER_ALARM * bms.broken,
        Meaning.LOCAL_REMOTE: lambda: State.REMOTE,
        Meaning.HEARTBEAT_IN: lambda: bms.beat,
    }
    return LabDevice(device, DeviceRole.BMS, plate, tells, {}, act, unit)


def meter_device(
    device: DeviceId, plate: Plate, meter: Meter, rated_w: int, unit: int = 1
) -> LabDevice:
    """The meter of a plant with a rating."""
    tells: Mapping[Meaning, Told] = {
        Meaning.ACTIVE_POWER: lambda: round(meter.power),
        Meaning.FREQUENCY: lambda: meter.frequency,
        Meaning.ENERGY_EXPORT: lambda: int(meter.exported_wh),
        Meaning.ENERGY_IMPORT: lambda: int(meter.imported_wh),
        Meaning.STATUS: lambda: State.RUNNING,
        Meaning.RATED_POWER: lambda: rated_w,
    }
    return LabDevice(device, DeviceRole.METER, plate, tells, {}, _nothing, unit)


def relay_device(device: DeviceId, plate: Plate, relay: Relay, unit: int = 1) -> LabDevice:
    """The trip relay; its coil only opens, closing is for people on the spot."""

    def trip(on: float) -> bool:
        if on:
            relay.trip()
        return True

    def act(faults: frozenset[Fault]) -> None:
        relay.broken = any(isinstance(fault, Broken) for fault in faults)
        relay.stop_pressed = any(isinstance(fault, EmergencyStop) for fault in faults)

    tells: Mapping[Meaning, Told] = {
        Meaning.TRIP: lambda: int(relay.open),
        Meaning.TRIP_STATE: lambda: int(relay.open),
        Meaning.LOCAL_REMOTE: lambda: State.LOCAL if relay.stop_pressed else State.REMOTE,
    }
    return LabDevice(device, DeviceRole.TRIP, plate, tells, {Meaning.TRIP: trip}, act, unit)


def _nothing(faults: frozenset[Fault]) -> None:
    """A meter only says things."""
