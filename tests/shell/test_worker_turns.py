"""A worker's turns when everything takes long: nothing that is due waits for ever."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from sekisho.codec.connect import Connected
from sekisho.codec.device_map import DeviceMap, Refresh, ScaleWord, Watchdog
from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Keeping, Pace, Point, Span
from sekisho.codec.registers import Kind
from sekisho.gate.image import Link, OwnDroop, WatchdogState
from sekisho.gate.settings import SouthDevice, SouthRole, TcpEnd
from sekisho.gate.south import seen as seen_room
from sekisho.gate.south.seen import image
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate.worker import Worker
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Watts
from tests.facts.gate.scene import SETTINGS

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
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


class Memory:
    """A device that takes no time; `written` are the addresses, in order."""

    connected = True

    def __init__(self):
        self.words = {}
        self.written = []
        self.on_the_wire = lambda: None

    async def connect(self):
        pass

    async def close(self):
        pass

    async def read(self, unit, space, address, count):
        return tuple(self.words.get(address + n, 0) for n in range(count))

    async def write(self, unit, address, words):
        self.on_the_wire()
        self.written.append(address)
        self.words.update({address + n: word for n, word in enumerate(words)})


class Hand:
    """Of its own droop: does what it is given, and keeps when."""

    state, foreign_at = OwnDroop.OFF, None

    def __init__(self, act):
        self.at = []
        self.act = act

    def tell(self, line):
        return True

    async def verify(self):
        pass

    async def bring_about(self):
        self.at.append(time.monotonic())
        await self.act(len(self.at))


def serving(hand, memory):
    """A worker of a device that is up, whose polls are far apart."""
    slow: Any = replace(DECLARED, fast_ms=1_000, slow_ms=5_000)
    nothing: Any = None
    worker: Any = Worker(slow, memory, nothing, boot_ms)
    worker.described = SimpleNamespace(device_map=MAP)
    worker.seen = replace(worker.seen, link=Link.UP, watchdog=WatchdogState.ARMED)
    worker._own = hand
    return worker


async def test_news_that_come_while_the_own_droop_is_on_the_wire_are_not_slept_over():
    told: list[float] = []
    said = asyncio.Event()

    async def act(turn):
        if turn == 4:
            await asyncio.sleep(0.01)
            worker.follow(None)
            told.append(time.monotonic())
            await asyncio.sleep(0.001)
            said.set()

    hand = Hand(act)
    worker = serving(hand, Memory())
    task = asyncio.create_task(worker._serve())
    await said.wait()
    await asyncio.sleep(0.1)
    task.cancel()
    assert any(at > told[0] for at in hand.at)


async def test_a_set_point_goes_before_the_own_droop_and_between_its_frames():
    memory = Memory()
    frame = point(Meaning.DROOP_ENABLE, 700, kind=Kind.UINT16, **VOLATILE).write_raw(1)

    async def act(turn):
        for n in range(3):
            if n == 2:
                worker.order(Watts(200))
            await worker.give_way()
            await worker.put(frame)
        over.set()

    over = asyncio.Event()
    worker = serving(Hand(act), memory)
    worker.order(Watts(500))
    task = asyncio.create_task(worker._serve())
    await over.wait()
    task.cancel()
    assert memory.written[:5] == [100, 700, 700, 100, 700]


async def test_what_is_known_of_the_own_droop_is_told_before_a_frame_is_on_the_wire():
    async def act(turn):
        hand.state = OwnDroop.UNSURE
        await worker.put(point(Meaning.DROOP_ENABLE, 700, **VOLATILE).write_raw(1))

    seen: list[OwnDroop] = []
    over = asyncio.Event()

    def looks():
        seen.append(worker.seen.own_droop)
        over.set()

    hand, memory = Hand(act), Memory()
    memory.on_the_wire = looks
    worker = serving(hand, memory)
    worker.seen = replace(worker.seen, own_droop=OwnDroop.OFF)
    task = asyncio.create_task(worker._serve())
    await over.wait()
    task.cancel()
    assert seen[0] is OwnDroop.UNSURE


async def test_what_a_poll_has_read_is_in_the_image_before_anybody_asks_for_it():
    async def describe(client, declared):
        return Connected(device_map=MAP)

    memory: Any = Memory()
    worker = Worker(DECLARED, memory, describe, boot_ms)
    task = asyncio.create_task(worker.run())
    polled = worker.seen
    while polled.link is not Link.UP or polled is worker.seen:
        polled = worker.seen
        await asyncio.sleep(0.01)
    seen = {DECLARED.device: worker.seen}
    made = seen_room._pcs.cache_info().misses
    found = image(replace(SETTINGS, south=(DECLARED,), trip=None), seen, boot_ms())
    assert seen_room._pcs.cache_info().misses == made
    assert found.pcs[0].power is not None
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
