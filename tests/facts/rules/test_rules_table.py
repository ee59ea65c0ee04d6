"""The list of rules equals the written table, row by row.

The table is written from the decisions and texts of the programmes, not from the code: id, row of
the table of rules, kind, force, furthest status, level, trigger, the date from which it applies
(`-` where the programme's own call decides), and whether that date is an assumption.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest
from jsonschema import Draft202012Validator

from sekisho.desk.rules import RULES
from sekisho.rulebook.parameters import holding
from sekisho.rulebook.schema import statement_schema
from sekisho.rulebook.statement import Kind, Status
from sekisho.shell.package_data import load_statements, rule_file
from sekisho.terms.certainty import Certainty

TABLE = """
gc-0        GC-0        duty  mandatory in-force 0 contract_application 2020-10-01 stated
gc-1        GC-1        label mandatory decided  1 contract_application 2027-04-01 assumed
gc-2        GC-2        label mandatory decided  1 contract_application 2027-10-01 assumed
gc-3        GC-3        label mandatory decided  1 contract_application 2027-04-01 assumed
gc-4        GC-4        label mandatory decided  1 contract_application 2028-04-01 assumed
gc-5        GC-5        label unknown   decided  1 control_renewal      2027-04-01 assumed
ltda-1      LTDA-1      label mandatory in-force 1 auction_registration 2026-09-02 stated
sii-1       SII-1       label mandatory in-force 1 subsidy_application  2026-09-01 assumed
sii-0       SII-0       label mandatory in-force 1 subsidy_application  -          stated
erab-r4     ERAB-1      label kankoku   in-force 1 introduced           2025-05-22 stated
erab-r6     ERAB-1      label kankoku   in-force 1 introduced           2025-05-22 stated
erab-r5     ERAB-2      label suisho    in-force 1 introduced           2025-05-22 stated
gov-1       GOV-1       label mandatory in-force 1 procurement          2026-04-01 assumed
law-1       LAW-1       duty  mandatory in-force 0 today                -          stated
drvpp-1     DRVPP-1     label unknown   in-force 1 subsidy_application  -          stated
parity-1    PARITY-1    label mandatory in-force 1 subsidy_application  -          stated
balancing-1 BALANCING-1 duty  mandatory reported 0 commissioning        -          stated
"""
WRITTEN = [line.split() for line in TABLE.strip().splitlines()]
TODAY = date(2026, 11, 22)
STATEMENTS = load_statements()
EVERY_RULE = pytest.mark.parametrize("rule", [rule for rule, _ in RULES])


def test_the_list_of_rules_equals_the_written_table():
    shipped = []
    for rule, statement in STATEMENTS.items():
        start = next((p for p in holding(statement, TODAY, TODAY) if p.name == "from"), None)
        shipped.append(
            [
                rule,
                statement.row,
                statement.kind,
                statement.force,
                statement.status(TODAY),
                str(statement.level),
                statement.trigger,
                "-" if start is None else str(start.value),
                "assumed" if start is not None and start.assumed else "stated",
            ]
        )
    assert shipped == WRITTEN


NEEDS_ALL = {frozenset({"bms"}), frozenset({"pcs"}), frozenset({"local-ems", "upper-ems"})}


NEEDS_PCS = {frozenset({"pcs"})}
NEEDS = (
    dict.fromkeys(("ltda-1", "sii-1", "sii-0"), NEEDS_ALL)
    | dict.fromkeys(("gc-1", "gc-2", "gc-4", "parity-1"), NEEDS_PCS)
    | {"gc-3": {frozenset({"gateway", "firewall"})}}
)


@EVERY_RULE
def test_a_rule_is_not_met_without_the_devices_that_its_form_or_such_a_plant_has(rule):
    assert set(STATEMENTS[rule].needs) == NEEDS.get(rule, set())


@EVERY_RULE
def test_a_grid_code_rule_for_new_plants_leaves_replacements_out(rule):
    works = {"gc-1": {"new"}, "gc-2": {"new"}, "gc-3": {"new"}, "gc-4": {"new"}}
    works["gc-5"] = {"replacement"}
    assert STATEMENTS[rule].applies.work == works.get(rule, set())


@EVERY_RULE
def test_a_duty_names_its_attestation_or_is_judged_from_the_plant(rule):
    statement = STATEMENTS[rule]
    keys = {"gc-0": "security_manager", "law-1": "security_plan"}
    assert statement.attestation == keys.get(rule, "")
    assert (statement.level == 0) == (statement.kind is Kind.DUTY)


@EVERY_RULE
def test_nothing_is_known_before_it_was_learned(rule):
    statement = STATEMENTS[rule]
    first = min(step.learned for step in statement.steps)
    assert statement.status(first - timedelta(days=1)) is None
    assert statement.status(first) is not None


@EVERY_RULE
def test_nothing_is_learned_before_it_happened_nor_today(rule):
    statement = STATEMENTS[rule]
    assert all(step.reached <= step.learned < TODAY for step in statement.steps)
    assert all(p.learned < TODAY for p in statement.parameters)
    assert all(source.learned < TODAY for source in statement.sources)


@EVERY_RULE
def test_no_unconfirmed_source_is_shipped(rule):
    assert all(s.certainty is not Certainty.UNCONFIRMED for s in STATEMENTS[rule].sources)


@EVERY_RULE
def test_an_assumed_date_is_said_to_be_one(rule):
    statement = STATEMENTS[rule]
    if any(p.assumed and p.name == "from" for p in statement.parameters):
        assert "仮定" in statement.summary.ja
        assert "assum" in statement.summary.en


def test_the_grid_code_was_reported_before_it_was_decided():
    steps = [(s.value, s.reached) for s in STATEMENTS[RULES[1][0]].steps]
    assert steps == [
        (Status.REPORTED, date(2025, 6, 3)),
        (Status.DECIDED, date(2026, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2025, 6, 2), None),
        (date(2025, 6, 3), Status.REPORTED),
        (date(2026, 3, 30), Status.REPORTED),
        (date(2026, 3, 31), Status.DECIDED),
    ],
)
def test_the_status_of_gc_1_as_known_on(day, status):
    assert STATEMENTS[RULES[1][0]].status(day) is status


@EVERY_RULE
def test_a_statement_satisfies_the_published_schema(rule):
    table = _plain(tomllib.loads(rule_file(rule, "statement.toml")))
    errors = [e.message for e in Draft202012Validator(statement_schema()).iter_errors(table)]
    assert errors == []


def test_the_schema_is_one_and_refuses_an_unknown_key():
    Draft202012Validator.check_schema(statement_schema())
    table = _plain(tomllib.loads(rule_file(RULES[1][0], "statement.toml")))
    assert list(Draft202012Validator(statement_schema()).iter_errors({**table, "colour": "red"}))


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
