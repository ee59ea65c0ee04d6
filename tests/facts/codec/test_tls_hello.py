"""The first words of TLS, offline: what is offered, and how an answer is read."""

import ssl
import warnings
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.tls.hello import (
    Chosen,
    Closed,
    HelloReader,
    NotTls,
    Refused,
    Version,
    client_hello,
    suite_name,
)
from sekisho.codec.tls.suites import BEFORE_1_3, SUITES, TLS_1_3
from sekisho.shell.lab.authority import Authority

RANDOM, SHARE = bytes(range(32)), bytes(range(32, 64))


def served(hello, tmp_path, **settings):
    """What OpenSSL's server says to a hello, without any socket."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    for name, value in settings.items():
        if name == "ciphers":
            context.set_ciphers(value)
        else:
            with warnings.catch_warnings(action="ignore"):
                setattr(context, name, value)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(hello)
    with suppress(ssl.SSLError):
        server.do_handshake()
    return outgoing.read()


def certificate(tmp_path):
    folder = tmp_path / "authority"
    if folder.exists():
        return folder / "s.pem", folder / "s.key"
    identity = Authority(folder).server("s")
    assert (identity.certificate, identity.key) == (folder / "s.pem", folder / "s.key")
    return identity.certificate, identity.key


def answer(data):
    reader = HelloReader()
    reader.feed(data)
    return reader


@pytest.mark.parametrize("version", [Version.TLS_1_2, Version.TLS_1_3])
def test_a_server_chooses_the_version_that_alone_is_offered(version, tmp_path):
    suites = TLS_1_3 if version is Version.TLS_1_3 else BEFORE_1_3
    found = answer(served(client_hello(version, suites, RANDOM, SHARE, "s"), tmp_path)).answer
    assert isinstance(found, Chosen)
    assert found.version is version
    assert found.suite in suites


def test_a_server_that_takes_old_versions_is_seen_to_take_them(tmp_path):
    hello = client_hello(Version.TLS_1_0, BEFORE_1_3, RANDOM, SHARE, None)
    old = {"ciphers": "ALL:@SECLEVEL=0", "minimum_version": ssl.TLSVersion.TLSv1}
    found = answer(served(hello, tmp_path, **old)).answer
    assert isinstance(found, Chosen)
    assert found.version is Version.TLS_1_0


def test_a_refusal_is_read_with_its_alert(tmp_path):
    hello = client_hello(Version.TLS_1_0, BEFORE_1_3, RANDOM, SHARE, None)
    assert answer(served(hello, tmp_path)).answer == Refused(70)  # protocol_version


def test_a_suite_that_is_not_on_offer_is_refused(tmp_path):
    hello = client_hello(Version.TLS_1_2, (0x0005,), RANDOM, SHARE, None)
    assert isinstance(answer(served(hello, tmp_path)).answer, Refused)


def test_a_request_for_a_client_certificate_is_seen(tmp_path):
    hello = client_hello(Version.TLS_1_2, BEFORE_1_3, RANDOM, SHARE, None)
    mutual = {"verify_mode": ssl.CERT_REQUIRED}
    reader = answer(served(hello, tmp_path, **mutual))
    assert reader.certificate_asked
    assert reader.flight_over
    assert not answer(served(hello, tmp_path)).certificate_asked


def test_a_connection_that_ends_without_a_word_is_closed_and_no_refusal_by_alert():
    reader = HelloReader()
    reader.ended()
    assert reader.answer == Closed()


def test_another_protocol_is_no_tls():
    for words in (b"SSH-2.0-x\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"\x00\x01\x00\x00"):
        assert answer(words).answer == NotTls()


def test_pieces_of_any_size_read_the_same(tmp_path):
    data = served(client_hello(Version.TLS_1_2, BEFORE_1_3, RANDOM, SHARE, "s"), tmp_path)
    whole, bytewise = answer(data), HelloReader()
    for n in range(len(data)):
        bytewise.feed(data[n : n + 1])
    assert whole.answer == bytewise.answer
    assert bytewise.flight_over


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data):
    reader = HelloReader()
    reader.feed(data)
    reader.feed(data)
    assert reader.answer is None or isinstance(reader.answer, Chosen | Refused | NotTls)


@given(st.binary(max_size=120))
def test_no_server_hello_breaks_the_reader(body):
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    record = b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message
    assert isinstance(answer(record).answer, Chosen | NotTls)


def test_every_suite_has_one_number_and_one_name():
    assert len(set(SUITES.values())) == len(SUITES)
    assert suite_name(0x1301) == "TLS_AES_128_GCM_SHA256"
    assert suite_name(0xFAFA) == "0xFAFA"
