"""What `assess` prints."""

import re
from dataclasses import replace

import pytest

from sekisho.desk.report.terminal_summary import summary
from sekisho.present.terminal import rendered
from sekisho.rulebook.statement import Kind
from sekisho.terms.texts import Lang, Text
from sekisho.terms.verdict import Verdict
from tests.facts.report.answers import answer, empty, rule, statement, whole


def printed(result, lang=Lang.JA, width=100):
    return rendered(summary(result, lang), width=width, colour=False)


@pytest.mark.parametrize("lang", list(Lang))
def test_verdict_list_rules_and_open_points_are_said(lang):
    shown = printed(answer(), lang)
    for row in ("GC-1", "GC-2", "ER-5", "DU-1"):
        assert row in shown
    assert "2026-06-01" in shown
    assert "174" in shown
    assert {Lang.JA: "× 不充足", Lang.EN: "× broken"}[lang] in shown
    for n in range(1, 6):
        assert {Lang.JA: f"理由その{n}", Lang.EN: f"Reason {n}"}[lang] in shown
        assert {Lang.JA: f"手当て{n}", Lang.EN: f"Remedy {n}"}[lang] in shown
    assert {Lang.JA: "理由その0", Lang.EN: "Reason 0"}[lang] not in shown


def test_a_reason_shared_by_devices_is_said_once():
    result = answer()
    shown = printed(result)
    assert shown.count("サイト全体の理由。") == 1


def test_an_open_duty_is_counted_and_named_apart():
    shown = printed(answer())
    assert "未了の義務: 1 件" in shown
    assert "DU-1" in shown.split("未了の義務")[1]


def test_a_duty_that_asks_nothing_is_named_as_the_engineer_reads_it():
    quiet = rule(
        "DU-2",
        (whole(Verdict.NOT_APPLICABLE),),
        counts=False,
        statement=statement("DU-2", Kind.DUTY),
    )
    shown = printed(replace(answer(), rules=(*answer().rules, quiet)), Lang.EN)
    assert "Not applicable: GC-2, DU-2\n" in shown


def test_a_rule_whose_title_begins_with_its_code_is_named_once():
    twice = replace(statement("ERAB-R4"), title=Text("ERAB R4: 間の★1", "ERAB R4: ★1 between"))
    broken = rule("ERAB-R4", (whole(Verdict.BROKEN),), statement=twice)
    shown = printed(replace(answer(), rules=(broken,)), Lang.EN)
    assert "ERAB R4: ★1 between" in shown
    assert "ERAB-R4" not in shown


def test_sources_learned_later_are_not_counted():
    assert re.search(r"出典 3 件\(一次資料で確認 3件\)", printed(answer()))


def test_a_list_that_is_old_and_an_excerpt_says_both():
    shown = printed(answer())
    assert "抜粋" in shown
    assert "60日を超えて" in shown


@pytest.mark.parametrize("lang", list(Lang))
def test_an_answer_with_nothing_in_it_is_said_too(lang):
    shown = printed(empty(), lang)
    assert {Lang.JA: "－ 対象外", Lang.EN: "－ not applicable"}[lang] in shown


@pytest.mark.parametrize("lang", list(Lang))
def test_no_word_promises_more_than_is_known(lang):
    shown = printed(answer(), lang).lower()
    for word in ("compliant", "certified", "will be accepted", "適合予定", "申請中"):
        assert word not in shown
