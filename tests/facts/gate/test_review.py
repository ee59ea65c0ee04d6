"""Ways to more power, or to less of an alarm, that were open once."""

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest

from sekisho.codec.meanings import Meaning
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.tick import tick
from sekisho.gate.failures import Failure
from sekisho.gate.image import Link, Reading, WatchdogState
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.south.seen import Seen, image, unseen
from sekisho.gate.state import Latch
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Hertz
from tests.facts.gate import scene
from tests.facts.gate.test_cycle import standing

PCS = DeviceId("pcs-1")


def shown(**fields):
    """The image of a plant whose first PCS was read so."""
    now = BootMs(1_000)
    others = {d.device: unseen(d.device, now) for d in scene.SETTINGS.south}
    values = MappingProxyType({m: (v, now) for m, v in fields.pop("values").items()})
    read: Any = {"link": Link.UP, "since": now, "watchdog": WatchdogState.ARMED} | fields
    return image(scene.SETTINGS, others | {PCS: Seen(device=PCS, values=values, **read)}, now)


def test_a_set_point_that_is_not_enabled_is_no_power_to_start_from():
    # After its watchdog a PCS may keep 400 kW in the register and only take the enable back.
    plant = shown(values={Meaning.SETPOINT: 400_000}, engaged=False)
    _, turn = tick(scene.gate(), plant, scene.clock(1_000), scene.SAFE)
    assert turn.orders[PCS] == 0


@pytest.mark.parametrize("value", [3.4e38, -(2**63)])
def test_a_power_that_no_plant_has_is_no_number(value):
    plant = shown(values={Meaning.SETPOINT: value, Meaning.ACTIVE_POWER: value})
    assert plant.pcs[0].setpoint is None
    assert plant.pcs[0].power is None


def test_power_of_a_unit_that_answers_but_cannot_be_asked_is_not_given_to_another():
    plant = standing(scene.setpoint(400_000))
    plant.run(20_000)

    def faulted(image):
        return replace(image, pcs=(replace(image.pcs[0], faulted=True), *image.pcs[1:]))

    plant.change = faulted  # its set-point still stands until its watchdog has run out
    assert max(plant.run(9_000)) <= 400_000


def test_a_dead_disk_does_not_hold_power_whose_permission_has_ended():
    plant = standing(scene.setpoint(300_000, end=30_000))
    plant.run(25_000)
    newer = scene.setpoint(0, number=2, start=25_000, entry=7)
    plant.gate = scene.durable(plant.gate, standing=(newer,))
    plant.around = Surroundings(committed=6)
    assert plant.run(1_000)[-1] == 300_000
    plant.around = Surroundings(committed=6, behind_ms=3_000)
    assert plant.run(30_000)[-1] == 0


def test_a_trip_that_was_latched_before_a_restart_is_still_asked_for():
    gate = scene.durable(scene.gate(), latches=frozenset({Latch.MISMATCH, Latch.TRIPPED}))
    gate, turn = tick(gate, scene.image(100), scene.clock(100), scene.SAFE)
    assert turn.trip
    assert not [e for e in turn.entries if e.kind is EntryKind.TRIP]


@pytest.mark.parametrize("silent", [False, True])
def test_a_dispute_that_pauses_for_a_tick_each_second_is_a_dispute(silent):
    plant = standing()

    def lying(image):
        pause = plant.now % 1_000 == 0
        if pause and silent:
            return image
        hertz = Hertz(50.0 if pause else 50.4)
        one = replace(image.pcs[0], frequency=Reading(hertz, image.at))
        return replace(image, pcs=(one, *image.pcs[1:]))

    plant.change = lying
    plant.run(3_000)
    assert Failure.FREQUENCY in plant.gate.run.failures
    plant.change = lambda image: image
    plant.run(2_000)
    assert Failure.FREQUENCY not in plant.gate.run.failures


def test_a_pcs_whose_own_watchdog_ran_out_is_taken_back_at_the_ramp():
    plant = standing(scene.setpoint(600_000))
    plant.run(20_000)
    plant.units = {"pcs-1": 0, "pcs-2": 0}
    totals = plant.run(15_000)
    assert plant.kinds(EntryKind.FOREIGN)
    assert totals[-1] == 600_000
    assert max(b - a for a, b in pairwise([0, *totals])) <= 10_001


def test_a_unit_that_people_run_on_the_spot_is_no_foreign_writer():
    plant = standing(scene.setpoint(300_000))
    plant.run(20_000)

    def local(image):
        one = replace(image.pcs[0], stopped_locally=True, setpoint=Reading(77_000, image.at))
        return replace(image, pcs=(one, *image.pcs[1:]))

    plant.change = local
    plant.run(10_000)
    assert not plant.kinds(EntryKind.FOREIGN)
