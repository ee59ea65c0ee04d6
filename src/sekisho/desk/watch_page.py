"""Alerts about a new list for people and programs: a document, plain data, a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.desk.register_page import about, info_data
from sekisho.present.document import Block, Cell, Document, Paragraph, Table
from sekisho.terms.texts import Lang, Text, same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.desk.watch import Alert, Watched
    from sekisho.register.model import Label
    from sekisho.terms.ids import DeviceId


def watch_page(alerts: Sequence[Alert], lists: Watched, lang: Lang) -> Document:
    """The alerts as a document."""
    title = Text(
        "リストの更新による知らせ: {n} 件(悪化 {worse} 件)",
        "Alerts from the new list: {n} (for the worse: {worse})",
    ).fill(n=len(alerts), worse=sum(alert.counts for alert in alerts))
    header = (
        Text("案件", "site"),
        Text("機器", "devices"),
        Text("変化", "change"),
        Text("ラベル", "label"),
        Text("内容", "what"),
    )
    rows = tuple(
        (
            Cell(alert.site),
            Cell(_some(alert.devices)),
            Cell(_sense(alert).says(lang)),
            Cell(_name(alert.label)),
            Cell(alert.what.says(lang)),
        )
        for alert in alerts
    )
    blocks: list[Block] = []
    if rows:
        names = tuple(name.says(lang) for name in header)
        blocks.append(Table(names, rows, (12, 14, 10, 18, 40)))
    else:
        nothing = Text("これらの案件に関わる変化はありません。", "Nothing changed for these sites.")
        blocks.append(Paragraph(nothing.says(lang)))
    if not (lists.last.info.complete and lists.new.info.complete):
        note = Text(
            "抜粋を含む比較です。抜粋にないことは、ラベルがないことを意味しません。",
            "An excerpt is among the lists: absence from it does not mean that there is no label.",
        )
        blocks.append(Paragraph(note.says(lang), small=True))
    subtitle = f"{about(lists.last.info, lang)} → {about(lists.new.info, lang)}"
    return Document(title.says(lang), subtitle, lang.value, "", tuple(blocks))


_WORSE = Text("悪化", "worse")
_BETTER = Text("変化", "changed")
_STANDING = Text("継続", "as before")


def _sense(alert: Alert) -> Text:
    if not alert.news:
        return _STANDING
    return _WORSE if alert.worse else _BETTER


_MOST_DEVICES = 3


def _some(names: Sequence[DeviceId]) -> str:
    more = f" (+{len(names) - _MOST_DEVICES})" if len(names) > _MOST_DEVICES else ""
    return ", ".join(names[:_MOST_DEVICES]) + more


def _name(label: Label | None) -> str:
    if label is None:
        return "—"
    return label.number or " ".join([*label.makers[:1], *label.products[:1]]) or "—"


def watch_data(alerts: Sequence[Alert], lists: Watched, lang: Lang) -> dict[str, Any]:
    """The alerts as JSON values, with the two lists they come from."""
    return {
        "last": info_data(lists.last.info),
        "new": info_data(lists.new.info),
        "alerts": [alert_data(alert, lang) for alert in alerts],
    }


def alert_data(alert: Alert, lang: Lang) -> dict[str, Any]:
    """An alert as JSON values."""
    return {
        "site": alert.site,
        "devices": list(alert.devices),
        "kind": alert.kind.value,
        "what": alert.what.says(lang),
        "number": alert.label.number if alert.label else None,
        "news": alert.news,
        "worse": alert.worse,
    }


def message(alerts: Sequence[Alert], lang: Lang) -> tuple[str, str]:
    """Title and lines for a channel of plain text: the alerts that are news."""
    news = [alert for alert in alerts if alert.news]
    title = Text("JC-STAR リストの更新: {n} 件", "JC-STAR list update: {n} alerts").fill(
        n=len(news)
    )
    line = Text(
        "[{sense}] {site} {devices}: {what} ({label})",
        "[{sense}] {site} {devices}: {what} ({label})",
    )
    lines = [
        line.fill(
            sense=_sense(alert),
            site=same(alert.site),
            devices=_some(alert.devices),
            what=alert.what,
            label=_name(alert.label),
        ).says(lang)
        for alert in news
    ]
    return title.says(lang), "\n".join(lines)
