"""The report for the office: the label-number table that forms ask for, and the system diagram.

A number that only the owner states is shown as stated and not as found. Devices that do not speak
IP stand in a table of their own, with what the rules say of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sekisho.desk.report.labels import expiry_words, status_words
from sekisho.desk.report.pieces import (
    asked_line,
    banners,
    footer,
    ids_words,
    register_lines,
    rule_code,
    yes_no,
)
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
from sekisho.present.verdicts import signed
from sekisho.register.model import Accepted, Candidates, Conflict, Gone, Unlisted, Unnamed
from sekisho.rulebook.statement import Kind
from sekisho.site.model import Role
from sekisho.site.words import MEDIUM_TEXTS, ROLE_TEXTS
from sekisho.terms.texts import Text, listed, same
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.desk.result import SiteResult
    from sekisho.register.model import Match
    from sekisho.site.model import Device
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Lang

_TITLE = Text("{site}: 適合ラベル一覧とシステム構成", "{site}: labels and system diagram")
_NUMBERS = Text("適合ラベル登録番号の一覧", "Label numbers")
_NUMBER_HEADER: Final = (
    Text("機器", "Device"),
    Text("メーカー", "Maker"),
    Text("製品名", "Product"),
    Text("型番", "Model"),
    Text("版", "Version"),
    Text("登録番号", "Label number"),
    Text("状態・有効期限", "Status, expiry"),
)
_GROUPS: Final = (
    (Text("BMS", "BMS"), frozenset({Role.BMS})),
    (Text("PCS", "PCS"), frozenset({Role.PCS})),
    (Text("EMS", "EMS"), frozenset({Role.LOCAL_EMS, Role.UPPER_EMS})),
    (
        Text("ゲートウェイ・プロトコル変換器", "Gateways and protocol converters"),
        frozenset({Role.GATEWAY, Role.PROTOCOL_CONVERTER}),
    ),
)
_OTHERS = Text("その他の機器", "Other devices")
_STATED_ONLY = Text(
    "{number}(申告のみ、リストで未確認)", "{number} (stated, not found on the list)"
)
_NONE = Text("なし", "none")
_OUT_OF_SCOPE = Text("対象外", "out of scope")
_NOT_ASKED = Text("ラベルを求める規則はありません", "no rule asks for a label")
_UNITS = Text("({n}台)", " ({n} units)")
_UNSURE = {
    "conflict": Text("記載がリストと一致しません", "what is stated disagrees with the list"),
    "candidates": Text("似た製品のみ。確認が必要です", "only similar products; to be confirmed"),
    "gone": Text(
        "{day} のリストを最後に掲載なし(取消しとは限りません)",
        "last listed on {day}; vanished is not revoked",
    ),
    "unlisted": Text("リストにありません", "not on the list"),
    "excerpt": Text("抜粋にありません", "not on the excerpt"),
    "unnamed": Text("照合できる記載がありません", "nothing is stated to look up"),
}
_NON_IP = Text("IPで通信しない機器の扱い", "Devices that do not speak IP")
_NON_IP_HEADER: Final = (
    Text("機器", "Device"),
    Text("IP通信", "Speaks IP"),
    Text("接続先(媒体)", "Connected to (medium)"),
    Text("規則ごとの扱い", "What the rules say"),
)
_NO_NON_IP = Text(
    "IPで通信しない、または通信方式が未記入の機器はありません。",
    "There is no device that does not speak IP or whose way of speaking is not stated.",
)
_DIAGRAM_ALT = Text("{site} のシステム構成図", "System diagram of {site}")
_LIST = Text("根拠のリスト", "The list it rests on")
_CAUTION = Text(
    "登録番号の欄が空のもの、未確認のものは、申請書に書く前にメーカーへ確認してください。",
    "Ask the maker before an empty or unconfirmed number goes into a form.",
)


def office_report(
    result: SiteResult, matches: Mapping[DeviceId, Match], diagram: str | None, lang: Lang
) -> Document:
    """The tables for the form, and the diagram.

    Args:
        result: the answer.
        matches: how each device itself was looked up.
        diagram: the system diagram as SVG, or None where there is none.
        lang: language of the report.
    """
    blocks: list[Block] = [
        *banners(result, lang),
        Heading(2, _LIST.says(lang)),
        Bullets(tuple(line.says(lang) for line in register_lines(result))),
        Heading(1, _NUMBERS.says(lang)),
        *label_tables(result, matches, lang),
        Paragraph(_CAUTION.says(lang), small=True),
    ]
    if diagram is not None:
        blocks.append(Picture(diagram, _DIAGRAM_ALT.fill(site=result.site.name).says(lang)))
    blocks += [
        Heading(1, _NON_IP.says(lang)),
        non_ip_table(result, lang) or Paragraph(_NO_NON_IP.says(lang)),
    ]
    return Document(
        _TITLE.fill(site=result.site.name).says(lang),
        asked_line(result).says(lang),
        lang.value,
        footer(result).says(lang),
        tuple(blocks),
    )


def label_tables(result: SiteResult, matches: Mapping[DeviceId, Match], lang: Lang) -> list[Table]:
    """One table for each group of roles that the forms ask about, and one for the rest."""
    named = frozenset[Role]().union(*(roles for _, roles in _GROUPS))
    groups = [*_GROUPS, (_OTHERS, frozenset(Role) - named)]
    header = tuple(h.says(lang) for h in _NUMBER_HEADER)
    tables = []
    for title, roles in groups:
        devices = [d for d in result.site.devices if d.role in roles]
        if devices:
            alike: dict[tuple[Cell, ...], list[Device]] = {}
            for device in devices:
                cells = _label_cells(result, device, matches.get(device.id), lang)
                alike.setdefault(cells, []).append(device)
            rows = tuple((_named(same_, lang), *cells) for cells, same_ in alike.items())
            tables.append(Table(header, rows, (5, 5, 5, 5, 3, 6, 6), title.says(lang)))
    return tables


def _named(devices: Sequence[Device], lang: Lang) -> Cell:
    """Devices that are alike, by their ids, their number and their role."""
    ids = ids_words([d.id for d in devices]).says(lang)
    count = _UNITS.fill(n=len(devices)).says(lang) if len(devices) > 1 else ""
    return Cell(f"{ids}{count}\n{ROLE_TEXTS[devices[0].role].says(lang)}")


def _label_cells(
    result: SiteResult, device: Device, match: Match | None, lang: Lang
) -> tuple[Cell, ...]:
    identity = device.identity
    number, state = label_state(result, device, match)
    return (
        Cell(identity.maker or "—"),
        Cell(identity.product or "—"),
        Cell(identity.model or "—"),
        Cell(identity.version or "—"),
        Cell(number.says(lang)),
        Cell(state.says(lang)),
    )


def label_state(result: SiteResult, device: Device, match: Match | None) -> tuple[Text, Text]:
    """The number and the state, never more certain than the match."""
    stated = device.identity.label
    if stated is None and not isinstance(match, Accepted) and _is_out(result, device):
        return _OUT_OF_SCOPE, _NOT_ASKED
    unconfirmed = _STATED_ONLY.fill(number=stated) if stated else _NONE
    match match:
        case Accepted(labels=labels):
            numbers = listed(label.number or _NONE for label in labels)
            states = (
                Text(f"{s.ja}、{e.ja}", f"{s.en}, {e.en}")
                for s, e in ((status_words(x), expiry_words(x)) for x in labels)
            )
            return numbers, listed(states)
        case Conflict():
            return unconfirmed, _UNSURE["conflict"]
        case Candidates():
            return unconfirmed, _UNSURE["candidates"]
        case Gone(vanished=vanished):
            return unconfirmed, _UNSURE["gone"].fill(day=vanished.last_seen)
        case Unlisted():
            return unconfirmed, _UNSURE["unlisted" if result.register.complete else "excerpt"]
        case Unnamed() | None:
            return unconfirmed, _UNSURE["unnamed"]


def _is_out(result: SiteResult, device: Device) -> bool:
    """Whether the device needs no label by its nature, and every rule that speaks of it says so.

    Of any other device a rule may ask nothing because of a date; what the list says of it still matters.
    """
    quiet = device.speaks_ip is False
    if not quiet and (device.role is not Role.CELL_PACK or device.speaks_ip is True):
        return False
    said = {
        finding.verdict
        for rule in result.rules
        if rule.statement.kind is Kind.LABEL
        for finding in rule.devices
        if finding.device == device.id
    }
    return said == {Verdict.NOT_APPLICABLE}


def non_ip_table(result: SiteResult, lang: Lang) -> Table | None:
    """Devices that do not speak IP, or of which that is not stated; None where there are none."""
    devices = [d for d in result.site.devices if d.speaks_ip is not True]
    if not devices:
        return None
    header = tuple(h.says(lang) for h in _NON_IP_HEADER)
    alike: dict[tuple[Cell, ...], list[Device]] = {}
    for device in devices:
        cells = (
            Cell(yes_no(device.speaks_ip).says(lang)),
            Cell(_links(result, device).says(lang) or "—"),
            Cell("\n".join(_treatment(result, device, lang)) or "—"),
        )
        alike.setdefault(cells, []).append(device)
    rows = tuple((_named(same_, lang), *cells) for cells, same_ in alike.items())
    return Table(header, rows, (4, 2, 5, 12))


def _links(result: SiteResult, device: Device) -> Text:
    ends = []
    for link in result.site.links:
        one, other = link.between
        if device.id in link.between:
            peer = other if one == device.id else one
            medium = MEDIUM_TEXTS[link.medium]
            ends.append(Text(f"{peer}({medium.ja})", f"{peer} ({medium.en})"))
    return listed(ends) if ends else same("")


def _treatment(result: SiteResult, device: Device, lang: Lang) -> Sequence[str]:
    """What each rule that looks at labels says of the device, the same words once."""
    said: dict[str, list[str]] = {}
    for rule in result.rules:
        if rule.statement.kind is not Kind.LABEL:
            continue
        for finding in rule.devices:
            if finding.device == device.id:
                words = f"{signed(finding.verdict, lang)}: {finding.reason.says(lang)}"
                said.setdefault(words, []).append(rule_code(rule))
    return [f"{listed(rows).says(lang)} {words}" for words, rows in said.items()]
