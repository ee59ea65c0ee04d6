"""Another trust.json or bounds.json, and what it makes of what stands."""

from dataclasses import replace
from types import MappingProxyType

from sekisho.codec.command import Kind, Product
from sekisho.codec.decision import Reason
from sekisho.codec.trust import Grant
from sekisho.gate.budget import full
from sekisho.gate.guard.changes import bounded, trusted
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import Latch
from sekisho.terms.ids import CommandId, IssuerId, SessionId
from sekisho.terms.quantity import WallMs, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import AGG, MINUTE, NOW, OPERATOR, START, Desk, key

NEW = SessionId("ab" * 16)


def asked():
    """A set-point and a curtailment of the aggregator, a curtailment and a stop of the operator."""
    desk = Desk()
    desk.ask(asking.setpoint(sequence=9))
    desk.ask(asking.curtail(1_000, 1_000))
    mine = IssuerId("operator")
    desk.ask(asking.curtail(2_000, 2_000, issuer=mine), OPERATOR)
    return desk


def under(desk, *keys):
    trust = replace(scene.trust(*keys), version=2)
    return trusted(desk.gate, trust, NEW, desk.clock)


def test_a_revoked_keys_orders_end_at_once_and_others_stay():
    changed = under(asked(), key(revoked=True), key(OPERATOR, "operator"))
    durable = changed.gate.durable
    assert durable.standing == ()
    assert [c.kid for c in durable.curtailments] == [OPERATOR.kid]
    ended = [e.body["command"] for e in changed.entries if e.kind is EntryKind.ENDED]
    assert ended == ["c-9", "c-1"]


def test_a_removed_keys_orders_end_too():
    durable = under(asked(), key(OPERATOR, "operator")).gate.durable
    assert durable.standing == ()
    assert [c.kid for c in durable.curtailments] == [OPERATOR.kid]


def test_a_key_that_may_no_longer_ask_it_ends_it():
    less = key(may=frozenset({Grant(Kind.SETPOINT, Product.FCR), Grant(Kind.CURTAIL)}))
    durable = under(asked(), less, key(OPERATOR, "operator")).gate.durable
    assert durable.standing == ()
    assert len(durable.curtailments) == 2


def test_a_key_that_now_ends_earlier_takes_its_orders_with_it():
    short = key(valid_until=WallMs(NOW + MINUTE))
    durable = under(asked(), short, key(OPERATOR, "operator")).gate.durable
    assert durable.standing[0].term.boot == START + MINUTE
    assert durable.standing[0].term.wall == NOW + MINUTE


def test_a_stop_outlives_the_key_that_asked_it():
    desk = asked()
    desk.ask(asking.stop(id=CommandId("s"), sequence=2))
    durable = under(desk, key(revoked=True), key(OPERATOR, "operator")).gate.durable
    assert Latch.REMOTE_STOP in durable.latches


def test_the_session_is_new_and_numbers_begin_anew():
    desk = asked()
    old = asking.signed(asking.setpoint(sequence=10))
    changed = under(desk, key(), key(OPERATOR, "operator"))
    desk.gate = changed.gate
    assert desk.gate.durable.session == NEW
    assert desk.gate.durable.trust_version == 2
    assert desk.raw(old).decision.reason is Reason.OTHER_SESSION
    assert desk.reason(asking.setpoint(sequence=1, session=NEW, id=CommandId("n"))) is None
    kinds = [e.kind for e in changed.entries]
    assert kinds == [EntryKind.TRUST, EntryKind.SESSION]
    assert changed.gate.next_entry == asked().gate.next_entry + 2


def test_what_still_stands_goes_on_in_the_new_session():
    assert len(under(asked(), key(), key(OPERATOR, "operator")).gate.durable.standing) == 1


def test_budgets_of_keys_that_stay_are_carried():
    spent = replace(full(scene.PLENTY, asking.clock(), scene.BOOT), hour=1.0)
    desk = Desk(
        scene.durable(asking.gate(), purses=MappingProxyType({AGG.kid: spent, OPERATOR.kid: spent}))
    )
    durable = under(desk, key()).gate.durable
    assert dict(durable.purses) == {AGG.kid: spent}


def test_other_bounds_keep_the_session_and_hold_from_the_next_question():
    desk = asked()
    narrow = scene.bounds(version=2, connection_export_max=Watts(500))
    changed = bounded(desk.gate, narrow, desk.clock)
    assert changed.gate.durable.session == desk.gate.durable.session
    assert changed.gate.durable.bounds_version == 2
    assert [e.kind for e in changed.entries] == [EntryKind.BOUNDS]
    desk.gate = changed.gate
    got = desk.ask(asking.curtail(900, 0, sequence=5))
    assert got.decision.limits[0].where == "bounds.json version 2"
