"""The schema of the register database, and how a file of an earlier schema is brought up to date."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

APPLICATION_ID = 0x53454B49
"""`SEKI` in the file's header, so that no other program's database is taken for a register."""

MIGRATIONS = (
    """
    CREATE TABLE content (
      id INTEGER PRIMARY KEY,
      hash BLOB NOT NULL UNIQUE,
      line TEXT NOT NULL
    ) STRICT;
    CREATE TABLE list (
      id INTEGER PRIMARY KEY,
      list_date TEXT NOT NULL,
      learned TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      source TEXT NOT NULL,
      complete INTEGER NOT NULL,
      rows BLOB NOT NULL
    ) STRICT;
    """,
    """
    CREATE TRIGGER content_stays BEFORE UPDATE ON content
      BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER content_remains BEFORE DELETE ON content
      BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER list_stays BEFORE UPDATE ON list
      BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    CREATE TRIGGER list_remains BEFORE DELETE ON list
      BEGIN SELECT RAISE(ABORT, 'the register is append-only'); END;
    """,
)
"""Step n brings a file from schema version n to n + 1; steps are added, never changed."""

SCHEMA_VERSION = len(MIGRATIONS)


def bring_up_to_date(
    path: Path, connection: sqlite3.Connection, begin: Callable[[sqlite3.Connection], None]
) -> None:
    """Makes a new file, or brings one of an earlier schema up to date, in one transaction.

    Args:
        path: for messages.
        connection: in autocommit mode.
        begin: fills a new register, within the same transaction.

    Raises:
        InputError: another program's database, or a register of a newer schema.
    """
    version = _version(path, connection)
    if version == SCHEMA_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    version = _version(path, connection)  # another process may have been quicker
    for step in MIGRATIONS[version:]:
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    if version == 0:
        begin(connection)
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """Single statements: `executescript` would commit the transaction that we are in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(path: Path, connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and tables:
        raise InputError(
            Problem(
                str(path),
                Text(
                    "Sekisho の登録簿ではないデータベースです。",
                    "This database is not a register of Sekisho.",
                ),
                Text("別のファイルを指定してください。", "Give another file."),
            )
        )
    if version > SCHEMA_VERSION:
        raise InputError(
            Problem(
                str(path),
                Text(
                    "この登録簿は新しい版の Sekisho で作られています(形式 {version})。",
                    "This register was made by a newer Sekisho (schema {version}).",
                ).fill(version=version),
                Text("Sekisho を更新してください。", "Update Sekisho."),
            )
        )
    return int(version)
