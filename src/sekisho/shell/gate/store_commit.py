"""What one commit of the store writes: entries, the state that they explain, a checkpoint."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.gate.store_file import tip_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from sekisho.evidence.chain import Tip
    from sekisho.evidence.checkpoint import Checkpoint
    from sekisho.terms.quantity import BootMs

ROW_BYTES = 48
"""What a row takes beside its entry: digest, number, headers."""
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Batch:
    """One submission."""

    rows: tuple[tuple[int, bytes, bytes], ...]
    durable: bytes | None
    at: BootMs
    size: int
    tip: Tip
    done: Future[int]


def write(
    connection: sqlite3.Connection,
    committed: Tip,
    batches: Sequence[Batch],
    checkpoint: Checkpoint | None,
) -> None:
    """Begins a transaction and writes all of it; the caller commits.

    Args:
        connection: the store.
        committed: the last entry that is known to be on the disk.
        batches: in the order of their submission.
        checkpoint: of each hour the last one stays.

    Raises:
        sqlite3.Error: nothing was committed.
    """
    rows = [row for batch in batches for row in batch.rows]
    durable = next((b.durable for b in reversed(batches) if b.durable is not None), None)
    connection.execute("BEGIN IMMEDIATE")
    stored = tip_of(connection)
    if stored != committed:
        # A commit that seemed to fail did reach the disk, or somebody else was here.
        rows = _rest(rows, stored)
    connection.executemany("INSERT INTO journal VALUES (?, ?, ?)", rows)
    if durable is not None:
        connection.execute("INSERT OR REPLACE INTO durable VALUES (1, ?)", (durable,))
    if checkpoint is not None:
        hour = checkpoint.wall // _HOUR_MS
        connection.execute("DELETE FROM checkpoint WHERE hour = ?", (hour,))
        connection.execute(
            "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)",
            (checkpoint.count, hour, checkpoint.token),
        )


def _rest(rows: list[tuple[int, bytes, bytes]], stored: Tip) -> list[tuple[int, bytes, bytes]]:
    """Those rows that are not stored yet.

    Raises:
        sqlite3.DataError: what is stored is not a part of what we wrote.
    """
    if any((number, digest) == (stored.number, stored.digest) for number, _, digest in rows):
        return [row for row in rows if row[0] > stored.number]
    raise sqlite3.DataError("the journal on disk is not the one that was written")
