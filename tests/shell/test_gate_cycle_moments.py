"""When the cycle ticks, to the microsecond, on a loop whose time is its own."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from sekisho.gate.settings import SouthRole
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate.cycle import EXPECTED_S, LOOK_S, REST_S, Cycle, CycleHungError
from sekisho.shell.gate.describe import Describe, client_of
from sekisho.shell.gate.worker import Worker
from tests.facts.gate.scene import SETTINGS
from tests.shell.test_gate_cycle import Engine
from tests.virtual_time import VirtualLoop

PCS = next(one for one in SETTINGS.south if one.role is SouthRole.PCS)
LITTLE = 1e-6
"""Rounding, in ms."""


class Working(Worker):
    """Carries an order out in its own time."""

    def __init__(self, declared, takes_s):
        super().__init__(declared, client_of(declared), Describe({}), boot_ms)
        self._takes_s = takes_s

    def begin(self):
        """An order has come."""
        self._calm.clear()
        asyncio.get_running_loop().call_later(self._takes_s, self._calm.set)


class Ordering(Cycle):
    """Every tick asks something new of the one device there is."""

    @override
    def step(self):
        turn = super().step()
        for worker in self.workers.values():
            assert isinstance(worker, Working)
            worker.begin()
        return turn


def cycle_of(engine, cycle_ms, of, takes_s):
    settings = replace(SETTINGS, south=(), trip=None, cycle_ms=cycle_ms)
    workers = {} if takes_s is None else {PCS.device: Working(PCS, takes_s)}
    return of(engine, settings, workers, boot_ms)


def played(story, cycle_ms=100, *, of=Ordering, takes_s=None, ended=None):
    """The moments of all ticks, in ms from the first one, and the cycle at the end.

    What ended it before the story did is told in `ended`, or raised.
    """
    engine = Engine()

    async def begun():
        cycle = cycle_of(engine, cycle_ms, of, takes_s)
        task = asyncio.create_task(cycle.run())
        await asyncio.sleep(0)
        await story(cycle)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return cycle
        except Exception as fault:
            if ended is None:
                raise
            ended.append(fault)
        return cycle

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        cycle = runner.run(begun())
    return [(at - engine.at[0]) * 1000 for at in engine.at], cycle


def stall(seconds):
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.stall(seconds)


def about(*moments):
    return pytest.approx(list(moments), abs=0.01)


def test_unasked_it_ticks_a_cycle_apart():
    async def story(cycle):
        await asyncio.sleep(0.35)

    assert played(story)[0] == about(0, 100, 200, 300)


def test_the_grid_begins_again_three_quarters_of_a_cycle_after_an_order():
    async def story(cycle):
        await asyncio.sleep(0.13)
        cycle.wake()
        await asyncio.sleep(0.2)

    ticks, cycle = played(story)
    assert ticks == about(0, 100, 130, 205, 305)
    assert cycle.missed == 0


@pytest.mark.parametrize("apart", [0.1, 0.2, 1.0])
def test_orders_whole_cycles_apart_meet_the_grid_once_at_most(apart):
    async def story(cycle):
        await asyncio.sleep(0.105)
        for order in range(6):
            before = cycle.ticks
            cycle.wake()
            assert (cycle.ticks == before) == (order == 0), "the first one met it by chance"
            await asyncio.sleep(apart)

    played(story)


@pytest.mark.parametrize(
    ("at", "orders", "ticked"),
    [
        pytest.param(0.104, 1, (0, 100, 110), id="within the rest of the grid's tick"),
        pytest.param(0.096, 2, (0, 96, 106), id="two of one commit just before the grid"),
    ],
)
def test_an_order_within_the_rest_is_acted_on_when_it_is_over(at, orders, ticked):
    async def story(cycle):
        await asyncio.sleep(at)
        for _ in range(orders):
            cycle.wake()
        await asyncio.sleep(0.02)

    assert played(story)[0] == about(*ticked)


def test_two_orders_that_the_grid_waited_for_keep_the_rest_between_them():
    async def story(cycle):
        await asyncio.sleep(0.099)
        cycle.expect()
        await asyncio.sleep(0.0015)
        cycle.wake()
        cycle.wake()
        await asyncio.sleep(0.05)

    assert played(story)[0] == about(0, 100.5, 110.5)


def test_the_grid_waits_three_ms_for_an_order_that_does_not_come():
    async def story(cycle):
        await asyncio.sleep(0.099)
        cycle.expect()
        await asyncio.sleep(0.0019)
        cycle.expect()
        await asyncio.sleep(0.3)

    ticks, cycle = played(story)
    assert ticks == about(0, 103, 200, 300, 400)
    assert cycle.missed == 0


@pytest.mark.parametrize("asked", [False, True])
def test_ticks_that_a_stall_left_out_are_counted_and_its_lateness_is_told(asked):
    async def story(cycle):
        await asyncio.sleep(0.05)
        stall(0.3)
        if asked:
            cycle.wake()
        await asyncio.sleep(0.001)
        assert cycle.missed == 2
        assert cycle.late_ms == pytest.approx(250)
        await asyncio.sleep(0.09)

    ticks, cycle = played(story)
    assert ticks == about(0, 350, 425 if asked else 400)
    assert cycle.late_ms == pytest.approx(0, abs=0.01)


class Hanging(Cycle):
    """Its own task waits for ever, once it is told to: a fault that nobody can cause from outside."""

    hangs = False

    @override
    async def _until(self):
        if self.hangs:
            await asyncio.Event().wait()
        await super()._until()


def test_where_its_own_task_hangs_the_gate_ends_and_orders_do_not_tick_in_its_place_for_ever():
    ended: list[Exception] = []

    async def story(cycle):
        await asyncio.sleep(0.45)
        cycle.hangs = True
        for _ in range(100):
            await asyncio.sleep(0.1)
            cycle.wake()

    ticks, _ = played(story, of=Hanging, ended=ended)
    assert [type(one) for one in ended] == [CycleHungError]
    assert 400 + 2 * LOOK_S * 1000 - 200 <= ticks[-1] <= 400 + 3 * LOOK_S * 1000 + 100


@pytest.mark.parametrize("begins", [0.0, 0.7, 1.5, 1.501, 2.9, 3.0])
def test_a_stall_of_the_whole_loop_is_no_hanging_cycle(begins):
    ended: list[Exception] = []

    async def story(cycle):
        await asyncio.sleep(begins)
        for pause in (10.0, 2.0, 10.0):
            before = cycle.ticks
            stall(pause)
            cycle.wake()
            await asyncio.sleep(0.012)
            assert cycle.ticks > before, "the order is carried out"
        await asyncio.sleep(10)

    ticks, _ = played(story, 1_000, ended=ended)
    assert ended == []
    assert len(ticks) > 10


def test_after_a_tick_that_failed_no_other_order_ticks():
    ended: list[Exception] = []

    async def story(cycle):
        await asyncio.sleep(0.05)
        cycle._engine.fails = True
        cycle.wake()
        cycle._engine.fails = False
        cycle.wake()
        await asyncio.sleep(0.05)

    ticks, _ = played(story, ended=ended)
    assert ticks == about(0)
    assert [type(one) for one in ended] == [ZeroDivisionError]


@pytest.mark.parametrize("hops", [0, 1, 2, 3])
def test_after_a_tick_of_the_grid_that_failed_no_order_ticks(hops):
    ended: list[Exception] = []
    failed: list[float] = []

    async def story(cycle):
        tick = cycle._engine.tick

        def failing(image, clock):
            if failed or asyncio.get_running_loop().time() < 1_000.05:
                return tick(image, clock)
            failed.append(0.0)
            late(hops)
            raise ZeroDivisionError

        def late(more):
            loop = asyncio.get_running_loop()
            loop.call_soon(late, more - 1) if more else loop.call_soon(cycle.wake)

        cycle._engine.tick = failing
        await asyncio.sleep(0.2)

    ticks, _ = played(story, ended=ended)
    assert ticks == about(0)
    assert [type(one) for one in ended] == [ZeroDivisionError]


PAUSES = st.floats(0.0, 0.25) | st.sampled_from([0.003, 0.01, 0.0749, 0.0751, 0.096, 0.0985, 0.1])
ORDERS = st.lists(
    st.tuples(PAUSES, st.none() | st.floats(0.0, 0.004), st.integers(0, 2)), max_size=40
)


@given(
    orders=ORDERS,
    cycle_ms=st.sampled_from([50, 100, 1_000]),
    takes_s=st.none() | st.floats(0.0, 0.02) | st.just(math.inf),
)
def test_however_it_is_woken_ticks_keep_the_rest_and_the_cycle_and_nobody_waits_longer(
    orders, cycle_ms, takes_s
):
    asked = []

    async def story(cycle):
        loop = asyncio.get_running_loop()
        for pause, expected, wakes in orders:
            await asyncio.sleep(pause)
            if expected is not None:
                cycle.expect()
                await asyncio.sleep(expected)
            for _ in range(wakes):
                asked.append((loop.time() - 1_000.0) * 1000)
                cycle.wake()
        await asyncio.sleep(1.2)

    ticks, cycle = played(story, cycle_ms, takes_s=takes_s)
    gaps = [later - before for before, later in pairwise(ticks)]
    assert min(gaps) >= REST_S * 1000 - LITTLE
    assert max(gaps) <= cycle_ms + EXPECTED_S * 1000 + LITTLE
    for moment in asked:
        assert any(moment - LITTLE <= at <= moment + REST_S * 1000 + LITTLE for at in ticks)
    assert cycle.missed == 0
