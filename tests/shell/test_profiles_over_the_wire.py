"""Devices with profiles, served over Modbus TCP and run by the gate's own worker."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.pdu import ADDRESSES, ExceptionCode, Space
from sekisho.codec.profile import read_profile
from sekisho.gate.image import Link, WatchdogState
from sekisho.gate.settings import SouthDevice, SouthRole, TcpEnd
from sekisho.shell.device_data import shipped_profile
from sekisho.shell.gate.describe import Describe
from sekisho.shell.gate.worker import Worker
from sekisho.shell.modbus.client import Timing, tcp_client
from sekisho.shell.modbus.server import TcpServer
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Watts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

KANDA_AT_REST: Mapping[Space, Mapping[int, int]] = {
    Space.INPUT: {0x1000: 1000, 0x1001: 0, 0x1002: 5000, 0x1003: 20, 0x1010: 2},
    Space.DISCRETE: {0: 0},
    Space.COIL: {4: 0},
    Space.HOLDING: {0x2000: 0, 0x2001: 0, 0x2002: 0},
}
GENERIC_AT_REST: Mapping[Space, Mapping[int, int]] = {
    Space.INPUT: {10: 500, 100: 3, 101: 0, 102: 0, 110: 0, 112: 5000, 120: 8000},
    Space.HOLDING: {200: 0, 201: 0, 210: 0, 211: 0, 212: 0},
}


class Device:
    """Only the registers that the profile names exist; all others refuse."""

    def __init__(self, at_rest: Mapping[Space, Mapping[int, int]]) -> None:
        self.held = {space: dict(registers) for space, registers in at_rest.items()}
        self.written: list[tuple[Space, int, tuple[int, ...]]] = []

    def read(
        self, unit: int, space: Space, address: int, count: int
    ) -> Sequence[int] | ExceptionCode:
        held = self.held.get(space, {})
        if unit != 1 or any(address + n not in held for n in range(count)):
            return ExceptionCode.ILLEGAL_ADDRESS
        return [held[address + n] for n in range(count)]

    def write(
        self, unit: int, space: Space, address: int, values: Sequence[int]
    ) -> ExceptionCode | None:
        held = self.held.get(space, {})
        if unit != 1 or any(address + n not in held for n in range(len(values))):
            return ExceptionCode.ILLEGAL_ADDRESS
        held.update((address + n, int(v) % ADDRESSES) for n, v in enumerate(values))
        self.written.append((space, address, tuple(values)))
        return None

    def identify(self, unit: int) -> Mapping[int, bytes] | ExceptionCode:
        del unit
        return ExceptionCode.ILLEGAL_FUNCTION

    def writes(self, space: Space, address: int) -> int:
        return sum(1 for s, a, _ in self.written if (s, a) == (space, address))


def boot() -> BootMs:
    return BootMs(int(time.monotonic() * 1000))


@asynccontextmanager
async def run(device: Device, name: str) -> AsyncIterator[tuple[Worker, TcpServer]]:
    server = await TcpServer(device).start()
    declared = SouthDevice(
        device=DeviceId("pcs-1"),
        role=SouthRole.PCS,
        end=TcpEnd(host="127.0.0.1", port=server.port),
        unit=1,
        profile=name,
        rated=Watts(250_000),
        fast_ms=20,
        slow_ms=50,
    )
    describe = Describe({name: read_profile(shipped_profile(name), name)})
    client = tcp_client("127.0.0.1", server.port, Timing(timeout=2.0))
    worker = Worker(declared, client, describe, boot)
    task = asyncio.create_task(worker.run())
    try:
        yield worker, server
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.close()


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not seen():  # noqa: ASYNC110 - the worker tells nobody
            await asyncio.sleep(0.01)


async def connected(worker: Worker, times: int) -> None:
    await until(lambda: worker.counters.connects == times and worker.seen.link is Link.UP)


@pytest.mark.asyncio
async def test_a_device_with_every_awkwardness_follows_and_is_read() -> None:
    device = Device(KANDA_AT_REST)
    async with run(device, "invented-kanda-pcs") as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        assert worker.seen.values[Meaning.ACTIVE_POWER][0] == -100_000
        assert worker.seen.watchdog is WatchdogState.ARMED
        worker.order(Watts(-50_000))
        await until(lambda: worker.seen.values.get(Meaning.SETPOINT, (None,))[0] == -50_000)
        assert device.held[Space.HOLDING] == {0x2000: 50_000, 0x2001: 0, 0x2002: 3}
        assert device.held[Space.COIL] == {4: 1}
        assert device.written[:3] == [
            (Space.HOLDING, 0x2000, (50_000, 0)),
            (Space.HOLDING, 0x2002, (3,)),
            (Space.COIL, 4, (1,)),
        ]
        device.held[Space.DISCRETE][0] = 1
        await until(lambda: worker.seen.locked)


@pytest.mark.asyncio
async def test_memory_that_wears_out_is_written_only_where_it_holds_something_else() -> None:
    device = Device(GENERIC_AT_REST)
    async with run(device, "generic-pcs") as (worker, server):
        await until(lambda: worker.seen.watchdog is WatchdogState.ARMED)
        assert device.held[Space.HOLDING][211] == 10_000
        for connect in (2, 3, 4):
            server.drop_connections()
            await connected(worker, connect)
        assert worker.seen.watchdog is WatchdogState.ARMED
        assert device.writes(Space.HOLDING, 211) == 1


@pytest.mark.asyncio
async def test_a_scale_factor_that_changes_while_running_ends_the_connection() -> None:
    device = Device(KANDA_AT_REST)
    async with run(device, "invented-kanda-pcs") as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        device.held[Space.INPUT][0x1010] = 3
        await connected(worker, 2)
        assert worker.seen.values[Meaning.ACTIVE_POWER][0] == -1_000_000
