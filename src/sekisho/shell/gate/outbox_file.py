"""The outbox's database file: records, and the numbers that are given or reserved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.gate.store_file import durable_connection, not_ours
from sekisho.terms.ids import SessionId

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from sekisho.terms.quantity import WallMs

ROW_BYTES = 64
"""What a record takes beside its body."""
KEPT_OF_QUOTA = 0.95
"""What is left after the oldest have gone, so that they do not go one by one."""
_APPLICATION = 0x53454F42
"""`PRAGMA application_id`: "SEOB"."""
_VERSION = 1
_TABLES = (
    """
    CREATE TABLE record (
      sequence INTEGER PRIMARY KEY,
      session TEXT NOT NULL,
      gap INTEGER NOT NULL,
      body BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE number (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      last INTEGER NOT NULL,
      reserved INTEGER NOT NULL,
      dropped INTEGER NOT NULL
    )
    """,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One record."""

    sequence: int
    session: SessionId
    gap: int
    """So many numbers right before this one do not exist (any more)."""
    body: bytes


def opened_outbox(path: Path, now: WallMs | None) -> sqlite3.Connection:
    """The database; made where it is missing and `now` is told."""

    def bring_up(connection: sqlite3.Connection) -> None:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if (application, version, tables) == (0, 0, 0) and now is not None:
            _make(connection, now)
        elif (application, version) != (_APPLICATION, _VERSION):
            raise not_ours(path)

    return durable_connection(path, bring_up, create=now is not None)


def _make(connection: sqlite3.Connection, now: WallMs) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO number VALUES (1, 0, ?, 0)", (max(0, now),))
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def amount_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """What the records take, in bytes, and how many they are."""
    size, rows = connection.execute(
        "SELECT coalesce(sum(length(body)), 0), count(*) FROM record"
    ).fetchone()
    return int(size) + int(rows) * ROW_BYTES, int(rows)


def deleted(connection: sqlite3.Connection, end: int) -> tuple[int, int]:
    """Deletes everything up to a number; the bytes that this freed, and how many records went."""
    size, rows = connection.execute(
        "SELECT coalesce(sum(length(body)), 0), count(*) FROM record WHERE sequence <= ?", (end,)
    ).fetchone()
    if rows:
        connection.execute("DELETE FROM record WHERE sequence <= ?", (end,))
    return int(size) + int(rows) * ROW_BYTES, int(rows)


def surplus(connection: sqlite3.Connection, wanted: int) -> tuple[int, int]:
    """Up to which number the oldest records must go to free so many bytes, and how many they are."""
    end = freed = rows = 0
    for sequence, size in connection.execute(
        "SELECT sequence, length(body) FROM record ORDER BY sequence"
    ):
        if freed >= wanted:
            break
        end, freed, rows = sequence, freed + size + ROW_BYTES, rows + 1
    return end, rows


def read_records(
    connection: sqlite3.Connection, after: int, most: int, most_bytes: int
) -> list[Kept]:
    """The oldest records after a number; the oldest of all says that nothing is before it."""
    (oldest,) = connection.execute("SELECT min(sequence) FROM record").fetchone()
    found: list[Kept] = []
    size = 0
    for sequence, session, gap, body in connection.execute(
        "SELECT sequence, session, gap, body FROM record WHERE sequence > ?"
        " ORDER BY sequence LIMIT ?",
        (after, most),
    ):
        size += len(body)
        if found and size > most_bytes:
            break
        whole = sequence - 1 if sequence == oldest else gap
        found.append(Kept(sequence, SessionId(session), whole, body))
    return found
