"""The reference pages say everything that the statements and the scheme's data say."""

from __future__ import annotations

import pytest

from sekisho.desk.rules import RULES
from sekisho.rulebook.page import index_page, rule_page
from sekisho.rulebook.read_statement import read_statement
from sekisho.scheme.criteria import STAR_1
from sekisho.scheme.page import scheme_page
from sekisho.scheme.recognition import RECOGNITIONS
from sekisho.shell.package_data import load_cases, load_statements, rule_file
from sekisho.terms.ids import RuleId

STATEMENTS = load_statements()


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES])
def test_a_rule_s_page_shows_its_statement_in_both_languages(rule):
    statement, stories = STATEMENTS[rule], load_cases(rule)
    page = rule_page(statement, stories)
    for text in (statement.title, statement.summary, statement.programme):
        assert text.ja in page
        assert text.en in page
    assert all(source.url in page for source in statement.sources)
    assert all(step.reached.isoformat() in page for step in statement.steps)
    assert all(story.name in page for story in stories)


def test_the_index_lists_every_rule_in_order():
    page = index_page(STATEMENTS.values())
    places = [page.index(f"[{rule}]({rule}.md)") for rule, _ in RULES]
    assert places == sorted(places)


def test_a_pipe_or_a_tag_in_a_statement_cannot_break_the_page():
    rule = RuleId("gc-1")
    text = rule_file(rule, "statement.toml").replace('row = "GC-1"', 'row = "a|b<script>"')
    page = rule_page(read_statement(text, rule))
    assert "a\\|b&lt;script>" in page
    assert "<script" not in page


def test_the_scheme_s_page_shows_criteria_and_recognition():
    page = scheme_page()
    assert all(
        c.id in page and c.subject.ja in page and c.subject.en in page for c in STAR_1.criteria
    )
    assert all(r.note.ja in page and r.note.en in page for r in RECOGNITIONS)
    assert STAR_1.document in page
