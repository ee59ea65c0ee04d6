"""Putting a journal away: a volume that nobody adds to any more, and a new one that goes on from it.

The gate is stopped meanwhile. Until the last step, one rename, the state folder is as it was; the
volume is complete and on the disk before.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sekisho.evidence.chain import check
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store_file import (
    ARCHIVE,
    base_of,
    cannot_open,
    opened_for_writing,
    tip_of,
)
from sekisho.shell.writing import sync_names
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.evidence.chain import Tip

_THERE = Text("すでにあります。", "It exists already.")
_ELSEWHERE = Text("別の名前を指定してください。", "Give another name.")
_NOTHING = Text("まだ記録がありません。", "There are no entries yet.")
_LATER = Text("記録がたまってから行ってください。", "Put it away when there are some.")
_CHANGED = Text("ジャーナルが書き換えられています。", "The journal was changed.")
_VERIFY = Text(
    "sekisho journal verify で何が起きたかを確かめ、このファイルを証拠として残してください。",
    "See what happened with sekisho journal verify, and keep this file as evidence.",
)


def archive(folder: Path, out: Path) -> Tip:
    """Puts the entries until now into a file of their own; the journal goes on after them.

    Args:
        folder: a state folder that the caller holds.
        out: a file that does not exist.

    Returns:
        The volume's last entry.

    Raises:
        InputError: there is nothing to put away, `out` exists, or the journal does not hold.
        WorldError: a file cannot be read or written; somebody reads the journal just now.
    """
    source = folder / STORE
    if os.path.lexists(out):
        raise InputError(Problem(str(out), _THERE, _ELSEWHERE))
    beside = folder / f".{STORE}.new"
    beside.unlink(missing_ok=True)
    try:
        with closing(opened_for_writing(source, create=False)) as connection:
            tip = tip_of(connection)
            if tip == base_of(connection):
                raise InputError(Problem(str(source), _NOTHING, _LATER))
            _volume(connection, out, tip)
            try:
                _successor(connection, beside, tip)
                # Fails where anybody else has the file open; leaves no write-ahead log behind.
                connection.execute("PRAGMA journal_mode = DELETE")
            except BaseException:
                out.unlink()
                raise
        beside.replace(source)
        sync_names(folder)
    except (sqlite3.Error, OSError) as problem:
        raise cannot_open(source, problem) from problem
    return tip


def _volume(connection: sqlite3.Connection, out: Path, tip: Tip) -> None:
    """Everything but the durable state, whole and checked."""
    part = out.with_name(f".{out.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("PRAGMA synchronous = FULL")
            copy.execute("DELETE FROM durable")
            copy.execute(f"PRAGMA application_id = {ARCHIVE}")
        with opened_journal(part) as log:
            found = check((row.link for row in log.rows(1, log.last)), (), base=log.base)
        if found.findings or found.tip != tip:
            raise InputError(Problem(str(out), _CHANGED, _VERIFY))
        handle = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        part.rename(out)
        sync_names(out.parent)
    finally:
        part.unlink(missing_ok=True)


def _successor(connection: sqlite3.Connection, beside: Path, tip: Tip) -> None:
    """The journal that goes on after `tip`, with the durable state."""
    durable = connection.execute("SELECT state FROM durable").fetchall()
    marks = connection.execute("SELECT * FROM checkpoint WHERE count = ?", (tip.number,)).fetchall()
    with closing(opened_for_writing(beside, create=True, base=tip)) as fresh:
        fresh.execute("BEGIN IMMEDIATE")
        fresh.executemany("INSERT INTO durable VALUES (1, ?)", durable)
        fresh.executemany("INSERT INTO checkpoint VALUES (?, ?, ?)", marks)
        fresh.execute("COMMIT")
