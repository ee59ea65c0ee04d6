"""Noise that anybody can draw again: a pure function of a seed and a number."""

from __future__ import annotations

_MASK = (1 << 64) - 1
_HALF = float(1 << 63)


def noise(seed: int, number: int) -> float:
    """A value from -1 to below 1, evenly spread, the same for the same two numbers.

    SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). It
    imitates a measurement's unrest and is of no use for secrets.
    """
    mixed = (seed * 0x9E3779B97F4A7C15 + number * 0xD1B54A32D192ED03) & _MASK
    mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & _MASK
    return (mixed ^ mixed >> 31) / _HALF - 1.0
