"""A TCP connection to a device."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import sys
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    from sekisho.shell.modbus.link import Arrived, Lost

_LINGER = 1.0
"""Seconds that a device may take to close its half before we close regardless."""
_IDLE, _BETWEEN, _PROBES = 10, 5, 3
"""Keep-alive: seconds of silence, seconds between probes, unanswered probes."""


class TcpLink:
    """A TCP connection."""

    def __init__(self, host: str, port: int, *, user_timeout: float) -> None:
        """An address.

        Args:
            host: name or address.
            port: usually 502.
            user_timeout: seconds after which the system gives up what the other end has not
                acknowledged, so that an old frame cannot be delivered after a long outage.
        """
        self._host = host
        self._port = port
        self._user_timeout = user_timeout
        self._connection: _Connection | None = None

    async def open(self, arrived: Arrived, lost: Lost) -> None:
        """See `Link`."""
        await self.closed()
        loop = asyncio.get_running_loop()
        connection = _Connection(arrived, lost)
        await loop.create_connection(lambda: connection, self._host, self._port)
        self._connection = connection
        _watch_over(connection.socket(), self._user_timeout)

    def send(self, data: bytes) -> bool:
        """See `Link`."""
        if self._connection is None:
            return False
        self._connection.transport.write(data)
        return True

    def pending(self) -> bool:
        """See `Link`."""
        connection = self._connection
        return connection is not None and connection.pending()

    def withdraw(self) -> None:
        """See `Link`. The reset is what makes the system drop its queue."""
        if self._connection is not None:
            self._connection.abort()

    def hang_up(self) -> None:
        """See `Link`."""
        if self._connection is not None:
            self._connection.hang_up()

    async def closed(self) -> None:
        """See `Link`."""
        if self._connection is not None:
            await self._connection.gone.wait()
            self._connection = None


class _Connection(asyncio.Protocol):
    """One TCP connection from its beginning to its end."""

    transport: asyncio.Transport

    def __init__(self, arrived: Arrived, lost: Lost) -> None:
        self._arrived = arrived
        self._lost: Lost | None = lost
        self._timer: asyncio.TimerHandle | None = None
        self.gone = asyncio.Event()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # uvloop's are not derived from it

    @override
    def data_received(self, data: bytes) -> None:
        if self._lost is not None:
            self._arrived(data)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.gone.set()
        self._tell("the device closed the connection" if exc is None else str(exc))

    @override
    def eof_received(self) -> bool:
        self._tell("the device closed the connection")
        return False

    def _tell(self, why: str) -> None:
        lost, self._lost = self._lost, None
        if lost is not None:
            lost(why)

    def socket(self) -> socket.socket:
        """The socket, for its options."""
        found: socket.socket = self.transport.get_extra_info("socket")
        return found

    def pending(self) -> bool:
        """Whether the other end has not acknowledged all that was written."""
        if self.transport.is_closing():
            return False
        if self.transport.get_write_buffer_size():
            return True
        if sys.platform != "linux":
            return False
        with suppress(OSError):  # closed in this very moment
            left = fcntl.ioctl(self.socket().fileno(), termios.TIOCOUTQ, bytes(4))
            return bool(struct.unpack("i", left)[0])
        return False

    def hang_up(self) -> None:
        """Sends FIN and reads on until the device's own: closing with unread bytes would reset."""
        self._lost = None
        if self.transport.is_closing() or self._timer is not None:
            return
        with suppress(OSError):
            self.transport.write_eof()
        self._timer = asyncio.get_running_loop().call_later(_LINGER, self.abort)

    def abort(self) -> None:
        """Ends the connection at once."""
        self._lost = None
        if not self.transport.is_closing():
            with suppress(OSError):
                linger = struct.pack("ii", 1, 0)
                self.socket().setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()


def _watch_over(sock: socket.socket, user_timeout: float) -> None:
    """Lets the system notice a device that has vanished without a word."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sys.platform == "linux":
        for option, value in (
            (socket.TCP_KEEPIDLE, _IDLE),
            (socket.TCP_KEEPINTVL, _BETWEEN),
            (socket.TCP_KEEPCNT, _PROBES),
            (socket.TCP_USER_TIMEOUT, int(1000 * user_timeout)),
        ):
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
