"""The compact answer that `sekisho assess` prints.

Site, list and verdict first; one line for each rule that asks something; then reason and remedy
only for what is not met. Everything else is in the reports and in the JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.report.cited import certainty_counts, sources
from sekisho.desk.report.pieces import (
    OPEN_VERDICTS,
    advice,
    asked_line,
    banners,
    duties,
    force_line,
    grouped,
    ids_words,
    label_rules,
    milestones,
    register_line,
    rule_code,
    rule_name,
    trigger_line,
)
from sekisho.present.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Heading,
    Paragraph,
    Table,
)
from sekisho.present.verdicts import signed, verdict_cell
from sekisho.terms.texts import Text, listed
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.desk.result import RuleFinding, SiteResult
    from sekisho.terms.texts import Lang

_RULES = Text("規則", "Rules")
_HEADER = (
    Text("判定", "Verdict"),
    Text("規則", "Rule"),
    Text("強さ・段階", "Force, status"),
    Text("適用の日", "Applies by"),
)
_SITES = Text("{n} サイトの判定", "Verdicts of {n} sites")
_SHOWN = Text("(参考)", " (shown, not counted)")
_OUT = Text("対象外の規則: {rules}", "Not applicable: {rules}")
_OPEN = Text("満たしていない点と、次にすること", "What is not met, and what to do")
_WHOLE = Text("サイト全体", "the site")
_DUTIES = Text("未了の義務: {n} 件", "Open duties: {n}")
_SOURCES = Text(
    "出典 {n} 件({kinds})。全文は --format json または report で示します。",
    "Sources: {n} ({kinds}); in full with --format json or in a report.",
)


def summary(result: SiteResult, lang: Lang) -> Document:
    """The compact document."""
    site = result.site
    asked = asked_line(result)
    blocks: list[Block] = [
        *banners(result, lang),
        Paragraph(register_line(result).says(lang), small=True),
        *_rules(result, lang),
        *_open_points(result, lang),
        *_duties(result, lang),
        *advice(result, lang),
        *milestones(result, lang),
    ]
    cited = sources(result, [r for r in result.rules if r.verdict is not Verdict.NOT_APPLICABLE])
    footer = _SOURCES.fill(n=len(cited), kinds=certainty_counts(cited)).says(lang) if cited else ""
    return Document(f"{site.name} ({site.id})", asked.says(lang), lang.value, footer, tuple(blocks))


def summaries(results: Sequence[SiteResult], lang: Lang) -> Document:
    """Several sites as one document, for a file; one site is its own."""
    pages = [summary(result, lang) for result in results]
    if len(pages) == 1:
        return pages[0]
    blocks: list[Block] = []
    for page in pages:
        blocks += [Heading(1, page.title), Paragraph(page.subtitle), *page.blocks]
        blocks.append(Paragraph(page.footer, small=True))
    title = _SITES.fill(n=len(pages)).says(lang)
    return Document(title, "", lang.value, "", tuple(blocks))


def _rules(result: SiteResult, lang: Lang) -> list[Block]:
    rules = label_rules(result)
    asking = [r for r in rules if r.verdict is not Verdict.NOT_APPLICABLE]
    # Duties too: what asks nothing is named nowhere else, and the engineer's page has it.
    silent = [
        rule_code(r) for r in (*rules, *duties(result)) if r.verdict is Verdict.NOT_APPLICABLE
    ]
    blocks: list[Block] = []
    if asking:
        header = tuple(h.says(lang) for h in _HEADER)
        rows = tuple(_rule_row(rule, lang) for rule in asking)
        blocks += [Heading(1, _RULES.says(lang)), Table(header, rows, (2, 7, 4, 4))]
    if silent:
        blocks.append(Paragraph(_OUT.fill(rules=listed(silent)).says(lang), small=True))
    return blocks


def _rule_row(rule: RuleFinding, lang: Lang) -> tuple[Cell, ...]:
    force = force_line(rule).says(lang) + ("" if rule.counts else _SHOWN.says(lang))
    return (
        verdict_cell(rule.verdict, lang),
        Cell(rule_name(rule).says(lang)),
        Cell(force),
        Cell(trigger_line(rule).says(lang)),
    )


def _open_points(result: SiteResult, lang: Lang) -> list[Block]:
    open_ = [r for r in label_rules(result) if r.verdict in OPEN_VERDICTS]
    blocks: list[Block] = [Heading(1, _OPEN.says(lang))] if open_ else []
    for rule in open_:
        shown = "" if rule.counts else _SHOWN.says(lang)
        blocks.append(Heading(2, rule_name(rule).says(lang) + shown))
        blocks.append(Bullets(tuple(_open_lines(rule, lang))))
    return blocks


def _open_lines(rule: RuleFinding, lang: Lang) -> list[str]:
    lines = []
    for group in grouped(d for d in rule.devices if d.verdict in OPEN_VERDICTS):
        who = (ids_words(group.devices) if group.devices else _WHOLE).says(lang)
        remedy = f"\n→ {group.remedy.says(lang)}" if group.remedy is not None else ""
        lines.append(f"{signed(group.verdict, lang)} {who}: {group.reason.says(lang)}{remedy}")
    return lines


def _duties(result: SiteResult, lang: Lang) -> list[Block]:
    if not result.open_duties:
        return []
    open_ = tuple(rule_name(r).says(lang) for r in duties(result) if r.is_open_duty)
    return [Heading(1, _DUTIES.fill(n=result.open_duties).says(lang)), Bullets(open_)]
