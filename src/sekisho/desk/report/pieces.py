"""What several reports say in the same way: the verdict, the list it rests on, open points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk.report.words import trigger_words
from sekisho.present.document import Banner, Block, Bullets, Cell, Heading, Table
from sekisho.present.verdicts import signed, verdict_cell
from sekisho.rulebook.statement import FORCE_TEXTS, STATUS_TEXTS, Kind
from sekisho.site.words import AREA_TEXTS, MILESTONE_TEXTS, RESOURCE_TEXTS, VOLTAGE_TEXTS
from sekisho.terms.texts import Text, listed, same, sentences
from sekisho.terms.verdict import VERDICT_TEXTS, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sekisho.desk.result import DeviceFinding, MilestoneFinding, RuleFinding, SiteResult
    from sekisho.desk.timeline import RuleLine
    from sekisho.site.model import Device
    from sekisho.terms.texts import Lang

_BROKEN = Text(
    "判定に含める規則のうち {n} 件が不充足です。", "Of the rules that count, {n} broken."
)
_OPEN = Text(
    "判定に含める規則のうち {n} 件は判定できません。", "Of the rules that count, {n} undetermined."
)
_ALSO_OPEN = Text("ほかに {n} 件は判定できません。", "{n} more undetermined.")
_MET = Text(
    "判定に含める規則のうち、求めのある {n} 件をすべて満たします。",
    "Rules that count and ask something: {n}, all met.",
)
_NOTHING = Text(
    "判定に含める規則のうち、このサイトに何かを求めるものはありません。",
    "No rule that counts asks anything of this site.",
)
_LIST = Text(
    "根拠のリスト: {date} 時点({source})、{age} 日前のもの。",
    "The list it rests on: {date} ({source}), {age} days old.",
)
_EXCERPT = Text(
    "一部を写した抜粋で、載っていないことは何も示しません。",
    "It is an excerpt: absence from it says nothing.",
)
_STALE = Text(
    "60日を超えて古いため、充足とは判定しません。最新のリストを取得してください。",
    "Older than 60 days, so nothing is called met by it: fetch the list again.",
)
_ASKED = Text(
    "基準日 {as_of}({known_at} までに判明していた情報による)",
    "asked for {as_of}, with what was known by {known_at}",
)
_FOOTER = Text(
    "リスト {list_date}・{known_at} までの知見による判定。IPA・経済産業省・電力会社の判断ではありません。",
    "By the list of {list_date} and what was known by {known_at}. "
    "Not a decision of IPA, METI or a grid operator.",
)
_ADVICE = Text("助言", "Advice")
_MILESTONES = Text("日程ごとの判定", "Verdict on each date of the project")
_MILESTONE_HEADER = (Text("判定", "Verdict"), Text("日付", "Date"), Text("日程", "Milestone"))
_ASSUMED = Text("(仮定)", " (assumed)")

_ORDER = {
    Verdict.BROKEN: 0,
    Verdict.UNDETERMINED: 1,
    Verdict.MET: 2,
    Verdict.NOT_APPLICABLE: 3,
}

BUT_ON = Text("ただし{verdict}になる日: {dates}", "but {verdict} on: {dates}")
OPEN_VERDICTS = frozenset({Verdict.BROKEN, Verdict.UNDETERMINED})


def banners(result: SiteResult, lang: Lang) -> list[Banner]:
    """The verdict first, in one sentence what it is made of, and the dates that fare worse."""
    first = Banner(result.verdict, signed(result.verdict, lang), _made_of(result).says(lang))
    return [first, *worse_dates(result, result.milestones, BUT_ON, lang)]


def worse_dates(
    result: SiteResult, dates: Sequence[MilestoneFinding], words: Text, lang: Lang
) -> list[Banner]:
    """Dates that fare worse than the headline, a banner for each verdict: a better word must not hide them.

    Args:
        result: the answer whose verdict is the headline.
        dates: the dates to look at.
        words: what to say of them: `{verdict}` on `{dates}`.
        lang: language of the banner.
    """
    found = []
    for verdict in (Verdict.BROKEN, Verdict.UNDETERMINED):
        days = [
            Text(f"{MILESTONE_TEXTS[m.name].ja} {m.date}", f"{MILESTONE_TEXTS[m.name].en} {m.date}")
            for m in dates
            if m.verdict is verdict and _ORDER[verdict] < _ORDER[result.verdict]
        ]
        if days:
            said = words.fill(verdict=VERDICT_TEXTS[verdict], dates=listed(days))
            found.append(Banner(verdict, said.says(lang), ""))
    return found


def _made_of(result: SiteResult) -> Text:
    counted = [r.verdict for r in result.rules if r.counts]
    broken = counted.count(Verdict.BROKEN)
    undetermined = counted.count(Verdict.UNDETERMINED)
    met = counted.count(Verdict.MET)
    said = []
    if broken:
        said.append(_BROKEN.fill(n=broken))
    if undetermined:
        said.append((_ALSO_OPEN if broken else _OPEN).fill(n=undetermined))
    if not said:
        said.append(_MET.fill(n=met) if met else _NOTHING)
    return sentences(said)


def register_line(result: SiteResult) -> Text:
    """Which list the answer rests on, how old it is, and what that means."""
    facts = result.register
    said = [_LIST.fill(date=facts.list_date, source=facts.source, age=facts.age_days)]
    if not facts.complete:
        said.append(_EXCERPT)
    if facts.stale:
        said.append(_STALE)
    return sentences(said)


def register_lines(result: SiteResult) -> list[Text]:
    """The list in full: which, how old, whether whole, and its fingerprint."""
    return [
        register_line(result),
        Text(f"SHA-256: {result.register.sha256}", f"SHA-256: {result.register.sha256}"),
    ]


def asked_line(result: SiteResult) -> Text:
    """What was asked."""
    return _ASKED.fill(as_of=result.as_of, known_at=result.known_at)


def footer(result: SiteResult) -> Text:
    """What stands at the foot of every page."""
    return _FOOTER.fill(list_date=result.register.list_date, known_at=result.known_at)


def advice(result: SiteResult, lang: Lang) -> list[Block]:
    """What does not enter the verdict and a careful owner wants to hear."""
    if not result.advice:
        return []
    return [Heading(1, _ADVICE.says(lang)), Bullets(tuple(a.says(lang) for a in result.advice))]


def milestones(result: SiteResult, lang: Lang) -> list[Block]:
    """The verdict on each date of the project."""
    if not result.milestones:
        return []
    rows = tuple(
        (
            verdict_cell(m.verdict, lang),
            Cell(m.date.isoformat()),
            Cell(MILESTONE_TEXTS[m.name].says(lang)),
        )
        for m in result.milestones
    )
    header = tuple(h.says(lang) for h in _MILESTONE_HEADER)
    return [Heading(1, _MILESTONES.says(lang)), Table(header, rows, (2, 2, 5))]


def device_words(device: Device) -> str:
    """Which product a device is, as the owner states it."""
    identity = device.identity
    said = [identity.maker, identity.product, identity.model, identity.version]
    return " / ".join(part for part in said if part) or "—"


def yes_no(value: bool | None, /) -> Text:  # noqa: FBT001 - the owner's answer itself, put into words; it switches nothing
    """A three-valued answer of the owner."""
    match value:
        case True:
            return Text("あり", "yes")
        case False:
            return Text("なし", "no")
        case None:
            return Text("未記入", "not stated")


def label_rules(result: SiteResult) -> list[RuleFinding]:
    """Rules of kind label, the most pressing first; counted ones before those only shown."""
    rules = [r for r in result.rules if r.statement.kind is Kind.LABEL]
    return sorted(rules, key=lambda r: (not r.counts, _ORDER[r.verdict]))


def duties(result: SiteResult) -> list[RuleFinding]:
    """Rules of kind duty, the open ones first."""
    rules = [r for r in result.rules if r.statement.kind is Kind.DUTY]
    return sorted(rules, key=lambda r: _ORDER[r.verdict])


def rule_code(rule: RuleFinding | RuleLine) -> str:
    """The rule's id as people write it: `ERAB-R4`. A row of the written table may hold several."""
    return rule.statement.id.upper()


def rule_name(rule: RuleFinding | RuleLine) -> Text:
    """The rule by its code and its title, or by a title that begins with the code: `ERAB R4: …`."""
    code, title = rule_code(rule), rule.statement.title
    if title.ja.startswith(f"{code.replace('-', ' ')}: "):
        return title
    return Text(f"{code} {title.ja}", f"{code} {title.en}")


def ids_words(ids: Sequence[str]) -> Text:
    """Devices by their ids; a run made by `count` as its first and last."""
    runs: list[tuple[str, int, int] | str] = []
    for name in ids:
        base, dot, number = name.rpartition(".")
        last = runs[-1] if runs else ""
        if not dot or not number.isdecimal():
            runs.append(name)
        elif isinstance(last, tuple) and last[0] == base and last[2] + 1 == int(number):
            runs[-1] = (base, last[1], int(number))
        else:
            runs.append((base, int(number), int(number)))
    return listed(_run_words(run) for run in runs)


def _run_words(run: tuple[str, int, int] | str) -> Text:
    if isinstance(run, str):
        return same(run)
    base, first, last = run
    if first == last:
        return same(f"{base}.{first}")
    return Text(f"{base}.{first}〜{last}", f"{base}.{first}–{last}")


def site_line(result: SiteResult) -> Text:
    """The site's area, class and size."""
    site = result.site
    size = f"{site.rated_kw:,.0f} kW"
    if site.rated_kwh is not None:
        size += f" / {site.rated_kwh:,.0f} kWh"
    words = (AREA_TEXTS[site.area], RESOURCE_TEXTS[site.resource], VOLTAGE_TEXTS[site.voltage])
    return listed([*words, size])


def trigger_line(rule: RuleFinding) -> Text:
    """By which date the rule applies."""
    assumed = _ASSUMED if rule.trigger.assumed else Text("", "")
    name = trigger_words(rule.trigger.name)
    return Text(
        f"{name.ja} {rule.trigger.date}{assumed.ja}", f"{name.en} {rule.trigger.date}{assumed.en}"
    )


def force_line(rule: RuleFinding) -> Text:
    """How strongly it asks and how far it has come."""
    return listed([FORCE_TEXTS[rule.statement.force], STATUS_TEXTS[rule.status]])


@dataclass(frozen=True, slots=True)
class Group:
    """Devices of which one rule says the same."""

    devices: tuple[str, ...]
    """Empty for the site as a whole."""
    verdict: Verdict
    reason: Text
    remedy: Text | None
    asked: Text | None
    """Why a label is asked for, where one is."""


def grouped(findings: Iterable[DeviceFinding], *, asked: bool = False) -> list[Group]:
    """Findings that say the same, said once, the most pressing first.

    Args:
        findings: of one rule.
        asked: whether it is also said why a label is asked for.
    """
    groups: dict[tuple[Verdict, Text, Text | None, Text | None], list[str]] = {}
    for finding in findings:
        key = (finding.verdict, finding.reason, finding.remedy, finding.asked if asked else None)
        names = groups.setdefault(key, [])
        if finding.device is not None:
            names.append(finding.device)
    made = [Group(tuple(names), *key) for key, names in groups.items()]
    return sorted(made, key=lambda group: _ORDER[group.verdict])
