"""What the kernel says of the time: both clocks, and how well the wall clock is kept.

`adjtimex` (Linux; man 2 adjtimex) tells whether a time daemon keeps the clock and how far it may be
off. The gate believes the kernel and asks no server of its own. Another source than the kernel, as a
laboratory needs one, is given to the gate as a `TimeSource`; no option of a command does it.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Protocol

from typing_extensions import override

from sekisho.gate.clock import KernelTime
from sekisho.shell.clock import boot_ms, wall_ms
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

_STA_UNSYNC = 0x0040
_STA_CLOCKERR = 0x1000
_TIME_ERROR = 5
_US_IN_MS = 1_000
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class TimeSource(Protocol):
    """Where the gate looks for the time."""

    def __call__(self) -> KernelTime:
        """Both clocks now, and the state of their synchronisation."""


class _Timeval(ctypes.Structure):
    _fields_ = (("tv_sec", ctypes.c_long), ("tv_usec", ctypes.c_long))


class _Timex(ctypes.Structure):
    """`struct timex` of <sys/timex.h>; the kernel's words behind it are reserved."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", _Timeval),
        ("tick", ctypes.c_long),
        ("ppsfreq", ctypes.c_long),
        ("jitter", ctypes.c_long),
        ("shift", ctypes.c_int),
        ("stabil", ctypes.c_long),
        ("jitcnt", ctypes.c_long),
        ("calcnt", ctypes.c_long),
        ("errcnt", ctypes.c_long),
        ("stbcnt", ctypes.c_long),
        ("tai", ctypes.c_int),
        ("reserved", ctypes.c_int * 11),
    )


class KernelClock(TimeSource):
    """The kernel's clocks."""

    def __init__(self) -> None:
        try:
            self._adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
        except (OSError, AttributeError) as error:
            raise _no_kernel("adjtimex") from error
        self._adjtimex.argtypes = (ctypes.POINTER(_Timex),)
        self._adjtimex.restype = ctypes.c_int
        self._told = _Timex()
        self._at = ctypes.byref(self._told)

    @override
    def __call__(self) -> KernelTime:
        """Both clocks now; where the kernel does not answer, time is not synchronised."""
        told = self._told
        told.modes = 0  # read only
        state = self._adjtimex(self._at)
        unsure = _STA_UNSYNC | _STA_CLOCKERR
        synchronised = state >= 0 and state != _TIME_ERROR and not told.status & unsure
        return KernelTime(
            wall=wall_ms(),
            boot=boot_ms(),
            synchronised=synchronised,
            error_ms=-(-max(0, told.maxerror) // _US_IN_MS),
        )


def boot_id() -> str:
    """The name of this start of the machine.

    Raises:
        WorldError: the kernel does not tell it.
    """
    try:
        word = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError as error:
        raise _no_kernel(os.fspath(_BOOT_ID)) from error
    if not word:
        raise _no_kernel(os.fspath(_BOOT_ID))
    return word


def _no_kernel(what: str) -> WorldError:
    return WorldError(
        Problem(
            what,
            Text(
                "このシステムの核(カーネル)からは時刻の確かさを読めません。",
                "This system's kernel does not tell how sure its time is.",
            ),
            Text("ゲートは Linux で動かしてください。", "Run the gate on Linux."),
        )
    )
