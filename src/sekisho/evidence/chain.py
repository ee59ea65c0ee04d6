"""The hash chain of a log: each digest covers its entry and every one before it.

    leaf(n)   = SHA-256(entry domain ‖ canonical bytes of entry n)
    digest(n) = SHA-256(link domain ‖ n as 8 bytes ‖ digest(n-1) ‖ leaf(n))

Numbers run from 1 and digest(0) is `GENESIS`. Because a link takes the entry by its own hash, an
extract of a log can carry the entries that somebody asked for, stand the rest in as 32 bytes each, and
still be followed up to a signed checkpoint. The domains keep a hash of one thing from being taken for
that of another.

A chain alone proves nothing against who can write the file: they can chain anew. What holds are
checkpoints: number and digest of the last entry, signed, and above all those that are kept somewhere
else (`Source.WITNESS`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sekisho.evidence.checkpoint import Checkpoint, Unproven

_ENTRY = b"sekisho/journal/entry/1\0"
_LINK = b"sekisho/journal/link/1\0"
DIGEST_BYTES = 32
MOST_FINDINGS = 20
"""Findings that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last entry of a log: its number and digest."""

    number: int
    digest: bytes


GENESIS = Tip(0, hashlib.sha256(b"sekisho/journal/genesis/1\0").digest())
"""What the first entry is chained to."""


def leaf_of(entry: bytes) -> bytes:
    """The hash of an entry's canonical bytes."""
    return hashlib.sha256(_ENTRY + entry).digest()


def link_digest(number: int, previous: bytes, leaf: bytes) -> bytes:
    """The digest of entry `number` after the digest of the one before."""
    return hashlib.sha256(_LINK + number.to_bytes(8) + previous + leaf).digest()


def chained(tip: Tip, entry: bytes) -> Tip:
    """The tip after one more entry."""
    number = tip.number + 1
    return Tip(number, link_digest(number, tip.digest, leaf_of(entry)))


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is stored."""

    number: int
    leaf: bytes
    digest: bytes


class Source(StrEnum):
    """Where a checkpoint was kept."""

    OWN = "own"
    """Beside the log; who can rewrite the log can take it away."""
    WITNESS = "witness"
    """Somewhere else."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The digest of this entry does not follow from the entry and the digest before it."""

    number: int


@dataclass(frozen=True, slots=True)
class Missing:
    """These entries are not there, others after them are."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """This number comes after a larger or the same one."""

    number: int


@dataclass(frozen=True, slots=True)
class CutTail:
    """A checkpoint was made when the log had more entries than it has now."""

    last: int
    count: int
    source: Source


@dataclass(frozen=True, slots=True)
class Rechained:
    """The log in itself may hold, but at this number it is not the one that the checkpoint saw."""

    count: int
    source: Source


@dataclass(frozen=True, slots=True)
class BadCheckpoint:
    """A checkpoint cannot be read, or its signature does not verify."""

    place: int
    """Which one, counted from 1 as they are kept."""
    source: Source
    why: str


Finding: TypeAlias = BrokenLink | Missing | OutOfOrder | CutTail | Rechained | BadCheckpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check of a log found."""

    base: Tip
    """What the first entry is chained to."""
    tip: Tip
    """The last entry as stored."""
    signed_to: int
    """The last entry that a checkpoint kept beside the log covers; 0: none."""
    witnessed_to: int
    """The last entry that a witness covers; 0: none."""
    findings: tuple[Finding, ...]
    """The first ones; empty: the log holds."""
    unsaid: int
    """Further findings."""

    @property
    def entries(self) -> int:
        """How many entries were checked."""
        return self.tip.number - self.base.number


def check(
    links: Iterable[Link],
    own: Iterable[Checkpoint | Unproven],
    witness: Iterable[Checkpoint | Unproven] = (),
    *,
    base: Tip = GENESIS,
    whole: bool = True,
) -> Checked:
    """Follow a log from its beginning to its end, and say exactly what is wrong.

    Args:
        links: the log in its stored order; read once, one at a time.
        own: checkpoints kept beside the log.
        witness: checkpoints kept somewhere else.
        base: what the first link is chained to.
        whole: the links reach to the end of the log, so that a witness of more means a cut tail;
            False for an extract.
    """
    found = _Found()
    marks = sorted(
        [*_proven(own, Source.OWN, found), *_proven(witness, Source.WITNESS, found)],
        key=lambda mark: mark.count,
    )
    walk = _Walk(base, marks, found)
    walk.compare(base)
    for link in links:
        walk.step(link)
    walk.end(whole=whole)
    return Checked(
        base=base,
        tip=walk.tip,
        signed_to=walk.reached[Source.OWN],
        witnessed_to=walk.reached[Source.WITNESS],
        findings=tuple(found.told),
        unsaid=found.unsaid,
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    count: int
    head: bytes
    source: Source


class _Found:
    """Findings, the first of them kept."""

    def __init__(self) -> None:
        self.told: list[Finding] = []
        self.unsaid = 0

    def add(self, finding: Finding) -> None:
        if len(self.told) < MOST_FINDINGS:
            self.told.append(finding)
        else:
            self.unsaid += 1


def _proven(
    checkpoints: Iterable[Checkpoint | Unproven], source: Source, found: _Found
) -> Iterator[_Mark]:
    for place, one in enumerate(checkpoints, start=1):
        if isinstance(one, str):
            found.add(BadCheckpoint(place, source, one))
        else:
            yield _Mark(one.count, one.head, source)


class _Walk:
    """One pass along the links, with the checkpoints in the order of their numbers."""

    def __init__(self, base: Tip, marks: list[_Mark], found: _Found) -> None:
        self.base = base
        self.tip = base
        self.reached = {Source.OWN: 0, Source.WITNESS: 0}
        self._found = found
        self._marks = iter(marks)
        self._next = next(self._marks, None)
        while self._next is not None and self._next.count < base.number:
            self._pass()  # older than what is here: nothing to compare it with

    def step(self, link: Link) -> None:
        """Follow one link."""
        expected = self.tip.number + 1
        if link.number < expected:
            self._found.add(OutOfOrder(link.number))
            return
        if link.number > expected:
            self._found.add(Missing(expected, link.number - 1))
            self._skip_to(link.number)
        elif link_digest(link.number, self.tip.digest, link.leaf) != link.digest:
            self._found.add(BrokenLink(link.number))
        self.tip = Tip(link.number, link.digest)
        self.compare(self.tip)

    def compare(self, tip: Tip) -> None:
        """Hold the checkpoints of this number against it."""
        while self._next is not None and self._next.count == tip.number:
            if self._next.head != tip.digest:
                self._found.add(Rechained(tip.number, self._next.source))
            else:
                self.reached[self._next.source] = tip.number
            self._pass()

    def end(self, *, whole: bool) -> None:
        """What is left of the checkpoints saw more than there is."""
        while self._next is not None:
            if whole or self._next.source is Source.OWN:
                self._found.add(CutTail(self.tip.number, self._next.count, self._next.source))
            self._pass()

    def _skip_to(self, number: int) -> None:
        while self._next is not None and self._next.count < number:
            self._pass()

    def _pass(self) -> None:
        self._next = next(self._marks, None)
