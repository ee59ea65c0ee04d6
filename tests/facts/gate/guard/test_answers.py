"""Answers for duplicates: bounded, the oldest go first, and no value is ever changed in place."""

import pytest

from sekisho.codec.decision import Decision, Outcome
from sekisho.gate.guard.answers import Answers
from sekisho.gate.state import MOST_ANSWERS, Answered
from sekisho.terms.ids import CommandId, IssuerId


def name(number):
    return IssuerId("agg"), CommandId(f"c-{number}")


def answer(number):
    decision = Decision(outcome=Outcome.ACCEPTED, command=CommandId(f"c-{number}"), kid=None)
    return Answered(digest=bytes([number % 256]), decision=decision, entry=number)


def filled(count):
    answers = Answers()
    for number in range(count):
        answers = answers.remembering(name(number), answer(number))
    return answers


def test_no_more_than_the_most_are_kept_and_the_newest_always_are():
    answers = filled(3 * MOST_ANSWERS + 5)
    assert len(answers) <= MOST_ANSWERS
    assert len(answers) > MOST_ANSWERS - 32
    assert name(0) not in answers
    for number in range(2 * MOST_ANSWERS + 40, 3 * MOST_ANSWERS + 5):
        assert answers[name(number)].entry == number


def test_an_older_value_stays_as_it_was():
    before = filled(40)
    after = before.remembering(name(99), answer(99))
    assert name(99) in after
    assert name(99) not in before
    assert len(before) == 40


def test_a_name_is_answered_by_its_newest_answer():
    answers = filled(40).remembering(name(3), answer(77))
    assert answers[name(3)].entry == 77
    assert len(answers) == 40


def test_any_mapping_becomes_answers():
    plain = {name(n): answer(n) for n in range(50)}
    answers = Answers.of(plain)
    assert dict(answers) == plain
    assert Answers.of(answers) is answers
    with pytest.raises(KeyError):
        answers[name(51)]
