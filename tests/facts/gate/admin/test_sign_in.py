"""Signing in, first use, second factor and sessions."""

from dataclasses import replace

import pytest

from sekisho.gate.admin.book import OneTimeCode
from sekisho.gate.admin.book_form import UnreadableBookError, book_bytes, book_of
from sekisho.gate.admin.desk import (
    CODE_LIFE_MS,
    Compare,
    Entered,
    Fault,
    Wait,
    Wrong,
    ask,
    begun,
    code_asked,
    code_given,
    ended_everywhere,
    enrolling,
    find,
    first_use_asked,
    first_used,
    signed_out,
)
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.people import second_set_up
from sekisho.gate.admin.roles import Role
from sekisho.gate.admin.sessions import ABSOLUTE_MS, HALF_MS, IDLE_MS, MOST_OF_ONE, Stage, seen
from sekisho.gate.admin.throttle import FREE_OF_ACCOUNT, MOST_FAILURES
from sekisho.gate.admin.words import code_digest
from sekisho.terms.quantity import BootMs, WallMs
from tests.facts.gate.admin.desks import (
    EPOCH,
    SETUP_CODE,
    at,
    desk,
    new_device,
    second,
    session_of,
    sign_in,
    user,
)


def kinds(desk):
    return [note.kind for note in desk.book.pending]


def test_a_right_password_opens_a_session_and_the_journal_is_told():
    after, entered = sign_in(desk(user()))
    assert isinstance(entered, Entered)
    session = session_of(after, entered)
    assert session is not None
    assert session.user == "mori"
    assert session.stage is Stage.FULL
    assert kinds(after) == [NoteKind.SIGNED_IN]
    assert entered.secret not in repr(after), "only its digest is held"


def test_a_wrong_password_opens_none():
    after, outcome = sign_in(desk(user()), fits=False)
    assert isinstance(outcome, Wrong)
    assert not after.sessions.held
    assert outcome.note.user == "mori"


def test_a_name_that_nobody_has_is_compared_too_and_never_written_down():
    before = desk(user())
    _, asked = ask(before, "my secret password", at())
    assert asked == Compare("my secret password", None)
    after, outcome = sign_in(before, "my secret password", fits=True)
    assert isinstance(outcome, Wrong)
    assert outcome.note.user == ""
    assert "my secret password" not in repr(after)


def test_a_user_without_a_password_cannot_sign_in_with_any():

    after, outcome = sign_in(desk(replace(user(), password=None)), fits=True)
    assert isinstance(outcome, Wrong)
    assert not after.sessions.held


def test_with_a_second_factor_the_password_alone_opens_nothing_but_the_code():
    before, entered = sign_in(desk(user(second=second())))
    assert isinstance(entered, Entered)
    assert entered.stage is Stage.CODE
    session = session_of(before, entered)
    assert session is not None
    after, full = code_given(before, session, "123456", {7: "123456"}, at())
    assert isinstance(full, Entered)
    assert full.stage is Stage.FULL
    assert full.secret != entered.secret, "the cookie changes with what it opens"
    assert find(after, entered.secret, BootMs(0)) is None


def test_a_code_counts_once_and_none_before_it_counts_again():
    start, entered = sign_in(desk(user(second=second())))
    assert isinstance(entered, Entered)
    session = session_of(start, entered)
    steps = {6: "666666", 7: "777777", 8: "888888"}
    used, _ = code_given(start, session, "777777", steps, at())
    again, entered = sign_in(used)
    assert isinstance(entered, Entered)
    session = session_of(again, entered)
    for replayed in ("777777", "666666"):
        assert isinstance(code_given(again, session, replayed, steps, at())[1], Wrong)
    assert isinstance(code_given(again, session, "888888", steps, at())[1], Entered)


def test_a_recovery_code_is_good_once_and_told_to_the_journal():
    start, entered = sign_in(desk(user(second=second())))
    assert isinstance(entered, Entered)
    session = session_of(start, entered)
    after, outcome = code_given(start, session, "recov eryaa", {}, at())
    assert isinstance(outcome, Entered)
    assert NoteKind.RECOVERY_USED in kinds(after)
    again, entered = sign_in(after)
    session = session_of(again, entered)
    assert isinstance(code_given(again, session, "RECOV-ERYAA", {}, at())[1], Wrong)


def test_a_right_password_leaves_time_for_the_code_however_often_others_guessed():
    """A delay that ran on would outlast the five minutes that the code may take."""
    now, held = 0, desk(user(second=second()))
    for _ in range(20):
        held, _outcome = sign_in(held, fits=False, moment=at(now, f"198.51.100.{now % 250}"))
        now += 20 * 60_000
    held, entered = sign_in(held, moment=at(now))
    assert isinstance(entered, Entered)
    session = session_of(held, entered, now)
    held, waits = code_asked(held, session, at(now + 1_000))
    assert waits is None
    assert isinstance(code_given(held, session, "1", {1: "1"}, at(now + 1_000))[1], Entered)


def test_wrong_codes_cost_delays_although_the_password_was_right():
    held, now = desk(user(second=second())), 0
    for _ in range(FREE_OF_ACCOUNT + 1):
        held, entered = sign_in(held, moment=at(now))
        if isinstance(entered, Wait):
            return
        assert isinstance(entered, Entered)
        session = session_of(held, entered, now)
        held, waits = code_asked(held, session, at(now))
        if waits is not None:
            return
        held, wrong = code_given(held, session, "0", {1: "1"}, at(now))
        assert isinstance(wrong, Wrong)
    raise AssertionError("no delay came")


def test_a_session_ends_when_idle_and_at_the_end_of_a_shift():
    held, entered = sign_in(desk(user()))
    assert isinstance(entered, Entered)
    assert find(held, entered.secret, BootMs(IDLE_MS - 1)) is not None
    assert find(held, entered.secret, BootMs(IDLE_MS)) is None

    now = 0
    while now < ABSOLUTE_MS - IDLE_MS:
        now += IDLE_MS - 1
        session = session_of(held, entered, now)
        assert session is not None
        held = replace(held, sessions=seen(held.sessions, session, BootMs(now)))
    assert find(held, entered.secret, BootMs(ABSOLUTE_MS)) is None


def test_a_session_that_awaits_its_code_ends_soon():
    held, entered = sign_in(desk(user(second=second())))
    assert find(held, entered.secret, BootMs(HALF_MS - 1)) is not None
    assert find(held, entered.secret, BootMs(HALF_MS)) is None


def test_one_person_holds_a_few_sessions_and_the_oldest_makes_room():
    held = desk(user())
    secrets = []
    for n in range(MOST_OF_ONE + 1):
        held, entered = sign_in(held, moment=at(n))
        assert isinstance(entered, Entered)
        secrets.append(entered.secret)
    assert find(held, secrets[0], BootMs(9)) is None
    assert all(find(held, secret, BootMs(9)) for secret in secrets[1:])


def test_signing_out_ends_it_here_and_everywhere_means_everywhere():
    held, one = sign_in(desk(user()))
    held, two = sign_in(held)
    first = session_of(held, one)
    after = signed_out(held, first, at())
    assert find(after, one.secret, BootMs(0)) is None
    assert find(after, two.secret, BootMs(0)) is not None
    assert not ended_everywhere(held, first, at()).sessions.held


def test_the_set_up_code_makes_one_security_administrator_and_is_gone():
    start = new_device()
    held, no = first_use_asked(start, "mori", SETUP_CODE.lower(), at())
    assert no is None
    held, entered = first_used(held, "mori", SETUP_CODE, "hash", at())
    assert isinstance(entered, Entered)
    assert held.book.users["mori"].role is Role.SECURITY
    assert held.book.setup is None
    assert kinds(held) == [NoteKind.FIRST_USE, NoteKind.SIGNED_IN]
    assert isinstance(first_use_asked(held, "eve", SETUP_CODE, at())[1], Wrong)
    assert isinstance(first_used(held, "eve", SETUP_CODE, "hash", at())[1], Wrong)


def test_two_first_uses_at_the_same_time_make_one_user():
    start = new_device()
    one, no = first_use_asked(start, "mori", SETUP_CODE, at())
    both, no_too = first_use_asked(one, "eve", SETUP_CODE, at())
    assert no is None
    assert no_too is None
    held, _ = first_used(both, "mori", SETUP_CODE, "hash", at())
    held, outcome = first_used(held, "eve", SETUP_CODE, "hash", at())
    assert isinstance(outcome, Wrong)
    assert set(held.book.users) == {"mori"}


def test_a_bad_name_is_told_only_to_who_has_the_code():
    assert isinstance(first_use_asked(new_device(), "Bad Name", "wrong", at())[1], Wrong)
    assert isinstance(first_use_asked(new_device(), "Bad Name", SETUP_CODE, at())[1], Fault)


def test_a_persons_own_code_ends_after_a_day_and_opens_nobody_else():
    code = OneTimeCode(digest=code_digest("OWN"), ends=WallMs(EPOCH + CODE_LIFE_MS))
    held = desk(user(), user("tani", Role.VIEWER, code=code))
    assert first_use_asked(held, "tani", "own", at(CODE_LIFE_MS - 1))[1] is None
    assert isinstance(first_use_asked(held, "tani", "own", at(CODE_LIFE_MS))[1], Wrong)
    assert isinstance(first_use_asked(held, "mori", "own", at())[1], Wrong)
    assert isinstance(first_use_asked(held, "eve", "own", at())[1], Wrong)


def test_a_second_factor_counts_from_its_first_right_code_on():
    held, entered = sign_in(desk(user()))
    session = session_of(held, entered)
    held = enrolling(held, session, "NEWSECRET")
    session = session_of(held, entered)
    refused, fault = second_set_up(held, session, "000000", {3: "333333"}, (), at())
    assert isinstance(fault, Fault)
    assert refused.book.users["mori"].second is None
    held, _ = second_set_up(held, session, "333 333", {3: "333333"}, ("AAAAA-BBBBB",), at())
    found = held.book.users["mori"].second
    assert found is not None
    assert (found.secret, found.last_step) == ("NEWSECRET", 3)
    assert "AAAAA" not in repr(found), "recovery codes are kept as digests"


def test_after_a_hundred_wrong_guesses_the_network_is_shut_out_until_the_machine_opens():
    held, now = desk(user()), 0
    while held.book.users["mori"].failures < MOST_FAILURES:
        held, outcome = sign_in(held, fits=False, moment=at(now, f"198.51.100.{now % 251}"))
        now += outcome.seconds * 1_000 if isinstance(outcome, Wait) else 1
    assert NoteKind.LOCKED in kinds(held)
    _, outcome = sign_in(held, moment=at(now + 365 * 24 * 3_600_000))
    assert isinstance(outcome, Wait)


def test_a_restart_keeps_the_count_of_wrong_guesses_and_no_session():
    held = desk(user())
    for _ in range(FREE_OF_ACCOUNT):
        held, _ = sign_in(held, fits=False)
    again = begun(book_of(book_bytes(held.book)), BootMs(5))
    assert not again.sessions.held
    assert isinstance(ask(again, "mori", at(5))[1], Wait)


def test_a_book_comes_back_as_it_was_and_another_version_is_refused():
    held, _ = sign_in(desk(user(second=second()), user("tani", Role.VIEWER)), "tani")
    assert book_of(book_bytes(held.book)) == held.book
    for wrong in (b"", b"{}", book_bytes(held.book).replace(b'"version": 1', b'"version": 2')):
        with pytest.raises(UnreadableBookError):
            book_of(wrong)


def test_first_use_tells_no_more_of_names_than_signing_in():
    """Wrong codes under one name that nobody has do not shut another: that would name the real ones."""
    held = desk(user())
    for _ in range(FREE_OF_ACCOUNT):
        held, outcome = first_use_asked(held, "nobody", "wrong", at(source="198.51.100.1"))
        assert isinstance(outcome, Wrong)
    assert isinstance(first_use_asked(held, "nobody", "wrong", at())[1], Wait)
    for name in ("mori", "another"):
        assert isinstance(first_use_asked(held, name, "wrong", at())[1], Wrong)


def test_while_nobody_is_there_the_set_up_code_is_guessed_under_all_names_together():
    held = new_device()
    for n in range(FREE_OF_ACCOUNT):
        held, _ = first_use_asked(held, f"name-{n}", "wrong", at(source=f"198.51.100.{n}"))
    assert isinstance(first_use_asked(held, "fresh", SETUP_CODE, at())[1], Wait)
