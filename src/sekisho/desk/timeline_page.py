"""A timeline as JSON and as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

from sekisho.desk.document import LabelDoc, VerdictWord, label_doc
from sekisho.desk.timeline import Deadline, Need
from sekisho.present.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from sekisho.present.verdicts import verdict_cell
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.desk.result import SiteResult
    from sekisho.desk.timeline import Piece, RuleLine, Timeline
    from sekisho.terms.texts import Lang


class PieceDoc(TypedDict):
    """Days on which one answer stands, both included."""

    first: str
    last: str
    verdict: VerdictWord
    reason: str


class DeviceLineDoc(TypedDict):
    """One device's answers; null for the site as a whole."""

    device: str | None
    pieces: list[PieceDoc]
    changes: list[str]
    """Days on which the verdict differs from the day before."""


class RuleLineDoc(TypedDict):
    """One rule's answers. `trigger_given` false: each day stands in for the missing date."""

    rule: str
    trigger: str
    trigger_given: bool
    pieces: list[PieceDoc]
    changes: list[str]
    devices: list[DeviceLineDoc]


class DeadlineDoc(TypedDict):
    """The last day on which a label must exist, be extended, or (holds) still stands."""

    device: str
    milestone: str
    date: str
    need: str
    last_day: str
    label: LabelDoc | None


class TimelineDoc(TypedDict):
    """One site's timeline."""

    site: str
    first: str
    last: str
    known_at: str
    list_date: str
    rules: list[RuleLineDoc]
    deadlines: list[DeadlineDoc]


def timeline_json(line: Timeline, result: SiteResult, lang: Lang) -> TimelineDoc:
    """The timeline in its published form."""
    return {
        "site": line.site.id,
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
        "known_at": result.known_at.isoformat(),
        "list_date": result.register.list_date.isoformat(),
        "rules": [
            {
                "rule": rule.statement.id,
                "trigger": rule.statement.trigger.value,
                "trigger_given": rule.trigger_given,
                "pieces": _pieces(rule.pieces, lang),
                "changes": _changes(rule.pieces),
                "devices": [
                    {
                        "device": device.device,
                        "pieces": _pieces(device.pieces, lang),
                        "changes": _changes(device.pieces),
                    }
                    for device in rule.devices
                ],
            }
            for rule in line.rules
        ],
        "deadlines": [
            {
                "device": d.device,
                "milestone": d.milestone.value,
                "date": d.day.isoformat(),
                "need": d.need.value,
                "last_day": d.last_day.isoformat(),
                "label": label_doc(d.label) if d.label else None,
            }
            for d in line.deadlines
        ],
    }


_TITLE = Text("判定の時間軸: {site}", "Timeline of verdicts: {site}")
_SUBTITLE = Text("{first} から {last}", "{first} to {last}")
_HOW = Text(
    "各日の判定は「書類をその日に見たとしたら」の答えです。契約申込み日などが [dates] にある規則は"
    "その日付で適用され、ない規則はその日を申込み日とみなします。",
    "The verdict of a day answers: what if the papers were looked at on that day? A rule whose date "
    "is given in [dates] applies by it; where it is not given, the day itself stands in.",
)
_CHANGES = Text("判定が変わる日", "Days on which a verdict changes")
_NO_CHANGE = Text("この期間に変わる判定はありません。", "No verdict changes in this period.")
_CHANGE_HEADER = (
    Text("日付", "Day"),
    Text("規則", "Rule"),
    Text("機器", "Device"),
    Text("前", "Before"),
    Text("後", "After"),
    Text("理由", "Reason"),
)
_DEADLINES = Text("ラベルの期限", "By when each label must exist or be extended")
_DEADLINE_HEADER = (
    Text("日程", "Milestone"),
    Text("日付", "Date"),
    Text("機器", "Device"),
    Text("必要なこと", "Needed"),
    Text("最終日", "Last day"),
    Text("登録番号", "Label number"),
)
NEED_TEXTS = {
    Need.EXIST: Text("この日までにラベルがあること", "label must exist by this day"),
    Need.EXTEND: Text("この日までに延長されること", "must be extended by this day"),
    Need.HOLDS: Text("有効(この日まで)", "valid (until this day)"),
}
_PICTURE = Text("規則と機器ごとの判定の帯", "Bands of verdicts by rule and device")


def timeline_document(
    line: Timeline, result: SiteResult, lang: Lang, picture: str | None
) -> Document:
    """The timeline as a document; `picture` is a finished SVG."""
    blocks: list[Block] = [Paragraph(_HOW.says(lang))]
    if picture is not None:
        blocks.append(Picture(picture, _PICTURE.says(lang)))
    blocks.append(Heading(1, _CHANGES.says(lang)))
    rows = [row for rule in line.rules for row in _change_rows(rule, lang)]
    if rows:
        header = tuple(h.says(lang) for h in _CHANGE_HEADER)
        ordered = tuple(sorted(rows, key=lambda r: [c.text for c in r[:3]]))
        blocks.append(Table(header, ordered, (2, 2, 2, 2, 2, 6)))
    else:
        blocks.append(Bullets((_NO_CHANGE.says(lang),)))
    if line.deadlines:
        blocks.append(Heading(1, _DEADLINES.says(lang)))
        header = tuple(h.says(lang) for h in _DEADLINE_HEADER)
        table = tuple(_deadline_row(d, lang) for d in line.deadlines)
        blocks.append(Table(header, table, (3, 2, 2, 4, 2, 3)))
    return Document(
        title=_TITLE.fill(site=line.site.name).says(lang),
        subtitle=_SUBTITLE.fill(first=line.first, last=line.last).says(lang),
        lang=lang.value,
        footer=f"{line.site.id} / {result.known_at}",
        blocks=tuple(blocks),
    )


def _change_rows(rule: RuleLine, lang: Lang) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for device in rule.devices:
        for before, after in zip(device.pieces, device.pieces[1:], strict=False):
            rows.append(
                (
                    Cell(after.first.isoformat()),
                    Cell(rule.statement.id.upper()),
                    Cell(device.device or "—"),
                    verdict_cell(before.verdict, lang),
                    verdict_cell(after.verdict, lang),
                    Cell(after.reason.says(lang)),
                )
            )
    return rows


def _deadline_row(deadline: Deadline, lang: Lang) -> tuple[Cell, ...]:
    tint = {
        Need.EXIST: Verdict.BROKEN,
        Need.EXTEND: Verdict.UNDETERMINED,
        Need.HOLDS: Verdict.MET,
    }[deadline.need]
    number = deadline.label.number if deadline.label else None
    return (
        Cell(MILESTONE_TEXTS[deadline.milestone].says(lang)),
        Cell(deadline.day.isoformat()),
        Cell(deadline.device),
        Cell(NEED_TEXTS[deadline.need].says(lang), tint),
        Cell(deadline.last_day.isoformat()),
        Cell(number or "—"),
    )


def _pieces(pieces: tuple[Piece, ...], lang: Lang) -> list[PieceDoc]:
    return [
        {
            "first": p.first.isoformat(),
            "last": p.last.isoformat(),
            "verdict": p.verdict.value,
            "reason": p.reason.says(lang),
        }
        for p in pieces
    ]


def _changes(pieces: tuple[Piece, ...]) -> list[str]:
    return [p.first.isoformat() for p in pieces[1:]]
