"""The gate's end of the socket to the admin process.

Bounded in everything, because it runs beside the cycle: few connections, few questions a second, one
at a time, nothing that waits for the disk on the loop. Who connects is told by the kernel; another
user than the one named at the start is not listened to. Whatever goes wrong here ends a connection
and nothing else.
"""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed
from sekisho.gate.admin.messages import (
    MOST_QUESTION,
    AskJournal,
    AskPropose,
    AskStatus,
    AskVerify,
    answer_bytes,
    question_of,
)
from sekisho.gate.guard.pressure import Bucket, Rate, left
from sekisho.terms.errors import SekishoError
from sekisho.terms.quantity import BootMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.shell.gate.admin_desk import AdminDesk
    from sekisho.shell.gate.engine import Engine

MOST_OPEN = 4
RATE = Rate(20, 60)
"""Questions of all connections together."""
IDLE_S = 60.0
HEAVY_RATE = Rate(2, 10)
"""Of questions that read the disk or check a signature."""
SHORT = 8 * 1024
"""Bytes of a question that is read on the loop; a longer one is a heavy one, whatever it asks."""
HEAVY = (AskJournal, AskVerify, AskPropose)
_ENDS = (
    OSError,
    ValueError,
    TimeoutError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
)
"""What a connection may end with."""
_BUSY = Text("ゲートへの問合せが多すぎます。", "The gate is asked too much.")
_NO_QUESTION = Text("ゲートの知らない問合せです。", "The gate does not know this question.")
_NOT_YET = Text("ゲートは起動したばかりです。", "The gate has only just started.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminEnd:
    """Where the admin process may ask, and who it is."""

    path: Path
    uid: int
    """Its user; root is let in too, being able to do everything anyway."""


class AdminSocket:
    """Answers until cancelled."""

    def __init__(
        self, end: AdminEnd, engine: Engine, desk: AdminDesk, status: Callable[[], bytes]
    ) -> None:
        """A socket that is not open yet.

        Args:
            end: where, and for whom.
            engine: tells the time.
            desk: does what is asked.
            status: the latest status as JSON; empty before there is one.
        """
        self._end = end
        self._engine = engine
        self._desk = desk
        self._status = status
        self._writers: set[asyncio.StreamWriter] = set()
        self._bucket: Bucket | None = None
        self._heavy: Bucket | None = None
        self.trouble = ""
        """Why it is not open."""

    async def run(self) -> None:
        """A socket that cannot be opened leaves the gate without pages, not the plant without a gate."""
        try:
            listening = _bound(self._end.path)
        except OSError as error:
            self.trouble = str(error)
            return
        server = await asyncio.start_unix_server(
            self._serve, sock=listening, limit=MOST_QUESTION + 1
        )
        try:
            async with server:
                await server.serve_forever()
        finally:
            self._desk.close()
            for writer in self._writers:
                writer.transport.abort()
            with suppress(OSError):
                self._end.path.unlink()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if len(self._writers) <= MOST_OPEN and _peer(writer) in {self._end.uid, 0}:
                with suppress(*_ENDS):
                    await self._talk(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            async with asyncio.timeout(IDLE_S):
                line = await reader.readuntil(b"\n")
                writer.write(await self._answer(line))
                await writer.drain()

    async def _answer(self, line: bytes) -> bytes:
        now = self._engine.clock().boot
        tokens = left(self._bucket, RATE, now)
        if tokens < 1:
            return answer_bytes(_BUSY, busy=True)
        self._bucket = Bucket(tokens - 1, BootMs(now))
        long = len(line) > SHORT
        if long and not self._heavy_left(now):
            return answer_bytes(_BUSY, busy=True)
        try:
            question = await asyncio.to_thread(question_of, line) if long else question_of(line)
        except Malformed:
            return answer_bytes(_NO_QUESTION)
        if isinstance(question, AskStatus):
            latest = self._status()
            one_line = latest.replace(b"\n", b" ")  # between members; within a word it is escaped
            return b'{"ok":' + one_line + b"}\n" if latest else answer_bytes(_NOT_YET)
        if isinstance(question, HEAVY) and not long and not self._heavy_left(now):
            return answer_bytes(_BUSY, busy=True)
        try:
            return answer_bytes(await self._desk.done(question))
        except SekishoError as error:
            return answer_bytes(error.problems[0].what)

    def _heavy_left(self, now: int) -> bool:
        """Whether one more heavy question may be asked; it is counted."""
        heavy = left(self._heavy, HEAVY_RATE, BootMs(now))
        if heavy >= 1:
            self._heavy = Bucket(heavy - 1, BootMs(now))
        return heavy >= 1


def _bound(path: Path) -> socket.socket:
    """A new socket of its owner and group; what an earlier run left there goes.

    Raises:
        OSError: it cannot be made, or something else stands there.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(f"{path} is no socket")
        path.unlink()
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o117)
        try:
            made.bind(str(path))
        finally:
            os.umask(before)
        made.listen(MOST_OPEN)
        made.setblocking(False)  # noqa: FBT003 - the library takes it by position
    except BaseException:
        made.close()
        raise
    return made


def _peer(writer: asyncio.StreamWriter) -> int:
    """The user at the other end, as the kernel has it."""
    end = writer.get_extra_info("socket")
    raw = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[1])
