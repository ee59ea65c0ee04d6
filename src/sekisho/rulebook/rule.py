"""A rule as it runs: its statement, and the judge that reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.rulebook.demand import Case, Demand

if TYPE_CHECKING:
    from sekisho.rulebook.statement import Statement

Judge = Callable[[Case], Demand]
"""One pure function per rule: what does it ask of this device (or site) on this day?"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the rulebook."""

    statement: Statement
    judge: Judge
