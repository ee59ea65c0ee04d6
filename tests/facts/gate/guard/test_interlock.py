"""What the state of plant and gate lets pass: failures, frequency, other masters, latches."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from sekisho.codec.command import Product
from sekisho.codec.decision import Reason
from sekisho.codec.trust import Budget
from sekisho.gate.budget import full
from sekisho.gate.cycle.frequency import Doubt, Sure
from sekisho.gate.failures import Activity, Failure, Response, response
from sekisho.gate.state import Latch
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import BootMs, Hertz, WallMs, WattHours, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import AGG, NOW, OPERATOR, START, Desk, key

MORE = {
    Activity.MARKET: asking.setpoint(150_000),
    Activity.SCHEDULE: asking.schedule(50_000, 150_000),
}
LESS = {
    Activity.MARKET: asking.setpoint(60_000),
    Activity.SCHEDULE: asking.schedule(50_000, 60_000),
}
REST = {Activity.MARKET: asking.setpoint(0), Activity.SCHEDULE: asking.schedule(0, 0)}


def running(command, *, dispatch=100_000.0, settings=scene.SETTINGS, **run):
    of = asking.gate(run=asking.run(dispatch=dispatch, **run), settings=settings)
    return Desk(of).reason(command)


@pytest.mark.parametrize("activity", [Activity.MARKET, Activity.SCHEDULE])
@pytest.mark.parametrize("failure", Failure)
def test_each_failure_leaves_what_the_table_says(failure, activity):
    left = response({failure}, activity, {})
    refusal = Reason.JOURNAL_BEHIND if failure is Failure.DISK else Reason.PLANT_FAILED
    failures = frozenset({failure})
    more = running(MORE[activity], failures=failures)
    less = running(LESS[activity], failures=failures)
    rest = running(REST[activity], failures=failures)
    assert rest is None
    assert less is (None if left <= Response.REDUCE_ONLY else refusal)
    assert more is (None if left is Response.KEEP else refusal)


def test_a_site_may_be_stricter():
    cell = (Failure.CLOUD, Activity.MARKET)
    strict = replace(scene.SETTINGS, stricter=MappingProxyType({cell: Response.REDUCE_ONLY}))
    failures = frozenset({Failure.CLOUD})
    assert running(asking.setpoint(150_000), failures=failures) is None
    assert (
        running(asking.setpoint(150_000), failures=failures, settings=strict) is Reason.PLANT_FAILED
    )


def test_curtailments_and_stops_pass_whatever_has_failed():
    failures = frozenset(Failure)
    assert running(asking.curtail(), failures=failures) is None
    assert running(asking.stop(), failures=failures) is None


@pytest.mark.parametrize("dispatch", [100_000.0, -100_000.0])
def test_reducing_is_between_rest_and_the_power_of_now(dispatch):
    side = 1 if dispatch > 0 else -1
    failures = frozenset({Failure.METER})

    def passes(power):
        return running(asking.setpoint(power), dispatch=dispatch, failures=failures) is None

    assert passes(0)
    assert passes(side * 100_000)
    assert not passes(side * 100_001)
    assert not passes(-side)


class TestFrequency:
    @pytest.mark.parametrize("doubt", Doubt)
    def test_an_unknown_one_lets_only_reducing_pass(self, doubt):
        assert running(asking.setpoint(150_000), frequency=doubt) is Reason.PLANT_FAILED
        assert running(asking.setpoint(50_000), frequency=doubt) is None

    @pytest.mark.parametrize(
        ("hertz", "up", "down"),
        [
            (50.0, None, None),
            (50.19, None, None),
            (50.21, Reason.FREQUENCY_DISTURBED, None),
            (49.81, None, None),
            (49.79, None, Reason.FREQUENCY_DISTURBED),
        ],
    )
    def test_a_disturbed_one_is_not_pushed_further(self, hertz, up, down):
        known = Sure(Hertz(hertz))
        assert running(asking.setpoint(150_000), frequency=known) is up
        assert running(asking.setpoint(50_000), frequency=known) is down
        assert running(asking.setpoint(-50_000), frequency=known) is down
        assert running(asking.setpoint(100_000), frequency=known) is None

    def test_no_product_is_an_exception(self):
        for product in Product:
            command = asking.setpoint(150_000, product)
            assert running(command, frequency=Sure(Hertz(50.3))) is Reason.FREQUENCY_DISTURBED

    def test_of_a_schedule_the_half_hour_of_now_counts(self):
        high = Sure(Hertz(50.3))
        assert running(asking.schedule(150_000, 0), frequency=high) is Reason.FREQUENCY_DISTURBED
        assert running(asking.schedule(0, 150_000), frequency=high) is None
        tomorrow = asking.schedule(150_000, start=WallMs(NOW + 1_800_000))
        assert running(tomorrow, frequency=high) is None


class TestLooking:
    def test_before_the_first_tick_only_reducing_passes(self):
        assert running(asking.setpoint(150_000), members=None) is Reason.PLANT_FAILED
        assert running(asking.setpoint(50_000), members=None) is None

    def test_a_cycle_that_has_not_run_for_five_seconds_knows_nothing(self):
        assert running(asking.setpoint(150_000), at=BootMs(START - 5_000)) is None
        late = BootMs(START - 5_001)
        assert running(asking.setpoint(150_000), at=late) is Reason.PLANT_FAILED
        assert running(asking.setpoint(50_000), at=late) is None


def test_three_foreign_values_within_a_minute_stop_every_dispatch():
    seen = (BootMs(START - 50_000), BootMs(START - 30_000), BootMs(START - 10))
    assert running(asking.setpoint(50_000), foreign=seen) is Reason.FOREIGN_WRITER
    assert running(asking.setpoint(50_000), foreign=seen[:2]) is None
    assert running(asking.curtail(), foreign=seen) is None


@pytest.mark.parametrize(
    ("latch", "reason"),
    [
        (Latch.LOCAL_STOP, Reason.LOCAL_STOP),
        (Latch.REMOTE_STOP, Reason.REMOTE_STOP),
        (Latch.MISMATCH, Reason.LATCHED),
        (Latch.TRIPPED, Reason.LATCHED),
        (Latch.CHARGE_DISPUTED, Reason.LATCHED),
    ],
)
def test_each_latch_refuses_dispatch_and_no_safety(latch, reason):
    of = scene.durable(asking.gate(), latches=frozenset({latch}))
    assert Desk(of).reason(asking.setpoint()) is reason
    assert Desk(of).reason(asking.setpoint(0)) is reason
    assert Desk(of).reason(asking.schedule(0)) is reason
    assert Desk(of).reason(asking.curtail()) is None
    assert Desk(of).reason(asking.stop()) is None


def test_a_stop_that_is_pressed_counts_before_it_latches():
    desk = Desk()
    desk.image = asking.image(stop_pressed=True)
    assert desk.reason(asking.setpoint()) is Reason.LOCAL_STOP
    one = asking.image()
    pressed = tuple(replace(p, stopped_locally=True) for p in one.pcs)
    desk.image = replace(one, pcs=pressed)
    assert desk.reason(asking.setpoint(sequence=2)) is Reason.LOCAL_STOP
    desk.image = replace(one, pcs=(pressed[0], one.pcs[1]))
    assert desk.reason(asking.setpoint(sequence=3)) is None


def test_power_max_binds_every_half_hour_and_both_directions():
    def asked(command):
        return Desk(asking.gate(key(power_max=Watts(100_000)))).reason(command)

    assert asked(asking.setpoint(-100_001)) is Reason.NOT_PERMITTED
    assert asked(asking.schedule(0, -100_001)) is Reason.NOT_PERMITTED
    assert asked(asking.schedule(100_000, -100_000)) is None
    assert asked(asking.curtail(10**9, 10**9)) is None


class TestBudget:
    def asked(self, command, *, dispatch=200_000.0, side=1, every=False, **purse):
        rest = replace(full(scene.PLENTY, asking.clock(), scene.BOOT), **purse)
        of = asking.gate(run=asking.run(dispatch=dispatch, side=side))
        purses = {"purse": rest} if every else {"purses": MappingProxyType({AGG.kid: rest})}
        return Desk(scene.durable(of, **purses)).reason(command)

    @pytest.mark.parametrize("every", [False, True])
    def test_a_days_energy_that_is_spent_leaves_only_rest(self, every):
        assert self.asked(asking.setpoint(), energy=0.0, every=every) is Reason.BUDGET
        assert self.asked(asking.setpoint(0), energy=0.0, every=every) is None
        assert self.asked(asking.setpoint(), energy=1.0, every=every) is None

    @pytest.mark.parametrize("every", [False, True])
    def test_an_hours_change_that_is_spent_leaves_only_what_does_not_move(self, every):
        assert self.asked(asking.setpoint(), hour=0.0, every=every) is Reason.BUDGET
        assert self.asked(asking.setpoint(200_000), hour=0.0, every=every) is None
        assert self.asked(asking.setpoint(), hour=1.0, every=every) is None

    def test_an_empty_minute_passes_and_waits(self):
        assert self.asked(asking.setpoint(), minute=0.0) is None

    @pytest.mark.parametrize("every", [False, True])
    def test_a_reversal_needs_one_left(self, every):
        assert self.asked(asking.setpoint(-50_001), reversals=0.9, every=every) is Reason.BUDGET
        assert self.asked(asking.setpoint(-50_000), reversals=0.9, every=every) is None
        assert self.asked(asking.setpoint(300_000), reversals=0.9, every=every) is None
        assert self.asked(asking.setpoint(-50_001), reversals=1.0, every=every) is None

    def test_the_side_that_was_left_last_counts_while_power_is_near_zero(self):
        found = self.asked(asking.setpoint(-60_000), dispatch=0.0, reversals=0.0)
        assert found is Reason.BUDGET
        assert self.asked(asking.setpoint(-60_000), dispatch=0.0, side=0, reversals=0.0) is None

    def test_tokens_that_came_back_since_count(self):
        # An allowance of 20 an hour: ten are kept, and ten come back in an hour.
        old = BootMs(START - 360_000)
        command = asking.setpoint(-60_000)
        assert self.asked(command, reversals=0.0, at=old) is None
        assert self.asked(command, reversals=-0.1, at=old) is Reason.BUDGET

    def test_a_key_that_may_move_nothing_moves_nothing(self):
        nothing = Budget(
            change_per_minute=Watts(0),
            change_per_hour=Watts(0),
            reversals_per_hour=0,
            energy_per_day=WattHours(0),
        )
        desk = Desk(asking.gate(key(budget=nothing), key(OPERATOR, "operator")))
        assert desk.reason(asking.setpoint()) is Reason.BUDGET
        assert desk.reason(asking.stop(id=CommandId("stop"))) is None
