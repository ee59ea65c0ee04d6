"""A device that does exactly what a test tells it, on TCP or on a pty.

A script is called with each request and its number and gives what to do: bytes to send, seconds to
wait, or `HANG_UP`. Actions of one request run on their own, so that a late answer can meet the next
request.
"""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

from sekisho.codec.modbus.pdu import WRITE_FUNCTIONS
from sekisho.codec.modbus.rtu import RtuReader, request_size, rtu_frame
from sekisho.codec.modbus.tcp import TcpReader, tcp_frame

HANG_UP: Literal["hang up"] = "hang up"
Action = bytes | float | Literal["hang up"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and how to frame an answer to it."""

    number: int
    transaction: int
    unit: int
    pdu: bytes
    tcp: bool

    def framed(
        self, pdu: bytes, *, unit: int | None = None, transaction: int | None = None
    ) -> bytes:
        unit = self.unit if unit is None else unit
        if not self.tcp:
            return rtu_frame(unit, pdu)
        return tcp_frame(self.transaction if transaction is None else transaction, unit, pdu)

    @property
    def address(self) -> int:
        return int.from_bytes(self.pdu[1:3])

    @property
    def count(self) -> int:
        return int.from_bytes(self.pdu[3:5])

    def truth(self) -> bytes:
        """The right answer: each register holds its address; a write is echoed."""
        if self.pdu[0] in WRITE_FUNCTIONS:
            return self.framed(self.pdu[:5])
        words = b"".join((self.address + n).to_bytes(2) for n in range(self.count))
        return self.framed(bytes((self.pdu[0], len(words))) + words)


Script = Callable[[Asked], Iterable[Action]]


class ScriptedDevice:
    """Runs a script; `frames` is every request that reached the wire."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.frames: list[bytes] = []
        self.ended: list[BaseException | None] = []
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def writes(self) -> int:
        return sum(pdu[0] in WRITE_FUNCTIONS for pdu in self.frames)

    def asked(self, frame, send, hang_up, *, tcp: bool) -> None:
        asked = Asked(len(self.frames), frame.transaction, frame.unit, frame.pdu, tcp)
        self.frames.append(frame.pdu)
        task = asyncio.create_task(self._act(asked, send, hang_up))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _act(self, asked, send, hang_up) -> None:
        for action in self.script(asked):
            match action:
                case bytes():
                    send(action)
                    await asyncio.sleep(0)
                case float() | int():
                    await asyncio.sleep(action)
                case _:
                    hang_up()

    async def done(self) -> None:
        """Until everything that was asked for has been sent."""
        await asyncio.gather(*self.tasks)

    async def quiet(self) -> None:
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


class _Connection(asyncio.Protocol):
    def __init__(self, device: ScriptedTcp) -> None:
        self.device, self.reader = device, TcpReader()
        self.transport: asyncio.Transport

    @override
    def connection_made(self, transport) -> None:
        self.transport = transport
        self.device.connections.append(self)

    @override
    def connection_lost(self, exc) -> None:
        self.device.ended.append(exc)

    @override
    def data_received(self, data) -> None:
        for frame in self.reader.feed(data):
            self.device.asked(frame, self.send, self.transport.close, tcp=True)

    def send(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)


class ScriptedTcp(ScriptedDevice):
    """On 127.0.0.1."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.connections: list[_Connection] = []
        self.port = 0

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        await self.quiet()
        self.server.close()
        for connection in self.connections:
            connection.transport.close()
        await asyncio.sleep(0)


class ScriptedLine(ScriptedDevice):
    """On a pty."""

    async def start(self) -> None:
        self.ours, self.theirs = os.openpty()
        tty.setraw(self.theirs)
        self.path = os.ttyname(self.theirs)
        self.reader = RtuReader(request_size)
        os.set_blocking(self.ours, False)
        asyncio.get_running_loop().add_reader(self.ours, self._arrived)

    def _arrived(self) -> None:
        self.reader.silence()  # a pty hands over whole requests
        for frame in self.reader.feed(os.read(self.ours, 4096)):
            self.asked(frame, self.send, lambda: None, tcp=False)

    def send(self, data: bytes) -> None:
        os.write(self.ours, data)

    async def close(self) -> None:
        await self.quiet()
        asyncio.get_running_loop().remove_reader(self.ours)
        os.close(self.ours)
        os.close(self.theirs)
