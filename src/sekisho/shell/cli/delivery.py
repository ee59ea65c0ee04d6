"""Standard output, delivered whole when the command is done.

The exit code is the answer, so it must not depend on whether the reader reads to the end: `| head`
goes away, and the verdict stays. A place that cannot take the output (a full disk) is told. A command
that runs for long calls `flowing` first: what it prints is then shown at once, and the same holds.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    from typing import TextIO


class Held(io.StringIO):
    """Keeps what a command prints; says of itself what the real stream is."""

    def __init__(self, real: TextIO | None) -> None:
        super().__init__()
        self._real = real
        self._flows = False
        self._why: str | None = None

    @override
    def isatty(self) -> bool:
        return self._real is not None and self._real.isatty()

    @override
    def write(self, text: str, /) -> int:
        written = super().write(text)
        if self._flows:
            self.deliver()
        return written

    def flow(self) -> None:
        """From now on hand over at once."""
        self._flows = True
        self.deliver()

    def deliver(self) -> str | None:
        """Hand everything over; why it cannot be written, or None."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        self._why = self._why or (self._handed(text) if text else None)
        return self._why

    def _handed(self, text: str) -> str | None:
        if self._real is None:
            return os.strerror(errno.EBADF)
        if isinstance(self._real, io.TextIOWrapper):
            self._real.reconfigure(errors="backslashreplace")
        try:
            self._real.write(text)
            self._real.flush()
        except BrokenPipeError:
            self._abandon()
        except OSError as error:
            self._abandon()
            return error.strerror or str(error)
        return None

    def _abandon(self) -> None:
        """What is left in the buffer goes nowhere: the interpreter flushes once more at its end."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


def flowing() -> None:
    """What is printed from here on is shown at once: for a command that runs for long."""
    if isinstance(sys.stdout, Held):
        sys.stdout.flow()
