"""Standard output, delivered whole when the command is done.

The exit code is the answer, so it must not depend on whether the reader reads to the end: `| head`
goes away, and the verdict stays. A place that cannot take the output (a full disk) is told.
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

    @override
    def isatty(self) -> bool:
        return self._real is not None and self._real.isatty()

    def deliver(self) -> str | None:
        """Hand everything over; why it cannot be written, or None."""
        text = self.getvalue()
        if self._real is None:
            return os.strerror(errno.EBADF) if text else None
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
