"""Users, roles, tokens, passwords and names."""

import pytest

from sekisho.gate.admin.access import No, Yes, carries, page_access, token_access, token_of
from sekisho.gate.admin.console import done_at_machine
from sekisho.gate.admin.desk import Fault, find
from sekisho.gate.admin.messages import AskNote, question_bytes, question_of
from sekisho.gate.admin.people import (
    code_given,
    confirmed,
    password_changed,
    role_changed,
    token_made,
    token_revoked,
    user_added,
    user_removed,
)
from sekisho.gate.admin.roles import GRANTS, SCOPES, Permission, Role, may
from sekisho.gate.admin.routes import ROUTES, Door, Open, of_door
from sekisho.gate.admin.words import (
    HOLDS_NAME,
    TOO_COMMON,
    TOO_LONG,
    TOO_SHORT,
    TOO_SIMPLE,
    code_digest,
    name_fault,
    password_fault,
)
from sekisho.terms.quantity import BootMs, WallMs
from tests.facts.gate.admin.desks import EPOCH, at, desk, second, session_of, sign_in, user

SECURITY, ENGINEER, VIEWER = (
    user("mori"),
    user("tani", Role.ENGINEER),
    user("oka", Role.VIEWER),
)


def test_the_table_grants_exactly_this():
    def granted(role):
        return {one.value for one in GRANTS[role]}

    assert granted(Role.VIEWER) == {"view", "own-account"}
    assert granted(Role.OPERATOR) == {"view", "own-account", "reset-latches"}
    assert granted(Role.ENGINEER) == {
        "view",
        "own-account",
        "reset-latches",
        "propose",
        "approve",
        "drop-update",
        "manage-tokens",
    }
    assert granted(Role.SECURITY) == {
        "view",
        "own-account",
        "approve",
        "drop-update",
        "manage-users",
        "manage-tokens",
    }
    assert set(GRANTS) == set(Role)
    assert {one.value for one in SCOPES} == {"view", "propose", "drop-update"}
    assert not may(Role.ENGINEER, Permission.MANAGE_USERS)


def test_every_route_stands_once_and_those_of_programs_need_a_permission_of_tokens():
    keys = [(route.method, route.path) for route in ROUTES]
    assert len(keys) == len(set(keys))
    for route in ROUTES:
        assert (route.door is Door.API) is route.path.startswith("/api/")
        if route.door is Door.API:
            assert route.needs in SCOPES


def test_a_new_user_starts_with_a_code_and_no_password():
    held, fault = user_added(desk(SECURITY), SECURITY, "kita", Role.OPERATOR, "digest", at())
    assert fault is None
    new = held.book.users["kita"]
    assert (new.password, new.role) == (None, Role.OPERATOR)
    assert new.code is not None
    assert new.code.digest == "digest"
    for name in ("kita", "Kita", "k", "admin!", "a" * 40, ""):
        assert isinstance(user_added(held, SECURITY, name, Role.VIEWER, "d", at())[1], Fault)


def test_nobody_removes_or_demotes_themselves_or_the_last_security_administrator():
    held = desk(SECURITY, ENGINEER)
    assert isinstance(user_removed(held, SECURITY, "mori", at())[1], Fault)
    assert isinstance(role_changed(held, SECURITY, "mori", Role.VIEWER, at())[1], Fault)
    assert isinstance(user_removed(held, ENGINEER, "mori", at())[1], Fault)
    two = desk(SECURITY, user("kita"))
    assert isinstance(user_removed(two, SECURITY, "mori", at())[1], Fault)
    assert isinstance(role_changed(two, SECURITY, "mori", Role.SECURITY, at())[1], Fault)
    assert isinstance(code_given(two, SECURITY, "mori", "d", at())[1], Fault)
    assert user_removed(two, SECURITY, "kita", at())[1] is None


@pytest.mark.parametrize(
    "change",
    [
        lambda held: user_removed(held, SECURITY, "tani", at()),
        lambda held: role_changed(held, SECURITY, "tani", Role.VIEWER, at()),
        lambda held: code_given(held, SECURITY, "tani", "digest", at()),
    ],
)
def test_removal_another_role_and_a_reset_end_the_persons_sessions(change):
    held, entered = sign_in(desk(SECURITY, ENGINEER), "tani")
    after, fault = change(held)
    assert fault is None
    assert find(held, entered.secret, BootMs(0)) is not None
    assert find(after, entered.secret, BootMs(0)) is None


def test_a_new_password_ends_every_other_session_and_changes_this_cookie():
    held, one = sign_in(desk(SECURITY))
    held, two = sign_in(held)
    session = session_of(held, one)
    after, fresh = password_changed(held, session, "new hash", at())
    assert after.book.users["mori"].password == "new hash"
    for gone in (one.secret, two.secret):
        assert find(after, gone, BootMs(0)) is None
    assert find(after, fresh.secret, BootMs(0)) is not None


def test_what_matters_asks_the_password_again_and_counts_wrong_ones():
    held, entered = sign_in(desk(SECURITY))
    session = session_of(held, entered)
    assert confirmed(held, session, at(), fits=True)[1] is None
    _, wrong = confirmed(held, session, at(), fits=False)
    assert wrong is not None
    assert wrong.note.reason == "password"


def test_a_token_carries_no_more_than_its_maker_may_and_tokens_may():
    held = desk(SECURITY, ENGINEER, VIEWER)

    def made(actor, *scopes, days=30):
        return token_made(held, actor, "ci", frozenset(scopes), days, "abcd1234", at())[1]

    assert isinstance(made(ENGINEER, Permission.VIEW, Permission.PROPOSE), str)
    assert isinstance(made(SECURITY, Permission.PROPOSE), Fault), "not of that role"
    assert isinstance(made(ENGINEER, Permission.APPROVE), Fault), "not of any token"
    assert isinstance(made(VIEWER, Permission.VIEW), str)
    assert isinstance(made(ENGINEER), Fault)
    assert isinstance(made(ENGINEER, Permission.VIEW, days=0), Fault)
    assert isinstance(made(ENGINEER, Permission.VIEW, days=366), Fault)


def test_a_token_is_kept_as_a_digest_ends_and_follows_its_owner():
    held, secret = token_made(desk(SECURITY, ENGINEER), ENGINEER, "ci", SCOPES, 1, "abcd1234", at())
    assert isinstance(secret, str)
    assert secret not in repr(held)
    book, day = held.book, 24 * 3_600_000
    token = token_of(book, secret, WallMs(EPOCH + day - 1))
    assert token is not None
    assert carries(book, token) == SCOPES
    assert token_of(book, secret, WallMs(EPOCH + day)) is None
    lowered, _ = role_changed(held, SECURITY, "tani", Role.VIEWER, at())
    assert carries(lowered.book, token) == {Permission.VIEW}
    gone, _ = user_removed(held, SECURITY, "tani", at())
    assert token_of(gone.book, secret, WallMs(EPOCH)) is None
    revoked, _ = token_revoked(held, SECURITY, "abcd1234", at())
    assert token_of(revoked.book, secret, WallMs(EPOCH)) is None
    for wrong in ("", secret[:-1], secret + "A", secret.upper(), "skt_abcd1234_" + "A" * 43):
        assert token_of(book, wrong, WallMs(EPOCH)) is None


@pytest.mark.parametrize(
    "reset",
    [
        lambda held: code_given(held, SECURITY, "tani", "digest", at())[0],
        lambda held: done_at_machine(held, "reset-password", "tani", "root", "digest", at()),
        lambda held: done_at_machine(held, "reset-all", "tani", "root", "digest", at()),
    ],
)
def test_a_reset_password_takes_the_persons_tokens_with_it_and_nobody_elses(reset):
    held, _ = token_made(desk(SECURITY, ENGINEER), ENGINEER, "ci", SCOPES, 1, "abcd1234", at())
    held, _ = token_made(held, SECURITY, "ops", frozenset({Permission.VIEW}), 1, "efgh5678", at())
    assert set(reset(held).book.tokens) == {"efgh5678"}
    unlocked = done_at_machine(held, "unlock", "tani", "root", "digest", at())
    assert set(unlocked.book.tokens) == {"abcd1234", "efgh5678"}


def test_a_session_is_no_token_and_a_token_no_session():
    held, entered = sign_in(desk(SECURITY, ENGINEER))
    held, secret = token_made(held, ENGINEER, "ci", SCOPES, 1, "abcd1234", at())
    home = next(route for route in ROUTES if route.path == "/")
    status = next(route for route in ROUTES if route.path == "/api/v1/status")
    assert isinstance(page_access(held, home, entered.secret, BootMs(0)), Yes)
    assert page_access(held, home, str(secret), BootMs(0)) is No.WHO
    assert token_access(held.book, status, entered.secret, WallMs(EPOCH)) is No.WHO
    assert isinstance(token_access(held.book, status, str(secret), WallMs(EPOCH)), Yes)


def test_a_session_that_awaits_its_code_opens_nothing_but_the_code():
    held, half = sign_in(desk(user(second=second())))
    for route in of_door(Door.PAGE):
        found = page_access(held, route, half.secret, BootMs(0))
        match route.needs:
            case Open.HALF:
                assert isinstance(found, Yes)
            case Open.ANYBODY:
                assert isinstance(found, Yes)
                assert found.user is None
            case _:
                assert found is No.WHO


def common(word):
    return word in {"password", "mountain", "correcthorse", "sunshine"}


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", TOO_SHORT),
        ("elevenchars", TOO_SHORT),
        ("twelve chars", None),
        ("a" * 129, TOO_LONG),
        ("aaaaaaaaaaaa", TOO_SIMPLE),
        ("121212121212", TOO_SIMPLE),
        ("correcthorse", TOO_COMMON),
        ("CorrectHorse", TOO_COMMON),
        ("correcthorse2026!", TOO_COMMON),
        ("sunshinesunshine", TOO_COMMON),
        ("my-name-is-mori-9", HOLDS_NAME),
        ("sekisho-gate-1!", HOLDS_NAME),
        ("tall-windmill-over-9-rivers", None),
        ("風車は九つの川をこえていく", None),
    ],
)
def test_a_password_is_long_not_common_and_not_ones_name(password, fault):
    assert password_fault(password, "mori", common) == fault


def test_names_are_plain_words():
    for good in ("mori", "a.tanaka", "op-1", "x_2"):
        assert name_fault(good) is None
    for bad in ("", "a", "1a", "Mori", "mori ", "森", "a" * 33, "../x", "a\n"):
        assert name_fault(bad) is not None


def test_a_code_is_the_same_with_spaces_and_small_letters():
    assert code_digest("abcde fghjk") == code_digest("ABCDE-FGHJK")
    assert code_digest("ABCDE-FGHJK") != code_digest("ABCDE-FGHJL")


def test_the_note_of_a_token_with_the_longest_name_is_one_that_the_gate_takes():
    before = desk(user())
    scopes, mori = frozenset({Permission.VIEW}), before.book.users["mori"]
    after, _ = token_made(before, mori, "n" * 64 + "\u202e", scopes, 1, "abcdefgh", at())
    told = after.book.pending[-1]
    asked = question_of(question_bytes(AskNote(told)).strip())
    assert isinstance(asked, AskNote)
    assert (asked.note.id, asked.note.about) == (told.id, f"abcdefgh {'n' * 55}")
