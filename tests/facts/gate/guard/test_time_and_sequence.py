"""Every limit of time and sequence: the last value that passes, and the next that does not."""

import pytest

from sekisho.codec.decision import Reason
from sekisho.gate.clock import Clock
from sekisho.gate.guard.checks.sequence import MOST_STEP
from sekisho.terms.ids import CommandId, IssuerId
from sekisho.terms.quantity import BootMs, WallMs
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import MINUTE, NOW, START, Desk, key

LIFE = 10 * MINUTE


@pytest.mark.parametrize("error_ms", [0, 1, 999])
def test_fresh_counts_the_clocks_error_on_both_sides(error_ms):
    def asked(later):
        return Desk().at(later, error_ms=error_ms).reason(asking.setpoint())

    assert asked(error_ms - 1) is Reason.NOT_YET
    assert asked(error_ms) is None
    assert asked(LIFE - error_ms) is None
    assert asked(LIFE - error_ms + 1) is Reason.EXPIRED


@pytest.mark.parametrize("error_ms", [0, 7])
def test_a_key_is_valid_by_the_whole_error_of_the_clock(error_ms):
    def asked(start, end):
        of = asking.gate(key(valid_from=WallMs(NOW + start), valid_until=WallMs(NOW + end)))
        desk = Desk(of).at(error_ms, error_ms=error_ms)
        return desk.reason(asking.setpoint())

    assert asked(0, 2 * error_ms + 1) is None
    assert asked(1, MINUTE) is Reason.KEY_NOT_VALID
    assert asked(0, 2 * error_ms) is Reason.KEY_NOT_VALID


@pytest.mark.parametrize(
    ("command", "most_s"),
    [
        (asking.setpoint, 1_800),
        (asking.stop, 1_800),
        (asking.release, 1_800),
        (asking.curtail, 172_800),
        (lambda **c: asking.schedule(1, 1, **c), 172_800),
    ],
)
def test_each_kind_has_its_longest_life(command, most_s):
    longest = command(expires_at=WallMs(NOW + most_s * 1_000))
    longer = command(expires_at=WallMs(NOW + most_s * 1_000 + 1))
    assert Desk().reason(longest) is not Reason.LIFE_TOO_LONG
    assert Desk().reason(longer) is Reason.LIFE_TOO_LONG


def test_a_schedule_whose_last_half_hour_is_over_has_expired():
    late = asking.schedule(1, 1, expires_at=WallMs(NOW + 3 * 30 * MINUTE))
    hour = 60 * MINUTE
    assert Desk().at(hour - 1).reason(late) is None
    assert Desk().at(hour).reason(late) is Reason.EXPIRED


def test_a_schedule_that_expires_before_it_begins_is_refused():
    start = WallMs(NOW + 30 * MINUTE)
    assert Desk().reason(asking.schedule(1, start=start, expires_at=start)) is Reason.EXPIRED
    later = WallMs(start + 1)
    assert Desk().reason(asking.schedule(1, start=start, expires_at=later)) is None


def test_the_permission_of_a_schedule_ends_with_its_last_half_hour():
    desk = Desk()
    desk.ask(asking.schedule(1, 1, expires_at=WallMs(NOW + 3 * 30 * MINUTE)))
    assert desk.gate.durable.standing[0].term.boot == START + 60 * MINUTE


class TestWhileTimeIsUnsure:
    def asked(self, command, *, standing=(), later=0):
        of = scene.durable(asking.gate(), curtailments=standing)
        return Desk(of).at(later, sure=False).reason(command)

    def test_a_stop_passes_however_old(self):
        assert self.asked(asking.stop()) is None
        assert self.asked(asking.stop(), later=10**9) is None
        assert self.asked(asking.stop(), later=-(10**9)) is None

    def test_a_key_outside_its_validity_may_still_stop(self):
        of = asking.gate(key(valid_until=NOW))
        assert Desk(of).at(0, sure=False).reason(asking.stop()) is None
        assert Desk(of).at(0).reason(asking.stop()) is Reason.KEY_NOT_VALID

    def test_dispatch_schedule_and_release_do_not_pass(self):
        assert self.asked(asking.setpoint()) is Reason.TIME_UNSURE
        assert self.asked(asking.setpoint(0)) is Reason.TIME_UNSURE
        assert self.asked(asking.schedule(0)) is Reason.TIME_UNSURE
        assert self.asked(asking.release()) is Reason.TIME_UNSURE

    def test_only_a_tighter_curtailment_passes(self):
        stands = (scene.curtailment(500_000, 400_000),)
        assert self.asked(asking.curtail(499_999, 10**9), standing=stands) is None
        assert self.asked(asking.curtail(10**9, 399_999), standing=stands) is None
        loose = asking.curtail(500_000, 400_000)
        assert self.asked(loose, standing=stands) is Reason.TIME_UNSURE
        assert self.asked(asking.curtail(1_000_000, 1_000_000)) is Reason.TIME_UNSURE
        assert self.asked(asking.curtail(999_999, 1_000_000)) is None

    def test_it_lasts_its_whole_life_from_now_whatever_the_wall_clock_says(self):
        for later in (-(10**10), 0, 10**10):
            desk = Desk().at(0)
            desk.clock = Clock(wall=WallMs(NOW + later), boot=BootMs(START), sure=False, error_ms=0)
            assert desk.reason(asking.curtail(1, 1)) is None
            (one,) = desk.gate.durable.curtailments
            assert one.term.boot == START + LIFE
            assert one.begins == START

    def test_other_sessions_and_old_sequences_do_not_pass_either(self):
        of = scene.durable(asking.gate(), session="1" * 32)
        assert Desk(of).at(0, sure=False).reason(asking.stop()) is Reason.OTHER_SESSION
        desk = Desk().at(0, sure=False)
        assert desk.reason(asking.stop(sequence=3)) is None
        assert desk.reason(asking.stop(sequence=3, id=CommandId("x"))) is Reason.SEQUENCE


class TestSequence:
    def after(self, mark, number):
        desk = Desk()
        if mark:
            assert desk.reason(asking.setpoint(sequence=mark)) is None
        return desk.reason(asking.setpoint(sequence=number, id=CommandId("new")))

    def test_it_rises_strictly_and_by_no_more_than_a_million(self):
        assert self.after(5, 5) is Reason.SEQUENCE
        assert self.after(5, 4) is Reason.SEQUENCE
        assert self.after(5, 6) is None
        assert self.after(5, 5 + MOST_STEP) is None
        assert self.after(5, 6 + MOST_STEP) is Reason.SEQUENCE
        assert self.after(0, MOST_STEP) is None
        assert self.after(0, MOST_STEP + 1) is Reason.SEQUENCE

    def test_dispatch_does_not_hold_up_safety(self):
        desk = Desk()
        for number in (MOST_STEP, 2 * MOST_STEP, 3 * MOST_STEP):
            assert desk.reason(asking.setpoint(sequence=number)) is None
        assert desk.reason(asking.stop(sequence=1, id=CommandId("stop"))) is None

    def test_one_keys_numbers_are_not_anothers(self):
        desk = Desk()
        assert desk.reason(asking.setpoint(sequence=7)) is None
        theirs = asking.setpoint(sequence=1, issuer=IssuerId("operator"))
        assert desk.reason(theirs, asking.OPERATOR) is None

    def test_a_jump_that_is_refused_uses_up_nothing(self):
        desk = Desk()
        assert desk.reason(asking.setpoint(sequence=MOST_STEP + 1)) is Reason.SEQUENCE
        assert desk.reason(asking.setpoint(sequence=1)) is None

    def test_the_same_id_of_another_issuer_is_another_command(self):
        desk = Desk()
        assert desk.reason(asking.setpoint(id=CommandId("a"))) is None
        theirs = asking.setpoint(id=CommandId("a"), issuer=IssuerId("operator"))
        assert desk.reason(theirs, asking.OPERATOR) is None
