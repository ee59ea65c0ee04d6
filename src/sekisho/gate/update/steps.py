"""The way of a switch as a table: from one phase to the next, forwards and back.

The record on the disk names the phase *before* its act is done. Every act can be done again without
harm. So after a loss of power at any point, `interrupted` and the table alone lead to one of two ends:
the new version runs and was seen to run, or the old one is back. Nothing in between is an end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sekisho.gate.update.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.update.version import Version

TRIES = 3
"""How often a switch that was interrupted after it began to start is taken up again."""


class Phase(StrEnum):
    """What is being done."""

    BUILD = "build"
    """The new version is put beside the old one."""
    TRIAL = "trial"
    """The new program is asked for its version and reads a copy of the state."""
    REST = "rest"
    """The plant is waited for until it is at rest."""
    STOP = "stop"
    """The old gate ends in order."""
    POINT = "point"
    """`current` is pointed at the new version, in one rename."""
    START = "start"
    WATCH = "watch"
    """The new gate must run its cycle and write its journal in time."""
    BACK_STOP = "back-stop"
    BACK_POINT = "back-point"
    BACK_START = "back-start"
    BACK_WATCH = "back-watch"
    DISCARD = "discard"
    """The new version was never switched to and is removed."""


class End(StrEnum):
    """How a change ended."""

    NEW = "new"
    """The new version runs."""
    OLD = "old"
    """The old version runs again."""
    UNCHANGED = "unchanged"
    """The switch never began."""


class Outcome(StrEnum):
    """How an act went."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The process or the machine died in it; nobody knows how far it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A switch on its way."""

    phase: Phase
    old: Version | None
    """None: nothing was installed before."""
    new: Version
    digest: str
    """SHA-256 of the new version's archive, hexadecimal."""
    beat_s: int
    """How long the gate may take to run well."""
    why: Reason | None = None
    """Why it goes back; None while it goes forwards."""
    tries: int = TRIES
    """How often it may still be taken up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the updater remembers."""

    current: Version | None = None
    previous: Version | None = None
    """What was current before; the only version that can be gone back to."""
    highest: Version | None = None
    """The highest version that was ever switched to; it only rises."""
    failed: str | None = None
    """SHA-256 of the archive of the update that was rolled back last."""
    seen: Mapping[str, int] | None = None
    """Versions of the metadata that were seen, by role; they only rise."""
    change: Change | None = None

    @property
    def kept(self) -> frozenset[Version]:
        """The versions that may not be removed."""
        change = self.change
        mine = (self.current, self.previous, change and change.old, change and change.new)
        return frozenset(one for one in mine if one)


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where a phase leads."""

    done: Phase | End
    failed: Phase | End
    interrupted: Phase | End


WAYS: Final[Mapping[Phase, _Ways]] = {
    Phase.BUILD: _Ways(Phase.TRIAL, Phase.DISCARD, Phase.DISCARD),
    Phase.TRIAL: _Ways(Phase.REST, Phase.DISCARD, Phase.DISCARD),
    Phase.REST: _Ways(Phase.STOP, Phase.DISCARD, Phase.DISCARD),
    Phase.STOP: _Ways(Phase.POINT, Phase.BACK_STOP, Phase.BACK_STOP),
    Phase.POINT: _Ways(Phase.START, Phase.BACK_STOP, Phase.BACK_STOP),
    Phase.START: _Ways(Phase.WATCH, Phase.BACK_STOP, Phase.START),
    Phase.WATCH: _Ways(End.NEW, Phase.BACK_STOP, Phase.START),
    Phase.BACK_STOP: _Ways(Phase.BACK_POINT, Phase.BACK_POINT, Phase.BACK_STOP),
    Phase.BACK_POINT: _Ways(Phase.BACK_START, Phase.BACK_POINT, Phase.BACK_POINT),
    Phase.BACK_START: _Ways(Phase.BACK_WATCH, Phase.BACK_WATCH, Phase.BACK_START),
    Phase.BACK_WATCH: _Ways(End.OLD, End.OLD, Phase.BACK_START),
    Phase.DISCARD: _Ways(End.UNCHANGED, End.UNCHANGED, Phase.DISCARD),
}
BEFORE_SWITCH: Final = frozenset({Phase.BUILD, Phase.TRIAL, Phase.REST, Phase.DISCARD})
"""Phases in which nothing that runs has been touched."""


def begun(record: Record, new: Version, digest: str, beat_s: int) -> Record:
    """The record with a switch to `new` before its first act.

    Raises:
        ValueError: another one is on its way.
    """
    if record.change is not None:
        raise ValueError("a change is on its way")
    change = Change(phase=Phase.BUILD, old=record.current, new=new, digest=digest, beat_s=beat_s)
    return replace(record, change=change)


def going_back(record: Record, beat_s: int) -> Record:
    """The record with the way back to the previous version, as a person asked.

    Raises:
        ValueError: there is none, or a change is on its way.
    """
    if record.change is not None or record.previous is None or record.current is None:
        raise ValueError("nothing to go back to")
    change = Change(
        phase=Phase.BACK_STOP,
        old=record.previous,
        new=record.current,
        digest="",
        beat_s=beat_s,
        why=Reason.ASKED,
    )
    return replace(record, change=change)


def after(record: Record, outcome: Outcome, why: Reason | None = None) -> Record:
    """The record after the act of its phase.

    Args:
        record: one with a change on its way.
        outcome: how the act went.
        why: the reason where it failed.

    Raises:
        ValueError: no change is on its way.
    """
    change = record.change
    if change is None:
        raise ValueError("no change is on its way")
    to: Phase | End
    match outcome:
        case Outcome.DONE:
            to, why = WAYS[change.phase].done, change.why
        case Outcome.FAILED:
            to, why = WAYS[change.phase].failed, change.why or why or Reason.NOT_RUNNING
        case Outcome.INTERRUPTED:
            to, change = _taken_up(change)
            why = change.why or (None if to is Phase.START else Reason.INTERRUPTED)
    change = replace(change, why=why)
    if isinstance(to, End):
        return _ended(record, change, to)
    changed = replace(record, change=replace(change, phase=to))
    return _switched(changed, change.new) if to is Phase.POINT else changed


def end_of(before: Record, later: Record) -> End | None:
    """How the change of `before` ended; None while it is on its way."""
    if before.change is None or later.change is not None:
        return None
    if before.change.phase is Phase.DISCARD:
        return End.UNCHANGED
    return End.NEW if before.change.phase is Phase.WATCH else End.OLD


def _taken_up(change: Change) -> tuple[Phase | End, Change]:
    """What follows an interruption; a start that kills the machine is not tried for ever."""
    to = WAYS[change.phase].interrupted
    if to is not Phase.START:
        return to, change
    if change.tries == 0:
        return Phase.BACK_STOP, change
    return to, replace(change, tries=change.tries - 1)


def _switched(record: Record, version: Version) -> Record:
    """The floor rises before the new version first runs, and never falls."""
    highest = version if record.highest is None else max(version, record.highest)
    return replace(record, highest=highest)


def _ended(record: Record, change: Change, end: End) -> Record:
    match end:
        case End.NEW:
            return replace(
                record, current=change.new, previous=change.old, failed=None, change=None
            )
        case End.OLD:
            failed = record.failed if change.why is Reason.ASKED else change.digest
            return replace(record, current=change.old, previous=None, failed=failed, change=None)
        case End.UNCHANGED:
            return replace(record, change=None)
