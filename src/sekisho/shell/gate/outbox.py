"""Store and forward: telemetry waits on disk until the head-end says that it holds it.

A record gets its number when it is put, may be sent at once, and is committed with all others of the
same second by a thread of its own. It is deleted on the head-end's acknowledgement alone: a broker's
says nothing about keeping.

A number never comes twice, whatever dies when: each commit also reserves numbers ahead, and after a
crash they go on behind the reserved ones. Numbers that do not exist are told by the `gap` of the next
record: those passed over so, and of the oldest record everything before it, whether acknowledged or
dropped because the quota was used up. So the head-end knows a loss from a delay; losses are counted.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sekisho.shell.gate.outbox_file import (
    KEPT_OF_QUOTA,
    ROW_BYTES,
    Kept,
    amount_of,
    deleted,
    opened_outbox,
    read_records,
    surplus,
)
from sekisho.shell.gate.state_folder import OUTBOX
from sekisho.shell.gate.store_file import cannot_open

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.terms.ids import SessionId
    from sekisho.terms.quantity import WallMs

QUOTA = 1024 * 1024 * 1024
"""Bytes of records."""
MOST_BODY = 256 * 1024
"""Largest record."""
MOST_WAITING = 8 * 1024 * 1024
"""Bytes that wait for the disk; what comes when there are more is not kept, and counted."""
COMMIT_S = 1.0
_RESERVED = 10_000
_RETRY_S = 0.5
_CLOSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a record that was put."""

    sequence: int
    gap: int
    sendable: bool
    """It may be sent before it is committed; else its number is not safe from being given twice."""


@dataclass(frozen=True, slots=True)
class _Asked:
    after: int
    most: int
    most_bytes: int
    done: Future[list[Kept]]


class Outbox:
    """The open store-and-forward; one for a state folder, whose holder opens it."""

    def __init__(self, folder: Path, now: WallMs, *, quota: int = QUOTA) -> None:
        """Opens it, or makes a new one, whose numbers begin at `now`.

        So the numbers of an outbox that was lost never come again: nothing makes a thousand
        records a second.

        Raises:
            WorldError: it cannot be opened.
        """
        self._path = folder / OUTBOX
        self._quota = quota
        self._connection: sqlite3.Connection | None = None
        try:
            self._load(now)
        except (sqlite3.Error, OSError, UnicodeDecodeError) as problem:
            self._let_go()
            raise cannot_open(self._path, problem) from problem
        except BaseException:
            self._let_go()
            raise
        self._waiting: deque[Kept] = deque()
        self._waiting_bytes = 0
        self._acknowledged = self._deleted_to = 0
        self._asked: deque[_Asked] = deque()
        self._hurry = False
        self._closing = False
        self._deadline = float("inf")
        self._trouble: str | None = None
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load(self, now: WallMs) -> None:
        self._connection = opened_outbox(self._path, now)
        numbers: tuple[int, int, int] = self._connection.execute(
            "SELECT last, reserved, dropped FROM number"
        ).fetchone()
        self._last, reserved, self._dropped = numbers
        self._next = max(self._last, reserved) + 1
        self._gap = self._next - 1 - self._last
        self._bytes, self._rows = amount_of(self._connection)
        self._reserved = self._next - 1 + _RESERVED
        self._connection.execute("UPDATE number SET reserved = ?", (self._reserved,))

    # ---- for the gate's loop: nothing here waits for the disk ---------------------------------

    @property
    def next_sequence(self) -> int:
        """Number that the next record will have; whoever puts records puts it in the body."""
        return self._next

    @property
    def next_gap(self) -> int:
        """How many numbers right before that one do not exist."""
        return self._gap

    @property
    def dropped(self) -> int:
        """Records lost since the outbox was made: the quota was used up, or the disk failed."""
        return self._dropped

    @property
    def trouble(self) -> str | None:
        """Why the last commit failed; None while all is well."""
        return self._trouble

    @property
    def bytes_used(self) -> int:
        """What the records take."""
        return self._bytes + self._waiting_bytes

    @property
    def waiting(self) -> int:
        """Records that the head-end has not acknowledged, as of the last commit."""
        with self._change:
            return self._rows + len(self._waiting)

    def put(self, session: SessionId, body: bytes) -> Put:
        """Keeps a record, numbered `next_sequence`.

        Raises:
            ValueError: it is larger than `MOST_BODY`; a fault of ours.
            RuntimeError: the outbox is closed.
        """
        if len(body) > MOST_BODY:
            raise ValueError(f"a record of {len(body)} bytes, most {MOST_BODY}")
        with self._change:
            if self._closing:
                raise RuntimeError("the outbox is closed")
            one = Kept(self._next, session, self._gap, body)
            self._next += 1
            if self._waiting_bytes + len(body) > MOST_WAITING:
                self._gap += 1  # the disk fails and there is no room left to wait for it
                self._dropped += 1
            else:
                self._gap = 0
                self._waiting.append(one)
                self._waiting_bytes += len(body) + ROW_BYTES
            if self._waiting_bytes > MOST_WAITING // 8 or self._next > self._reserved:
                self._hurry = True
                self._change.notify()
            return Put(one.sequence, one.gap, one.sequence <= self._reserved)

    def acknowledge(self, sequence: int) -> None:
        """The head-end holds everything up to this number."""
        with self._change:
            if sequence < self._next:
                self._acknowledged = max(self._acknowledged, sequence)

    def after(self, sequence: int, most: int, most_bytes: int) -> Future[list[Kept]]:
        """The oldest committed records after this number; at least one where there is any."""
        done: Future[list[Kept]] = Future()
        with self._change:
            if self._closing:
                raise RuntimeError("the outbox is closed")
            self._asked.append(_Asked(sequence, most, most_bytes, done))
            self._change.notify()
        return done

    def flush(self) -> None:
        """Asks for a commit now."""
        with self._change:
            self._hurry = True
            self._change.notify()

    def close(self, timeout_s: float = _CLOSE_S) -> bool:
        """Writes what waits, within this time; False where something was left unwritten."""
        with self._change:
            self._closing = True
            self._deadline = time.monotonic() + timeout_s
            self._change.notify()
        self._thread.join(timeout_s + 1)
        return not self._waiting

    # ---- the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        due = time.monotonic() + COMMIT_S
        while True:
            with self._change:
                self._change.wait_for(
                    lambda: self._asked or self._hurry or self._closing,
                    max(0.0, due - time.monotonic()),
                )
                ending = self._closing
                asked, self._asked = self._asked, deque()
                flush = self._hurry or ending or time.monotonic() >= due
                self._hurry = False
            saved = self._flush() if flush else True
            for one in asked:
                self._answer(one)
            if flush:
                due = time.monotonic() + (COMMIT_S if saved else _RETRY_S)
                if ending and (saved or time.monotonic() >= self._deadline):
                    break
                if ending:
                    time.sleep(_RETRY_S / 10)
        self._let_go()

    def _flush(self) -> bool:
        with self._change:
            records, acknowledged = list(self._waiting), self._acknowledged
            ended = self._next - 1 if self._closing else None
        if not records and acknowledged <= self._deleted_to and ended is None:
            return True
        try:
            rows = self._commit(records, acknowledged, ended)
        except Exception as problem:  # noqa: BLE001 - the thread outlives whatever fails
            self._trouble = str(problem) or type(problem).__name__
            self._let_go()
            return False
        with self._change:
            self._rows = rows
            for one in records:
                self._waiting.popleft()
                self._waiting_bytes -= len(one.body) + ROW_BYTES
        self._trouble = None
        self._reached()
        return True

    def _commit(self, records: list[Kept], acknowledged: int, ended: int | None) -> int:
        """One transaction: new records in; acknowledged and surplus ones out; numbers reserved.

        Returns:
            How many are there now.
        """
        connection = self._connection
        if connection is None:
            connection = self._connection = opened_outbox(self._path, None)
            (self._last,) = connection.execute("SELECT last FROM number").fetchone()
            self._bytes, self._rows = amount_of(connection)
        fresh = [one for one in records if one.sequence > max(acknowledged, self._last)]
        last = max([self._last, *(one.sequence for one in records)])
        reserved = last + _RESERVED if ended is None else ended
        connection.execute("BEGIN IMMEDIATE")
        freed, gone = deleted(connection, acknowledged)
        size, rows = self._bytes - freed, self._rows - gone + len(fresh)
        connection.executemany(
            "INSERT INTO record VALUES (?, ?, ?, ?)",
            [(one.sequence, one.session, one.gap, one.body) for one in fresh],
        )
        size += sum(len(one.body) + ROW_BYTES for one in fresh)
        lost = 0
        if size > self._quota:
            end, lost = surplus(connection, size - int(self._quota * KEPT_OF_QUOTA))
            size -= deleted(connection, end)[0]
        connection.execute(
            "UPDATE number SET last = ?, reserved = ?, dropped = ?",
            (last, reserved, self._dropped + lost),
        )
        connection.execute("COMMIT")
        self._bytes, self._last, self._reserved = size, last, reserved
        self._deleted_to = acknowledged
        with self._change:
            self._dropped += lost
        return rows - lost

    def _answer(self, asked: _Asked) -> None:
        if not asked.done.set_running_or_notify_cancel():
            return
        try:
            if self._connection is None:
                self._connection = opened_outbox(self._path, None)
                self._bytes, self._rows = amount_of(self._connection)
            asked.done.set_result(
                read_records(self._connection, asked.after, asked.most, asked.most_bytes)
            )
        except Exception as problem:  # noqa: BLE001 - whoever asked is told
            asked.done.set_exception(cannot_open(self._path, problem))

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _reached(self) -> None:
        """A commit is done; tests end the process here."""
