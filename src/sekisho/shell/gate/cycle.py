"""The cycle's task: every tick one image, one decision, orders to the workers.

Ticks stand on a grid, so that a late one does not shift the rest; an accepted command wakes the
cycle at once, but never within 10 ms of the last tick.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho.gate.south.seen import image
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.cycle.turn import Turn
    from sekisho.gate.image import PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.engine import Engine
    from sekisho.shell.gate.worker import Worker
    from sekisho.terms.ids import DeviceId

ACTED_S = 0.010
"""Longest that anybody waits for the plant before telling the journal, or who asked, about it."""
REST_S = 0.010
"""Least time between two ticks."""


class Cycle:
    """See the module's text."""

    def __init__(
        self, engine: Engine, settings: Settings, workers: Mapping[DeviceId, Worker]
    ) -> None:
        self._engine = engine
        self._settings = settings
        self.workers = workers
        self._woken = asyncio.Event()
        self._ticked = asyncio.Event()
        self.turn: Turn | None = None
        """What the last tick asked."""
        self.ticks = 0
        """Turns since the start."""
        self.late_ms: float = 0.0
        """By how much the last tick of the grid was late."""
        self.missed = 0
        """Ticks of the grid that were left out because one took too long."""

    def image(self) -> PlantImage:
        """The plant as read so far."""
        seen = {device: worker.seen for device, worker in self.workers.items()}
        return image(self._settings, seen, BootMs(self._engine.clock().boot))

    def wake(self) -> None:
        """There is something new to act on."""
        self._ticked.clear()
        self._woken.set()

    async def acted(self) -> None:
        """Returns when the plant holds what the last wake was for, or after `ACTED_S`.

        What is done meanwhile on this one thread would stand between a command and its effect.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(ACTED_S):
                await self._ticked.wait()
                for worker in self.workers.values():
                    await worker.calm()

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        every = self._settings.cycle_ms / 1000
        due = loop.time()
        while True:
            self.step()
            last = loop.time()
            await asyncio.sleep(
                0
            )  # the workers' turn: their frames leave before the journal is told
            self._engine.settle()
            if last >= due:
                left_out = int((last - due) // every)
                self.missed += left_out
                due += every * (left_out + 1)
            await self._until(due, last + REST_S)
            self.late_ms = max(0.0, (loop.time() - due) * 1000)

    async def _until(self, due: float, earliest: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(due):
                await self._woken.wait()
                if loop.time() < earliest:
                    await asyncio.sleep(earliest - loop.time())
        except TimeoutError:
            pass
        self._woken.clear()

    def step(self) -> Turn:
        """One tick: look, decide, order."""
        self.ticks += 1
        clock = self._engine.clock()
        seen = {device: worker.seen for device, worker in self.workers.items()}
        turn = self._engine.tick(image(self._settings, seen, clock.boot), clock)
        for device, power in turn.orders.items():
            self.workers[device].order(power, force=device in turn.rewrite)
        for device, line in turn.own_droop.items():
            self.workers[device].follow(line)
        if self._settings.trip is not None:
            self.workers[self._settings.trip.device].hold_trip(open_=turn.trip)
        self.turn = turn
        self._ticked.set()
        return turn
