"""Every rule of the desk, in the order of the reports. One folder a rule, one line here.

A folder holds `statement.toml` (what is asked, since when, how we know), `judge.py` (one pure
function) and `cases.toml` (named stories with the expected demand). Rules never import one another.
"""

from __future__ import annotations

from collections.abc import Callable

from sekisho.desk.rules import gc_1
from sekisho.rulebook.demand import Case, Demand
from sekisho.terms.ids import RuleId

Judge = Callable[[Case], Demand]
"""A pure function: what a rule asks of one device, or of the site, on one day."""

RULES: tuple[tuple[RuleId, Judge], ...] = ((RuleId("gc-1"), gc_1.judge),)
