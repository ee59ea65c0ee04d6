"""The clocks, for whoever needs no more than the time; how well it is kept, `gate.kernel_time` says."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sekisho.terms.dates import JST
from sekisho.terms.quantity import BootMs, WallMs

if TYPE_CHECKING:
    from datetime import date

_NS_IN_MS = 1_000_000


def today_in_japan() -> date:
    """The calendar date in Japan now."""
    return datetime.now(JST).date()


def now() -> datetime:
    """The time now, aware, in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp() -> str:
    """The time now as RFC 3339 writes it, in UTC, in whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wall_ms() -> WallMs:
    """The wall clock now."""
    return WallMs(time.time_ns() // _NS_IN_MS)


def boot_ms() -> BootMs:
    """The clock that never steps, CLOCK_BOOTTIME, now."""
    return BootMs(time.clock_gettime_ns(time.CLOCK_BOOTTIME) // _NS_IN_MS)
