"""A device of plain tables, for the tests of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.modbus.pdu import ADDRESSES, BITS, ExceptionCode, Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IDENTITY = {0: b"Example Works", 1: b"M-1", 2: b"1.0", 4: "計器".encode(), 5: b"M-1/50"}


class Table:
    """Unit 1 has 1000 values of each space; every other unit is silent for a gateway's sake."""

    def __init__(self, size: int = 1000) -> None:
        self.size = size
        self.holding = [(7 * place) % ADDRESSES for place in range(size)]
        self.input = [(11 * place) % ADDRESSES for place in range(size)]
        self.coil = [place % 3 == 0 for place in range(size)]
        self.discrete = [place % 5 == 0 for place in range(size)]
        self.identity: Mapping[int, bytes] = IDENTITY
        self.written: list[tuple[Space, int, tuple[int, ...]]] = []

    def read(
        self, unit: int, space: Space, address: int, count: int
    ) -> Sequence[int] | ExceptionCode:
        if unit != 1:
            return ExceptionCode.GATEWAY_NO_ANSWER
        if address + count > self.size:
            return ExceptionCode.ILLEGAL_ADDRESS
        values = getattr(self, space.value)[address : address + count]
        return [int(value) for value in values]

    def write(
        self, unit: int, space: Space, address: int, values: Sequence[int]
    ) -> ExceptionCode | None:
        if unit != 1:
            return ExceptionCode.GATEWAY_NO_ANSWER
        if address + len(values) > self.size:
            return ExceptionCode.ILLEGAL_ADDRESS
        table = getattr(self, space.value)
        table[address : address + len(values)] = (
            [bool(v) for v in values] if space in BITS else list(values)
        )
        self.written.append((space, address, tuple(values)))
        return None

    def identify(self, unit: int) -> Mapping[int, bytes] | ExceptionCode:
        return self.identity if unit == 1 else ExceptionCode.GATEWAY_NO_ANSWER
