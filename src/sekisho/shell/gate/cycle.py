"""The cycle's task: every tick one image, one decision, orders to the workers.

Ticks stand on a grid, so that a late one does not shift the rest; an accepted command wakes the
cycle at once, but never within 10 ms of the last tick. The grid begins again after such a tick, so
that it keeps out of the way of the next command (ADR 41).
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho.gate.south.seen import image

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.gate.cycle.turn import Turn
    from sekisho.gate.image import PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.engine import Engine
    from sekisho.shell.gate.worker import Worker
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs

ACTED_S = 0.010
"""Longest that anybody waits for the plant before telling the journal, or who asked, about it."""
REST_S = 0.010
"""Least time between a tick and one that somebody woke the cycle for."""
LEAD = 0.75
"""How much of a cycle after an order's tick the grid begins again.

Orders at a steady pace of whole cycles (each second, each four) met a grid that stood where it was
all of them or none, as chance had it. Now the tick before such an order is a quarter of a cycle old,
and the next one three quarters of a cycle away.
"""
EXPECTED_S = 0.003
"""Longest that a tick of the grid waits for an order that is on its way to the disk."""
LOOK_S = 1.5
"""How often it is looked whether the cycle's own task comes round; a period is a second at most."""


class CycleHungError(Exception):
    """The cycle's own task no longer comes round; a fault of ours.

    Orders would still tick in its place, and keep the watchdogs refreshed of a gate that ends nothing by
    itself any more. Ended, it is started again by whoever watches it, and the PCS's watchdogs hold the
    plant until then.
    """


class Cycle:
    """See the module's text."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        workers: Mapping[DeviceId, Worker],
        boot: Callable[[], BootMs],
    ) -> None:
        """A cycle that has not begun.

        Args:
            engine: decides.
            settings: the plant.
            workers: one for each device.
            boot: CLOCK_BOOTTIME, the same as the engine's.
        """
        self._boot = boot
        self._engine = engine
        self._settings = settings
        self.workers = workers
        self._woken = asyncio.Event()
        self._ticked = asyncio.Event()
        self._every = settings.cycle_ms / 1000
        self._last = math.inf
        """When the last tick was, by the loop's clock; before the first one nothing is due."""
        self._due = math.inf
        """When the grid's next tick is due."""
        self._rounds = 0
        """How often our own task has come round."""
        self._asked = False
        """Somebody woke us, and no tick has come since."""
        self._expected = 0.0
        """Until when the grid waits for an order."""
        self._fault: Exception | None = None
        """What a tick met that somebody else's task ran."""
        self.turn: Turn | None = None
        """What the last tick asked."""
        self.ticks = 0
        """Turns since the start."""
        self.late_ms: float = 0.0
        """By how much the last tick was late on the grid; 0 of one that an order brought sooner."""
        self.missed = 0
        """Ticks of the grid that were left out because one took too long."""

    def image(self) -> PlantImage:
        """The plant as read so far."""
        seen = {device: worker.seen for device, worker in self.workers.items()}
        return image(self._settings, seen, self._boot())

    def expect(self) -> None:
        """An order is on its way to the disk.

        A tick of the grid just before it is there would make it wait for ten ms more; so the grid waits
        for it, for a moment.
        """
        self._expected = asyncio.get_running_loop().time() + EXPECTED_S

    def wake(self) -> None:
        """There is something new to act on: at once, but never within 10 ms of the last tick."""
        self._ticked.clear()
        self._asked = True
        now = asyncio.get_running_loop().time()
        if self._fault is None and now >= self._last + REST_S:
            try:
                self._tick()
            # Whoever woke us is not to blame and must not swallow it: our own task raises it anew.
            except Exception as fault:  # noqa: BLE001 - any fault of a tick ends the gate, in `_run`
                self._fault = fault
        self._woken.set()

    async def acted(self) -> None:
        """Returns when the plant holds what the last wake was for, or after `ACTED_S`.

        What is done meanwhile on this one thread would stand between a command and its effect.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(ACTED_S):
                await self._ticked.wait()
                await self._calm()

    async def _calm(self) -> None:
        for worker in self.workers.values():
            await worker.calm()

    async def _carried_out(self) -> None:
        """The workers' turn: what they write is read back, or was tried for `ACTED_S`.

        Only then is the journal told of what follows from it.
        """
        await asyncio.sleep(0)
        if all(worker.is_calm for worker in self.workers.values()):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(ACTED_S):
                await self._calm()

    async def run(self) -> None:
        """Until cancelled; after that nothing that wakes it makes it tick.

        Raises:
            CycleHungError: it no longer comes round.
        """
        looking = asyncio.create_task(self._looked_at())
        running = asyncio.create_task(self._run())
        try:
            await asyncio.wait({looking, running}, return_when=asyncio.FIRST_COMPLETED)
            for task in (running, looking):
                if task.done():
                    task.result()
        finally:
            self._last = math.inf
            running.cancel()
            looking.cancel()
            await asyncio.gather(running, looking, return_exceptions=True)

    async def _looked_at(self) -> None:
        """Ends when our task has not come round between three looks.

        Two would not do: one of the pauses may have been a stall of the whole loop.
        """
        rounds = [-1, -1]
        while self._rounds != rounds[0]:
            rounds = [rounds[1], self._rounds]
            await asyncio.sleep(LOOK_S)
        raise CycleHungError from self._fault

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        self._due = loop.time()
        try:
            self._tick()
            while True:
                self._rounds += 1
                await self._carried_out()
                self._engine.settle()
                await self._until()
                if self._fault is not None:
                    raise self._fault
                if loop.time() >= self._moment():
                    self._tick()
        finally:
            self._last = math.inf

    def _moment(self) -> float:
        """When to tick, as things stand: after the rest if somebody asked, else on the grid."""
        if self._asked:
            return self._last + REST_S
        return max(self._due, min(self._expected, self._due + EXPECTED_S))

    async def _until(self) -> None:
        """Until it is time to tick, or somebody's wake has ticked; each wake may change the moment."""
        loop, before = asyncio.get_running_loop(), self.ticks
        while self._fault is None and self.ticks == before:
            moment = self._moment()
            if loop.time() >= moment:
                return
            self._woken.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(moment):
                    await self._woken.wait()

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        self.late_ms = max(0.0, (loop.time() - self._due) * 1000)
        self.step()
        self._last = loop.time()
        left_out = max(0, int((self._last - self._due) // self._every))
        self.missed += left_out
        if self._asked:
            self._due = self._last + LEAD * self._every
        else:
            self._due += self._every * (left_out + 1)
        self._asked = False

    def step(self) -> Turn:
        """One tick: look, decide, order."""
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
        self.ticks += 1
        self._ticked.set()
        return turn
