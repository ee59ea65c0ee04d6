"""Connections to a device: a TCP socket, or a serial line. They move bytes and know no Modbus.

A link can be opened again after it was lost or closed; the old connection is gone before the new
one begins, so a device never sees two of ours.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import struct
import sys
import termios
import tty
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    Arrived = Callable[[bytes], None]
    Lost = Callable[[str], None]

_LINGER = 1.0
"""Seconds that a device may take to close its half before we close regardless."""
_IDLE, _BETWEEN, _PROBES = 10, 5, 3
"""Keep-alive: seconds of silence, seconds between probes, unanswered probes."""
_CHUNK = 4096


class Link(Protocol):
    """What a client needs of a connection."""

    async def open(self, arrived: Arrived, lost: Lost) -> None:
        """Connects, once an old connection is gone.

        `lost` is called at most once, and never after `hang_up`.

        Raises:
            OSError: it cannot be reached.
        """

    def send(self, data: bytes) -> bool:
        """Hands one frame to the system; False where it does not take the whole of it."""

    def pending(self) -> bool:
        """Whether bytes that were sent have not reached the other end's system."""

    def withdraw(self) -> None:
        """Ends the connection and takes back what has not reached the other end."""

    def hang_up(self) -> None:
        """Begins an orderly close."""

    async def closed(self) -> None:
        """Until the connection is gone. Bounded."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """A serial line as the data sheet states it: 8 bits, always."""

    path: str
    baud: int = 9600
    parity: Literal["even", "odd", "none"] = "even"
    """The specification's default is even; with none there are two stop bits."""
    stop_bits: Literal[1, 2] = 1

    @property
    def gap(self) -> float:
        """Seconds between two frames: 3.5 characters of 11 bits; 1.75 ms above 19,200 baud.

        "MODBUS over Serial Line V1.02", section 2.5.1.1.
        """
        return 3.5 * 11 / self.baud if self.baud <= 19_200 else 0.001_75  # noqa: PLR2004


class TtyLink:
    """A serial line or a pseudo-terminal, by the system's own calls."""

    def __init__(self, line: Serial) -> None:
        self._line = line
        self._descriptor: int | None = None
        self._lost: Lost | None = None

    async def open(self, arrived: Arrived, lost: Lost) -> None:
        """See `Link`."""
        flags = os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self._line.path, flags)
        try:
            _set_up(descriptor, self._line)
        except (termios.error, OSError) as error:
            os.close(descriptor)
            raise OSError(f"{self._line.path} cannot be set up: {error}") from error
        self._descriptor = descriptor
        self._lost = lost
        asyncio.get_running_loop().add_reader(descriptor, self._readable, descriptor, arrived)

    def send(self, data: bytes) -> bool:
        """See `Link`."""
        if self._descriptor is None:
            return False
        with suppress(OSError):
            return os.write(self._descriptor, data) == len(data)
        return False

    def pending(self) -> bool:
        """See `Link`."""
        if self._descriptor is None:
            return False
        with suppress(OSError):
            left = fcntl.ioctl(self._descriptor, termios.TIOCOUTQ, bytes(4))
            return bool(struct.unpack("i", left)[0])
        return False

    def withdraw(self) -> None:
        """See `Link`."""
        if self._descriptor is not None:
            with suppress(termios.error):
                termios.tcflush(self._descriptor, termios.TCOFLUSH)
        self.hang_up()

    def hang_up(self) -> None:
        """See `Link`."""
        descriptor, self._descriptor, self._lost = self._descriptor, None, None
        if descriptor is not None:
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)

    async def closed(self) -> None:
        """See `Link`: a line is closed at once."""

    def _readable(self, descriptor: int, arrived: Arrived) -> None:
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            data, why = b"", str(error)
        else:
            why = "the line hung up"
        if data:
            arrived(data)
            return
        lost = self._lost
        self.hang_up()
        if lost is not None:
            lost(why)


def _is_pty(descriptor: int) -> bool:
    """A pseudo-terminal has no parity, and glibc says so by an error."""
    return os.ttyname(descriptor).startswith("/dev/pts/")


def _set_up(descriptor: int, line: Serial) -> None:
    """Raw bytes, the speed and parity of the line, nobody else on it, nothing old in it."""
    speed = getattr(termios, f"B{line.baud}", None)
    if speed is None:
        raise OSError(f"no such speed: {line.baud}")
    fcntl.ioctl(descriptor, termios.TIOCEXCL)
    tty.setraw(descriptor)
    settings = termios.tcgetattr(descriptor)
    clear = termios.PARENB | termios.PARODD | termios.CSTOPB | getattr(termios, "CRTSCTS", 0)
    control = settings[2] & ~clear | termios.CLOCAL | termios.CREAD
    if line.parity != "none" and not _is_pty(descriptor):
        control |= termios.PARENB
    if line.parity == "odd":
        control |= termios.PARODD
    if line.stop_bits != 1:
        control |= termios.CSTOPB
    settings[2], settings[4], settings[5] = control, speed, speed
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, settings)
    termios.tcflush(descriptor, termios.TCIOFLUSH)
