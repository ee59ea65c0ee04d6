"""The journal's entries: what happened, when on both clocks, and whether it was written afterwards.

Bodies hold whole numbers, words and yes or no, so that their bytes are the same everywhere. An entry
that raises or changes power is committed before its effect; one that only lowers risk may be written
first and journalled behind, and is marked so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.quantity import BootMs, WallMs

Plain: TypeAlias = str | int | bool | None
Body: TypeAlias = "Mapping[str, Plain | tuple[Plain, ...] | Mapping[str, Plain]]"


class EntryKind(StrEnum):
    """What an entry tells."""

    START = "start"
    """The gate started; carries the configuration's digest and is the first entry of its run."""
    UPDATE = "update"
    """The updater has switched versions since the start before: old, new, digest of the update."""
    END = "end"
    """The gate ended in order."""
    SESSION = "session"
    """A new session, and why."""
    TRUST = "trust"
    """Another trust.json is in force."""
    BOUNDS = "bounds"
    """Another bounds.json is in force."""
    DECISION = "decision"
    """The answer to a validly signed command."""
    ENDED = "ended"
    """A standing order ended: its permission ran out, or its key was revoked."""
    GOAL = "goal"
    """Dispatch heads for another power, and why."""
    SETPOINT = "setpoint"
    """The plant's set-point moved."""
    LATCHED = "latched"
    RELEASED = "released"
    ALARM = "alarm"
    CLEARED = "cleared"
    FAILED = "failed"
    """Something failed (the table of failures)."""
    RECOVERED = "recovered"
    WATCHDOG = "watchdog"
    """A PCS's watchdog was armed, or does not hold."""
    OWN_DROOP = "own-droop"
    """A PCS's own droop is switched, and what was read back of it."""
    FOREIGN = "foreign"
    """A set-point was read back that nobody ordered here."""
    TRIP = "trip"
    """The trip device was opened."""
    COMMISSIONED = "commissioned"
    COUNTED = "counted"
    """What was refused without an entry of its own, one line per reason and minute."""
    IDENTITY = "identity"
    """A device's nameplate as read."""
    ADMIN = "admin"
    """Something was done, or tried, on the gate's own pages: `what` names it, `user` who did it."""
    CERTIFICATE = "certificate"
    """The gate's certificate for the broker: asked for, refused, put in force."""


_SAFETY = frozenset(
    {
        EntryKind.START,
        EntryKind.UPDATE,
        EntryKind.END,
        EntryKind.LATCHED,
        EntryKind.RELEASED,
        EntryKind.ALARM,
        EntryKind.FAILED,
        EntryKind.WATCHDOG,
        EntryKind.OWN_DROOP,
        EntryKind.FOREIGN,
        EntryKind.TRIP,
        EntryKind.ENDED,
        EntryKind.SESSION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal, before it has a number."""

    kind: EntryKind
    wall: WallMs
    boot: BootMs
    body: Body
    behind: bool = False
    """It was done first and journalled after, because it only lowered risk."""

    @property
    def safety(self) -> bool:
        """Whether the part of the quota that is kept for safety is open to it.

        A stop and a tighter curtailment are decided first and written behind; so are the many small
        moves of the set-point, which must not use the reserve up.
        """
        return self.kind in _SAFETY or (self.behind and self.kind is EntryKind.DECISION)
