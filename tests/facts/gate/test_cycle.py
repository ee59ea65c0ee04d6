"""What one tick does, and does not do."""

from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest

from sekisho.codec.command import Product
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.goal import Pace
from sekisho.gate.cycle.tick import tick
from sekisho.gate.failures import Activity, Failure, Response
from sekisho.gate.image import Link, Reading, WatchdogState
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import Alarm, Latch
from sekisho.terms.quantity import BootMs, Celsius, Hertz, WattHours, Watts
from tests.facts.gate import scene


class Plant:
    """Follows every order at once; the test changes what the gate is shown."""

    def __init__(self, gate, *, step=100):
        self.gate = gate
        self.now = 0
        self.step = step
        self.units = {"pcs-1": 0, "pcs-2": 0}
        self.show = {}
        self.change = lambda image: image
        self.around = scene.SAFE
        self.clock = scene.clock
        self.entries = []
        self.turn: Any = None

    @property
    def total(self):
        return sum(self.units.values())

    def run(self, ms):
        """The totals after each tick."""
        totals = []
        for _ in range(0, ms, self.step):
            image = scene.image(self.now, units=tuple(self.units.values()), **self.show)
            self.gate, self.turn = tick(
                self.gate, self.change(image), self.clock(self.now), self.around
            )
            self.units.update({str(d): int(w) for d, w in self.turn.orders.items()})
            self.entries += self.turn.entries
            self.now += self.step
            totals.append(self.total)
        return totals

    def kinds(self, kind):
        return [dict(e.body) for e in self.entries if e.kind is kind]


def standing(*orders, **changes):
    return Plant(scene.durable(scene.gate(**changes), standing=orders))


def test_a_set_point_is_reached_at_the_ramp_of_dispatch_and_not_faster():
    plant = standing(scene.setpoint(600_000))
    totals = plant.run(20_000)
    steps = [b - a for a, b in pairwise(totals)]
    assert max(steps) <= 5_001
    assert totals[-1] == 600_000
    assert totals[100] < 510_000


def test_nothing_is_raised_before_the_decision_is_on_disk():
    plant = standing(scene.setpoint(600_000, entry=7))
    plant.around = Surroundings(committed=6)
    assert set(plant.run(2_000)) == {0}
    plant.around = Surroundings(committed=7)
    assert plant.run(1_000)[-1] > 0


def test_after_a_start_nothing_is_raised_before_what_it_has_charged_is_on_disk():
    plant = standing(scene.setpoint(600_000))
    plant.gate = replace(plant.gate, run=replace(plant.gate.run, first_entry=7))
    plant.around = Surroundings(committed=6)
    assert set(plant.run(2_000)) == {0}
    plant.around = Surroundings(committed=7)
    assert plant.run(1_000)[-1] > 0


def test_while_a_new_order_is_on_its_way_to_the_disk_dispatch_stays_where_it_is():
    plant = standing(scene.setpoint(300_000), scene.setpoint(100_000, number=2, entry=1))
    plant.run(20_000)
    new = scene.setpoint(500_000, number=3, entry=9)
    plant.gate = scene.durable(plant.gate, standing=(new,))
    plant.around = Surroundings(committed=8)
    assert set(plant.run(500)) == {300_000}
    plant.around = Surroundings(committed=9)
    assert plant.run(500)[-1] > 300_000


def test_a_set_point_goes_to_rest_when_its_permission_ends():
    plant = standing(scene.setpoint(300_000, end=10_000))
    assert plant.run(10_000)[-1] == 300_000
    after = plant.run(20_000)
    assert after[-1] == 0
    assert all(b <= a for a, b in pairwise(after))
    assert plant.kinds(EntryKind.ENDED)[0]["why"] == "expired"


def test_permission_ends_on_the_steady_clock_though_the_wall_clock_is_set_back():
    plant = standing(scene.setpoint(300_000, end=10_000))
    plant.clock = lambda now: scene.clock(now, drift=-3_600_000 if now > 5_000 else 0)
    plant.run(10_100)
    assert plant.turn.goal.pace is Pace.REST


def test_permission_ends_on_the_wall_clock_though_the_steady_one_says_later():
    plant = standing(scene.setpoint(300_000, end=600_000))
    plant.run(5_000)
    plant.clock = lambda now: scene.clock(now, drift=3_600_000)
    plant.run(100)
    assert plant.turn.goal.pace is Pace.REST


def test_the_higher_rank_goes_first_and_the_lower_one_waits():
    plant = standing(
        scene.setpoint(200_000, number=2, product=Product.FCR, end=20_000),
        scene.setpoint(-200_000, number=1, end=60_000),
    )
    assert plant.run(19_900)[-1] == 200_000
    assert plant.run(30_000)[-1] == -200_000


def test_curtailment_is_the_minimum_over_all_standing_ones():
    gate = scene.durable(
        scene.gate(),
        standing=(scene.setpoint(900_000),),
        curtailments=(
            scene.curtailment(400_000, 10_000, number=2),
            scene.curtailment(300_000, 500_000, number=3),
        ),
    )
    plant = Plant(gate)
    assert plant.run(30_000)[-1] == 300_000
    assert plant.turn.window.high_by.where == "cmd-3"


def test_a_new_curtailment_pulls_power_down_at_the_largest_ramp():
    plant = standing(scene.setpoint(900_000))
    plant.run(30_000)
    plant.gate = scene.durable(plant.gate, curtailments=(scene.curtailment(100_000, 0, number=2),))
    totals = plant.run(10_000)
    assert totals[-1] == 100_000
    assert max(a - b for a, b in pairwise(totals)) <= 10_001


def test_when_a_curtailment_is_lifted_power_returns_at_the_ramp_of_dispatch():
    curtailed = (scene.curtailment(100_000, 0, number=2, end=30_000),)
    plant = Plant(
        scene.durable(scene.gate(), standing=(scene.setpoint(900_000),), curtailments=curtailed)
    )
    plant.run(30_000)
    totals = plant.run(5_000)
    assert max(b - a for a, b in pairwise(totals)) <= 5_001


def test_a_remote_stop_ramps_down_and_latches():
    plant = standing(scene.setpoint(500_000))
    plant.run(20_000)
    plant.gate = scene.durable(plant.gate, latches=frozenset({Latch.REMOTE_STOP}))
    totals = plant.run(30_000)
    assert totals[0] > 490_000
    assert totals[-1] == 0
    assert plant.run(60_000)[-1] == 0


def test_a_local_stop_is_immediate_and_latches_until_it_is_reset_locally():
    plant = standing(scene.setpoint(500_000))
    plant.run(20_000)
    plant.change = lambda image: replace(image, stop_pressed=True)
    assert plant.run(100) == [0]
    plant.change = lambda image: image
    assert plant.run(5_000)[-1] == 0
    assert Latch.LOCAL_STOP in plant.gate.durable.latches


def test_the_harm_budget_holds_dispatch_until_tokens_return():
    tight = replace(scene.PLENTY, change_per_minute=Watts(200_000))
    plant = standing(scene.setpoint(900_000), trust=scene.trust(all_keys=tight))
    totals = plant.run(180_000)
    window = 600
    for first in range(0, len(totals) - window, 50):
        change = sum(
            abs(b - a)
            for a, b in zip(
                totals[first : first + window], totals[first + 1 : first + window + 1], strict=True
            )
        )
        assert change <= 200_100


def test_the_budget_of_the_key_holds_as_well_as_that_of_all_keys():
    own = replace(scene.PLENTY, change_per_minute=Watts(100_000))
    plant = standing(scene.setpoint(900_000), trust=scene.trust(scene.key(budget=own)))
    assert plant.run(30_000)[-1] <= 100_000


def test_with_no_reversal_left_dispatch_stays_on_its_side_of_zero():
    none = replace(scene.PLENTY, reversals_per_hour=0)
    plant = standing(scene.setpoint(300_000, end=20_000), trust=scene.trust(scene.key(budget=none)))
    plant.run(15_000)
    plant.gate = scene.durable(plant.gate, standing=(scene.setpoint(-300_000, number=2),))
    assert min(plant.run(60_000)) >= -50_000


def test_the_plants_own_bound_on_reversals_holds_for_all_keys_together():
    plant = standing(scene.setpoint(300_000), bounds=scene.bounds(reversals_per_hour=1))
    plant.run(10_000)
    lows = []
    for number, power in enumerate((-300_000, 300_000, -300_000), start=2):
        order = scene.setpoint(power, number=number)
        plant.gate = scene.durable(plant.gate, standing=(order,))
        lows.append(plant.run(20_000)[-1])
    assert lows == [-300_000, 50_000, -300_000]


def test_without_energy_left_in_the_budget_dispatch_rests():
    little = replace(scene.PLENTY, energy_per_day=WattHours(1_000))
    plant = standing(scene.setpoint(300_000), trust=scene.trust(scene.key(budget=little)))
    assert plant.run(60_000)[-1] == 0


def test_a_schedule_changes_on_the_half_hour_and_rests_after_its_last_one():
    plant = standing(scene.schedule([100_000, 200_000]))
    plant.step = 1_000
    first = plant.run(1_800_000)
    assert set(first[30:]) == {100_000}
    second = plant.run(1_800_000)
    assert set(second[30:]) == {200_000}
    assert plant.run(60_000)[-1] == 0


def test_the_start_of_a_schedule_is_spread_by_its_delay():
    plant = standing(scene.schedule([100_000], delay=90_000))
    plant.step = 1_000
    assert set(plant.run(90_000)) == {0}
    assert plant.run(10_000)[-1] == 100_000


def test_droop_gives_power_when_the_frequency_falls_and_takes_it_when_it_rises():
    plant = standing(bounds=scene.bounds(droop=scene.droop()))
    plant.show = {"hertz": 49.8}
    low = plant.run(10_000)[-1]
    plant.show = {"hertz": 50.2}
    high = plant.run(10_000)[-1]
    assert 80_000 < low < 95_000
    assert -95_000 < high < -80_000


def test_droop_stays_within_the_largest_ramp():
    plant = standing(bounds=scene.bounds(droop=scene.droop()))
    plant.show = {"hertz": 49.0}
    totals = plant.run(5_000)
    assert max(b - a for a, b in pairwise(totals)) <= 10_001


def test_dispatch_leaves_room_for_primary_control():
    plant = standing(scene.setpoint(1_000_000), bounds=scene.bounds(droop=scene.droop()))
    assert plant.run(40_000)[-1] == 800_000


@pytest.mark.parametrize("hertz", [60.0, 40.0])
def test_an_implausible_frequency_ramps_droop_out_in_thirty_seconds(hertz):
    plant = standing(bounds=scene.bounds(droop=scene.droop()))
    plant.show = {"hertz": 49.5}
    assert plant.run(10_000)[-1] > 0
    plant.show = {"hertz": hertz}
    assert plant.run(5_000)[-1] > 0
    assert plant.run(26_000)[-1] == 0


def test_two_sources_that_differ_are_no_frequency():
    plant = standing(bounds=scene.bounds(droop=scene.droop()))

    def disputed(image):
        one = replace(image.pcs[0], frequency=Reading(Hertz(50.3), image.at))
        return replace(image, pcs=(one, *image.pcs[1:]))

    plant.show = {"hertz": 49.5}
    plant.change = disputed
    plant.run(1_000)
    assert Failure.FREQUENCY not in plant.gate.run.failures
    plant.run(200)
    assert Failure.FREQUENCY in plant.gate.run.failures


def test_a_frequency_that_stands_still_for_a_minute_is_frozen():
    plant = standing()
    still = Hertz(50.0)
    plant.change = lambda image: replace(
        image, meters=(replace(image.meters[0], frequency=Reading(still, image.at)),)
    )
    plant.run(59_000)
    assert Failure.FREQUENCY not in plant.gate.run.failures
    plant.run(2_000)
    assert Failure.FREQUENCY in plant.gate.run.failures


def off_by(watts):
    def show(image):
        meter = image.meters[0]
        assert meter.power is not None
        shown = Reading(Watts(meter.power.value + watts), image.at)
        return replace(image, meters=(replace(meter, power=shown),))

    return show


def test_power_that_nobody_ordered_alarms_after_ten_seconds_latches_after_sixty_trips_after_ninety():
    plant = standing(scene.setpoint(300_000))
    plant.run(30_000)
    plant.change = off_by(80_000)
    trips = []
    for _ in range(95):
        plant.run(1_000)
        trips.append(plant.turn.trip or Latch.TRIPPED in plant.gate.durable.latches)
    alarms = [e for e in plant.entries if e.kind is EntryKind.ALARM]
    latched = [e for e in plant.entries if e.kind is EntryKind.LATCHED]
    began = 30_000
    assert 10_000 <= alarms[0].boot - began <= 10_200
    assert [e.body["what"] for e in latched] == ["mismatch", "tripped"]
    assert 60_000 <= latched[0].boot - began <= 60_200
    assert 90_000 <= latched[1].boot - began <= 90_200
    assert plant.total == 0
    assert trips[-1]


def test_a_mismatch_within_its_band_raises_nothing():
    plant = standing(scene.setpoint(300_000))
    plant.run(30_000)
    plant.change = off_by(40_000)
    plant.run(120_000)
    assert not plant.gate.durable.latches
    assert not plant.gate.run.alarms


def test_a_silent_meter_is_a_meter_fault_and_never_a_trip():
    plant = standing(scene.setpoint(300_000))
    plant.run(10_000)
    before = plant.total
    plant.change = lambda image: replace(image, meters=(replace(image.meters[0], power=None),))
    plant.run(120_000)
    assert Failure.METER in plant.gate.run.failures
    assert not plant.gate.durable.latches
    assert plant.total <= before


def test_a_meter_that_is_silent_now_and_then_cannot_hide_a_mismatch():
    plant = standing()
    plant.run(1_000)
    for _ in range(8):
        plant.change = off_by(200_000)
        plant.run(9_000)
        plant.change = lambda image: replace(image, meters=(replace(image.meters[0], power=None),))
        plant.run(1_000)
    plant.change = off_by(200_000)
    plant.run(200)
    assert Latch.MISMATCH in plant.gate.durable.latches


def test_a_state_of_charge_that_jumps_against_the_energy_ramps_to_rest():
    plant = standing(scene.setpoint(300_000))
    plant.run(20_000)
    plant.show = {"soc": 0.65}
    plant.run(20_000)
    assert Latch.CHARGE_DISPUTED in plant.gate.durable.latches
    assert plant.total == 0


def test_a_state_of_charge_within_ten_points_is_believed():
    plant = standing(scene.setpoint(300_000))
    plant.run(20_000)
    plant.show = {"soc": 0.58}
    plant.run(20_000)
    assert not plant.gate.durable.latches


def test_a_battery_whose_charge_is_not_known_gives_and_takes_nothing():
    plant = standing(scene.setpoint(300_000))
    plant.run(20_000)

    def unknown(image):
        return replace(image, bms=(replace(image.bms[0], soc=None),))

    plant.change = unknown
    assert plant.run(20_000)[-1] == 0
    assert Failure.BMS in plant.gate.run.failures


def test_near_its_end_the_battery_gives_what_is_left_for_a_minute():
    plant = standing(scene.setpoint(900_000))
    plant.show = {"soc": 0.102}
    assert plant.run(40_000)[-1] == pytest.approx(240_000, abs=2)


def test_power_of_a_lost_unit_is_not_given_to_the_other_before_its_watchdog_must_have_acted():
    plant = standing(scene.setpoint(400_000))
    plant.run(20_000)
    lost_at = plant.now

    def lost(image):
        one = replace(image.pcs[0], link=Link.LOST, since=BootMs(lost_at), power=None)
        return replace(image, pcs=(one, image.pcs[1]))

    plant.change = lost
    plant.run(10_000)
    assert plant.units["pcs-2"] == 200_000
    plant.run(20_000)
    assert plant.units["pcs-2"] == 400_000


def test_no_power_is_asked_of_a_unit_whose_watchdog_is_not_armed():
    plant = standing(scene.setpoint(400_000))

    def unarmed(image):
        one = replace(image.pcs[0], watchdog=WatchdogState.FAILED)
        return replace(image, pcs=(one, image.pcs[1]))

    plant.change = unarmed
    plant.run(20_000)
    assert "pcs-1" not in plant.turn.orders
    assert Alarm.WATCHDOG in plant.gate.run.alarms


def holds(power):
    def show(image):
        one = replace(image.pcs[0], setpoint=Reading(Watts(power), image.at))
        return replace(image, pcs=(one, image.pcs[1]))

    return show


def test_a_foreign_set_point_is_overwritten_journalled_and_alarmed():
    plant = standing(scene.setpoint(200_000))
    plant.run(20_000)
    plant.change = holds(450_000)
    plant.run(100)
    assert plant.turn.rewrite == {"pcs-1"}
    assert plant.kinds(EntryKind.FOREIGN)[0]["found"] == 450_000
    assert plant.turn.goal.pace is Pace.DISPATCH


def test_a_unit_that_comes_back_is_written_whatever_it_was_asked_before():
    plant = standing(scene.setpoint(200_000))
    plant.run(10_000)

    def faulted(image):
        one = replace(image.pcs[0], faulted=True)
        return replace(image, pcs=(one, image.pcs[1]))

    plant.change = faulted
    plant.run(1_000)
    plant.change = lambda image: image
    plant.run(100)
    assert plant.turn.rewrite == {"pcs-1"}
    plant.run(100)
    assert plant.turn.rewrite == set()


def test_a_start_writes_down_the_set_point_that_it_goes_on_from():
    plant = standing()
    plant.units = {"pcs-1": 100_000, "pcs-2": 100_000}
    plant.run(100)
    assert len(plant.kinds(EntryKind.SETPOINT)) == 1
    assert plant.kinds(EntryKind.SETPOINT)[0]["power"] == plant.total


def test_three_foreign_set_points_in_a_minute_stop_market_commands():
    plant = standing(scene.setpoint(200_000))
    plant.run(20_000)
    plant.change = holds(450_000)
    plant.run(7_000)
    assert plant.turn.goal.pace is Pace.REST


@pytest.mark.parametrize(("seconds", "failed"), [(2_000, False), (2_001, True)])
def test_a_commit_older_than_two_seconds_lets_power_only_shrink(seconds, failed):
    plant = standing(scene.setpoint(600_000))
    plant.run(5_000)
    before = plant.total
    plant.around = Surroundings(committed=10**9, behind_ms=seconds)
    plant.run(2_000)
    assert (Failure.DISK in plant.gate.run.failures) is failed
    assert (plant.total <= before) is failed


def test_a_site_can_make_a_cell_stricter():
    stricter = {(Failure.CLOUD, Activity.MARKET): Response.REST}
    settings = replace(scene.SETTINGS, stricter=MappingProxyType(stricter))
    for change, expected in ((settings, 0), (scene.SETTINGS, 300_000)):
        plant = standing(scene.setpoint(300_000), settings=change)
        plant.around = Surroundings(committed=10**9, cloud_lost=True)
        assert plant.run(20_000)[-1] == expected


def test_too_hot_a_battery_rests():
    plant = standing(scene.setpoint(300_000))
    plant.run(10_000)
    hot = Reading(Celsius(46.0), BootMs(0))

    def heat(image):
        bms = replace(image.bms[0], temperature_max=replace(hot, at=image.at))
        return replace(image, bms=(bms,))

    plant.change = heat
    assert plant.run(10_000)[-1] == 0


def test_what_only_primary_control_moves_is_written_once_a_second_at_most():
    plant = standing(bounds=scene.bounds(droop=scene.droop()))
    plant.run(1_000)
    before = len(plant.kinds(EntryKind.SETPOINT))
    for tenth in range(100):
        plant.show = {"hertz": 49.9 if tenth % 2 else 49.7}
        plant.run(100)
    written = len(plant.kinds(EntryKind.SETPOINT)) - before
    assert 8 <= written <= 12


def test_a_battery_whose_temperature_is_not_known_gives_and_takes_nothing():
    plant = standing(scene.setpoint(300_000))
    plant.run(10_000)
    plant.change = lambda image: replace(image, bms=(replace(image.bms[0], temperature_max=None),))
    assert plant.run(10_000)[-1] == 0
