"""Requests as bytes, in both directions: the client writes them, a device reads them."""

from __future__ import annotations

import struct
from typing import assert_never

from sekisho.codec.modbus.errors import RequestError
from sekisho.codec.modbus.pdu import (
    MEI_IDENTIFY,
    READ_SPACES,
    READS,
    AddressError,
    ExceptionCode,
    Function,
    Identify,
    IdentifyCode,
    Read,
    Request,
    WriteCoil,
    WriteCoils,
    WriteRegister,
    WriteRegisters,
)

_COIL_ON = 0xFF00
_HEAD = struct.Struct(">BHH")
_HEAD_AND_SIZE = struct.Struct(">BHHB")


def function_of(request: Request) -> Function:
    """The function code that asks for this."""
    match request:
        case Read():
            return READS[request.space]
        case WriteCoil():
            return Function.WRITE_COIL
        case WriteRegister():
            return Function.WRITE_REGISTER
        case WriteCoils():
            return Function.WRITE_COILS
        case WriteRegisters():
            return Function.WRITE_REGISTERS
        case Identify():
            return Function.IDENTIFY
        case _:
            assert_never(request)


def encode_request(request: Request) -> bytes:
    """The PDU of a request."""
    match request:
        case Read(space, address, count):
            return _HEAD.pack(READS[space], address, count)
        case WriteCoil(address, on):
            return _HEAD.pack(Function.WRITE_COIL, address, _COIL_ON if on else 0)
        case WriteRegister(address, word):
            return _HEAD.pack(Function.WRITE_REGISTER, address, word)
        case WriteCoils(address, states):
            packed = pack_bits(states)
            head = (Function.WRITE_COILS, address, len(states), len(packed))
            return _HEAD_AND_SIZE.pack(*head) + packed
        case WriteRegisters(address, words):
            n = len(words)
            return struct.pack(f">BHHB{n}H", Function.WRITE_REGISTERS, address, n, 2 * n, *words)
        case Identify(code, first):
            return bytes((Function.IDENTIFY, MEI_IDENTIFY, code, first))
        case _:
            assert_never(request)


def parse_request(pdu: bytes) -> Request:
    """Reads a request, as a device must.

    Raises:
        RequestError: it must be refused, with the exception code that says why.
    """
    try:
        return _parse(pdu)
    except AddressError as error:
        raise RequestError(str(error), ExceptionCode.ILLEGAL_ADDRESS) from error
    except (ValueError, struct.error) as error:
        if isinstance(error, RequestError):
            raise
        raise RequestError(str(error), ExceptionCode.ILLEGAL_VALUE) from error


def _parse(pdu: bytes) -> Request:
    function = pdu[0] if pdu else 0
    match function:
        case Function.WRITE_COIL:
            _, address, state = _HEAD.unpack(pdu)
            if state not in (0, _COIL_ON):
                raise ValueError("a coil is written as 0 or 0xFF00")
            return WriteCoil(address, state == _COIL_ON)
        case Function.WRITE_REGISTER:
            _, address, word = _HEAD.unpack(pdu)
            return WriteRegister(address, word)
        case Function.WRITE_COILS:
            address, count, packed = _several(pdu)
            _sized(packed, -(-count // 8))
            return WriteCoils(address, tuple(bit == 1 for bit in unpack_bits(packed, count)))
        case Function.WRITE_REGISTERS:
            address, count, packed = _several(pdu)
            _sized(packed, 2 * count)
            return WriteRegisters(address, struct.unpack(f">{count}H", packed))
        case Function.IDENTIFY:
            return _identify(pdu)
        case _ if function in READ_SPACES:
            _, address, count = _HEAD.unpack(pdu)
            return Read(READ_SPACES[function], address, count)
        case _:
            raise RequestError(f"function {function}", ExceptionCode.ILLEGAL_FUNCTION)


def _several(pdu: bytes) -> tuple[int, int, bytes]:
    _, address, count, size = _HEAD_AND_SIZE.unpack_from(pdu)
    packed = pdu[_HEAD_AND_SIZE.size :]
    _sized(packed, size)
    return address, count, packed


def _sized(packed: bytes, size: int) -> None:
    if len(packed) != size:
        raise ValueError(f"{len(packed)} bytes of values where {size} are announced")


def _identify(pdu: bytes) -> Identify:
    _, mei, code, first = struct.unpack(">BBBB", pdu)
    if mei != MEI_IDENTIFY:
        raise RequestError(f"function 43/{mei}", ExceptionCode.ILLEGAL_FUNCTION)
    return Identify(IdentifyCode(code), first)


def pack_bits(states: tuple[int, ...]) -> bytes:
    """Bits as the wire has them: the first is the lowest of the first byte."""
    whole = sum(1 << place for place, state in enumerate(states) if state)
    return whole.to_bytes(-(-len(states) // 8), "little")


def unpack_bits(packed: bytes, count: int) -> tuple[int, ...]:
    """The first `count` bits, each 0 or 1."""
    whole = int.from_bytes(packed, "little")
    return tuple(whole >> place & 1 for place in range(count))
