"""A journal as somebody reads it: rows, what they are chained to, and the checkpoints beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.evidence.chain import Link, leaf_of

if TYPE_CHECKING:
    from sekisho.evidence.chain import Tip


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is stored."""

    number: int
    entry: bytes | None
    """Its canonical bytes; None where an extract stands its hash in."""
    leaf: bytes
    """The hash of its canonical bytes."""
    digest: bytes

    @property
    def link(self) -> Link:
        """What the chain needs of it."""
        return Link(self.number, self.leaf, self.digest)


def row_of(number: int, entry: bytes, digest: bytes) -> Row:
    """A row whose entry is there."""
    return Row(number, entry, leaf_of(entry), digest)


Rows: TypeAlias = Callable[[int, int], Iterator[Row]]
"""The rows from one number to another, both included, in their stored order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A journal that is open for reading."""

    name: str
    """The file."""
    base: Tip
    """What the first row is chained to."""
    last: int
    """Number of the last row when it was opened; the base's where there is none."""
    tokens: tuple[bytes, ...]
    """Checkpoints kept beside it, in their stored order."""
    whole: bool
    """It reaches to the end of the journal; False for an extract."""
    rows: Rows
