"""Which entries somebody wants to see."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.gate.journal.entries import EntryKind
    from sekisho.gate.journal.log import Log, Row
    from sekisho.terms.quantity import WallMs

_WALL = re.compile(rb'"wall":(-?\d{1,16})\}\Z')
"""The last member of an entry's canonical bytes, read without reading the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Of what time and of which kinds; None or empty: all."""

    since: WallMs | None = None
    until: WallMs | None = None
    """The first moment that is too late."""
    kinds: tuple[EntryKind, ...] = ()


def wanted(row: Row, which: Wanted) -> bool:
    """Whether an entry is wanted; one that cannot be read belongs to every time and kind."""
    if row.entry is None:
        return False
    found = _WALL.search(row.entry)
    if found is None:
        return True
    wall = int(found[1])
    if which.since is not None and wall < which.since:
        return False
    if which.until is not None and wall >= which.until:
        return False
    before = row.entry[: found.start()]
    kinds = [b'"kind":"%s",' % kind.value.encode() for kind in which.kinds]
    return not kinds or any(before.endswith(kind) for kind in kinds)


def last_of(log: Log, which: Wanted, most: int) -> tuple[list[Row], int]:
    """The last entries that are wanted, and how many were wanted in all."""
    if which == Wanted() and log.whole:
        first = max(log.base.number + 1, log.last - most + 1)
        return list(log.rows(first, log.last)), log.last - log.base.number
    count = 0
    kept: deque[Row] = deque(maxlen=most)
    for row in _all(log):
        if wanted(row, which):
            count += 1
            kept.append(row)
    return list(kept), count


def range_of(log: Log, which: Wanted) -> tuple[int, int] | None:
    """Numbers of the first and the last entry that is wanted; None where none is.

    The clock can have been stepped, so entries in between may be of another time: an extract has no
    gaps.
    """
    first = last = None
    for row in _all(log):
        if wanted(row, which):
            first = row.number if first is None else first
            last = row.number
    return None if first is None or last is None else (first, last)


def _all(log: Log) -> Iterable[Row]:
    return log.rows(log.base.number + 1, log.last)
