"""The grid's frequency as a given course: a pure function of time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from sekisho.lab.noise import noise


@dataclass(frozen=True, slots=True)
class FrequencyStep:
    """From a moment on the frequency is another one."""

    at_ms: int
    by: float
    """Hz."""


@dataclass(frozen=True, slots=True)
class FrequencyRamp:
    """The frequency moves over a while, and stays."""

    at_ms: int
    over_ms: int
    by: float


@dataclass(frozen=True, slots=True)
class FrequencySwing:
    """The frequency swings."""

    most: float
    period_ms: int


@dataclass(frozen=True, slots=True)
class FrequencyNoise:
    """Small unrest, new every 20 ms, by which a live frequency differs from a frozen one."""

    most: float = 0.01
    seed: int = 1


Course: TypeAlias = FrequencyStep | FrequencyRamp | FrequencySwing | FrequencyNoise

NOISE_MS = 20


@dataclass(slots=True)
class Grid:
    """What the plant is connected to."""

    nominal: float = 50.0
    courses: tuple[Course, ...] = (FrequencyNoise(),)
    """They add up."""
    offset: float = 0.0
    """Hz, set from outside: by a person, or by a model of the whole grid."""

    def frequency(self, now_ms: int) -> float:
        """Hz at a moment."""
        return self.nominal + self.offset + sum(_of(course, now_ms) for course in self.courses)


def _of(course: Course, now_ms: int) -> float:
    match course:
        case FrequencyStep(at, by):
            return by if now_ms >= at else 0.0
        case FrequencyRamp(at, over, by):
            return by * min(1.0, max(0.0, (now_ms - at) / max(1, over)))
        case FrequencySwing(most, period):
            return most * math.sin(2.0 * math.pi * now_ms / period)
        case FrequencyNoise(most, seed):
            return most * noise(seed, now_ms // NOISE_MS)
        case _:
            assert_never(course)
