"""Modbus words and typed values.

The kinds and their "unimplemented" patterns are those of the SunSpec Information Model
Specification (section on data types); the same patterns count for devices without SunSpec, because
a register that holds 0x8000 or 0xFFFF almost never means a number there either. A value that is not
implemented, not a number or infinite is None, never a number. Encoding refuses what does not fit,
and refuses to write a pattern that means "unimplemented".
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Value = int | float | str
"""What a register holds once decoded; None stands for "absent" wherever it may be."""

WORD_BITS = 16
WORD_MOST = 0xFFFF


class UnfitError(ValueError):
    """A value does not fit its register; nothing was encoded."""


class Kind(StrEnum):
    """How words are to be understood."""

    BIT = "bit"
    """A coil or a discrete input: one bit."""
    INT16 = "int16"
    UINT16 = "uint16"
    ACC16 = "acc16"
    """Accumulator; 0 means "not accumulated"."""
    ENUM16 = "enum16"
    BITFIELD16 = "bitfield16"
    SUNSSF = "sunssf"
    """Scale factor: a power of ten, -10 to 10."""
    INT32 = "int32"
    UINT32 = "uint32"
    ACC32 = "acc32"
    ENUM32 = "enum32"
    BITFIELD32 = "bitfield32"
    INT64 = "int64"
    UINT64 = "uint64"
    ACC64 = "acc64"
    BITFIELD64 = "bitfield64"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    STRING = "string"


class WordOrder(StrEnum):
    """Which word of a longer value comes first."""

    HIGH_FIRST = "high-first"
    """Big-endian, as SunSpec and most devices have it."""
    LOW_FIRST = "low-first"


@dataclass(frozen=True, slots=True)
class _Whole:
    """A whole number of some words."""

    words: int
    signed: bool
    absent: int
    """The pattern, as an unsigned number, that means "unimplemented"."""
    least: int
    most: int


def _unsigned(words: int) -> _Whole:
    top = (1 << WORD_BITS * words) - 1
    return _Whole(words, signed=False, absent=top, least=0, most=top - 1)


def _signed(words: int) -> _Whole:
    half = 1 << (WORD_BITS * words - 1)
    return _Whole(words, signed=True, absent=half, least=1 - half, most=half - 1)


def _accumulated(words: int) -> _Whole:
    return _Whole(words, signed=False, absent=0, least=1, most=(1 << WORD_BITS * words) - 1)


def _bits(words: int) -> _Whole:
    """Bit fields: with the top bit set the whole field is unimplemented."""
    top = (1 << WORD_BITS * words) - 1
    return _Whole(words, signed=False, absent=top, least=0, most=top >> 1)


MOST_SCALE = 10
"""Largest power of ten of a scale factor, either way."""

_WHOLE: Mapping[Kind, _Whole] = MappingProxyType(
    {
        Kind.BIT: _Whole(1, signed=False, absent=-1, least=0, most=1),
        Kind.INT16: _signed(1),
        Kind.UINT16: _unsigned(1),
        Kind.ACC16: _accumulated(1),
        Kind.ENUM16: _unsigned(1),
        Kind.BITFIELD16: _bits(1),
        Kind.SUNSSF: _Whole(1, signed=True, absent=0x8000, least=-MOST_SCALE, most=MOST_SCALE),
        Kind.INT32: _signed(2),
        Kind.UINT32: _unsigned(2),
        Kind.ACC32: _accumulated(2),
        Kind.ENUM32: _unsigned(2),
        Kind.BITFIELD32: _bits(2),
        Kind.INT64: _signed(4),
        Kind.UINT64: _unsigned(4),
        Kind.ACC64: _accumulated(4),
        Kind.BITFIELD64: _bits(4),
    }
)
_FLOAT: Mapping[Kind, tuple[int, struct.Struct]] = MappingProxyType(
    {Kind.FLOAT32: (2, struct.Struct(">f")), Kind.FLOAT64: (4, struct.Struct(">d"))}
)


def width(kind: Kind) -> int | None:
    """Words of a value of this kind; None for a string, whose length is told apart."""
    if kind is Kind.STRING:
        return None
    whole = _WHOLE.get(kind)
    return whole.words if whole is not None else _FLOAT[kind][0]


def reach(kind: Kind) -> tuple[int, int] | None:
    """Least and greatest number that a whole-number kind holds; None for other kinds."""
    whole = _WHOLE.get(kind)
    return None if whole is None else (whole.least, whole.most)


def decode(
    kind: Kind, words: Sequence[int], order: WordOrder = WordOrder.HIGH_FIRST
) -> Value | None:
    """The value that words hold; None where they hold none.

    Args:
        kind: how to understand them.
        words: as many as the kind has, each 0 to 65535; anything else decodes to None.
        order: which word of a longer value comes first.
    """
    if kind is Kind.STRING:
        return _text(words)
    whole = _WHOLE.get(kind)
    if whole is not None:
        return _number(whole, words, order)
    length, form = _FLOAT[kind]
    pattern = _joined(words, length, order)
    if pattern is None:
        return None
    (value,) = form.unpack(pattern.to_bytes(2 * length, "big"))
    return float(value) if math.isfinite(value) else None


def scaled_reader(
    kind: Kind, factor: int, under: int, offset: float, *, whole: bool
) -> Callable[[Sequence[int]], int | float | None] | None:
    """A faster way to what `decode` and scaling give, for whole numbers, high word first.

    Most points of a device are such, and a plant reads thousands of them a second.

    Args:
        kind: how to understand the words.
        factor: what the raw number is multiplied with.
        under: what it is then divided by, above 0.
        offset: added last.
        whole: whether the value is rounded to a whole number, halves away from zero.

    Returns:
        None where the kind is no whole number, and for what only `decode` can do.
    """
    number = _WHOLE.get(kind)
    if number is None or under <= 0 or (whole and offset):
        return None
    pack, signed, least, most = (
        struct.Struct(f">{number.words}H").pack,
        number.signed,
        number.least,
        number.most,
    )
    from_bytes, error, half = int.from_bytes, struct.error, under // 2

    def read(words: Sequence[int]) -> int | float | None:
        try:
            raw = from_bytes(pack(*words), "big", signed=signed)
        except error:  # another number of words, or no 16-bit numbers
            return None
        # What means "unimplemented" always lies outside least and most.
        if not least <= raw <= most:
            return None
        scaled = raw * factor
        if not whole:
            return scaled / under + offset
        if under == 1:
            return scaled
        return (scaled + half) // under if scaled >= 0 else -((half - scaled) // under)

    return read


def encode(
    kind: Kind,
    value: Value,
    order: WordOrder = WordOrder.HIGH_FIRST,
    *,
    length: int | None = None,
) -> tuple[int, ...]:
    """The words that hold a value.

    Args:
        kind: how they will be understood.
        value: a whole number for whole-number kinds, a number for floats, text for strings.
        order: which word of a longer value comes first.
        length: words of a string.

    Raises:
        UnfitError: it does not fit, is not finite, or would read as "unimplemented".
    """
    if kind is Kind.STRING:
        return _text_words(value, length)
    whole = _WHOLE.get(kind)
    if whole is not None:
        if not isinstance(value, int):
            raise UnfitError(f"{value!r} is not a whole number for {kind}")
        if not whole.least <= value <= whole.most:
            raise UnfitError(f"{value} is outside {whole.least} to {whole.most} of {kind}")
        return _split(value % (1 << WORD_BITS * whole.words), whole.words, order)
    if isinstance(value, str):
        raise UnfitError(f"{value!r} is not a number for {kind}")
    words, form = _FLOAT[kind]
    try:
        held = form.pack(value)
    except (OverflowError, struct.error):
        raise UnfitError(f"{value} does not fit {kind}") from None
    if not math.isfinite(form.unpack(held)[0]):
        raise UnfitError(f"{value} does not fit {kind}")
    return _split(int.from_bytes(held, "big"), words, order)


def _number(whole: _Whole, words: Sequence[int], order: WordOrder) -> int | None:
    pattern = _joined(words, whole.words, order)
    if pattern is None or pattern == whole.absent:
        return None
    if whole.signed and pattern >> (WORD_BITS * whole.words - 1):
        pattern -= 1 << WORD_BITS * whole.words
    return pattern if whole.least <= pattern <= whole.most else None


def _joined(words: Sequence[int], length: int, order: WordOrder) -> int | None:
    if len(words) != length:
        return None
    pattern = 0
    for word in words if order is WordOrder.HIGH_FIRST else reversed(words):
        if not 0 <= word <= WORD_MOST:
            return None
        pattern = pattern << WORD_BITS | word
    return pattern


def _split(pattern: int, length: int, order: WordOrder) -> tuple[int, ...]:
    high_first = tuple(
        pattern >> WORD_BITS * place & WORD_MOST for place in reversed(range(length))
    )
    return high_first if order is WordOrder.HIGH_FIRST else high_first[::-1]


def _text(words: Sequence[int]) -> str | None:
    """Text up to the first NUL, without the blanks around it.

    None where nothing is left, or where it is not printable UTF-8: a name with control characters
    is no name.
    """
    if any(not 0 <= word <= WORD_MOST for word in words):
        return None
    held = b"".join(word.to_bytes(2, "big") for word in words).split(b"\0", 1)[0]
    try:
        text = held.decode().strip()
    except UnicodeDecodeError:
        return None
    return text if text and text.isprintable() else None


def _text_words(value: Value, length: int | None) -> tuple[int, ...]:
    if not isinstance(value, str) or length is None:
        raise UnfitError(f"{value!r} is not text of a known length")
    held = value.encode()
    if not held or len(held) > 2 * length or not value.isprintable():
        raise UnfitError(f"{value!r} does not fit {length} words")
    held = held.ljust(2 * length, b"\0")
    return tuple(int.from_bytes(held[i : i + 2], "big") for i in range(0, 2 * length, 2))
