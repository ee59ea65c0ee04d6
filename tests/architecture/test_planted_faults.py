"""The faults that the promise is tried with are still those of this code."""

from dataclasses import replace

from tools.mutants import MUTANTS, astray


def test_every_fault_still_has_a_place_to_be_planted():
    assert astray(MUTANTS) == []


def test_one_that_has_none_is_named():
    assert astray([replace(MUTANTS[0], right="nowhere")]) == [MUTANTS[0].name]


def test_every_fault_has_a_name_of_its_own():
    assert len({one.name for one in MUTANTS}) == len(MUTANTS)
