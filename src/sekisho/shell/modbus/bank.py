"""What a Modbus server asks its device, and the answer to one request."""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Protocol, assert_never

from sekisho.codec.modbus.errors import RequestError
from sekisho.codec.modbus.pdu import (
    REFUSED_BIT,
    ExceptionCode,
    Identify,
    Read,
    Refusal,
    Reply,
    Request,
    Space,
    Values,
    WriteCoil,
    WriteCoils,
    WriteRegister,
    WriteRegisters,
    Written,
)
from sekisho.codec.modbus.replies import encode_reply, identification
from sekisho.codec.modbus.requests import parse_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from sekisho.codec.modbus.pdu import Write


class Bank(Protocol):
    """A device, or several behind one address, told apart by their unit.

    Each method may be plain or a coroutine function. An exception code is sent as the refusal.
    """

    def read(
        self, unit: int, space: Space, address: int, count: int
    ) -> Sequence[int] | ExceptionCode | Awaitable[Sequence[int] | ExceptionCode]:
        """`count` values from `address` on: 16-bit numbers, or 0 and 1 for bits."""

    def write(
        self, unit: int, space: Space, address: int, values: Sequence[int]
    ) -> ExceptionCode | Awaitable[ExceptionCode | None] | None:
        """Takes registers or bits. They change together or, with an exception code, not at all."""

    def identify(self, unit: int) -> Mapping[int, bytes] | ExceptionCode:
        """Objects of the identification: 0 vendor, 1 product code, 2 revision, 4 product, 5 model."""


def answer(bank: Bank, unit: int, pdu: bytes) -> bytes | Awaitable[bytes]:
    """The PDU that answers a PDU; something to await where the bank is a coroutine function."""
    try:
        request = parse_request(pdu)
    except RequestError as error:
        return bytes(((pdu[0] if pdu else 0) | REFUSED_BIT, error.code))
    match request:
        case Read(space, address, count):
            values = bank.read(unit, space, address, count)
            if isawaitable(values):
                return _read_later(request, values)
            return encode_reply(request, _of_read(values))
        case WriteCoil() | WriteRegister() | WriteCoils() | WriteRegisters():
            refused = bank.write(unit, *_of_write(request))
            if isawaitable(refused):
                return _write_later(request, refused)
            return encode_reply(request, Written() if refused is None else Refusal(refused))
        case Identify():
            return encode_reply(request, _of_identify(request, bank.identify(unit)))
        case _:
            assert_never(request)


async def _read_later(request: Request, values: Awaitable[Sequence[int] | ExceptionCode]) -> bytes:
    return encode_reply(request, _of_read(await values))


async def _write_later(request: Request, refused: Awaitable[ExceptionCode | None]) -> bytes:
    code = await refused
    return encode_reply(request, Written() if code is None else Refusal(code))


def _of_read(values: Sequence[int] | ExceptionCode) -> Reply:
    return Refusal(values) if isinstance(values, ExceptionCode) else Values(tuple(values))


def _of_write(request: Write) -> tuple[Space, int, tuple[int, ...]]:
    match request:
        case WriteCoil(address, on):
            return Space.COIL, address, (int(on),)
        case WriteRegister(address, word):
            return Space.HOLDING, address, (word,)
        case WriteCoils(address, states):
            return Space.COIL, address, tuple(int(state) for state in states)
        case WriteRegisters(address, words):
            return Space.HOLDING, address, words
        case _:
            assert_never(request)


def _of_identify(request: Identify, objects: Mapping[int, bytes] | ExceptionCode) -> Reply:
    if isinstance(objects, ExceptionCode):
        return Refusal(objects)
    return identification(request, dict(objects)) or Refusal(ExceptionCode.ILLEGAL_ADDRESS)
