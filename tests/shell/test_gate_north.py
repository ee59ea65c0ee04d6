"""Keys and lines of the running gate: rotated, run out, revoked, forged, left on the broker."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from sekisho.codec.asked import For
from sekisho.codec.claims import claims_of
from sekisho.codec.command import Product, Setpoint
from sekisho.codec.decision import Outcome, Reason
from sekisho.codec.jws import Typ
from sekisho.codec.topics import Channel, topic
from sekisho.gate.failures import Failure
from sekisho.gate.status import read_status
from sekisho.lab import sample
from sekisho.shell.gate import state_folder as names
from sekisho.shell.keys import new_key
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.broker import Mosquitto, Nats, gate_account, head_end_account
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.shell.mqtt.head_end import fresh_envelope, head_end
from sekisho.terms.quantity import WallMs, Watts
from tests.shell.brokers import NEEDS_MOSQUITTO, until

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
SPOT = Product.JEPX_SPOT
POWER = Watts(300_000)
NEAR_ZERO = (-40_000, 0)
COMMAND = topic(sample.SITE, Channel.COMMAND)


def decision(sent):
    assert sent.answer is not None, "no answer came"
    assert sent.answer.verified
    return sent.answer.message.decision


def durable(stage):
    return stage.running.engine.gate.durable


def north_of(stage):
    north = stage.running.north
    assert north is not None
    return north.line


async def trusting(stage, *keys):
    """Puts a new version of trust in force."""
    version = durable(stage).trust_version + 1
    document = sample.trust(now_ms(), *keys, version=version)
    stage.authority.sign_trust(document, stage.state_path / names.TRUST)
    await until(lambda: durable(stage).trust_version == version)
    session = durable(stage).session
    await until(lambda: stage.head_end._session.session == session)


@NEEDS_MOSQUITTO
async def test_the_gate_works_the_same_with_mosquitto(tmp_path):
    async with Stage(tmp_path / "stage", Script(broker=Mosquitto)) as stage:
        await stage.ready()
        sent = await stage.setpoint(POWER, SPOT)
        assert decision(sent).outcome is Outcome.ACCEPTED
        assert 250_000 <= await stage.until_power(250_000, 300_000) <= 300_000
        again = await stage.head_end.send(sent.raw, 5)
        assert again is not None
        assert sent.answer is not None
        assert again.message.journal == sent.answer.message.journal
        await asyncio.to_thread(stage.broker.kill)
        await until(lambda: not north_of(stage).up)
        await asyncio.to_thread(stage.broker.start)
        await until(lambda: north_of(stage).up and stage.head_end.line.up, 20)
        assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED


async def test_a_key_is_changed_over_without_a_gap(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        new = new_key(tmp_path / "new.key")
        now = now_ms()
        old_entry = sample.key(stage.signer.public, now)
        await trusting(stage, old_entry, sample.key(new.public, now))
        assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED
        async with head_end(stage.desk("agg", new)) as successor:
            stage.head_end, old = successor, stage.head_end
            assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED
            await trusting(stage, sample.key(new.public, now))
            assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED
            stage.head_end = old
            await asyncio.sleep(0.1)
            assert (await stage.setpoint(POWER, SPOT, wait_s=1)).answer is None


async def test_a_key_that_has_run_out_asks_nothing_more_and_its_power_ends(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        now = now_ms()
        ends = WallMs(now + 7_000)
        await trusting(stage, sample.key(stage.signer.public, now, valid_until=ends))
        assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED
        await stage.until_power(250_000, 300_000)
        await until(lambda: now_ms() > ends + 100)
        refused = decision(await stage.setpoint(POWER, SPOT))
        assert refused.reason is Reason.KEY_NOT_VALID
        low, high = NEAR_ZERO
        assert low <= await stage.until_power(low, high) <= high


async def test_who_holds_a_certificate_but_no_signing_key_moves_nothing(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        thief = new_key(tmp_path / "thief.key")
        async with head_end(stage.desk("agg", thief)) as theirs:
            stage.head_end, real = theirs, stage.head_end
            assert (await stage.setpoint(POWER, SPOT, wait_s=1)).answer is None
            stage.head_end = real
        assert durable(stage).standing == ()
        assert set(stage.setpoints().values()) == {0.0}


async def test_a_command_left_on_the_broker_is_not_obeyed_when_the_gate_returns(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        desk, now = stage.desk("agg", stage.signer), WallMs(now_ms())
        session = await stage.head_end.session(1)
        kept = fresh_envelope(desk, session, now, WallMs(now + 600_000), 1)
        command = Setpoint(envelope=kept, power=POWER, product=SPOT)
        raw = stage.signer.sign(claims_of(command), Typ.COMMAND)
        await stage.head_end.line.publish(COMMAND, raw, retain=True)
        stage.start_gate()
        await stage.ready()
        await until(lambda: north_of(stage).counts.retained_ignored == 1)
        assert durable(stage).standing == ()
        sent_by_hand = await stage.head_end.send(raw, 5)
        assert sent_by_hand is not None
        assert sent_by_hand.message.decision.outcome is Outcome.ACCEPTED


async def test_a_gate_whose_certificate_is_revoked_is_cut_off_and_finishes_what_stands(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        accepted = await stage.head_end.ask(
            lambda e: Setpoint(envelope=e, power=POWER, product=SPOT), lasts=For(8_000), wait_s=5
        )
        assert decision(accepted).outcome is Outcome.ACCEPTED
        await stage.until_power(250_000, 300_000)
        stage.broker.revoke(stage.identity("gate"))
        line = north_of(stage)
        await until(lambda: not line.up)
        await until(lambda: "does not know the owner" in str(line.trouble))
        assert line.counts.connects == 1
        assert 250_000 <= stage.plant.truth().power <= 300_000
        low, high = NEAR_ZERO
        assert low <= await stage.until_power(low, high, wait_s=15) <= high


async def test_a_broker_of_another_authority_on_the_same_port_is_not_spoken_to(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED
        await stage.until_power(250_000, 300_000)
        accounts = (gate_account("gate", sample.SITE), head_end_account("agg", sample.SITE))
        impostor = Nats(tmp_path / "impostor", Authority(tmp_path / "false"), accounts)
        impostor.port = stage.broker.port
        await asyncio.to_thread(stage.broker.stop)
        await asyncio.to_thread(impostor.start)
        try:
            line = north_of(stage)
            await until(lambda: "not to be trusted" in str(line.trouble))
            assert not line.up
            assert 250_000 <= stage.plant.truth().power <= 300_000
        finally:
            await asyncio.to_thread(impostor.stop)
        await asyncio.to_thread(stage.broker.start)
        await until(lambda: line.up and stage.head_end.line.up, 20)
        assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED


async def test_a_certificate_near_its_end_is_told_and_changes_nothing_else(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        assert decision(await stage.setpoint(POWER, SPOT)).outcome is Outcome.ACCEPTED
        await stage.stop_gate()
        brief = stage.authority.client("gate", life=timedelta(days=13))
        for name, source in (("north.pem", brief.certificate), ("north.key", brief.key)):
            (stage.state_path / name).write_bytes(source.read_bytes())
        stage.start_gate()
        near_its_end = {Failure.BROKER_CERTIFICATE}
        await until(lambda: stage.running.engine.gate.run.failures == near_its_end, 20)
        await stage.until_power(250_000, 300_000)
        assert 250_000 <= stage.plant.truth().power <= 300_000
        await asyncio.sleep(1.2)
        status = read_status((stage.state_path / names.STATUS).read_bytes())
        assert status.north.certificate_ends is not None
        assert 12 < (status.north.certificate_ends - now_ms()) / 86_400_000 < 13
