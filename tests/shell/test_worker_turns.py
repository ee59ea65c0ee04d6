"""A worker's turns when everything takes long: nothing that is due waits for ever."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest

from sekisho.codec.connect import Connected
from sekisho.codec.device_map import DeviceMap, Refresh, ScaleWord, Watchdog
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import DeviceRole, Keeping, Meaning, Pace, Point, Span
from sekisho.codec.registers import Kind
from sekisho.gate.settings import SouthDevice, SouthRole, TcpEnd
from sekisho.shell.gate.worker import Worker
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Watts

pytestmark = pytest.mark.asyncio
WATCHDOG_MS = 10_000
BEAT = 300

_AT = Point(meaning=Meaning.ACTIVE_POWER, space=Space.HOLDING, address=0, kind=Kind.INT16)


def point(meaning, address, **more):
    return replace(_AT, meaning=meaning, address=address, **more)


VOLATILE = {"keeping": Keeping.VOLATILE}
MAP = DeviceMap(
    role=DeviceRole.PCS,
    source="test",
    points=(
        point(Meaning.ACTIVE_POWER, 0, pace=Pace.FAST),
        point(Meaning.SETPOINT, 100, **VOLATILE),
        point(Meaning.WATCHDOG_TIMEOUT, 101, kind=Kind.UINT16, **VOLATILE),
        point(Meaning.WATCHDOG_FALLBACK_POWER, 250, **VOLATILE),
        point(Meaning.HEARTBEAT, BEAT, kind=Kind.UINT16, **VOLATILE),
        point(Meaning.DC_VOLTAGE, 400),
        point(Meaning.DC_POWER, 401),
    ),
    scales=(ScaleWord(Span(Space.HOLDING, 402, 1), 0),),
    watchdog=Watchdog(refresh=(Refresh.HEARTBEAT,)),
)
DECLARED = SouthDevice(
    device=DeviceId("pcs"),
    role=SouthRole.PCS,
    end=TcpEnd(host="127.0.0.1", port=1),
    unit=1,
    profile=None,
    rated=Watts(1_000),
    watchdog_s=WATCHDOG_MS // 1000,
)


class SlowMemory:
    """A device that takes 900 ms for everything; its clock is the worker's."""

    connected = True

    def __init__(self, last):
        self.now = 0
        self.last = last
        self.over = asyncio.Event()
        self.words = {}
        self.written = []
        self.order = lambda power: None

    async def _passed(self):
        self.now += 900
        self.order(Watts(500))
        if self.now > self.last:
            self.over.set()
        await asyncio.sleep(0)

    async def connect(self):
        pass

    async def close(self):
        pass

    async def read(self, unit, space, address, count):
        await self._passed()
        return tuple(self.words.get(address + n, 0) for n in range(count))

    async def write(self, unit, address, words):
        await self._passed()
        self.written.append((self.now, address))
        self.words.update({address + n: word for n, word in enumerate(words)})

    async def write_coil(self, unit, address, on):
        raise AssertionError


async def test_the_watchdog_is_refreshed_in_time_though_reading_never_ends():
    client = SlowMemory(last=120_000)

    async def describe(client, declared):
        return Connected(device_map=MAP)

    worker = Worker(DECLARED, client, describe, lambda: BootMs(client.now))
    client.order = worker.order
    task = asyncio.create_task(worker.run())
    await client.over.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    beats = [at for at, address in client.written if address == BEAT]
    assert max(b - a for a, b in pairwise([*beats, client.now])) < WATCHDOG_MS
