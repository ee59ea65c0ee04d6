"""Every criterion of JST-CR-01-01-2024R1 (December 2024), in its order. One folder each, one line here.

A folder holds `statement.toml` (what is asked, in our words, item by item, and how sure we are),
`judge.py` (one pure function) and `cases.toml` (named stories). Criteria never import one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.proof.criteria import (
    s1_1_01,
    s1_1_02,
    s1_1_03,
    s1_1_04,
    s1_1_05,
    s1_1_06,
    s1_1_07,
    s1_1_08,
    s1_1_09,
    s1_1_10,
    s1_1_11,
    s1_1_12,
    s1_1_13,
    s1_1_14,
    s1_1_15,
    s1_1_16,
)
from sekisho.terms.ids import CriterionId

if TYPE_CHECKING:
    from sekisho.proof.finding import Judge

CRITERIA: tuple[tuple[CriterionId, Judge], ...] = (
    (CriterionId("S1.1-01"), s1_1_01.judge),
    (CriterionId("S1.1-02"), s1_1_02.judge),
    (CriterionId("S1.1-03"), s1_1_03.judge),
    (CriterionId("S1.1-04"), s1_1_04.judge),
    (CriterionId("S1.1-05"), s1_1_05.judge),
    (CriterionId("S1.1-06"), s1_1_06.judge),
    (CriterionId("S1.1-07"), s1_1_07.judge),
    (CriterionId("S1.1-08"), s1_1_08.judge),
    (CriterionId("S1.1-09"), s1_1_09.judge),
    (CriterionId("S1.1-10"), s1_1_10.judge),
    (CriterionId("S1.1-11"), s1_1_11.judge),
    (CriterionId("S1.1-12"), s1_1_12.judge),
    (CriterionId("S1.1-13"), s1_1_13.judge),
    (CriterionId("S1.1-14"), s1_1_14.judge),
    (CriterionId("S1.1-15"), s1_1_15.judge),
    (CriterionId("S1.1-16"), s1_1_16.judge),
)
EDITION = "JST-CR-01-01-2024R1"
"""The edition that these judge; another one is another tuple beside this one."""
