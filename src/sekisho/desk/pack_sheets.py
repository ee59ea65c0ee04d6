"""The evidence pack's workbook: what the forms have fields for, as sheets.

Label numbers per BMS, PCS, EMS and gateway (FY2026 auction, form 4 §2 and §6; SII call, 1-6 ⑨), the
treatment of devices without IP, every finding, and every source with how sure it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.report.office import label_tables, non_ip_table
from sekisho.present.document import Cell, Table
from sekisho.present.excel import Sheet
from sekisho.present.verdicts import verdict_cell
from sekisho.rulebook.statement import FORCE_TEXTS, STATUS_TEXTS
from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.desk.result import SiteResult
    from sekisho.register.model import Match
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Lang

_LABELS = Text("登録番号一覧", "Label numbers")
_NON_IP = Text("非IP機器の扱い", "Devices without IP")
_NO_NON_IP = Text(
    "IP で通信しないと書かれた機器はありません。", "No device is declared as not speaking IP."
)
_FINDINGS = Text("判定", "Findings")
_SOURCES = Text("出典", "Sources")
_BASIS = Text(
    "{site} / 基準日 {as_of} / リスト {list_date} 時点({source})",
    "{site} / asked for {as_of} / list of {list_date} ({source})",
)
_EXCERPT = Text(
    "リストは第三者が写した抜粋です。載っていないことは、ラベルがないことを意味しません。",
    "The list is an excerpt as copied by a third party; absence from it does not mean that there "
    "is no label.",
)
_FINDING_HEADER = (
    Text("規則", "Rule"),
    Text("題名", "Title"),
    Text("強さ", "Force"),
    Text("段階", "Status"),
    Text("適用の日", "Applies by"),
    Text("機器", "Device"),
    Text("判定", "Verdict"),
    Text("求められる理由", "Why it is asked"),
    Text("理由", "Reason"),
    Text("次にすること", "What to do"),
)
_SOURCE_HEADER = (
    Text("規則", "Rule"),
    Text("文書", "Document"),
    Text("箇所", "Place"),
    Text("所在", "Address"),
    Text("確かさ", "Certainty"),
)


def pack_sheets(
    result: SiteResult, matches: Mapping[DeviceId, Match], lang: Lang
) -> tuple[Sheet, ...]:
    """The sheets of the workbook."""
    intro = _intro(result, lang)
    labels = [
        Sheet(f"{_LABELS.says(lang)} {number}", (*intro, table.caption), table)
        for number, table in enumerate(label_tables(result, matches, lang), 1)
    ]
    non_ip = non_ip_table(result, lang)
    none = Table((_NON_IP.says(lang),), ((Cell(_NO_NON_IP.says(lang)),),), (1,))
    return (
        *labels,
        Sheet(_NON_IP.says(lang), intro, non_ip or none),
        Sheet(_FINDINGS.says(lang), intro, _findings(result, lang)),
        Sheet(_SOURCES.says(lang), intro, _sources(result, lang)),
    )


def _intro(result: SiteResult, lang: Lang) -> tuple[str, ...]:
    facts = result.register
    basis = _BASIS.fill(
        site=result.site.name,
        as_of=result.as_of,
        list_date=facts.list_date,
        source=facts.source,
    )
    if facts.complete:
        return (basis.says(lang),)
    return (basis.says(lang), _EXCERPT.says(lang))


def _findings(result: SiteResult, lang: Lang) -> Table:
    rows = tuple(
        (
            Cell(rule.statement.id.upper()),
            Cell(rule.statement.title.says(lang)),
            Cell(FORCE_TEXTS[rule.statement.force].says(lang)),
            Cell(STATUS_TEXTS[rule.status].says(lang)),
            Cell(rule.trigger.date.isoformat()),
            Cell(found.device or "—"),
            verdict_cell(found.verdict, lang),
            Cell(found.asked.says(lang) if found.asked else ""),
            Cell(found.reason.says(lang)),
            Cell(found.remedy.says(lang) if found.remedy else ""),
        )
        for rule in result.rules
        for found in rule.devices
    )
    header = tuple(h.says(lang) for h in _FINDING_HEADER)
    return Table(header, rows, (2, 4, 2, 2, 2, 2, 2, 4, 5, 5))


def _sources(result: SiteResult, lang: Lang) -> Table:
    rows = tuple(
        (
            Cell(rule.statement.id.upper()),
            Cell(source.title.says(lang)),
            Cell(source.page),
            Cell(source.url),
            Cell(CERTAINTY_TEXTS[source.certainty].says(lang)),
        )
        for rule in result.rules
        for source in rule.statement.sources
        if source.learned <= result.known_at
    )
    return Table(tuple(h.says(lang) for h in _SOURCE_HEADER), rows, (2, 5, 2, 6, 3))
