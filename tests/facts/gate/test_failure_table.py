"""The table of failures, cell by cell: each failure is caused, and what stays of each activity is seen.

`TABLE` is written by hand from docs/gate.md and not read from the code. What a cell means is seen in
the power that is released: it grows, only shrinks, goes to zero slowly, or goes to zero at once.
"""

from dataclasses import replace
from itertools import pairwise, product
from types import MappingProxyType

import pytest

from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.failures import Activity, Failure, Response, response
from sekisho.gate.image import Link, Reading
from sekisho.terms.quantity import BootMs, Hertz, WallMs, Watts
from tests.facts.gate import scene
from tests.facts.gate.test_cycle import Plant

# failure               market         schedule       curtailment  droop
TABLE = """
cloud                   keep           keep           keep         keep
meter                   reduce-only    reduce-only    keep         keep
bms                     rest           rest           keep         rest
frequency               reduce-only    reduce-only    keep         rest
one-pcs                 keep           keep           keep         keep
all-pcs                 stop           stop           keep         stop
clock                   keep           keep           keep         keep
disk                    reduce-only    reduce-only    keep         keep
broker-certificate      keep           keep           keep         keep
trust-expired           rest           rest           keep         keep
"""
CELLS = {row.split()[0]: row.split()[1:] for row in TABLE.split("\n") if row}

GIVEN = 300_000
RAMP, LARGEST = 5_000, 10_000
"""W in one tick: the ramp of dispatch, and the plant's largest."""


def image_of(change):
    def cause(plant):
        plant.change = change

    return cause


def around(**changes):
    def cause(plant):
        plant.around = replace(scene.SAFE, **changes)

    return cause


def units(which, **changes):
    def cause(plant):
        since = BootMs(plant.now)

        def change(image):
            pcs = list(image.pcs)
            for number in which:
                pcs[number] = replace(pcs[number], since=since, **changes)
            return replace(image, pcs=tuple(pcs))

        plant.change = change
        plant.gone = [f"pcs-{number + 1}" for number in which]

    return cause


def meter(**changes):
    return image_of(
        lambda image: replace(image, meters=(replace(image.meters[0], **changes),)),
    )


def bms(**changes):
    return image_of(lambda image: replace(image, bms=(replace(image.bms[0], **changes),)))


def disputed(image):
    read = image.meters[0].frequency
    other = Reading(Hertz(read.value + 0.2), image.at)
    return replace(image, pcs=(replace(image.pcs[0], frequency=other), *image.pcs[1:]))


def frozen(image):
    still = Reading(Hertz(49.8), image.at)
    return replace(image, meters=(replace(image.meters[0], frequency=still),))


def implausible(image):
    far = Reading(Watts(2_000_001), image.at)
    return replace(image, meters=(replace(image.meters[0], power=far),))


def unsure(plant):
    plant.clock = lambda now: scene.clock(now, sure=False)


def expired(plant):
    key = scene.key(valid_until=WallMs(scene.EPOCH + plant.now))
    plant.gate = replace(plant.gate, trust=scene.trust(key))


def revoked(plant):
    plant.gate = replace(plant.gate, trust=scene.trust(scene.key(revoked=True)))


LONG_AGO = BootMs(0)
CAUSES = {
    "cloud": {"away": around(cloud_lost=True)},
    "meter": {
        "silent": meter(power=None),
        "stale": meter(power=Reading(Watts(290_000), LONG_AGO)),
        "implausible": image_of(implausible),
    },
    "bms": {
        "lost": bms(link=Link.LOST),
        "faulted": bms(faulted=True),
        "no charge": bms(soc=None),
        "no limit": bms(discharge_limit=None),
        "stale": bms(charge_limit=Reading(Watts(1_000_000), BootMs(-60_000))),
    },
    "frequency": {
        "absent": meter(frequency=None),
        "stale": meter(frequency=Reading(Hertz(49.8), LONG_AGO)),
        "implausible": meter(frequency=Reading(Hertz(44.9), BootMs(10**9))),
        "disputed": image_of(disputed),
        "frozen": image_of(frozen),
    },
    "one-pcs": {
        "lost": units((0,), link=Link.LOST, power=None),
        "faulted": units((1,), faulted=True),
    },
    "all-pcs": {
        "lost": units((0, 1), link=Link.LOST, power=None),
        "faulted": units((0, 1), faulted=True),
    },
    "clock": {"unsure": unsure},
    "disk": {
        "failed": around(disk_failed=True),
        "behind": around(behind_ms=2_001),
    },
    "broker-certificate": {"ends": around(certificate_ends_soon=True)},
    "trust-expired": {"expired": expired, "revoked": revoked},
}
EACH = [
    pytest.param(failure, cause, id=f"{failure}: {name}")
    for failure, causes in CAUSES.items()
    for name, cause in causes.items()
]


def fail(plant, failure, cause):
    """Until the gate has seen it: a frozen frequency takes a minute."""
    cause(plant)
    for _ in range(70):
        if plant.gate.run.failures:
            break
        plant.run(1_000)
    assert plant.gate.run.failures == {Failure(failure)}


def dispatch(plant, ms):
    """Dispatch after each tick."""
    seen = [plant.gate.run.dispatch]
    for _ in range(0, ms, plant.step):
        plant.run(plant.step)
        seen.append(plant.gate.run.dispatch)
    return seen


def asks(plant, order):
    plant.gate = scene.durable(plant.gate, standing=(order,))


def a_set_point(power):
    return scene.setpoint(power)


def a_schedule(power):
    return scene.schedule([power])


ORDERS = [("market", 0, a_set_point), ("schedule", 1, a_schedule)]


@pytest.mark.parametrize(("failure", "cause"), EACH)
@pytest.mark.parametrize(("name", "column", "order"), ORDERS, ids=["market", "schedule"])
def test_what_a_failure_leaves_of_dispatch(failure, cause, name, column, order):
    plant = Plant(scene.durable(scene.gate(), standing=(order(GIVEN),)))
    assert plant.run(8_000)[-1] == GIVEN, name
    fail(plant, failure, cause)
    given = plant.gate.run.dispatch
    asks(plant, order(400_000))
    seen = dispatch(plant, 30_000)
    steps = [b - a for a, b in pairwise(seen)]
    match CELLS[failure][column]:
        case "keep":
            assert seen[-1] == 400_000
            assert max(steps) <= RAMP
        case "reduce-only":
            assert max(seen) == given == GIVEN
            asks(plant, order(100_000))
            assert dispatch(plant, 8_000)[-1] == 100_000
            asks(plant, order(GIVEN))
            assert dispatch(plant, 8_000)[-1] == 100_000
        case "rest":
            assert seen[-1] == 0
            assert -LARGEST <= min(steps) <= max(steps) <= 0
        case "stop":
            assert seen[-1] == 0
            assert sum(steps[:10]) <= -9 * LARGEST or seen[0] == 0
            assert plant.turn.orders == {}
        case other:
            pytest.fail(other)


@pytest.mark.parametrize(("failure", "cause"), EACH)
def test_a_curtailment_binds_whatever_fails(failure, cause):
    assert CELLS[failure][2] == "keep"
    curtailed = (scene.curtailment(200_000, 500_000, number=2),)
    gate = scene.durable(scene.gate(), standing=(scene.setpoint(GIVEN),), curtailments=curtailed)
    plant = Plant(gate)
    assert plant.run(8_000)[-1] == 200_000
    fail(plant, failure, cause)
    assert max(plant.run(9_000)) <= 200_000
    # The watchdog of a unit that is out of sight has acted by now.
    plant.units.update(dict.fromkeys(getattr(plant, "gone", ()), 0))
    assert max(plant.run(11_000)) <= 200_000
    assert plant.gate.durable.curtailments == curtailed
    plant.change = lambda image: image
    plant.around = scene.SAFE
    assert max(plant.run(20_000)) <= 200_000


@pytest.mark.parametrize(("failure", "cause"), EACH)
def test_what_a_failure_leaves_of_droop(failure, cause):
    plant = Plant(scene.gate(bounds=scene.bounds(droop=scene.droop())))
    plant.show = {"hertz": 49.8}
    assert 85_000 <= plant.run(5_000)[-1] <= 90_000
    cause(plant)
    for _ in range(700):
        if plant.gate.run.failures == {Failure(failure)}:
            break
        plant.run(plant.step)
    assert plant.gate.run.failures == {Failure(failure)}
    plant.show = {"hertz": 49.7}
    seen = [plant.gate.run.droop]
    for _ in range(0, 31_000, plant.step):
        plant.run(plant.step)
        seen.append(plant.gate.run.droop)
    steps = [b - a for a, b in pairwise(seen)]
    match CELLS[failure][3]:
        case "keep":
            assert 135_000 <= seen[-1] <= 140_000
        case "rest":
            assert seen[-1] == 0
            assert min(steps) >= -200_000 / 300 - 1e-6, "out in 30 s and not faster"
        case "stop":
            assert seen[-1] == 0
            assert seen[9] == 0, "gone at the plant's largest ramp"
        case other:
            pytest.fail(other)


def test_the_table_has_every_failure_and_every_activity():
    assert set(CELLS) == {failure.value for failure in Failure} == set(CAUSES)
    assert {len(cells) for cells in CELLS.values()} == {len(Activity)}


def test_of_several_failures_the_strictest_counts():
    both = (Failure.DISK, Failure.TRUST_EXPIRED, Failure.CLOUD)
    assert response(both, Activity.MARKET, {}) is Response.REST
    assert response(reversed(both), Activity.MARKET, {}) is Response.REST
    assert response(both, Activity.DROOP, {}) is Response.KEEP


@pytest.mark.parametrize("of", Activity)
@pytest.mark.parametrize("failure", Failure)
def test_a_site_makes_a_cell_stricter_and_never_looser(failure, of):
    ranks = ["keep", "reduce-only", "rest", "stop"]
    plain = ranks.index(CELLS[failure.value][list(Activity).index(of)])
    for wanted in Response:
        found = response((failure,), of, {(failure, of): wanted})
        assert found == max(plain, wanted)
    others = {
        (f, a): Response.STOP for f, a in product(Failure, Activity) if (f, a) != (failure, of)
    }
    assert response((failure,), of, others) == plain


def stricter(cell, to):
    return replace(scene.SETTINGS, stricter=MappingProxyType({cell: to}))


def test_a_droop_that_a_site_lets_only_shrink_follows_the_frequency_home_and_not_out():
    settings = stricter((Failure.CLOUD, Activity.DROOP), Response.REDUCE_ONLY)
    plant = Plant(scene.gate(bounds=scene.bounds(droop=scene.droop()), settings=settings))
    plant.show = {"hertz": 49.8}
    plant.run(5_000)
    plant.around = Surroundings(committed=10**9, cloud_lost=True)
    plant.run(200)
    before = plant.gate.run.droop
    plant.show = {"hertz": 49.6}
    plant.run(5_000)
    assert plant.gate.run.droop == before
    plant.show = {"hertz": 49.9}
    plant.run(5_000)
    assert 30_000 <= plant.gate.run.droop <= 40_000
    plant.show = {"hertz": 50.3}
    plant.run(5_000)
    assert plant.gate.run.droop == 0


def test_where_one_activity_is_to_stop_the_whole_plant_stops():
    settings = stricter((Failure.CLOUD, Activity.DROOP), Response.STOP)
    plant = Plant(scene.durable(scene.gate(settings=settings), standing=(scene.setpoint(GIVEN),)))
    plant.run(8_000)
    plant.around = Surroundings(committed=10**9, cloud_lost=True)
    totals = plant.run(4_000)
    assert totals[-1] == 0
    assert totals[10] <= GIVEN - 10 * LARGEST


def test_units_that_come_back_are_led_from_what_they_show_and_at_the_ramp():
    plant = Plant(scene.durable(scene.gate(), standing=(scene.setpoint(GIVEN),)))
    plant.run(8_000)
    gone = units((0, 1), link=Link.LOST, power=None, setpoint=None)
    gone(plant)
    plant.run(20_000)
    assert plant.gate.run.failures == {Failure.ALL_PCS}
    plant.units = {"pcs-1": 0, "pcs-2": 0}  # their watchdogs have run out
    plant.change = lambda image: image
    totals = [0, *plant.run(10_000)]
    steps = [b - a for a, b in pairwise(totals)]
    assert max(steps) <= RAMP + 1
    assert totals[-1] == GIVEN
