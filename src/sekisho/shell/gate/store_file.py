"""The gate's database file: journal, durable state and checkpoints, as SQLite keeps them.

Only entries and digests are stored, never a second copy of what an entry says, so that there is
nothing in the file that a reader believes and the chain does not cover.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from sekisho.evidence.chain import GENESIS, Tip
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

APPLICATION = 0x53454B49
"""`PRAGMA application_id`: "SEKI"."""
ARCHIVE = 0x53454B41
"""The same of a volume that was put away: "SEKA"."""
VERSION = 1
_BUSY_S = 5.0
"""How long a statement waits for another process; readers never hold writers up in WAL mode."""
_WAL_BYTES = 16 * 1024 * 1024

_TABLES = (
    """
    CREATE TABLE base (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      n INTEGER NOT NULL,
      digest BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE journal (
      n INTEGER PRIMARY KEY,
      entry BLOB NOT NULL,
      digest BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE durable (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      state BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE checkpoint (
      count INTEGER PRIMARY KEY,
      hour INTEGER NOT NULL,
      token BLOB NOT NULL
    )
    """,
    """
    CREATE TRIGGER journal_rises BEFORE INSERT ON journal
    WHEN NEW.n <> 1 + coalesce((SELECT max(n) FROM journal), (SELECT n FROM base))
    BEGIN SELECT raise(ABORT, 'the journal goes on with the next number'); END
    """,
    """
    CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
    BEGIN SELECT raise(ABORT, 'the journal is only added to'); END
    """,
    """
    CREATE TRIGGER journal_remains BEFORE DELETE ON journal
    BEGIN SELECT raise(ABORT, 'the journal is only added to'); END
    """,
    """
    CREATE TRIGGER base_stays BEFORE UPDATE ON base
    BEGIN SELECT raise(ABORT, 'the base stays'); END
    """,
    """
    CREATE TRIGGER base_remains BEFORE DELETE ON base
    BEGIN SELECT raise(ABORT, 'the base stays'); END
    """,
)


def opened_for_writing(path: Path, *, create: bool, base: Tip = GENESIS) -> sqlite3.Connection:
    """The database for its one writer; made where it is missing, and a new one begins after `base`.

    Raises:
        WorldError: it cannot be opened, or is of a newer version.
        sqlite3.Error: it cannot be read.
    """

    def bring_up(connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES}")
        _bring_up(path, connection, base)

    return durable_connection(path, bring_up, create=create)


def durable_connection(
    path: Path, bring_up: Callable[[sqlite3.Connection], None], *, create: bool
) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return, for a file's one writer.

    Write-ahead log with `synchronous=FULL`; the file is owner-only.

    Args:
        path: the file.
        bring_up: makes the tables of a new file, or sees that another one is ours.
        create: make the file where it is missing.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    if create and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        bring_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(path: Path, connection: sqlite3.Connection, base: Tip) -> None:
    """A new file gets its tables in one transaction; another one must be ours."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    application = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if (version, application) == (VERSION, APPLICATION):
        return
    tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if version or application or tables:
        raise not_ours(path)
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO base VALUES (1, ?, ?)", (base.number, base.digest))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def tip_of(connection: sqlite3.Connection) -> Tip:
    """The last entry that is stored, or what the first one will be chained to."""
    row = connection.execute("SELECT n, digest FROM journal ORDER BY n DESC LIMIT 1").fetchone()
    return Tip(*row) if row is not None else base_of(connection)


def base_of(connection: sqlite3.Connection) -> Tip:
    """What the first entry of this file is chained to."""
    return Tip(*connection.execute("SELECT n, digest FROM base").fetchone())


def bytes_of(connection: sqlite3.Connection) -> int:
    """Size of the database, without its write-ahead log."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


def not_ours(path: Path) -> WorldError:
    """The file is something else, or of a newer version."""
    return WorldError(
        Problem(
            str(path),
            Text(
                "この版のゲートのデータベースではありません。",
                "It is no database of this version of the gate.",
            ),
            Text(
                "同じ版か新しい版の sekisho で開いてください。",
                "Open it with the same or a newer version of sekisho.",
            ),
        )
    )


def cannot_open(path: Path, problem: Exception | str) -> WorldError:
    """The file cannot be opened or read."""
    return WorldError(
        Problem(
            str(path),
            Text(
                "ゲートのデータベースを開けません({why})。",
                "The gate's database cannot be opened ({why}).",
            ).fill(why=problem),
            Text(
                "場所と権限、ディスクの空きを確かめてください。",
                "Check the place, your rights and the free space.",
            ),
        )
    )
