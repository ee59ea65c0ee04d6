"""Modbus as bytes: nothing that is read raises, and both sides understand each other."""

from __future__ import annotations

import contextlib
import itertools

from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.modbus.errors import FrameError, RequestError
from sekisho.codec.modbus.pdu import (
    BITS,
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
from sekisho.codec.modbus.rtu import RtuReader, crc16, reply_size, request_size, rtu_frame
from sekisho.codec.modbus.tcp import Frame, TcpReader, tcp_frame

WORDS = st.integers(0, 65535)
LOW = st.integers(0, 60000)
REQUESTS = st.one_of(
    st.builds(Read, st.sampled_from(list(Space)), LOW, st.integers(1, 125)),
    st.builds(WriteCoil, LOW, st.booleans()),
    st.builds(WriteRegister, LOW, WORDS),
    st.builds(WriteCoils, LOW, st.lists(st.booleans(), min_size=1, max_size=200).map(tuple)),
    st.builds(WriteRegisters, LOW, st.lists(WORDS, min_size=1, max_size=123).map(tuple)),
    st.builds(Identify, st.sampled_from(list(IdentifyCode)), st.integers(0, 255)),
)
OBJECTS = st.dictionaries(st.integers(0, 255), st.binary(max_size=60), min_size=1, max_size=12)


@st.composite
def answered(draw):
    request = draw(REQUESTS)
    if draw(st.integers(0, 9)) == 0:
        return request, Refusal(draw(st.integers(0, 255)))
    match request:
        case Read():
            value = st.integers(0, 1) if request.space in BITS else WORDS
            values = st.lists(value, min_size=request.count, max_size=request.count)
            return request, Values(tuple(draw(values)))
        case Identify():
            return request, identification(request, draw(OBJECTS)) or Refusal(2)
        case _:
            return request, Written()


@given(answered())
def test_each_side_reads_what_the_other_writes(pair):
    request, reply = pair
    assert parse_request(encode_request(request)) == request
    assert parse_reply(request, encode_reply(request, reply)) == reply


@given(REQUESTS, st.binary(max_size=260))
def test_no_reply_raises_anything_but_the_documented_error(request, pdu):
    for seen in (pdu, encode_request(request)[:1] + pdu):
        with contextlib.suppress(FrameError):
            reply = parse_reply(request, seen)
            if isinstance(request, Read) and isinstance(reply, Values):
                assert len(reply.values) == request.count


@given(st.binary(max_size=260))
def test_no_request_raises_anything_but_the_documented_error(pdu):
    with contextlib.suppress(RequestError):
        request = parse_request(pdu)
        assert parse_request(encode_request(request)) == request


def chunks(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[a:b] for a, b in itertools.pairwise(places)]


CUTS = st.lists(st.integers(0, 10_000), max_size=12)


@given(
    st.lists(
        st.tuples(WORDS, st.integers(0, 255), st.binary(min_size=1, max_size=253)), max_size=5
    ),
    CUTS,
)
def test_a_stream_gives_its_frames_however_it_is_cut(frames, cuts):
    reader = TcpReader()
    stream = b"".join(tcp_frame(*frame) for frame in frames)
    read = [frame for chunk in chunks(stream, cuts) for frame in reader.feed(chunk)]
    assert read == [Frame(*frame) for frame in frames]
    assert not reader.partial
    assert reader.broken is None


@given(st.lists(answered(), max_size=5), st.integers(1, 247), CUTS)
def test_a_line_gives_its_frames_however_it_is_cut(pairs, unit, cuts):
    for size, pdus in (
        (request_size, [encode_request(request) for request, _ in pairs]),
        (reply_size, [encode_reply(request, reply) for request, reply in pairs]),
    ):
        reader = RtuReader(size)
        stream = b"".join(rtu_frame(unit, pdu) for pdu in pdus)
        read = [frame for chunk in chunks(stream, cuts) for frame in reader.feed(chunk)]
        assert read == [Frame(0, unit, pdu) for pdu in pdus]
        assert not reader.partial


@given(st.binary(max_size=600), CUTS, st.sampled_from([request_size, reply_size]))
def test_noise_never_raises_and_a_line_recovers_after_silence(noise, cuts, size):
    stream, line = TcpReader(), RtuReader(size)
    for chunk in chunks(noise, cuts):
        stream.feed(chunk)
        for frame in line.feed(chunk):
            body = bytes((frame.unit,)) + frame.pdu
            assert crc16(body).to_bytes(2, "little") in noise
    line.silence()
    whole = rtu_frame(1, encode_request(WriteRegister(1, 1)))
    assert line.feed(whole) == [Frame(0, 1, whole[1:-2])]


@given(answered(), st.integers(1, 247), st.data())
def test_one_to_three_flipped_bits_never_pass_the_check_sum(pair, unit, data):
    """CRC-16 finds every error of up to three bits in a frame of this length."""
    request, reply = pair
    whole = rtu_frame(unit, encode_reply(request, reply))
    bits = st.sets(st.integers(0, 8 * len(whole) - 1), min_size=1, max_size=3)
    damaged = int.from_bytes(whole)
    for bit in data.draw(bits):
        damaged ^= 1 << bit
    assert crc16(damaged.to_bytes(len(whole))) != 0


@given(OBJECTS, st.sampled_from([IdentifyCode.BASIC, IdentifyCode.REGULAR, IdentifyCode.EXTENDED]))
def test_an_identification_in_several_frames_is_whole_in_the_end(objects, code):
    last = {IdentifyCode.BASIC: 2, IdentifyCode.REGULAR: 0x7F, IdentifyCode.EXTENDED: 255}[code]
    wanted = {n: text for n, text in objects.items() if n <= last}
    gathered: dict[int, bytes] = {}
    first = 0
    for _ in range(len(objects) + 1):
        request = Identify(code, first)
        reply = identification(request, objects)
        assert reply is not None
        read = parse_reply(request, encode_reply(request, reply))
        assert isinstance(read, Identification)
        gathered |= dict(read.objects)
        if read.next_object is None:
            break
        first = read.next_object
    assert gathered == wanted
