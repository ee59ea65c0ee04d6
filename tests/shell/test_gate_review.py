"""What a worker does with a device that is hostile, stubborn or free again too late."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from sekisho.codec.connect import Connected, by_coil
from sekisho.codec.device_map import DeviceMap, Refresh, Watchdog
from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.errors import BusyError, DisconnectedError
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Keeping, Pace, Point
from sekisho.codec.registers import Kind
from sekisho.gate.image import Link, WatchdogState
from sekisho.gate.settings import SouthDevice, SouthRole, TcpEnd
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.worker import Worker
from sekisho.shell.lab.stage import Stage
from sekisho.shell.mqtt.line import Incoming
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs, Watts

pytestmark = pytest.mark.asyncio
_AT = Point(meaning=Meaning.ACTIVE_POWER, space=Space.HOLDING, address=0, kind=Kind.INT16)
SETPOINT, ENABLE, TIMEOUT = 100, 110, 101


def point(meaning, address, **more):
    return replace(_AT, meaning=meaning, address=address, **more)


VOLATILE = {"keeping": Keeping.VOLATILE}
MAP = DeviceMap(
    role=DeviceRole.PCS,
    source="test",
    points=(
        point(Meaning.ACTIVE_POWER, 0, pace=Pace.FAST),
        point(Meaning.SETPOINT, SETPOINT, **VOLATILE),
        point(Meaning.SETPOINT_ENABLE, ENABLE, kind=Kind.UINT16, fixed=1, **VOLATILE),
        point(Meaning.WATCHDOG_TIMEOUT, TIMEOUT, kind=Kind.UINT16, **VOLATILE),
        point(Meaning.WATCHDOG_FALLBACK_POWER, 250, **VOLATILE),
        point(Meaning.HEARTBEAT, 300, kind=Kind.UINT16, **VOLATILE),
    ),
    watchdog=Watchdog(refresh=(Refresh.HEARTBEAT,)),
)
DECLARED = SouthDevice(
    device=DeviceId("pcs"),
    role=SouthRole.PCS,
    end=TcpEnd(host="127.0.0.1", port=1),
    unit=1,
    profile=None,
    rated=Watts(1_000),
    watchdog_s=10,
)


class Memory:
    """A device whose clock is the worker's and goes on by 10 ms with every request."""

    connected = True

    def __init__(self):
        self.now = 1_000
        self.words = {}
        self.written = []
        self.coils = []
        self.on_read = lambda: None
        self.on_write = lambda address, words: None
        self.connects = 0

    async def _passed(self):
        self.now += 10
        await asyncio.sleep(0)

    async def connect(self):
        self.connects += 1

    async def close(self):
        pass

    async def read(self, unit, space, address, count):
        await self._passed()
        self.on_read()
        return tuple(self.words.get(address + n, 0) for n in range(count))

    async def write(self, unit, address, words):
        await self._passed()
        self.on_write(address, words)
        self.written.append((self.now, address, words))
        self.words.update({address + n: word for n, word in enumerate(words)})

    async def write_coil(self, unit, address, on):
        await self._passed()
        self.coils.append(on)

    def orders(self):
        return [(at, words[0]) for at, address, words in self.written if address == SETPOINT]


@asynccontextmanager
async def running(memory, described=MAP, declared=DECLARED):
    async def describe(client, declared):
        return Connected(device_map=described)

    worker = Worker(declared, memory, describe, lambda: BootMs(memory.now))
    task = asyncio.create_task(worker.run())
    try:
        yield worker, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true):
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  the worker has no event of its own
            await asyncio.sleep(0.002)


async def passed(memory, ms, each=lambda: None):
    """Time goes by, whether the worker does anything or not."""
    end = memory.now + ms
    while memory.now < end:
        memory.now += 10
        each()
        await asyncio.sleep(0.001)


async def test_an_order_that_the_cycle_does_not_repeat_is_not_written_later():
    memory = Memory()

    def busy(address, words):
        if address == SETPOINT:
            raise BusyError("busy")

    async with running(memory) as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        memory.on_write = busy
        worker.order(Watts(500))
        await passed(memory, 1_000)
        memory.now += (
            5_000  # the cycle does not ask any more: the unit is locked, or the order over
        )
        memory.on_write = lambda address, words: None
        reads = worker.counters.reads
        await until(lambda: worker.counters.reads > reads + 2)  # it has had its turns
        assert memory.orders() == []


async def test_a_device_that_finds_a_fault_of_ours_costs_itself_and_not_the_gate():
    memory = Memory()

    def hostile():
        raise ValueError("something that nobody thought of")

    async with running(memory) as (worker, task):
        await until(lambda: worker.seen.link is Link.UP)
        memory.on_read = hostile
        await passed(memory, 500)
        await until(lambda: worker.seen.link is Link.LOST)
        assert not task.done()
        memory.on_read = lambda: None
        await until(lambda: worker.seen.link is Link.UP)


async def test_a_device_that_shows_another_value_is_not_written_at_every_turn():
    memory = Memory()

    def deaf(address, words):
        if address == SETPOINT:
            asyncio.get_running_loop().call_soon(memory.words.update, {SETPOINT: 7})

    async with running(memory) as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        memory.on_write = deaf
        await passed(memory, 1_500, lambda: worker.order(Watts(500)))
        assert len(memory.orders()) == 1
        worker.order(Watts(0))  # another order does not wait
        await until(lambda: memory.orders()[-1][1] == 0)


async def test_a_pcs_whose_watchdog_has_failed_is_not_left_at_its_last_order():
    memory = Memory()
    async with running(memory) as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        worker.order(Watts(500))
        await until(lambda: memory.words.get(SETPOINT) == 500)

        def broken(address, words):
            if address == TIMEOUT:
                asyncio.get_running_loop().call_soon(memory.words.update, {TIMEOUT: 0})

        memory.on_write = broken
        memory.words[TIMEOUT] = 0

        def able():
            if worker.seen.watchdog is WatchdogState.ARMED:
                worker.order(Watts(500))

        await passed(memory, 6_000, able)
        assert worker.seen.watchdog is WatchdogState.FAILED
        assert memory.words[SETPOINT] == 0


async def test_a_set_point_whose_enable_was_taken_back_is_known_as_such():
    memory = Memory()
    memory.words = {SETPOINT: 400, ENABLE: 0}
    async with running(memory) as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        assert not worker.seen.engaged
        worker.order(Watts(500))
        await until(lambda: worker.seen.engaged)


async def test_a_relay_that_was_away_is_opened_again():
    memory = Memory()
    described = by_coil(0, "relay")
    declared = replace(DECLARED, role=SouthRole.TRIP, rated=Watts(0), slow_ms=200)
    with pytest.raises(StopIteration) as asked:
        next(described)
    device_map = asked.value.value.device_map
    async with running(memory, device_map, declared) as (worker, _):
        await until(lambda: worker.seen.link is Link.UP)
        worker.hold_trip(open_=True)
        await until(lambda: memory.coils == [True])

        def gone():
            memory.on_read = lambda: None
            raise DisconnectedError("gone")

        memory.on_read = gone
        memory.connected = False
        await passed(memory, 3_000)
        memory.connected = True
        await until(lambda: memory.coils == [True, True])


async def test_a_message_that_finds_a_fault_of_ours_is_counted_and_the_next_one_is_heard(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        north: Any = stage.running.north
        assert north is not None
        heard = []

        def take(message):
            heard.append(message.payload)
            if message.payload == b"1":
                raise ValueError("something that nobody thought of")

        north.take = take
        for payload in (b"1", b"2"):
            north.line._inbox.put_nowait(Incoming("topic", payload, retained=False))
        await until(lambda: len(heard) == 2)
        assert stage.running.engine.counted["fault"] == 1


async def test_a_broker_that_acknowledges_nothing_does_not_delay_the_watch(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        running: Any = stage.running
        never = asyncio.Event()

        async def publish(*_, **__):
            await never.wait()

        running.north.line.publish = publish
        running.engine.new_session("f" * 32, "restored")
        status = stage.state_path / names.STATUS
        for _ in range(2):
            before = status.stat().st_mtime_ns
            await until(lambda before=before: status.stat().st_mtime_ns > before)
        never.set()
