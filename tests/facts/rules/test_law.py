"""Which text the law's duty follows depends on the line of 10 MW."""

from __future__ import annotations

import pytest

from sekisho.desk.rules import law_1
from sekisho.rulebook.cases import read_cases
from sekisho.rulebook.demand import Case, WantsAttestation
from sekisho.site.topology import topology_of
from sekisho.terms.ids import RuleId


@pytest.mark.parametrize(
    ("kilowatts", "generation"), [(1_990, False), (10_000, False), (10_001, True)]
)
def test_only_above_10_mw_the_text_for_generation_businesses_is_named(kilowatts, generation):
    told = f"""
[[case]]
name = "made up"
day = 2026-11-22
site = {{ rated_kw = {kilowatts} }}
expect = "wants-attestation"
key = "security_plan"
"""
    story = read_cases(told, RuleId("law-1"))[0]
    demand = law_1.judge(
        Case(
            site=story.site,
            device=None,
            day=story.day,
            topology=topology_of(story.site),
            parameters=(("generation_kw", 10_000.0),),
        )
    )
    assert isinstance(demand, WantsAttestation)
    assert ("JESC Z0004" in demand.reason.en) == generation
