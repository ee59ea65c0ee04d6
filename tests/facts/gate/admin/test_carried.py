"""A book on another box: what was taken away since its backup does not come back with it."""

from dataclasses import replace

from sekisho.gate.admin.book import OneTimeCode, SecondFactor, Token
from sekisho.gate.admin.carried import carried
from sekisho.gate.admin.desk import STEP_S
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.roles import Permission
from sekisho.gate.admin.words import code_digest, digest
from sekisho.terms.quantity import WallMs
from tests.facts.gate.admin.desks import at, desk, new_device, user

DAY = "2026-11-01T00:00:00Z"
NEW = code_digest("a new one")


def _carried(book):
    return carried(book, DAY, "console:root", NEW, at())


def test_no_token_comes_back_whether_or_not_it_was_revoked_since():
    token = Token(
        id="t1",
        digest=digest("secret"),
        owner="mori",
        name="report",
        scopes=frozenset({Permission.VIEW}),
        made=WallMs(0),
        ends=WallMs(1 << 50),
    )
    book = desk(user()).book.with_token(token)
    assert book.tokens
    assert dict(_carried(book).tokens) == {}


def test_no_code_of_that_day_comes_back():
    factor = SecondFactor(secret="A" * 32, last_step=5, recovery=frozenset({code_digest("used")}))
    held = replace(
        user(), second=factor, code=OneTimeCode(digest=code_digest("x"), ends=WallMs(1 << 50))
    )
    found = _carried(desk(held).book).users["mori"]
    assert found.code is None
    assert found.second is not None
    assert found.second.secret == factor.secret
    assert found.second.recovery == frozenset()
    assert found.second.last_step == at().wall // (STEP_S * 1_000)


def test_a_set_up_code_never_comes_back_and_a_new_one_counts_only_where_nobody_is():
    fresh = new_device().book
    assert fresh.setup is not None
    assert _carried(fresh).setup == NEW
    assert _carried(replace(desk(user()).book, setup=fresh.setup)).setup is None


def test_people_keep_role_password_and_wrong_guesses_and_the_journal_is_told():
    before = replace(user(), failures=7)
    book = _carried(desk(before).book)
    after = book.users["mori"]
    assert (after.role, after.password, after.failures) == (before.role, before.password, 7)
    (note,) = book.pending
    assert (note.kind, note.user, note.about) == (NoteKind.RESTORED, "console:root", DAY)
    assert note.source == at().source
