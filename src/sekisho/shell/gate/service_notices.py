"""What the gate tells the service manager: ready, still turning, ending (systemd's sd_notify(3)).

"Still turning" is said of the cycle alone: where its ticks do not go on, nothing is said, and systemd
ends the gate after `WatchdogSec=` and starts it again. Each PCS's own watchdog has held the plant by
then. It is a task of its own beside the cycle, once a second, and waits for nobody.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.shell.gate.cycle import Cycle

LONGEST_S = 1.0
"""Between two looks at the cycle, whose period is a second at most."""
_A_QUARTER = 4
"""Of the time after which systemd gives up: three notices may get lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceManager:
    """Where it listens, and when it gives up."""

    address: str
    """A socket's path; of an abstract one, a zero byte first."""
    watchdog_s: float | None
    """None: it does not watch this process."""


def service_manager(environment: Mapping[str, str]) -> ServiceManager | None:
    """Who started this process and wants to be told; None: nobody."""
    given = environment.get("NOTIFY_SOCKET", "")
    if not given.startswith(("/", "@")):
        return None
    own = str(os.getpid())
    usec = environment.get("WATCHDOG_USEC", "")
    watched = usec.isdecimal() and int(usec) > 0 and environment.get("WATCHDOG_PID", own) == own
    return ServiceManager(
        address=given.replace("@", "\0", 1) if given.startswith("@") else given,
        watchdog_s=int(usec) / 1_000_000 if watched else None,
    )


class Notices:
    """See the module's text."""

    def __init__(self, manager: ServiceManager, cycle: Cycle) -> None:
        self._manager = manager
        self._cycle = cycle

    async def run(self) -> None:
        """Until cancelled."""
        watched = self._manager.watchdog_s
        every = LONGEST_S if watched is None else min(LONGEST_S, watched / _A_QUARTER)
        ticks = 0
        try:
            while True:
                if self._cycle.ticks != ticks:
                    self._tell(b"WATCHDOG=1" if ticks else b"READY=1\nWATCHDOG=1")
                    ticks = self._cycle.ticks
                await asyncio.sleep(every)
        finally:
            self._tell(b"STOPPING=1")

    def _tell(self, words: bytes) -> None:
        """One datagram; one that nobody takes is one that is not heard."""
        kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
        with suppress(OSError), socket.socket(socket.AF_UNIX, kind) as channel:
            channel.sendto(words, self._manager.address)
