"""The made-up product's registers: ten that can be read by anybody, and none that can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.modbus.pdu import ExceptionCode, Space

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT = 1
WORDS = 10


class Registers:
    """Voltages and currents; writes are refused unless the fault is on."""

    def __init__(self, *, writes: bool) -> None:
        self._writes = writes
        self.words = [230, 231, 229, 10, 11, 12, 0, 0, 50, 1]

    def read(
        self, unit: int, space: Space, address: int, count: int
    ) -> Sequence[int] | ExceptionCode:
        """Some words."""
        if unit != UNIT or address + count > WORDS or space not in {Space.HOLDING, Space.INPUT}:
            return ExceptionCode.ILLEGAL_ADDRESS
        return self.words[address : address + count]

    def write(
        self, unit: int, space: Space, address: int, values: Sequence[int]
    ) -> ExceptionCode | None:
        """Refused; with the fault taken."""
        if not self._writes:
            return ExceptionCode.ILLEGAL_FUNCTION
        if unit != UNIT or space is not Space.HOLDING or address + len(values) > WORDS:
            return ExceptionCode.ILLEGAL_ADDRESS
        self.words[address : address + len(values)] = values
        return None

    def identify(self, unit: int) -> ExceptionCode:  # noqa: ARG002 - as every bank has it
        """It tells nothing of itself here."""
        return ExceptionCode.ILLEGAL_FUNCTION
