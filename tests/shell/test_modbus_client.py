"""The client of the gate against the simulated devices' server, on both event loops."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import Counter

import pytest
import uvloop
from typing_extensions import override

from sekisho.codec.modbus.errors import (
    BusyError,
    DisconnectedError,
    Fault,
    MalformedError,
    ModbusError,
    RefusedError,
    SilentError,
)
from sekisho.codec.modbus.pdu import ExceptionCode, Function, Space
from sekisho.shell.modbus.client import State, Timing, serial_client, tcp_client
from sekisho.shell.modbus.faults import Faults
from sekisho.shell.modbus.link import Serial
from sekisho.shell.modbus.server import RtuServer, TcpServer
from tests.modbus_bank import IDENTITY, Table

pytestmark = pytest.mark.alone
LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture(params=sorted(LOOPS))
def run(request):
    """Runs a coroutine on one of the event loops."""

    def on_loop(coroutine):
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            return runner.run(asyncio.wait_for(coroutine, 20))

    return on_loop


def patient(server: TcpServer, **timing):
    return tcp_client("127.0.0.1", server.port, Timing(timeout=2.0, **timing))


def hasty(server: TcpServer, **timing):
    return tcp_client("127.0.0.1", server.port, Timing(timeout=0.1, **timing))


async def _everything(client, table):
    assert await client.read(1, Space.HOLDING, 10, 125) == tuple(table.holding[10:135])
    assert await client.read_input(1, 3, 1) == (33,)
    assert await client.read_coils(1, 0, 11) == tuple(int(c) for c in table.coil[:11])
    assert await client.read(1, Space.DISCRETE, 0, 6) == (1, 0, 0, 0, 0, 1)
    await client.write(1, 5, (65535, 1, 2))
    await client.write_single(1, 8, 3)
    assert await client.read_holding(1, 5, 4) == (65535, 1, 2, 3)
    await client.write_coil(1, 1, True)
    assert table.coil[1]
    assert await client.identify(1) == IDENTITY
    with pytest.raises(RefusedError) as refused:
        await client.read(1, Space.HOLDING, 999, 2)
    assert (refused.value.code, refused.value.sent) == (ExceptionCode.ILLEGAL_ADDRESS, True)
    with pytest.raises(SilentError) as silent:
        await client.read(7, Space.HOLDING, 0, 2)
    assert silent.value.code == ExceptionCode.GATEWAY_NO_ANSWER


def test_everything_over_tcp_by_one_connection_that_closes_in_order(run):
    async def story():
        table = Table()
        server = await TcpServer(table).start()
        client = patient(server)
        assert not client.connected
        await client.connect()
        await client.connect()
        assert client.state is State.OPEN
        await _everything(client, table)
        await client.close()
        assert not client.connected
        await asyncio.sleep(0.01)
        seen = server.seen
        assert (seen.connections_ever, seen.connections, seen.resets) == (1, 0, 0)
        assert seen.write_frames == len(table.written) == 3
        await server.close()

    run(story())


def test_everything_over_a_serial_line(run):
    async def story():
        table = Table()
        server = RtuServer.on_pty(table)
        server.start()
        client = serial_client(
            Serial(path=server.path, baud=19200), Timing(timeout=2.0, hold_off=0.01)
        )
        await client.connect()
        await _everything(client, table)
        await client.close()
        await client.connect()
        assert await client.read(1, Space.HOLDING, 1, 1) == (7,)
        await client.close()
        server.close()

    run(story())


def test_a_long_identification_is_gathered_and_a_modest_device_gives_its_basic_one(run):
    class Modest(Table):
        def __init__(self):
            super().__init__()
            self.identity = {n: bytes((65 + n,)) * 100 for n in range(5)}

    async def story():
        server = await TcpServer(Modest()).start()
        client = patient(server)
        await client.connect()
        assert await client.identify(1) == server.bank.identify(1)
        server.faults.refuse = ExceptionCode.ILLEGAL_VALUE
        server.faults.remaining = 1
        assert sorted(await client.identify(1)) == [0, 1, 2]
        server.faults.remaining = None
        server.faults.refuse = ExceptionCode.ILLEGAL_FUNCTION
        with pytest.raises(RefusedError):
            await client.identify(1)
        await client.close()
        await server.close()

    run(story())


@pytest.mark.parametrize("unit", [0, 256, -1])
def test_unit_0_never_reaches_the_wire(run, unit):
    async def story():
        server = await TcpServer(Table()).start()
        client = patient(server)
        await client.connect()
        with pytest.raises(ValueError, match="unit"):
            await client.write(unit, 0, (1,))
        assert await client.read(1, Space.HOLDING, 1, 1) == (7,)
        assert (server.seen.requests, server.seen.broadcasts) == (1, 0)
        await client.close()
        await server.close()

    run(story())


def test_many_tasks_share_one_connection_and_each_gets_its_own_answer(run):
    in_flight = Counter[str]()

    class Watched(Table):
        @override
        async def read(self, unit, space, address, count):  # type: ignore[override]  # a bank may be awaited; Table is not
            in_flight["now"] += 1
            in_flight["most"] = max(in_flight["most"], in_flight["now"])
            await asyncio.sleep(0.001)
            in_flight["now"] -= 1
            return super().read(unit, space, address, count)

    async def story():
        server = await TcpServer(Watched()).start()
        client = patient(server)
        await client.connect()
        asked = [client.read(1, Space.HOLDING, n, 1) for n in range(50)]
        assert await asyncio.gather(*asked) == [(7 * n,) for n in range(50)]
        assert (in_flight["most"], server.seen.most_connections) == (1, 1)
        await client.close()
        await server.close()

    run(story())


def test_more_tasks_than_may_wait_are_told_that_the_device_is_busy(run):
    async def story():
        server = await TcpServer(Table(), faults=Faults(delay_s=0.05)).start()
        client = patient(server, most_waiting=2)
        await client.connect()
        asked = [client.read(1, Space.HOLDING, n, 1) for n in range(3)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert answers[:2] == [(0,), (7,)]
        assert isinstance(answers[2], BusyError)
        assert not answers[2].sent
        await client.close()
        await server.close()

    run(story())


def test_gap_and_pause_are_kept(run):
    async def story():
        server = await TcpServer(Table()).start()
        client = patient(server, pause=0.05, gap=0.03)
        loop = asyncio.get_running_loop()
        await client.connect()
        moments = [loop.time()]
        for _ in range(3):
            await client.read(1, Space.HOLDING, 0, 1)
            moments.append(loop.time())
        waits = [b - a for a, b in itertools.pairwise(moments)]
        slack = 0.002  # the loops' clocks count milliseconds
        assert waits[0] >= 0.05 - slack
        assert min(waits[1:]) >= 0.03 - slack
        await client.close()
        await server.close()

    run(story())


def test_the_answer_to_a_cancelled_task_is_nobody_elses(run):
    async def story():
        server = await TcpServer(Table(), faults=Faults(delay_s=0.05)).start()
        client = patient(server)
        await client.connect()
        task = asyncio.create_task(client.read(1, Space.HOLDING, 1, 1))
        await asyncio.sleep(0.02)
        task.cancel()
        assert await client.read(1, Space.HOLDING, 2, 1) == (14,)
        assert task.cancelled()
        await client.close()
        await server.close()

    run(story())


def test_a_silent_device_counts_as_lost_and_the_user_reconnects(run):
    async def story():
        server = await TcpServer(Table(), faults=Faults(deaf=1.0)).start()
        client = hasty(server, failure_limit=2)
        await client.connect()
        for expected in (State.OPEN, State.LOST):
            with pytest.raises(SilentError):
                await client.read(1, Space.HOLDING, 0, 1)
            assert client.state is expected
        with pytest.raises(DisconnectedError) as gone:
            await client.read(1, Space.HOLDING, 0, 1)
        assert not gone.value.sent
        assert client.lost_because == "the device is silent"
        server.faults.deaf = 0.0
        await client.connect()
        assert await client.read(1, Space.HOLDING, 1, 1) == (7,)
        await client.close()
        seen = server.seen
        assert (seen.connections_ever, seen.most_connections, seen.resets) == (2, 1, 0)
        await server.close()

    run(story())


def test_a_device_that_is_slow_to_hang_up_never_sees_two_connections(run):
    async def story():
        open_now = Counter[str]()

        async def device(reader, writer):
            open_now["now"] += 1
            open_now["most"] = max(open_now["most"], open_now["now"])
            while await reader.read(100):
                pass
            await asyncio.sleep(0.1)
            open_now["now"] -= 1
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(device, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        client = tcp_client("127.0.0.1", port, Timing(timeout=0.05, failure_limit=1))
        for _ in range(3):
            await client.connect()
            with pytest.raises(SilentError):
                await client.read(1, Space.HOLDING, 0, 1)
        await client.close()
        assert open_now == {"now": 0, "most": 1}
        server.close()
        await server.wait_closed()

    run(story())


def test_a_connection_that_closes_while_an_answer_is_on_its_way_is_not_reset(run):
    async def story():
        server = await TcpServer(Table(), faults=Faults(delay_s=0.15)).start()
        client = hasty(server)
        await client.connect()
        with pytest.raises(SilentError):
            await client.read(1, Space.HOLDING, 0, 100)
        await client.close()
        await asyncio.sleep(0.1)
        assert (server.seen.resets, server.seen.connections) == (0, 0)
        await server.close()

    run(story())


def test_a_device_lost_in_the_middle_of_a_write_is_told_as_such(run):
    async def story():
        table = Table()
        server = await TcpServer(table, faults=Faults(cut=1.0, remaining=1)).start()
        client = patient(server)
        await client.connect()
        with pytest.raises(DisconnectedError) as gone:
            await client.write(1, 0, (1, 2))
        assert gone.value.sent  # only a read-back can tell what became of it
        assert client.state is State.LOST
        await client.connect()
        assert await client.read(1, Space.HOLDING, 0, 2) == (1, 2)
        assert server.seen.write_frames == 1
        await client.close()
        await server.close()

    run(story())


def test_a_device_that_restarts_between_requests_is_noticed(run):
    async def story():
        server = await TcpServer(Table()).start()
        client = patient(server)
        await client.connect()
        server.drop_connections()
        await asyncio.sleep(0.02)
        assert client.state is State.LOST
        with pytest.raises(DisconnectedError) as gone:
            await client.write(1, 0, (1,))
        assert not gone.value.sent
        await server.close()
        with pytest.raises(DisconnectedError) as refused:
            await client.connect()
        assert not refused.value.sent
        assert client.state is State.LOST

    run(story())


def test_a_device_that_does_not_take_the_connection_is_given_up_in_time(run):
    async def story():
        client = tcp_client("127.0.0.1", 1, Timing(connect=0.5))
        with pytest.raises(DisconnectedError):
            await client.connect()
        await client.close()

    run(story())


def test_every_answer_at_nine_tenths_of_the_time_out_is_taken(run):
    async def story():
        server = await TcpServer(Table(), faults=Faults(delay_s=0.45)).start()
        client = tcp_client("127.0.0.1", server.port, Timing(timeout=0.5))
        await client.connect()
        for n in range(2):
            assert await client.read(1, Space.HOLDING, n, 1) == (7 * n,)
        await client.close()
        await server.close()

    run(story())


async def _hammered(client, server, requests):
    """Reads different registers again and again: the truth, or an error."""
    faults = Counter[Fault]()
    for n in range(requests):
        if not client.connected:
            await client.connect()
        try:
            assert await client.read(1, Space.HOLDING, n % 500, 3) == tuple(
                server.bank.holding[n % 500 : n % 500 + 3]
            )
        except ModbusError as error:
            faults[error.fault] += 1
    return faults


def test_one_corrupted_frame_in_a_hundred_never_gives_a_wrong_value(run):
    async def story():
        server = await TcpServer(Table(), faults=Faults(corrupt=0.01, seed=3)).start()
        client = tcp_client("127.0.0.1", server.port, Timing(timeout=0.05))
        await client.connect()
        faults = await _hammered(client, server, 1500)
        assert 5 <= faults.total() <= 60
        assert server.seen.most_connections == 1
        await client.close()
        await server.close()

    run(story())


def test_two_corrupted_frames_in_a_hundred_never_give_a_wrong_value_on_a_line(run):
    async def story():
        server = RtuServer.on_pty(Table(), faults=Faults(corrupt=0.02, seed=3))
        server.start()
        timing = Timing(timeout=0.1, hold_off=0.02)
        client = serial_client(Serial(path=server.path, baud=115200), timing)
        await client.connect()
        faults = await _hammered(client, server, 300)
        assert 2 <= faults.total() <= 40
        await client.close()
        server.close()

    run(story())


def test_everything_wrong_at_once_never_gives_a_wrong_value(run):
    async def story():
        wild = Faults(seed=1, drop=0.02, duplicate=0.1, corrupt=0.02, split=0.1, cut=0.02)
        server = await TcpServer(Table(), faults=wild).start()
        client = tcp_client("127.0.0.1", server.port, Timing(timeout=0.05))
        await client.connect()
        faults = await _hammered(client, server, 300)
        assert {Fault.SILENT, Fault.DISCONNECTED} <= set(faults)
        assert server.seen.most_connections == 1
        await client.close()
        await server.close()

    run(story())


def test_a_line_that_is_never_quiet_is_told_before_anything_is_sent(run):
    async def story():
        ours, theirs = os.openpty()
        client = serial_client(Serial(path=os.ttyname(theirs)), Timing(timeout=0.05, hold_off=0.04))
        await client.connect()

        async def babble():
            while True:
                os.write(ours, b"\x55")
                await asyncio.sleep(0.01)

        task = asyncio.create_task(babble())
        with pytest.raises(MalformedError) as raised:
            await client.write(1, 0, (1,))
        assert not raised.value.sent
        task.cancel()
        await client.close()
        os.close(ours)
        os.close(theirs)

    run(story())


def test_a_line_that_hangs_up_is_lost(run):
    async def story():
        ours, theirs = os.openpty()
        client = serial_client(Serial(path=os.ttyname(theirs)), Timing(hold_off=0.0))
        await client.connect()
        os.close(theirs)
        os.close(ours)
        await asyncio.sleep(0.02)
        assert client.state is State.LOST
        await client.close()

    run(story())


def test_what_is_no_line_cannot_be_opened(run, tmp_path):
    async def story():
        (tmp_path / "file").touch()
        for path in (tmp_path / "file", tmp_path / "absent"):
            client = serial_client(Serial(path=str(path)))
            with pytest.raises(DisconnectedError):
                await client.connect()

    run(story())


def test_writes_use_one_frame_of_function_16(run):
    async def story():
        server = await TcpServer(Table()).start()
        client = patient(server)
        await client.connect()
        await client.write(1, 0, (1, 2, 3))
        assert [pdu[0] for _, pdu in server.seen.recent] == [Function.WRITE_REGISTERS]
        await client.close()
        await server.close()

    run(story())


NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")


def _has_namespaces():
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    tried = subprocess.run(
        [*NAMESPACE, "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.skipif(not _has_namespaces(), reason="no network namespace of one's own is allowed")
@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_write_given_up_on_a_dead_network_does_not_arrive_when_the_network_is_back(loop):
    command = [*NAMESPACE, sys.executable, "-m", "tests.half_open", loop]
    told = subprocess.run(command, capture_output=True, timeout=30, check=True, text=True)
    heard = json.loads(told.stdout)
    assert heard["took"] < 1.0
    assert (heard["fault"], heard["state"]) == ("silent", "lost")
    assert (heard["late_writes"], heard["after"]) == (0, [7])
