"""Every reason has a command that is refused for exactly it, and a neighbour that is not."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from sekisho.codec.bounds import Lives
from sekisho.codec.command import Kind, Product, class_of
from sekisho.codec.decision import Outcome, Reason
from sekisho.codec.trust import Grant
from sekisho.gate.budget import full
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.failures import Failure
from sekisho.gate.guard.pressure import Bucket, Pressure
from sekisho.gate.image import Reading
from sekisho.gate.state import Latch
from sekisho.terms.ids import CommandId, IssuerId, SessionId, SiteId
from sekisho.terms.quantity import BootMs, Hertz, Share, WallMs
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import AGG, MINUTE, NOW, OPERATOR, STRANGER, Desk, key

OK = None
LATER = WallMs(NOW + 10 * MINUTE)


def at(later, command, **clock):
    return lambda: Desk().at(later, **clock).reason(command)


def by(signer, command):
    return lambda: Desk().reason(command, signer)


def under(command, *keys, signer=AGG, **changes):
    """Asked of a gate with these keys, and its durable part so changed."""

    def ask():
        of = asking.gate(*keys)
        return Desk(scene.durable(of, **changes)).reason(command, signer)

    return ask


def after(first, second, second_signer=AGG):
    def ask():
        desk = Desk()
        assert desk.reason(first) is OK
        return desk.reason(second, second_signer)

    return ask


def while_running(command, **changes):
    return lambda: Desk(asking.gate(run=asking.run(**changes))).reason(command)


def shown(command, change):
    def ask():
        desk = Desk()
        desk.image = change(desk.image)
        return desk.reason(command)

    return ask


def bound(command, **changes):
    return lambda: Desk(asking.gate(bounds=scene.bounds(**changes))).reason(command)


def raw(data):
    return lambda: Desk().raw(data).counted


def pressed(command, left):
    def ask():
        desk = Desk()
        bucket = Bucket(left, desk.clock.boot)
        name = (AGG.kid, class_of(command))
        desk.pressure = Pressure(signed=MappingProxyType({name: bucket}))
        return desk.reason(command)

    return ask


def spent(command, **purse):
    def ask():
        of = asking.gate()
        rest = replace(full(scene.PLENTY, asking.clock(), scene.BOOT), **purse)
        of = scene.durable(of, purses=MappingProxyType({AGG.kid: rest}))
        of = replace(of, run=replace(of.run, dispatch=200_000.0, side=1))
        return Desk(of).reason(command)

    return ask


def old_soc(ms):
    def change(image):
        bms = replace(image.bms[0], soc=Reading(Share(0.5), BootMs(image.at - ms)))
        return replace(image, bms=(bms,))

    return change


STOP = asking.stop(sequence=1)
FEW = frozenset({Grant(Kind.CURTAIL), Grant(Kind.RELEASE)})
SMALL = scene.curtailment(500_000, 500_000)
MINE = replace(SMALL, kid=AGG.kid)

CASES = {
    Reason.FORM: (raw(b"no.command.atall"), raw(asking.signed(asking.setpoint()))),
    Reason.RATE: (pressed(asking.setpoint(), 0.9), pressed(asking.setpoint(), 1.0)),
    Reason.UNKNOWN_KEY: (by(STRANGER, asking.setpoint()), by(AGG, asking.setpoint())),
    Reason.SIGNATURE: (
        raw(asking.forged(asking.setpoint(), AGG.kid)),
        raw(asking.signed(asking.setpoint())),
    ),
    Reason.KEY_REVOKED: (
        under(asking.setpoint(), key(revoked=True)),
        under(asking.setpoint(), key(revoked=False)),
    ),
    Reason.KEY_NOT_VALID: (
        under(asking.setpoint(), key(valid_until=NOW)),
        under(asking.setpoint(), key(valid_until=WallMs(NOW + 1))),
    ),
    Reason.ISSUER: (
        by(AGG, asking.setpoint(issuer=IssuerId("operator"))),
        by(OPERATOR, asking.setpoint(issuer=IssuerId("operator"))),
    ),
    Reason.OTHER_SITE: (
        by(AGG, asking.setpoint(site=SiteId("kushiro-2"))),
        by(AGG, asking.setpoint(site=SiteId("kushiro-1"))),
    ),
    Reason.OTHER_SESSION: (
        by(AGG, asking.setpoint(session=SessionId("1" + "0" * 31))),
        by(AGG, asking.setpoint(session=SessionId("0" * 32))),
    ),
    Reason.ID_REUSED: (
        after(asking.setpoint(id=CommandId("a")), asking.setpoint(sequence=2, id=CommandId("a"))),
        after(asking.setpoint(id=CommandId("a")), asking.setpoint(sequence=2, id=CommandId("b"))),
    ),
    Reason.SEQUENCE: (
        after(asking.setpoint(sequence=5), asking.setpoint(sequence=5, id=CommandId("b"))),
        after(asking.setpoint(sequence=5), asking.setpoint(sequence=6)),
    ),
    Reason.TIME_UNSURE: (at(0, asking.setpoint(), sure=False), at(0, STOP, sure=False)),
    Reason.EXPIRED: (
        at(10 * MINUTE + 1, asking.setpoint()),
        at(10 * MINUTE, asking.setpoint()),
    ),
    Reason.NOT_YET: (at(-1, asking.setpoint()), at(0, asking.setpoint())),
    Reason.LIFE_TOO_LONG: (
        bound(asking.setpoint(), life=Lives(setpoint=599)),
        bound(asking.setpoint(), life=Lives(setpoint=600)),
    ),
    Reason.NOT_PERMITTED: (
        under(asking.setpoint(), key(power_max=99_999)),
        under(asking.setpoint(), key(power_max=100_000)),
    ),
    Reason.LOCAL_STOP: (
        under(asking.setpoint(), latches=frozenset({Latch.LOCAL_STOP})),
        under(asking.curtail(), latches=frozenset({Latch.LOCAL_STOP})),
    ),
    Reason.REMOTE_STOP: (
        under(asking.setpoint(), latches=frozenset({Latch.REMOTE_STOP})),
        under(asking.release(), latches=frozenset({Latch.REMOTE_STOP})),
    ),
    Reason.LATCHED: (
        under(asking.setpoint(), latches=frozenset({Latch.MISMATCH})),
        under(STOP, latches=frozenset({Latch.MISMATCH})),
    ),
    Reason.RANK: (
        under(asking.release(), key(may=FEW), latches=frozenset({Latch.REMOTE_STOP})),
        under(
            asking.release(),
            key(may=FEW),
            latches=frozenset({Latch.REMOTE_STOP}),
            curtailments=(MINE,),
        ),
    ),
    Reason.NOT_COMMISSIONED: (
        under(asking.setpoint(), commissioned="e" * 64),
        under(asking.setpoint(), commissioned="d" * 64),
    ),
    Reason.PLANT_FAILED: (
        shown(asking.setpoint(), old_soc(15_001)),
        shown(asking.setpoint(), old_soc(15_000)),
    ),
    Reason.JOURNAL_BEHIND: (
        while_running(asking.setpoint(), failures=frozenset({Failure.DISK})),
        while_running(asking.setpoint(), failures=frozenset({Failure.DISK}), dispatch=100_000.0),
    ),
    Reason.FOREIGN_WRITER: (
        while_running(asking.setpoint(), foreign=(BootMs(asking.START - 60_000),) * 3),
        while_running(asking.setpoint(), foreign=(BootMs(asking.START - 60_001),) * 3),
    ),
    Reason.FREQUENCY_DISTURBED: (
        while_running(asking.setpoint(), frequency=Sure(Hertz(50.25))),
        while_running(asking.setpoint(-100_000), frequency=Sure(Hertz(50.25))),
    ),
    # 0.4 of 2 MWh above the lowest charge: 800 kWh, in two half-hours.
    Reason.ENERGY: (
        by(AGG, asking.schedule(800_000, 802_000)),
        by(AGG, asking.schedule(800_000, 800_000)),
    ),
    Reason.BUDGET: (
        spent(asking.setpoint(-100_000), reversals=0.9),
        spent(asking.setpoint(-100_000), reversals=1.0),
    ),
    Reason.NOTHING_TO_RELEASE: (
        by(AGG, asking.release()),
        under(asking.release(), curtailments=(MINE,)),
    ),
}


def test_every_reason_has_its_case():
    assert set(CASES) == set(Reason)


@pytest.mark.parametrize("reason", CASES)
def test_refused_for_exactly_this_and_a_neighbour_is_not(reason):
    refused, neighbour = CASES[reason]
    assert refused() is reason
    assert neighbour() is OK


def test_a_refusal_carries_its_reason_and_changes_nothing_that_stands():
    desk = Desk()
    got = desk.ask(asking.setpoint(site=SiteId("kushiro-2")))
    assert got.decision is not None
    assert got.decision.outcome is Outcome.REFUSED
    assert not got.wake
    assert desk.gate.durable.standing == ()


def test_products_are_asked_of_the_key():
    only_fcr = key(may=frozenset({Grant(Kind.SETPOINT, Product.FCR)}))
    desk = Desk(asking.gate(only_fcr))
    assert desk.reason(asking.setpoint(sequence=1)) is Reason.NOT_PERMITTED
    assert desk.reason(asking.setpoint(sequence=2, product=Product.FCR)) is OK
