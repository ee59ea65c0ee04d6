"""Each bound alone makes a power smaller, and says its name; nothing unknown ever passes."""

from dataclasses import replace
from typing import Any

import pytest

from sekisho.codec.command import Product
from sekisho.codec.decision import Outcome, Reason
from sekisho.gate.clock import Term
from sekisho.gate.image import Link, Reading, WatchdogState
from sekisho.gate.state import Unit
from sekisho.terms.ids import CommandId, DeviceId
from sekisho.terms.quantity import BootMs, Celsius, Share, WallMs, WattHours, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import MINUTE, NOW, START, Desk

MOST = 10**9


def bms(**changes):
    return lambda image: replace(image, bms=(replace(image.bms[0], **changes),))


def first_pcs(**changes):
    return lambda image: replace(image, pcs=(replace(image.pcs[0], **changes), *image.pcs[1:]))


def now(value):
    return Reading(value, BootMs(START))


def same(image):
    return image


def asked(power, *, change=same, run=None, settings=scene.SETTINGS, curtailments=(), **bounds):
    of = asking.gate(bounds=scene.bounds(**bounds), settings=settings, run=run or asking.run())
    desk = Desk(scene.durable(of, curtailments=curtailments))
    desk.image = change(desk.image)
    return desk.ask(asking.setpoint(power)).decision


HOLDS = replace(scene.SETTINGS, energy=WattHours(10**12))
"""Energy is no bound."""

EACH: dict[str, tuple[int, dict[str, Any], int]] = {
    # 5 kW of own load is always there; 10 kW is there now.
    "export_max": (MOST, {"export_max": Watts(70_000)}, 70_000),
    "import_max": (-MOST, {"import_max": Watts(70_000)}, -70_000),
    "connection_export_max": (MOST, {"connection_export_max": Watts(70_000)}, 75_000),
    "connection_import_max": (-MOST, {"connection_import_max": Watts(70_000)}, -60_000),
    "curtailment": (MOST, {"curtailments": (scene.curtailment(70_000, 0, end=MOST),)}, 70_000),
    "discharge_limit": (MOST, {"change": bms(discharge_limit=now(Watts(70_000)))}, 70_000),
    "charge_limit": (-MOST, {"change": bms(charge_limit=now(Watts(70_000)))}, -70_000),
    "rated": (MOST, {"change": first_pcs(link=Link.LOST, power=now(Watts(0)))}, 500_000),
    "temperature": (MOST, {"change": bms(temperature_max=now(Celsius(45.1)))}, 0),
    # 0.1 above the lowest charge, of 2 MWh, over ten minutes.
    "soc_min": (
        MOST,
        {"change": bms(soc=now(Share(0.11))), "settings": scene.SETTINGS},
        120_000,
    ),
    "soc_max": (
        -MOST,
        {"change": bms(soc=now(Share(0.89))), "settings": scene.SETTINGS},
        -120_000,
    ),
    "droop.power_max": (MOST, {"droop": scene.droop()}, 800_000),
}


@pytest.mark.parametrize("bound", EACH)
def test_each_bound_limits_and_is_named(bound):
    power, world, granted = EACH[bound]
    decision = asked(power, **{"settings": HOLDS, **world})
    assert decision.outcome is Outcome.LIMITED
    assert decision.power == pytest.approx(granted, abs=1)
    assert bound in [limit.bound for limit in decision.limits]
    assert all(limit.where for limit in decision.limits)


@pytest.mark.parametrize("bound", EACH)
def test_what_is_within_it_is_accepted_as_it_is(bound):
    power, world, granted = EACH[bound]
    within = granted - 2 if power > 0 else granted + 2
    decision = asked(max(0, within) if power > 0 else within, **{"settings": HOLDS, **world})
    assert decision.outcome is Outcome.ACCEPTED


def test_the_narrowest_of_several_is_the_one_named():
    decision = asked(MOST, export_max=Watts(70_000), connection_export_max=Watts(50_000))
    assert [limit.bound for limit in decision.limits] == ["connection_export_max"]


def test_power_that_a_lost_unit_may_still_give_is_not_given_twice():
    run = asking.run(units={DeviceId("pcs-1"): Unit(asked=Watts(200_000), exact=200_000.0)})
    lost = first_pcs(link=Link.LOST, since=BootMs(START))
    assert asked(MOST, change=lost, run=run, settings=HOLDS).power == 300_000


def test_reserves_are_left_in_the_battery():
    # 0.11 of charge: 0.01 above the lowest, none above the reserve.
    poor = bms(soc=now(Share(0.11)))
    assert asked(MOST, change=poor, soc_reserve=Share(0.02)).power == 0
    # Droop of 200 kW for 5 minutes keeps 16.7 kWh of 20; 3.3 kWh in ten minutes are 20 kW.
    left = asked(MOST, change=poor, droop=scene.droop())
    assert left.power == pytest.approx(20_000, abs=1)
    assert [limit.bound for limit in left.limits] == ["soc_min"]
    rich = bms(soc=now(Share(0.89)))
    assert asked(-MOST, change=rich, droop=scene.droop()).power == pytest.approx(-20_000, abs=1)


def test_temperatures_at_the_bound_are_within_it():
    edge = bms(temperature_max=now(Celsius(45.0)), temperature_min=now(Celsius(0.0)))
    assert asked(100_000, change=edge).outcome is Outcome.ACCEPTED
    cold = bms(temperature_min=now(Celsius(-0.1)))
    assert asked(100_000, change=cold).power == 0


UNKNOWN = {
    "soc": bms(soc=None),
    "charge limit": bms(charge_limit=None),
    "discharge limit": bms(discharge_limit=None),
    "lowest temperature": bms(temperature_min=None),
    "highest temperature": bms(temperature_max=None),
    "old charge": bms(soc=Reading(Share(0.5), BootMs(START - 15_001))),
    "old limit": bms(discharge_limit=Reading(Watts(1), BootMs(START - 15_001))),
    "old temperature": bms(temperature_max=Reading(Celsius(20.0), BootMs(START - 15_001))),
    "battery lost": bms(link=Link.LOST),
    "battery at fault": bms(faulted=True),
    "no battery": lambda image: replace(image, bms=()),
    "no unit": lambda image: replace(image, pcs=()),
    "units without watchdog": lambda image: replace(
        image, pcs=tuple(replace(p, watchdog=WatchdogState.UNARMED) for p in image.pcs)
    ),
    "old image": lambda image: replace(image, at=BootMs(START - 1_001)),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_is_not_known_never_passes(what):
    decision = asked(100_000, change=UNKNOWN[what])
    assert decision.reason is Reason.PLANT_FAILED
    assert decision.detail
    desk = Desk()
    desk.image = UNKNOWN[what](desk.image)
    assert desk.reason(asking.schedule(1000)) is Reason.PLANT_FAILED


@pytest.mark.parametrize("what", UNKNOWN)
def test_but_what_only_reduces_does(what):
    run = asking.run(dispatch=150_000.0)
    assert asked(100_000, change=UNKNOWN[what], run=run).reason is None
    assert asked(0, change=UNKNOWN[what], run=run).reason is None
    assert asked(150_001, change=UNKNOWN[what], run=run).reason is Reason.PLANT_FAILED
    assert asked(-1, change=UNKNOWN[what], run=run).reason is Reason.PLANT_FAILED


def test_a_reducing_set_point_stays_under_curtailments_even_then():
    run = asking.run(dispatch=150_000.0)
    order = scene.curtailment(60_000, 0, end=MOST)
    decision = asked(100_000, change=UNKNOWN["soc"], run=run, curtailments=(order,))
    assert decision.power == 60_000


def test_energy_is_looked_at_over_the_whole_permission():
    def granted(minutes):
        desk = Desk()
        desk.image = bms(soc=now(Share(0.2)))(desk.image)
        end = WallMs(NOW + minutes * MINUTE)
        return desk.ask(asking.setpoint(1_000_000, expires_at=end)).decision.power

    # 200 kWh are left.
    assert granted(12) == pytest.approx(1_000_000, abs=1)
    assert granted(24) == pytest.approx(500_000, abs=1)


class TestSchedules:
    def reason(self, *powers, soc=0.5, later=0, **head):
        desk = Desk().at(later)
        desk.image = replace(
            desk.image,
            bms=(replace(desk.image.bms[0], soc=Reading(Share(soc), desk.clock.boot)),),
        )
        return desk.reason(asking.schedule(*powers, **head))

    def test_energy_must_be_there_in_every_half_hour(self):
        assert self.reason(800_000, 800_000) is None
        assert self.reason(800_000, 800_002) is Reason.ENERGY
        assert self.reason(-800_000, -800_000) is None
        assert self.reason(-800_000, -800_002) is Reason.ENERGY

    def test_the_order_of_half_hours_matters_and_not_only_their_sum(self):
        charge_first = (-800_000, 800_000, 800_000, 800_000)
        assert self.reason(*charge_first) is None
        assert self.reason(*reversed(charge_first)) is Reason.ENERGY

    def test_a_battery_outside_its_bounds_may_be_led_back(self):
        assert self.reason(-500_000, soc=0.05) is None
        assert self.reason(500_000, soc=0.05) is Reason.ENERGY
        assert self.reason(-500_000, 500_000, soc=0.05) is Reason.ENERGY
        assert self.reason(-500_000, 300_000, soc=0.05) is None
        assert self.reason(500_000, soc=0.95) is None
        assert self.reason(-500_000, soc=0.95) is Reason.ENERGY

    def test_only_what_is_left_of_it_counts(self):
        two_and_half = (1_000_000, 1_000_000)
        assert self.reason(*two_and_half) is Reason.ENERGY
        assert self.reason(*two_and_half, later=12 * MINUTE) is None
        short = WallMs(NOW + 48 * MINUTE)
        assert self.reason(*two_and_half, expires_at=short) is None

    def test_powers_beyond_the_plant_are_limited_slot_by_slot(self):
        narrow = scene.bounds(export_max=Watts(300_000), import_max=Watts(200_000))
        desk = Desk(asking.gate(bounds=narrow))
        got = desk.ask(asking.schedule(400_000, 100_000, -400_000, 0))
        assert got.decision.outcome is Outcome.LIMITED
        assert {limit.bound for limit in got.decision.limits} == {"export_max", "import_max"}
        order = desk.gate.durable.standing[0].order
        assert order.powers == (300_000, 100_000, -200_000, 0)

    def test_room_for_primary_control_is_left(self):
        desk = Desk(asking.gate(bounds=scene.bounds(droop=scene.droop())))
        got = desk.ask(asking.schedule(900_000, -900_000))
        assert desk.gate.durable.standing[0].order.powers == (800_000, -790_000)
        assert "droop.power_max" in [limit.bound for limit in got.decision.limits]

    def test_rest_is_always_accepted(self):
        assert self.reason(0, 0, 0, soc=0.01) is None


def test_a_curtailment_that_lasts_longer_is_not_covered_by_a_narrower_one():
    desk = Desk()
    desk.ask(asking.curtail(500_000, 500_000, expires_at=WallMs(NOW + 60 * MINUTE)))
    desk.ask(asking.curtail(100_000, 100_000, sequence=2))
    assert len(desk.gate.durable.curtailments) == 2


def test_one_that_lasts_longer_on_either_clock_is_not_covered():
    stands = scene.curtailment(500_000, 500_000, number=7)
    stands = replace(
        stands,
        kid=asking.AGG.kid,
        term=Term(wall=NOW, boot=BootMs(START + 60 * MINUTE), boot_id=scene.BOOT),
    )
    desk = Desk(scene.durable(asking.gate(), curtailments=(stands,)))
    desk.ask(asking.curtail(100_000, 100_000))
    assert len(desk.gate.durable.curtailments) == 2
    longer = Term(wall=WallMs(NOW + 60 * MINUTE), boot=BootMs(START), boot_id=scene.BOOT)
    desk = Desk(scene.durable(asking.gate(), curtailments=(replace(stands, term=longer),)))
    desk.ask(asking.curtail(100_000, 100_000))
    assert len(desk.gate.durable.curtailments) == 2
    earlier = replace(stands, term=replace(stands.term, boot=BootMs(START + MINUTE)))
    desk = Desk(scene.durable(asking.gate(), curtailments=(earlier,)))
    desk.ask(asking.curtail(100_000, 100_000))
    assert len(desk.gate.durable.curtailments) == 1


def test_a_set_point_of_nothing_is_always_accepted():
    got = Desk().ask(asking.setpoint(0, Product.LOCAL, id=CommandId("rest")))
    assert got.decision.outcome is Outcome.ACCEPTED
    assert got.decision.power == 0
