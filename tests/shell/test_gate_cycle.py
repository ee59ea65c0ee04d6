"""When the cycle ticks: on its grid, at once when woken, never within 10 ms of the last time."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from sekisho.gate.clock import Clock
from sekisho.gate.cycle.goal import REST, Goal, Pace
from sekisho.gate.cycle.turn import Turn
from sekisho.gate.cycle.window import Limited, Window
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate import cycle as module
from sekisho.shell.gate.cycle import Cycle
from sekisho.terms.quantity import WallMs
from tests.facts.gate.scene import SETTINGS

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
NOTHING = Limited(low=0.0, high=0.0, bound="", where="")
QUIET = Turn(
    orders={},
    rewrite=frozenset(),
    trip=False,
    entries=(),
    goal=Goal(power=REST, pace=Pace.REST),
    window=Window(low=0.0, high=0.0, low_by=NOTHING, high_by=NOTHING),
)


class Engine:
    """Stands in for the engine: counts when it was asked; fails when it should."""

    def __init__(self):
        self.at = []
        self.fails = False
        self.settled = 0

    def clock(self):
        return Clock(wall=WallMs(0), boot=boot_ms(), sure=True)

    def tick(self, image, clock):
        if self.fails:
            raise ZeroDivisionError
        self.at.append(asyncio.get_running_loop().time())
        return QUIET

    def settle(self):
        self.settled += 1


@asynccontextmanager
async def running(engine, cycle_ms=5_000):
    settings = replace(SETTINGS, south=(), trip=None, cycle_ms=cycle_ms)
    cycle = Cycle(engine, settings, {}, boot_ms)
    task = asyncio.create_task(cycle.run())
    await asyncio.sleep(0.03)
    assert len(engine.at) == 1
    try:
        yield cycle, task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ZeroDivisionError):
            await task


async def test_what_wakes_it_is_acted_on_before_anything_else_runs():
    engine = Engine()
    async with running(engine) as (cycle, _):
        settled = engine.settled
        cycle.wake()
        assert len(engine.at) == 2
        await cycle.acted()
        await asyncio.sleep(0.03)
        assert len(engine.at) == 2, "once, and not again for the same wake"
        assert engine.settled > settled, "what it wrote down goes to the disk"


async def test_nothing_that_wakes_it_makes_it_tick_within_10_ms_of_the_last_time():
    engine = Engine()
    async with running(engine) as (cycle, _):
        end = time.monotonic() + 0.4
        while time.monotonic() < end:
            cycle.wake()
            await asyncio.sleep(0.001)
        gaps = [later - before for before, later in zip(engine.at, engine.at[1:], strict=False)]
    assert len(gaps) > 10
    assert min(gaps) > 0.0085, "the loop's clock has whole ms"


async def test_a_wake_within_10_ms_is_acted_on_when_they_are_over():
    engine = Engine()
    async with running(engine) as (cycle, _):
        cycle.wake()
        cycle.wake()
        assert len(engine.at) == 2
        await asyncio.sleep(0.05)
        assert len(engine.at) == 3


async def test_a_fault_met_when_woken_ends_the_gate_and_not_who_woke_it():
    engine = Engine()
    async with running(engine) as (cycle, task):
        engine.fails = True
        cycle.wake()
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(task, 5)


async def test_a_fault_of_one_moment_met_when_woken_ends_the_gate_all_the_same():
    engine = Engine()
    async with running(engine) as (cycle, task):
        engine.fails = True
        cycle.wake()
        engine.fails = False
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(task, 5)


async def test_once_it_has_ended_nothing_makes_it_tick():
    engine = Engine()
    async with running(engine) as (cycle, task):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        cycle.wake()
        assert len(engine.at) == 1


async def test_the_grid_waits_a_moment_for_an_order_on_its_way_to_the_disk(monkeypatch):
    monkeypatch.setattr(module, "EXPECTED_S", 5.0)
    engine = Engine()
    async with running(engine, cycle_ms=200) as (cycle, _):
        cycle.expect()
        await asyncio.sleep(0.25)
        assert len(engine.at) == 1
        cycle.wake()
        assert len(engine.at) == 2
        await asyncio.sleep(0.05)
        assert len(engine.at) == 2, "the order's tick was the grid's"
        assert cycle.missed == 0


async def test_the_grid_waits_no_longer_than_that_moment():
    engine = Engine()
    async with running(engine, cycle_ms=50) as (cycle, _):
        end = time.monotonic() + 1
        while time.monotonic() < end:
            cycle.expect()
            await asyncio.sleep(0.001)
        assert len(engine.at) > 5, "an order that never comes holds nothing up"
