"""Every story of every criterion, run through its judge; and what removing evidence may do."""

from __future__ import annotations

import pytest

from sekisho.proof.cases import DAY, Story
from sekisho.proof.criteria import CRITERIA
from sekisho.proof.evidence import DEVICE, Case, evidence_of
from sekisho.proof.judging import criterion
from sekisho.shell.package_data import load_criteria, load_criterion_cases
from sekisho.terms.verdict import Verdict

NAMES = [name for name, _ in CRITERIA]
JUDGES = dict(CRITERIA)
CASES = {name: load_criterion_cases(name) for name in NAMES}
STORIES = [(name, story) for name in NAMES for story in CASES[name].stories]
RANK = {Verdict.BROKEN: 0, Verdict.UNDETERMINED: 1, Verdict.NOT_APPLICABLE: 2, Verdict.MET: 2}


def answer(name, records, product=DEVICE):
    case = Case(evidence=evidence_of(records, DAY, product), statement=load_criteria()[name])
    return criterion(case, JUDGES[name])


ANSWERS = [answer(name, story.records, story.product) for name, story in STORIES]


@pytest.mark.parametrize(("name", "story"), STORIES, ids=[f"{n}: {s.name}" for n, s in STORIES])
def test_the_story_ends_as_told(name, story: Story):
    result = answer(name, story.records, story.product)
    assert result.verdict is story.expected
    found = {finding.item: finding.verdict for finding in result.findings}
    for number, verdict in story.items.items():
        assert found[f"{name}/{number}"] is verdict


@pytest.mark.parametrize("name", NAMES)
def test_there_is_evidence_that_gives_met_and_each_piece_of_it_is_needed(name):
    whole = CASES[name].whole
    assert answer(name, whole).verdict is Verdict.MET
    for place in range(len(whole)):
        rest = [*whole[:place], *whole[place + 1 :]]
        assert answer(name, rest).verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("name", NAMES)
def test_no_evidence_is_undetermined(name):
    assert answer(name, []).verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("name", NAMES)
def test_a_criterion_is_seen_broken_and_open(name):
    told = {story.expected for story in CASES[name].stories}
    assert Verdict.UNDETERMINED in told
    assert Verdict.BROKEN in told


@pytest.mark.parametrize("name", NAMES)
def test_the_names_of_a_criterion_s_stories_differ(name):
    names = [story.name for story in CASES[name].stories]
    assert len(names) == len(set(names)) > 1


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_vouches_for_fulfils_nothing(name):
    doubted = [(record, False) for record, _ in CASES[name].whole]
    assert answer(name, doubted).verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize(("name", "story"), STORIES, ids=[f"{n}: {s.name}" for n, s in STORIES])
def test_only_evidence_that_speaks_against_betters_a_verdict_by_going(name, story: Story):
    result = answer(name, story.records, story.product)
    against = {piece.number for finding in result.findings for piece in finding.against}
    for place in range(len(story.records)):
        rest = [*story.records[:place], *story.records[place + 1 :]]
        better = answer(name, rest, story.product)
        if RANK[better.verdict] > RANK[result.verdict]:
            assert place + 1 in against


def test_every_answer_is_told_in_whole_sentences_of_both_languages():
    said = [f.reason for result in ANSWERS for f in result.findings]
    said += [f.remedy for result in ANSWERS for f in result.findings if f.remedy is not None]
    assert said
    for text in said:
        assert text.ja.endswith("。"), text.ja
        assert text.en.endswith("."), text.en
        assert not {"{", "}"} & set(text.ja + text.en)


def test_all_that_is_not_met_has_a_remedy():
    for result in ANSWERS:
        for finding in result.findings:
            helps = finding.verdict in {Verdict.MET, Verdict.NOT_APPLICABLE}
            assert (finding.remedy is None) == helps


@pytest.mark.parametrize(
    "word", ["適合予定", "申請中", "compliant", "certified", "will be accepted"]
)
def test_no_answer_says_what_may_not_be_said(word):
    statements = [
        text
        for s in load_criteria().values()
        for text in (s.title, s.summary, *(i.title for i in s.items), *(i.steps for i in s.items))
    ]
    said = [f.reason for result in ANSWERS for f in result.findings]
    assert not any(word in text.ja + text.en for text in [*statements, *said])
