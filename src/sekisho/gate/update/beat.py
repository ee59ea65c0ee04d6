"""The gate's beat: a few figures, written each second, by which the updater sees that it runs.

The updater is another user and may read nothing of the gate's state; so this is all that the gate tells
it: which version runs, that its cycle turns and its journal is written, and whether the plant is at rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.evidence.canonical import read, written

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT = 1
MOST_BYTES = 4 * 1024
OLD_MS = 5_000
"""A beat older than this is not that of a running gate."""
BEHIND_MS = 2_000
"""A journal further behind its disk than this is not being written."""
BEATS = 3
"""Beats in a row, each later than the one before, that show a running gate."""
_MEMBERS = {
    "at_rest",
    "behind_ms",
    "boot",
    "entries",
    "format",
    "program",
    "started",
    "ticks",
    "time_floor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One beat."""

    program: str
    """Version of the program that runs."""
    started: int
    """Milliseconds of CLOCK_BOOTTIME at which it started."""
    boot: int
    """Milliseconds of CLOCK_BOOTTIME now."""
    ticks: int
    """Turns of the cycle since it started."""
    entries: int
    """Number of the journal's last entry that is on the disk."""
    behind_ms: int
    """Age of the oldest entry that is not; 0: none."""
    at_rest: bool
    """Whether every set-point is zero and nothing is on its way to another one."""
    time_floor: int
    """The latest time, in ms since 1970, that this gate was sure of; 0: none in this run."""


def beat_bytes(beat: Beat) -> bytes:
    """The beat's one spelling."""
    return written(
        {
            "format": FORMAT,
            "program": beat.program,
            "started": beat.started,
            "boot": beat.boot,
            "ticks": beat.ticks,
            "entries": beat.entries,
            "behind_ms": beat.behind_ms,
            "at_rest": beat.at_rest,
            "time_floor": beat.time_floor,
        }
    )


def read_beat(data: bytes) -> Beat:
    """The beat of its bytes.

    Raises:
        Malformed: they are no beat of this format.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(Flaw.SIZE, "a beat")
    found = read(data)
    if set(found) != _MEMBERS or found["format"] != FORMAT:
        raise Malformed(Flaw.MEMBER, "not exactly the members of a beat")
    program, at_rest = found["program"], found["at_rest"]
    if not isinstance(program, str) or type(at_rest) is not bool:
        raise Malformed(Flaw.VALUE, "program, at_rest")
    numbers = {}
    for name in _MEMBERS - {"program", "at_rest", "format"}:
        value = found[name]
        if type(value) is not int or value < 0:
            raise Malformed(Flaw.VALUE, name)
        numbers[name] = value
    return Beat(program=program, at_rest=at_rest, **numbers)


def fresh(beat: Beat | None, boot: int) -> bool:
    """Whether this is the beat of a gate that runs now."""
    return beat is not None and 0 <= boot - beat.boot <= OLD_MS


def runs_well(beats: Sequence[Beat], program: str, since: int) -> bool:
    """Whether these beats show that `program` runs its cycle and writes its journal.

    Args:
        beats: as they came, the latest last.
        program: the version that should run.
        since: CLOCK_BOOTTIME in ms at which it was asked to start; earlier beats are another run's.
    """
    mine = [one for one in beats if one.program == program and one.boot >= since]
    mine = [one for one in mine if one.started == mine[-1].started]
    if len(mine) < BEATS:
        return False
    last = mine[-BEATS:]
    turning = all(a.ticks < b.ticks and a.boot < b.boot for a, b in pairwise(last))
    return turning and last[-1].entries > 0 and all(one.behind_ms <= BEHIND_MS for one in last)
