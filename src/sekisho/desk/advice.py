"""Advice: what does not enter the verdict and a careful owner wants to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.rulebook.statement import Force
from sekisho.site.model import Programme, Role
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text, listed
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sekisho.desk.result import RuleFinding
    from sekisho.site.model import Site

_NO_DATE = Text(
    "{name}の日付がサイトファイルにないため、{day} をその日とみなして {rules} を判定しました。"
    "実際の日付が後になれば、適用される規則も判定も変わり得ます。",
    "The site file gives no date of {name}; {day} stands in for it in {rules}. With the real date "
    "other rules may apply and the verdict may change.",
)
_INTRODUCED = Text("機器の導入", "introduction of the device")
_KEYED = Text("{name}({key})", "{name} ({key})")
_SUISHO = Text(
    "推奨({rule})を満たさない、または判定できない機器があります: {devices}。",
    "The encouraged rule {rule} (推奨) is not met or not determined for: {devices}.",
)
_SINGLE_GATEWAY = Text(
    "ゲートウェイ {gateway} は1台で、止まれば全体が止まる単一障害点です。"
    "冗長化と、試験済みの手動代替手順を検討してください。",
    "The only gateway, {gateway}, is a single point of failure: consider redundancy and a tested "
    "manual fallback.",
)
_BEHIND = Text(
    "ゲートウェイを前に置くとリスクは下がりますが、"
    "IP で通信する {devices} 自身のラベルは別に求められます。",
    "A gateway in front lowers the risk; it leaves the duty of the IP-speaking {devices} to hold "
    "its own label.",
)
_RESUBMIT = Text(
    "オークション登録後に機器を変えた場合は、"
    "再提出して再審査を受ける必要があります(募集要綱 p.59)。",
    "A change of equipment after the auction registration must be resubmitted and reviewed again "
    "(FY2026 requirements, p.59).",
)
_JET = Text(
    "JET 認証({devices})は表示のみで、JC-STAR ラベルとして数えません。",
    "The JET certificate of {devices} is shown and does not count as a JC-STAR label.",
)
_CONTAINS = Text(
    "{devices} はラベル取得済みの部品を含むと書かれていますが、"
    "部品のラベルは全体のラベルになりません。",
    "{devices} is said to contain a labelled part; that does not label the whole.",
)


def advise(site: Site, rules: Sequence[RuleFinding]) -> tuple[Text, ...]:
    """Advice for the site, in a fixed order."""
    return tuple(_dates(rules) + _encouraged(rules) + _layout(site, rules) + _papers(site))


def _dates(rules: Sequence[RuleFinding]) -> list[Text]:
    """Dates that stand in for missing ones: the answer may change when they are given."""
    missing: dict[tuple[str, date], list[str]] = {}
    for rule in rules:
        if rule.trigger.assumed and rule.assumptions:
            key = (rule.trigger.name, rule.trigger.date)
            missing.setdefault(key, []).append(rule.statement.id.upper())
    return [
        _NO_DATE.fill(name=_date_name(name), day=day, rules=listed(ids))
        for (name, day), ids in missing.items()
    ]


def _date_name(name: str) -> Text:
    """A trigger as a person reads it, and the key to fill in."""
    words = {m.value: t for m, t in MILESTONE_TEXTS.items()} | {"introduced": _INTRODUCED}
    return _KEYED.fill(name=words.get(name, name), key=name)


def _encouraged(rules: Sequence[RuleFinding]) -> list[Text]:
    said = []
    for rule in rules:
        if rule.statement.force is not Force.SUISHO:
            continue
        open_ = [
            d.device or "—"
            for d in rule.devices
            if d.verdict in {Verdict.BROKEN, Verdict.UNDETERMINED}
        ]
        if open_:
            said.append(_SUISHO.fill(rule=rule.statement.title, devices=listed(open_)))
    return said


def _layout(site: Site, rules: Sequence[RuleFinding]) -> list[Text]:
    gateways = [d for d in site.devices if d.role is Role.GATEWAY]
    said = []
    if len(gateways) == 1:
        said.append(_SINGLE_GATEWAY.fill(gateway=gateways[0].id))
    if gateways:
        open_pcs = {
            f.device
            for r in rules
            for f in r.devices
            if r.counts and f.verdict is Verdict.BROKEN and f.device is not None
        }
        behind = [d.id for d in site.devices if d.role is Role.PCS and d.id in open_pcs]
        if behind:
            said.append(_BEHIND.fill(devices=listed(sorted(behind))))
    return said


def _papers(site: Site) -> list[Text]:
    said = []
    if Programme.LONG_TERM_AUCTION_2026 in site.joins:
        said.append(_RESUBMIT)
    jet = sorted(d.id for d in site.devices if d.jet)
    if jet:
        said.append(_JET.fill(devices=listed(jet)))
    contains = sorted(d.id for d in site.devices if d.contains)
    if contains:
        said.append(_CONTAINS.fill(devices=listed(contains)))
    return said
