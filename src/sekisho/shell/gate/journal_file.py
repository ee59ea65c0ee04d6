"""Reading a journal's database, also while the gate writes it, and whatever has become of the file."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sekisho.evidence.chain import Tip
from sekisho.gate.journal.log import Log, row_of
from sekisho.shell.gate.store_file import APPLICATION, VERSION, base_of, cannot_open, not_ours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sekisho.gate.journal.log import Row

_MAGIC = b"SQLite format 3\0"
_PAGE = 2_000
"""Rows read at a time: a reader that stays in one transaction would keep the gate's write-ahead log
from shrinking."""
_BUSY_S = 5.0
_NO_DIGEST = b""


def is_database(path: Path) -> bool:
    """Whether a file starts as SQLite files do.

    Raises:
        WorldError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError as problem:
        raise cannot_open(path, problem) from problem


@contextmanager
def opened_journal(path: Path) -> Iterator[Log]:
    """The journal in a database of the gate.

    Raises:
        WorldError: it cannot be read, is another database, or of a newer version.
    """
    try:
        connection = _opened(path)
    except sqlite3.Error as problem:
        raise cannot_open(path, problem) from problem
    try:
        if _pragmas(connection) != (APPLICATION, VERSION):
            raise not_ours(path)
        tokens = connection.execute("SELECT token FROM checkpoint ORDER BY count").fetchall()
        base = base_of(connection)
        (last,) = connection.execute("SELECT max(n) FROM journal").fetchone()
        yield Log(
            name=str(path),
            base=Tip(base.number, _bytes(base.digest)),
            last=base.number if last is None else last,
            tokens=tuple(_bytes(token) for (token,) in tokens),
            whole=True,
            rows=lambda first, to: _rows(connection, first, to),
        )
    except (sqlite3.Error, TypeError, OverflowError) as problem:
        raise cannot_open(path, problem) from problem
    finally:
        connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing.

    On a medium that cannot be written SQLite may be told that nobody else writes either, provided
    that no write-ahead log lies beside the file.
    """
    address = path.absolute().as_uri()
    try:
        return _tried(f"{address}?mode=ro")
    except sqlite3.OperationalError:
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return _tried(f"{address}?mode=ro&immutable=1")


def _tried(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        connection.close()
        raise
    connection.text_factory = bytes
    return connection


def _pragmas(connection: sqlite3.Connection) -> tuple[int, int]:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return application, version


def _rows(connection: sqlite3.Connection, first: int, to: int) -> Iterator[Row]:
    while True:
        page = connection.execute(
            "SELECT n, entry, digest FROM journal WHERE n BETWEEN ? AND ? ORDER BY n LIMIT ?",
            (first, to, _PAGE),
        ).fetchall()
        for number, entry, digest in page:
            yield row_of(number, _bytes(entry), _bytes(digest))
        if len(page) < _PAGE:
            return
        first = page[-1][0] + 1


def _bytes(value: object) -> bytes:
    """A stored value; one of another type is somebody else's work and fits no digest."""
    return value if isinstance(value, bytes) else _NO_DIGEST
