"""Reading a journal: a state folder's, also while the gate writes it, a database, or an extract."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed, parse
from sekisho.evidence.chain import Tip
from sekisho.gate.journal.extract import NoExtract, opened_extract
from sekisho.gate.journal.log import Log, row_of
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store_file import APPLICATION, ARCHIVE, VERSION, cannot_open, not_ours
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

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
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""The second where SQLite quotes a damaged file in its message."""
_MOST_EXTRACT = 256 * 1024 * 1024
_NO_EXTRACT = Text(
    "ジャーナルでもその抜粋でもないか、書き換えられています({why})。",
    "It is neither a journal nor an extract of one, or it was changed ({why}).",
)
_WHOLE = Text(
    "ゲートが書き出したままのファイルを指定してください。",
    "Give the file exactly as the gate wrote it.",
)
_MOST_WITNESS = 64 * 1024 * 1024
_NO_WITNESS = Text(
    "チェックポイントが1つもないか、64 MiB を超えています。",
    "It holds no checkpoint, or is larger than 64 MiB.",
)
_LINES = Text(
    "ゲートの外で保管したチェックポイントを、1行に1つ書いたファイルを指定してください。",
    "Give a file of checkpoints that were kept away from the gate, one on each line.",
)
_TOO_LARGE = Text("抜粋が 256 MiB を超えています。", "The extract is larger than 256 MiB.")
_PARTS = Text("期間を分けて書き出してください。", "Export the time in several parts.")


@contextmanager
def opened_log(place: Path) -> Iterator[Log]:
    """The journal at a place: a state folder, a database of the gate, or an extract.

    Raises:
        InputError: an extract is not as ours are.
        WorldError: it cannot be read, is another database, or of a newer version.
    """
    path = place / STORE if place.is_dir() else place
    content = _extract(path)
    if content is None:
        with opened_journal(path) as log:
            if place != path and not log.whole:
                raise not_ours(path)  # a volume in the place of the journal hides what came after
            yield log
        return
    try:
        log = opened_extract(str(path), content)
    except NoExtract as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise InputError(Problem(where, _NO_EXTRACT.fill(why=error.why), _WHOLE)) from error
    yield log


def witness_tokens(path: Path) -> list[bytes]:
    """The checkpoints in a witness's file: one compact JWS on each line, or in its `checkpoint`.

    Raises:
        InputError: there is none in it, or it is too large.
        WorldError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_WITNESS + 1)
    except OSError as problem:
        raise cannot_open(path, problem.strerror or problem) from problem
    tokens = [token for line in content.splitlines() if (token := _token(line.strip()))]
    if not tokens or len(content) > _MOST_WITNESS:
        raise InputError(Problem(str(path), _NO_WITNESS, _LINES))
    return tokens


def _token(line: bytes) -> bytes | None:
    if not line.startswith(b"{"):
        return line or None
    try:
        value = parse(line, len(line))
    except Malformed:
        return line  # it will be told as one that cannot be believed
    found = value.get("checkpoint") if isinstance(value, dict) else None
    return found.encode("utf-8", "replace") if isinstance(found, str) else None


def _extract(path: Path) -> bytes | None:
    """The content of what is no database."""
    try:
        with path.open("rb") as stream:
            if stream.read(len(_MAGIC)) == _MAGIC:
                return None
            stream.seek(0)
            content = stream.read(_MOST_EXTRACT + 1)
    except OSError as problem:
        raise cannot_open(path, problem.strerror or problem) from problem
    if len(content) > _MOST_EXTRACT:
        raise InputError(Problem(str(path), _TOO_LARGE, _PARTS))
    return content


@contextmanager
def opened_journal(path: Path) -> Iterator[Log]:
    """The journal in a database of the gate.

    Raises:
        WorldError: it cannot be read, is another database, or of a newer version.
    """
    try:
        connection = _opened(path)
    except _UNREADABLE as problem:
        raise cannot_open(path, problem) from problem
    try:
        application, version = _pragmas(connection)
        if application not in {APPLICATION, ARCHIVE} or version != VERSION:
            raise not_ours(path)
        tokens = connection.execute("SELECT token FROM checkpoint ORDER BY count").fetchall()
        base = _base(path, connection)
        (last,) = connection.execute("SELECT max(n) FROM journal").fetchone()
        yield Log(
            name=str(path),
            base=base,
            last=base.number if last is None else last,
            tokens=tuple(_bytes(token) for (token,) in tokens),
            whole=application == APPLICATION,
            rows=lambda first, to: _rows(connection, first, to),
        )
    except _UNREADABLE as problem:
        raise cannot_open(path, problem) from problem
    finally:
        connection.close()


def _base(path: Path, connection: sqlite3.Connection) -> Tip:
    rows = connection.execute("SELECT n, digest FROM base").fetchall()
    if len(rows) != 1 or type(rows[0][0]) is not int or rows[0][0] < 0:
        raise not_ours(path)
    return Tip(rows[0][0], _bytes(rows[0][1]))


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
