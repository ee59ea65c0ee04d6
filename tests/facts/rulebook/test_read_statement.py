"""The reader of statements takes what is well formed, and names the place of what is not."""

from __future__ import annotations

from datetime import date

import pytest

from sekisho.rulebook.parameters import turning_days, values
from sekisho.rulebook.read_statement import read_statement
from sekisho.rulebook.statement import Status
from sekisho.terms.errors import InputError
from sekisho.terms.ids import RuleId

RULE = RuleId("made-up")
GOOD = """
row = "X-1"
kind = "label"
force = "mandatory"
level = 1
trigger = "contract_application"
needs = [["pcs"], ["local-ems", "upper-ems"]]

[title]
ja = "題"
en = "title"

[summary]
ja = "要約"
en = "summary"

[programme]
ja = "制度"
en = "programme"

[applies]
voltage = ["high"]

[[status]]
value = "decided"
reached = 2026-03-31
learned = 2026-04-02

[[parameter]]
name = "from"
value = 2027-04-01
learned = 2026-04-02
assumed = true

[[source]]
title.ja = "資料"
title.en = "paper"
url = "https://example.org/paper"
certainty = "secondary"
learned = 2026-04-02
"""


def test_a_good_statement_is_read():
    statement = read_statement(GOOD, RULE)
    assert statement.id == "made-up"
    assert statement.title.ja == "題"
    assert statement.applies.voltage == {"high"}
    assert statement.applies.resource == frozenset()
    assert statement.needs == (frozenset({"pcs"}), frozenset({"local-ems", "upper-ems"}))
    assert statement.status(date(2026, 4, 1)) is None
    assert statement.status(date(2026, 4, 2)) is Status.DECIDED


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('row = "X-1"', 'row = "X-1"\ncolour = "red"', "colour"),
        ('row = "X-1"', "", "row"),
        ('ja = "題"', "", "title.ja"),
        ('en = "summary"', 'en = ""', "summary.en"),
        ('ja = "制度"', 'ja = "制度"\nfr = "x"', "programme.fr"),
        ('kind = "label"', 'kind = "wish"', "kind"),
        ('force = "mandatory"', 'force = "must"', "force"),
        ("level = 1", "level = 5", "level"),
        ("level = 1", "level = 0", "level"),
        ("level = 1", "level = true", "level"),
        ('trigger = "contract_application"', 'trigger = "someday"', "trigger"),
        ('["pcs"]', '["toaster"]', "needs[0]"),
        ('voltage = ["high"]', 'voltage = ["mid"]', "applies.voltage"),
        ('voltage = ["high"]', 'volts = ["high"]', "applies.volts"),
        ("reached = 2026-03-31", 'reached = "2026-03-31"', "status[0].reached"),
        ("reached = 2026-03-31", "reached = 2026-03-31T00:00:00", "status[0].reached"),
        ("reached = 2026-03-31", "", "status[0].reached"),
        ("value = 2027-04-01", "value = [1]", "parameter[0].value"),
        ("assumed = true", "assumed = 1", "parameter[0].assumed"),
        ('url = "https://example.org/paper"', 'url = "paper.pdf"', "source[0].url"),
        ('certainty = "secondary"', 'certainty = "sure"', "source[0].certainty"),
        ('title.en = "paper"', "", "source[0].title.en"),
    ],
)
def test_a_fault_is_named_with_its_place(old, new, place):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        read_statement(GOOD.replace(old, new, 1), RULE)
    assert f"made-up/statement.toml: {place}" in [p.where for p in caught.value.problems]


def test_all_faults_are_told_at_once():
    broken = GOOD.replace('kind = "label"', 'kind = "wish"').replace('en = "title"', "")
    with pytest.raises(InputError) as caught:
        read_statement(broken, RULE)
    assert len(caught.value.problems) == 2


def test_a_text_that_is_not_toml_is_one_problem():
    with pytest.raises(InputError) as caught:
        read_statement("row = ", RULE)
    assert len(caught.value.problems) == 1


def test_a_statement_without_status_or_source_is_refused():
    cut = GOOD[: GOOD.index("[[status]]")]
    with pytest.raises(InputError) as caught:
        read_statement(cut, RULE)
    assert {p.where.split(": ")[1] for p in caught.value.problems} == {"[[status]]", "[[source]]"}


AMENDED = (
    GOOD
    + """
[[parameter]]
name = "from"
value = 2027-10-01
learned = 2026-12-01

[[parameter]]
name = "limit"
value = 500
learned = 2026-04-02

[[parameter]]
name = "limit"
value = 1000
since = 2028-04-01
learned = 2026-12-01
"""
)
LATER = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        (date(2026, 4, 1), ()),
        (date(2026, 4, 2), (("from", date(2027, 4, 1)), ("limit", 500.0))),
        (date(2026, 11, 30), (("from", date(2027, 4, 1)), ("limit", 500.0))),
        (date(2026, 12, 1), (("from", date(2027, 10, 1)), ("limit", 500.0))),
    ],
)
def test_later_knowledge_replaces_a_date_and_leaves_earlier_answers(known_at, expected):
    assert values(read_statement(AMENDED, RULE), date(2027, 5, 1), known_at) == expected


@pytest.mark.parametrize(("day", "limit"), [(date(2028, 3, 31), 500.0), (date(2028, 4, 1), 1000.0)])
def test_a_value_holds_from_its_day_on(day, limit):
    assert dict(values(read_statement(AMENDED, RULE), day, LATER))["limit"] == limit


def test_two_values_at_once_are_a_fault_of_ours():
    twice = GOOD + '[[parameter]]\nname = "from"\nvalue = 2027-05-01\nlearned = 2026-04-02\n'
    with pytest.raises(ValueError, match="two values"):
        values(read_statement(twice, RULE), date(2027, 5, 1), LATER)


def test_the_turning_days_are_what_is_known_of_them():
    statement = read_statement(AMENDED, RULE)
    assert turning_days(statement, date(2026, 4, 2)) == (date(2027, 4, 1),)
    assert date(2028, 4, 1) in turning_days(statement, LATER)
