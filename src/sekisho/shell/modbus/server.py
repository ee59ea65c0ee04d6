"""A Modbus server for simulated devices: on TCP, and on a serial line or a pty.

It counts what a well-behaved client must not do (many connections, resets) and every frame that
writes, and its wire can misbehave (`faults`). A whole device:

    class Meter:
        def __init__(self):
            self.words = [0] * 100

        def read(self, unit, space, address, count):
            if unit != 1 or address + count > len(self.words):
                return ExceptionCode.ILLEGAL_ADDRESS
            return self.words[address : address + count]

        def write(self, unit, space, address, values):  # or `async def`
            if space is not Space.HOLDING or address + len(values) > len(self.words):
                return ExceptionCode.ILLEGAL_ADDRESS
            self.words[address : address + len(values)] = values
            return None

        def identify(self, unit):
            return {0: b"Example", 1: b"M-1", 2: b"1.0"}

    server = TcpServer(Meter())
    await server.start()              # 127.0.0.1, any free port
    server.port                       # where it listens
    server.faults.drop = 1.0          # from now on it acts and is silent
    server.seen.write_frames          # how many frames asked to change something
    await server.close()

    line = RtuServer.on_pty(Meter())  # line.path is what the client opens
    line.start()
    line.close()

It serves one request of a connection after the other, as devices do. It is meant for loopback: it
asks nobody who they are.
"""

from __future__ import annotations

import asyncio
import os
import tty
from contextlib import suppress
from typing import Self

from typing_extensions import override

from sekisho.codec.modbus.rtu import RtuReader, request_size, rtu_frame
from sekisho.codec.modbus.tcp import TcpReader, tcp_frame
from sekisho.shell.modbus.bank import Bank
from sekisho.shell.modbus.conversation import Conversation, Seen
from sekisho.shell.modbus.faults import Faults

__all__ = ["Bank", "Faults", "RtuServer", "Seen", "TcpServer"]

_LINGER = 1.0
"""Seconds that answers may take to leave when the server closes."""
_SILENCE = 0.05
"""Seconds after which half a request on a serial line is dropped."""


class _TcpConnection(asyncio.Protocol):
    def __init__(self, server: TcpServer) -> None:
        self._server = server
        self._seen = server.seen
        self._reader = TcpReader()
        self._transport: asyncio.Transport | None = None
        self._conversation = Conversation(
            server.bank,
            server.faults,
            server.seen,
            tcp_frame,
            self._send,
            self.close,
            checked=False,
        )

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's, though uvloop's is not derived from it
        self._server.connections.add(self)
        self._server.idle.clear()
        self._seen.connections_ever += 1
        self._seen.connections = len(self._server.connections)
        self._seen.most_connections = max(self._seen.most_connections, self._seen.connections)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._conversation.end()
        self._transport = None
        self._server.connections.discard(self)
        if not self._server.connections:
            self._server.idle.set()
        self._seen.connections = len(self._server.connections)
        if isinstance(exc, ConnectionError):
            self._seen.resets += 1

    @override
    def data_received(self, data: bytes) -> None:
        frames = self._reader.feed(data)
        self._conversation.take(frames)
        if self._reader.broken is not None:
            self._seen.malformed += 1
            self.close()

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Orderly."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """At once, whatever has not left yet."""
        if self._transport is not None:
            self._transport.abort()


class TcpServer:
    """A device on TCP; see the module's text for an example."""

    def __init__(self, bank: Bank, *, faults: Faults | None = None) -> None:
        self.bank = bank
        self.faults = faults or Faults()
        self.seen = Seen()
        self.connections: set[_TcpConnection] = set()
        self.idle = asyncio.Event()
        """Set while nobody is connected."""
        self.idle.set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listens; port 0 takes any that is free."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _TcpConnection(self), host, port)
        return self

    @property
    def port(self) -> int:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def drop_connections(self) -> None:
        """Ends every connection, as a device does that restarts. It still listens."""
        for connection in tuple(self.connections):
            connection.close()

    async def close(self) -> None:
        """Stops listening, and ends every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self.drop_connections()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LINGER):
                    await self.idle.wait()
            for connection in tuple(self.connections):
                connection.abort()
            await asyncio.sleep(0)


class RtuServer:
    """One or more devices on a serial line or a pty; see the module's text for an example."""

    def __init__(
        self, bank: Bank, descriptor: int, *, path: str = "", faults: Faults | None = None
    ) -> None:
        """A line.

        Args:
            bank: the devices.
            descriptor: an open line, which this server closes in the end.
            path: what a client opens to reach it.
            faults: what the wire does.
        """
        self.bank = bank
        self.path = path
        self.faults = faults or Faults()
        self.seen = Seen()
        self._line = descriptor
        self._held: list[int] = []
        self._reader = RtuReader(request_size)
        self._silence: asyncio.TimerHandle | None = None
        self._conversation = Conversation(
            bank, self.faults, self.seen, _rtu, self._send, lambda: None, checked=True
        )

    @classmethod
    def on_pty(cls, bank: Bank, *, faults: Faults | None = None) -> Self:
        """A server on a new pseudo-terminal; `path` is its other end."""
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        server = cls(bank, ours, path=os.ttyname(theirs), faults=faults)
        server._held.append(theirs)  # else the line would hang up between two clients
        return server

    def start(self) -> None:
        """Serves from now on."""
        os.set_blocking(self._line, False)
        asyncio.get_running_loop().add_reader(self._line, self._arrived)

    def close(self) -> None:
        """Stops, and closes the line."""
        asyncio.get_running_loop().remove_reader(self._line)
        if self._silence is not None:
            self._silence.cancel()
        self._conversation.end()
        for descriptor in (self._line, *self._held):
            os.close(descriptor)
        self._held.clear()

    def _arrived(self) -> None:
        try:
            data = os.read(self._line, 4096)
        except (BlockingIOError, OSError):  # nothing there, or nobody at the other end
            return
        self._conversation.take(self._reader.feed(data))
        if self._silence is not None:
            self._silence.cancel()
        self._silence = asyncio.get_running_loop().call_later(_SILENCE, self._silent)

    def _silent(self) -> None:
        if self._reader.broken is not None or self._reader.partial:
            self.seen.malformed += 1
        self._reader.silence()

    def _send(self, data: bytes) -> None:
        with suppress(BlockingIOError):  # nobody reads at the other end: the answer is lost
            os.write(self._line, data)


def _rtu(transaction: int, unit: int, pdu: bytes) -> bytes:  # noqa: ARG001 - as over TCP
    return rtu_frame(unit, pdu)
