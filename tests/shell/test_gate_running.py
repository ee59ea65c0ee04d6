"""The gate as a site runs it, on a stage of real brokers and devices on loopback."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest

from sekisho.codec.asked import For
from sekisho.codec.command import Curtail, Product, Release, Stop
from sekisho.codec.decision import Outcome, Reason
from sekisho.gate.image import Link
from sekisho.gate.state import Latch
from sekisho.gate.status import read_status
from sekisho.lab import sample
from sekisho.lab.faults import EmergencyStop, ForeignWriter, OtherNameplate, Silent
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.keys import new_key
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.shell.sealing import read_kept
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
HALF = Watts(500_000)
PCS_1, PCS_2 = DeviceId("pcs-1"), DeviceId("pcs-2")
SPOT = Product.JEPX_SPOT


def up(stage):
    assert stage.running.north is not None
    return stage.running.north.line.up


def decision(sent):
    assert sent.answer is not None, "no answer came"
    assert sent.answer.verified
    return sent.answer.message.decision


async def until(true, wait_s=10.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


async def ask(stage, make):
    return decision(await stage.head_end.ask(make, lasts=For(60_000), wait_s=5))


async def test_a_signed_set_point_is_followed_and_told(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        answer = decision(await stage.setpoint(HALF, SPOT))
        assert answer.outcome is Outcome.ACCEPTED
        power = await stage.until_power(460_000, 500_000)
        assert 460_000 <= power <= 500_000
        seen = [stage.plant.seen(pcs) for pcs in (PCS_1, PCS_2)]
        assert [s.most_connections for s in seen] == [1, 1]
        assert [s.resets for s in seen] == [0, 0]
        await until(lambda: stage.running.store.committed.number >= answer_entry(stage))
        status = read_status((stage.state_path / names.STATUS).read_bytes())
        assert status.site == sample.SITE


def answer_entry(stage):
    return stage.running.engine.gate.durable.standing[0].entry


async def test_the_same_bytes_again_are_answered_again_and_change_nothing(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        sent = await stage.setpoint(HALF, SPOT)
        first = sent.answer
        assert first is not None
        entries = stage.running.engine.gate.next_entry
        again = await stage.head_end.send(sent.raw, 5)
        assert again is not None
        assert again.message.journal == first.message.journal
        assert decision(sent).outcome is again.message.decision.outcome
        assert stage.running.engine.gate.durable.high_water != {}
        assert stage.running.engine.gate.next_entry - entries < 40


async def test_a_curtailment_binds_and_a_stop_latches_until_it_is_released(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(800_000), SPOT)
        await ask(
            stage,
            lambda e: Curtail(envelope=e, export_max=Watts(200_000), import_max=Watts(2_000_000)),
        )
        await until(lambda: sum(stage.setpoints().values()) == 200_000)
        stopped = await ask(stage, lambda e: Stop(envelope=e))
        assert stopped.outcome is Outcome.ACCEPTED
        assert abs(await stage.until_power(-40_000, 0)) <= 40_000
        refused = decision(await stage.setpoint(HALF, SPOT))
        assert refused.reason is Reason.REMOTE_STOP
        released = await ask(stage, lambda e: Release(envelope=e))
        assert released.outcome is Outcome.ACCEPTED
        assert Latch.REMOTE_STOP not in stage.running.engine.gate.durable.latches


async def test_when_the_gate_is_dead_the_watchdog_of_each_pcs_brings_it_to_zero(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        await stage.stop_gate()
        assert abs(await stage.until_power(-40_000, 0, wait_s=14)) <= 40_000
        assert set(stage.setpoints().values()) == {0.0} or stage.plant.truth().power <= 0


async def test_a_restart_goes_on_with_what_stands_and_refuses_what_was_used(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        sent = await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        session = stage.running.engine.gate.durable.session
        await stage.stop_gate()
        stage.start_gate()
        await stage.ready()
        gate = stage.running.engine.gate
        assert sent.answer is not None
        assert gate.durable.session == session
        assert [s.power for s in gate.durable.standing] == [300_000]
        again = await stage.head_end.send(sent.raw, 5)
        assert (
            again is None
            or again.message.decision.reason is Reason.SEQUENCE
            or (again.message.journal == sent.answer.message.journal)
        )
        assert 250_000 <= await stage.until_power(250_000, 300_000) <= 300_000


async def test_a_broker_that_dies_and_returns_finds_the_gate_and_the_plant_as_they_were(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        await asyncio.to_thread(stage.broker.kill)
        await until(lambda: not up(stage))
        assert stage.plant.truth().power > 250_000
        await asyncio.to_thread(stage.broker.start)
        await until(lambda: up(stage) and stage.head_end.line.up, 20)
        answer = decision(await stage.setpoint(Watts(100_000), SPOT))
        assert answer.outcome is Outcome.ACCEPTED


async def test_new_trust_begins_a_new_session_and_ends_what_a_revoked_key_asked(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        sent = await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        session = stage.running.engine.gate.durable.session
        other = new_key(tmp_path / "other.key")
        now = now_ms()
        trust = sample.trust(
            now,
            sample.key(stage.signer.public, now, revoked=True),
            sample.key(other.public, now),
            version=2,
        )
        stage.authority.sign_trust(trust, stage.state_path / names.TRUST)
        await until(lambda: stage.running.engine.gate.durable.trust_version == 2)
        gate = stage.running.engine.gate
        assert gate.durable.session != session
        assert gate.durable.standing == ()
        assert abs(await stage.until_power(-40_000, 0, wait_s=20)) <= 40_000
        again = await stage.head_end.send(sent.raw, 5)
        assert again is not None
        assert again.message.decision.reason is Reason.KEY_REVOKED


async def test_trust_that_the_authority_did_not_sign_is_not_taken(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        path = stage.state_path / names.TRUST
        form = json.loads(read_kept(open_state(stage.state_path), names.TRUST))
        form["payload"] = form["payload"][:-4] + "AAAA"
        path.write_text(json.dumps(form))
        await asyncio.sleep(1.5)
        assert stage.running.engine.gate.durable.trust_version == 1


async def test_an_emergency_stop_on_the_spot_is_immediate_and_reset_only_there(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        for name in (PCS_1, PCS_2):
            stage.plant.switch_on(name, EmergencyStop())
        await until(lambda: Latch.LOCAL_STOP in stage.running.engine.gate.durable.latches)
        refused = decision(await stage.setpoint(HALF, SPOT))
        assert refused.reason is Reason.LOCAL_STOP
        for name in (PCS_1, PCS_2):
            stage.plant.switch_off(name, EmergencyStop)
        await asyncio.sleep(0.5)
        assert Latch.LOCAL_STOP in stage.running.engine.gate.durable.latches
        stage.running.site.state.write(names.RESET, b"local")
        await until(lambda: Latch.LOCAL_STOP not in stage.running.engine.gate.durable.latches)


async def test_a_foreign_set_point_is_overwritten(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        await asyncio.sleep(2.2)
        stage.plant.switch_on(PCS_1, ForeignWriter(watts=900_000, every_ms=60_000))
        await until(lambda: bool(stage.running.engine.gate.run.foreign))
        stage.plant.switch_off(PCS_1, ForeignWriter)
        await until(lambda: stage.setpoints()[PCS_1] == 150_000)


async def test_a_silent_pcs_is_counted_at_its_power_and_does_not_delay_the_other(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(300_000), SPOT)
        await stage.until_power(250_000, 300_000)
        stage.plant.switch_on(PCS_1, Silent())
        await until(lambda: "one-pcs" in stage.running.engine.gate.run.failures)
        assert stage.setpoints()[PCS_2] == 150_000
        reads = stage.running.workers[PCS_2].counters.reads
        await asyncio.sleep(1)
        assert stage.running.workers[PCS_2].counters.reads > reads + 5


async def test_a_gate_that_was_not_commissioned_takes_no_market_command(tmp_path):
    async with Stage(tmp_path / "stage", Script(commissioned=False)) as stage:
        await stage.ready()
        assert decision(await stage.setpoint(HALF, SPOT)).reason is Reason.NOT_COMMISSIONED


async def test_the_nameplate_of_a_device_is_journalled_and_again_when_it_changes(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()

        def plates():
            with closing(sqlite3.connect(stage.state_path / names.STORE)) as store:
                rows = store.execute("SELECT entry FROM journal ORDER BY n").fetchall()
            entries = [json.loads(row[0]) for row in rows]
            return [e["body"] for e in entries if e["kind"] == "identity"]

        await until(lambda: len(plates()) == 4)
        stage.plant.switch_on(PCS_1, OtherNameplate(model="OTHER-1"))
        await stage.plant.unplug(PCS_1)
        await until(lambda: stage.running.workers[PCS_1].seen.link is Link.LOST)
        await stage.plant.plug(PCS_1)
        await until(lambda: len(plates()) == 5, 15)
        assert plates()[-1]["model"] == "OTHER-1"
        assert plates()[-1]["changed"] is True
