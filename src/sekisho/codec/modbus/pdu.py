"""What is asked of a device and what it answers, as values.

The words are those of the "MODBUS Application Protocol Specification V1.1b3" (modbus.org), called
"the specification" below. Addresses count from 0, as they stand in the frame; a data sheet that
writes 40001 means address 0.

A value that cannot be sent cannot be made: the constructors refuse it with `ValueError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum, unique

MOST_REGISTERS_READ = 125
"""Section 6.3: a reply holds at most 250 bytes of registers."""
MOST_REGISTERS_WRITTEN = 123
"""Section 6.12."""
MOST_BITS_READ = 2000
"""Section 6.1."""
MOST_BITS_WRITTEN = 1968
"""Section 6.11."""
ADDRESSES = 0x10000
"""Addresses of a space."""
LARGEST_PDU = 253
"""Section 4.1: the largest frame of a serial line, 256 bytes, less unit and check sum."""
REFUSED_BIT = 0x80
"""A reply whose function code has this bit is an exception (section 7)."""
LAST_OBJECT = 0xFF
"""Objects of the identification count from 0."""
MEI_IDENTIFY = 0x0E
"""The one kind of function 43 that is spoken here (section 6.21)."""


@unique
class Space(StrEnum):
    """The four tables of a device (section 4.3)."""

    COIL = "coil"
    """Bits that can be written."""
    DISCRETE = "discrete"
    """Bits that can only be read."""
    HOLDING = "holding"
    """16-bit registers that can be written."""
    INPUT = "input"
    """16-bit registers that can only be read."""


BITS = frozenset({Space.COIL, Space.DISCRETE})
"""The spaces whose values are 0 or 1."""


@unique
class Function(IntEnum):
    """The function codes spoken here."""

    READ_COILS = 1
    READ_DISCRETE = 2
    READ_HOLDING = 3
    READ_INPUT = 4
    WRITE_COIL = 5
    WRITE_REGISTER = 6
    WRITE_COILS = 15
    WRITE_REGISTERS = 16
    IDENTIFY = 43


READS = {
    Space.COIL: Function.READ_COILS,
    Space.DISCRETE: Function.READ_DISCRETE,
    Space.HOLDING: Function.READ_HOLDING,
    Space.INPUT: Function.READ_INPUT,
}
"""The function that reads a space."""
READ_SPACES = {int(function): space for space, function in READS.items()}
"""The space that a function reads."""
WRITE_FUNCTIONS = frozenset(
    {
        Function.WRITE_COIL,
        Function.WRITE_REGISTER,
        Function.WRITE_COILS,
        Function.WRITE_REGISTERS,
    }
)
"""The functions that change a device."""


@unique
class ExceptionCode(IntEnum):
    """Why a device refuses (section 7). A device may also send a code that is not listed."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    ACKNOWLEDGE = 5
    """Accepted, and it will take long: for us the device is busy."""
    DEVICE_BUSY = 6
    MEMORY_PARITY = 8
    GATEWAY_NO_PATH = 10
    GATEWAY_NO_ANSWER = 11
    """A gateway speaks for a device behind it that is silent."""


@unique
class IdentifyCode(IntEnum):
    """Which objects of the identification are asked for (section 6.21)."""

    BASIC = 1
    """Vendor, product code, revision."""
    REGULAR = 2
    """Also address of the vendor, product, model and application name."""
    EXTENDED = 3
    """Also what the vendor has added."""
    ONE = 4
    """One object alone."""


# ---- what is asked ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """Functions 1 to 4: `count` neighbouring values of a space."""

    space: Space
    address: int
    count: int

    def __post_init__(self) -> None:
        """Refuses what no device may be asked.

        Raises:
            ValueError: no value or too many, or beyond the last address.
        """
        most = MOST_BITS_READ if self.space in BITS else MOST_REGISTERS_READ
        _within(self.address, self.count, most)


@dataclass(frozen=True, slots=True)
class WriteCoil:
    """Function 5: one bit."""

    address: int
    on: bool

    def __post_init__(self) -> None:
        """Refuses an address that no space has."""
        _within(self.address, 1, 1)


@dataclass(frozen=True, slots=True)
class WriteRegister:
    """Function 6: one register."""

    address: int
    word: int

    def __post_init__(self) -> None:
        """Refuses an address that no space has, and what is no 16-bit number."""
        _within(self.address, 1, 1)
        _words((self.word,))


@dataclass(frozen=True, slots=True)
class WriteCoils:
    """Function 15: neighbouring bits."""

    address: int
    states: tuple[bool, ...]

    def __post_init__(self) -> None:
        """Refuses no bit, too many, or beyond the last address."""
        _within(self.address, len(self.states), MOST_BITS_WRITTEN)


@dataclass(frozen=True, slots=True)
class WriteRegisters:
    """Function 16: neighbouring registers, changed together."""

    address: int
    words: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuses no register, too many, beyond the last address, and what is no 16-bit number."""
        _within(self.address, len(self.words), MOST_REGISTERS_WRITTEN)
        _words(self.words)


@dataclass(frozen=True, slots=True)
class Identify:
    """Function 43/14: who the device says it is, from `first` on."""

    code: IdentifyCode = IdentifyCode.REGULAR
    first: int = 0

    def __post_init__(self) -> None:
        """Refuses an object that does not fit in a byte."""
        if not 0 <= self.first <= LAST_OBJECT:
            raise ValueError(f"object {self.first} is not 0 to 255")


Write = WriteCoil | WriteRegister | WriteCoils | WriteRegisters
"""Everything that changes a device."""
Request = Read | Write | Identify
"""Everything that can be asked."""


# ---- what is answered ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Values:
    """The values that were asked for, as many as were asked: 16-bit numbers, or 0 and 1."""

    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The device says that it has written what was asked."""


@dataclass(frozen=True, slots=True)
class Identification:
    """Objects of the identification, and whether and where more of them begin."""

    objects: tuple[tuple[int, bytes], ...]
    conformity: int = 0x82
    """How much the device can tell (section 6.21): 0x82 is regular, one by one too."""
    next_object: int | None = None
    """None where this is the end."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An exception reply with its code; see `ExceptionCode` for those that are known."""

    code: int


Reply = Values | Written | Identification | Refusal
"""Everything that can be answered."""


# ---- bounds ----------------------------------------------------------------------------------


class AddressError(ValueError):
    """Beyond the last address of a space."""


def _within(address: int, count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise ValueError(f"{count} values in one request; 1 to {most} are possible")
    if not 0 <= address <= ADDRESSES - count:
        raise AddressError(f"{count} values from address {address} reach beyond the space")


def _words(words: tuple[int, ...]) -> None:
    if min(words) < 0 or max(words) >= ADDRESSES:
        raise ValueError("a register holds 0 to 65535")
