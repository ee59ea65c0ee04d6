"""What the admin process tells the gate's journal: a closed set of kinds, each with who and from where.

The words that strangers type never get in: a failed sign-in names an account only where there is one,
because people type passwords into the field for names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.terms.quantity import WallMs

MOST_WORD = 64
"""Longest name, address or detail."""
MOST_PENDING = 256
"""Notes that may wait for the gate; beyond it nothing is changed until they are written."""


class NoteKind(StrEnum):
    """What happened."""

    FIRST_USE = "admin-first-use"
    SIGNED_IN = "admin-signed-in"
    SIGNED_OUT = "admin-signed-out"
    SIGN_IN_FAILED = "admin-sign-in-failed"
    """Counted: one line for each reason and minute."""
    LOCKED = "admin-account-locked"
    SESSIONS_ENDED = "admin-sessions-ended"
    PASSWORD_CHANGED = "admin-password-changed"  # noqa: S105 - a word of the journal
    SECOND_FACTOR_ON = "admin-second-factor-on"
    SECOND_FACTOR_OFF = "admin-second-factor-off"
    RECOVERY_USED = "admin-recovery-code-used"
    USER_ADDED = "admin-user-added"
    USER_REMOVED = "admin-user-removed"
    ROLE_CHANGED = "admin-role-changed"
    CODE_GIVEN = "admin-one-time-code-given"
    TOKEN_MADE = "admin-token-made"  # noqa: S105 - a word of the journal
    TOKEN_REVOKED = "admin-token-revoked"  # noqa: S105 - a word of the journal
    UPDATE_DROPPED = "admin-update-handed-over"
    RESET_ASKED = "admin-reset-asked"
    PROPOSED = "admin-document-proposed"
    APPROVED = "admin-document-approved"
    WITHDRAWN = "admin-document-withdrawn"
    APPLIED = "admin-document-applied"
    CONSOLE_UNLOCK = "admin-unlocked-at-the-machine"
    CONSOLE_RESET = "admin-password-reset-at-the-machine"
    RESTORED = "admin-users-restored-from-a-backup"
    """The book of users is of the backup's day."""


BY_GATE = frozenset(
    {
        NoteKind.RESET_ASKED,
        NoteKind.PROPOSED,
        NoteKind.APPROVED,
        NoteKind.WITHDRAWN,
        NoteKind.APPLIED,
    }
)
"""What the gate writes down itself when it does it; the admin process cannot claim these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line for the journal."""

    id: str
    """Random: the same note twice is written once."""
    kind: NoteKind
    at: WallMs
    user: str = ""
    """Who did it; empty where nobody is known."""
    source: str = ""
    """From which address."""
    about: str = ""
    """Whose account, which token, which file."""
    reason: str = ""
    count: int = 1

    def body(self) -> dict[str, str | int]:
        """As it stands in the journal; what is empty is left out."""
        told: dict[str, str | int] = {"what": self.kind.value, "done_at": self.at}
        for name in ("user", "source", "about", "reason"):
            if value := getattr(self, name):
                told[name] = printable(value)
        return told | ({"count": self.count} if self.count > 1 else {})


def printable(word: str) -> str:
    """A word cut to its longest, without anything that is no letter or sign."""
    return "".join(sign for sign in word if sign.isprintable())[:MOST_WORD]
