"""The one place where the desk changes: a pure step, then the disk, and only then an answer.

Steps come one after another. What a step changed of the book is on the disk, sealed, before anybody
is told the outcome; a kill at any point leaves the book before it or the book after it. Notes for the
journal stand in the book until the gate has written them down, so that none is lost between the two.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sekisho.gate.admin.desk import Desk, Moment, begun, note
from sekisho.gate.admin.messages import AskNote
from sekisho.gate.admin.notes import MOST_PENDING, NoteKind
from sekisho.shell.admin.folder import keep_book, load_book
from sekisho.shell.admin.gate_end import GateAwayError, GateBusyError, GateNoError
from sekisho.shell.clock import boot_ms, wall_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.gate.admin.notes import Note
    from sekisho.gate.admin.sessions import Session
    from sekisho.shell.admin.gate_end import GateEnd
    from sekisho.shell.gate.state_folder import StateFolder

R = TypeVar("R")

MINUTE_S = 60.0
FLUSH_S = 1.0


class JournalAwaitedError(Exception):
    """So many notes wait for the gate that nothing may be changed."""


class _RefusedError(Exception):
    """The gate does not take one note."""


class SignedOutError(Exception):
    """The session ended while its request was under way."""


class Keeper:
    """See the module's text."""

    def __init__(self, folder: StateFolder, gate: GateEnd) -> None:
        """A keeper of a folder's book.

        Raises:
            InputError: the book cannot be read.
            WorldError: the disk failed.
        """
        self._folder = folder
        self._gate = gate
        self._turn = asyncio.Lock()
        self._owed = asyncio.Event()
        self._failed: Counter[tuple[str, str]] = Counter()
        self.desk: Desk = begun(load_book(folder), boot_ms())
        if self.desk.book.pending:
            self._owed.set()

    def moment(self, source: str) -> Moment:
        """Now."""
        wall = wall_ms()
        return Moment(
            wall=wall, boot=boot_ms(), source=source, random=lambda: secrets.token_urlsafe(32)
        )

    async def change(self, step: Callable[[Desk], tuple[Desk, R]]) -> R:
        """One step; its outcome once it is on the disk. Refused while too many notes wait.

        Raises:
            JournalAwaitedError: the journal has not taken what was done before.
            WorldError: the disk failed; nothing was changed.
        """
        return await self._changed(step, MOST_PENDING)

    async def change_by_guess(self, step: Callable[[Desk], tuple[Desk, R]]) -> R:
        """One step of a stranger, written down whether or not somebody has the name that was guessed.

        Only somebody's account stands in the book; a write for it alone would tell by its time.

        Raises:
            JournalAwaitedError: the journal has not taken what was done before.
            WorldError: the disk failed; nothing was changed.
        """
        return await self._changed(step, MOST_PENDING, lambda desk: desk)

    async def change_of(self, session: Session, step: Callable[[Desk], tuple[Desk, R]]) -> R:
        """One step of somebody who is still signed in when it is made.

        Raises:
            SignedOutError: somebody ended the session meanwhile; nothing was changed.
            JournalAwaitedError: the journal has not taken what was done before.
            WorldError: the disk failed; nothing was changed.
        """

        def held(desk: Desk) -> tuple[Desk, R]:
            if session.digest not in desk.sessions.held:
                raise SignedOutError
            return step(desk)

        return await self.change(held)

    async def change_at_machine(self, step: Callable[[Desk], tuple[Desk, R]]) -> R:
        """One step that nothing on the network can hold up, an unreachable journal neither.

        Raises:
            WorldError: the disk failed; nothing was changed.
        """
        return await self._changed(step, None)

    async def _changed(
        self,
        step: Callable[[Desk], tuple[Desk, R]],
        most: int | None,
        watched: Callable[[Desk], object] = lambda desk: desk.book,
    ) -> R:
        """One step; the book is written where it changed what is watched."""
        async with self._turn:
            if most is not None and len(self.desk.book.pending) >= most:
                raise JournalAwaitedError
            after, outcome = step(self.desk)
            if watched(after) != watched(self.desk):
                await asyncio.to_thread(keep_book, self._folder, after.book)
            self.desk = after
            if after.book.pending:
                self._owed.set()
        return outcome

    def count(self, told: Note) -> None:
        """A failed sign-in: it goes into the minute's line of its reason."""
        self._failed[told.reason, told.user] += 1

    async def run(self) -> None:
        """Tells the gate what it is owed, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell())
            group.create_task(self._minutes())

    async def _tell(self) -> None:
        while True:
            await self._owed.wait()
            told: set[str] = set()
            with suppress(GateAwayError, GateBusyError):
                for one in self.desk.book.pending:
                    with suppress(_RefusedError):  # it stays, and holds up none that come after it
                        await self._told(one)
                        told.add(one.id)
            if told:
                await self._forget(frozenset(told))
            if not self.desk.book.pending:
                self._owed.clear()
            await asyncio.sleep(FLUSH_S)

    async def _told(self, one: Note) -> None:
        try:
            await self._gate.ask(AskNote(one))
        except GateBusyError:
            raise
        except GateNoError as error:
            raise _RefusedError from error

    async def _forget(self, told: frozenset[str]) -> None:
        async with self._turn:
            book = self.desk.book.written(told)
            await asyncio.to_thread(keep_book, self._folder, book)
            self.desk = replace(self.desk, book=book)

    async def _minutes(self) -> None:
        while True:
            await asyncio.sleep(MINUTE_S)
            await self.minute()

    async def minute(self) -> None:
        """One line for each reason of failed sign-ins, with the accounts that were tried.

        While many notes wait they are only counted on: strangers do not fill what people need.
        """
        if len(self.desk.book.pending) >= MOST_PENDING // 2:
            return
        failed, self._failed = self._failed, Counter()
        moment = self.moment("")
        lines = []
        for reason in sorted({reason for reason, _ in failed}):
            counts = {user: n for (why, user), n in failed.items() if why == reason}
            users = " ".join(sorted(user for user in counts if user))
            line = note(NoteKind.SIGN_IN_FAILED, moment, about=users[:64], reason=reason)
            lines.append(replace(line, count=sum(counts.values())))
        if lines:
            with suppress(JournalAwaitedError):
                await self.change(lambda desk: (replace(desk, book=desk.book.noted(*lines)), None))
