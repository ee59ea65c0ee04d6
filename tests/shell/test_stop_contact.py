"""A stop button wired to the relay of a real stage: it stops the plant, and losing it is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sekisho.codec.command import Product
from sekisho.codec.decision import Outcome, Reason
from sekisho.codec.modbus.pdu import Space
from sekisho.gate.settings import StopContact
from sekisho.gate.state import Alarm, Latch
from sekisho.lab.faults import EmergencyStop
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts

RELAY = DeviceId("trip-1")
CONTACT = StopContact(device=RELAY, space=Space.DISCRETE, address=1, pressed=1)


async def until(true, wait_s=20.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


async def asked(stage, power):
    sent = await stage.setpoint(Watts(power), Product.JEPX_SPOT, wait_s=10)
    assert sent.answer is not None
    return sent.answer.message.decision


@pytest.mark.asyncio
async def test_a_pressed_contact_stops_the_plant_and_a_lost_one_lets_nothing_new_begin(tmp_path):
    script = Script(settings=lambda made: replace(made, stop_contact=CONTACT))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        engine = stage.running.engine
        assert (await asked(stage, 100_000)).outcome is Outcome.ACCEPTED
        await until(lambda: sum(stage.setpoints().values()) == 100_000)

        await stage.plant.unplug(RELAY)
        await until(lambda: Alarm.STOP_CONTACT in engine.gate.run.alarms)
        refused = await asked(stage, 200_000)
        assert (refused.reason, refused.detail) == (
            Reason.PLANT_FAILED,
            "the stop contact cannot be read",
        )
        assert sum(stage.setpoints().values()) == 100_000
        await stage.plant.plug(RELAY)
        await until(lambda: not engine.gate.run.alarms)

        stage.plant.switch_on(RELAY, EmergencyStop())
        await until(lambda: not any(stage.setpoints().values()))
        assert Latch.LOCAL_STOP in engine.gate.durable.latches
        assert (await asked(stage, 50_000)).reason is Reason.LOCAL_STOP
        stage.plant.switch_off(RELAY)
        await asyncio.sleep(0.5)
        assert Latch.LOCAL_STOP in engine.gate.durable.latches
