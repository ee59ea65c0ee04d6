"""Forty devices in another process, polled by the gate's own workers; and the cycle beside them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvloop

from sekisho.codec.connect import Connected
from sekisho.gate.image import Link
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate.describe import client_of
from sekisho.shell.gate.worker import Worker
from sekisho.shell.lab.stage import Stage
from tools.bench_gate_figure import Found, quantile
from tools.bench_gate_stage import declared, script_of
from tools.bench_modbus import REGISTERS, description, devices_elsewhere

if TYPE_CHECKING:
    from sekisho.gate.settings import SouthDevice
    from sekisho.shell.gate.requests import Client

DEVICES = 40
_UP_S = 30.0


async def _describe(client: Client, device: SouthDevice) -> Connected:  # noqa: ARG001 - as every describer
    return Connected(device_map=description())


async def _polled(ports: list[int], seconds: float, *, fast_ms: int) -> tuple[float, int]:
    """Share of a core that workers need, and how many requests they made a second."""
    workers = []
    for number, port in enumerate(ports):
        device = declared(f"pcs-{number}", port, fast_ms=fast_ms, slow_ms=1_000)
        workers.append(Worker(device, client_of(device), _describe, boot_ms))
    tasks = []
    for worker in workers:
        tasks.append(asyncio.create_task(worker.run()))
        await asyncio.sleep(1 / len(workers))  # as devices that do not come up together
    async with asyncio.timeout(_UP_S):
        while not all(worker.seen.link is Link.UP for worker in workers):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
    reads = sum(worker.counters.reads for worker in workers)
    begun, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    used, took = time.process_time() - used, time.perf_counter() - begun
    reads = sum(worker.counters.reads for worker in workers) - reads
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return used / took, round(reads / took)


def polling(seconds: float = 10.0, devices: int = DEVICES) -> list[Found]:
    """What the workers need of a core, on the event loop that the gate runs on."""
    with (
        devices_elsewhere(devices) as ports,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as r,
    ):
        slow, slow_reads = r.run(_polled(ports, seconds, fast_ms=1_000))
        fast, fast_reads = r.run(_polled(ports, seconds, fast_ms=100))
    name = f"c: {devices} workers x {REGISTERS} registers at 1 Hz"
    return [
        Found(
            what=name, value=100 * slow, unit=" % of a core", most=4,
            note=f" ({slow_reads} requests a second)",
        ),
        Found(
            what=f"{name}, fast group at 10 Hz", value=100 * fast, unit=" % of a core", most=25,
            note=f" ({fast_reads} requests a second)",
        ),
    ]  # fmt: skip


async def _cycles(folder: Path, seconds: float, devices: int) -> list[Found]:
    late: list[float] = []
    steps: list[float] = []
    async with Stage(folder, script_of(devices)) as stage:
        await stage.ready(_UP_S)
        cycle = stage.running.cycle
        assert cycle is not None  # noqa: S101 - the stage is ready
        step = cycle.step

        def measured() -> object:
            late.append(cycle.late_ms)
            begun = time.perf_counter()
            turn = step()
            steps.append(1_000 * (time.perf_counter() - begun))
            return turn

        await asyncio.sleep(min(2.0, seconds))
        setattr(cycle, "step", measured)  # noqa: B010 - measured from outside
        missed, begun, used = cycle.missed, time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        took, used = time.perf_counter() - begun, time.process_time() - used
        missed = cycle.missed - missed
        up = sum(worker.seen.link is Link.UP for worker in stage.running.workers.values())
    told = f" ({len(late):,} cycles of 100 ms in {took:.0f} s, {up} of {devices} devices up)"
    return [
        Found(what="d: jitter of the cycle, p99", value=quantile(late, 0.99), unit=" ms", most=5, note=told),
        Found(what="d: jitter of the cycle, most", value=max(late, default=0), unit=" ms", most=50),
        Found(what="d: cycles missed", value=missed, most=0),
        Found(what="d: a tick takes, p50", value=quantile(steps, 0.5), unit=" ms"),
        Found(what="d: a tick takes, p99", value=quantile(steps, 0.99), unit=" ms"),
        Found(
            what="d: the whole gate", value=100 * used / took, unit=" % of a core",
            note=" (workers, cycle, journal, north; the head-end too)",
        ),
    ]  # fmt: skip


def cycling(seconds: float = 60.0, devices: int = DEVICES) -> list[Found]:
    """How punctual the cycle of a whole gate is."""
    with (
        TemporaryDirectory() as name,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_cycles(Path(name) / "stage", seconds, devices))
