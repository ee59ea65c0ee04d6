"""Figures of a trace, verdicts from them, and gates with one defence absent."""

import pytest

from sekisho.gate.guard.decide import CHECKS
from sekisho.lab.attacks import weaker
from sekisho.lab.attacks.catalogue import ATTACKS, BY_NUMBER
from sekisho.lab.attacks.finding import Finding, Result, Verdict, published
from sekisho.lab.attacks.judge import Refusals, unmoved
from sekisho.lab.attacks.trace import Sample, longest_beyond, reversals, spread, steepest
from sekisho.terms.texts import Lang, Text

TRIED = Text("試行", "tried")


def trace(*powers, every=100):
    return [Sample(n * every, power) for n, power in enumerate(powers)]


def test_the_steepest_change_is_that_of_any_window():
    assert steepest(trace(0, 10, 20, 30, 40), 200) == 20
    assert steepest(trace(0, 50, 0, 0), 100) == 50
    assert steepest(trace(0, 0, -30, 30, 0), 100) == 60
    assert steepest([], 100) == 0


def test_a_reversal_passes_zero_by_more_than_the_edge():
    assert reversals(trace(100, -100, 100), 50) == 2
    assert reversals(trace(100, 0, 20, -20, 100), 50) == 0
    assert reversals(trace(0, 100, 0, -100), 50) == 1


def test_what_lies_beyond_is_timed_without_breaks():
    assert longest_beyond(trace(0, 20, 20, 0, 20), 0, 10) == 100
    assert longest_beyond(trace(0, 5, 10), 0, 10) == 0


def test_spread_is_the_largest_distance():
    assert spread(trace(1, -5, 3), 1) == 6


@pytest.mark.parametrize(
    ("off", "entries", "verdict"),
    [
        (0.0, (7,), Verdict.REFUSED),
        (0.0, (), Verdict.SUCCEEDED),  # without a trace in the journal nothing counts as refused
        (9e4, (7,), Verdict.SUCCEEDED),
    ],
)
def test_refused_means_unmoved_and_written_down(off, entries, verdict):
    seen = Refusals(entries=entries, reasons=(Text("理由。", "Why."),))
    found = unmoved(TRIED, off, 0.0, seen)
    assert found.verdict is verdict
    assert ("Why." in found.did.en) == (verdict is Verdict.REFUSED)


def test_there_are_fifteen_classes_in_order():
    assert [attack.number for attack in ATTACKS] == list(range(1, 16))
    assert len({attack.name for attack in ATTACKS}) == 15


def test_a_weaker_guard_lacks_exactly_what_was_named():
    names = [check.name for check in weaker.without("time", "site")]
    assert names == [check.name for check in CHECKS if check.name not in {"time", "site"}]
    with pytest.raises(ValueError, match="thyme"):
        weaker.without("thyme")


def test_a_result_is_published_in_one_language():
    found = Finding(tried=TRIED, did=Text("結果", "did"), verdict=Verdict.REFUSED, entries=(3, 4))
    result = Result(attack=BY_NUMBER[2], finding=found, proof=found)
    assert not result.proven
    one = published([result], Lang.JA)["attacks"][0]
    assert (one["class"], one["journal_ref"], one["did"]) == (2, [3, 4], "結果")
    assert one["proof"] == {"without": "宛先の検査", "did": "結果", "verdict": "refused"}
