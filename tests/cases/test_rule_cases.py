"""Every story of every rule, run through its judge as the desk would."""

from __future__ import annotations

from datetime import date

import pytest

from sekisho.desk.rules import RULES
from sekisho.rulebook.addresses import addresses
from sekisho.rulebook.cases import NOT_ADDRESSED, Story, seen
from sekisho.rulebook.demand import Case
from sekisho.rulebook.parameters import turning_days, values
from sekisho.shell.package_data import load_cases, load_statements
from sekisho.site.topology import topology_of

ALL_KNOWN = date(2099, 12, 31)
STORIES = [(rule, judge, story) for rule, judge in RULES for story in load_cases(rule)]


@pytest.mark.parametrize(
    ("rule", "judge", "story"), STORIES, ids=[f"{rule}: {s.name}" for rule, _, s in STORIES]
)
def test_the_story_ends_as_told(rule, judge, story: Story):
    statement = load_statements()[rule]
    if not addresses(statement.applies, story.site):
        assert story.expected == {"expect": NOT_ADDRESSED}
        return
    case = Case(
        site=story.site,
        device=story.device,
        day=story.day,
        topology=topology_of(story.site),
        parameters=values(statement, story.day, story.known_at or ALL_KNOWN),
    )
    assert seen(judge(case)) == dict(story.expected)


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES])
def test_the_day_before_and_the_day_of_each_date_have_a_story(rule):
    told = {story.day for story in load_cases(rule)}
    for day in turning_days(load_statements()[rule], ALL_KNOWN):
        assert day in told
        assert any(abs((other - day).days) == 1 for other in told), (
            f"{rule}: no story on a day next to {day}"
        )


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES])
def test_the_names_of_a_rule_s_stories_differ(rule):
    names = [story.name for story in load_cases(rule)]
    assert names
    assert len(names) == len(set(names))
