"""Whether a label is valid on a day: the day before and the day of every date."""

from datetime import date, timedelta
from typing import Any

import pytest

from sekisho.desk.holding import ListFacts, Wanted, holding, turning_days
from sekisho.desk.result import RegisterFacts
from sekisho.register.model import Accepted, Candidates, How, Label, LabelStatus, Unlisted
from sekisho.terms.texts import same
from sekisho.terms.verdict import Verdict

LIST_DATE = date(2026, 11, 1)
ISSUED = date(2025, 10, 15)
EXPIRES = date(2027, 10, 14)


def label(**changes):
    fields: dict[str, Any] = {
        "key": "n-1",
        "number": "N-1",
        "makers": ("北斗電機",),
        "products": ("蓄電池用PCS",),
        "models": ("HP-100",),
        "versions": (),
        "level": 1,
        "status": LabelStatus.VALID,
        "status_raw": "有効",
        "issued": ISSUED,
        "expires": EXPIRES,
        "covers_series": False,
    }
    return Label(**(fields | changes))


def facts(*, age=21, complete=True, stale=False, extended=(), first_seen=()):
    return ListFacts(
        RegisterFacts(
            list_date=LIST_DATE,
            sha256="0" * 64,
            source="list.xlsx",
            complete=complete,
            age_days=age,
            stale=stale,
        ),
        frozenset(extended),
        dict(first_seen),
    )


def verdict(day, *labels, lists=None, level=1, bought=None):
    match = Accepted(labels=labels or (label(),), how=How.NUMBER_AND_MODEL)
    return holding(match, Wanted(day, level, bought), lists or facts()).verdict


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (ISSUED - timedelta(1), Verdict.BROKEN),
        (ISSUED, Verdict.MET),
        (EXPIRES, Verdict.MET),
        (EXPIRES + timedelta(1), Verdict.BROKEN),
    ],
)
def test_a_label_holds_from_its_issue_to_its_expiry_both_included(day, expected):
    assert verdict(day) is expected


@pytest.mark.parametrize("status", [LabelStatus.WITHDRAWN, LabelStatus.REVOKED])
def test_a_withdrawn_or_revoked_label_is_broken_even_within_its_dates(status):
    assert verdict(date(2027, 1, 1), label(status=status)) is Verdict.BROKEN


@pytest.mark.parametrize("status", [LabelStatus.EXTENSION_PENDING, LabelStatus.UNKNOWN])
def test_a_pending_extension_and_an_unknown_word_are_undetermined(status):
    assert verdict(date(2027, 1, 1), label(status=status)) is Verdict.UNDETERMINED


def test_an_expired_label_counts_on_the_days_it_was_valid_and_not_after():
    gone = label(status=LabelStatus.EXPIRED, expires=date(2026, 9, 30))
    assert verdict(date(2026, 9, 30), gone) is Verdict.MET
    assert verdict(date(2026, 10, 1), gone) is Verdict.BROKEN


def test_the_word_expired_beside_a_later_expiry_is_undetermined():
    for expires, expected in [
        (LIST_DATE, Verdict.UNDETERMINED),
        (LIST_DATE - timedelta(1), Verdict.MET),
    ]:
        odd = label(status=LabelStatus.EXPIRED, expires=expires)
        assert verdict(date(2026, 10, 1), odd) is expected


def test_labels_of_different_versions_that_disagree_settle_nothing():
    good = label(versions=("1.0",))
    bad = label(key="n-2", number="N-2", versions=("2.0",), status=LabelStatus.REVOKED)
    day = date(2027, 1, 1)
    assert verdict(day, good, bad) is Verdict.UNDETERMINED
    assert verdict(day, good) is Verdict.MET
    assert verdict(day, good, label(key="n-3", versions=("2.0",))) is Verdict.MET


def test_a_device_bought_while_the_label_was_valid_is_undetermined_after_expiry():
    day = EXPIRES + timedelta(1)
    assert verdict(day, bought=EXPIRES) is Verdict.UNDETERMINED
    assert verdict(day, bought=EXPIRES + timedelta(1)) is Verdict.BROKEN
    assert verdict(day, bought=ISSUED - timedelta(1)) is Verdict.BROKEN


@pytest.mark.parametrize("missing", ["number", "expires", "level"])
def test_a_row_without_number_expiry_or_level_is_at_best_undetermined(missing):
    assert verdict(date(2027, 1, 1), label(**{missing: None})) is Verdict.UNDETERMINED


def test_an_expiry_beyond_two_years_needs_a_seen_extension():
    long = label(expires=date(2029, 10, 14))
    last_day_of_the_cap = date(2027, 10, 14)
    assert verdict(last_day_of_the_cap, long) is Verdict.MET
    assert verdict(last_day_of_the_cap + timedelta(1), long) is Verdict.UNDETERMINED
    seen = facts(extended=["n-1"])
    assert verdict(last_day_of_the_cap + timedelta(1), long, lists=seen) is Verdict.MET


def test_an_unknown_issue_date_is_bounded_by_the_first_list_that_shows_the_label():
    lists = facts(first_seen=[("n-1", date(2026, 4, 3))])
    unknown = label(issued=None)
    assert verdict(date(2026, 4, 2), unknown, lists=lists) is Verdict.UNDETERMINED
    assert verdict(date(2026, 4, 3), unknown, lists=lists) is Verdict.MET


def test_a_level_below_the_wanted_one_is_broken():
    assert verdict(date(2027, 1, 1), level=2) is Verdict.BROKEN
    assert verdict(date(2027, 1, 1), label(level=3), level=2) is Verdict.MET


def test_a_stale_list_turns_met_into_undetermined_and_leaves_broken_alone():
    stale = facts(age=61, stale=True)
    assert verdict(date(2027, 1, 1), lists=stale) is Verdict.UNDETERMINED
    assert verdict(EXPIRES + timedelta(1), lists=stale) is Verdict.BROKEN


def test_absence_is_broken_only_on_a_whole_and_fresh_list():
    wanted = Wanted(date(2027, 1, 1), 1, None)
    assert holding(Unlisted(), wanted, facts()).verdict is Verdict.BROKEN
    assert holding(Unlisted(), wanted, facts(complete=False)).verdict is Verdict.UNDETERMINED
    assert holding(Unlisted(), wanted, facts(stale=True)).verdict is Verdict.UNDETERMINED


def test_candidates_are_never_an_acceptance():
    match = Candidates(labels=(label(),), why=same("similar"))
    answer = holding(match, Wanted(date(2027, 1, 1), 1, None), facts())
    assert answer.verdict is Verdict.UNDETERMINED
    assert answer.label is None


def test_another_valid_label_never_makes_it_worse_and_order_never_matters():
    bad = label(key="n-0", number="N-0", status=LabelStatus.REVOKED)
    assert verdict(date(2027, 1, 1), bad, label()) is Verdict.MET
    assert verdict(date(2027, 1, 1), label(), bad) is Verdict.MET


def test_the_verdict_changes_only_on_turning_days():
    labels = (label(), label(key="n-2", number="N-2", issued=None, expires=date(2028, 2, 29)))
    lists = facts(first_seen=[("n-2", date(2026, 4, 3))])
    match = Accepted(labels=labels, how=How.MODEL)
    bought = date(2027, 6, 1)
    turning = turning_days(match, lists, bought)
    day, before = date(2025, 1, 1), None
    changes = set()
    while day < date(2031, 1, 1):
        now = holding(match, Wanted(day, 1, bought), lists).verdict
        if before is not None and now is not before:
            changes.add(day)
        before, day = now, day + timedelta(1)
    assert changes
    assert changes <= turning
