"""A flood costs bounded work, and does not keep the operator's stop out."""

from sekisho.codec.command import CommandClass, Kind, Product
from sekisho.codec.decision import Reason
from sekisho.codec.trust import Grant
from sekisho.gate.guard.pressure import CLAIMED, SIGNED, STALE, WORK
from sekisho.terms.ids import CommandId, IssuerId, SessionId
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import AGG, OPERATOR, Desk, key

MARKET_ONLY = frozenset({Grant(Kind.SETPOINT, Product.JEPX_SPOT)})
STOP = asking.stop(issuer=IssuerId("operator"), id=CommandId("stop"))
FLOOD = 3_000


def gate():
    return asking.gate(key(may=MARKET_ONLY), key(OPERATOR, "operator"))


def passes(desk):
    return desk.reason(STOP, OPERATOR) is None


def flooded(*raws, of=None):
    """A desk that was sent these again and again within one millisecond."""
    desk = Desk(of or gate())
    for n in range(FLOOD):
        desk.raw(raws[n % len(raws)])
    return desk


def test_unknown_keys_cost_no_signature_work_at_all():
    raw = asking.signed(asking.stop(), asking.STRANGER)
    desk = flooded(raw)
    assert desk.verified == 0
    assert passes(desk)


def test_forged_dispatch_under_a_known_key_leaves_the_stop():
    desk = flooded(asking.forged(asking.setpoint(), AGG.kid))
    assert desk.verified <= CLAIMED[CommandClass.DISPATCH].most
    assert passes(desk)


def test_forged_stops_under_a_key_that_may_not_stop_leave_the_stop():
    desk = flooded(asking.forged(asking.stop(), AGG.kid))
    assert desk.verified <= CLAIMED[CommandClass.DISPATCH].most
    assert passes(desk)


def test_forged_dispatch_under_the_operators_own_key_leaves_its_stop():
    forged = asking.forged(asking.setpoint(issuer=IssuerId("operator")), OPERATOR.kid)
    assert passes(flooded(forged))


def test_forged_stops_under_one_key_leave_work_for_another_that_may_stop():
    of = asking.gate(key(), key(OPERATOR, "operator"))
    desk = flooded(asking.forged(asking.stop(), AGG.kid), of=of)
    assert desk.verified <= CLAIMED[CommandClass.SAFETY].most
    assert passes(desk)


def test_old_commands_of_the_operator_played_back_leave_its_stop():
    """What can no longer pass gets no work once work is scarce."""
    old = SessionId("f" * 32)
    raws = [
        asking.signed(asking.stop(issuer=IssuerId("operator"), session=old, sequence=n), OPERATOR)
        for n in range(1, 60)
    ]
    desk = flooded(*raws)
    assert desk.verified <= CLAIMED[CommandClass.SAFETY].most / 2 + 1
    assert passes(desk)


def test_replays_cannot_fill_the_journal():
    old = asking.signed(asking.setpoint(session=SessionId("f" * 32)))
    desk = flooded(old)
    assert len(desk.entries) <= STALE.most


def test_the_holder_of_a_revoked_key_cannot_fill_the_journal():
    desk = Desk(asking.gate(key(revoked=True), key(OPERATOR, "operator")))
    for n in range(1, 60):
        desk.ask(asking.setpoint(sequence=n))
    assert len(desk.entries) <= STALE.most
    assert passes(desk)


def test_work_of_all_keys_together_is_bounded():
    assert sum(rate.per_second for rate in WORK.values()) <= 2_000


def test_the_holder_of_a_key_is_held_to_his_rate():
    desk = Desk()
    raws = [asking.signed(asking.setpoint(sequence=n)) for n in range(1, int(SIGNED.most) + 2)]
    found = [desk.raw(raw) for raw in raws]
    assert all(got.decision for got in found[:-1])
    assert found[-1].counted is Reason.RATE
    later = int(1_000 / SIGNED.per_second)
    desk.at(later)
    assert desk.raw(raws[-1]).decision is not None


def test_a_thief_who_spends_his_own_rate_leaves_everyone_elses():
    desk = Desk(asking.gate())
    for n in range(1, 200):
        desk.ask(asking.curtail(1000 - n, 1000 + n, sequence=n))
    assert passes(desk)


def test_buckets_are_kept_for_keys_of_the_trust_list_only():
    desk = flooded(
        asking.signed(asking.stop(), asking.STRANGER),
        asking.forged(asking.setpoint(), AGG.kid),
        b"rubbish",
    )
    kids = {kid for kid, _ in (*desk.pressure.claimed, *desk.pressure.signed)}
    assert kids <= {AGG.kid, OPERATOR.kid}
