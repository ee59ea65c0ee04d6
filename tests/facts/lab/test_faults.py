"""Each switch changes what it says, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from sekisho.codec.meanings import Meaning, State
from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.lab import faults
from sekisho.lab.build import plain_plan
from sekisho.lab.faults import Fault
from sekisho.lab.virtual import VirtualPlant
from sekisho.terms.quantity import Watts
from tests.facts.lab.test_virtual_plant import BMS, METER, PCS, order, values

M = Meaning
FULL = Watts(1_000_000)


def running(watts: int = 400_000) -> VirtualPlant:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", watts, seconds=300)
    plant.advance(5_000)
    return plant


def pcs(plant: VirtualPlant):
    return values(plant.device("pcs-1"), PCS)


def test_frozen_values_stand_still_while_the_device_obeys() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.Freeze())
    before = pcs(plant)
    order(plant, "pcs-1", 100_000)
    plant.advance(5_000)
    after = pcs(plant)
    assert {m for m in after if after[m] != before[m]} <= {M.SETPOINT, M.WATCHDOG_TIMEOUT}
    assert after[M.SETPOINT] == 100_000
    assert plant.truth().pcs[0].power == 100_000
    plant.lab("pcs-1").switch_off(faults.Freeze)
    assert pcs(plant)[M.ACTIVE_POWER] == 100_000


def test_a_lie_changes_one_value() -> None:
    plant = running()
    bms = plant.device("bms-1")
    before = values(bms, BMS)
    plant.lab("bms-1").switch_on(faults.Lie(M.STATE_OF_CHARGE, add=0.3))
    after = values(bms, BMS)
    assert after[M.STATE_OF_CHARGE] == pytest.approx(before[M.STATE_OF_CHARGE] + 0.3)  # type: ignore[operator]  # a number here
    assert {m for m in after if after[m] != before[m]} == {M.STATE_OF_CHARGE}
    plant.lab("bms-1").switch_on(faults.Lie(M.STATE_OF_CHARGE, replace=0.9))
    assert values(bms, BMS)[M.STATE_OF_CHARGE] == 0.9
    plant.lab("bms-1").all_well()
    assert values(bms, BMS) == before


def test_an_absent_value_is_no_number() -> None:
    plant = running()
    plant.lab("bms-1").switch_on(faults.Absent(M.CHARGE_LIMIT))
    plant.lab("bms-1").switch_on(faults.Absent(M.TEMPERATURE_MAX))
    after = values(plant.device("bms-1"), BMS)
    assert [m for m in after if after[m] is None] == [M.CHARGE_LIMIT, M.TEMPERATURE_MAX]


def test_a_foreign_hand_writes_again_and_again() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.ForeignWriter(-900_000, every_ms=2_000))
    plant.advance(100)
    assert pcs(plant)[M.SETPOINT] == -900_000
    order(plant, "pcs-1", 400_000)
    assert pcs(plant)[M.SETPOINT] == 400_000
    plant.advance(2_000)
    assert pcs(plant)[M.SETPOINT] == -900_000
    plant.lab("pcs-1").all_well()
    order(plant, "pcs-1", 400_000)
    plant.advance(4_000)
    assert pcs(plant)[M.SETPOINT] == 400_000


def test_hidden_power_shows_at_the_meter_alone() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.SideChannel(300_000))
    plant.advance(1_000)
    shown = pcs(plant)
    assert shown[M.ACTIVE_POWER] == shown[M.SETPOINT] == 400_000
    assert plant.truth().power == 700_000 - 20_000
    power = values(plant.device("meter-1"), METER)[M.ACTIVE_POWER]
    assert isinstance(power, int)
    assert abs(power - 680_000) <= 4_000


def test_a_dead_watchdog_never_runs_out() -> None:
    plant = VirtualPlant(plain_plan())
    order(plant, "pcs-1", 400_000, seconds=5)
    plant.lab("pcs-1").switch_on(faults.WatchdogDead())
    plant.advance(60_000)
    assert plant.truth().pcs[0].power == 400_000


def test_a_wrong_sign_turns_the_power_of_a_pcs_and_the_display_of_a_meter() -> None:
    plant = VirtualPlant(plain_plan())
    plant.lab("pcs-1").switch_on(faults.WrongSign())
    order(plant, "pcs-1", 400_000)
    plant.advance(5_000)
    assert pcs(plant)[M.SETPOINT] == 400_000
    assert plant.truth().pcs[0].power == pcs(plant)[M.ACTIVE_POWER] == -400_000
    plant.lab("meter-1").switch_on(faults.WrongSign())
    power = values(plant.device("meter-1"), METER)[M.ACTIVE_POWER]
    assert isinstance(power, int)
    assert power > 400_000


def test_a_stuck_set_point_is_read_back_and_nothing_follows() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.StuckSetpoint())
    order(plant, "pcs-1", -400_000, seconds=300)
    plant.advance(5_000)
    assert pcs(plant)[M.SETPOINT] == -400_000
    assert plant.truth().pcs[0].power == 400_000
    plant.lab("pcs-1").all_well()
    plant.advance(5_000)
    assert plant.truth().pcs[0].power == -400_000


@pytest.mark.parametrize("fault", [faults.EmergencyStop(), faults.LockOut()])
def test_people_on_the_spot_stop_it_at_once_and_commands_are_refused(fault: Fault) -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(fault)
    plant.advance(100)
    assert plant.truth().pcs[0].power == 0
    assert PCS.locked_out(pcs(plant))
    write = PCS.setpoint_writes(FULL)[0]
    end = plant.device("pcs-1")
    assert end.write(write.space, write.address, write.words) is ExceptionCode.ILLEGAL_VALUE


def test_an_emergency_stop_needs_a_new_enable_afterwards() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.EmergencyStop())
    plant.advance(100)
    plant.lab("pcs-1").all_well()
    plant.advance(5_000)
    assert plant.truth().pcs[0].power == 0
    assert pcs(plant)[M.SETPOINT_ENABLE] == 0


def test_a_broken_device_says_so_and_carries_nothing() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.Broken())
    plant.advance(100)
    assert plant.truth().pcs[0].power == 0
    assert PCS.faulted(pcs(plant)) is True
    assert pcs(plant)[M.STATUS] is State.FAULT
    plant = running()
    plant.lab("bms-1").switch_on(faults.Broken())
    plant.advance(1_000)
    told = values(plant.device("bms-1"), BMS)
    assert told[M.CHARGE_LIMIT] == told[M.DISCHARGE_LIMIT] == 0
    assert plant.truth().pcs[0].power == 0


def test_another_nameplate_is_shown() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.OtherNameplate(model="X-9"))
    plate = plant.device("pcs-1").bank.identify(1)
    assert isinstance(plate, dict)
    assert plate[1] == b"X-9"
    assert plate[0] == "架空電機".encode()


def test_a_silent_device_neither_hears_nor_answers_and_a_dumb_one_obeys() -> None:
    plant = running()
    end = plant.device("pcs-1")
    write = PCS.setpoint_writes(FULL, engaged=True)[0]
    plant.lab("pcs-1").switch_on(faults.Silent())
    assert end.read(Space.HOLDING, 0, 2) is None
    assert end.write(write.space, write.address, write.words) is None
    assert plant.truth().pcs[0].setpoint == 400_000
    for fault in (faults.Dumb(), faults.Late(5_000), faults.Cut()):
        plant = running()
        plant.lab("pcs-1").switch_on(fault)
        end = plant.device("pcs-1")
        assert end.write(write.space, write.address, write.words) is None
        assert plant.truth().pcs[0].setpoint == 1_000_000
    plant.lab("pcs-1").all_well()
    plant.lab("pcs-1").switch_on(faults.Late(500))
    assert end.read(Space.HOLDING, 0, 2) is not None


def test_a_refusing_device_does_nothing() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.Refused(ExceptionCode.DEVICE_BUSY))
    end = plant.device("pcs-1")
    assert end.read(Space.HOLDING, 0, 2) is ExceptionCode.DEVICE_BUSY
    assert end.write(Space.HOLDING, 0, (0, 1)) is ExceptionCode.DEVICE_BUSY
    assert plant.truth().pcs[0].setpoint == 400_000


def test_a_share_of_damaged_answers_is_lost() -> None:
    plant = running()
    plant.lab("pcs-1").switch_on(faults.Corrupt(0.3))
    answers = [plant.device("pcs-1").read(Space.HOLDING, 0, 2) for _ in range(1_000)]
    assert 200 < answers.count(None) < 400


def test_every_kind_of_fault_is_known_here() -> None:
    named = {kind.__name__ for kind in get_args(Fault)}
    text = Path(__file__).read_text("utf-8")
    unseen = {name for name in named if f"faults.{name}" not in text}
    assert unseen == {"ScaleChanged"}  # of SunSpec devices: test_sunspec_bank
