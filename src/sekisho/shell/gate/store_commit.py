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


_INTAKE = (
    """
    CREATE TEMP VIEW intake AS
    SELECT n, entry, digest, state, digest AS before FROM journal JOIN durable WHERE 0
    """,
    """
    CREATE TEMP TRIGGER taken INSTEAD OF INSERT ON intake BEGIN
      SELECT raise(ABORT, 'the journal on disk is not the one that was written')
      WHERE NEW.before <> coalesce(
        (SELECT digest FROM journal ORDER BY n DESC LIMIT 1), (SELECT digest FROM base)
      );
      INSERT INTO journal VALUES (NEW.n, NEW.entry, NEW.digest);
      INSERT OR REPLACE INTO durable VALUES (1, NEW.state);
    END
    """,
)


def prepared(connection: sqlite3.Connection) -> None:
    """Makes the way for a commit of one entry, the usual one.

    It is a single statement, in which no other thread's Python is waited for.
    """
    for statement in _INTAKE:
        connection.execute(statement)


def at_once(
    connection: sqlite3.Connection,
    committed: Tip,
    batches: Sequence[Batch],
    checkpoint: Checkpoint | None,
) -> bool:
    """Commits one entry with the state that it explains; False where there is more to write.

    Raises:
        sqlite3.Error: nothing was committed, or a commit that seemed to fail did reach the disk.
    """
    if checkpoint is not None or len(batches) != 1:
        return False
    batch = batches[0]
    if len(batch.rows) != 1 or batch.durable is None:
        return False
    values = (*batch.rows[0], batch.durable, committed.digest)
    connection.execute("INSERT INTO intake VALUES (?, ?, ?, ?, ?)", values)
    return True


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
