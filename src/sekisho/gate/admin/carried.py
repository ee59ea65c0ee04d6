"""The book on another box: what of a backup counts there, and what must be made anew.

A backup is of its day. What was taken away since must not come back with it: so no token, no one-time
code, no recovery code and no set-up code of that day counts, and no code of a second factor from
before now. Passwords and roles do come back, because nobody can say which of them are still wanted;
the journal is told, so that a book that was put back is never put back in silence.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.admin.desk import STEP_S, note
from sekisho.gate.admin.notes import NoteKind

if TYPE_CHECKING:
    from sekisho.gate.admin.book import Book, User
    from sekisho.gate.admin.desk import Moment


def carried(book: Book, at: str, person: str, setup: str, moment: Moment) -> Book:
    """The book that another box begins with.

    Args:
        book: as it was kept in the backup.
        at: when the backup was made, RFC 3339.
        person: who puts it back.
        setup: digest of a new set-up code; counts only where the book has no user.
        moment: now.
    """
    users = {name: _carried(user, moment) for name, user in book.users.items()}
    told = note(NoteKind.RESTORED, moment, user=person, about=at)
    return replace(
        book,
        setup=None if users else setup,
        users=MappingProxyType(users),
        tokens=MappingProxyType({}),
    ).noted(told)


def _carried(user: User, moment: Moment) -> User:
    second = user.second
    if second is not None:
        step = max(second.last_step, moment.wall // (STEP_S * 1_000))
        second = replace(second, last_step=step, recovery=frozenset())
    return replace(user, second=second, code=None)
