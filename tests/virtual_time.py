"""An event loop whose time is its own: it stands still while anything runs, and then jumps."""

from __future__ import annotations

import asyncio
import selectors

from typing_extensions import override


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: says how long it was asked to wait."""

    waited = 0.0

    @override
    def select(self, timeout=None):
        assert timeout is not None, "nobody waits for any moment: this would never end"
        self.waited += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Timers in their order and at once; sockets and other threads are never heard."""

    def __init__(self):
        self._jumping = _Jumping()
        self._stood = 1_000.0
        super().__init__(self._jumping)

    @override
    def time(self):
        """Seconds."""
        return self._stood + self._jumping.waited

    def stall(self, seconds):
        """As if what runs now had held the thread for so long."""
        self._stood += seconds
