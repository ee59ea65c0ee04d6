"""Every rule of the desk, in the order of the reports. One folder a rule, one line here.

A folder holds `statement.toml` (what is asked, since when, how we know), `judge.py` (one pure
function) and `cases.toml` (named stories with the expected demand). Rules never import one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.rules import (
    balancing_1,
    drvpp_1,
    erab_r4,
    erab_r5,
    erab_r6,
    gc_0,
    gc_1,
    gc_2,
    gc_3,
    gc_4,
    gc_5,
    gov_1,
    law_1,
    ltda_1,
    parity_1,
    sii_0,
    sii_1,
)
from sekisho.terms.ids import RuleId

if TYPE_CHECKING:
    from sekisho.rulebook.rule import Judge

RULES: tuple[tuple[RuleId, Judge], ...] = (
    (RuleId("gc-0"), gc_0.judge),
    (RuleId("gc-1"), gc_1.judge),
    (RuleId("gc-2"), gc_2.judge),
    (RuleId("gc-3"), gc_3.judge),
    (RuleId("gc-4"), gc_4.judge),
    (RuleId("gc-5"), gc_5.judge),
    (RuleId("ltda-1"), ltda_1.judge),
    (RuleId("sii-1"), sii_1.judge),
    (RuleId("sii-0"), sii_0.judge),
    (RuleId("erab-r4"), erab_r4.judge),
    (RuleId("erab-r6"), erab_r6.judge),
    (RuleId("erab-r5"), erab_r5.judge),
    (RuleId("gov-1"), gov_1.judge),
    (RuleId("law-1"), law_1.judge),
    (RuleId("drvpp-1"), drvpp_1.judge),
    (RuleId("parity-1"), parity_1.judge),
    (RuleId("balancing-1"), balancing_1.judge),
)
