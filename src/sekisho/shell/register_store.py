"""The register on disk: one SQLite file, to which lists are only ever added.

Two clocks: a list has the date that it speaks of and the day on which it was learned. Rows are kept
by their content, so that a weekly list of which little changed adds little. Triggers refuse every
change of what is there. An import is one transaction: after a crash the file is as it was before.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from array import array
from contextlib import closing, contextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.register.history import register_at
from sekisho.register.model import ListInfo, Listing
from sekisho.register.read_list import Read, Reading, read_list
from sekisho.register.store_form import label_line, label_of
from sekisho.shell.register_schema import bring_up_to_date
from sekisho.shell.tabular import read_book, sheets_of
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.sheet import Book
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.register.model import Label, Register

_SQLITE = b"SQLite format 3\0"
_SHIPPED = ("2026-04-03", "2026-06-01")
_BUSY_SECONDS = 10.0
"""How long one import waits for another; a list of 50,000 rows takes about two seconds."""


def default_path() -> Path:
    """$SEKISHO_REGISTER, else the user's data folder."""
    named = os.environ.get("SEKISHO_REGISTER")
    if named:
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME")
    base = Path(home) if home else Path.home() / ".local" / "share"
    return base / "sekisho" / "register.sqlite"


def load_register(source: Path | None, known_at: date, today: date) -> Register:
    """What was known on `known_at`.

    Args:
        source: a list file (.xlsx, .csv), a register database, or None for the user's own database
            where there is one, else the shipped lists. A list file given here counts as learned on
            its own date.
        known_at: lists learned later are not seen.
        today: the day in Japan; a list without any date is taken to be of today.

    Raises:
        InputError: the source cannot be read, or no list was known on that day.
        WorldError: the database cannot be opened.
    """
    listings = load_listings(source, today)
    register = register_at(listings, known_at)
    if register is not None:
        return register
    first = min((listing.info.learned for listing in listings), default=None)
    raise InputError(
        Problem(
            str(source or ""),
            Text(
                "{day} の時点で知られているリストがありません。",
                "No list was known on {day}.",
            ).fill(day=known_at),
            Text(
                "最初のリストは {first} に得られています。",
                "The first list was learned on {first}.",
            ).fill(first=first)
            if first
            else Text("リストを取り込んでください。", "Import a list."),
        )
    )


def load_listings(source: Path | None, today: date) -> tuple[Listing, ...]:
    """All lists of a source, in the order in which they were added (see `load_register`).

    Raises:
        InputError: the source cannot be read.
        WorldError: the database cannot be opened.
    """
    if source is None:
        own = default_path()
        return read_database(own) if own.exists() else shipped_listings()
    if is_database(source):
        return read_database(source)
    return (read_list(read_book(source), Reading(today=today)).listing,)


def is_database(path: Path) -> bool:
    """Whether a file starts as SQLite files do."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


@cache
def shipped_listings() -> tuple[Listing, ...]:
    """The excerpts inside the package; each was learned on its own date."""
    return tuple(_shipped(day) for day in _SHIPPED)


def _shipped(day: str) -> Listing:
    data = (files("sekisho.shell") / "data" / "lists" / f"{day}.csv").read_bytes()
    name = f"sekisho {day}.csv"
    book = Book(name, hashlib.sha256(data).hexdigest(), sheets_of(name, data))
    dated = date.fromisoformat(day)
    return read_list(book, Reading(today=dated, list_date=dated, excerpt=True)).listing


# ---- the database ----------------------------------------------------------------------------


def read_database(path: Path) -> tuple[Listing, ...]:
    """All lists of a register database, in the order in which they were added.

    Raises:
        InputError: it is not a register, or of a newer version.
        WorldError: it cannot be opened.
    """
    with _opened(path, create=False) as connection:
        lists = connection.execute(
            "SELECT list_date, learned, sha256, source, complete, rows FROM list ORDER BY id"
        ).fetchall()
        lines = dict(connection.execute("SELECT id, line FROM content"))
    labels: dict[int, Label] = {}
    listings = []
    for list_date, learned, sha256, source, complete, rows in lists:
        ids = _ids(rows)
        for row in ids:
            if row not in labels:
                labels[row] = label_of(lines[row])
        info = ListInfo(
            list_date=date.fromisoformat(list_date),
            learned=date.fromisoformat(learned),
            sha256=sha256,
            source=source,
            complete=bool(complete),
        )
        listings.append(Listing(info=info, labels=tuple(labels[row] for row in ids)))
    return tuple(listings)


def complete_before(path: Path, day: date) -> tuple[date, int] | None:
    """Date and number of rows of the newest complete list before a day, without reading it.

    Raises:
        InputError: the file is not a register, or of a newer version.
        WorldError: it cannot be opened.
    """
    if not path.exists():
        return None
    with _opened(path, create=False) as connection:
        row = connection.execute(
            "SELECT list_date, length(rows) / ? FROM list WHERE complete AND list_date < ?"
            " ORDER BY list_date DESC, learned DESC, id DESC LIMIT 1",
            (array("I").itemsize, day.isoformat()),
        ).fetchone()
    return None if row is None else (date.fromisoformat(row[0]), int(row[1]))


def add_list(path: Path, read: Read) -> bool:
    """Adds one list in one transaction; the file is made, with the shipped lists, where missing.

    Returns:
        False where the same list is there already, read in the same way.

    Raises:
        InputError: the file is not a register, or of a newer version.
        WorldError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise _failed(path, problem) from problem
    with _opened(path, create=True) as connection:
        connection.execute("BEGIN IMMEDIATE")
        added = _insert(connection, read.listing)
        connection.execute("COMMIT")
    return added


def _begin(connection: sqlite3.Connection) -> None:
    """A new register starts with the shipped lists."""
    for listing in shipped_listings():
        _insert(connection, listing)


def _insert(connection: sqlite3.Connection, listing: Listing) -> bool:
    ids = _content_ids(connection, listing.labels)
    info = listing.info
    rows = array("I", ids).tobytes()
    latest = connection.execute(
        "SELECT sha256, complete, rows FROM list WHERE list_date = ?"
        " ORDER BY learned DESC, id DESC LIMIT 1",
        (info.list_date.isoformat(),),
    ).fetchone()
    if latest == (info.sha256, int(info.complete), rows):
        return False
    connection.execute(
        "INSERT INTO list (list_date, learned, sha256, source, complete, rows)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            info.list_date.isoformat(),
            info.learned.isoformat(),
            info.sha256,
            info.source,
            info.complete,
            rows,
        ),
    )
    return True


def _content_ids(connection: sqlite3.Connection, labels: Sequence[Label]) -> list[int]:
    hashes: list[bytes] = []

    def contents() -> Iterator[tuple[bytes, str]]:
        for label in labels:
            line = label_line(label)
            hashes.append(hashlib.sha256(line.encode()).digest())
            yield hashes[-1], line

    connection.executemany("INSERT OR IGNORE INTO content (hash, line) VALUES (?, ?)", contents())
    known: dict[bytes, int] = dict(connection.execute("SELECT hash, id FROM content"))
    return [known[digest] for digest in hashes]


def _ids(rows: bytes) -> array[int]:
    ids = array("I")
    ids.frombytes(rows)
    return ids


@contextmanager
def _opened(path: Path, *, create: bool) -> Iterator[sqlite3.Connection]:
    """The register database, brought to the current schema; rolled back unless committed."""
    if not create and not path.exists():
        raise InputError(
            Problem(
                str(path),
                Text("登録簿がありません。", "There is no register here."),
                Text(
                    "sekisho register import でリストを取り込んでください。",
                    "Import a list with: sekisho register import.",
                ),
            )
        )
    try:
        with closing(
            sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        ) as connection:
            bring_up_to_date(path, connection, _begin)
            yield connection
    except sqlite3.DatabaseError as problem:
        raise _failed(path, problem) from problem


def _failed(path: Path, problem: Exception) -> WorldError:
    return WorldError(
        Problem(
            str(path),
            Text("登録簿を開けません: {why}", "the register cannot be opened: {why}").fill(
                why=problem
            ),
            Text(
                "場所と権限、ディスクの空きを確かめてください。",
                "Check the place, your rights and the free space.",
            ),
        )
    )
