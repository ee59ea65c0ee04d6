"""What is said to be deliverable is delivered by the gate's own budgets, and the rest is not."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from sekisho.codec.bounds import Droop
from sekisho.codec.command import Kind, Product
from sekisho.codec.trust import Budget, Grant
from sekisho.gate import budget as purses
from sekisho.gate.deliverable import DEMANDS, reached_s, undeliverable
from sekisho.terms.quantity import Hertz, Share, WattHours, Watts
from sekisho.terms.texts import Lang
from tests.facts.gate import scene

budgets = st.builds(
    Budget,
    change_per_minute=st.integers(0, 4_000_000).map(Watts),
    change_per_hour=st.integers(0, 40_000_000).map(Watts),
    reversals_per_hour=st.just(10),
    energy_per_day=st.integers(0, 20_000_000).map(WattHours),
)
ENERGY = WattHours(2_000_000)


def _moved(power, budget, ramp, seconds):
    """How far dispatch comes, tick by tick, by the budget that the gate itself keeps."""
    purse = purses.full(budget, scene.clock(0), scene.BOOT)
    done = 0.0
    for second in range(1, seconds + 1):
        purse = purses.refilled(purse, budget, scene.clock(second * 1_000))
        step = min(ramp, purses.room(purse), power - done)
        purse = purses.charged(purse, change=step)
        done += step
    return done


@given(budgets, st.integers(1, 1_000_000), st.integers(1, 100_000))
def test_the_time_said_is_the_time_taken(budget, power, ramp):
    needed = reached_s(power, budget, ramp)
    assume(needed < 1_500)
    late = int(needed) + 3
    assert _moved(power, budget, ramp, late) >= power - 1
    if needed > 3:
        assert _moved(power, budget, ramp, int(needed) - 2) < power


def _trust(product, budget, power, delay=0, kind=Kind.SETPOINT, all_keys=scene.PLENTY):
    key = scene.key(
        may=frozenset({Grant(kind, product)}),
        budget=budget,
        power_max=Watts(power),
        start_delay_max_s=delay,
    )
    return scene.trust(key, all_keys=all_keys)


@given(budgets, st.integers(1, 1_000_000), st.sampled_from(sorted(DEMANDS)))
def test_more_budget_never_makes_more_problems(budget, power, product):
    more = replace(
        budget,
        change_per_minute=Watts(budget.change_per_minute * 2),
        change_per_hour=Watts(budget.change_per_hour * 2),
        energy_per_day=WattHours(budget.energy_per_day * 2),
    )
    one = undeliverable(_trust(product, budget, power), scene.bounds(), ENERGY)
    other = undeliverable(_trust(product, more, power), scene.bounds(), ENERGY)
    assert {p.remedy.en.split(" to ")[0] for p in other} <= {
        p.remedy.en.split(" to ")[0] for p in one
    }
    for problem in one:
        assert problem.says(Lang.JA)
        assert problem.where.startswith("trust.json: agg")


def test_a_plentiful_key_delivers_everything_that_the_battery_holds():
    assert undeliverable(scene.trust(), scene.bounds(), WattHours(6_000_000)) == ()


def test_each_shortage_is_named_with_what_would_do():
    def told(trust, bounds=None, energy=ENERGY):
        return [p.remedy.en for p in undeliverable(trust, bounds or scene.bounds(), energy)]

    frr = Product.FRR
    good = _trust(frr, scene.PLENTY, 500_000)
    assert told(good) == []
    slow = scene.bounds(ramp_dispatch=1_000)
    assert len(told(good, slow)) == 2  # by the key's budget and by that of all keys
    poor = replace(scene.PLENTY, change_per_hour=Watts(1_000_000))
    assert told(_trust(frr, poor, 500_000)) == [
        "Raise change_per_hour of budget to 1_333_334 or more."
    ]
    assert told(_trust(frr, replace(poor, change_per_hour=Watts(1_333_334)), 500_000)) == []
    hungry = replace(scene.PLENTY, energy_per_day=WattHours(300_000))
    assert told(_trust(frr, hungry, 500_000)) == [
        "Raise energy_per_day of budget to 489_796 or more."
    ]
    assert told(_trust(frr, replace(hungry, energy_per_day=WattHours(489_796)), 500_000)) == []
    assert len(told(_trust(frr, scene.PLENTY, 500_000, all_keys=hungry))) == 1
    narrow = scene.bounds(soc_min=Share(0.4), soc_max=Share(0.5))
    assert len(told(good, narrow)) == 1
    late = _trust(Product.COMPOUND, scene.PLENTY, 500_000, delay=300, kind=Kind.SCHEDULE)
    assert len(told(late)) == 2


def test_a_revoked_key_and_the_owners_plan_owe_nothing():
    nothing = replace(scene.PLENTY, change_per_hour=Watts(0), energy_per_day=WattHours(0))
    owed = _trust(Product.FRR, nothing, 500_000)
    assert undeliverable(owed, scene.bounds(), ENERGY)
    revoked = replace(owed, keys=(replace(owed.keys[0], revoked=True),))
    assert undeliverable(revoked, scene.bounds(), ENERGY) == ()
    assert undeliverable(_trust(Product.LOCAL, nothing, 5), scene.bounds(), ENERGY) == ()


def test_primary_control_needs_ramp_and_charge():
    droop = Droop(
        deadband=Hertz(0.02), slope=Watts(500_000), power_max=Watts(200_000), reserve_minutes=5
    )
    good = scene.bounds(droop=droop)
    owed = _trust(Product.LOCAL, scene.PLENTY, 5)
    assert undeliverable(owed, good, ENERGY) == ()
    slow = scene.bounds(droop=droop, ramp_dispatch=10_000, ramp_max=19_999)
    assert "20_000" in undeliverable(owed, slow, ENERGY)[0].remedy.en
    assert len(undeliverable(owed, good, WattHours(40_000))) == 1
