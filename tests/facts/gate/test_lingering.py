"""What flickers is one failure, written down once, and failed throughout."""

from dataclasses import replace

import pytest

from sekisho.gate.cycle.lingering import GONE_MS
from sekisho.gate.failures import Failure
from sekisho.gate.image import Link, WatchdogState
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import Alarm
from tests.facts.gate import scene
from tests.facts.gate.test_cycle import Plant, standing

TICK = 100


def no_meter(image):
    return replace(image, meters=(replace(image.meters[0], power=None),))


def no_frequency(image):
    return replace(image, meters=(replace(image.meters[0], frequency=None),))


def no_watchdog(image):
    failed = replace(image.pcs[0], watchdog=WatchdogState.FAILED)
    return replace(image, pcs=(failed, image.pcs[1]))


def well(image):
    return image


def flickers(plant, change, ms):
    """The worst there is: there and gone with every tick, gone at the end."""
    for _ in range(ms // (2 * TICK)):
        plant.change = change
        plant.run(TICK)
        plant.change = well
        plant.run(TICK)


def written(plant, kind, word):
    return sum(one["what"] == word for one in plant.kinds(kind))


def test_a_failure_that_goes_once_has_recovered_at_once():
    plant = standing(scene.setpoint(600_000))
    plant.run(1_000)
    plant.change = no_meter
    plant.run(TICK)
    assert plant.gate.run.failures == {Failure.METER}
    plant.change = well
    plant.run(TICK)
    assert not plant.gate.run.failures
    assert written(plant, EntryKind.RECOVERED, "meter") == 1


def test_a_failure_that_comes_back_is_failed_until_it_has_been_gone_for_five_seconds():
    plant = standing(scene.setpoint(600_000))
    plant.run(1_000)
    flickers(plant, no_meter, 4 * TICK)
    before = plant.total
    assert 0 < before < 100_000
    plant.run(GONE_MS - 2 * TICK)
    assert plant.gate.run.failures == {Failure.METER}
    assert plant.total == before, "reduce only"
    plant.run(2 * TICK)
    assert not plant.gate.run.failures
    plant.run(TICK)
    assert plant.total > before


def test_what_comes_back_after_a_minute_is_new():
    plant = standing()
    plant.run(1_000)
    flickers(plant, no_meter, 2 * TICK)
    plant.run(60_000)
    flickers(plant, no_meter, 2 * TICK)
    assert not plant.gate.run.failures


@pytest.mark.parametrize("kinds", [(EntryKind.FAILED, EntryKind.RECOVERED)])
def test_a_failure_that_flickers_for_a_minute_is_two_pairs_of_entries(kinds):
    plant = standing()
    plant.run(1_000)
    flickers(plant, no_meter, 60_000)
    plant.run(GONE_MS)
    assert [written(plant, kind, "meter") for kind in kinds] == [2, 2]


def test_whatever_the_rhythm_a_word_writes_at_most_half_an_entry_a_second():
    plant = standing()
    plant.run(1_000)
    seconds = 120
    for _ in range(seconds // 6):
        plant.change = no_meter
        plant.run(900)
        plant.change = well
        plant.run(5_100)
    both = sum(written(plant, k, "meter") for k in (EntryKind.FAILED, EntryKind.RECOVERED))
    assert 10 < both <= seconds / 2


def test_an_alarm_that_flickers_is_written_no_oftener():
    plant = standing()
    plant.run(1_000)
    flickers(plant, no_watchdog, 30_000)
    assert Alarm.WATCHDOG in plant.gate.run.alarms
    plant.run(GONE_MS)
    assert Alarm.WATCHDOG not in plant.gate.run.alarms
    assert written(plant, EntryKind.ALARM, "watchdog") == 2
    assert written(plant, EntryKind.CLEARED, "watchdog") == 2


def test_a_failure_begins_at_once_however_often_it_has_come():
    plant = standing(scene.setpoint(600_000))
    plant.run(1_000)
    for _ in range(3):
        plant.run(GONE_MS + TICK)
        plant.change = no_meter
        plant.run(TICK)
        assert plant.gate.run.failures == {Failure.METER}
        plant.change = well


def test_primary_control_does_not_wait_for_a_frequency_that_flickered():
    plant = Plant(scene.gate(bounds=scene.bounds(droop=scene.droop())))
    plant.show = {"hertz": 49.8}
    plant.run(3_000)
    held = plant.total
    assert held > 0
    flickers(plant, no_frequency, 4 * TICK)
    assert Failure.FREQUENCY in plant.gate.run.failures
    plant.run(3_000)
    assert Failure.FREQUENCY in plant.gate.run.failures
    assert plant.total >= held - 4_000, "it was back with the first sure reading"


def test_an_order_that_leads_towards_zero_does_not_wait():
    plant = standing(scene.setpoint(300_000))
    plant.run(10_000)
    flickers(plant, no_meter, 4 * TICK)
    assert plant.gate.run.failures
    plant.gate = scene.durable(plant.gate, standing=(scene.setpoint(0, number=2),))
    assert plant.run(TICK)[-1] < 300_000


def test_a_lost_unit_that_comes_and_goes_is_counted_by_what_it_is_at_this_moment():
    plant = standing(scene.setpoint(300_000))
    plant.run(10_000)

    def lost(image):
        one = replace(image.pcs[0], link=Link.LOST, since=image.at)
        return replace(image, pcs=(one, image.pcs[1]))

    flickers(plant, lost, 4 * TICK)
    assert plant.gate.run.failures == {Failure.ONE_PCS}
    assert "pcs-1" in plant.turn.orders
