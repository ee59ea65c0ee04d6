"""Letters: to each maker about each open point, and to the aggregator about its own equipment.

A letter asks; it never states that a product lacks or holds a label beyond what the list shows.
Nothing from the gate's tables of the site file can enter: a `Site` does not carry them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.desk import letter_texts as say
from sekisho.present.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Heading,
    Paragraph,
    Table,
)
from sekisho.rulebook.statement import Kind
from sekisho.site.model import ExternalKind, Programme, Role
from sekisho.site.words import ROLE_TEXTS
from sekisho.terms.ids import natural
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from sekisho.desk.result import SiteResult
    from sekisho.site.model import Device
    from sekisho.terms.texts import Lang, Text

_OPEN = frozenset({Verdict.BROKEN, Verdict.UNDETERMINED})


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What is open about one device's label."""

    device: Device
    reasons: tuple[Text, ...]
    rules: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to be set."""

    to: str
    document: Document


def maker_letters(result: SiteResult, lang: Lang) -> tuple[Letter, ...]:
    """One letter to each maker about each of its devices with an open point."""
    by_maker: dict[str, list[OpenPoint]] = {}
    for point in open_points(result):
        maker = point.device.identity.maker or say.MAKER_UNKNOWN.says(lang)
        by_maker.setdefault(maker, []).append(point)
    return tuple(
        Letter(maker, _maker_letter(result, maker, points, lang))
        for maker, points in sorted(by_maker.items())
    )


def open_points(result: SiteResult) -> tuple[OpenPoint, ...]:
    """Devices of which a rule asks a label that is not shown, with why."""
    reasons: dict[str, dict[Text, None]] = {}
    rules: dict[str, dict[Text, None]] = {}
    for rule in result.rules:
        if rule.statement.kind is not Kind.LABEL:
            continue
        for finding in rule.devices:
            if finding.device is None or finding.verdict not in _OPEN or finding.match is None:
                continue
            reasons.setdefault(finding.device, {})[finding.reason] = None
            rules.setdefault(finding.device, {})[rule.statement.title] = None
    by_id = {d.id: d for d in result.site.devices}
    return tuple(
        OpenPoint(by_id[device], tuple(reasons[device]), tuple(rules[device]))
        for device in sorted(by_id, key=natural)
        if device in reasons
    )


def aggregator_letter(result: SiteResult, lang: Lang) -> Letter:
    """The letter to the aggregator: its gateway and EMS, several makers, which markets."""
    site = result.site
    names = [e.name for e in site.externals if e.kind is ExternalKind.AGGREGATOR and e.name]
    to = names[0] if names else say.AGGREGATOR.says(lang)
    questions = [q.says(lang) for q in say.AGGREGATOR_QUESTIONS]
    if Programme.BALANCING_PRIMARY in site.joins:
        questions.append(say.PRIMARY_QUESTION.says(lang))
    roles = {Role.GATEWAY, Role.UPPER_EMS, Role.LOCAL_EMS}
    devices = [d for d in site.devices if d.role in roles]
    blocks: list[Block] = [
        Paragraph(say.GREETING.fill(to=to).says(lang)),
        Paragraph(say.AGGREGATOR_WHY.fill(site=site.name).says(lang)),
        Heading(2, say.QUESTIONS.says(lang)),
        Bullets(tuple(questions)),
    ]
    if devices:
        blocks += [Heading(2, say.DEVICES.says(lang)), _device_table(devices, lang)]
    blocks += _closing(result, lang)
    return Letter(to, _document(say.AGGREGATOR_TITLE.says(lang), to, blocks, result, lang))


def _maker_letter(result: SiteResult, maker: str, points: list[OpenPoint], lang: Lang) -> Document:
    blocks: list[Block] = [
        Paragraph(say.GREETING.fill(to=maker).says(lang)),
        Paragraph(say.MAKER_WHY.fill(site=result.site.name).says(lang)),
        Heading(2, say.DEVICES.says(lang)),
        _device_table([p.device for p in points], lang),
        Heading(2, say.OPEN.says(lang)),
    ]
    for point in points:
        blocks += [
            Heading(3, f"{point.device.id} ({_named(point.device, lang)})"),
            Bullets(tuple(r.says(lang) for r in point.reasons)),
            Paragraph(
                say.ASKED_BY.says(lang)
                + ("、" if lang == "ja" else "; ").join(r.says(lang) for r in point.rules),
                small=True,
            ),
        ]
    blocks += [
        Heading(2, say.QUESTIONS.says(lang)),
        Bullets(tuple(q.says(lang) for q in say.MAKER_QUESTIONS)),
        Heading(2, say.ANSWERS.says(lang)),
        _answer_table(points, lang),
        *_closing(result, lang),
    ]
    return _document(say.MAKER_TITLE.says(lang), maker, blocks, result, lang)


def _document(title: str, to: str, blocks: list[Block], result: SiteResult, lang: Lang) -> Document:
    footer = say.FOOTER.fill(site=result.site.name, day=result.known_at).says(lang)
    return Document(title=title, subtitle=to, lang=lang.value, footer=footer, blocks=tuple(blocks))


def _device_table(devices: list[Device], lang: Lang) -> Table:
    header = tuple(h.says(lang) for h in say.DEVICE_HEADER)
    unknown = say.NOT_STATED.says(lang)
    rows = tuple(
        (
            Cell(d.id),
            Cell(ROLE_TEXTS[d.role].says(lang)),
            Cell(d.identity.product or unknown),
            Cell(d.identity.model or unknown),
            Cell(d.identity.version or unknown),
            Cell(d.identity.label or unknown),
        )
        for d in devices
    )
    return Table(header=header, rows=rows, widths=(2, 2, 4, 3, 2, 3))


def _answer_table(points: list[OpenPoint], lang: Lang) -> Table:
    header = tuple(h.says(lang) for h in say.ANSWER_HEADER)
    rows = tuple((Cell(p.device.id), *(Cell("") for _ in say.ANSWER_HEADER[1:])) for p in points)
    return Table(header=header, rows=rows, widths=(2, 3, 3, 3, 3, 3))


def _closing(result: SiteResult, lang: Lang) -> list[Block]:
    facts = result.register
    basis = say.BASIS if facts.complete else say.BASIS_EXCERPT
    return [
        Paragraph(say.WORDING.says(lang), small=True),
        Paragraph(basis.fill(date=facts.list_date).says(lang), small=True),
    ]


def _named(device: Device, lang: Lang) -> str:
    identity = device.identity
    return identity.model or identity.product or say.NOT_STATED.says(lang)
