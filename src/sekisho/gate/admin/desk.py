"""Signing in, first use and everything people change about themselves: pure steps on one value.

A step takes the desk, what was given, and both clocks; it returns the desk after it and an outcome of
a closed union. Hashing a password takes time on purpose, so it lies between two steps: `ask` charges
the guess and says which hash to compare with, `answered` is told whether it fits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from sekisho.gate.admin import throttle as delays
from sekisho.gate.admin.book import Book, OneTimeCode, User
from sekisho.gate.admin.notes import Note, NoteKind
from sekisho.gate.admin.roles import Role
from sekisho.gate.admin.sessions import (
    Session,
    Sessions,
    Stage,
    alive,
    changed,
    closed,
    closed_all,
    opened,
)
from sekisho.gate.admin.throttle import Throttle
from sekisho.gate.admin.words import code_digest, digest, matches, name_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.terms.quantity import BootMs, WallMs
    from sekisho.terms.texts import Text

STEP_S = 30
"""Of a second factor's code (RFC 6238 section 4)."""
CODE_LIFE_MS = 24 * 3_600_000
"""A one-time code for a new or reset user."""
SETUP = ""
"""The account that guesses at the set-up code are charged to; no user can have this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is kept, who is signed in, who guessed wrongly."""

    book: Book
    sessions: Sessions = field(default_factory=Sessions)
    throttle: Throttle = field(default_factory=Throttle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now on both clocks, from where, and fresh randomness."""

    wall: WallMs
    boot: BootMs
    source: str
    random: Callable[[], str]
    """A new secret of 256 random bits each time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many wrong guesses."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare the given password with this hash; None: with a stand-in, as nobody has that name."""

    name: str
    encoded: str | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was given does not fit. The person is not told which part."""

    note: Note


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session, whose cookie is `secret`."""

    secret: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Fault:
    """What was given cannot be taken, and why."""

    why: Text


Asked: TypeAlias = Wait | Compare
Answered: TypeAlias = Wrong | Entered


def begun(book: Book, boot: BootMs) -> Desk:
    """The desk after a start: nobody is signed in, and earlier guesses still count."""
    counts = {name: user.failures for name, user in book.users.items()}
    return Desk(book=book, throttle=delays.resumed(counts, boot))


def find(desk: Desk, secret: str, boot: BootMs) -> Session | None:
    """The session of a cookie, if it still counts."""
    session = desk.sessions.held.get(digest(secret))
    if session is None or not alive(session, boot) or session.user not in desk.book.users:
        return None
    return session


# ---- signing in ------------------------------------------------------------------------------


def ask(desk: Desk, name: str, moment: Moment) -> tuple[Desk, Asked]:
    """Somebody gives a name and a password: charge the guess, or say how long to wait."""
    user = desk.book.users.get(name)
    account = name if user is not None else digest(name)
    charged = _charged(desk, account, moment, known=user is not None)
    if isinstance(charged, Wait):
        return desk, charged
    return charged, Compare(name, None if user is None else user.password)


def answered(desk: Desk, name: str, moment: Moment, *, fits: bool) -> tuple[Desk, Answered]:
    """Whether the password fits that was asked for."""
    user = desk.book.users.get(name)
    if user is None or user.password is None or not fits:
        return failed(desk, user, "password", moment)
    if user.second is not None:
        session, secret = _session(name, Stage.CODE, moment)
        held = opened(desk.sessions, session, moment.boot)
        # Earlier charges stay until the code is right too: it cannot be guessed at will either.
        back = delays.taken_back(desk.throttle, name, moment.source)
        book = desk.book.with_user(replace(user, failures=delays.failures(back, name)))
        return Desk(book=book, sessions=held, throttle=back), Entered(secret, Stage.CODE)
    return _entered(desk, user, moment)


def code_asked(desk: Desk, session: Session, moment: Moment) -> tuple[Desk, Wait | None]:
    """Somebody whose password was right gives a code: charge the guess."""
    charged = _charged(desk, session.user, moment, known=True)
    return (desk, charged) if isinstance(charged, Wait) else (charged, None)


def code_given(
    desk: Desk, session: Session, code: str, steps: dict[int, str], moment: Moment
) -> tuple[Desk, Answered]:
    """The second factor.

    Args:
        desk: before.
        session: the one that awaits the code.
        code: what was given: six digits, or a recovery code.
        steps: the code of each time step that counts now.
        moment: now.
    """
    user = desk.book.users[session.user]
    after = _taken(user, code, steps)
    if after is None or session.stage is not Stage.CODE:
        return failed(desk, user, "code", moment)
    book = desk.book.with_user(after)
    second, before = after.second, user.second
    if second is not None and before is not None and second.recovery != before.recovery:
        book = book.noted(note(NoteKind.RECOVERY_USED, moment, user=user.name))
    held = closed(desk.sessions, session.digest)
    return _entered(replace(desk, book=book, sessions=held), after, moment)


def signed_out(desk: Desk, session: Session, moment: Moment) -> Desk:
    """The session is over."""
    book = desk.book.noted(note(NoteKind.SIGNED_OUT, moment, user=session.user))
    return replace(desk, book=book, sessions=closed(desk.sessions, session.digest))


# ---- first use -------------------------------------------------------------------------------


def first_use_asked(
    desk: Desk, name: str, code: str, moment: Moment
) -> tuple[Desk, Wait | Wrong | Fault | None]:
    """Somebody gives a one-time code: charge the guess, and say whether it opens this name."""
    user = desk.book.users.get(name)
    # While nobody is there the one code is guessed at under any name; later a name that nobody has
    # is told and delayed as one that somebody has.
    fresh = not desk.book.users
    account = SETUP if fresh else name if user is not None else digest(name)
    charged = _charged(desk, account, moment, known=fresh or user is not None)
    if isinstance(charged, Wait):
        return desk, charged
    if not _opens(charged.book, user, code, moment):
        return failed(charged, user, "one-time-code", moment)
    fault = None if user is not None else name_fault(name)
    # The code was right, so this was no guess, whatever is wrong with the rest.
    return forgiven(charged, account, moment), None if fault is None else Fault(fault)


def first_used(
    desk: Desk, name: str, code: str, encoded: str, moment: Moment
) -> tuple[Desk, Answered]:
    """The code is used up, the password set, the person signed in; all in one write.

    Args:
        desk: before.
        name: the new user's where there is none yet, else the one that the code was given for.
        code: the one-time code, asked once more: another request may have used it meanwhile.
        encoded: the new password's hash.
        moment: now.
    """
    user = desk.book.users.get(name)
    if not _opens(desk.book, user, code, moment):
        return failed(desk, user, "one-time-code", moment)
    book = desk.book
    if user is None:
        user, book = User(name=name, role=Role.SECURITY), replace(book, setup=None)
    user = replace(user, password=encoded, code=None, failures=0)
    book = book.with_user(user).noted(note(NoteKind.FIRST_USE, moment, user=name))
    held = closed_all(desk.sessions, name)
    return _entered(replace(desk, book=book, sessions=held), user, moment)


def _opens(book: Book, user: User | None, code: str, moment: Moment) -> bool:
    """The set-up code opens a name of one's choice, once; a person's own code opens theirs."""
    given = code_digest(code)
    if user is None:
        return not book.users and matches(book.setup, given)
    own: OneTimeCode | None = user.code
    return own is not None and moment.wall < own.ends and matches(own.digest, given)


# ---- one's own account -----------------------------------------------------------------------


def ended_everywhere(desk: Desk, session: Session, moment: Moment) -> Desk:
    """Every session of the person is over, this one too."""
    book = desk.book.noted(note(NoteKind.SESSIONS_ENDED, moment, user=session.user))
    return replace(desk, book=book, sessions=closed_all(desk.sessions, session.user))


def enrolling(desk: Desk, session: Session, secret: str) -> Desk:
    """A second factor is shown; it counts once a code of it was given."""
    return replace(desk, sessions=changed(desk.sessions, replace(session, enrolling=secret)))


# ---- parts -----------------------------------------------------------------------------------


def note(
    kind: NoteKind, moment: Moment, *, user: str = "", about: str = "", reason: str = ""
) -> Note:
    """A line for the journal."""
    return Note(
        id=moment.random()[:22],
        kind=kind,
        at=moment.wall,
        user=user,
        source=moment.source,
        about=about,
        reason=reason,
    )


def _charged(desk: Desk, account: str, moment: Moment, *, known: bool) -> Desk | Wait:
    wait = delays.wait_ms(desk.throttle, account, moment.source, moment.boot)
    if wait > 0:
        return Wait(-(-wait // 1_000))
    held = delays.charged(desk.throttle, account, moment.source, moment.boot, known=known)
    book = desk.book
    user = book.users.get(account)
    if user is not None:
        book = book.with_user(replace(user, failures=delays.failures(held, account)))
    return replace(desk, throttle=held, book=book)


def forgiven(desk: Desk, account: str, moment: Moment) -> Desk:
    """The guess was right: the account begins anew."""
    held = delays.cleared(desk.throttle, account, moment.source)
    user = desk.book.users.get(account)
    book = desk.book if user is None else desk.book.with_user(replace(user, failures=0))
    return replace(desk, throttle=held, book=book)


def failed(desk: Desk, user: User | None, reason: str, moment: Moment) -> tuple[Desk, Wrong]:
    """The guess was wrong; its charge stays."""
    name = "" if user is None else user.name
    told = note(NoteKind.SIGN_IN_FAILED, moment, user=name, reason=reason)
    if user is not None and user.failures == delays.MOST_FAILURES:
        shut = note(NoteKind.LOCKED, moment, about=name)
        desk = replace(desk, book=desk.book.noted(shut))
    return desk, Wrong(told)


def _entered(desk: Desk, user: User, moment: Moment) -> tuple[Desk, Entered]:
    desk = forgiven(desk, user.name, moment)
    book = desk.book.noted(note(NoteKind.SIGNED_IN, moment, user=user.name))
    session, secret = _session(user.name, Stage.FULL, moment)
    held = opened(desk.sessions, session, moment.boot)
    return replace(desk, book=book, sessions=held), Entered(secret, Stage.FULL)


def rotated(desk: Desk, user: User, moment: Moment) -> tuple[Desk, Entered]:
    """All of a person's sessions end but a new one."""
    session, secret = _session(user.name, Stage.FULL, moment)
    held = opened(closed_all(desk.sessions, user.name), session, moment.boot)
    return replace(desk, sessions=held), Entered(secret, Stage.FULL)


def _session(user: str, stage: Stage, moment: Moment) -> tuple[Session, str]:
    secret = moment.random()
    session = Session(
        digest=digest(secret),
        user=user,
        stage=stage,
        form=moment.random(),
        source=moment.source,
        begun=moment.boot,
        seen=moment.boot,
    )
    return session, secret


def _taken(user: User, code: str, steps: dict[int, str]) -> User | None:
    """The user after a right code; each counts once."""
    second = user.second
    if second is None:
        return None
    given = "".join(code.split())
    for step, wanted in sorted(steps.items()):
        if step > second.last_step and matches(wanted, given):
            return replace(user, second=replace(second, last_step=step))
    known = code_digest(code)
    if known in second.recovery:
        return replace(user, second=replace(second, recovery=second.recovery - {known}))
    return None
