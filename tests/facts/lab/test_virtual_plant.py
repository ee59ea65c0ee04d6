"""The plant behind its registers in virtual time, driven through device maps as the gate does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.codec.points import Pace
from sekisho.lab.build import plain_plan
from sekisho.lab.layout import plain_map
from sekisho.lab.virtual import VirtualDevice, VirtualPlant
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.registers import Value

RATED = Watts(1_000_000)
PCS = plain_map(DeviceRole.PCS, RATED)
BMS = plain_map(DeviceRole.BMS)
METER = plain_map(DeviceRole.METER)
TRIP = plain_map(DeviceRole.TRIP)


def values(end: VirtualDevice, device: DeviceMap) -> dict[Meaning, Value | None]:
    found: dict[Meaning, Value | None] = {}
    for pace in Pace:
        words = []
        for span in device.spans(pace):
            answer = end.read(span.space, span.address, span.length)
            words.append(answer if isinstance(answer, tuple) else None)
        found |= device.decode(pace, words)
    return found


def order(plant: VirtualPlant, name: str, watts: int, seconds: int = 10) -> None:
    end = plant.device(name)
    for write in (
        *PCS.watchdog_arm(seconds, Watts(0)),
        *PCS.setpoint_writes(Watts(watts)),
    ):
        assert end.write(write.space, write.address, write.words) == ()


def test_a_set_point_is_reached_at_the_ramp_after_the_delay() -> None:
    plant = VirtualPlant(plain_plan(auxiliary_w=20_000))
    order(plant, "pcs-1", 500_000)
    plant.advance(100)
    assert plant.truth().pcs[0].power == 0  # nothing moves within the delay
    plant.advance(1_000)
    assert 100_000 < plant.truth().pcs[0].power < 250_000  # 200 kW in a second
    plant.advance(3_000)
    truth = plant.truth()
    assert truth.pcs[0].power == 500_000
    assert truth.power == 500_000 - 20_000


def test_the_registers_tell_what_happens() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", -400_000)
    order(plant, "pcs-2", -400_000)
    plant.advance(5_000)
    pcs, bms = values(plant.device("pcs-1"), PCS), values(plant.device("bms-1"), BMS)
    meter = values(plant.device("meter-1"), METER)
    assert pcs[Meaning.ACTIVE_POWER] == pcs[Meaning.SETPOINT] == -400_000
    assert pcs[Meaning.STATUS] is State.RUNNING
    assert pcs[Meaning.WATCHDOG_REMAINING] == 5
    assert pcs[Meaning.ALARMS] == 0
    assert bms[Meaning.STATE_OF_CHARGE] == 0.5002
    assert bms[Meaning.CHARGE_LIMIT] == 2_200_000
    power, frequency = meter[Meaning.ACTIVE_POWER], meter[Meaning.FREQUENCY]
    assert isinstance(power, int)
    assert isinstance(frequency, float)
    assert abs(power - -820_000) <= 4_000
    assert abs(frequency - 50) <= 0.02
    assert None not in (pcs | bms | meter).values()


def test_the_watchdog_takes_the_plant_to_its_fall_back_by_itself() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", 600_000, seconds=10)
    plant.advance(9_900)
    assert plant.truth().pcs[0].power == 600_000
    plant.advance(200)
    assert plant.truth().pcs[0].expired
    assert plant.truth().pcs[0].setpoint == 0
    plant.advance(3_000)  # down at its own ramp
    assert plant.truth().pcs[0].power == 0


def test_a_refreshed_watchdog_never_runs_out() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", 600_000, seconds=10)
    for beat in range(20):
        for write in PCS.watchdog_refresh(beat, 10):
            plant.device("pcs-1").write(write.space, write.address, write.words)
        plant.advance(5_000)
    assert plant.truth().pcs[0].power == 600_000


def test_a_heartbeat_that_stands_still_is_no_sign_of_life() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", 600_000, seconds=10)
    for _ in range(4):
        plant.device("pcs-1").write(Space.HOLDING, 4, (7,))
        plant.advance(4_000)
    assert plant.truth().pcs[0].expired


def test_a_set_point_after_the_fall_back_is_watched_again() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", 600_000, seconds=10)
    plant.advance(20_000)
    value = PCS.setpoint_writes(Watts(300_000), engaged=True)[0]
    plant.device("pcs-1").write(value.space, value.address, value.words)
    plant.advance(5_000)
    assert plant.truth().pcs[0].power == 300_000
    plant.advance(8_000)
    assert plant.truth().pcs[0].power == 0


def test_the_trip_opens_the_breaker_and_only_a_person_closes_it() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", 600_000)
    plant.advance(5_000)
    (trip,) = TRIP.trip_writes()
    relay = plant.device("trip-1")
    assert relay.write(trip.space, trip.address, trip.words) == ()
    plant.advance(100)
    assert plant.truth().breaker_open
    assert plant.truth().power == 0
    assert values(relay, TRIP)[Meaning.TRIP_STATE] == 1
    assert relay.write(Space.COIL, 0, (0,)) == ()
    assert plant.truth().breaker_open
    plant.plant.relay.reset_on_the_spot()
    assert values(relay, TRIP)[Meaning.TRIP_STATE] == 0


def test_what_is_no_register_is_refused() -> None:
    plant = VirtualPlant(plain_plan())
    pcs = plant.device("pcs-1")
    assert pcs.read(Space.HOLDING, 100, 1) is ExceptionCode.ILLEGAL_ADDRESS
    assert pcs.write(Space.INPUT, 0, (1, 2)) is ExceptionCode.ILLEGAL_ADDRESS
    assert pcs.write(Space.HOLDING, 1, (1,)) is ExceptionCode.ILLEGAL_ADDRESS  # half a value
    assert pcs.write(Space.HOLDING, 1, (1, 2)) is ExceptionCode.ILLEGAL_ADDRESS  # two halves
    over = (RATED + 1).to_bytes(4, "big")
    words = (int.from_bytes(over[:2], "big"), int.from_bytes(over[2:], "big"))
    assert pcs.write(Space.HOLDING, 0, words) is ExceptionCode.ILLEGAL_VALUE
    assert pcs.bank.read(9, Space.HOLDING, 0, 1) is ExceptionCode.GATEWAY_NO_ANSWER
