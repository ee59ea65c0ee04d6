"""What is done about people and tokens: by themselves, and by who manages them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.gate.admin.book import (
    MOST_TOKENS,
    MOST_USERS,
    OneTimeCode,
    SecondFactor,
    Token,
    User,
)
from sekisho.gate.admin.desk import (
    CODE_LIFE_MS,
    Desk,
    Entered,
    Fault,
    Wrong,
    failed,
    forgiven,
    note,
    rotated,
)
from sekisho.gate.admin.notes import MOST_WORD, NoteKind, printable
from sekisho.gate.admin.roles import GRANTS, SCOPES, Permission, Role, may
from sekisho.gate.admin.sessions import closed_all
from sekisho.gate.admin.words import code_digest, digest, matches, name_fault
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.admin.desk import Moment
    from sekisho.gate.admin.sessions import Session

RECOVERY_CODES = 8
MOST_DAYS = 365
"""Longest life of a token."""
_DAY_MS = 24 * 3_600_000

THERE = Text("その名前の利用者は既にいます。", "There is a user of that name already.")
NOBODY = Text("その利用者はいません。", "There is no such user.")
MANY = Text("これ以上は追加できません。", "There is no room for more.")
ONESELF = Text("自分自身にはできません。", "Not to oneself.")
LAST = Text(
    "最後のセキュリティ管理者です。先に別の人をその役割にしてください。",
    "This is the last security administrator. Give somebody else that role first.",
)
NO_SCOPE = Text("権限を1つ以上選んでください。", "Choose at least one permission.")
BEYOND = Text(
    "自分の役割にない権限は与えられません。", "Nobody can give what their own role does not have."
)
DAYS = Text("期限は1日から365日です。", "A token lives 1 to 365 days.")
NAMELESS = Text("名前を付けてください。", "Give it a name.")
NOT_THAT_CODE = Text(
    "コードが違います。装置と認証アプリの時刻を確かめてください。",
    "The code is not right. Check the clocks of the device and of the authenticator.",
)


# ---- oneself ---------------------------------------------------------------------------------


def confirmed(
    desk: Desk, session: Session, moment: Moment, *, fits: bool
) -> tuple[Desk, Wrong | None]:
    """Whether the person at this session is still who signed in; asked before what matters."""
    user = desk.book.users.get(session.user)
    if user is None or not fits:
        return failed(desk, user, "password", moment)
    return forgiven(desk, user.name, moment), None


def password_changed(
    desk: Desk, session: Session, encoded: str, moment: Moment
) -> tuple[Desk, Entered]:
    """A new password: every other session ends, and this one gets a new cookie."""
    user = replace(desk.book.users[session.user], password=encoded)
    book = desk.book.with_user(user)
    book = book.noted(note(NoteKind.PASSWORD_CHANGED, moment, user=user.name))
    return rotated(replace(desk, book=book), user, moment)


def second_set_up(
    desk: Desk,
    session: Session,
    code: str,
    steps: dict[int, str],
    recovery: tuple[str, ...],
    moment: Moment,
) -> tuple[Desk, Entered | Fault]:
    """A second factor counts from its first right code on; the session gets a new cookie."""
    step = next(
        (s for s, one in sorted(steps.items()) if matches(one, "".join(code.split()))), None
    )
    if step is None or not session.enrolling:
        return desk, Fault(NOT_THAT_CODE)
    second = SecondFactor(
        secret=session.enrolling,
        last_step=step,
        recovery=frozenset(code_digest(one) for one in recovery),
    )
    user = replace(desk.book.users[session.user], second=second)
    book = desk.book.with_user(user)
    book = book.noted(note(NoteKind.SECOND_FACTOR_ON, moment, user=user.name))
    return rotated(replace(desk, book=book), user, moment)


def second_removed(desk: Desk, session: Session, moment: Moment) -> tuple[Desk, Entered]:
    """The password alone counts again; asked for after the password was given once more."""
    user = replace(desk.book.users[session.user], second=None)
    book = desk.book.with_user(user)
    book = book.noted(note(NoteKind.SECOND_FACTOR_OFF, moment, user=user.name))
    return rotated(replace(desk, book=book), user, moment)


# ---- others ----------------------------------------------------------------------------------


def user_added(
    desk: Desk, actor: User, name: str, role: Role, code: str, moment: Moment
) -> tuple[Desk, Fault | None]:
    """A new person, who has a day to set a password with a one-time code.

    Args:
        desk: before.
        actor: who adds; may manage users.
        name: of the new person.
        role: theirs.
        code: digest of the one-time code.
        moment: now.
    """
    if (fault := name_fault(name)) is not None:
        return desk, Fault(fault)
    if name in desk.book.users:
        return desk, Fault(THERE)
    if len(desk.book.users) >= MOST_USERS:
        return desk, Fault(MANY)
    user = User(name=name, role=role, code=_code(code, moment))
    told = note(
        NoteKind.USER_ADDED, moment, user=actor.name, about=name, reason=f"role {role.value}"
    )
    return replace(desk, book=desk.book.with_user(user).noted(told)), None


def user_removed(desk: Desk, actor: User, name: str, moment: Moment) -> tuple[Desk, Fault | None]:
    """A person, with sessions and tokens."""
    if (fault := _not_of(desk, actor, name, leaves=True)) is not None:
        return desk, fault
    told = note(NoteKind.USER_REMOVED, moment, user=actor.name, about=name)
    book = desk.book.without_user(name).noted(told)
    return replace(desk, book=book, sessions=closed_all(desk.sessions, name)), None


def role_changed(
    desk: Desk, actor: User, name: str, role: Role, moment: Moment
) -> tuple[Desk, Fault | None]:
    """Another role: the person's sessions end, so that none goes on with the old one."""
    leaves = role is not Role.SECURITY
    if (fault := _not_of(desk, actor, name, leaves=leaves)) is not None:
        return desk, fault
    user = replace(desk.book.users[name], role=role)
    told = note(
        NoteKind.ROLE_CHANGED, moment, user=actor.name, about=name, reason=f"role {role.value}"
    )
    book = desk.book.with_user(user).noted(told)
    return replace(desk, book=book, sessions=closed_all(desk.sessions, name)), None


def code_given(
    desk: Desk, actor: User, name: str, code: str, moment: Moment
) -> tuple[Desk, Fault | None]:
    """A one-time code in place of a password; the second factor stays, sessions and tokens end."""
    if (fault := _not_of(desk, actor, name, leaves=False)) is not None:
        return desk, fault
    user = replace(desk.book.users[name], password=None, code=_code(code, moment))
    told = note(NoteKind.CODE_GIVEN, moment, user=actor.name, about=name)
    book = desk.book.without_tokens_of(name).with_user(user).noted(told)
    return replace(desk, book=book, sessions=closed_all(desk.sessions, name)), None


# ---- tokens ----------------------------------------------------------------------------------


def token_made(
    desk: Desk,
    actor: User,
    name: str,
    scopes: frozenset[Permission],
    days: int,
    token_id: str,
    moment: Moment,
) -> tuple[Desk, str | Fault]:
    """A new token, shown once: never more than its maker's role has, nor than tokens may carry."""
    name = printable(name.strip())[:MOST_WORD]
    if not name:
        return desk, Fault(NAMELESS)
    if not scopes:
        return desk, Fault(NO_SCOPE)
    if not scopes <= (SCOPES & GRANTS[actor.role]):
        return desk, Fault(BEYOND)
    if not 1 <= days <= MOST_DAYS:
        return desk, Fault(DAYS)
    if len(desk.book.tokens) >= MOST_TOKENS or token_id in desk.book.tokens:
        return desk, Fault(MANY)
    secret = f"skt_{token_id}_{moment.random()}"
    token = Token(
        id=token_id,
        digest=digest(secret),
        owner=actor.name,
        name=name,
        scopes=scopes,
        made=moment.wall,
        ends=WallMs(moment.wall + days * _DAY_MS),
    )
    told = note(NoteKind.TOKEN_MADE, moment, user=actor.name, about=f"{token_id} {name}")
    return replace(desk, book=desk.book.with_token(token).noted(told)), secret


def token_revoked(
    desk: Desk, actor: User, token_id: str, moment: Moment
) -> tuple[Desk, Fault | None]:
    """The token opens nothing from now on."""
    token = desk.book.tokens.get(token_id)
    if token is None:
        return desk, Fault(NOBODY)
    told = note(NoteKind.TOKEN_REVOKED, moment, user=actor.name, about=f"{token_id} {token.name}")
    return replace(desk, book=desk.book.without_token(token_id).noted(told)), None


# ---- parts -----------------------------------------------------------------------------------


def _not_of(desk: Desk, actor: User, name: str, *, leaves: bool) -> Fault | None:
    """Why this cannot be done to that person."""
    user = desk.book.users.get(name)
    if user is None:
        return Fault(NOBODY)
    if name == actor.name:
        return Fault(ONESELF)
    managers = [u for u in desk.book.users.values() if may(u.role, Permission.MANAGE_USERS)]
    if leaves and managers == [user]:
        return Fault(LAST)
    return None


def _code(code: str, moment: Moment) -> OneTimeCode:
    return OneTimeCode(digest=code, ends=WallMs(moment.wall + CODE_LIFE_MS))
