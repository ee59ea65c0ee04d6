"""Commissioning of a real plant: the plan of `gate.commission`, step by step, then its judgement.

The gate's own devices, watchdogs and journal are used; the line north is not. Every set-point is at
most 1 % of a rating away from rest, and the plant is brought back to rest whatever happens.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from sekisho.gate.commission import HOLD_MS, Phase, judged, plan
from sekisho.gate.cycle.share import able
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.image import Link
from sekisho.gate.south.seen import image
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.run import prepare
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.gate.commission import Judgement
    from sekisho.gate.image import PlantImage
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.gate.run import Running, Site
    from sekisho.shell.gate.worker import Worker
    from sekisho.terms.ids import DeviceId

READY_S = 60.0
"""How long the devices may take to answer and to be armed."""
TICK_S = 0.2
REST_SHARE = 0.02
"""A plant that runs at more than this share of its rating is not moved."""

_NOT_READY = Text("{device}: 準備ができません({why})。", "{device} is not ready ({why}).")
_SEE_CHECK = Text(
    "sekisho gate check で原因を確かめてください。", "Find the cause with sekisho gate check."
)
_RUNNING = Text("設備が {power} W で運転中です。", "The plant is running at {power} W.")
_BRING_TO_REST = Text(
    "停止させてから、もう一度実行してください。", "Bring it to rest, then try again."
)


def commission(
    site: Site,
    tell: Callable[[int, int], None],
    *,
    time: TimeSource | None = None,
    hold_ms: int = HOLD_MS,
) -> Judgement:
    """Moves the plant a little, judges what moved, and journals it.

    Args:
        site: settings and state folder.
        tell: called with the phase that begins and the number of phases.
        time: the kernel's clocks.
        hold_ms: how long each phase is held.

    Raises:
        InputError: another gate runs, or the documents are not in order.
        WorldError: a device does not come up, or the plant is not at rest.
    """
    with ExitStack() as stack:
        running = prepare(site, time or KernelClock(), CHECKS, stack)
        return asyncio.run(_commission(running, tell, hold_ms))


async def _commission(
    running: Running, tell: Callable[[int, int], None], hold_ms: int
) -> Judgement:
    workers = running.new_workers()
    tasks = [asyncio.create_task(worker.run()) for worker in workers.values()]
    try:
        await _until_ready(running, workers)
        phases = await _moved(running, workers, tell, hold_ms)
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
    judgement = judged(running.site.settings, phases)
    if judgement.passed:
        running.engine.commissioned(judgement.body)
    return judgement


def _image(running: Running, workers: Mapping[DeviceId, Worker]) -> PlantImage:
    seen = {device: worker.seen for device, worker in workers.items()}
    return image(running.site.settings, seen, running.engine.clock().boot)


async def _until_ready(running: Running, workers: Mapping[DeviceId, Worker]) -> None:
    end = asyncio.get_running_loop().time() + READY_S
    while True:
        now = _image(running, workers)
        waiting = [w for w in workers.values() if w.seen.link is not Link.UP]
        if not waiting and all(able(pcs) for pcs in now.pcs):
            break
        if asyncio.get_running_loop().time() > end:
            device = waiting[0].declared.device if waiting else now.pcs[0].device
            why = waiting[0].trouble if waiting else "watchdog"
            what = _NOT_READY.fill(device=device, why=why or "?")
            raise WorldError(Problem(str(device), what, _SEE_CHECK))
        await asyncio.sleep(TICK_S)
    power = sum(pcs.power.value for pcs in now.pcs if pcs.power is not None)
    if abs(power) > REST_SHARE * running.site.settings.rated:
        what = _RUNNING.fill(power=power)
        raise WorldError(Problem(str(running.site.settings.site), what, _BRING_TO_REST))


async def _moved(
    running: Running,
    workers: Mapping[DeviceId, Worker],
    tell: Callable[[int, int], None],
    hold_ms: int,
) -> list[Phase]:
    phases: list[Phase] = []
    steps = plan(running.site.settings)
    try:
        for number, asked in enumerate(steps, start=1):
            tell(number, len(steps))
            images: list[PlantImage] = []
            for _ in range(max(4, int(hold_ms / 1000 / TICK_S))):
                for device, power in asked.items():
                    workers[device].order(power)
                await asyncio.sleep(TICK_S)
                images.append(_image(running, workers))
            phases.append(Phase(asked=asked, images=tuple(images)))
    finally:
        for pcs in running.site.settings.pcs:
            workers[pcs.device].order(Watts(0))
        await asyncio.sleep(2 * TICK_S)
    return phases
