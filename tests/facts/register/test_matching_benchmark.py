"""The published benchmark, run as published: no unlabelled device is ever called labelled."""

from __future__ import annotations

import pytest

from tools.matching_benchmark import PER_KIND, Result, run
from tools.matching_labelled import UNPRINTED


@pytest.fixture(scope="module")
def result() -> Result:
    return run()


def test_no_unlabelled_device_is_called_labelled(result: Result):
    assert PER_KIND >= 2_000
    for name, tally in {**result.unlabelled, **result.labelled}.items():
        assert tally.asked == PER_KIND, name
        assert tally.wrong == 0, (name, tally.examples[:3])


def test_what_resembles_a_label_is_shown_and_not_denied(result: Result):
    for name, tally in result.unlabelled.items():
        assert tally.found >= 0.99 * tally.asked, name


def test_labelled_devices_in_other_spellings_are_recognised(result: Result):
    for name, tally in result.labelled.items():
        assert tally.found >= 0.99 * tally.asked, name
        if name != UNPRINTED:
            assert tally.accepted >= 0.99 * tally.asked, name
    assert result.labelled[UNPRINTED].accepted == 0
