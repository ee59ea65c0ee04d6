"""S1.1-13: unneeded interfaces are off, and a vulnerability check is done; on the device.

An open port that no dated table declares with a reason is unexpected, and breaks it. The vulnerability
check is a scanner's report, or the bill of materials held against a vulnerability database; how fresh
that data must be was not read, so the age is a yardstick of ours.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import ProductShown
from sekisho.evidence.observation_paper import (
    STATED,
    Components,
    ScanReport,
    Vulnerabilities,
)
from sekisho.evidence.observation_words import Exploitability, ScanOf, Severity, Transport
from sekisho.proof.absence import unless_absent
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.paper import attested
from sekisho.proof.plan_ports import UDP_SERVICES
from sekisho.proof.ports import NOT_SCANNED, SCAN, counted_tables, scanned
from sekisho.terms.texts import Text, listed, sentences

if TYPE_CHECKING:
    from datetime import date

    from sekisho.evidence.observation_paper import Component, DeclaredPort, PortTable
    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.ports import Scanned
    from sekisho.proof.statement import EvaluationItem

_NO_TABLE = Text(
    "開けるポートとその理由の一覧(日付とハッシュのあるもの)がありません。",
    "There is no table of wanted ports and reasons, with a date and a hash.",
)
_UNEXPECTED = Text(
    "一覧に理由のないポートが開いています: {ports}。",
    "Ports are open that the table does not give a reason for: {ports}.",
)
_EXPECTED = Text(
    "{transport} の {asked} を調べ、開いているポート({ports})はすべて理由とともに一覧にあります。",
    "Of {transport} {asked} were asked; every open port ({ports}) is in the table with its reason.",
)
_MAYBE = Text(
    "一覧になく、開いているか分からないポートがあります: {ports}。",
    "Of ports that are not in the table it is not known whether they are open: {ports}.",
)
_OTHER_VERSION = Text(
    "部品表は版 {listed} のもので、機器が示す版({shown})と違います。",
    "The bill of materials is of version {listed}, and the device shows {shown}.",
)
_NO_UDP = Text(
    "よく使われる UDP のポートすべては調べられていません。",
    "Not every usual UDP port was asked and answered.",
)
_ASK_UDP = Text("UDP のポートを調べてください(sekisho probe)。", "Ask UDP ports (sekisho probe).")
_NO_CHECK = Text(
    "脆弱性検査の報告も、部品表と脆弱性データの照合もありません。",
    "There is neither a scanner's report nor a check of the components against vulnerability data.",
)
_USABLE = Text(
    "攻撃に使える既知の脆弱性があります: {ids}。",
    "There are known vulnerabilities that an attack can use: {ids}.",
)
_UNASSESSED = Text(
    "使えるかどうかが評価されていない既知の脆弱性があります: {ids}。",
    "Known vulnerabilities were not assessed: {ids}.",
)
_PARTLY = Text(
    "{tool} の検査は最後まで終わっていません。", "The scan by {tool} did not run to its end."
)
_STALE = Text(
    "{source} のデータは{day}のもので、本プログラムの目安({most}日以内)より古いか、日付が不明です。",
    "The data of {source} is of {day}: older than our yardstick of {most} days, or of no known day.",
)
_UNCHECKED = Text(
    "部品表の部品のうち、照合できていないものがあります({checked}/{all})。",
    "Not every component of the bill of materials was looked up ({checked} of {all}).",
)
_CLEAN_SCAN = Text(
    "{tool} {version} の検査で、攻撃に使える既知の脆弱性は見つかりませんでした(データ {day})。",
    "{tool} {version} found no known vulnerability that an attack can use (data of {day}).",
)
_CLEAN_SBOM = Text(
    "部品{n}件を {source}({day})と照合し、攻撃に使える既知の脆弱性は残っていません。",
    "{n} components were held against {source} ({day}); no known vulnerability is left that an attack can use.",
)
_SILENT = Text(
    "{source} は、部品表の部品のどれについても何も述べていません。空の文書や、ほかの部品についての文書は、検査では"
    "ありません。",
    "{source} says nothing of any component in the bill of materials: an empty document, or one about "
    "other components, is no check.",
)
_NO_BILL = Text(
    "部品表がないので、{source} が何を照合したのか分かりません。",
    "Without a bill of materials it is not known what {source} was held against.",
)
_ADD_CHECK = Text(
    "部品表のすべての部品を脆弱性データと照合した報告か、検査ツールの報告を加えてください。",
    "Add a scanner's report, or a look-up of every component of the bill in vulnerability data.",
)
_NO_DAY = Text("日付不明", "no known day")
_NONE = Text("なし", "none")
_HARMLESS = frozenset({Severity.INFO, Severity.LOW})
_SETTLED = frozenset({Exploitability.NOT_AFFECTED, Exploitability.FIXED})


def judge(case: Case) -> tuple[Finding, ...]:
    """TCP, UDP, known vulnerabilities, Bluetooth, USB."""
    tcp, udp, known, bluetooth, usb = case.statement.items
    return (
        _ports(case, tcp, Transport.TCP),
        _ports(case, udp, Transport.UDP),
        _known(case, known),
        unless_absent(case, bluetooth, attested),
        unless_absent(case, usb, attested),
    )


def _ports(case: Case, item: EvaluationItem, transport: Transport) -> Finding:
    tables = counted_tables(case.evidence)
    declared = _declared(tables, transport)
    scan = scanned(case.evidence, transport)
    foreign = [(piece, port) for piece, port in scan.ports.values() if port.port not in declared]
    unexpected = [(piece, port) for piece, port in foreign if port.certain]
    if unexpected and tables:
        names = listed(f"{port.port} ({port.service or '?'})" for _, port in unexpected)
        reason = _UNEXPECTED.fill(ports=names)
        against = [*(piece for piece, _ in unexpected), *(piece for piece, _ in tables)]
        return broken(item, How.DEVICE, reason, against)
    answered = scan.whole if transport is Transport.TCP else scan.any_asked
    if transport is Transport.TCP and not answered:
        return left_open(item, NOT_SCANNED, remedy=SCAN)
    if transport is Transport.UDP and not _usual_udp(scan):
        return left_open(item, _NO_UDP, remedy=_ASK_UDP)
    if not tables:
        return left_open(item, _NO_TABLE)
    if foreign:
        names = listed(str(port.port) for _, port in foreign)
        pieces = [piece for piece, _ in foreign]
        return left_open(item, _MAYBE.fill(ports=names), pieces, how=How.DEVICE)
    opened = listed(str(number) for number in scan.ports) if scan.ports else _NONE
    reason = _EXPECTED.fill(transport=transport.upper(), asked=scan.asked, ports=opened)
    return met(item, How.DEVICE, reason, [*answered, *(piece for piece, _ in tables)])


def _usual_udp(scan: Scanned) -> bool:
    """Whether the UDP ports were asked that `sekisho probe` asks; all of them can hardly be asked."""
    return all(
        any(first <= port <= last for first, last in scan.ranges) for port, _, _ in UDP_SERVICES
    )


def _declared(
    tables: list[tuple[Piece, PortTable]], transport: Transport
) -> dict[int, DeclaredPort]:
    return {
        port.port: port
        for _, table in tables
        for port in table.ports
        if port.transport is transport and port.reason.strip()
    }


def _known(case: Case, item: EvaluationItem) -> Finding:
    usable = [*_usable_findings(case), *_usable_components(case)]
    if usable:
        reason = _USABLE.fill(ids=listed(name for _, name in usable))
        return broken(item, How.DEVICE, reason, [piece for piece, _ in usable])
    lacking = [*_lacking_scan(case), *_lacking_components(case)]
    if lacking:
        reason = sentences(text for _, text in lacking)
        return left_open(item, reason, [piece for piece, _ in lacking], how=How.DEVICE)
    return _clean(case, item)


def _clean(case: Case, item: EvaluationItem) -> Finding:
    for piece, scan in _scans(case):
        reason = _CLEAN_SCAN.fill(tool=scan.tool, version=scan.tool_version, day=scan.database)
        return met(item, How.DEVICE, reason, [piece])
    lists = case.evidence.of(Components)
    checks = case.evidence.of(Vulnerabilities)
    for piece, known in checks:
        if lists and _was_checked(known, lists):
            reason = _CLEAN_SBOM.fill(n=known.checked, source=known.source, day=known.database)
            return met(item, How.DEVICE, reason, [piece, *(p for p, _ in lists)])
    if not checks:
        return left_open(item, _NO_CHECK, remedy=_ADD_CHECK)
    why = _SILENT if lists else _NO_BILL
    reason = why.fill(source=listed(sorted({known.source for _, known in checks})))
    return left_open(item, reason, [p for p, _ in checks], how=How.DEVICE, remedy=_ADD_CHECK)


def _was_checked(known: Vulnerabilities, lists: list[tuple[Piece, Components]]) -> bool:
    """Whether components of the product were looked up; a statement must name one of them."""
    if not known.checked:
        return False
    if known.source not in STATED:
        return True
    ours = {name for _, one in lists for part in one.components for name in _names(part)}
    return any(one.component in ours for one in known.known)


def _names(part: Component) -> set[str]:
    return {part.name, f"{part.name} {part.version}".strip(), part.purl} - {""}


def _scans(case: Case) -> list[tuple[Piece, ScanReport]]:
    return [
        (piece, scan)
        for piece, scan in case.evidence.of(ScanReport)
        if scan.scan_of is ScanOf.VULNERABILITIES
    ]


def _usable_findings(case: Case) -> list[tuple[Piece, str]]:
    return [
        (piece, finding.id)
        for piece, scan in _scans(case)
        for finding in scan.findings
        if finding.exploitable
    ]


def _usable_components(case: Case) -> list[tuple[Piece, str]]:
    return [
        (piece, one.id)
        for piece, known in case.evidence.of(Vulnerabilities)
        for one in known.known
        if one.state is Exploitability.AFFECTED
    ]


def _lacking_scan(case: Case) -> list[tuple[Piece, Text]]:
    found = []
    for piece, scan in _scans(case):
        if not scan.complete:
            found.append((piece, _PARTLY.fill(tool=scan.tool)))
        found += _stale(case, piece, scan.tool, scan.database)
        dim = [f.id for f in scan.findings if f.exploitable is None and f.severity not in _HARMLESS]
        if dim:
            found.append((piece, _UNASSESSED.fill(ids=listed(dim))))
    return found


def _lacking_components(case: Case) -> list[tuple[Piece, Text]]:
    found = _of_another_version(case)
    count = max((len(one.components) for _, one in case.evidence.of(Components)), default=0)
    for piece, known in case.evidence.of(Vulnerabilities):
        dim = [one.id for one in known.known if one.state not in _SETTLED]
        if dim:
            found.append((piece, _UNASSESSED.fill(ids=listed(dim))))
        if not known.checked:  # what a maker says of vulnerabilities; nothing was looked up
            continue
        found += _stale(case, piece, known.source, known.database)
        if known.checked < count or known.unreadable:
            checked = known.checked - known.unreadable
            found.append((piece, _UNCHECKED.fill(checked=checked, all=count)))
    return found


def _of_another_version(case: Case) -> list[tuple[Piece, Text]]:
    shown = [(piece, one.version) for piece, one in case.evidence.of(ProductShown) if one.version]
    if not shown:
        return []
    versions = listed(sorted({version for _, version in shown}))
    found = []
    for piece, one in case.evidence.of(Components):
        if one.version and all(version != one.version for _, version in shown):
            text = _OTHER_VERSION.fill(listed=one.version, shown=versions)
            found += [(piece, text), *((other, text) for other, _ in shown)]
    return found


def _stale(case: Case, piece: Piece, source: str, day: date | None) -> list[tuple[Piece, Text]]:
    most = case.statement.yardstick("database-days").value
    if day is not None and timedelta(0) <= case.evidence.as_of - day <= timedelta(days=most):
        return []
    return [(piece, _STALE.fill(source=source, day=day or _NO_DAY, most=most))]
