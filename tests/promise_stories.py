"""What has to be tried of the gate in any case, each a story of a few sentences.

Told to a plant at rest, every step of a story comes about, and it is the same at each run; the state
machine tells them in the middle of anything else. Whoever tells them, the same judge looks on after
every tick (`tests/promised.py`); a story asks more only where its end says more than that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.promise_play import NOISE, Play, Setting

PLENTY = Setting()
SCARCE = Setting(minute=1_200_000)
SLOW_DISK = Setting(delay=1_500)
SCARCE_SLOW = Setting(minute=1_200_000, delay=1_500)
DROOP = Setting(droop=True)
OWN = Setting(droop=True, own_droop=("pcs-1",))
OWN_BOTH = Setting(droop=True, own_droop=("pcs-1", "pcs-2"), wide=True)


@dataclass(frozen=True)
class Story:
    """One story, and the world in which it is told alone."""

    told: Callable[[Play], None]
    setting: Setting


STORIES: dict[str, Story] = {}
"""By name."""


def story(setting=PLENTY):
    """A story's world."""

    def kept(told):
        STORIES[told.__name__] = Story(told, setting)
        return told

    return kept


# ---- bounds --------------------------------------------------------------------------------------


@story()
def narrower_bounds_export(play):
    play.must(600_000)
    play.reaches(600_000, 13)
    play.bounded(export_max=300_000, after=15)
    play.reaches(300_000, 4)
    play.passes(20)
    play.bounded(connection_export_max=200_000, after=15)
    play.reaches(200_000 + play.world.plant.auxiliary, 5)
    play.passes(20)


@story()
def narrower_bounds_import(play):
    play.must(-600_000)
    play.reaches(-600_000, 13)
    play.bounded(import_max=300_000, after=15)
    play.reaches(-300_000, 4)
    play.passes(20)
    play.bounded(connection_import_max=200_000, after=15)
    play.reaches(-200_000 + play.world.plant.auxiliary, 5)
    play.passes(20)


@story()
def own_load_changes(play):
    play.sets("auxiliary", 5_000)
    play.passes(1)
    play.must(-1_000_000)
    play.passes(15)
    play.sets("auxiliary", 15_000)
    play.passes(4)
    play.must(1_000_000)
    play.passes(30)
    play.sets("auxiliary", 5_000)
    play.passes(4)
    play.sets("auxiliary", 10_000)


@story(DROOP)
def frequency_falls_at_full_power(play):
    play.must(1_000_000)
    play.passes(15)
    for hertz in (49.0, 51.0, 49.5, 50.0):
        play.sets("hertz", hertz)
        play.passes(8)
    play.bounded(export_max=300_000, after=30)
    for hertz in (49.0, 50.0):
        play.sets("hertz", hertz)
        play.passes(8)


@story()
def curtailed_both_ways(play):
    for power in (600_000, -600_000):
        play.must(power)
        play.reaches(power, 30)
        play.must(200_000, kind="curtail", life=10)
        play.passes(20)


@story(SLOW_DISK)
def curtailment_released_on_a_slow_disk(play):
    play.must(600_000)
    play.reaches(600_000, 15)
    play.must(200_000, kind="curtail", life=60)
    play.reaches(200_000, 6)
    play.must(kind="release")
    play.passes(5)
    play.must(100_000, kind="curtail", life=60)
    play.passes(6)
    play.disk_hangs(4)
    play.asks(0, kind="release")
    play.passes(8)


@story()
def looser_curtailment_beside_a_tighter(play):
    play.must(600_000)
    play.must(100_000, kind="curtail", life=60)
    play.passes(6)
    play.must(300_000, kind="curtail", life=90)
    play.passes(4)
    play.must(50_000, kind="curtail", life=90, issuer="operator")
    play.passes(4)
    play.must(kind="release", issuer="operator")
    play.passes(8)


# ---- units ---------------------------------------------------------------------------------------


@story()
def unit_lost_at_power(play):
    play.must(400_000)
    play.reaches(400_000, 9)
    play.lose("pcs-1", 30, fault=False)
    play.passes(29)
    assert not play.sure or abs(play.total - 400_000) <= 3, "the other one has made up for it"
    play.passes(20)


@story()
def unit_lost_near_its_rating(play):
    play.must(700_000)
    play.reaches(700_000, 15)
    play.lose("pcs-2", 30, fault=False)
    play.passes(35)
    play.asks(-500_000)
    play.passes(20)


@story()
def unit_lost_for_a_moment(play):
    play.must(400_000)
    play.reaches(400_000, 9)
    play.lose("pcs-1", 2, fault=False)
    play.must(200_000)
    play.passes(10)


@story()
def unit_faults_for_a_moment(play):
    for power in (100_000, -300_000):
        play.must(power)
        play.passes(12)
        play.lose("pcs-2", 2, fault=True)
        play.passes(8)
    play.must(400_000)
    for _ in range(4):
        play.passes(3)
        play.lose("pcs-1", 1, fault=True)


@story()
def unit_faults_at_power(play):
    play.must(-400_000)
    play.reaches(-400_000, 9)
    play.lose("pcs-2", 15, fault=True)
    play.passes(25)


@story()
def foreign_values(play):
    play.must(300_000)
    play.reaches(300_000, 7)
    for name, power in (("pcs-1", 500_000), ("pcs-2", 0), ("pcs-1", -500_000)):
        play.foreign(name, power)
        play.passes(4)


# ---- stops ---------------------------------------------------------------------------------------


@story()
def local_stop_at_power(play):
    play.must(500_000)
    play.reaches(500_000, 11)
    play.breaks("pressed", True, False, 4)
    play.passes(1)
    assert not play.sure or play.total == 0
    play.asks(500_000)
    play.passes(8)


@story()
def remote_stop_at_power(play):
    play.must(500_000)
    play.must(300_000, issuer="operator", fcr=True)
    play.reaches(300_000, 11)
    play.must(kind="stop", issuer="operator")
    play.passes(2)
    assert not play.asks(500_000) or not play.sure
    assert not play.asks(-500_000, fcr=True) or not play.sure
    play.reaches(0, 11)
    play.passes(4)
    play.must(kind="release", issuer="operator")
    play.passes(10)
    assert not play.sure or play.total == 0


@story()
def power_nobody_ordered(play):
    if not play.sure:
        play.passes(31)  # what else is broken is mended first
    play.asks(300_000)
    play.passes(8)
    play.sets("hidden_radio", 300_000)
    play.passes(75)
    assert play.total == 0
    play.sets("hidden_radio", 0)
    play.both(lambda world: world.heal(2_000, "reset"))
    play.passes(4)


@story()
def charge_told_wrong(play):
    play.must(400_000)
    play.passes(4)
    play.breaks("soc_told", -0.3, 0.0, 10)
    play.passes(8)
    assert not play.sure or play.total == 0, "from 200 kW to rest at the plant's largest ramp"
    play.passes(4)


# ---- permission ----------------------------------------------------------------------------------


@story(SLOW_DISK)
def orders_on_a_slow_disk(play):
    play.must(300_000)
    play.reaches(300_000, 9)
    play.must(500_000)
    play.reaches(500_000, 9)
    play.must(-500_000)
    play.passes(25)


@story()
def order_on_a_hung_disk(play):
    play.must(300_000)
    play.reaches(300_000, 7)
    play.disk_hangs(8)
    play.passes(1)
    play.asks(600_000)
    play.passes(12)


@story()
def order_ends_at_power(play):
    play.must(400_000, life=12)
    play.reaches(400_000, 9)
    play.passes(20)


@story()
def orders_of_two_ranks(play):
    play.must(400_000)
    play.passes(4)
    play.must(-200_000, fcr=True, life=10)
    play.passes(20)
    play.must(200_000, fcr=True, life=10)
    play.must(600_000)
    play.passes(20)


@story()
def late_ticks(play):
    play.must(600_000)
    play.passes(2)
    for _ in range(3):
        play.both(lambda world: world.tick(2_500))
    play.must(100_000, kind="curtail")
    play.both(lambda world: world.tick(2_500))
    play.passes(8)


@story()
def replayed_after_a_change_of_trust(play):
    play.must(300_000, life=300)
    play.passes(4)
    play.must(100_000, life=5)
    play.passes(8)
    play.revoke("operator", after=4)
    play.passes(1)
    play.replays()
    play.passes(8)
    play.dies(1)
    play.passes(1)
    play.replays()
    play.passes(4)


@story()
def key_revoked_at_power(play):
    play.must(400_000)
    play.must(300_000, kind="curtail")
    play.reaches(300_000, 7)
    play.revoke("agg")
    play.passes(12)


@story()
def noise_at_power(play):
    play.must(300_000)
    play.passes(4)
    for how in NOISE:
        play.enemy(how, power=-600_000)
        play.passes(2)


@story()
def noise_at_rest(play):
    for how in NOISE:
        play.enemy(how)
        play.passes(2)


@story()
def failures_while_power_grows(play):
    play.must(600_000)
    for name, bad, good in (
        ("meter_lost", True, False),
        ("battery_lost", True, False),
        ("hertz_known", False, True),
    ):
        play.passes(2)
        play.breaks(name, bad, good, 3)
        play.passes(4)
    play.disk_hangs(5)
    play.passes(8)


# ---- budgets -------------------------------------------------------------------------------------


def swings(play, *, seconds=90):
    """To and fro, as fast as it is let."""
    for turn in range(seconds // 10):
        play.asks(-900_000 if turn % 2 else 900_000, life=20)
        play.passes(10)


@story(SCARCE)
def swings_under_the_budget_of_all(play):
    swings(play)


@story(Setting(own=1_200_000))
def swings_under_the_budget_of_a_key(play):
    swings(play)


@story(Setting(reversals=2))
def swings_under_few_reversals(play):
    swings(play)


@story(SCARCE)
def long_rise_under_the_budget(play):
    for _ in range(2):
        play.asks(600_000)
        play.passes(15)
        play.asks(-600_000)
        play.passes(60)


@story(SCARCE)
def rest_in_debt(play):
    play.must(600_000, life=18)
    play.passes(12)
    play.must(300_000, kind="curtail", life=60)
    play.passes(25)


def swings_and_kills(play):
    """To and fro, and killed at each turn."""
    for turn in range(8):
        play.asks(-900_000 if turn % 2 else 900_000, life=60)
        play.passes(6)
        play.dies(1)
        play.passes(1)


@story(Setting(minute=1_200_000, own=8_000_000))
def swings_across_restarts_under_the_budget_of_all(play):
    swings_and_kills(play)


@story(Setting(own=1_200_000))
def swings_across_restarts_under_the_budget_of_a_key(play):
    swings_and_kills(play)


@story(Setting(reversals=1))
def one_reversal_and_an_order_that_waits(play):
    play.must(-300_000)
    play.passes(8)
    play.must(300_000, fcr=True, life=16)
    play.passes(35)


@story(Setting(reversals=2))
def reversals_across_restarts(play):
    for turn in range(4):
        play.asks(-200_000 if turn % 2 else 200_000, life=60)
        play.passes(6)
        play.asks(0, life=60)
        play.passes(6)
        play.dies(1)
        play.passes(1)


@story(SCARCE_SLOW)
def killed_faster_than_the_disk_is(play):
    play.must(600_000, life=30, fcr=True)
    play.must(-600_000)
    play.passes(2)
    for _ in range(50):
        play.passes(1)
        play.dies(0)
    play.passes(4)


# ---- restarts ------------------------------------------------------------------------------------


@story()
def killed_and_replayed(play):
    play.must(300_000)
    play.passes(3)
    play.must(100_000, life=3)
    play.passes(5)
    play.dies(1)
    play.passes(1)
    play.replays()
    play.passes(4)


@story()
def killed_under_a_curtailment(play):
    play.must(600_000)
    play.must(200_000, kind="curtail")
    play.reaches(200_000, 5)
    for rebooted in (False, True):
        play.dies(2, rebooted=rebooted)
        play.passes(4)


@story()
def killed_in_doubt_of_the_time(play):
    play.must(600_000)
    play.passes(4)
    play.clock(0, 12, sure=False)
    play.dies(1)
    play.passes(6)


@story()
def curtailed_killed_and_in_doubt(play):
    play.must(600_000)
    play.must(200_000, kind="curtail", life=120)
    play.passes(5)
    play.clock(0, 6, sure=False)
    play.dies(1, rebooted=True)
    play.passes(8)
    play.asks(600_000)
    play.passes(10)


@story()
def killed_for_longer_than_the_watchdog(play):
    play.must(600_000)
    play.reaches(600_000, 13)
    play.dies(15)
    play.passes(15)


@story()
def booted_with_a_clock_that_is_slow(play):
    play.must(400_000)
    play.passes(4)
    play.clock(-3_600_000, 12, sure=True)
    play.dies(1, rebooted=True)
    play.passes(20)


@story()
def clock_steps_while_orders_stand(play):
    play.must(400_000, life=20)
    play.must(500_000, kind="curtail", life=30)
    play.passes(4)
    play.clock(-3_600_000, 30, sure=False)
    play.passes(35)


# ---- the droop of the PCS themselves -------------------------------------------------------------


@story(OWN)
def own_droop_answers(play):
    play.must(200_000)
    play.follows("pcs-1", on=True, within=45)
    for hertz in (49.9, 50.1, 50.0):
        play.sets("hertz", hertz)
        play.passes(10)
    assert not play.sure or play.world.plant.pcs["pcs-1"].follows is not None
    play.sets("hertz", 49.5)  # all of the reserve, and more
    play.follows("pcs-1", on=False, within=2)
    play.passes(10)
    play.sets("hertz", 50.0)
    play.passes(5)
    play.follows("pcs-1", on=True)


@story(OWN)
def own_droop_needs_room(play):
    play.follows("pcs-1", on=True, within=45)
    play.must(700_000)
    play.follows("pcs-1", on=False, within=2)
    play.reaches(565_000, 20)
    play.passes(5)
    play.must(100_000)
    play.follows("pcs-1", on=True, within=60)
    play.must(-300_000)
    play.follows("pcs-1", on=False, within=2)
    play.passes(12)


@story(OWN_BOTH)
def own_droop_of_all_under_a_curtailment(play):
    play.must(600_000)
    play.follows("pcs-1", on=True, within=45)
    play.follows("pcs-2", on=True, within=1)
    play.sets("hertz", 49.9)
    play.passes(2)
    play.must(300_000, kind="curtail", life=20)
    play.follows("pcs-2", on=False, within=2)
    play.passes(30)
    play.sets("hertz", 50.0)
    play.follows("pcs-2", on=True, within=60)


@story(OWN_BOTH)
def own_droop_and_narrower_bounds(play):
    play.must(400_000)
    play.follows("pcs-1", on=True, within=45)
    play.bounded(export_max=300_000, after=10)
    play.passes(20)
    play.follows("pcs-1", on=True, within=45)


@story(OWN_BOTH)
def own_droop_while_the_gate_is_dead(play):
    play.must(600_000)
    play.follows("pcs-2", on=True, within=45)
    play.dies(20)
    play.passes(1)
    assert play.world.plant.pcs["pcs-2"].follows is None
    play.follows("pcs-2", on=True, within=45)


@story(OWN)
def unit_lost_while_it_follows(play):
    play.must(300_000)
    play.follows("pcs-1", on=True, within=45)
    play.lose("pcs-1", 30, fault=False)
    play.asks(700_000)
    play.passes(20)
    play.must(100_000, kind="curtail", life=10)
    play.passes(20)
    play.follows("pcs-1", on=True, within=60)


@story(OWN)
def own_droop_that_cannot_be_switched_off(play):
    play.must(300_000)
    play.follows("pcs-1", on=True, within=45)
    play.both(lambda world: setattr(world.plant.pcs["pcs-1"], "never_off", True))
    play.must(700_000)
    play.passes(15)
    assert not play.sure or play.world.plant.pcs["pcs-1"].setpoint == 0, "its watchdog ended it"
    play.both(lambda world: setattr(world.plant.pcs["pcs-1"], "never_off", False))
    play.passes(10)


@story(OWN)
def own_droop_set_by_somebody_else(play):
    play.follows("pcs-1", on=True, within=45)
    play.both(lambda world: world.plant.pcs["pcs-1"].someone_else_sets(None, world.now))
    play.passes(50)
    assert not play.sure or play.world.plant.pcs["pcs-1"].follows is None
    play.follows("pcs-1", on=True, within=60)


@story(OWN)
def own_droop_and_doubt(play):
    play.must(200_000)
    for name, bad, good in (
        ("hertz_known", False, True),
        ("battery_lost", True, False),
        ("pressed", True, False),
        ("soc", 0.1005, 0.5),
    ):
        play.follows("pcs-1", on=True, within=60)
        play.breaks(name, bad, good, 4)
        play.follows("pcs-1", on=False, within=2)
        play.passes(6)
        play.both(lambda world: world.heal(500, "reset"))
        play.passes(2)


@story(OWN)
def own_droop_under_a_remote_stop(play):
    play.follows("pcs-1", on=True, within=45)
    play.must(kind="stop", issuer="operator")
    play.follows("pcs-1", on=False, within=2)
    play.passes(40)
    assert not play.sure or play.world.plant.pcs["pcs-1"].follows is None
    play.must(kind="release", issuer="operator")
    play.follows("pcs-1", on=True, within=45)


@story(Setting(droop=True, own_droop=("pcs-1",), delay=1_500))
def own_droop_on_a_slow_disk(play):
    play.follows("pcs-1", on=True, within=45)
    entries = play.world.disk.entries[: play.world.disk.committed]
    told = [one.body for one in entries if one.kind == "own-droop"]
    assert not play.sure or any(body["state"] == "switched-on" for body in told)
    play.disk_hangs(40)
    play.sets("hertz", 49.0)
    play.follows("pcs-1", on=False, within=2)
    play.sets("hertz", 50.0)
    play.passes(36)
    assert not play.sure or play.world.plant.pcs["pcs-1"].follows is None
    play.passes(10)
