"""A broker that talks nonsense, and names that are none: the line is lost and made again, never ended."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from sekisho.shell.lab.authority import Authority
from sekisho.shell.mqtt.line import Line, Offline, Wishes
from sekisho.shell.mqtt.tls import Broker
from tests.shell.brokers import until

TOPIC = "sekisho/v1/lab-1/command"
CONNACK = b"\x20\x02\x00\x00"
SUBACK = b"\x90\x03\x00\x01\x01"
NONSENSE = {
    "a publish without a topic": b"\x30\x00",
    "a topic that is no text": b"\x30\x04\x00\x02\xff\xfe",
    "a topic with a wildcard": b"\x30\x05\x00\x03a/#",
    "an empty topic": b"\x30\x02\x00\x00",
    "a topic longer than its packet": b"\x30\x03\xff\xffa",
    "an acknowledgement of nothing": b"\x40\x00",
    "an acknowledgement of a subscription of nothing": b"\x90\x00",
    "a type that there is not": b"\xf0\x00",
    "a length without an end": b"\x30\xff\xff\xff\xff\xff",
    "a second greeting": CONNACK,
    "a greeting that is too short": b"\x20\x00",
    "a packet that only clients send": b"\x82\x03\x00\x01\x00",
}


@asynccontextmanager
async def _talking(tmp_path, after_connect, after_subscribe=b""):
    """A broker that greets, says this, and hangs up when it is hung up on."""
    authority = Authority(tmp_path / "authority")
    own, client = authority.server("broker"), authority.client("gate")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(own.certificate, own.key)
    met = []

    async def serve(reader, writer):
        met.append(writer)
        await reader.read(1_024)
        writer.write(after_connect)
        if after_subscribe and await reader.read(1_024):
            writer.write(after_subscribe)
        while await reader.read(1_024):
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    broker = Broker(
        host="127.0.0.1",
        port=port,
        ca=authority.ca,
        certificate=client.certificate,
        key=client.key,
    )
    try:
        yield broker, met
    finally:
        server.close()
        for writer in met:
            writer.transport.abort()


@asynccontextmanager
async def _running(broker, answer_s=0.3):
    line = Line(broker, Wishes(subscribe=(TOPIC,)), answer_s=answer_s)
    task = asyncio.create_task(line.run())
    try:
        yield line, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.asyncio
@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_after_the_subscription_costs_the_connection_at_most(tmp_path, said):
    async with (
        _talking(tmp_path, CONNACK, SUBACK + said) as (broker, met),
        _running(broker) as (line, task),
    ):
        await until(lambda: line.counts.connects >= 1 or task.done())
        await asyncio.sleep(0.2)
        assert not task.done(), task.exception()
        assert met


@pytest.mark.asyncio
@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_instead_of_the_subscriptions_answer_costs_the_connection(tmp_path, said):
    async with _talking(tmp_path, CONNACK + said) as (broker, _), _running(broker) as (line, task):
        await until(lambda: line.counts.failures >= 1 or task.done())
        assert not task.done(), task.exception()
        with pytest.raises(Offline):
            await line.publish(TOPIC, b"")


@pytest.mark.asyncio
@pytest.mark.parametrize("said", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_instead_of_a_greeting_costs_the_connection(tmp_path, said):
    async with _talking(tmp_path, said) as (broker, _), _running(broker) as (line, task):
        await until(lambda: line.counts.failures >= 1 or task.done())
        assert not task.done(), task.exception()


@pytest.mark.asyncio
@pytest.mark.parametrize("host", ["a" * 64 + ".example", "", "\x00", ".", "x" * 300])
async def test_a_name_that_is_none_is_told_and_tried_again(tmp_path, host):
    async with (
        _talking(tmp_path, CONNACK) as (broker, _),
        _running(replace(broker, host=host)) as (line, task),
    ):
        await until(lambda: line.counts.failures >= 1 or task.done())
        assert not task.done(), task.exception()
        assert line.trouble is not None


@pytest.mark.asyncio
async def test_what_cannot_be_asked_of_a_broker_is_told_as_no_connection(tmp_path):
    async with (
        _talking(tmp_path, CONNACK, SUBACK) as (broker, _),
        _running(broker) as (line, task),
    ):
        await until(lambda: line.up)
        with pytest.raises(Offline):
            await line.renew("a/#/b")
        with pytest.raises(Offline):
            await line.publish("a/#", b"")
        assert line.up
        assert not task.done()
