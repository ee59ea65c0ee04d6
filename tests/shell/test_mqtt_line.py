"""A line to real brokers: what passes, what does not, and what is said when it cannot be made."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from datetime import timedelta

import pytest

from sekisho.codec.topics import Channel, topic
from sekisho.shell.lab.authority import LIFE, Authority
from sekisho.shell.lab.broker import Nats, free_port
from sekisho.shell.mqtt.client import Will
from sekisho.shell.mqtt.diagnosis import _unverified
from sekisho.shell.mqtt.line import (
    LONGEST_WAIT_S,
    MOST_BYTES,
    MOST_WAITING,
    Line,
    Offline,
    Wishes,
    wait_s,
)
from sekisho.shell.mqtt.tls import Broker, context
from sekisho.terms.errors import InputError, WorldError
from sekisho.terms.ids import SiteId
from sekisho.terms.texts import Lang, same
from tests.orders import SITE
from tests.shell.brokers import KINDS, Yard, line_of, until

pytestmark = pytest.mark.alone

COMMAND = topic(SITE, Channel.COMMAND)
DECISION = topic(SITE, Channel.DECISION)
STATE = topic(SITE, Channel.STATE)
ELSEWHERE = topic(SiteId("another"), Channel.COMMAND)


@pytest.fixture(params=KINDS)
def yard(request, tmp_path):
    made = Yard(tmp_path, request.param)
    yield made
    made.broker.stop()


def gate_line(yard, **changes):
    wishes = {
        "subscribe": (COMMAND,),
        "not_retained": frozenset({COMMAND}),
        "will": Will(STATE, b"offline"),
    }
    return line_of(yard.as_seen_by(yard.gate), **(wishes | changes))


def head_end_line(yard):
    return line_of(yard.as_seen_by(yard.head_end), subscribe=(DECISION, STATE))


@pytest.mark.asyncio
async def test_a_command_goes_in_and_a_decision_comes_out(yard):
    async with gate_line(yard) as gate, head_end_line(yard) as head_end, asyncio.timeout(10):
        await head_end.publish(COMMAND, b"do")
        assert (await gate.receive()).payload == b"do"
        await gate.publish(DECISION, b"done")
        assert (await head_end.receive()).payload == b"done"


@pytest.mark.asyncio
async def test_a_retained_command_is_ignored_and_counted(yard):
    async with head_end_line(yard) as head_end:
        await head_end.publish(COMMAND, b"old", retain=True)
        async with gate_line(yard) as gate, asyncio.timeout(10):
            await until(lambda: gate.counts.retained_ignored)
            await head_end.publish(COMMAND, b"new")
            assert (await gate.receive()).payload == b"new"


@pytest.mark.asyncio
async def test_a_forbidden_publish_is_acknowledged_and_goes_nowhere(yard):
    async with gate_line(yard) as gate, head_end_line(yard) as head_end, asyncio.timeout(10):
        await gate.publish(COMMAND, b"forged by the gate")
        await head_end.publish(DECISION, b"forged by the head-end")
        await head_end.publish(COMMAND, b"real")
        assert (await gate.receive()).payload == b"real"
        await gate.publish(DECISION, b"real")
        assert (await head_end.receive()).payload == b"real"


@pytest.mark.asyncio
async def test_another_sites_commands_are_not_delivered(yard):
    async with gate_line(yard, subscribe=(COMMAND, ELSEWHERE)) as gate:
        if gate.up:  # Mosquitto grants every subscription and delivers nothing
            async with head_end_line(yard) as head_end, asyncio.timeout(10):
                await head_end.publish(ELSEWHERE, b"not ours")
                await head_end.publish(COMMAND, b"ours")
                assert (await gate.receive()).payload == b"ours"
        else:
            assert ELSEWHERE in gate.trouble.what.en


@pytest.mark.asyncio
async def test_who_is_gone_without_a_word_is_told_by_the_last_will(yard):
    async with head_end_line(yard) as head_end, asyncio.timeout(10), gate_line(yard) as gate:
        await until(lambda: gate.up)
        gate._client._client.socket().shutdown(socket.SHUT_RDWR)
        assert (await head_end.receive()).payload == b"offline"


@pytest.mark.asyncio
async def test_the_line_comes_back_after_the_broker_was_killed(yard):
    async with gate_line(yard) as gate, asyncio.timeout(20):
        yard.broker.kill()
        await until(lambda: not gate.up)
        with pytest.raises(Offline):
            await gate.publish(DECISION, b"lost")
        yard.broker.start()
        await gate.until_up()
        assert gate.trouble is None
        async with head_end_line(yard) as head_end:
            await head_end.publish(COMMAND, b"again")
            assert (await gate.receive()).payload == b"again"


@pytest.mark.asyncio
async def test_a_revoked_certificate_ends_a_standing_connection_and_makes_no_new_one(yard):
    async with gate_line(yard) as gate, head_end_line(yard) as head_end, asyncio.timeout(30):
        assert gate.up
        await asyncio.to_thread(yard.broker.revoke, yard.gate)
        await until(lambda: not gate.up)
        words = ("refused our certificate", "does not know the owner")
        await until(lambda: any(word in str(gate.trouble) for word in words))
        await until(lambda: head_end.up)
        assert not gate.up
        assert gate.counts.connects == 1


@pytest.mark.asyncio
async def test_a_flood_is_bounded_and_counted(yard):
    many = MOST_WAITING + 50
    async with gate_line(yard) as gate, head_end_line(yard) as head_end, asyncio.timeout(20):
        await asyncio.gather(*(head_end.publish(COMMAND, b"x") for _ in range(many)))
        await until(lambda: gate.counts.received + gate.counts.dropped == many)
        assert gate.counts.received == MOST_WAITING
        assert gate.counts.dropped == 50


@pytest.mark.asyncio
async def test_a_message_that_is_too_large_never_reaches_the_gate(yard):
    async with gate_line(yard) as gate, head_end_line(yard) as head_end, asyncio.timeout(20):
        await head_end.publish(COMMAND, b"x" * (MOST_BYTES + 1))
        await until(lambda: head_end.up)
        await head_end.publish(COMMAND, b"small")
        assert (await gate.receive()).payload == b"small"


@pytest.mark.asyncio
async def test_what_others_are_sent_cannot_be_read_through_the_brokers_own_subjects(tmp_path):
    yard = Yard(tmp_path, Nats)
    try:
        spy = line_of(yard.as_seen_by(yard.head_end), subscribe=("$MQTT/sub/#",))
        async with gate_line(yard) as gate, head_end_line(yard) as head_end, spy as line:
            await head_end.publish(COMMAND, b"for the gate alone")
            assert (await gate.receive()).payload == b"for the gate alone"
            assert not line.up
            assert line.counts.received == 0
        said = await asyncio.to_thread(_asked_on_the_nats_port, yard)
        assert b"MSG" not in said
        assert b"-ERR" in said
    finally:
        yard.broker.stop()


def _asked_on_the_nats_port(yard):
    """What the NATS protocol answers to a subscription of everything of MQTT."""
    log = (yard.broker.folder / "output.log").read_text(encoding="utf-8")
    port = int(re.findall(r"Listening for client connections on 127.0.0.1:(\d+)", log)[-1])
    tls = context(yard.as_seen_by(yard.head_end))
    with socket.create_connection(("127.0.0.1", port), timeout=3) as plain:
        assert plain.recv(4096).startswith(b"INFO")
        with tls.wrap_socket(plain, server_hostname="127.0.0.1") as line:
            line.sendall(b'CONNECT {"verbose":true,"tls_required":true}\r\nSUB $MQTT.sub.> 1\r\n')
            said = b""
            while b"-ERR" not in said and (more := line.recv(4096)):
                said += more
    return said


@pytest.mark.asyncio
async def test_the_line_knows_when_the_first_of_both_certificates_ends(yard):
    brief = yard.authority.client("gate-1", life=timedelta(hours=2))
    async with line_of(yard.as_seen_by(brief), subscribe=(COMMAND,)) as line:
        assert line.up
        left_h = (line.certificate_ends / 1000 - time.time()) / 3600
        assert 1.9 < left_h < 2.1
    long = yard.authority.client("gate-1", life=timedelta(days=900))
    async with line_of(yard.as_seen_by(long), subscribe=(COMMAND,)) as line:
        left_days = (line.certificate_ends / 1000 - time.time()) / 86_400
        assert LIFE.days - 1 < left_days <= LIFE.days


@pytest.mark.asyncio
async def test_a_broker_that_announces_a_huge_packet_is_hung_up_on(tmp_path):
    authority = Authority(tmp_path / "pki")
    identity, us = authority.server("broker"), authority.client("gate-1")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(identity.certificate, identity.key)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve_once():
        """Whether the other end hung up."""
        with listening, listening.accept()[0] as plain:
            plain.settimeout(5)
            with tls.wrap_socket(plain, server_side=True) as line:
                line.recv(4096)
                line.sendall(b"\x20\x02\x00\x00")  # CONNACK
                subscribe = line.recv(4096)
                line.sendall(b"\x90\x03" + subscribe[2:4] + b"\x01")  # SUBACK
                line.sendall(b"\x30\xff\xff\xff\x7f" + bytes(100))  # PUBLISH of 256 MiB - 1
                try:
                    return line.recv(4096) == b""
                except ssl.SSLError:
                    return True

    place = Broker(
        host="127.0.0.1",
        port=listening.getsockname()[1],
        ca=authority.ca,
        certificate=us.certificate,
        key=us.key,
    )
    serving = asyncio.create_task(asyncio.to_thread(serve_once))
    async with line_of(place, subscribe=(COMMAND,)) as line:
        assert await serving
        assert line.counts.received == 0


async def trouble_of(broker, lang=Lang.EN):
    async with line_of(broker, subscribe=(COMMAND,)) as line:
        return "" if line.up else line.trouble.what.says(lang)


@pytest.mark.asyncio
async def test_a_broker_of_another_authority_is_not_believed(yard, tmp_path):
    other = Authority(tmp_path / "other")
    said = await trouble_of(yard.as_seen_by(yard.gate, ca=other.ca))
    assert "broker's certificate is not to be trusted" in said
    said = await trouble_of(yard.as_seen_by(yard.gate, server_name="broker.example"))
    assert "broker's certificate is not to be trusted" in said


@pytest.mark.asyncio
async def test_why_a_broker_is_not_believed_is_told_in_the_readers_language(yard, tmp_path):
    stranger = yard.as_seen_by(yard.gate, ca=Authority(tmp_path / "other").ca)
    misnamed = yard.as_seen_by(yard.gate, server_name="broker.example")
    english, japanese = await trouble_of(stranger), await trouble_of(stranger, Lang.JA)
    assert re.search("(local issuer certificate|self-signed certificate in .*)\\)", english)
    assert not re.search("[a-z]", japanese), (
        "one broker shows its whole chain, one its own end of it"
    )
    assert "(証明書の名前が接続先と違います)" in await trouble_of(misnamed, Lang.JA)


def test_an_unknown_reason_keeps_the_librarys_words():
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = 999, "a reason of tomorrow"
    assert _unverified(error) == same("a reason of tomorrow")


@pytest.mark.asyncio
async def test_a_client_of_another_authority_is_told_that_it_is_refused(yard, tmp_path):
    impostor = Authority(tmp_path / "other").client("gate-1")
    assert "refused our certificate" in await trouble_of(yard.as_seen_by(impostor))


@pytest.mark.asyncio
async def test_an_expired_client_certificate_is_told_that_it_is_refused(yard):
    old = yard.authority.client("gate-old", life=timedelta(minutes=-1))
    assert "refused our certificate" in await trouble_of(yard.as_seen_by(old))


@pytest.mark.asyncio
async def test_a_port_where_nobody_listens_is_told(yard):
    said = await trouble_of(yard.as_seen_by(yard.gate, port=free_port()))
    assert said == "Nobody listens at this port."


@pytest.mark.asyncio
async def test_a_port_that_speaks_no_tls_is_told(tmp_path):
    async def echo(reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    authority = Authority(tmp_path / "pki")
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    from_us = authority.client("gate-1")
    broker = Broker(
        host="127.0.0.1",
        port=server.sockets[0].getsockname()[1],
        ca=authority.ca,
        certificate=from_us.certificate,
        key=from_us.key,
    )
    async with server:
        assert "does not speak TLS" in await trouble_of(broker)


@pytest.mark.asyncio
async def test_a_key_that_others_can_read_is_refused(yard):
    yard.gate.key.chmod(0o640)
    with pytest.raises(InputError, match="Others can read"):
        Line(yard.as_seen_by(yard.gate), Wishes())


@pytest.mark.asyncio
async def test_a_key_of_another_certificate_is_refused(yard):
    with pytest.raises(InputError, match="cannot be used"):
        Line(yard.as_seen_by(yard.gate, key=yard.head_end.key), Wishes())
    with pytest.raises(WorldError):
        Line(yard.as_seen_by(yard.gate, ca=yard.gate.key.with_name("none.pem")), Wishes())


def test_the_wait_grows_is_bounded_and_never_the_same_for_all():
    assert [wait_s(n, 1.0) for n in range(4)] == [0.5, 1.0, 2.0, 4.0]
    assert wait_s(99, 1.0) == LONGEST_WAIT_S
    assert wait_s(0, 0.0) == 0.25
