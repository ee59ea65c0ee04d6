"""The day of a record, also of one that a hostile bundle dates beyond every calendar."""

from datetime import date

import pytest

from sekisho.evidence.observation import Record
from sekisho.evidence.observation_paper import NotDone
from sekisho.evidence.observation_words import ObservationKind, WhyNot
from sekisho.proof.evidence import day_of, evidence_of
from sekisho.terms.quantity import WallMs


def record(at: int) -> Record:
    seen = NotDone(what=ObservationKind.ROUTES, why=WhyNot.FAILED)
    return Record(at=WallMs(at), program="", method="", target="", transcript=None, observed=seen)


@pytest.mark.parametrize("at", [253_402_300_799_000, 2**53 - 1])
def test_a_time_that_no_calendar_holds_is_later_than_every_day(at: int) -> None:
    assert day_of(record(at)) == date.max
    assert not evidence_of([(record(at), True)], date(2026, 11, 22)).pieces
