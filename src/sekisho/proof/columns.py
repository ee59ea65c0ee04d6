"""Columns that the judgement's pages and its workbook share: criteria, provisions, what was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.present.document import Cell
from sekisho.present.verdicts import verdict_cell
from sekisho.proof.declared import OUTCOME_TEXTS
from sekisho.proof.finding import HOW_TEXTS
from sekisho.scheme.criteria import METHOD_TEXTS
from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.texts import Text, listed, same

if TYPE_CHECKING:
    from sekisho.proof.declared import Compared
    from sekisho.proof.finding import CriterionResult, Finding
    from sekisho.proof.mapping import Row
    from sekisho.terms.texts import Lang

CRITERIA = (
    Text("基準", "Criterion"),
    Text("内容", "Subject"),
    Text("判定", "Verdict"),
    Text("根拠", "Judged by"),
    Text("読みの確かさ", "How sure the reading is"),
)
DECLARED = (
    Text("宣言", "Declared"),
    Text("結果", "Outcome"),
    Text("理由", "Reason"),
)
PROVISIONS = (
    Text("規定", "Provision"),
    Text("内容", "Subject"),
    Text("同等性の確かさ", "How sure the equality is"),
    Text("基準", "Criteria"),
    Text("判定", "Verdict"),
)
_METHOD = Text("{method}({certainty})", "{method} ({certainty})")
_OWN = Text("{text}。本プログラム独自の確認", "{text}; a check of our own")
_HARDWARE = Text("機器に関する半分", "the half about hardware")


def criterion_cells(result: CriterionResult, lang: Lang) -> tuple[Cell, ...]:
    """One criterion, under `CRITERIA`."""
    return (
        Cell(result.statement.id),
        Cell(result.statement.title.says(lang)),
        verdict_cell(result.verdict, lang),
        Cell(HOW_TEXTS[result.how].says(lang)),
        Cell(CERTAINTY_TEXTS[result.certainty].says(lang)),
    )


def declared_cells(one: Compared, lang: Lang) -> tuple[Cell, ...]:
    """One declaration against what was observed, under `DECLARED`."""
    outcome = OUTCOME_TEXTS[one.outcome].says(lang)
    return (Cell(one.declared.says(lang)), Cell(outcome), Cell(one.reason.says(lang)))


def provision_cells(row: Row, lang: Lang) -> tuple[Cell, ...]:
    """One provision of a standard held equal, under `PROVISIONS`."""
    return (
        Cell(row.provision),
        Cell(row.words.says(lang)),
        Cell(CERTAINTY_TEXTS[row.certainty].says(lang)),
        Cell(listed(same(r.statement.id) for r in row.results).says(lang)),
        verdict_cell(row.verdict, lang),
    )


def item_title(finding: Finding, result: CriterionResult) -> Text:
    """The item's title; the half about hardware has one of its own."""
    titles = {item.id: item.title for item in result.statement.items}
    return titles.get(finding.item, _HARDWARE)


def method_words(finding: Finding, result: CriterionResult) -> Text:
    """How an item is evaluated, as far as known, and whether it is a check of our own."""
    item = next((i for i in result.statement.items if i.id == finding.item), None)
    if item is None:
        return _HARDWARE
    method = METHOD_TEXTS[item.how]
    said = _METHOD.fill(method=method, certainty=CERTAINTY_TEXTS[item.how_certainty])
    return _OWN.fill(text=said) if item.own else said
