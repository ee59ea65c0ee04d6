"""Frames as the specifications print them, and the exceptions that a device owes."""

from __future__ import annotations

import pytest

from sekisho.codec.modbus.errors import FrameError, RequestError
from sekisho.codec.modbus.pdu import (
    Identification,
    Identify,
    IdentifyCode,
    Read,
    Refusal,
    Space,
    Values,
    WriteCoil,
    WriteCoils,
    WriteRegister,
    WriteRegisters,
    Written,
)
from sekisho.codec.modbus.replies import encode_reply, identification, parse_reply
from sekisho.codec.modbus.requests import encode_request, parse_request
from sekisho.codec.modbus.rtu import crc16, rtu_frame
from sekisho.codec.modbus.tcp import TcpReader, tcp_frame

# Sections 6.1 to 6.12 and 6.21 of the specification, with their own numbers.
PRINTED = [
    (
        Read(Space.COIL, 19, 19),
        "01 0013 0013",
        Values(tuple(int(b) for b in "1011001111010110101")),
        "01 03 CD6B05",
    ),
    (
        Read(Space.DISCRETE, 196, 22),
        "02 00C4 0016",
        Values(tuple(int(b) for b in "0011010111011011101011")),
        "02 03 ACDB35",
    ),
    (
        Read(Space.HOLDING, 107, 3),
        "03 006B 0003",
        Values((0x022B, 0, 0x64)),
        "03 06 022B 0000 0064",
    ),
    (Read(Space.INPUT, 8, 1), "04 0008 0001", Values((10,)), "04 02 000A"),
    (WriteCoil(172, on=True), "05 00AC FF00", Written(), "05 00AC FF00"),
    (WriteRegister(1, 3), "06 0001 0003", Written(), "06 0001 0003"),
    (
        WriteCoils(19, tuple(b == "1" for b in "1011001110")),
        "0F 0013 000A 02 CD01",
        Written(),
        "0F 0013 000A",
    ),
    (WriteRegisters(1, (10, 0x0102)), "10 0001 0002 04 000A 0102", Written(), "10 0001 0002"),
    (
        Identify(IdentifyCode.BASIC),
        "2B 0E 01 00",
        Identification(
            ((0, b"Company identification"), (1, b"Product code XX"), (2, b"V2.11")), 0x01
        ),
        (
            f"2B 0E 01 01 00 00 03 00 16 {b'Company identification'.hex()}"
            f" 01 0F {b'Product code XX'.hex()} 02 05 {b'V2.11'.hex()}"
        ),
    ),
    (Read(Space.COIL, 0x4A1, 1), "01 04A1 0001", Refusal(2), "81 02"),
]


@pytest.mark.parametrize(("request_", "asked", "reply", "answered"), PRINTED)
def test_the_printed_examples_are_read_and_written_by_both_sides(request_, asked, reply, answered):
    assert encode_request(request_) == bytes.fromhex(asked)
    assert parse_request(bytes.fromhex(asked)) == request_
    assert encode_reply(request_, reply) == bytes.fromhex(answered)
    assert parse_reply(request_, bytes.fromhex(answered)) == reply


def test_the_printed_check_sum_and_header():
    assert crc16(bytes.fromhex("0207")) == 0x1241  # Serial Line V1.02, section 6.2.2
    assert rtu_frame(2, b"\x07") == bytes.fromhex("0207 4112")
    assert tcp_frame(0x1501, 0xFF, b"\x03\x00\x04\x00\x01") == bytes.fromhex(
        "1501 0000 0006 FF 03 0004 0001"
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("", 1),
        ("07", 1),
        ("2B 0D 00 00", 1),
        ("03 0000 0000", 3),
        ("03 0000 007E", 3),
        ("03 FFFF 0002", 2),
        ("03 0000 0001 00", 3),
        ("03 0000", 3),
        ("05 0000 0001", 3),
        ("0F 0000 0009 01 FF", 3),
        ("0F 0000 0000 00", 3),
        ("10 0000 0002 04 0000", 3),
        ("10 0000 0002 02 0000", 3),
        ("10 FFFF 0002 04 00000000", 2),
        ("2B 0E 05 00", 3),
        ("2B 0E 01", 3),
    ],
)
def test_a_device_refuses_with_the_code_that_says_why(asked, code):
    with pytest.raises(RequestError) as raised:
        parse_request(bytes.fromhex(asked))
    assert raised.value.code == code


TWO = Read(Space.HOLDING, 0, 2)


@pytest.mark.parametrize(
    ("request_", "answered"),
    [
        (TWO, ""),
        (TWO, "04 04 00000000"),  # another function
        (TWO, "03 02 0000"),  # fewer than asked
        (TWO, "03 06 000000000000"),  # more
        (TWO, "03 04 0000"),  # announces more than it holds
        (TWO, "03 02 00000000"),  # announces less
        (TWO, "84 02"),  # a refusal of another function
        (TWO, "83"),
        (TWO, "83 02 00"),
        (WriteRegister(1, 3), "06 0001 0004"),  # another value
        (WriteRegister(1, 3), "06 0002 0003"),  # another address
        (WriteRegisters(1, (3, 4)), "10 0001 0001"),  # fewer
        (WriteCoil(1, on=True), "05 0001 0000"),
        (Identify(), "2B 0E 01 01 00 00 00"),  # answers another code
        (Identify(), "2B 0D 02 01 00 00 00"),
        (Identify(), "2B 0E 02 01 07 00 00"),  # neither more nor not
        (Identify(), "2B 0E 02 01 00 00 01"),  # announces an object
        (Identify(), "2B 0E 02 01 00 00 01 00 05 41"),
        (Identify(), "2B 0E 02 01 00 00 00 41"),
        (Identify(), "2B 0E 02"),
    ],
)
def test_what_does_not_answer_the_request_is_no_value(request_, answered):
    with pytest.raises(FrameError):
        parse_reply(request_, bytes.fromhex(answered))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Read(Space.HOLDING, 0, 0),
        lambda: Read(Space.HOLDING, 0, 126),
        lambda: Read(Space.COIL, 0, 2001),
        lambda: Read(Space.INPUT, 65535, 2),
        lambda: Read(Space.INPUT, -1, 1),
        lambda: WriteRegister(0, 65536),
        lambda: WriteRegister(0, -1),
        lambda: WriteRegister(65536, 0),
        lambda: WriteRegisters(0, ()),
        lambda: WriteRegisters(0, (0,) * 124),
        lambda: WriteRegisters(0, (0, 65536)),
        lambda: WriteCoils(0, ()),
        lambda: WriteCoil(65536, on=False),
        lambda: Identify(first=256),
        lambda: encode_reply(TWO, Values((1,))),
        lambda: encode_reply(TWO, Values((1, 65536))),
        lambda: encode_reply(WriteRegister(0, 1), Values((1,))),
        lambda: encode_reply(TWO, Identification(())),
        lambda: encode_reply(Identify(), Identification(((0, b"x" * 250),))),
    ],
)
def test_what_cannot_be_sent_cannot_be_made(make):
    with pytest.raises(ValueError, match=r"."):
        make()


def test_a_long_identification_comes_in_several_frames():
    objects = {n: bytes((65 + n,)) * 100 for n in range(5)}
    first = identification(Identify(), objects)
    assert first is not None
    assert [n for n, _ in first.objects] == [0, 1]
    assert first.next_object == 2
    rest = identification(Identify(first=4), objects)
    assert rest is not None
    assert rest.objects == ((4, objects[4]),)
    assert rest.next_object is None
    basic = identification(Identify(IdentifyCode.BASIC, 2), objects)
    assert basic is not None
    assert [n for n, _ in basic.objects] == [2]
    one = Identify(IdentifyCode.ONE, 3)
    assert identification(one, objects) == Identification(((3, objects[3]),))
    assert identification(Identify(IdentifyCode.ONE, 9), objects) is None


@pytest.mark.parametrize("header", ["0001 0001 0006 01", "0001 0000 0001 01", "0001 0000 00FF 01"])
def test_a_header_that_is_none_ends_the_stream(header):
    reader = TcpReader()
    good = tcp_frame(1, 1, b"\x03")
    assert len(reader.feed(good + bytes.fromhex(header))) == 1
    assert reader.broken is not None
    assert reader.feed(good) == []
