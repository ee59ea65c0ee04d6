"""A serial line or a pseudo-terminal, by the system's own calls."""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import termios
import tty
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.shell.modbus.link import Arrived, Lost, Serial

_CHUNK = 4096


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
