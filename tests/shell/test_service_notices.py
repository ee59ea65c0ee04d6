"""What the gate tells systemd over a real socket: ready, turning, ending; nothing of a frozen cycle."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from sekisho.shell.gate.service_notices import Notices, ServiceManager, service_manager
from sekisho.shell.lab.stage import Stage

pytestmark = pytest.mark.alone

WATCHDOG_S = 0.4


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """A socket as systemd has one; `notify` in the current folder is its name."""
    monkeypatch.chdir(tmp_path)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind("notify")
        listening.setblocking(False)
        yield listening


def heard(listening):
    told = []
    with suppress(BlockingIOError):
        while True:
            told.append(listening.recv(4_096).decode())
    return told


async def next_of(listening):
    loop = asyncio.get_running_loop()
    return (await asyncio.wait_for(loop.sock_recv(listening, 4_096), 60)).decode()


@pytest.mark.asyncio
async def test_a_gate_that_runs_says_ready_then_that_it_turns_then_that_it_ends(tmp_path, manager):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        program = Path(sys.executable).with_name("sekisho")
        gate = await asyncio.create_subprocess_exec(
            *(str(program), "gate", "run", str(stage.site_file), "--state", str(stage.state_path)),
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
                "WATCHDOG_USEC": str(int(WATCHDOG_S * 1_000_000)),
            },
        )
        assert await next_of(manager) == "READY=1\nWATCHDOG=1"
        for _ in range(3):
            assert await next_of(manager) == "WATCHDOG=1"
        gate.send_signal(signal.SIGTERM)
        while (told := await next_of(manager)) == "WATCHDOG=1":
            pass
        assert told == "STOPPING=1"
        await asyncio.wait_for(gate.communicate(), 60)
        assert heard(manager) == []


@pytest.mark.asyncio
async def test_of_a_frozen_cycle_nothing_more_is_told_though_all_else_runs(
    tmp_path, manager, monkeypatch
):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        cycle, watch = stage.running.cycle, stage.running.watch
        assert cycle is not None
        assert watch is not None
        given = ServiceManager(address="notify", watchdog_s=WATCHDOG_S)
        notices = asyncio.create_task(Notices(given, cycle).run())
        assert await next_of(manager) == "READY=1\nWATCHDOG=1"
        assert await next_of(manager) == "WATCHDOG=1"

        async def never(*_):
            await asyncio.Event().wait()

        # The cycle's own task waits for ever; workers, north and watch go on.
        monkeypatch.setattr(cycle, "_until", never)
        frozen = -1
        while cycle.ticks != frozen or heard(manager):
            frozen = cycle.ticks
            await asyncio.sleep(WATCHDOG_S)
        before = watch.latest
        await asyncio.sleep(max(1.2, WATCHDOG_S * 3))
        assert heard(manager) == [], "systemd gives up now"
        assert watch.latest != before, "the rest of the gate runs"
        notices.cancel()
        await asyncio.gather(notices, return_exceptions=True)
        assert heard(manager) == ["STOPPING=1"]


@pytest.mark.asyncio
async def test_before_the_first_tick_nothing_is_ready_and_a_missing_socket_harms_nobody(
    tmp_path, manager
):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        cycle = stage.running.cycle
    assert cycle is not None  # it has ended, and ticks no more
    cycle.ticks = 0
    given = ServiceManager(address="notify", watchdog_s=0.04)
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await Notices(given, cycle).run()
    assert heard(manager) == ["STOPPING=1"]
    cycle.ticks = 1
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await Notices(ServiceManager(address="no-such", watchdog_s=None), cycle).run()


def test_who_wants_to_be_told_is_taken_from_the_environment():
    assert service_manager({}) is None
    assert service_manager({"NOTIFY_SOCKET": "vsock:2:9"}) is None
    told = service_manager({"NOTIFY_SOCKET": "@abstract", "WATCHDOG_USEC": "10000000"})
    assert told == ServiceManager(address="\0abstract", watchdog_s=10.0)
    for other in ({"WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "0"}):
        odd = {"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "10", **other}
        assert service_manager(odd) == ServiceManager(address="/run/n", watchdog_s=None)
