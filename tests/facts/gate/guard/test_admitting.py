"""What an accepted command changes, and what it leaves as it was."""

from dataclasses import replace

import pytest

from sekisho.codec.command import Kind, Product, Rank
from sekisho.codec.decision import Limit, Outcome, Reason
from sekisho.codec.trust import Grant
from sekisho.gate.clock import Clock
from sekisho.gate.cycle.tick import tick
from sekisho.gate.durable_form import from_bytes, to_bytes
from sekisho.gate.failures import Failure
from sekisho.gate.guard.admit import start_delay_ms
from sekisho.gate.guard.checks.interlock import MOST_OF_ONE_KEY
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.restart import Found, resumed
from sekisho.gate.state import Latch
from sekisho.terms.ids import CommandId, IssuerId, SiteId
from sekisho.terms.quantity import BootMs, WallMs, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import MINUTE, NOW, OPERATOR, START, Desk, key

MINE = IssuerId("operator")


def theirs(command, **changes):
    """The operator's."""
    return replace(command, envelope=replace(command.envelope, issuer=MINE, **changes))


def kinds(desk):
    return [entry.kind for entry in desk.entries]


def test_a_set_point_stands_with_its_power_term_and_entry():
    desk = Desk()
    got = desk.ask(asking.setpoint(250_000))
    (standing,) = desk.gate.durable.standing
    assert standing.power == 250_000
    assert standing.rank is Rank.MARKET
    assert standing.term.boot == START + 10 * MINUTE
    assert standing.term.wall == NOW + 10 * MINUTE
    assert standing.begins == START
    assert standing.delay_ms == 0
    assert standing.entry == got.entry == 1
    assert got.wake
    (entry,) = got.entries
    assert entry.kind is EntryKind.DECISION
    assert not entry.behind
    assert entry.body["signed"] == asking.signed(asking.setpoint(250_000)).decode()


def test_a_permission_ends_no_later_than_its_key():
    desk = Desk(asking.gate(key(valid_until=WallMs(NOW + MINUTE))))
    desk.ask(asking.setpoint())
    assert desk.gate.durable.standing[0].term.boot == START + MINUTE


def test_one_order_of_each_rank_stands_and_the_highest_is_first():
    desk = Desk()
    desk.ask(asking.setpoint(1, Product.LOCAL, sequence=1))
    desk.ask(asking.setpoint(2, Product.FCR, sequence=2))
    desk.ask(asking.setpoint(3, Product.JEPX_SPOT, sequence=3))
    desk.ask(asking.setpoint(4, Product.JEPX_INTRADAY, sequence=4))
    assert [(s.rank, s.power) for s in desk.gate.durable.standing] == [
        (Rank.BALANCING, 2),
        (Rank.MARKET, 4),
        (Rank.LOCAL_SCHEDULE, 1),
    ]


def test_a_lower_rank_is_accepted_while_a_higher_one_stands_and_waits():
    desk = Desk()
    desk.ask(asking.setpoint(2, Product.FCR, sequence=1))
    got = desk.ask(asking.setpoint(3, Product.LOCAL, sequence=2))
    assert got.decision.outcome is Outcome.ACCEPTED


def test_a_limited_decision_names_bound_value_and_place():
    desk = Desk(asking.gate(bounds=scene.bounds(export_max=Watts(60_000))))
    got = desk.ask(asking.setpoint(100_000))
    assert got.decision.outcome is Outcome.LIMITED
    assert got.decision.power == 60_000
    assert got.decision.limits == (
        Limit(bound="export_max", value=60_000, where="bounds.json version 1"),
    )
    assert desk.gate.durable.standing[0].power == 60_000


def test_a_curtailment_is_never_wider_than_the_connection_point():
    desk = Desk()
    got = desk.ask(asking.curtail(10**9, 200_000))
    assert got.decision.outcome is Outcome.LIMITED
    assert [limit.bound for limit in got.decision.limits] == ["connection_export_max"]
    (standing,) = desk.gate.durable.curtailments
    assert standing.order.export_max == scene.RATED
    assert standing.order.import_max == 200_000
    assert got.entries[0].behind


def test_a_set_point_is_limited_by_a_standing_curtailment():
    desk = Desk()
    desk.ask(asking.curtail(30_000, 1_000_000, sequence=1))
    got = desk.ask(asking.setpoint(100_000, sequence=1, id=CommandId("s")))
    assert got.decision.power == 30_000
    assert got.decision.limits[0].bound == "curtailment"
    assert got.decision.limits[0].where == "c-1"


def test_curtailments_add_up_and_only_covered_ones_of_the_same_key_go():
    desk = Desk()
    desk.ask(asking.curtail(500_000, 500_000, sequence=1))
    desk.ask(asking.curtail(100_000, 900_000, sequence=2))
    desk.ask(theirs(asking.curtail(600_000, 600_000, sequence=1)), OPERATOR)
    assert len(desk.gate.durable.curtailments) == 3
    desk.ask(asking.curtail(50_000, 50_000, sequence=3))
    left = [c.order.export_max for c in desk.gate.durable.curtailments]
    assert left == [600_000, 50_000]


def test_no_key_uses_up_the_room_of_curtailments():
    desk = Desk()
    for n in range(1, MOST_OF_ONE_KEY + 1):
        # Each is narrower one way and wider the other: none covers another.
        assert desk.reason(asking.curtail(1000 - n, 1000 + n, sequence=n)) is None
    assert desk.reason(asking.curtail(0, 2000, sequence=99)) is Reason.RATE
    mine = theirs(asking.curtail(0, 2000, sequence=1))
    assert desk.reason(mine, OPERATOR) is None


def test_a_stop_latches_ends_all_dispatch_and_is_written_behind():
    desk = Desk()
    desk.ask(asking.setpoint(100_000))
    got = desk.ask(asking.stop(sequence=1, id=CommandId("stop")))
    assert desk.gate.durable.standing == ()
    assert Latch.REMOTE_STOP in desk.gate.durable.latches
    assert desk.gate.durable.stopped_by is not None
    assert desk.gate.durable.stopped_by.command == "stop"
    assert [e.kind for e in got.entries] == [
        EntryKind.DECISION,
        EntryKind.LATCHED,
        EntryKind.ENDED,
    ]
    assert all(entry.behind for entry in got.entries)


def test_a_release_lifts_the_stop_and_starts_nothing():
    desk = Desk()
    desk.ask(asking.setpoint(100_000))
    desk.ask(asking.stop(sequence=1, id=CommandId("stop")))
    got = desk.ask(asking.release(sequence=2, id=CommandId("go")))
    assert desk.gate.durable.latches == frozenset()
    assert desk.gate.durable.standing == ()
    assert EntryKind.RELEASED in [e.kind for e in got.entries]
    assert not any(e.behind for e in got.entries)


def test_a_release_touches_no_local_latch():
    desk = Desk(
        scene.durable(
            asking.gate(), latches=frozenset({Latch.LOCAL_STOP, Latch.REMOTE_STOP, Latch.MISMATCH})
        )
    )
    desk.ask(asking.release())
    assert desk.gate.durable.latches == {Latch.LOCAL_STOP, Latch.MISMATCH}
    assert desk.reason(asking.release(sequence=2)) is Reason.LOCAL_STOP


def test_a_release_lifts_only_its_own_issuers_curtailments():
    desk = Desk()
    desk.ask(asking.curtail(1, 1, sequence=1))
    desk.ask(theirs(asking.curtail(2, 2, sequence=1)), OPERATOR)
    got = desk.ask(asking.release(sequence=2))
    lifted = {c.order.envelope.issuer: c.lifted for c in desk.gate.durable.curtailments}
    assert lifted == {"agg": got.entry, "operator": 0}
    assert desk.reason(asking.release(sequence=3)) is Reason.NOTHING_TO_RELEASE


def test_a_released_curtailment_binds_until_the_release_is_committed():
    desk = Desk()
    desk.ask(asking.curtail(1, 1, sequence=1))
    got = desk.ask(asking.release(sequence=2))

    def left(committed):
        around = replace(scene.SAFE, committed=committed)
        return tick(desk.gate, desk.image, desk.clock, around)[0].durable.curtailments

    assert len(left(got.entry - 1)) == 1
    assert left(got.entry) == ()


def test_a_new_set_point_is_not_held_by_what_was_released_before_it():
    desk = Desk()
    desk.ask(asking.curtail(1, 1, sequence=1))
    desk.ask(asking.release(sequence=2))
    got = desk.ask(asking.setpoint(100_000, id=CommandId("s")))
    assert got.decision.outcome is Outcome.ACCEPTED


def test_a_released_curtailment_does_not_come_back_with_a_restart():
    desk = Desk()
    desk.ask(asking.curtail(1, 1, sequence=1))
    desk.ask(asking.release(sequence=2))
    desk.ask(asking.curtail(2, 2, sequence=3))
    gate = desk.gate
    found = Found(
        settings=gate.settings, trust=gate.trust, bounds=gate.bounds, boot_id="next", next_entry=9
    )
    # The machine has just started: its clock has counted less than when the order came.
    clock = Clock(wall=WallMs(NOW + MINUTE), boot=BootMs(1_000), sure=True)
    again = resumed(found, from_bytes(to_bytes(gate.durable)), clock)
    (one,) = again.durable.curtailments
    assert one.order.export_max == 2
    assert one.begins <= clock.boot


def test_nothing_is_released_while_the_journal_cannot_be_written():
    run = asking.run(failures=frozenset({Failure.DISK}))
    desk = Desk(scene.durable(asking.gate(run=run), latches=frozenset({Latch.REMOTE_STOP})))
    assert desk.reason(asking.release()) is Reason.JOURNAL_BEHIND
    assert desk.reason(asking.stop(sequence=2)) is None


def test_schedules_of_a_fleet_start_apart_and_one_sites_always_alike():
    delays = {start_delay_ms(SiteId(f"site-{n}"), 120) for n in range(200)}
    assert len(delays) > 190
    assert max(delays) <= 120_000
    assert sum(d < 60_000 for d in delays) in range(70, 131)
    assert start_delay_ms(SiteId("site-1"), 120) == start_delay_ms(SiteId("site-1"), 120)
    assert start_delay_ms(SiteId("site-1"), 0) == 0


def test_a_schedule_carries_the_delay_of_its_site_and_a_set_point_none():
    desk = Desk(asking.gate(key(start_delay_max_s=120)))
    desk.ask(asking.schedule(1000, 2000))
    assert desk.gate.durable.standing[0].delay_ms == start_delay_ms(scene.SITE, 120) > 0
    desk.ask(asking.setpoint(sequence=2))
    assert desk.gate.durable.standing[0].delay_ms == 0


def test_the_same_bytes_again_get_the_same_answer_and_do_nothing():
    desk = Desk()
    raw = asking.signed(asking.setpoint())
    first = desk.raw(raw)
    before = desk.gate
    again = desk.raw(raw)
    assert again.decision == first.decision
    assert again.entry == first.entry
    assert again.entries == ()
    assert again.counted is None
    assert not again.wake
    assert desk.gate is before


def test_what_was_refused_cannot_be_played_back_when_it_would_pass():
    desk = Desk(scene.durable(asking.gate(), latches=frozenset({Latch.MISMATCH})))
    raw = asking.signed(asking.setpoint())
    assert desk.raw(raw).decision.reason is Reason.LATCHED
    desk.gate = scene.durable(desk.gate, latches=frozenset())
    assert desk.raw(raw).decision.reason is Reason.LATCHED
    desk.gate = replace(desk.gate, answers={})
    assert desk.raw(raw).decision.reason is Reason.SEQUENCE
    assert desk.gate.durable.standing == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"x" * 20_000,
        asking.signed(asking.setpoint(), asking.STRANGER),
        asking.forged(asking.setpoint(), asking.AGG.kid),
    ],
)
def test_what_nobody_is_proven_to_have_sent_gets_no_answer_and_no_entry(raw):
    desk = Desk()
    before = desk.gate
    got = desk.raw(raw)
    assert got.decision is None
    assert got.entries == ()
    assert got.counted is not None
    assert desk.gate is before


def test_a_refusal_is_written_with_its_digest_and_not_with_its_bytes():
    desk = Desk()
    got = desk.ask(asking.setpoint(site=SiteId("kushiro-2")))
    (entry,) = got.entries
    assert entry.body["outcome"] == "refused"
    assert entry.body["reason"] == "other-site"
    assert "signed" not in entry.body


def test_numbers_of_entries_follow_one_another():
    desk = Desk()
    desk.ask(asking.setpoint(sequence=1))
    desk.ask(asking.stop(sequence=1, id=CommandId("s")))
    desk.ask(asking.release(sequence=2, id=CommandId("r")))
    got = desk.ask(asking.setpoint(sequence=2))
    assert desk.gate.next_entry == 1 + len(desk.entries)
    assert got.entry == len(desk.entries)


def test_a_key_that_may_not_stop_lifts_its_curtailments_and_leaves_the_stop():
    weak = key(may=frozenset({Grant(Kind.RELEASE), Grant(Kind.CURTAIL)}))
    desk = Desk(scene.durable(asking.gate(weak), latches=frozenset({Latch.REMOTE_STOP})))
    assert desk.reason(asking.curtail(sequence=1)) is None
    assert desk.reason(asking.release(sequence=2)) is None
    assert desk.gate.durable.curtailments[0].lifted
    assert Latch.REMOTE_STOP in desk.gate.durable.latches


def test_a_key_that_may_only_release_lifts_no_stop():
    weak = key(may=frozenset({Grant(Kind.RELEASE)}))
    desk = Desk(scene.durable(asking.gate(weak), latches=frozenset({Latch.REMOTE_STOP})))
    assert desk.reason(asking.release()) is Reason.RANK
    assert Latch.REMOTE_STOP in desk.gate.durable.latches
