"""The running gate on a wire that damages, delays and cuts what devices say."""

import asyncio

import pytest

from sekisho.codec.command import Product
from sekisho.codec.modbus.errors import Fault
from sekisho.gate.image import Link
from sekisho.lab.faults import Corrupt, Cut, Late
from sekisho.shell.lab.stage import Stage
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
PCS = DeviceId("pcs-1")
HALF = Watts(500_000)


async def followed(stage):
    await stage.ready()
    await stage.setpoint(HALF, Product.JEPX_SPOT)
    await stage.until_power(460_000, 500_000)


async def until(true):
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it did not come about in time")


async def watched(stage, seconds):
    """Links and power while the time passes."""
    links, powers = set(), []
    for _ in range(int(seconds / 0.05)):
        await asyncio.sleep(0.05)
        links |= {worker.seen.link for worker in stage.running.workers.values()}
        powers.append(stage.plant.truth().power)
    return links, powers


async def test_two_damaged_frames_in_a_hundred_are_a_bad_line_and_no_lost_device(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await followed(stage)
        for device in stage.running.workers:
            stage.plant.switch_on(device, Corrupt(0.02))
        links, powers = await watched(stage, 4)
        assert links == {Link.UP}
        assert min(powers) > 400_000
        errors = stage.running.workers[PCS].counters.errors
        assert errors[Fault.MALFORMED] >= 1
        seen = [stage.plant.seen(device) for device in stage.running.workers]
        assert {s.connections_ever for s in seen} == {1}
        assert {s.resets for s in seen} == {0}


async def test_a_pcs_that_answers_at_nine_tenths_of_the_time_out_is_kept(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await followed(stage)
        worker = stage.running.workers[PCS]
        stage.plant.switch_on(PCS, Late(int(0.9 * worker.declared.timeout_ms)))
        links, _ = await watched(stage, 2.5)
        assert links == {Link.UP}
        assert worker.counters.errors == {}
        assert stage.plant.seen(PCS).connections_ever == 1


async def test_a_pcs_lost_in_the_middle_of_an_answer_comes_back_by_itself(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await followed(stage)
        worker = stage.running.workers[PCS]
        stage.plant.switch_on(PCS, Cut(1.0))
        await until(lambda: worker.seen.link is Link.LOST)
        stage.plant.switch_off(PCS)
        await until(lambda: worker.seen.link is Link.UP)
        await stage.until_power(460_000, 500_000)
        assert stage.plant.seen(PCS).most_connections == 1
