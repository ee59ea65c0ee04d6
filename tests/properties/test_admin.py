"""The desk as a state machine: whatever is tried in whatever order, nobody gets in who should not."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import hypothesis.strategies as st
from hypothesis import assume, given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sekisho.codec.strict_json import Malformed
from sekisho.gate.admin import bound_words, people
from sekisho.gate.admin import desk as desks
from sekisho.gate.admin.access import Yes, carries, page_access, token_access, token_of
from sekisho.gate.admin.approval import Person
from sekisho.gate.admin.book import Book, SecondFactor, User
from sekisho.gate.admin.book_form import book_bytes, book_of
from sekisho.gate.admin.console import done_at_machine
from sekisho.gate.admin.desk import Compare, Entered, Moment, Wait, begun
from sekisho.gate.admin.messages import (
    AskApprove,
    AskDevices,
    AskDocuments,
    Asker,
    AskJournal,
    AskNote,
    AskPropose,
    AskReset,
    AskStatus,
    AskVerify,
    AskWithdraw,
    question_bytes,
    question_of,
)
from sekisho.gate.admin.notes import BY_GATE, Note, NoteKind
from sekisho.gate.admin.roles import GRANTS, SCOPES, Permission, Role
from sekisho.gate.admin.routes import ROUTES, Door
from sekisho.gate.admin.sessions import Stage
from sekisho.gate.admin.throttle import (
    FREE_OF_ACCOUNT,
    FREE_OF_SOURCE,
    MOST_KEPT,
    Throttle,
    charged,
    counted_as,
    delay_ms,
    taken_back,
    wait_ms,
)
from sekisho.gate.admin.words import code_digest, digest
from sekisho.terms.quantity import BootMs, WallMs
from tests.guessing import EPOCH, OWNER, SETUP, guessing, moment

NAMES = ("mori", "tani", "oka")


class Admin(RuleBasedStateMachine):
    """Right and wrong passwords, codes, tokens; people managed; time passing; restarts."""

    def __init__(self):
        super().__init__()
        self.desk = begun(Book(setup=code_digest(SETUP)), BootMs(0))
        self.now = 0
        self.thrown = 0
        self.passwords: dict[str, str] = {}
        """What each person's right password is now."""
        self.codes: dict[str, str] = {}
        """One-time codes that are good."""
        self.proven: set[str] = set()
        """Cookies of sessions that were opened by everything that was needed."""
        self.halves: dict[str, str] = {}
        """Cookies whose code is awaited, and whose they are."""
        self.dead: set[str] = set()
        """Cookies that were ended."""
        self.tokens: dict[str, str] = {}
        self.revoked: set[str] = set()
        self.step = 100

    @initialize(peopled=st.booleans())
    def people_are_there(self, peopled):
        """Half the runs begin on a new device, half with somebody who has a second factor."""
        if peopled:
            self.passwords = {"mori": "hash of mori", "tani": "hash of tani"}
            second = SecondFactor(secret="SECRET", last_step=1)
            book = Book(setup=None)
            for name, role in (("mori", Role.SECURITY), ("tani", Role.ENGINEER)):
                password = self.passwords[name]
                book = book.with_user(User(name=name, role=role, password=password, second=second))
            self.desk = begun(book, BootMs(0))

    def moment(self, source="192.0.2.1"):
        return Moment(
            wall=WallMs(EPOCH + self.now),
            boot=BootMs(self.now),
            source=source,
            random=self.secret,
        )

    def secret(self):
        self.thrown += 1
        return f"{self.thrown:043}"

    def open(self, outcome):
        if isinstance(outcome, Entered):
            if outcome.stage is Stage.FULL:
                self.proven.add(outcome.secret)
            return outcome.secret
        return None

    def actor(self, data, permission):
        who = [u for u in self.desk.book.users.values() if permission in GRANTS[u.role]]
        return data.draw(st.sampled_from(who)) if who else None

    @rule(name=st.sampled_from(NAMES), code=st.sampled_from([SETUP, "wrong"]))
    def first_use(self, name, code):
        mine = self.codes.get(name)
        given = mine if mine is not None and code == SETUP else code
        fresh = not self.desk.book.users
        self.desk, no = desks.first_use_asked(self.desk, name, given, self.moment())
        if no is not None:
            return
        assert (fresh and given == SETUP) or given == mine
        self.desk, outcome = desks.first_used(
            self.desk, name, given, f"new of {name}", self.moment()
        )
        assert self.open(outcome)
        self.passwords[name] = f"new of {name}"
        self.codes.pop(name, None)

    @rule(
        name=st.sampled_from([*NAMES, "stranger"]),
        knows=st.booleans(),
        source=st.sampled_from(["192.0.2.1", "198.51.100.9"]),
    )
    def sign_in(self, name, knows, source):
        before = self.desk.book.users.get(name)
        self.desk, asked = desks.ask(self.desk, name, self.moment(source))
        if isinstance(asked, Wait):
            assert asked.seconds > 0
            return
        assert isinstance(asked, Compare)
        fits = knows and asked.encoded is not None and asked.encoded == self.passwords.get(name)
        self.desk, outcome = desks.answered(self.desk, name, self.moment(source), fits=fits)
        if isinstance(outcome, Entered):
            assert fits
            assert before is not None
            if outcome.stage is Stage.CODE:
                assert before.second is not None
                self.halves[outcome.secret] = name
            else:
                assert before.second is None
                self.proven.add(outcome.secret)
        else:
            assert not fits

    @precondition(lambda self: self.halves)
    @rule(data=st.data(), knows=st.booleans())
    def give_code(self, data, knows):
        secret = data.draw(st.sampled_from(sorted(self.halves)))
        session = desks.find(self.desk, secret, BootMs(self.now))
        if session is None:
            del self.halves[secret]
            return
        self.desk, waits = desks.code_asked(self.desk, session, self.moment())
        if waits is not None:
            return
        self.step += 1
        steps = {self.step: "424242"}
        code = "424242" if knows else "000000"
        self.desk, outcome = desks.code_given(self.desk, session, code, steps, self.moment())
        assert isinstance(outcome, Entered) is knows
        if self.open(outcome):
            del self.halves[secret]
            self.dead.add(secret)

    def mine(self, data):
        alive = sorted(s for s in self.proven if desks.find(self.desk, s, BootMs(self.now)))
        if not alive:
            return None, None
        secret = data.draw(st.sampled_from(alive))
        return secret, desks.find(self.desk, secret, BootMs(self.now))

    @rule(data=st.data(), everywhere=st.booleans())
    def sign_out(self, data, everywhere):
        secret, session = self.mine(data)
        if session is None:
            return
        if everywhere:
            self.dead |= {
                s
                for s in self.proven
                if (f := desks.find(self.desk, s, BootMs(self.now))) and f.user == session.user
            }
            self.desk = desks.ended_everywhere(self.desk, session, self.moment())
        else:
            self.dead.add(secret)
            self.desk = desks.signed_out(self.desk, session, self.moment())

    @rule(data=st.data())
    def change_password(self, data):
        secret, session = self.mine(data)
        if session is None:
            return
        encoded = f"{self.secret()} of {session.user}"
        self.desk, entered = people.password_changed(self.desk, session, encoded, self.moment())
        self.passwords[session.user] = encoded
        self.dead.add(secret)
        self.open(entered)

    @rule(data=st.data())
    def set_up_second_factor(self, data):
        secret, session = self.mine(data)
        if session is None or self.desk.book.users[session.user].second is not None:
            return
        self.desk = desks.enrolling(self.desk, session, "SECRET")
        session = desks.find(self.desk, secret, BootMs(self.now))
        assert session is not None
        self.step += 1
        self.desk, entered = people.second_set_up(
            self.desk, session, "1", {self.step: "1"}, ("R",), self.moment()
        )
        self.dead.add(secret)
        self.open(entered)

    @rule(data=st.data(), name=st.sampled_from(NAMES), role=st.sampled_from(Role))
    def manage(self, data, name, role):
        actor = self.actor(data, Permission.MANAGE_USERS)
        if actor is None:
            return
        act = data.draw(st.sampled_from(["add", "remove", "role", "code"]))
        code = self.secret()
        if act == "add":
            self.desk, fault = people.user_added(
                self.desk, actor, name, role, code_digest(code), self.moment()
            )
        elif act == "remove":
            self.desk, fault = people.user_removed(self.desk, actor, name, self.moment())
        elif act == "role":
            self.desk, fault = people.role_changed(self.desk, actor, name, role, self.moment())
        else:
            self.desk, fault = people.code_given(
                self.desk, actor, name, code_digest(code), self.moment()
            )
        if fault is not None:
            return
        if act in {"add", "code"}:
            self.codes[name] = code
            self.passwords.pop(name, None)
        if act == "remove":
            self.codes.pop(name, None)
            self.passwords.pop(name, None)
        if act != "add":
            assert not list(self.desk.sessions.of(name))

    @rule(data=st.data(), scopes=st.frozensets(st.sampled_from(Permission), max_size=4))
    def make_token(self, data, scopes):
        actor = self.actor(data, Permission.MANAGE_TOKENS)
        if actor is None:
            return
        token_id = f"{self.thrown:08}"
        self.desk, made = people.token_made(
            self.desk, actor, "t", scopes, 30, token_id, self.moment()
        )
        if isinstance(made, str):
            assert scopes <= SCOPES & GRANTS[actor.role]
            self.tokens[made] = token_id

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def revoke_token(self, data):
        actor = self.actor(data, Permission.MANAGE_TOKENS)
        secret = data.draw(st.sampled_from(sorted(self.tokens)))
        if actor is not None:
            self.desk, _ = people.token_revoked(
                self.desk, actor, self.tokens[secret], self.moment()
            )
            self.revoked.add(secret)

    @rule(ms=st.sampled_from([1, 1_000, 60_000, 15 * 60_000, 8 * 3_600_000]))
    def wait(self, ms):
        self.now += ms

    @rule()
    def restart(self):
        self.desk = begun(book_of(book_bytes(self.desk.book)), BootMs(self.now))
        self.dead |= self.proven | set(self.halves)
        self.halves = {}

    @rule(name=st.sampled_from(NAMES))
    def unlock_at_the_machine(self, name):
        """Whatever was guessed, the machine opens the account, and the right password gets in."""
        self.desk = done_at_machine(self.desk, "unlock", name, "console:root", "", self.moment())
        if name in self.passwords:
            _, asked = desks.ask(self.desk, name, self.moment("192.0.2.200"))
            assert isinstance(asked, Compare)

    @invariant()
    def no_cookie_opens_a_page_that_was_not_earned(self):
        earned = {digest(secret) for secret in self.proven}
        for key, session in self.desk.sessions.held.items():
            assert session.stage is Stage.CODE or key in earned
        for secret in self.dead | set(self.halves):
            for route in ROUTES:
                if isinstance(route.needs, Permission) and route.door is Door.PAGE:
                    found = page_access(self.desk, route, secret, BootMs(self.now))
                    assert not isinstance(found, Yes)

    @invariant()
    def no_role_is_exceeded(self):
        for secret in self.proven:
            session = desks.find(self.desk, secret, BootMs(self.now))
            if session is None:
                continue
            role = self.desk.book.users[session.user].role
            for route in ROUTES:
                if isinstance(route.needs, Permission) and route.door is Door.PAGE:
                    found = page_access(self.desk, route, secret, BootMs(self.now))
                    assert isinstance(found, Yes) is (route.needs in GRANTS[role])

    @invariant()
    def no_token_exceeds_its_scopes_nor_its_owner(self):
        wall = WallMs(EPOCH + self.now)
        for secret in self.tokens:
            token = token_of(self.desk.book, secret, wall)
            if secret in self.revoked:
                assert token is None
            if token is not None:
                owner = self.desk.book.users[token.owner]
                assert carries(self.desk.book, token) <= token.scopes & GRANTS[owner.role] & SCOPES
            for route in ROUTES:
                if route.door is Door.API:
                    found = token_access(self.desk.book, route, secret, wall)
                    assert isinstance(found, Yes) is (
                        token is not None and route.needs in carries(self.desk.book, token)
                    )

    @invariant()
    def no_secret_stands_in_the_book(self):
        kept = book_bytes(self.desk.book).decode()
        for secret in (*self.proven, *self.tokens, *self.codes.values()):
            assert secret not in kept

    @invariant()
    def one_who_manages_users_is_left_once_there_was_one(self):
        users = self.desk.book.users.values()
        if users:
            assert any(Permission.MANAGE_USERS in GRANTS[user.role] for user in users)
            assert self.desk.book.setup is None

    @invariant()
    def what_is_remembered_of_guesses_is_bounded(self):
        throttle = self.desk.throttle
        assert len(throttle.strangers) <= MOST_KEPT
        assert len(throttle.sources) <= MOST_KEPT


TestAdmin = Admin.TestCase
TestAdmin.settings = settings(max_examples=60, stateful_step_count=40)


@given(st.integers(0, 200), st.integers(0, 20))
def test_a_delay_never_shrinks_with_more_wrong_guesses(failures, free):
    assert delay_ms(failures, free) <= delay_ms(failures + 1, free)
    assert (delay_ms(failures, free) == 0) is (failures < free)


V6 = st.integers(0, (1 << 128) - 1).filter(lambda n: n >> 32 != 0xFFFF).map(IPv6Address)
V4 = st.integers(0, (1 << 32) - 1).map(IPv4Address)


def _mapped(address):
    return f"::ffff:{address}"


@given(V6, st.integers(0, (1 << 64) - 1), st.sampled_from(["", "%eth0"]))
def test_every_address_of_a_64_is_one_source_and_of_another_64_another(address, host, zone):
    beside = IPv6Address(int(address) >> 64 << 64 | host)
    beyond = IPv6Address(int(address) ^ 1 << 64 + host % 64)
    assume(beyond.ipv4_mapped is None and beside.ipv4_mapped is None)
    held = counted_as(f"{address}{zone}")
    assert counted_as(f"{beside}{zone}") == counted_as(f"{beside.exploded}{zone}") == held
    assert counted_as(f"{beyond}{zone}") != held
    assert held.endswith(zone)


@given(V4, V4)
def test_an_ipv4_address_is_one_source_also_where_it_is_written_as_an_ipv6_one(one, other):
    assert counted_as(_mapped(one)) == counted_as(str(one)) == str(one)
    assert (counted_as(_mapped(one)) == counted_as(_mapped(other))) is (one == other)


@given(st.text(max_size=40))
def test_any_word_is_counted_and_counting_it_twice_changes_nothing(word):
    held = counted_as(word)
    assert counted_as(held) == held


@given(st.lists(st.integers(0, (1 << 64) - 1), min_size=FREE_OF_SOURCE, max_size=40))
def test_guesses_from_many_addresses_of_a_64_wait_as_from_one(hosts):
    many, one, now = Throttle(), Throttle(), BootMs(0)
    for turn, host in enumerate(hosts):
        name, source = f"stranger-{turn}", str(IPv6Address((0x20010DB8 << 96) + host))
        many = charged(many, name, source, now, known=False)
        one = charged(one, name, "2001:db8::1", now, known=False)
        assert wait_ms(many, "another", source, now) == wait_ms(one, "another", "2001:db8::1", now)
    assert wait_ms(many, "another", "2001:db8::ffff", now) > 0
    assert wait_ms(many, "another", "2001:db8:0:1::1", now) == 0
    (held,) = many.sources.values()
    (back,) = taken_back(many, "x", "2001:db8::7").sources.values()
    assert back.failures == held.failures - 1


def test_ten_minutes_of_guessing_at_full_speed_compare_a_handful_and_lock_nobody_out():
    ten = guessing(10)
    # 5 free ones, then 1, 2, 4 … seconds between: the eleventh delay alone is over eight minutes.
    assert FREE_OF_ACCOUNT <= ten.compared <= FREE_OF_ACCOUNT + 10
    assert ten.waited > 100_000
    assert ten.entered == 0
    end = 600_000
    assert isinstance(desks.ask(ten.desk, "mori", moment(end, OWNER))[1], Wait)
    at_machine = moment(end, "console")
    held = done_at_machine(ten.desk, "unlock", "mori", "console:root", "", at_machine)
    held, asked = desks.ask(held, "mori", moment(end, OWNER))
    assert isinstance(asked, Compare)
    _, outcome = desks.answered(held, "mori", moment(end, OWNER), fits=True)
    assert isinstance(outcome, Entered)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=64)
ASKERS = st.builds(
    lambda name, role, source: Asker(person=Person(name=name, role=role), source=source),
    st.from_regex(r"[a-z][a-z0-9._-]{1,31}", fullmatch=True),
    st.sampled_from(Role),
    WORDS,
)
DIGESTS = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
NOTES = st.builds(
    Note,
    id=st.from_regex(r"[A-Za-z0-9_-]{1,32}", fullmatch=True),
    kind=st.sampled_from(sorted(set(NoteKind) - BY_GATE)),
    at=st.integers(0, 2**52).map(WallMs),
    user=WORDS,
    source=WORDS,
    about=WORDS,
    reason=WORDS,
    count=st.integers(1, 10**6),
)
QUESTIONS = st.one_of(
    st.sampled_from([AskStatus(), AskDevices(), AskDocuments(), AskVerify()]),
    st.builds(AskNote, NOTES),
    st.builds(AskJournal, before=st.integers(0, 2**53), count=st.integers(0, 100)),
    st.builds(AskReset, asker=ASKERS),
    st.builds(AskPropose, asker=ASKERS, content=st.binary(max_size=200)),
    st.builds(AskApprove, asker=ASKERS, digest=DIGESTS),
    st.builds(AskWithdraw, asker=ASKERS, digest=DIGESTS),
)


@given(QUESTIONS)
def test_a_question_comes_back_from_its_line(question):
    line = question_bytes(question)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert question_of(line) == question


@given(st.one_of(st.binary(max_size=300), QUESTIONS.map(question_bytes)), st.data())
def test_a_line_is_a_question_of_the_set_or_malformed(line, data):
    if line and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(line) - 1))
        line = line[:at] + data.draw(st.binary(min_size=1, max_size=3)) + line[at + 1 :]
    try:
        question = question_of(line)
    except Malformed:
        return
    assert question_of(question_bytes(question)) == question


@given(NOTES, st.sampled_from(sorted(BY_GATE)))
def test_what_the_gate_does_itself_cannot_be_claimed(note, kind):
    line = question_bytes(AskNote(replace(note, kind=kind)))
    try:
        question_of(line)
    except Malformed:
        return
    raise AssertionError("it was taken")


MEMBERS = sorted({*bound_words.NAMES, *bound_words._UNITS} - {"droop", "life"})


@given(st.sampled_from(MEMBERS), st.integers(0, 10**7), st.integers(1, 2_000))
def test_a_change_that_waits_for_approval_never_looks_like_none(member, value, more):
    before = bound_words.value_of(member, value)
    after = bound_words.value_of(member, value + more)
    assert before.ja != after.ja
    assert before.en != after.en
