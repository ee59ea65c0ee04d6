"""A what-if as JSON and as a document: what changes, what stays open, what does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from sekisho.desk.document import VerdictWord
from sekisho.desk.report.pieces import BUT_ON, worse_dates
from sekisho.desk.result import MilestoneFinding
from sekisho.present.document import Banner, Block, Bullets, Cell, Document, Heading, Table
from sekisho.present.verdicts import verdict_cell
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text
from sekisho.terms.verdict import VERDICT_TEXTS

if TYPE_CHECKING:
    from sekisho.desk.what_if import Shift, WhatIf
    from sekisho.terms.texts import Lang
    from sekisho.terms.verdict import Verdict


class ShiftDoc(TypedDict):
    """One rule's answer for one device before and after; null where there was or is none."""

    rule: str
    device: str | None
    counts: bool
    before: VerdictWord | None
    after: VerdictWord | None
    reason: str
    remedy: str | None


class DateShiftDoc(TypedDict):
    """The site's verdict on one of its dates after the change, and before it."""

    name: str
    date: str
    before: VerdictWord | None
    after: VerdictWord


class WhatIfDoc(TypedDict):
    """What a change of the plant changes, and what it does not."""

    site: str
    before: VerdictWord
    after: VerdictWord
    changed: list[ShiftDoc]
    still_open: list[ShiftDoc]
    unchanged: list[str]
    milestones: list[DateShiftDoc]


def what_if_json(answer: WhatIf, lang: Lang) -> WhatIfDoc:
    """The comparison in its published form."""
    return {
        "site": answer.before.site.id,
        "before": answer.before.verdict.value,
        "after": answer.after.verdict.value,
        "changed": [_shift(s, lang) for s in answer.changed],
        "still_open": [_shift(s, lang) for s in answer.still_open],
        "unchanged": [u.says(lang) for u in answer.unchanged],
        "milestones": [
            {
                "name": d.name.value,
                "date": d.date.isoformat(),
                "before": d.before.value if d.before else None,
                "after": d.after.value,
            }
            for d in answer.dates
        ],
    }


_TITLE = Text("もし変えたら: {site}", "What if: {site}")
_BANNER = Text("{before} → {after}", "{before} → {after}")
_STILL = Text("{verdict}のまま残る日: {dates}", "still {verdict} on: {dates}")
_BASIS = Text("リスト {date} 時点", "list of {date}")
_CHANGED = Text("変わる判定", "Verdicts that change")
_NOTHING = Text("変わる判定はありません。", "No verdict changes.")
_OPEN = Text("変えても残る点", "Still open after the change")
_UNCHANGED = Text("変わらないこと", "What does not change")
_DATES = Text("日程ごとの判定", "Verdict on each date of the project")
_DATES_HEADER = (
    Text("日程", "Milestone"),
    Text("日付", "Date"),
    Text("前", "Before"),
    Text("後", "After"),
)
_HEADER = (
    Text("規則", "Rule"),
    Text("機器", "Device"),
    Text("前", "Before"),
    Text("後", "After"),
    Text("変更後の理由", "Reason after"),
)


def what_if_document(answer: WhatIf, lang: Lang) -> Document:
    """The comparison as a document."""
    result = answer.after
    words = _BANNER.fill(
        before=VERDICT_TEXTS[answer.before.verdict], after=VERDICT_TEXTS[result.verdict]
    )
    basis = _BASIS.fill(date=result.register.list_date)
    blocks: list[Block] = [
        Banner(result.verdict, words.says(lang), basis.says(lang)),
        *_worse_dates(answer, lang),
        Heading(1, _CHANGED.says(lang)),
    ]
    if answer.changed:
        blocks.append(_table(answer.changed, lang))
    else:
        blocks.append(Bullets((_NOTHING.says(lang),)))
    if answer.still_open:
        blocks += [Heading(1, _OPEN.says(lang)), _table(answer.still_open, lang)]
    if answer.dates:
        blocks += [Heading(1, _DATES.says(lang)), _dates(answer, lang)]
    if answer.unchanged:
        said = tuple(u.says(lang) for u in answer.unchanged)
        blocks += [Heading(1, _UNCHANGED.says(lang)), Bullets(said)]
    return Document(
        title=_TITLE.fill(site=result.site.name).says(lang),
        subtitle="",
        lang=lang.value,
        footer=f"{result.site.id} / {result.known_at}",
        blocks=tuple(blocks),
    )


def _worse_dates(answer: WhatIf, lang: Lang) -> list[Banner]:
    """Whoever reads the headline alone must see the dates that it does not speak of."""
    still = [d for d in answer.dates if d.before is d.after]
    new = [d for d in answer.dates if d.before is not d.after]
    return [
        banner
        for words, dates in ((_STILL, still), (BUT_ON, new))
        for banner in worse_dates(
            answer.after,
            [MilestoneFinding(name=d.name, date=d.date, verdict=d.after) for d in dates],
            words,
            lang,
        )
    ]


def _table(shifts: tuple[Shift, ...], lang: Lang) -> Table:
    rows = tuple(
        (
            Cell(s.rule.statement.id.upper()),
            Cell(s.device or "—"),
            _word(s.before, lang),
            _word(s.after, lang),
            Cell(s.finding.reason.says(lang)),
        )
        for s in shifts
    )
    return Table(tuple(h.says(lang) for h in _HEADER), rows, (2, 2, 2, 2, 7))


def _dates(answer: WhatIf, lang: Lang) -> Table:
    rows = tuple(
        (
            Cell(MILESTONE_TEXTS[d.name].says(lang)),
            Cell(d.date.isoformat()),
            _word(d.before, lang),
            _word(d.after, lang),
        )
        for d in answer.dates
    )
    return Table(tuple(h.says(lang) for h in _DATES_HEADER), rows, (4, 2, 3, 3))


def _word(verdict: Verdict | None, lang: Lang) -> Cell:
    if verdict is None:
        return Cell("—")
    return verdict_cell(verdict, lang)


def _shift(shift: Shift, lang: Lang) -> ShiftDoc:
    finding = shift.finding
    return {
        "rule": shift.rule.statement.id,
        "device": shift.device,
        "counts": shift.rule.counts,
        "before": shift.before.value if shift.before else None,
        "after": shift.after.value if shift.after else None,
        "reason": finding.reason.says(lang),
        "remedy": finding.remedy.says(lang) if finding.remedy else None,
    }
