"""Commissioning as it is done: the plan of `gate.commission` on the real plant.

The gate itself must not run: this process holds the state folder, moves each PCS through the same
workers (watchdog armed before the first set-point), and leaves everything at rest whatever happens.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sekisho.gate.commission import HOLD_MS, Phase, judged, least_hold_ms, plan
from sekisho.gate.commission_start import obstacles
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.south.seen import image
from sekisho.shell.gate.run import opened
from sekisho.terms.errors import WorldError
from sekisho.terms.quantity import BootMs, Watts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.gate.commission import Judgement
    from sekisho.gate.image import PlantImage
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.gate.run import Running, Site
    from sekisho.shell.gate.worker import Worker
    from sekisho.terms.ids import DeviceId

_EVERY_S = 0.2
_COME_UP_S = 20.0
_REST_S = 3.0
"""How long the plant is asked to rest at the end."""
_DISK_S = 10.0
"""How long the journal may take."""


def commission(
    site: Site, time: TimeSource, tell: Callable[[int, int, int], None], hold_ms: int = HOLD_MS
) -> Judgement:
    """Moves the plant by the plan, judges, and journals the judgement.

    Args:
        site: settings and state folder.
        time: the kernel's clocks.
        tell: is told of each phase: its number from 1, how many there are, the power asked.
        hold_ms: how long each phase is held; longer where a battery is read less often.

    Raises:
        InputError: a gate runs on this folder, or a document is not the authority's.
        WorldError: the plant must not be moved; it is left at rest.
    """
    with ExitStack() as stack:
        running = opened(site, time, stack)
        return asyncio.run(_commission(running, tell, hold_ms))


async def _commission(
    running: Running, tell: Callable[[int, int, int], None], hold_ms: int
) -> Judgement:
    engine = running.engine
    hold_ms = max(hold_ms, least_hold_ms(running.site.settings))
    running.begun()
    workers = running.new_workers()
    plant = _Plant(running, workers)
    tasks = [asyncio.create_task(worker.run()) for worker in workers.values()]
    try:
        await plant.up()
        phases = []
        steps = plan(running.site.settings)
        for number, asked in enumerate(steps, start=1):
            tell(number, len(steps), sum(asked.values()))
            phases.append(Phase(asked=asked, images=await plant.held(asked, hold_ms)))
    finally:
        await plant.rest()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        engine.note(EntryKind.END, {"work": "commission"})
    judgement = judged(running.site.settings, phases)
    if judgement.passed:
        engine.commissioned(judgement.body)
    else:
        engine.note(EntryKind.COMMISSIONED, judgement.body)
    await _on_disk(running)
    return judgement


async def _on_disk(running: Running) -> None:
    """Until the judgement is committed; the store's end would wait for less."""
    end = asyncio.get_running_loop().time() + _DISK_S
    while running.store.committed.number < running.store.next_number - 1:
        if asyncio.get_running_loop().time() > end:
            return
        await asyncio.sleep(0.01)


class _Plant:
    """The plant, moved through its workers."""

    def __init__(self, running: Running, workers: Mapping[DeviceId, Worker]) -> None:
        self._engine = running.engine
        self._settings = running.site.settings
        self._workers = workers

    def image(self) -> PlantImage:
        """As read so far."""
        seen = {device: worker.seen for device, worker in self._workers.items()}
        return image(self._settings, seen, BootMs(self._engine.clock().boot))

    async def up(self) -> None:
        """Until nothing stands in the way.

        Raises:
            WorldError: something still does.
        """
        end = asyncio.get_running_loop().time() + _COME_UP_S
        while problems := obstacles(self._engine.gate, self.image()):
            if asyncio.get_running_loop().time() > end:
                raise WorldError(*problems)
            await asyncio.sleep(_EVERY_S)

    async def held(self, asked: Mapping[DeviceId, Watts], hold_ms: int) -> tuple[PlantImage, ...]:
        """What was read while these powers were asked.

        Raises:
            WorldError: something came in the way.
        """
        loop = asyncio.get_running_loop()
        end, images = loop.time() + hold_ms / 1_000, []
        while loop.time() < end:
            self._order(asked)
            await asyncio.sleep(_EVERY_S)
            now = self.image()
            if problems := obstacles(self._engine.gate, now):
                raise WorldError(*problems)
            images.append(now)
        return tuple(images)

    async def rest(self) -> None:
        """Everything at zero; a device that does not take it is stopped by its watchdog."""
        zero = dict.fromkeys((d.device for d in self._settings.pcs), Watts(0))
        loop = asyncio.get_running_loop()
        end = loop.time() + _REST_S
        while loop.time() < end and any(
            pcs.setpoint is None or pcs.setpoint.value for pcs in self.image().pcs
        ):
            self._order(zero)
            await asyncio.sleep(_EVERY_S)

    def _order(self, asked: Mapping[DeviceId, Watts]) -> None:
        for device, power in asked.items():
            self._workers[device].order(power)
