"""The report for the investor: one page, the verdict, what breaks when, and what to do next.

It is short because it leaves out; what it leaves out it counts, and the report for the engineer has
it. It never promises what an authority will decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from sekisho.desk.report.cited import certainty_counts, sources
from sekisho.desk.report.pieces import (
    OPEN_VERDICTS,
    asked_line,
    banners,
    footer,
    force_line,
    grouped,
    ids_words,
    label_rules,
    register_line,
    rule_name,
    site_line,
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
from sekisho.present.verdicts import verdict_cell
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text, listed
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sekisho.desk.result import RuleFinding, SiteResult
    from sekisho.terms.texts import Lang

_MOST_DATES: Final = 7
_MOST_STEPS: Final = 5
_MOST_DUE: Final = 3
_MOST_RULES: Final = 6
_MOST_NAMES: Final = 40
_LONGEST_STEP: Final = 150

_TITLE = Text("{site}: 投資家向け要約", "{site}: summary for the investor")
_SUBTITLE = Text("{site} / {asked}", "{site} / {asked}")
_WHEN = Text("いつ、何が起きるか", "What happens when")
_WHEN_HEADER = (
    Text("日付", "Date"),
    Text("日程・できごと", "Milestone or event"),
    Text("判定", "Verdict"),
)
_STEPS = Text("次にすること", "What to do next")
_NO_STEPS = Text(
    "満たしていない点はありません。リストの更新と日程の変更のたびに、もう一度判定してください。",
    "Nothing is open. Ask again whenever the list or the dates change.",
)
_MORE = Text("ほか {n} 件は技術者向け報告書にあります。", "{n} more are in the engineer's report.")
_RULES = Text("判定を決めた規則", "The rules that decide")
_RULE_HEADER = (
    Text("判定", "Verdict"),
    Text("規則", "Rule"),
    Text("強さ・段階", "Force, status"),
    Text("出典の確度", "Certainty of its sources"),
)
_ASIDE = Text(
    "判定に数えないもの: 未了の義務(書面) {duties} 件、助言 {advice} 件。",
    "Not counted in the verdict: {duties} open duties (documents), {advice} pieces of advice.",
)
_AND_MORE = Text("ほか{n}台", "{n} more")
_WHOLE = Text("サイト全体", "the site")


@dataclass(frozen=True, slots=True)
class Event:
    """One day on which something about the verdict happens."""

    day: date
    words: Text
    verdict: Verdict | None
    """The site's or the rule's verdict from that day; None for a deadline."""


def investor_report(result: SiteResult, lang: Lang, events: Sequence[Event] = ()) -> Document:
    """The one page.

    Args:
        result: the answer.
        lang: language of the page.
        events: days on which verdicts change and labels are due, besides the site's own dates.
    """
    blocks: list[Block] = [
        *banners(result, lang),
        Paragraph(register_line(result).says(lang)),
        *_when(result, lang, events),
        Heading(1, _STEPS.says(lang)),
        Bullets(tuple(_steps(result, lang, events))),
        *_deciding(result, lang),
        Paragraph(
            _ASIDE.fill(duties=result.open_duties, advice=len(result.advice)).says(lang), small=True
        ),
    ]
    return Document(
        _TITLE.fill(site=result.site.name).says(lang),
        _SUBTITLE.fill(site=site_line(result), asked=asked_line(result)).says(lang),
        lang.value,
        footer(result).says(lang),
        tuple(blocks),
    )


def _when(result: SiteResult, lang: Lang, events: Sequence[Event]) -> list[Block]:
    own = [Event(m.date, MILESTONE_TEXTS[m.name], m.verdict) for m in result.milestones]
    days = sorted([*own, *events], key=lambda e: e.day)
    if not days:
        return []
    rows = tuple(
        (
            Cell(event.day.isoformat()),
            Cell(event.words.says(lang)),
            Cell("") if event.verdict is None else verdict_cell(event.verdict, lang),
        )
        for event in days[:_MOST_DATES]
    )
    header = tuple(h.says(lang) for h in _WHEN_HEADER)
    blocks: list[Block] = [Heading(1, _WHEN.says(lang)), Table(header, rows, (3, 9, 5))]
    if len(days) > _MOST_DATES:
        blocks.append(Paragraph(_MORE.fill(n=len(days) - _MOST_DATES).says(lang), small=True))
    return blocks


def _steps(result: SiteResult, lang: Lang, events: Sequence[Event]) -> Iterator[str]:
    """Each different remedy once, with the devices it is for; then what is due later."""
    due = [event for event in events if event.verdict is None]
    steps: dict[Text, dict[str, None]] = {}
    for rule in label_rules(result):
        if not rule.counts:
            continue
        for group in grouped(d for d in rule.devices if d.verdict in OPEN_VERDICTS):
            if group.remedy is not None:
                names = steps.setdefault(group.remedy, {})
                names.update(dict.fromkeys(group.devices))
    if not steps and not due:
        yield _NO_STEPS.says(lang)
    for remedy, names in islice(steps.items(), _MOST_STEPS):
        yield f"{_named(list(names)).says(lang)}: {_shortened(remedy.says(lang))}"
    if len(steps) > _MOST_STEPS:
        yield _MORE.fill(n=len(steps) - _MOST_STEPS).says(lang)
    for event in due[:_MOST_DUE]:
        yield f"{event.day}: {event.words.says(lang)}"


def _named(names: list[str]) -> Text:
    if not names:
        return _WHOLE
    shown = ids_words(names[:_MOST_NAMES])
    if len(names) <= _MOST_NAMES:
        return shown
    return listed([shown, _AND_MORE.fill(n=len(names) - _MOST_NAMES)])


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_STEP else text[: _LONGEST_STEP - 1] + "…"


def _deciding(result: SiteResult, lang: Lang) -> list[Block]:
    rules = [r for r in label_rules(result) if r.counts and r.verdict is result.verdict]
    if not rules or result.verdict is Verdict.NOT_APPLICABLE:
        return []
    header = tuple(h.says(lang) for h in _RULE_HEADER)
    rows = tuple(_rule_row(result, rule, lang) for rule in rules[:_MOST_RULES])
    blocks: list[Block] = [Heading(1, _RULES.says(lang)), Table(header, rows, (3, 7, 4, 5))]
    if len(rules) > _MOST_RULES:
        blocks.append(Paragraph(_MORE.fill(n=len(rules) - _MOST_RULES).says(lang), small=True))
    return blocks


def _rule_row(result: SiteResult, rule: RuleFinding, lang: Lang) -> tuple[Cell, ...]:
    return (
        verdict_cell(rule.verdict, lang),
        Cell(rule_name(rule).says(lang)),
        Cell(force_line(rule).says(lang)),
        Cell(certainty_counts(sources(result, [rule])).says(lang) or "—"),
    )
