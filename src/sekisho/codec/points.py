"""One value of a device: where it stands, and how what it means is written there.

A `Point` is the same whether it was compiled from a SunSpec model or from a profile. Scale, sign and
unit of the device are undone here, at the edge: inside, each of the `meanings` has one unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.codec.meanings import UNIT, WHOLE_UNITS, Meaning
from sekisho.codec.registers import (
    Kind,
    UnfitError,
    Value,
    WordOrder,
    decode,
    encode,
    reach,
    scaled_reader,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sekisho.codec.meanings import State
    from sekisho.codec.modbus.pdu import Space


class Pace(StrEnum):
    """How often a point is read."""

    FAST = "fast"
    """Every 100 to 200 ms: power, frequency, status."""
    SLOW = "slow"
    """Every 1 to 10 s: state of charge, limits, temperatures, what was written."""
    ONCE = "once"
    """At each connection only: ratings."""


class Keeping(StrEnum):
    """Where a device keeps a written value."""

    VOLATILE = "volatile"
    NVRAM = "nvram"
    """Wears out: at most `MOST_NVRAM_A_DAY` writes a day."""


MOST_NVRAM_A_DAY = 100


@dataclass(frozen=True, slots=True)
class Span:
    """Registers or bits that stand one after another."""

    space: Space
    address: int
    length: int

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.address + self.length


@dataclass(frozen=True, slots=True)
class Write:
    """One write, to be sent as one frame: several words by one FC16."""

    space: Space
    address: int
    words: tuple[int, ...]
    nvram: bool = False
    """It wears the device's memory: at most `MOST_NVRAM_A_DAY` a day."""

    @property
    def span(self) -> Span:
        """Where it writes, to read it back."""
        return Span(self.space, self.address, len(self.words))


@dataclass(frozen=True, slots=True)
class Sample:
    """A worked sample from the device's manual: words, and the value inside the gate."""

    words: tuple[int, ...]
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a device, its scale known."""

    meaning: Meaning
    space: Space
    address: int
    kind: Kind
    length: int = 1
    """Words, or bits."""
    order: WordOrder = WordOrder.HIGH_FIRST
    scale: tuple[int, int] = (1, 1)
    """Numerator and denominator: raw × scale = value in the inside unit. Never 0."""
    sign: int = 1
    """-1 where the device counts import positive."""
    offset: float = 0
    """Added last, in the inside unit."""
    pace: Pace = Pace.SLOW
    keeping: Keeping | None = None
    """None: it is never written."""
    fixed: int | None = None
    """What is written, raw, where only one value makes sense: the mode, the enable, the trip."""
    mask: int | None = None
    """Of a bit field: the bits that count."""
    states: Mapping[int, State] = field(default_factory=dict)
    """What each raw value of a state means; others are absent."""
    _plain: Callable[[Sequence[int]], int | float | None] | None = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Prepares the fast way for plain numbers."""
        plain = None
        if not self.states and self.mask is None and self.order is WordOrder.HIGH_FIRST:
            over, under = self.scale
            whole = UNIT[self.meaning] in WHOLE_UNITS
            plain = scaled_reader(self.kind, over * self.sign, under, self.offset, whole=whole)
        object.__setattr__(self, "_plain", plain)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.space, self.address, self.length)

    def value(self, words: Sequence[int]) -> Value | None:
        """What the words mean, in the inside unit; None where they mean nothing."""
        return self._plain(words) if self._plain is not None else self._any(words)

    def _any(self, words: Sequence[int]) -> Value | None:
        raw = decode(self.kind, words, self.order)
        if raw is None or isinstance(raw, str):
            return raw
        if self.states:
            return self.states.get(raw) if isinstance(raw, int) else None
        if self.mask is not None and isinstance(raw, int):
            return raw & self.mask
        over, under = self.scale
        scaled = raw * over * self.sign
        if not math.isfinite(scaled):
            return None
        if UNIT[self.meaning] in WHOLE_UNITS:
            return _rounded(scaled, under, self.offset)
        return scaled / under + self.offset

    def words(self, value: float) -> tuple[int, ...]:
        """The words to write for a value in the inside unit.

        What the register cannot resolve is dropped towards zero, so that a power never becomes
        larger than what was permitted.

        Raises:
            UnfitError: the value does not fit the register.
        """
        over, under = self.scale
        if self.kind in (Kind.FLOAT32, Kind.FLOAT64):
            return encode(self.kind, (value - self.offset) * under / over * self.sign, self.order)
        wanted = value - self.offset if self.offset else value
        raw = _towards_zero(wanted, under, over) * self.sign
        return encode(self.kind, raw, self.order)

    def write(self, value: float) -> Write:
        """The write of a value in the inside unit.

        Raises:
            UnfitError: the value does not fit, or the point is not writable.
        """
        return self._write(self.words(value))

    def write_raw(self, raw: int) -> Write:
        """The write of a raw value, such as a mode's number.

        Raises:
            UnfitError: the value does not fit, or the point is not writable.
        """
        return self._write(encode(self.kind, raw, self.order))

    def _write(self, words: tuple[int, ...]) -> Write:
        if self.keeping is None:
            raise UnfitError(f"{self.meaning} is not writable")
        return Write(self.space, self.address, words, nvram=self.keeping is Keeping.NVRAM)

    def nearest(self, value: int) -> int:
        """What will be read back after `value` was written, in the inside unit.

        Raises:
            UnfitError: the value does not fit the register.
        """
        held = self.value(self.words(value))
        if not isinstance(held, int):
            raise UnfitError(f"{self.meaning} does not hold whole numbers")
        return held

    @property
    def reach(self) -> tuple[float, float] | None:
        """Least and greatest value that it can hold, in the inside unit; None: no such bound."""
        raw = reach(self.kind)
        if raw is None:
            return None
        over, under = self.scale
        ends = sorted(end * over * self.sign / under + self.offset for end in raw)
        return ends[0], ends[1]


def power_of_ten(power: int) -> tuple[int, int]:
    """A scale as numerator and denominator, from SunSpec's power of ten."""
    size = int(10 ** abs(power))
    return (size, 1) if power >= 0 else (1, size)


def natural_length(kind: Kind) -> int:
    """Words or bits of a kind; 1 where a string's length is not told."""
    return width(kind) or 1


def _rounded(scaled: float, under: int, offset: float) -> int:
    """The nearest whole number, halves away from zero."""
    if isinstance(scaled, int) and not offset:
        size = (2 * abs(scaled) + under) // (2 * under)
        return size if scaled >= 0 else -size
    value = scaled / under + offset
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)


def _towards_zero(value: float, over: int, under: int) -> int:
    if isinstance(value, int):
        size = abs(value) * over // under
        return size if value >= 0 else -size
    return int(value * over / under)
