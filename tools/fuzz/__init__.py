"""Fuzzing of the parsers that face an enemy, under a time budget.

Every module of this package names its targets in `TARGETS`: a function that takes bytes and may
raise nothing, with the seeds to begin from. A crash or a hang is a failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Target:
    """One parser to be fuzzed."""

    run: Callable[[bytes], None]
    """Must return for any bytes, quickly; what it raises is a finding."""
    seeds: tuple[bytes, ...]
    longest: int = 20_000
    """Longest input that is tried."""
