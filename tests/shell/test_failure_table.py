"""The table of failures on a whole stage: failures are caused outside the gate, the plant shows the rest."""

import asyncio
from dataclasses import replace

import pytest
import pytest_asyncio

from sekisho.codec.asked import For
from sekisho.codec.command import Curtail, Stop
from sekisho.codec.decision import Outcome, Reason
from sekisho.codec.meanings import Meaning
from sekisho.gate.failures import Activity, Failure, Response
from sekisho.gate.state import Latch
from sekisho.lab.faults import Absent, Freeze, Silent
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.store_file import opened_for_writing
from sekisho.shell.lab.stage import LabTime, Script, Stage
from sekisho.terms.quantity import Watts
from tests.shell.test_gate_running import PCS_1, PCS_2, SPOT, decision, until

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
POWER = Watts(200_000)
"""Reached in a second at the ramp of the sample."""
HOUR_MS = 3_600_000


@pytest_asyncio.fixture(autouse=True)
async def bounded():
    """No test here waits for ever."""
    async with asyncio.timeout(150):
        yield


def failed(stage):
    return stage.running.engine.gate.run.failures


def total(stage):
    return sum(stage.setpoints().values())


async def at_power(stage, power=POWER):
    """The plant follows an accepted set-point."""
    assert decision(await stage.setpoint(power, SPOT)).outcome is Outcome.ACCEPTED
    await until(lambda: total(stage) == power)


def cloud(response):
    """The cloud counts as lost after a second, and the site says what then."""
    cell = (Failure.CLOUD, Activity.MARKET)

    def change(settings):
        north = replace(settings.north, lost_ms=1_000)
        return replace(settings, north=north, stricter={cell: response})

    return change


async def test_without_the_cloud_what_stands_goes_on_and_ends_by_itself(tmp_path):
    script = Script(settings=cloud(Response.KEEP))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        sent = await stage.setpoint(POWER, SPOT, life_s=8)
        assert decision(sent).outcome is Outcome.ACCEPTED
        await until(lambda: total(stage) == POWER)
        await asyncio.to_thread(stage.broker.kill)
        await until(lambda: failed(stage) == {Failure.CLOUD})
        assert total(stage) == POWER
        await until(lambda: total(stage) == 0)
        assert stage.running.engine.gate.durable.standing == ()
        await asyncio.to_thread(stage.broker.start)
        await until(lambda: not failed(stage), 20)


async def test_a_site_may_rest_without_the_cloud(tmp_path):
    script = Script(settings=cloud(Response.REST))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        await at_power(stage)
        await asyncio.to_thread(stage.broker.kill)
        await until(lambda: failed(stage) == {Failure.CLOUD})
        await until(lambda: total(stage) == 0)


async def test_while_time_is_unsure_what_stands_goes_on_and_only_safety_passes(tmp_path):
    time = LabTime()
    async with Stage(tmp_path / "stage", Script(time=time)) as stage:
        await stage.ready()
        await at_power(stage)
        time.synchronised = False
        await until(lambda: failed(stage) == {Failure.CLOCK})
        assert decision(await stage.setpoint(POWER, SPOT)).reason is Reason.TIME_UNSURE
        assert total(stage) == POWER
        tighter = await stage.head_end.ask(
            lambda e: Curtail(envelope=e, export_max=Watts(100_000), import_max=Watts(0)),
            lasts=For(60_000),
            wait_s=5,
        )
        assert decision(tighter).outcome is Outcome.ACCEPTED
        await until(lambda: total(stage) == 100_000)
        stop = await stage.head_end.ask(lambda e: Stop(envelope=e), lasts=For(60_000), wait_s=5)
        assert decision(stop).outcome is Outcome.ACCEPTED
        assert Latch.REMOTE_STOP in stage.running.engine.gate.durable.latches
        time.synchronised = True
        await until(lambda: not failed(stage))


@pytest.mark.parametrize("step_ms", [HOUR_MS, -HOUR_MS])
async def test_a_step_of_an_hour_neither_ends_nor_lengthens_what_was_accepted(tmp_path, step_ms):
    time = LabTime()
    async with Stage(tmp_path / "stage", Script(time=time)) as stage:
        await stage.ready()
        sent = await stage.setpoint(POWER, SPOT, life_s=6)
        assert decision(sent).outcome is Outcome.ACCEPTED
        await until(lambda: total(stage) == POWER)
        time.step_ms = step_ms
        await until(lambda: Failure.CLOCK in failed(stage))
        assert total(stage) == POWER
        refused = decision(await stage.setpoint(POWER, SPOT))
        assert refused.reason is Reason.TIME_UNSURE
        await until(lambda: total(stage) == 0)
        time.step_ms = 0
        refused = decision(await stage.setpoint(POWER, SPOT))
        assert refused.reason is Reason.TIME_UNSURE, "the step is remembered"


async def test_while_the_disk_stands_still_power_only_shrinks_and_nothing_is_begun(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        other = opened_for_writing(stage.state_path / names.STORE, create=False)
        try:
            other.execute("BEGIN IMMEDIATE")
            # Accepted, but never safe on the disk: no answer, and no effect.
            assert (await stage.setpoint(Watts(400_000), SPOT, wait_s=0.5)).answer is None
            await until(lambda: Failure.DISK in failed(stage))
            assert total(stage) <= POWER
            await asyncio.sleep(1)
            assert total(stage) <= POWER
            other.execute("ROLLBACK")
        finally:
            other.close()
        await until(lambda: not failed(stage))
        await until(lambda: total(stage) == 400_000)


async def test_a_silent_meter_lets_power_only_shrink(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        stage.plant.switch_on("meter-1", Silent())
        await until(lambda: Failure.METER in failed(stage))
        more = decision(await stage.setpoint(Watts(300_000), SPOT))
        assert more.reason is Reason.PLANT_FAILED
        assert total(stage) == POWER
        await at_power(stage, Watts(100_000))
        stage.plant.switch_off("meter-1", Silent)
        await until(lambda: not failed(stage), 20)
        await at_power(stage)


@pytest.mark.parametrize("meaning", [None, Meaning.STATE_OF_CHARGE], ids=["silent", "NaN"])
async def test_a_battery_that_says_nothing_rests(tmp_path, meaning):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await at_power(stage)
        stage.plant.switch_on("bms-1", Silent() if meaning is None else Absent(meaning))
        await until(lambda: Failure.BMS in failed(stage))
        await until(lambda: total(stage) == 0)
        refused = decision(await stage.setpoint(POWER, SPOT))
        assert refused.reason is Reason.PLANT_FAILED


async def test_a_frozen_frequency_lets_power_only_shrink(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        for device in ("meter-1", PCS_1, PCS_2):
            stage.plant.switch_on(device, Freeze())
        await until(lambda: Failure.FREQUENCY in failed(stage), 75)
        more = decision(await stage.setpoint(POWER, SPOT))
        assert more.reason is Reason.PLANT_FAILED
        assert total(stage) == 0


async def test_when_all_pcs_come_back_they_are_led_up_from_what_they_do(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        power = Watts(600_000)
        await at_power(stage, power)
        for device in (PCS_1, PCS_2):
            stage.plant.switch_on(device, Silent())
        await until(lambda: Failure.ALL_PCS in failed(stage))
        assert abs(await stage.until_power(-40_000, 0, wait_s=20)) <= 40_000
        for device in (PCS_1, PCS_2):
            stage.plant.switch_off(device, Silent)
        seen = [0.0]
        end = asyncio.get_running_loop().time() + 30
        while seen[-1] < power - 40_000 and asyncio.get_running_loop().time() < end:
            seen.append(float(stage.plant.truth().power))
            await asyncio.sleep(0.02)
        assert seen[-1] >= power - 40_000
        assert any(100_000 <= one <= 200_000 for one in seen), "it did not jump"
        assert any(300_000 <= one <= 400_000 for one in seen), "it did not jump"
