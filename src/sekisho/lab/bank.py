"""Registers of a simulated device: cells at addresses, read and written as Modbus does it.

A cell asks its device only when it is read, so that stepping the plant costs nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.modbus.pdu import ExceptionCode, Space
from sekisho.codec.registers import Kind, UnfitError, encode, reach, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sekisho.codec.registers import Value, WordOrder
    from sekisho.lab.device import LabDevice

Words: TypeAlias = tuple[int, ...]

_NAN32, _NAN64 = 0x7FC0, 0x7FF8


def absent(kind: Kind, length: int) -> Words:
    """The pattern that means "not implemented" (SunSpec Information Model Specification)."""
    match kind:
        case Kind.BIT | Kind.STRING | Kind.ACC16 | Kind.ACC32 | Kind.ACC64:
            return (0,) * length
        case Kind.INT16 | Kind.INT32 | Kind.INT64 | Kind.SUNSSF:
            return (0x8000, *(0,) * (length - 1))
        case Kind.FLOAT32:
            return (_NAN32, 0)
        case Kind.FLOAT64:
            return (_NAN64, 0, 0, 0)
        case _:
            return (0xFFFF,) * length


def held(kind: Kind, value: Value | None, order: WordOrder, length: int) -> Words:
    """The words of a value; what a register cannot hold it shows at its end, as devices do."""
    if value is None:
        return absent(kind, length)
    ends = reach(kind)
    if ends is not None and isinstance(value, int):
        value = min(max(value, ends[0]), ends[1])
    try:
        return encode(kind, value, order, length=length if width(kind) is None else None)
    except UnfitError:
        return absent(kind, length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value among the registers."""

    space: Space
    address: int
    length: int
    words: Callable[[], Words]
    write: Callable[[Words], bool] | None = None
    """None: read only. False: refused."""


class RegisterBank:
    """A device behind its registers; the `Bank` that a Modbus server asks."""

    def __init__(self, device: LabDevice, cells: Iterable[Cell]) -> None:
        """Registers of a device.

        Raises:
            ValueError: two cells share an address; a fault of the layout.
        """
        self.device = device
        self._at: dict[Space, dict[int, Cell]] = {space: {} for space in Space}
        for cell in cells:
            for address in range(cell.address, cell.address + cell.length):
                if address in self._at[cell.space]:
                    raise ValueError(f"two cells at {cell.space} {address}")
                self._at[cell.space][address] = cell

    def read(self, unit: int, space: Space, address: int, count: int) -> Words | ExceptionCode:
        """`count` values from `address` on, as they are at this moment."""
        if unit != self.device.unit:
            return ExceptionCode.GATEWAY_NO_ANSWER
        table = self._at[space]
        found: list[int] = []
        end = address + count
        while address < end:
            cell = table.get(address)
            if cell is None:
                return ExceptionCode.ILLEGAL_ADDRESS
            start = address - cell.address
            stop = min(cell.length, end - cell.address)
            found += cell.words()[start:stop]
            address = cell.address + stop
        return tuple(found)

    def write(
        self, unit: int, space: Space, address: int, values: Sequence[int]
    ) -> ExceptionCode | None:
        """Takes whole cells, in the order of their addresses; the first refusal ends it."""
        if unit != self.device.unit:
            return ExceptionCode.GATEWAY_NO_ANSWER
        cells: list[Cell] = []
        at = address
        while at < address + len(values):
            cell = self._at[space].get(at)
            if cell is None or cell.write is None or cell.address != at:
                return ExceptionCode.ILLEGAL_ADDRESS
            cells.append(cell)
            at += cell.length
        if at != address + len(values):
            return ExceptionCode.ILLEGAL_ADDRESS
        for cell in cells:
            start = cell.address - address
            words = tuple(values[start : start + cell.length])
            if cell.write is None or not cell.write(words):
                return ExceptionCode.ILLEGAL_VALUE
        return None

    def identify(self, unit: int) -> Mapping[int, bytes] | ExceptionCode:
        """Objects of the device identification (function 43/14)."""
        if unit != self.device.unit:
            return ExceptionCode.GATEWAY_NO_ANSWER
        plate = self.device.plate
        return {
            0: plate.maker.encode(),
            1: plate.model.encode(),
            2: plate.version.encode(),
            5: plate.model.encode(),
        }


class Units:
    """Several devices behind one address, told apart by their Modbus unit."""

    def __init__(self, banks: Iterable[RegisterBank]) -> None:
        """Devices that share an address.

        Raises:
            ValueError: two of them have one unit.
        """
        self._banks: dict[int, RegisterBank] = {}
        for bank in banks:
            if bank.device.unit in self._banks:
                raise ValueError(f"two devices have the unit {bank.device.unit}")
            self._banks[bank.device.unit] = bank

    def read(self, unit: int, space: Space, address: int, count: int) -> Words | ExceptionCode:
        """As its device answers."""
        bank = self._banks.get(unit)
        if bank is None:
            return ExceptionCode.GATEWAY_NO_ANSWER
        return bank.read(unit, space, address, count)

    def write(
        self, unit: int, space: Space, address: int, values: Sequence[int]
    ) -> ExceptionCode | None:
        """As its device takes it."""
        bank = self._banks.get(unit)
        if bank is None:
            return ExceptionCode.GATEWAY_NO_ANSWER
        return bank.write(unit, space, address, values)

    def identify(self, unit: int) -> Mapping[int, bytes] | ExceptionCode:
        """As its device says."""
        bank = self._banks.get(unit)
        return ExceptionCode.GATEWAY_NO_ANSWER if bank is None else bank.identify(unit)
