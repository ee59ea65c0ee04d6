"""Telemetry reaches the head-end once, without a hole, through a dead broker and lost messages."""

from __future__ import annotations

import asyncio

import pytest

from sekisho.codec.jws import Typ
from sekisho.codec.north import Ack
from sekisho.codec.north_form import ack_payload
from sekisho.codec.topics import Channel, topic
from sekisho.gate import forwarding
from sekisho.gate.acknowledged import APART_MS
from sekisho.lab import sample
from sekisho.shell.keys import new_key
from sekisho.shell.lab.holder import Holder
from sekisho.shell.lab.stage import Stage

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]
HOUR = 3_600


async def until(true, wait_s=20.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


def holder(stage):
    return Holder(stage.desk("agg", stage.signer).broker, sample.SITE, stage.signer)


def up(stage):
    assert stage.running.north is not None
    return stage.running.north.line.up


def tell(stage, count):
    north, cycle = stage.running.north, stage.running.cycle
    assert north is not None
    assert cycle is not None
    for _ in range(count):
        north.tell(north.telemetry(cycle.image()))


async def test_an_hour_without_the_broker_leaves_no_hole_and_nothing_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(forwarding, "AGAIN_MS", 500)
    monkeypatch.setattr(forwarding, "MOST_RECORDS", 400)
    monkeypatch.setattr(forwarding, "MOST_BYTES", 10**6)
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        outbox = stage.running.outbox
        async with holder(stage) as head_end:
            await until(lambda: head_end.collector.holds > 0)
            stage.broker.kill()
            await until(lambda: not up(stage))
            before = outbox.next_sequence
            tell(stage, HOUR)
            await asyncio.to_thread(stage.broker.start)
            await until(lambda: up(stage) and head_end.line.up, 40)
            tell(stage, 1)
            end = outbox.next_sequence - 1
            await until(lambda: head_end.collector.holds >= end, 60)
            numbers = [one.sequence for one in head_end.kept]
            assert len(numbers) == len(set(numbers))
            assert set(range(before, end + 1)) <= set(numbers)
            came_live = [
                n for n, one in enumerate(head_end.kept) if one.live and one.sequence >= end
            ]
            last_behind = max(n for n, one in enumerate(head_end.kept) if not one.live)
            assert min(came_live) < last_behind, "live telemetry waited for what was behind"
            await until(lambda: outbox.bytes_used < 50_000)
            assert outbox.dropped == 0


async def test_what_the_broker_acknowledged_and_nobody_has_is_sent_again(tmp_path, monkeypatch):
    monkeypatch.setattr(forwarding, "AGAIN_MS", 300)
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        async with holder(stage) as head_end:
            await until(lambda: head_end.collector.holds > 0)
            head_end.deaf = True
            tell(stage, 5)
            end = stage.running.outbox.next_sequence - 1
            await asyncio.sleep(0.3)
            head_end.deaf = False
            await until(lambda: head_end.collector.holds >= end)


async def test_telemetry_outlives_the_gate(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        stage.broker.kill()
        await until(lambda: not up(stage))
        tell(stage, 20)
        end = stage.running.outbox.next_sequence - 1
        await stage.stop_gate()
        await asyncio.to_thread(stage.broker.start)
        stage.start_gate()
        async with holder(stage) as head_end:
            await until(lambda: head_end.collector.holds >= end, 40)
            assert {one.sequence for one in head_end.kept} >= set(range(end - 19, end + 1))


async def test_who_may_publish_but_has_no_key_of_the_site_lets_nothing_be_forgotten(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        outbox = stage.running.outbox
        tell(stage, 20)
        await until(lambda: outbox.waiting >= 20)
        last = outbox.next_sequence - 1
        ack = Ack(
            site=sample.SITE, session=stage.running.engine.gate.durable.session, sequence=last
        )
        held = topic(sample.SITE, Channel.ACK)
        thief = new_key(tmp_path / "thief.key")
        for raw in (ack_payload(ack), thief.sign(ack_payload(ack), Typ.ACK)):
            await stage.head_end.line.publish(held, raw)
            await asyncio.sleep(2 * APART_MS / 1000)
        assert stage.running.engine.counted["ack"] == 2
        outbox.flush()
        await asyncio.sleep(0.5)
        assert outbox.waiting >= 20
        signed = stage.signer.sign(ack_payload(ack), Typ.ACK)
        await stage.head_end.line.publish(held, signed)
        await until(lambda: outbox.waiting < 20)
