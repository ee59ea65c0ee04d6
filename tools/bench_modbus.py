"""Polling devices over Modbus TCP, against bare pymodbus on the same registers: medians of five.

The devices run in another process. "Ours" is what the gate does with an answer: planned requests,
decoded points, each reading marked with the instant of its arrival. pymodbus only reads the same
registers into lists, bounded as the probes found necessary. Both run on the same event loop; rounds
alternate, so that other work on the machine meets both.
"""

from __future__ import annotations

import asyncio
import functools
import resource
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvloop
from pymodbus.client import AsyncModbusTcpClient

from sekisho.codec.device_map import DeviceMap
from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.codec.modbus.plan import Joints, Plan
from sekisho.codec.points import Pace, Point
from sekisho.codec.registers import Kind
from sekisho.shell.modbus.client import ModbusClient, Timing, tcp_client
from sekisho.shell.modbus.server import TcpServer
from tools.bench_gate_figure import Found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

REGISTERS = 120
FAST_REGISTERS = 12
DEVICES = 40
RUNS = 5
SECONDS = 1.0
"""One run of one client."""
STEADY_SECONDS = 5.0
"""The run at a fixed pace."""


# ---- the devices -----------------------------------------------------------------------------


class _Device:
    """Plain registers."""

    words = tuple(range(REGISTERS))

    def read(
        self, unit: int, space: Space, address: int, count: int
    ) -> Sequence[int] | ExceptionCode:
        """What was asked."""
        if unit != 1 or space is not Space.HOLDING or address + count > REGISTERS:
            return ExceptionCode.ILLEGAL_ADDRESS
        return self.words[address : address + count]

    def write(
        self,
        unit: int,  # noqa: ARG002 - as every bank
        space: Space,  # noqa: ARG002 - as every bank
        address: int,  # noqa: ARG002 - as every bank
        values: Sequence[int],  # noqa: ARG002 - as every bank
    ) -> ExceptionCode:
        """Nothing is written here."""
        return ExceptionCode.ILLEGAL_FUNCTION

    def identify(self, unit: int) -> Mapping[int, bytes] | ExceptionCode:  # noqa: ARG002 - as every bank
        """Nothing to tell."""
        return ExceptionCode.ILLEGAL_FUNCTION


async def _serve(devices: int) -> None:
    """Serves until standard input ends."""
    servers = [await TcpServer(_Device()).start() for _ in range(devices)]
    print(*(server.port for server in servers), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for server in servers:
        await server.close()


_FAST = 4
_NARROW_TO = 19


def description() -> DeviceMap:
    """39 points over 120 registers: four fast ones in front, the others slow."""
    points = []
    address = 0
    for number, meaning in enumerate(list(Meaning)[:39]):
        fast = number < _FAST
        wide = number in (0, 1) or number > _NARROW_TO
        kind, length = (Kind.INT64, 4) if wide else (Kind.INT32, 2)
        points.append(
            Point(
                meaning=meaning,
                space=Space.HOLDING,
                address=address,
                kind=kind,
                length=length,
                scale=(1, 10),
                pace=Pace.FAST if fast else Pace.SLOW,
            )
        )
        address += length
    if address != REGISTERS:
        raise SystemExit(f"{address} registers instead of {REGISTERS}")
    return DeviceMap(role=DeviceRole.PCS, source="bench", points=tuple(points))


# ---- the two clients -------------------------------------------------------------------------


class _Ours:
    """What the gate does with a device."""

    def __init__(self, port: int) -> None:
        self.client: ModbusClient = tcp_client("127.0.0.1", port, Timing(timeout=1.0))
        self.map = description()
        self.whole = self.map.chosen(self.map._by)  # noqa: SLF001 - every point, of either pace
        self.fast = self.map.batch(Pace.FAST)
        self.whole_plan = Plan.of(self.whole.spans, Joints())
        self.fast_plan = Plan.of(self.fast.spans, Joints())
        self.readings: dict[Meaning, tuple[object, float]] = {}

    async def connect(self) -> None:
        await self.client.connect()

    async def close(self) -> None:
        await self.client.close()

    async def poll(self, *, fast: bool = False) -> None:
        """Reads, decodes, marks."""
        batch, made = (self.fast, self.fast_plan) if fast else (self.whole, self.whole_plan)
        answers = []
        for fetch in made.fetches:
            r = fetch.request
            answers.append(await self.client.read(1, r.space, r.address, r.count))
        at = time.clock_gettime(time.CLOCK_BOOTTIME)
        decoded = batch.decode(made.words(answers))
        self.readings.update((meaning, (value, at)) for meaning, value in decoded.items())


class _Bare:
    """pymodbus alone."""

    def __init__(self, port: int) -> None:
        self.client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=1.0, retries=0)

    async def connect(self) -> None:
        await self.client.connect()

    async def close(self) -> None:
        self.client.close()

    async def poll(self, *, fast: bool = False) -> None:
        """Reads."""
        count = FAST_REGISTERS if fast else REGISTERS
        async with asyncio.timeout(1.5):
            answer = await self.client.read_holding_registers(0, count=count, device_id=1)
        if len(answer.registers) != count:
            raise SystemExit("pymodbus gave another number of registers")


# ---- measuring -------------------------------------------------------------------------------


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _rate(poll: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Polls as fast as answers come: polls a second, and processor seconds of one poll."""
    begun, used, polls = time.perf_counter(), _processor(), 0
    while (took := time.perf_counter() - begun) < SECONDS:
        for _ in range(20):
            await poll()
        polls += 20
    return polls / took, (_processor() - used) / polls


async def _against_bare(port: int) -> list[tuple[float, float]]:
    """(throughput, processor time) of ours over that of bare pymodbus, round by round."""
    rounds = []
    for _ in range(RUNS):
        found = []
        for make in (_Ours, _Bare):
            client = make(port)
            await client.connect()
            await client.poll()
            found.append(await _rate(client.poll))
            await client.close()
        (ours, our_time), (bare, bare_time) = found
        rounds.append((ours / bare, our_time / bare_time))
        print(
            f"  ours {ours:,.0f} polls/s, {1e6 * our_time:.0f} µs each; "
            f"pymodbus {bare:,.0f}, {1e6 * bare_time:.0f} µs"
        )
    return rounds


async def _paced(clients: list[_Ours], hertz: float, *, fast: bool) -> None:
    """Each client polls at a fixed pace, spread over the period."""
    loop = asyncio.get_running_loop()
    begun = loop.time()

    async def one(number: int, client: _Ours) -> None:
        due = begun + number / len(clients) / hertz
        while due < begun + STEADY_SECONDS:
            await asyncio.sleep(due - loop.time())
            await client.poll(fast=fast)
            due += 1 / hertz

    await asyncio.gather(*(one(n, client) for n, client in enumerate(clients)))


async def _steady(ports: list[int]) -> tuple[float, float]:
    """Share of a core for 40 devices: all registers at 1 Hz; with the fast group at 10 Hz too."""
    clients = [_Ours(port) for port in ports]
    for client in clients:
        await client.connect()
        await client.poll()
    shares = []
    for tasks in (
        [functools.partial(_paced, clients, 1.0, fast=False)],
        [
            functools.partial(_paced, clients, 1.0, fast=False),
            functools.partial(_paced, clients, 10.0, fast=True),
        ],
    ):
        used = _processor()
        await asyncio.gather(*(task() for task in tasks))
        shares.append((_processor() - used) / STEADY_SECONDS)
    for client in clients:
        await client.close()
    return shares[0], shares[1]


@contextmanager
def devices_elsewhere(count: int) -> Iterator[list[int]]:
    """The ports of devices with plain registers, served by another process."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tools.bench_modbus", "--serve", str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None  # noqa: S101 - it is a pipe
        yield [int(port) for port in server.stdout.readline().split()]
    finally:
        server.communicate()


def figures() -> list[Found]:
    """Every figure, each loop by itself; the devices are one other process."""
    found: list[Found] = []
    with devices_elsewhere(DEVICES) as ports:
        for name, loop in (("asyncio", asyncio.new_event_loop), ("uvloop", uvloop.new_event_loop)):
            print(f"{name}: {REGISTERS} registers a poll")
            with asyncio.Runner(loop_factory=loop) as runner:
                rounds = runner.run(_against_bare(ports[0]))
                all_slow, with_fast = runner.run(_steady(ports))
            rate = statistics.median(ratio for ratio, _ in rounds)
            cost = statistics.median(ratio for _, ratio in rounds)
            polled = f"c: {name}: poll throughput / bare pymodbus"
            slow = f"c: {name}: {DEVICES} devices at 1 Hz, share of a core"
            fast = f"c: {name}: and the fast group at 10 Hz"
            note = f" (processor time {cost:.2f} x)"
            found += [
                Found(what=polled, value=rate, least=0.8, note=note),
                Found(what=slow, value=all_slow, most=0.04),
                Found(what=fast, value=with_fast, most=0.25),
            ]
    return found


def main() -> int:
    """Print every figure; 1 where one is missed."""
    if sys.argv[1:2] == ["--serve"]:
        uvloop.run(_serve(int(sys.argv[2])))
        return 0
    found = figures()
    print(*found, sep="\n")
    return int(not all(figure.kept for figure in found))


if __name__ == "__main__":
    raise SystemExit(main())
