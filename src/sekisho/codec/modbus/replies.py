"""Replies as bytes, in both directions: a device writes them, the client reads them.

A reply is read against the request it must answer: as many values as were asked, the address that
was written. Whatever does not fit is a `FrameError`, never a value.
"""

from __future__ import annotations

import struct
from typing import assert_never

from sekisho.codec.modbus.errors import FrameError
from sekisho.codec.modbus.pdu import (
    BITS,
    LARGEST_PDU,
    MEI_IDENTIFY,
    REFUSED_BIT,
    Identification,
    Identify,
    IdentifyCode,
    Read,
    Refusal,
    Reply,
    Request,
    Values,
    WriteCoil,
    WriteCoils,
    WriteRegister,
    WriteRegisters,
    Written,
)
from sekisho.codec.modbus.requests import encode_request, function_of, pack_bits, unpack_bits

_REFUSAL_SIZE = 2
_ECHO_SIZE = 5
"""Function, address, and the value or the number of values."""
_IDENTIFY_HEAD = struct.Struct(">BBBBBBB")
"""Function, kind, code, conformity, more, next object, number of objects."""
_MORE = 0xFF


def encode_reply(request: Request, reply: Reply) -> bytes:
    """The PDU by which a device answers.

    Raises:
        ValueError: the reply does not answer this request, or does not fit in a frame.
    """
    function = function_of(request)
    match reply:
        case Refusal(code):
            return bytes((function | REFUSED_BIT, code))
        case Values(values):
            return _encode_values(request, values)
        case Written():
            return encode_request(request)[:_ECHO_SIZE]
        case Identification():
            return _encode_identification(request, reply)
        case _:
            assert_never(reply)


def parse_reply(request: Request, pdu: bytes) -> Reply:
    """Reads the answer to a request.

    Raises:
        FrameError: it does not answer this request.
    """
    function = function_of(request)
    if not pdu:
        raise FrameError("an empty reply")
    if pdu[0] == function | REFUSED_BIT:
        if len(pdu) != _REFUSAL_SIZE:
            raise FrameError(f"an exception of {len(pdu)} bytes")
        return Refusal(pdu[1])
    if pdu[0] != function:
        raise FrameError(f"function {pdu[0]} answers function {int(function)}")
    match request:
        case Read():
            return _parse_values(request, pdu)
        case WriteCoil() | WriteRegister() | WriteCoils() | WriteRegisters():
            if pdu != encode_request(request)[:_ECHO_SIZE]:
                raise FrameError("the reply to a write names another address, value or size")
            return Written()
        case Identify():
            return _parse_identification(request, pdu)
        case _:
            assert_never(request)


# ---- values ----------------------------------------------------------------------------------


def _encode_values(request: Request, values: tuple[int, ...]) -> bytes:
    if not isinstance(request, Read) or len(values) != request.count:
        raise ValueError(f"{len(values)} values do not answer {request}")
    if request.space in BITS:
        packed = pack_bits(values)
    else:
        try:
            packed = struct.pack(f">{request.count}H", *values)
        except struct.error as error:
            raise ValueError("a register holds 0 to 65535") from error
    return bytes((function_of(request), len(packed))) + packed


def _parse_values(request: Read, pdu: bytes) -> Values:
    bits = request.space in BITS
    size = -(-request.count // 8) if bits else 2 * request.count
    if len(pdu) != size + 2 or pdu[1] != size:
        raise FrameError(f"{len(pdu) - 2} bytes of values where {size} were asked")
    if bits:
        return Values(unpack_bits(pdu[2:], request.count))
    return Values(struct.unpack_from(f">{request.count}H", pdu, 2))


# ---- identification --------------------------------------------------------------------------


def identification(request: Identify, objects: dict[int, bytes]) -> Identification | None:
    """What a device with these objects answers: as many as fit in one frame (section 6.21).

    Returns:
        The answer, or None where the one object that is asked for does not exist.
    """
    if request.code is IdentifyCode.ONE:
        if request.first not in objects:
            return None
        return Identification(((request.first, objects[request.first]),))
    last = {IdentifyCode.BASIC: 0x02, IdentifyCode.REGULAR: 0x7F}.get(request.code, 0xFF)
    first = request.first if request.first in objects else 0
    asked = [(n, objects[n]) for n in sorted(objects) if first <= n <= last]
    room = LARGEST_PDU - _IDENTIFY_HEAD.size
    taken: list[tuple[int, bytes]] = []
    for number, text in asked:
        room -= 2 + len(text)
        if room < 0:
            return Identification(tuple(taken), next_object=number)
        taken.append((number, text))
    return Identification(tuple(taken))


def _encode_identification(request: Request, reply: Identification) -> bytes:
    if not isinstance(request, Identify):
        raise ValueError(f"an identification does not answer {request}")  # noqa: TRY004 - the reply does not fit, whatever its type
    more = reply.next_object is not None
    head = _IDENTIFY_HEAD.pack(
        function_of(request),
        MEI_IDENTIFY,
        request.code,
        reply.conformity,
        _MORE if more else 0,
        reply.next_object or 0,
        len(reply.objects),
    )
    pdu = head + b"".join(bytes((n, len(text))) + text for n, text in reply.objects)
    if len(pdu) > LARGEST_PDU:
        raise ValueError("the identification does not fit in a frame")
    return pdu


def _parse_identification(request: Identify, pdu: bytes) -> Identification:
    if len(pdu) < _IDENTIFY_HEAD.size:
        raise FrameError("the identification is cut")
    _, mei, code, conformity, more, next_object, count = _IDENTIFY_HEAD.unpack_from(pdu)
    if mei != MEI_IDENTIFY or code != request.code:
        raise FrameError(f"identification {mei}/{code} answers {MEI_IDENTIFY}/{request.code}")
    if more not in (0, _MORE):
        raise FrameError(f"'more follows' is {more}")
    objects: list[tuple[int, bytes]] = []
    place = _IDENTIFY_HEAD.size
    for _ in range(count):
        end = place + 2 + (pdu[place + 1] if place + 1 < len(pdu) else 0)
        if place + 2 > len(pdu) or end > len(pdu):
            raise FrameError("an object of the identification is cut")
        objects.append((pdu[place], pdu[place + 2 : end]))
        place = end
    if place != len(pdu):
        raise FrameError("more bytes than objects in the identification")
    return Identification(tuple(objects), conformity, next_object if more else None)
