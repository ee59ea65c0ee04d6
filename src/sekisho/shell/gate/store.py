"""The gate's memory on disk: journal and durable state, committed together by a thread of its own.

`submit` never waits for the disk: it numbers and chains the entries, and the thread commits. While one
commit is on its way to the disk, everything submitted is gathered for the next. A commit holds the
entries *and* the durable state that they explain, so that a crash finds both or neither.

A disk that is full or fails stops nothing here: what was submitted waits and is tried again, `trouble`
says why, and `uncommitted_ms` grows, by which the gate alarms and stops new market commands.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from sekisho.evidence.chain import Tip, chained
from sekisho.gate.journal.form import entry_bytes
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store_commit import ROW_BYTES, Batch, at_once, prepared, write
from sekisho.shell.gate.store_file import (
    bytes_of,
    cannot_open,
    opened_for_writing,
    tip_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sekisho.evidence.checkpoint import Checkpoint
    from sekisho.gate.journal.entries import Entry
    from sekisho.terms.quantity import BootMs

QUOTA = 1024 * 1024 * 1024
"""Bytes of the database."""
_KEPT_FOR_SAFETY = 0.1
MOST_WAITING = 8 * 1024 * 1024
"""Bytes of entries that wait for the disk; more are refused."""
_MOST_PER_COMMIT = 2_000
"""Entries of one commit, so that a long backlog is acknowledged in parts."""
_COMMIT_BYTES = 16 * 1024
"""What a commit writes into the log beside its entries: whole pages, several at least."""
_MOST_LOG_BYTES = 3 * 1024 * 1024
"""So much in the log, and it is brought home."""
_LOOK_SHARE = 1 / 8192
"""So much of the quota was written at most since it was looked how much is used."""
_RETRY_S = 0.5
_CLOSE_S = 5.0


class Room(StrEnum):
    """What the journal still takes."""

    ANY = "any"
    SAFETY = "safety"
    """The quota's last tenth: only safety entries."""
    NONE = "none"
    """The quota is used up, or too much waits for the disk."""

    def takes(self, entry: Entry) -> bool:
        """Whether there is room for an entry of this kind."""
        match self:
            case Room.ANY:
                return True
            case Room.SAFETY:
                return entry.safety
            case Room.NONE:
                return False


class Point(StrEnum):
    """Where a commit is."""

    BEGUN = "begun"
    WRITTEN = "written"
    """All rows are in the transaction."""
    COMMITTED = "committed"
    """It is on the disk, and nobody knows yet."""
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was there when the store was opened."""

    durable: bytes | None
    """The durable state as committed last; None in a new store."""
    tip: Tip
    """The last entry."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """Entries on their way to the disk."""

    first: int
    last: int
    """Number of the last one; `first - 1` where there were none."""
    done: Future[int] = field(compare=False)
    """`last`, when all of them and the durable state are on the disk; its callbacks run in the
    store's thread. Cancelling it changes nothing."""


class Store:
    """The open store; one for a state folder."""

    def __init__(self, folder: Path, *, quota: int = QUOTA) -> None:
        """Opens the store of a state folder, or makes a new one.

        The caller holds the folder (`StateFolder.held`) for as long as the store is open.

        Raises:
            WorldError: the database cannot be opened.
        """
        self.path = self._path = folder / STORE
        self._quota = quota
        self._connection: sqlite3.Connection | None = None
        try:
            self.loaded = self._load()
        except (sqlite3.Error, OSError, UnicodeDecodeError) as problem:
            self._let_go()
            raise cannot_open(self._path, problem) from problem
        except BaseException:
            self._let_go()
            raise
        self._tip = self._committed = self.loaded.tip
        self._waiting: deque[Batch] = deque()
        self._waiting_bytes = 0
        self._checkpoint: Checkpoint | None = None
        self._trouble: str | None = None
        self._log_bytes = self._unlooked = 0
        self._closing = False
        self._deadline = float("inf")
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    def _load(self) -> Loaded:
        self._connection = self._opened(create=True)
        row = self._connection.execute("SELECT state FROM durable").fetchone()
        self._used = bytes_of(self._connection)
        return Loaded(None if row is None else bytes(row[0]), tip_of(self._connection))

    def _opened(self, *, create: bool) -> sqlite3.Connection:
        connection = opened_for_writing(self._path, create=create)
        connection.execute("PRAGMA wal_autocheckpoint = 0")  # `_tidied` does it, when nobody waits
        prepared(connection)
        return connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- for the gate's loop: nothing here waits for the disk ---------------------------------

    @property
    def next_number(self) -> int:
        """Number of the entry that is submitted next."""
        return self._tip.number + 1

    @property
    def committed(self) -> Tip:
        """The last entry that is on the disk; what a checkpoint may speak of."""
        return self._committed

    @property
    def trouble(self) -> str | None:
        """Why the last commit failed; None while all is well."""
        return self._trouble

    @property
    def room(self) -> Room:
        """What the journal still takes."""
        size = self._used + self._waiting_bytes
        if size >= self._quota or self._waiting_bytes >= MOST_WAITING:
            return Room.NONE
        return Room.SAFETY if size >= self._quota * (1 - _KEPT_FOR_SAFETY) else Room.ANY

    def uncommitted_ms(self, now: BootMs) -> int:
        """For how long the oldest submission has been waiting for the disk; 0 where none is."""
        try:
            return max(0, now - self._waiting[0].at)
        except IndexError:
            return 0

    def submit(
        self, entries: Sequence[Entry], durable: bytes | None, at: BootMs
    ) -> Submitted | Room:
        """Sends entries, and the durable state that they explain, to the disk.

        All of it is taken or nothing. A durable state without entries is taken even where the quota is
        used up, because high-water marks must be kept.

        Args:
            entries: in order; may be empty.
            durable: replaces the durable state; None leaves it.
            at: now.

        Returns:
            The numbers given, or the room that there is where that is too little.

        Raises:
            Malformed: an entry has no canonical bytes; a fault of ours.
            RuntimeError: the store is closed.
        """
        room = self.room
        if self._waiting_bytes >= MOST_WAITING or not all(map(room.takes, entries)):
            return room
        rows, tip, size = [], self._tip, len(durable or b"")
        for entry in entries:
            data = entry_bytes(entry)
            tip = chained(tip, data)
            rows.append((tip.number, data, tip.digest))
            size += len(data) + ROW_BYTES
        done: Future[int] = Future()
        with self._change:
            if self._closing:
                raise RuntimeError("the store is closed")
            first = self._tip.number + 1
            self._tip = tip
            self._waiting.append(Batch(tuple(rows), durable, at, size, tip, done))
            self._waiting_bytes += size
            self._change.notify()
        return Submitted(first, tip.number, done)

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keeps a checkpoint with the next commit; of each hour the last one stays."""
        with self._change:
            self._checkpoint = checkpoint
            self._change.notify()

    def close(self, timeout_s: float = _CLOSE_S) -> bool:
        """Writes what waits, within this time.

        Returns:
            False where something was left unwritten; its futures have failed.
        """
        with self._change:
            self._closing = True
            self._deadline = time.monotonic() + timeout_s
            self._change.notify()
        self._thread.join(timeout_s + 1)
        return not self._waiting

    # ---- the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while (taken := self._taken()) is not None:
            batches, checkpoint = taken
            try:
                self._commit(batches, checkpoint)
            except Exception as problem:  # noqa: BLE001 - the thread outlives whatever fails
                self._failed(problem)
            else:
                self._succeeded(batches, checkpoint)
                self._tidied(batches)
        self._end()

    def _taken(self) -> tuple[list[Batch], Checkpoint | None] | None:
        """What the next commit holds, as soon as there is any; None when it is time to end.

        Whole submissions, at least one where there is any.
        """
        with self._change:
            while not self._closing and not self._waiting and self._checkpoint is None:
                self._change.wait()
            if self._closing and time.monotonic() >= self._deadline:
                return None
            if not self._waiting and self._checkpoint is None:
                return None
            batches: list[Batch] = []
            rows = 0
            for batch in self._waiting:
                if batches and rows + len(batch.rows) > _MOST_PER_COMMIT:
                    break
                batches.append(batch)
                rows += len(batch.rows)
            return batches, self._checkpoint

    def _commit(self, batches: list[Batch], checkpoint: Checkpoint | None) -> None:
        connection = self._connection
        known = connection is not None  # else what is stored is compared with what we wrote
        if connection is None:
            connection = self._connection = self._opened(create=False)
        self._reached(Point.BEGUN)
        if not (known and at_once(connection, self._committed, batches, checkpoint)):
            write(connection, self._committed, batches, checkpoint)
            self._reached(Point.WRITTEN)
            connection.execute("COMMIT")
        self._reached(Point.COMMITTED)

    def _succeeded(self, batches: list[Batch], checkpoint: Checkpoint | None) -> None:
        with self._change:
            for batch in batches:
                self._waiting.popleft()
                self._waiting_bytes -= batch.size
                self._committed = batch.tip
            if self._checkpoint is checkpoint:
                self._checkpoint = None
            self._trouble = None
        for batch in batches:
            if batch.done.set_running_or_notify_cancel():
                batch.done.set_result(batch.tip.number)
        self._reached(Point.TOLD)

    def _tidied(self, batches: Sequence[Batch]) -> None:
        """Looks how much is used, and brings the write-ahead log home, now and then.

        After everybody was told, and not before.
        """
        written = _COMMIT_BYTES + sum(batch.size for batch in batches)
        self._log_bytes += written
        self._unlooked += written
        if self._unlooked >= self._quota * _LOOK_SHARE and self._connection is not None:
            self._unlooked = 0
            with suppress(sqlite3.Error):
                self._used = bytes_of(self._connection)
        if self._log_bytes < _MOST_LOG_BYTES or self._connection is None:
            return
        self._log_bytes = 0
        with suppress(sqlite3.Error):  # the next commit shows whether the disk works
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _failed(self, problem: Exception) -> None:
        """Let the connection go, whose state is not known, and try again a little later."""
        self._trouble = str(problem) or type(problem).__name__
        self._let_go()
        with self._change:
            ending = self._closing
            self._change.wait_for(lambda: self._closing, _RETRY_S)
        if ending:
            time.sleep(_RETRY_S / 10)

    def _end(self) -> None:
        with self._change:
            left = list(self._waiting)
        for batch in left:
            if batch.done.set_running_or_notify_cancel():
                batch.done.set_exception(TimeoutError(self._trouble or "the store was closed"))
        self._let_go()

    def _reached(self, point: Point) -> None:
        """The commit has come so far; tests end the process here."""
