"""When a PCS follows the frequency by itself, and what it is counted with."""

from dataclasses import replace
from typing import Any

import pytest

from sekisho.codec.droop import DroopSettings
from sekisho.codec.meanings import DeviceRole
from sekisho.gate.checking import Stands
from sekisho.gate.cycle import share, window
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.following import Reach
from sekisho.gate.cycle.own_droop import CALM_MS, FOREIGN_MS, SETTLE_MS
from sekisho.gate.cycle.tick import tick
from sekisho.gate.failures import Activity, Failure, Response
from sekisho.gate.image import Link, OwnDroop, Reading
from sekisho.gate.own_droop import SLOWEST_S, leaves_room, line_of
from sekisho.gate.own_droop_check import own_droop_check
from sekisho.gate.settings import SouthRole
from sekisho.gate.state import Alarm, Latch
from sekisho.lab import own_droop as physics
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Hertz, Watts
from tests.facts.codec.test_sunspec_devices import compiled
from tests.facts.gate import scene
from tests.sunspec_devices import PCS, bank

ONE, OTHER = DeviceId("pcs-1"), DeviceId("pcs-2")
OWN = scene.own_droop(scene.SETTINGS, ONE)
TICK = 100
BEGINS = 100_000


class Told:
    """A gate that is ticked, with a unit that does what it is told unless it is said."""

    def __init__(self, settings=OWN, **bounds):
        limits = scene.bounds(**({"droop": scene.droop()} | bounds))
        self.gate = scene.gate(settings=settings, bounds=limits)
        self.state = OwnDroop.OFF
        self.obeys = True
        self.at = BEGINS
        self.entries = []
        self.committed = 10**9
        self.turn: Any = None
        self.show = {}
        """How the image differs, of the unit and of the plant."""
        self.unit = {}
        self.begin = 0
        """The set-point of each unit before it was asked any."""

    def ticks(self, ms=TICK, *, around=None):
        for _ in range(ms // TICK):
            self.at += TICK
            image = scene.image(self.at, units=self._units(), **self.show)
            first, second = image.pcs
            first = replace(first, own_droop=self.state, **self.unit)
            image = replace(image, pcs=(first, second))
            held = around or Surroundings(committed=self.committed)
            self.gate, self.turn = tick(self.gate, image, scene.clock(self.at), held)
            self.entries += self.turn.entries
            if self.obeys:
                self.state = OwnDroop.OFF if self.line is None else OwnDroop.ON
        return self

    def _units(self):
        asked = self.gate.run.units
        return tuple(asked[name].asked if name in asked else self.begin for name in (ONE, OTHER))

    @property
    def line(self):
        return self.turn.own_droop.get(ONE)

    @property
    def why(self):
        """Why it was switched off last."""
        found = [one for one in self.entries if one.body.get("state") == "switched-off"]
        return found[-1].body["why"] if found else None

    def on(self):
        self.ticks(CALM_MS + 3 * TICK)
        assert self.state is OwnDroop.ON
        return self


# ---- the line ------------------------------------------------------------------------------------


def test_the_line_of_each_unit_is_that_of_the_plant_by_its_rating():
    line = line_of(scene.bounds(droop=scene.droop()), OWN)
    assert line is not None
    # 1 MW of PCS, 500 kW/Hz: the whole rating within 2 Hz, 4 % of 50 Hz.
    assert line.slope_over == line.slope_under == pytest.approx(0.04)
    assert line.deadband_over == line.deadband_under == pytest.approx(0.02)
    # From rest to 200 kW a first-order response begins at 100 kW/s.
    assert line.response_s == pytest.approx(4.605, abs=0.001)


def test_a_response_that_the_meter_would_not_wait_for_is_no_line():
    slow = scene.bounds(droop=scene.droop(power_max=Watts(300_000)))
    assert SLOWEST_S < 2.302 * 3
    assert line_of(slow, OWN) is None
    assert line_of(scene.bounds(), OWN) is None


# ---- when it is on -------------------------------------------------------------------------------


def test_it_is_on_after_half_a_minute_of_calm_and_not_before():
    told = Told().ticks(CALM_MS - TICK)
    assert told.line is None
    told.ticks(3 * TICK)
    assert told.line == line_of(told.gate.bounds, OWN)


def test_it_is_switched_on_only_when_that_is_on_the_disk():
    told = Told()
    told.committed = 0
    told.ticks(CALM_MS + 10 * TICK)
    (entry,) = [one for one in told.entries if one.body.get("state") == "switched-on"]
    assert not entry.behind
    assert told.line is None
    number = told.entries.index(entry) + 1
    told.committed = number - 1
    told.ticks()
    assert told.line is None
    told.committed = number
    told.ticks()
    assert told.line is not None


def test_with_a_disk_that_failed_it_is_not_switched_on_but_stays_on():
    failed = Surroundings(committed=10**9, disk_failed=True)
    told = Told().ticks(2 * CALM_MS, around=failed)
    assert told.line is None
    told = Told().on().ticks(1_000, around=failed)
    assert told.line is not None


def without_commissioning(told):
    told.gate = scene.durable(told.gate, commissioned="other")


def remote_stop(told):
    told.gate = scene.durable(told.gate, latches=frozenset({Latch.REMOTE_STOP}))


def no_meter_frequency(told):
    old = scene.image(told.at - 5_000)
    told.show = {"meters": old.meters}


def low_frequency(told):
    told.show = {"hertz": 49.5}


def curtailed(told):
    told.gate = scene.durable(told.gate, curtailments=(scene.curtailment(400_000, 400_000),))


def narrower(told):
    told.gate = replace(told.gate, bounds=replace(told.gate.bounds, export_max=Watts(450_000)))


def connection(told):
    # 500 kW of its own and half of the 200 kW reserve at the other, with the least own load.
    bounds = replace(told.gate.bounds, connection_export_max=Watts(594_999))
    told.gate = replace(told.gate, bounds=bounds)


def nearly_empty(told):
    told.gate = replace(told.gate, run=replace(told.gate.run, soc_expected=0.104))
    told.show = {"soc": 0.104}


def cold(told):
    (bms,) = scene.image(told.at).bms
    told.show = {"bms": (replace(bms, discharge_limit=Reading(Watts(300_000), BootMs(10**9))),)}


def set_point(told):
    # The other half of it leaves less than the unit's whole rating.
    told.gate = scene.durable(told.gate, standing=(scene.setpoint(900_000),))


def lost(told):
    told.unit = {"link": Link.LOST, "since": BootMs(told.at)}


def foreign(told):
    told.unit = {"own_droop_foreign": BootMs(told.at)}


def another_line(told):
    slope = scene.droop(slope=Watts(400_000))
    told.gate = replace(told.gate, bounds=replace(told.gate.bounds, droop=slope))


def no_droop(told):
    told.gate = replace(told.gate, bounds=replace(told.gate.bounds, droop=None))


def foreign_setpoints(told):
    told.gate = replace(
        told.gate, run=replace(told.gate.run, foreign=tuple(BootMs(told.at) for _ in range(3)))
    )


def disagreeing_meter(told):
    told.show = {"meter": 300_000}


AGAINST = [
    (without_commissioning, "not-commissioned"),
    (remote_stop, "stopped"),
    (no_meter_frequency, "frequency"),
    (low_frequency, "reserve"),
    (curtailed, "room"),
    (narrower, "room"),
    (connection, "room"),
    (nearly_empty, "room"),
    (cold, "room"),
    (set_point, "room"),
    (lost, "unit"),
    (foreign, "foreign-writer"),
    (another_line, "changed"),
    (no_droop, "no-droop"),
    (foreign_setpoints, "foreign-writer"),
]


@pytest.mark.parametrize(("act", "why"), AGAINST, ids=[act.__name__ for act, _ in AGAINST])
def test_it_is_switched_off_at_once_and_written_behind(act, why):
    told = Told().on()
    act(told)
    told.ticks(1_100 if act is no_meter_frequency else TICK)
    assert told.line is None
    assert told.why == why
    (entry,) = [one for one in told.entries if one.body.get("state") == "switched-off"]
    assert entry.behind


def test_a_meter_that_disagrees_switches_it_off_with_the_alarm():
    told = Told().on()
    disagreeing_meter(told)
    told.ticks(9_000)
    assert told.line is not None
    told.ticks(2_000)
    assert (told.line, told.why) == (None, "mismatch")


def test_what_the_table_of_failures_leaves_less_of_is_off():
    stricter = {(Failure.CLOUD, Activity.DROOP): Response.REST}
    told = Told(settings=replace(OWN, stricter=stricter)).on()
    told.ticks(around=Surroundings(committed=10**9, cloud_lost=True))
    assert (told.line, told.why) == (None, "plant-failed")


def test_it_stays_off_while_others_still_hold_what_leaves_it_no_room():
    # They rest so slowly that nothing changes here: 250 kW, 100 kW of reserve, 500 kW of its own.
    told = Told(export_max=Watts(800_000), ramp_dispatch=1)
    told.begin = 250_000
    told.ticks(CALM_MS + 5 * TICK)
    assert told.line is None
    told = Told(export_max=Watts(850_001), ramp_dispatch=1)
    told.begin = 250_000
    told.ticks(CALM_MS + 5 * TICK)
    assert told.line is not None


def test_what_came_and_went_keeps_it_off_for_half_a_minute():
    told = Told().on()
    low_frequency(told)
    told.ticks()
    told.show = {}
    told.ticks(CALM_MS - TICK)
    assert told.line is None
    told.ticks(3 * TICK)
    assert told.line is not None


def test_after_a_foreign_value_it_stays_off_for_a_minute():
    told = Told().on()
    foreign(told)
    told.ticks(FOREIGN_MS)
    assert told.line is None
    assert Alarm.OWN_DROOP in told.gate.run.alarms
    told.ticks(CALM_MS + 5 * TICK)
    assert told.line is not None


def test_a_unit_that_does_not_do_it_is_given_up_for_a_minute_with_an_alarm():
    told = Told()
    told.obeys = False
    told.ticks(CALM_MS + 2 * TICK)
    assert told.line is not None
    told.ticks(SETTLE_MS + TICK)
    assert (told.line, told.why) == (None, "unfit")
    told.ticks()
    assert Alarm.OWN_DROOP in told.gate.run.alarms
    told.ticks(FOREIGN_MS - 2 * TICK)
    assert told.line is None


def test_a_connection_made_again_between_two_ticks_is_no_unfit_device():
    told = Told().on()
    told.ticks(2 * SETTLE_MS)
    told.state = OwnDroop.OFF  # as at every connection
    told.unit = {"since": BootMs(told.at)}
    told.ticks()
    assert (told.line, told.why) == (None, "unit")
    told.ticks()
    assert Alarm.OWN_DROOP not in told.gate.run.alarms
    told.ticks(CALM_MS + 3 * TICK)
    assert told.line is not None


def test_one_that_cannot_be_switched_off_is_asked_no_power():
    told = Told().on()
    told.obeys, told.state = False, OwnDroop.FAILED
    told.ticks(2 * TICK)
    assert ONE not in told.turn.orders
    assert OTHER in told.turn.orders
    assert Alarm.OWN_DROOP in told.gate.run.alarms


def test_a_plant_without_any_is_told_nothing():
    told = Told(settings=scene.SETTINGS)
    image = scene.image(BEGINS)
    _, turn = tick(told.gate, image, scene.clock(BEGINS), scene.SAFE)
    assert turn.own_droop == {}


# ---- what it is counted with ---------------------------------------------------------------------


def test_the_gate_gives_only_the_share_of_the_others():
    told = Told().on()
    told.show = {"hertz": 49.88, "meter": 30_000}
    told.ticks(9_000)
    run = told.gate.run
    # 0.1 Hz beyond the dead band, 500 kW/Hz: half of 50 kW each.
    assert run.droop == pytest.approx(25_000, abs=2_000)
    assert run.own_droop == pytest.approx(25_000, abs=2_000)


def test_what_it_adds_is_no_disagreement_of_the_meter():
    told = Told(settings=replace(OWN, mismatch_band=Watts(10_000))).on()
    told.show = {"hertz": 49.75, "meter": 110_000 - 10_000}
    told.ticks(20_000)
    assert told.line is not None
    assert Alarm.MISMATCH not in told.gate.run.alarms


def test_what_it_adds_leaves_less_to_the_set_points_and_fades_when_it_is_off():
    told = Told().on()
    told.show = {"hertz": 49.88, "meter": 30_000}
    told.ticks(500)
    high = told.turn.window.high
    assert high == pytest.approx(1_000_000 - 25_000, abs=2_500)
    remote_stop(told)
    told.ticks(2 * TICK)
    assert told.turn.window.high < 1_000_000 - 20_000, "it still adds for a while"
    told.ticks(60_000)
    assert told.turn.window.high == 1_000_000


def test_a_unit_that_is_lost_while_it_follows_may_be_anywhere():
    told = Told(export_max=Watts(800_000)).on()
    told.obeys = False
    lost(told)
    told.ticks(2 * TICK)
    assert told.turn.window.high == 800_000 - 500_000
    told.state = OwnDroop.OFF
    told.ticks(TICK)
    assert told.turn.window.high == 500_000, "what is left is rated for it"


def test_while_it_is_not_off_power_grows_into_no_room_it_may_take():
    told = Told().on()
    set_point(told)
    told.obeys = False  # it takes its time
    told.ticks(1_000)
    assert told.gate.run.dispatch == 0
    told.obeys = True
    told.ticks(2_000)
    assert told.gate.run.dispatch > 0


def test_a_unit_that_comes_back_is_counted_without_what_its_droop_still_adds():
    image = scene.image(BEGINS, units=(200_000, 200_000))
    shows = {
        300_000: 200_000,  # what it still adds is none of its set-point
        150_000: 150_000,
        -50_000: 0,
        0: 0,  # its watchdog has acted, and left the register as it was
    }
    for power, counted in shows.items():
        still = Reading(Watts(power), BootMs(BEGINS))
        first = replace(image.pcs[0], own_droop=OwnDroop.OFF, power=still)
        back = replace(image, pcs=(first, image.pcs[1]))
        assert share.base(OWN, back, {})[ONE] == counted


class Follows:
    """A whole plant whose own droop does what the laboratory's does: a response of first order."""

    def __init__(self, *own, dispatch=0, **bounds):
        settings = scene.own_droop(scene.SETTINGS, *own)
        wide = {"connection_import_max": Watts(1_100_000)}
        gate = scene.gate(
            settings=settings, bounds=scene.bounds(**(wide | bounds), droop=scene.droop())
        )
        if dispatch:
            gate = scene.durable(gate, standing=(scene.setpoint(dispatch, end=10**7),))
        self.gate = gate
        self.at = BEGINS
        self.follow = dict.fromkeys(own, OwnDroop.OFF)
        line: Any = line_of(gate.bounds, settings)
        self.physics = {name: physics.OwnDroop() for name in own}
        for one in self.physics.values():
            one.active = physics.Line(
                **{field: getattr(line, field) for field in LINE_PARTS}, power_min=-1.0
            )
        self.flows: list[float] = []
        """What the plant gave, W, at each tick."""
        self.dispatched: list[float] = []
        self.capacity = Watts(1_000_000)

    @property
    def on(self):
        return set(self.follow.values()) == {OwnDroop.ON}

    def ticks(self, ms, hertz):
        for _ in range(ms // TICK):
            self.at += TICK
            self._tick(hertz)
        return self

    def _tick(self, hertz):
        asked = self.gate.run.units
        units = [asked[name].asked if name in asked else 0 for name in (ONE, OTHER)]
        image = scene.image(self.at, units=units, hertz=hertz)
        live = image.meters[0].frequency.value
        shows = list(units)
        for n, name in enumerate((ONE, OTHER)):
            if name in self.physics:
                adds = self.physics[name].step(live, 50.0, 500_000, TICK)
                shows[n] = round(max(-500_000, min(500_000, units[n] + adds)))
        pcs = tuple(
            replace(
                one,
                power=Reading(Watts(power), BootMs(self.at)),
                own_droop=self.follow.get(one.device),
            )
            for one, power in zip(image.pcs, shows, strict=True)
        )
        limit = Reading(self.capacity, BootMs(self.at))
        (bms,) = image.bms
        bms = replace(bms, charge_limit=limit, discharge_limit=limit)
        meter = replace(image.meters[0], power=Reading(Watts(sum(shows) - 10_000), BootMs(self.at)))
        image = replace(image, pcs=pcs, bms=(bms,), meters=(meter,))
        safe = Surroundings(committed=10**9)
        self.gate, turn = tick(self.gate, image, scene.clock(self.at), safe)
        for name, one in self.physics.items():
            one.on = turn.own_droop.get(name) is not None
            self.follow[name] = OwnDroop.ON if one.on else OwnDroop.OFF
        self.flows.append(sum(shows))
        self.dispatched.append(self.gate.run.dispatch)


RESERVE = 200_000
LINE_PARTS = ("deadband_over", "deadband_under", "slope_over", "slope_under", "response_s")


@pytest.mark.parametrize("own", [(), (ONE,), (ONE, OTHER)])
def test_dispatch_gives_primary_control_room_once_whoever_gives_it(own):
    # 800 kW and 200 kW of reserve are the whole rating.
    plant = Follows(*own, dispatch=800_000, export_max=Watts(1_500_000))
    plant.capacity = Watts(1_500_000)
    if len(own) == 1:
        # What one could do by itself needs room beside what the other is asked.
        plant.gate = replace(
            plant.gate, bounds=replace(plant.gate.bounds, connection_export_max=Watts(1_500_000))
        )
    plant.ticks(60_000, 50.0)
    assert plant.gate.run.dispatch == pytest.approx(800_000, abs=1)
    assert plant.on or not own
    plant.ticks(12_000, 49.70)
    assert min(plant.dispatched[-120:]) == pytest.approx(800_000, abs=1)
    assert plant.flows[-1] == pytest.approx(940_000, abs=4_000)
    assert Alarm.MISMATCH not in plant.gate.run.alarms


def test_a_unit_is_not_asked_for_what_it_adds_by_itself():
    """One of two, nearly all of the reserve on top of what leaves nothing else of its rating."""
    wide = dict.fromkeys(("export_max", "import_max", "connection_export_max"), Watts(2_000_000))
    plant = Follows(ONE, dispatch=800_000, **(wide | {"connection_import_max": Watts(2_000_000)}))
    plant.capacity = Watts(3_000_000)
    plant.ticks(60_000, 50.0)
    assert plant.on
    plant.ticks(20_000, 49.604)
    assert plant.on
    one, other = (plant.gate.run.units[name].asked for name in (ONE, OTHER))
    assert one == pytest.approx(400_000, abs=2_500)
    assert other == pytest.approx(495_000, abs=2_500)
    assert plant.flows[-1] == pytest.approx(988_000, abs=4_000)
    assert Alarm.MISMATCH not in plant.gate.run.alarms


@pytest.mark.parametrize("own", [(ONE,), (ONE, OTHER)])
@pytest.mark.parametrize(
    "hertz", [(49.61, 49.55), (49.61, 49.3), (49.75, 49.3), (49.3,), (50.39, 50.7)]
)
def test_what_units_give_and_the_loop_are_never_more_than_the_reserve(own, hertz):
    plant = Follows(*own).ticks(40_000, 50.0)
    assert plant.on
    begins = len(plant.flows)
    for one in hertz:
        plant.ticks(12_000, one)
    assert not plant.on
    after = [abs(power) for power in plant.flows[begins:]]
    assert max(after) <= RESERVE * 1.03
    assert min(after[-100:]) >= RESERVE * 0.98


@pytest.mark.parametrize("own", [(ONE,), (ONE, OTHER)])
def test_as_units_take_over_from_the_loop_power_stays(own):
    plant = Follows(*own).ticks(25_000, 49.65)
    assert not plant.on
    plant.ticks(20_000, 49.65)
    assert plant.on
    after = plant.flows[60:]
    # The frequency breathes by 3 kW; what the loop knows is one tick old, and a tick is 5 % of the way.
    assert min(after) >= 165_000 - 4_000
    assert max(after) <= 165_000 * 1.05


@pytest.mark.parametrize("hertz", [49.7, 50.3])
def test_where_units_have_taken_over_the_loop_gives_nothing_of_what_they_are_still_on_their_way_to(
    hertz,
):
    plant = Follows(ONE, OTHER).ticks(40_000, 50.0)
    assert plant.on
    for _ in range(10):
        plant.ticks(100, hertz)
        assert plant.gate.run.droop == 0
    assert abs(plant.gate.run.own_droop) > 50_000


def test_where_the_frequency_returns_the_loop_does_not_work_against_the_units():
    plant = Follows(ONE, OTHER).ticks(40_000, 50.0)
    plant.ticks(10_000, 49.61)
    plant.ticks(200, 49.3)  # off; what it added fades
    plant.ticks(500, 49.95)
    assert plant.gate.run.own_droop > 50_000
    assert plant.gate.run.droop == 0
    plant.ticks(3_000, 50.0)
    assert plant.gate.run.total == 0


def test_what_units_still_add_is_left_free_where_no_droop_is_contracted_any_more():
    told = Told().on()
    whole = window.narrowest(list(window.limits(told.gate, scene.image(0), scene.clock(0), 0, 0)))
    gone = replace(told.gate, bounds=replace(told.gate.bounds, droop=None))
    fades = Reach(low=-70_000, high=90_000)
    left = window.dispatch_window(whole, gone, scene.image(0), fades)
    assert (left.low, left.high) == (whole.low + 70_000, whole.high - 90_000)
    left = window.dispatch_window(whole, told.gate, scene.image(0), fades)
    assert (left.low, left.high) == (whole.low + RESERVE, whole.high - RESERVE)


def test_what_is_meant_for_one_unit_and_does_not_fit_the_others_do():
    image = scene.image(BEGINS)
    nothing = {ONE: 0.0, OTHER: 0.0}
    meant = share.shared(900_000, image, nothing, float("inf"), {OTHER: 200_000})
    assert meant == pytest.approx({ONE: 400_000, OTHER: 500_000})
    meant = share.shared(-700_000, image, nothing, float("inf"), {OTHER: -200_000})
    assert meant == pytest.approx({ONE: -250_000, OTHER: -450_000})
    meant = share.shared(1_000_000, image, nothing, float("inf"), {OTHER: 50_000})
    assert meant == pytest.approx({ONE: 500_000, OTHER: 500_000})


# ---- before the gate runs ------------------------------------------------------------------------


def checked(bounds, *, models=PCS, settings=OWN):
    found = compiled(bank(*models), DeviceRole.PCS)
    return own_droop_check(scene.south("pcs-1", SouthRole.PCS, 1, 500_000), found, bounds, settings)


def test_a_device_that_can_be_set_as_the_bounds_have_it_is_good():
    assert checked(scene.bounds(droop=scene.droop())).stands is Stands.GOOD


def test_a_device_without_711_or_that_cannot_hold_the_line_is_wrong():
    without = [model for model in PCS if model.id != 711]
    assert checked(scene.bounds(droop=scene.droop()), models=without).stands is Stands.BAD
    fine = scene.droop(deadband=Hertz(0.0105))
    answer = checked(scene.bounds(droop=fine))
    assert answer.stands is Stands.BAD
    assert "dead band" in answer.said.en
    slow = scene.droop(power_max=Watts(300_000))
    assert checked(scene.bounds(droop=slow)).stands is Stands.BAD


def test_what_will_never_be_on_is_noted():
    assert checked(None).stands is Stands.NOTED
    assert checked(scene.bounds()).stands is Stands.NOTED
    narrow = scene.bounds(droop=scene.droop(), export_max=Watts(599_999))
    assert not leaves_room(narrow, OWN)
    assert checked(narrow).stands is Stands.NOTED
    assert leaves_room(scene.bounds(droop=scene.droop(), export_max=Watts(600_000)), OWN)


def test_a_line_that_the_device_rounds_too_far_does_not_fit():
    droop = compiled(bank(*PCS), DeviceRole.PCS).droop
    assert droop is not None

    def line(**changes):
        values = {
            "deadband_over": Hertz(0.02),
            "deadband_under": Hertz(0.02),
            "slope_over": 0.05,
            "slope_under": 0.05,
            "response_s": 2.0,
        }
        return DroopSettings(**(values | changes))

    assert droop.fits(line())
    assert not droop.fits(line(deadband_over=Hertz(0.0205)))
    assert not droop.fits(line(slope_under=0.0108))
    assert not droop.fits(line(slope_over=100.0))
