"""Timelines: the day of each change, and by when each label must exist or be extended."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from sekisho.desk.assess import look
from sekisho.desk.timeline import Need, timeline
from sekisho.register.model import LabelStatus
from sekisho.shell.site_files import load_site
from sekisho.site.model import Identity, Milestone, Programme, Role
from sekisho.terms.dates import ONE_DAY
from sekisho.terms.verdict import Verdict
from tests.plants import DAY, EXAMPLES, desk_of, label, register_of

APPLIES = date(2027, 5, 10)
RUNS = date(2028, 6, 1)
WHOLE = load_site(EXAMPLES / "all-labelled" / "site.toml")


def plant(roles=(Role.PCS,), joins=frozenset(), **dates):
    """The PCS (and what else is named) of the sample, each the made-up product number 1."""
    known = label(1)
    identity = Identity(maker=known.makers[0], model=known.models[0], label=known.number)
    devices = [next(d for d in WHOLE.devices if d.role is role) for role in roles]
    return replace(
        WHOLE,
        devices=tuple(replace(d, identity=identity) for d in devices),
        externals=(),
        links=(),
        joins=joins,
        dates={Milestone(name): day for name, day in dates.items()},
    )


def line(site, *labels, first=DAY, **question):
    desk = desk_of(register_of(*labels), **question)
    return timeline(desk, look(desk, site, first), first)


def of_rule(answer, rule):
    return next(r for r in answer.rules if r.statement.id == rule)


def deadline(answer, milestone):
    return next(d for d in answer.deadlines if d.milestone is milestone)


def lasting(until):
    return label(1, issued=until - timedelta(days=700), expires=until)


@pytest.mark.parametrize(
    ("expires", "need", "last_day"),
    [
        (APPLIES - ONE_DAY, Need.EXTEND, APPLIES - ONE_DAY),
        (APPLIES, Need.HOLDS, APPLIES),
        (APPLIES + ONE_DAY, Need.HOLDS, APPLIES + ONE_DAY),
    ],
)
def test_a_label_that_ends_before_the_milestone_must_be_extended_by_its_last_day(
    expires, need, last_day
):
    answer = line(plant(contract_application=APPLIES), lasting(expires))
    found = deadline(answer, Milestone.CONTRACT_APPLICATION)
    assert (found.need, found.last_day) == (need, last_day)


def test_a_label_that_is_not_there_must_exist_by_the_milestone():
    answer = line(plant(contract_application=APPLIES))
    found = deadline(answer, Milestone.CONTRACT_APPLICATION)
    assert (found.need, found.last_day, found.label) == (Need.EXIST, APPLIES, None)


def test_a_withdrawn_label_must_be_replaced_by_the_milestone():
    gone = label(1, status=LabelStatus.WITHDRAWN, status_raw="失効（自主取下げ）")
    answer = line(plant(contract_application=APPLIES), gone)
    assert deadline(answer, Milestone.CONTRACT_APPLICATION).need is Need.EXIST


def test_each_milestone_counts_back_for_itself():
    until = date(2028, 1, 31)
    answer = line(plant(contract_application=APPLIES, commissioning=RUNS), lasting(until))
    assert deadline(answer, Milestone.CONTRACT_APPLICATION).need is Need.HOLDS
    later = deadline(answer, Milestone.COMMISSIONING)
    assert (later.need, later.last_day) == (Need.EXTEND, until)


def test_a_verdict_changes_on_the_day_after_the_last_day():
    until = date(2028, 1, 31)
    pieces = of_rule(line(plant(contract_application=APPLIES), lasting(until)), "gc-1").pieces
    assert [(p.first, p.verdict) for p in pieces] == [
        (DAY, Verdict.MET),
        (until + ONE_DAY, Verdict.BROKEN),
    ]


def test_a_rule_without_a_date_applies_from_its_first_day():
    answer = line(plant(), lasting(date(2028, 1, 31)))
    pieces = of_rule(answer, "gc-1").pieces
    assert [(p.first, p.verdict) for p in pieces][:2] == [
        (DAY, Verdict.NOT_APPLICABLE),
        (date(2027, 4, 1), Verdict.MET),
    ]


def test_two_missing_roles_are_two_lines_and_no_change():
    """A form that has fields for BMS and EMS, and a site that declares neither."""
    auction = frozenset({Programme.LONG_TERM_AUCTION_2026})
    site = plant(joins=auction, auction_registration=date(2026, 12, 1))
    whole = [d for d in of_rule(line(site, lasting(RUNS)), "ltda-1").devices if d.device is None]
    assert len(whole) == 2
    for device in whole:
        assert all(a.verdict is not b.verdict for a, b in pairwise(device.pieces))


def test_the_window_is_ten_years_to_the_day():
    answer = line(plant(contract_application=APPLIES))
    assert (answer.first, answer.last) == (DAY, date(2036, 11, 21))
