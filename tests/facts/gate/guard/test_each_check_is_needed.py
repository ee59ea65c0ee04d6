"""Take one check away, and an attack passes that the whole guard refuses."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from sekisho.codec.command import Kind, class_of
from sekisho.codec.decision import Reason
from sekisho.codec.trust import Grant
from sekisho.gate.budget import full
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Bucket, Pressure
from sekisho.gate.state import Latch
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import AGG, MINUTE, Desk, key


def flood(desk):
    name = (AGG.kid, class_of(asking.setpoint()))
    desk.pressure = Pressure(signed=MappingProxyType({name: Bucket(0.0, desk.clock.boot)}))
    return desk.ask(asking.setpoint())


def stolen_token(desk):
    return desk.raw(asking.forged(asking.setpoint(), AGG.kid))


def another_site(desk):
    return desk.ask(asking.setpoint(site=SiteId("kushiro-2")))


def replay(desk):
    """The answer of the first is forgotten, as it is after a restart; its mark is not."""
    raw = asking.signed(asking.setpoint())
    assert desk.raw(raw).wake
    desk.gate = replace(desk.gate, answers={})
    return desk.raw(raw)


def stale(desk):
    desk.at(11 * MINUTE)
    return desk.ask(asking.setpoint())


def beyond_its_grants(desk):
    only_curtail = key(may=frozenset({Grant(Kind.CURTAIL)}))
    desk.gate = replace(desk.gate, trust=scene.trust(only_curtail))
    return desk.ask(asking.setpoint())


def into_a_local_stop(desk):
    desk.gate = scene.durable(desk.gate, latches=frozenset({Latch.LOCAL_STOP}))
    return desk.ask(asking.setpoint())


def more_than_the_battery_holds(desk):
    return desk.ask(asking.schedule(1_000_000, 1_000_000, 1_000_000))


def toggling(desk):
    """Charge to discharge with no reversal left."""
    rest = replace(full(scene.PLENTY, desk.clock, scene.BOOT), reversals=0.0)
    desk.gate = scene.durable(desk.gate, purses=MappingProxyType({AGG.kid: rest}))
    run = replace(desk.gate.run, dispatch=500_000.0, side=1)
    desk.gate = replace(desk.gate, run=run)
    return desk.ask(asking.setpoint(-500_000))


ATTACKS = {
    "rate": (flood, Reason.RATE),
    "signature": (stolen_token, Reason.SIGNATURE),
    "site": (another_site, Reason.OTHER_SITE),
    "session_sequence": (replay, Reason.SEQUENCE),
    "time": (stale, Reason.EXPIRED),
    "permission": (beyond_its_grants, Reason.NOT_PERMITTED),
    "interlock": (into_a_local_stop, Reason.LOCAL_STOP),
    "bounds": (more_than_the_battery_holds, Reason.ENERGY),
    "budget": (toggling, Reason.BUDGET),
}


def without(name):
    return tuple(check for check in CHECKS if check.name != name)


def test_every_check_has_its_attack():
    assert [check.name for check in CHECKS] == list(ATTACKS)


@pytest.mark.parametrize("name", ATTACKS)
def test_refused_with_the_check_and_obeyed_without(name):
    attack, reason = ATTACKS[name]
    guarded = attack(Desk())
    assert (guarded.counted or guarded.decision.reason) is reason
    assert not guarded.wake
    open_door = attack(Desk(checks=without(name)))
    assert open_door.wake
    assert open_door.decision.reason is None


def test_a_power_beyond_the_bounds_is_granted_only_without_bounds():
    narrow = scene.bounds(export_max=Watts(60_000))
    guarded = Desk(asking.gate(bounds=narrow)).ask(asking.setpoint())
    assert guarded.decision.power == 60_000
    open_door = Desk(asking.gate(bounds=narrow), checks=without("bounds")).ask(asking.setpoint())
    assert open_door.decision.power == 100_000
