"""The scheme's data equals what the sources say, and no more than they say."""

from __future__ import annotations

from datetime import date

import pytest

from sekisho.scheme.criteria import CRITERIA_SETS, STAR_1, Method
from sekisho.scheme.levels import LEVELS, ProductType, State, at_least
from sekisho.scheme.recognition import RECOGNITIONS, Effect
from sekisho.terms.certainty import Certainty

TODAY = date(2026, 11, 22)


def test_there_are_sixteen_criteria_as_ipa_numbers_them():
    assert [c.id for c in STAR_1.criteria] == [f"S1.1-{n:02d}" for n in range(1, 17)]


def test_the_set_is_cited_by_document_and_edition():
    assert STAR_1.document == "JST-CR-01-01-2024R1"
    assert STAR_1.level == 1
    assert CRITERIA_SETS[-1] is STAR_1


def test_the_subjects_that_nobody_was_read_on_say_so():
    unconfirmed = {c.id for c in STAR_1.criteria if c.certainty is Certainty.UNCONFIRMED}
    assert unconfirmed == {"S1.1-08", "S1.1-09", "S1.1-11", "S1.1-15"}
    assert all((c.source is None) == (c.id in unconfirmed) for c in STAR_1.criteria)


def test_a_method_is_given_only_where_it_was_read_or_inferred():
    given = {c.id: c.method for c in STAR_1.criteria if c.method is not Method.UNKNOWN}
    device = {"S1.1-04", "S1.1-13", "S1.1-14"}
    document = {"S1.1-01", "S1.1-02", "S1.1-03", "S1.1-05", "S1.1-07", "S1.1-16"}
    assert {i for i, m in given.items() if m is Method.DEVICE} == device
    assert {i for i, m in given.items() if m is Method.DOCUMENT} == document
    for criterion in STAR_1.criteria:
        unread = criterion.method_certainty is Certainty.UNCONFIRMED
        assert unread == (criterion.method is Method.UNKNOWN)


def test_only_the_three_sourced_mappings_are_shipped():
    mapped = {c.id: c.en_303_645 for c in STAR_1.criteria if c.en_303_645}
    assert mapped == {
        "S1.1-02": ("5.1-1", "5.1-2"),
        "S1.1-05": ("5.2-1",),
        "S1.1-16": ("5.3-13",),
    }


def test_no_limit_from_general_knowledge_is_shipped():
    for criterion in STAR_1.criteria:
        for text in (criterion.subject.ja, criterion.subject.en):
            assert not any(character.isdigit() for character in text)


def test_the_levels_are_one_to_four_and_say_who_evaluates():
    assert [level.stars for level in LEVELS] == [1, 2, 3, 4]
    assert ["third party" in level.evaluator.en for level in LEVELS] == [False, False, True, True]


@pytest.mark.parametrize(
    ("stars", "product", "known_at", "state"),
    [
        (1, ProductType.PCS, date(2025, 3, 24), State.NOTHING_SEEN),
        (1, ProductType.PCS, date(2025, 3, 25), State.OPEN),
        (2, ProductType.CAMERA, TODAY, State.NOTHING_SEEN),
        (2, ProductType.PCS, TODAY, State.STUDIED),
        (3, ProductType.COMMUNICATION, date(2025, 12, 10), State.NOTHING_SEEN),
        (3, ProductType.COMMUNICATION, date(2025, 12, 11), State.DRAFT),
        (3, ProductType.CAMERA, date(2026, 6, 11), State.DRAFT),
        (3, ProductType.CAMERA, date(2026, 6, 12), State.CRITERIA),
        (3, ProductType.PCS, TODAY, State.NOTHING_SEEN),
        (4, ProductType.PCS, TODAY, State.NOTHING_SEEN),
    ],
)
def test_a_level_may_be_missing_for_a_product(stars, product, known_at, state):
    assert LEVELS[stars - 1].state(product, known_at) is state


def test_only_the_first_level_is_open():
    open_levels = {
        level.stars
        for level in LEVELS
        for product in ProductType
        if level.state(product, TODAY) is State.OPEN
    }
    assert open_levels == {1}


@pytest.mark.parametrize(
    ("held", "wanted", "answer"), [(1, 1, True), (2, 1, True), (1, 2, False), (None, 1, None)]
)
def test_a_wanted_level_is_a_least(held, wanted, answer):
    assert at_least(held, wanted) is answer


def test_recognition_equals_the_written_table():
    rows = {r.key: (r.since, r.effect, set(r.waived)) for r in RECOGNITIONS}
    assert rows == {
        "uk-psti": (date(2026, 1, 1), Effect.WAIVES, {"S1.1-02", "S1.1-05", "S1.1-16"}),
        "singapore-cls": (date(2026, 6, 1), Effect.SIMPLIFIES, set()),
        "us-cyber-trust-mark": (None, Effect.NONE, set()),
        "eu-cra": (None, Effect.NONE, set()),
    }


def test_no_recognition_is_itself_a_label():
    assert not any(r.is_label() for r in RECOGNITIONS)


def test_every_source_is_public_and_confirmed():
    sources = [s for r in RECOGNITIONS for s in r.sources]
    sources += [c.source for c in STAR_1.criteria if c.source is not None]
    sources += [step.source for level in LEVELS for step in level.steps]
    for source in sources:
        assert source.url.startswith(("http://", "https://"))
        assert source.certainty is not Certainty.UNCONFIRMED
        assert source.learned < TODAY
