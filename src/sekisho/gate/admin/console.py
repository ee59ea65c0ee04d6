"""What somebody at the machine does to an account: never asked a password, always told the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from sekisho.gate.admin import throttle as delays
from sekisho.gate.admin.book import OneTimeCode
from sekisho.gate.admin.desk import CODE_LIFE_MS, SETUP, note
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.sessions import closed_all
from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from sekisho.gate.admin.desk import Desk, Moment

Act: TypeAlias = Literal["unlock", "reset-password", "reset-all"]
"""`reset-all` takes the second factor away too."""


def done_at_machine(
    desk: Desk, act: Act, name: str, person: str, code: str, moment: Moment
) -> Desk:
    """The desk after it; unchanged but for delays where there is no such user.

    Args:
        desk: before.
        act: what is asked.
        name: whose account.
        person: who is logged in at the machine.
        code: digest of the new one-time code.
        moment: now.
    """
    throttle = delays.unlocked(delays.unlocked(desk.throttle, name), SETUP)
    user = desk.book.users.get(name)
    if user is None:
        return replace(desk, throttle=throttle)
    user = replace(user, failures=0)
    if act == "unlock":
        told = note(NoteKind.CONSOLE_UNLOCK, moment, user=person, about=name)
        return replace(desk, book=desk.book.with_user(user).noted(told), throttle=throttle)
    ends = WallMs(moment.wall + CODE_LIFE_MS)
    user = replace(user, password=None, code=OneTimeCode(digest=code, ends=ends))
    if act == "reset-all":
        user = replace(user, second=None)
    told = note(NoteKind.CONSOLE_RESET, moment, user=person, about=name)
    return replace(
        desk,
        book=desk.book.without_tokens_of(name).with_user(user).noted(told),
        throttle=throttle,
        sessions=closed_all(desk.sessions, name),
    )
