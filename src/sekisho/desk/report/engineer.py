"""The report for the engineer: every rule and every device, with reason, remedy, match and source.

It leaves nothing out that the JSON says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.report.cited import same_source, sources
from sekisho.desk.report.labels import match_words
from sekisho.desk.report.pieces import (
    advice,
    asked_line,
    banners,
    device_words,
    duties,
    footer,
    force_line,
    grouped,
    ids_words,
    label_rules,
    milestones,
    register_lines,
    rule_code,
    rule_name,
    trigger_line,
    yes_no,
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
from sekisho.rulebook.statement import Kind
from sekisho.site.words import ROLE_TEXTS
from sekisho.terms.certainty import CERTAINTY_TEXTS
from sekisho.terms.texts import Text, listed
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.desk.report.pieces import Group
    from sekisho.desk.result import RuleFinding, SiteResult
    from sekisho.register.model import Match
    from sekisho.site.model import Device
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Lang

_TITLE = Text("{site}: 機器と規則ごとの判定", "{site}: verdict by device and rule")
_LIST = Text("根拠のリスト", "The list it rests on")
_DEVICES = Text("機器", "Devices")
_DEVICE_HEADER = (
    Text("機器", "Device"),
    Text("役割・製品", "Role, product"),
    Text("通信・制御", "Speaks, controls"),
    Text("リストとの照合", "How it was looked up"),
)
_STATED = Text("記載の登録番号 {number}", "number stated: {number}")
_SPEAKS = Text("IP通信 {ip}\n制御 {controls}", "IP: {ip}\ncontrols: {controls}")
_RULES = Text("ラベルを求める規則", "Rules that ask for a label")
_DUTIES = Text("書面を求める規則(義務)", "Rules that ask for a document (duties)")
_FINDING_HEADER = (
    Text("機器", "Device"),
    Text("判定", "Verdict"),
    Text("理由", "Reason"),
    Text("次にすること", "What to do"),
)
_META = Text("{programme} / {force} / {trigger}", "{programme} / {force} / {trigger}")
_NOT_COUNTED = Text(
    "この規則は示すだけで、サイトの判定に数えません。",
    "This rule is shown and does not count in the site's verdict.",
)
_WHOLE = Text("サイト全体", "the site")
_OUT = Text("対象外の規則", "Rules that ask nothing here")
_OUT_HEADER = (Text("規則", "Rule"), Text("制度", "Programme"), Text("理由", "Reason"))
_SOURCES = Text("出典", "Sources")
_SOURCE_HEADER = (
    Text("資料", "Document"),
    Text("箇所", "Place"),
    Text("確度", "Certainty"),
    Text("規則", "Rules"),
)


def engineer_report(result: SiteResult, matches: Mapping[DeviceId, Match], lang: Lang) -> Document:
    """The whole answer, device by device.

    Args:
        result: the answer.
        matches: how each device itself was looked up.
        lang: language of the report.
    """
    asking, silent = _split(result)
    blocks: list[Block] = [
        *banners(result, lang),
        Heading(2, _LIST.says(lang)),
        Bullets(tuple(line.says(lang) for line in register_lines(result))),
        *milestones(result, lang),
        *_devices(result, matches, lang),
        *_rules(_RULES, [r for r in asking if r.statement.kind is Kind.LABEL], lang),
        *_rules(_DUTIES, [r for r in asking if r.statement.kind is Kind.DUTY], lang),
        *_silent(silent, lang),
        *advice(result, lang),
        *_sources(result, lang),
    ]
    return Document(
        _TITLE.fill(site=result.site.name).says(lang),
        asked_line(result).says(lang),
        lang.value,
        footer(result).says(lang),
        tuple(blocks),
    )


def _split(result: SiteResult) -> tuple[list[RuleFinding], list[RuleFinding]]:
    rules = [*label_rules(result), *duties(result)]
    asking = [r for r in rules if r.verdict is not Verdict.NOT_APPLICABLE]
    return asking, [r for r in rules if r.verdict is Verdict.NOT_APPLICABLE]


def _devices(result: SiteResult, matches: Mapping[DeviceId, Match], lang: Lang) -> list[Block]:
    if not result.site.devices:
        return []
    alike: dict[tuple[Cell, ...], list[str]] = {}
    for device in result.site.devices:
        alike.setdefault(_device_cells(device, matches.get(device.id), lang), []).append(device.id)
    rows = tuple((Cell(ids_words(ids).says(lang)), *cells) for cells, ids in alike.items())
    header = tuple(h.says(lang) for h in _DEVICE_HEADER)
    return [Heading(1, _DEVICES.says(lang)), Table(header, rows, (4, 6, 4, 9))]


def _device_cells(device: Device, match: Match | None, lang: Lang) -> tuple[Cell, ...]:
    stated = (
        f"\n{_STATED.fill(number=device.identity.label).says(lang)}"
        if device.identity.label
        else ""
    )
    speaks = _SPEAKS.fill(ip=yes_no(device.speaks_ip), controls=yes_no(device.controls))
    return (
        Cell(f"{ROLE_TEXTS[device.role].says(lang)}\n{device_words(device)}{stated}"),
        Cell(speaks.says(lang)),
        Cell(match_words(match).says(lang) if match is not None else "—"),
    )


def _rules(title: Text, rules: Sequence[RuleFinding], lang: Lang) -> list[Block]:
    blocks: list[Block] = [Heading(1, title.says(lang))] if rules else []
    for rule in rules:
        blocks += _rule(rule, lang)
    return blocks


def _rule(rule: RuleFinding, lang: Lang) -> list[Block]:
    meta = _META.fill(
        programme=rule.statement.programme, force=force_line(rule), trigger=trigger_line(rule)
    )
    notes = [*rule.assumptions] if rule.counts else [_NOT_COUNTED, *rule.assumptions]
    name = rule_name(rule).says(lang)
    blocks: list[Block] = [
        Heading(2, f"{signed(rule.verdict, lang)}  {name}"),
        Paragraph(rule.statement.summary.says(lang)),
        Paragraph(meta.says(lang), small=True),
    ]
    blocks += [Paragraph(note.says(lang), small=True) for note in notes]
    header = tuple(h.says(lang) for h in _FINDING_HEADER)
    rows = tuple(_finding_row(group, lang) for group in grouped(rule.devices, asked=True))
    if rows:
        blocks.append(Table(header, rows, (4, 3, 9, 7)))
    return blocks


def _finding_row(group: Group, lang: Lang) -> tuple[Cell, ...]:
    who = ids_words(group.devices) if group.devices else _WHOLE
    remedy = group.remedy.says(lang) if group.remedy is not None else "—"
    return (
        Cell(who.says(lang)),
        verdict_cell(group.verdict, lang),
        Cell("\n".join(t.says(lang) for t in (group.asked, group.reason) if t is not None)),
        Cell(remedy),
    )


def _silent(rules: Sequence[RuleFinding], lang: Lang) -> list[Block]:
    if not rules:
        return []
    rows = tuple(
        (
            Cell(rule_name(rule).says(lang)),
            Cell(rule.statement.programme.says(lang)),
            Cell("\n".join([_out_reasons(rule, lang), *(a.says(lang) for a in rule.assumptions)])),
        )
        for rule in rules
    )
    header = tuple(h.says(lang) for h in _OUT_HEADER)
    return [Heading(1, _OUT.says(lang)), Table(header, rows, (6, 5, 9))]


def _out_reasons(rule: RuleFinding, lang: Lang) -> str:
    lines = []
    for group in grouped(rule.devices):
        who = f"{ids_words(group.devices).says(lang)}: " if group.devices else ""
        lines.append(f"{who}{group.reason.says(lang)}")
    return "\n".join(lines)


def _sources(result: SiteResult, lang: Lang) -> list[Block]:
    cited = sources(result, result.rules)
    if not cited:
        return []
    rows = tuple(
        (
            Cell(f"{c.title.says(lang)}\n{c.url}"),
            Cell(c.page or "—"),
            Cell(CERTAINTY_TEXTS[c.certainty].says(lang)),
            Cell(
                listed(
                    rule_code(r)
                    for r in result.rules
                    if any(same_source(s) == same_source(c) for s in r.statement.sources)
                ).says(lang)
            ),
        )
        for c in cited
    )
    header = tuple(h.says(lang) for h in _SOURCE_HEADER)
    return [Heading(1, _SOURCES.says(lang)), Table(header, rows, (10, 3, 4, 3))]
