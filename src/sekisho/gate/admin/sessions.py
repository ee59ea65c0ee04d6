"""Sessions: who is signed in, for how long, and how far.

They live in memory by their digests: nothing of a session is ever on a disk, and a restart of the
admin process ends them all. Their times are on the clock that never steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.terms.quantity import BootMs

IDLE_MS = 15 * 60_000
"""A session that nobody used so long is over."""
ABSOLUTE_MS = 8 * 3_600_000
"""A session is over after a shift."""
HALF_MS = 5 * 60_000
"""How long the code may be given after the password."""
MOST_OF_ONE = 8
"""Sessions of one person; the one that was used longest ago makes room."""
MOST_HALF = 64
"""Sessions that await a code; likewise."""


class Stage(StrEnum):
    """How far a session has come."""

    CODE = "code"
    """The password was right; the second factor's code is awaited. It opens nothing else."""
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session."""

    digest: str
    """Of its cookie."""
    user: str
    stage: Stage
    form: str
    """What every form of it carries (against cross-site requests)."""
    source: str
    begun: BootMs
    seen: BootMs
    enrolling: str = ""
    """Secret of a second factor that is being set up: nothing counts before its first code."""


def _nothing() -> MappingProxyType[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """All of them, by digest."""

    held: Mapping[str, Session] = field(default_factory=_nothing)

    def of(self, user: str) -> Iterator[Session]:
        """A person's sessions."""
        return (one for one in self.held.values() if one.user == user)


def alive(session: Session, now: BootMs) -> bool:
    """Whether it still counts."""
    match session.stage:
        case Stage.CODE:
            return now - session.begun < HALF_MS
        case Stage.FULL:
            return now - session.seen < IDLE_MS and now - session.begun < ABSOLUTE_MS


def opened(sessions: Sessions, session: Session, now: BootMs) -> Sessions:
    """With a new session; what is over goes, and the oldest beyond the limits."""
    held = {key: one for key, one in sessions.held.items() if alive(one, now)}
    rivals = sorted(
        (
            one
            for one in held.values()
            if one.stage is session.stage
            and (one.user == session.user or session.stage is Stage.CODE)
        ),
        key=lambda one: one.seen,
    )
    most = MOST_HALF if session.stage is Stage.CODE else MOST_OF_ONE
    for one in rivals[: max(0, len(rivals) + 1 - most)]:
        del held[one.digest]
    held[session.digest] = session
    return Sessions(held=MappingProxyType(held))


def seen(sessions: Sessions, session: Session, now: BootMs) -> Sessions:
    """It was used."""
    return changed(sessions, replace(session, seen=now))


def changed(sessions: Sessions, session: Session) -> Sessions:
    """With a session as it is now, where it is there."""
    if session.digest not in sessions.held:
        return sessions
    return Sessions(held=MappingProxyType({**sessions.held, session.digest: session}))


def closed(sessions: Sessions, digest: str) -> Sessions:
    """Without this one."""
    return Sessions(
        held=MappingProxyType({k: one for k, one in sessions.held.items() if k != digest})
    )


def closed_all(sessions: Sessions, user: str, but: str = "") -> Sessions:
    """Without a person's sessions; one may be kept."""
    return Sessions(
        held=MappingProxyType(
            {k: one for k, one in sessions.held.items() if one.user != user or k == but}
        )
    )
