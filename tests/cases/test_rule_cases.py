"""Every story of every rule, run through its judge as the desk would."""

from __future__ import annotations

from datetime import date

import pytest

from sekisho.desk.rules import RULES
from sekisho.rulebook.addressed import not_addressed
from sekisho.rulebook.cases import NOT_ADDRESSED, Story, seen
from sekisho.rulebook.demand import Case
from sekisho.rulebook.parameters import turning_days, values
from sekisho.shell.package_data import load_cases, load_statements
from sekisho.site.topology import topology_of
from sekisho.terms.texts import Text

ALL_KNOWN = date(2099, 12, 31)
STORIES = [(rule, judge, story) for rule, judge in RULES for story in load_cases(rule)]


def _answer(rule, judge, story: Story):
    known_at = story.known_at or ALL_KNOWN
    return judge(
        Case(
            site=story.site,
            device=story.device,
            day=story.day,
            topology=topology_of(story.site),
            parameters=values(load_statements()[rule], story.day, known_at),
        )
    )


ANSWERS = [(story.name, _answer(rule, judge, story)) for rule, judge, story in STORIES]


@pytest.mark.parametrize(
    ("rule", "judge", "story"), STORIES, ids=[f"{rule}: {s.name}" for rule, _, s in STORIES]
)
def test_the_story_ends_as_told(rule, judge, story: Story):
    statement = load_statements()[rule]
    if not_addressed(statement.applies, story.site) is not None:
        assert story.expected == {"expect": NOT_ADDRESSED}
        return
    assert seen(_answer(rule, judge, story)) == dict(story.expected)


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


def _texts(demand):
    return [v for v in map(demand.__getattribute__, demand.__slots__) if isinstance(v, Text)]


def test_every_answer_is_told_in_whole_sentences_of_both_languages():
    said = [text for _, demand in ANSWERS for text in _texts(demand)]
    assert said
    for text in said:
        assert text.ja.endswith("。"), text.ja
        assert text.en.endswith("."), text.en
        assert not text.en[0].islower(), text.en
        assert not {"{", "}"} & set(text.ja + text.en)


@pytest.mark.parametrize(
    "word", ["適合予定", "申請中", "compliant", "certified", "will be accepted"]
)
def test_no_answer_says_what_may_not_be_said(word):
    assert not any(word in t.ja + t.en for _, demand in ANSWERS for t in _texts(demand))
