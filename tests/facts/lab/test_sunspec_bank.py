"""Simulated SunSpec devices, found and read by the code that the gate uses."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from sekisho.codec.batch import ScaleChangedError
from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.codec.points import Pace
from sekisho.codec.sunspec.compile import compile_models
from sekisho.codec.sunspec.discovery import Discovered, discover
from sekisho.lab import faults
from sekisho.lab.build import plain_plan
from sekisho.lab.registers import SunSpec
from sekisho.lab.virtual import VirtualPlant
from sekisho.shell.device_data import load_catalogue
from sekisho.terms.quantity import Watts
from tests.facts.lab.test_virtual_plant import values

if TYPE_CHECKING:
    from sekisho.codec.device_map import DeviceMap

M = Meaning


def plant_of(rated: int = 2_500_000, base: int = 40000) -> VirtualPlant:
    plan = plain_plan(rated_w=rated, energy_wh=4.0 * rated, layout=SunSpec(base))
    return VirtualPlant(plan, catalogue=load_catalogue())


def found(plant: VirtualPlant, name: str) -> Discovered:
    end = plant.device(name)
    walk = discover(load_catalogue(), name)
    span = next(walk)
    try:
        while True:
            words = end.read(span.space, span.address, span.length)
            span = walk.send(None if isinstance(words, ExceptionCode) else words)
    except StopIteration as done:
        chain: Discovered = done.value
        return chain


def compiled(plant: VirtualPlant, name: str) -> DeviceMap:
    role = plant.lab(name).role
    return compile_models(found(plant, name), load_catalogue(), role, name)


@pytest.mark.parametrize("rated", [49_000, 2_500_000, 50_000_000])
@pytest.mark.parametrize("base", [0, 40000, 50000])
def test_each_device_is_found_and_serves_its_role(rated: int, base: int) -> None:
    plant = plant_of(rated, base)
    plant.advance(1_000)
    pcs, bms = compiled(plant, "pcs-1"), compiled(plant, "bms-1")
    assert [b.id for b in found(plant, "pcs-1").blocks] == [1, 701, 702, 704, 715]
    assert pcs.rated == rated
    assert pcs.watchdog is not None
    told = values(plant.device("pcs-1"), pcs)
    assert told[M.ACTIVE_POWER] == 0
    assert told[M.STATUS] is State.STANDBY
    assert told[M.LOCAL_REMOTE] is State.REMOTE
    battery = values(plant.device("bms-1"), bms)
    assert battery[M.STATE_OF_CHARGE] == 0.5
    assert battery[M.CHARGE_LIMIT] == pytest.approx(2.2 * rated, rel=0.01)
    assert battery[M.ENERGY_RATING] == pytest.approx(4 * rated, rel=0.01)
    assert battery[M.TEMPERATURE_MAX] == 21.5
    assert battery[M.STATUS] is State.RUNNING
    meter = values(plant.device("meter-1"), compiled(plant, "meter-1"))
    assert meter[M.ENERGY_EXPORT] == 1_000_000
    assert None not in (told | battery | meter).values()


def test_a_set_point_by_model_704_is_followed_and_its_reversion_timer_ends_it() -> None:
    plant = plant_of()
    pcs, end = compiled(plant, "pcs-1"), plant.device("pcs-1")
    for write in (*pcs.watchdog_arm(10, Watts(-50_000)), *pcs.setpoint_writes(Watts(700_000))):
        assert end.write(write.space, write.address, write.words) == ()
    plant.advance(5_000)
    told = values(end, pcs)
    assert told[M.ACTIVE_POWER] == told[M.SETPOINT] == 700_000
    assert told[M.WATCHDOG_REMAINING] == 5
    assert pcs.engaged(told)
    assert pcs.watchdog_holds(told, 10, Watts(-50_000))
    for beat in range(5):
        for write in pcs.watchdog_refresh(beat, 10):
            assert end.write(write.space, write.address, write.words) == ()
        plant.advance(8_000)
    assert plant.truth().pcs[0].power == 700_000
    plant.advance(10_000)
    assert plant.truth().pcs[0].power == -50_000
    assert values(end, pcs)[M.WATCHDOG_REMAINING] == 0


def test_without_an_enabled_reversion_the_fall_back_is_rest() -> None:
    plant = plant_of()
    pcs, end = compiled(plant, "pcs-1"), plant.device("pcs-1")
    arming = pcs.watchdog_arm(10, Watts(300_000))[:-1]  # the enable is left out
    for write in (*arming, *pcs.setpoint_writes(Watts(700_000))):
        end.write(write.space, write.address, write.words)
    plant.advance(20_000)
    assert plant.truth().pcs[0].power == 0
    assert not plant.truth().pcs[0].enabled


def test_the_nameplate_of_model_1_is_the_true_one_until_a_fault_says_otherwise() -> None:
    plant = plant_of()
    plate = plant.device("pcs-1").read(Space.HOLDING, 40004 + 16, 16)
    assert isinstance(plate, tuple)
    assert plate[:3] == (0x4C41, 0x422D, 0x3100)  # LAB-1
    plant.lab("pcs-1").switch_on(faults.OtherNameplate(model="ZZ"))
    plate = plant.device("pcs-1").read(Space.HOLDING, 40004 + 16, 16)
    assert isinstance(plate, tuple)
    assert plate[:2] == (0x5A5A, 0)


def test_a_scale_factor_that_changes_is_seen_and_takes_its_words_along() -> None:
    plant = plant_of()
    bms, end = compiled(plant, "bms-1"), plant.device("bms-1")
    before = values(end, bms)
    plant.lab("bms-1").switch_on(faults.ScaleChanged(M.STATE_OF_CHARGE))
    with pytest.raises(ScaleChangedError):
        values(end, bms)
    found_anew = compiled(plant, "bms-1")
    was, now = (Fraction(*m.point(M.STATE_OF_CHARGE).scale) for m in (bms, found_anew))
    assert now == 10 * was
    again = values(end, found_anew)
    assert again == before
    plant.lab("bms-1").all_well()
    assert values(end, bms) == before


def test_what_is_not_implemented_reads_so_and_is_not_written() -> None:
    plant = plant_of()
    pcs = compiled(plant, "pcs-1")
    assert pcs.role is DeviceRole.PCS
    mode = pcs.point(M.SETPOINT_MODE)
    percent = mode.address + 5  # WSetPct behind WSet and WSetRvrt
    assert plant.device("pcs-1").read(Space.HOLDING, percent, 1) == (0x8000,)
    refused = plant.device("pcs-1").write(Space.HOLDING, percent, (10,))
    assert refused is ExceptionCode.ILLEGAL_ADDRESS
    assert [p.meaning for p in pcs.points if p.pace is Pace.ONCE] == [M.RATED_POWER]
