"""S1.1-12: what is to be protected is kept from eavesdroppers on its way.

Documents must name every way; the device is held against them. TLS 1.2 or later with algorithms of the
CRYPTREC list passes. Modbus in the clear does not break it by itself: control values were not found among
the assets that ★1 protects, so the documents must say what goes that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.evidence.observation_network import PlaintextService, SshOffer, TlsOffer
from sekisho.evidence.observation_words import Plaintext, TlsVersion, Transport
from sekisho.proof import ciphers
from sekisho.proof.absence import unless_absent
from sekisho.proof.ciphers import Listing
from sekisho.proof.finding import How, broken, left_open, met
from sekisho.proof.paper import attested
from sekisho.proof.ports import NOT_SCANNED, SCAN, scanned
from sekisho.terms.texts import Text, listed, sentences

if TYPE_CHECKING:
    from sekisho.proof.evidence import Case, Piece
    from sekisho.proof.finding import Finding
    from sekisho.proof.statement import EvaluationItem

_CONTROL = frozenset({"modbus"})
_GOOD_VERSIONS = frozenset({TlsVersion.TLS_1_2, TlsVersion.TLS_1_3})
_OLD_VERSIONS = (TlsVersion.TLS_1_0, TlsVersion.TLS_1_1)
"""What a port must be seen to refuse; programs of today can hardly speak what is older still."""
_CLEAR = Text(
    "ポート{port}({service})は暗号化せずに情報をやり取りします。",
    "Port {port} ({service}) exchanges content without encryption.",
)
_LOGIN = Text(
    "ポート{port}({service})は暗号化せずに認証情報を受け取ります。",
    "Port {port} ({service}) takes credentials without encryption.",
)
_OLD = Text(
    "ポート{port}は古い版({versions})を受け入れます。",
    "Port {port} accepts old versions ({versions}).",
)
_WEAK = Text(
    "ポート{port}は CRYPTREC 暗号リストにない暗号({names})を受け入れます。",
    "Port {port} accepts ciphers that are not on the CRYPTREC list ({names}).",
)
_KEPT = Text(
    "ポート{port}は、推奨されないが互換のため残されている暗号、または一覧にない MAC({names})を"
    "受け入れます。",
    "Port {port} accepts ciphers that the list only keeps for old partners, or MACs not on it ({names}).",
)
_UNCLEAR = Text(
    "ポート{port}({service})が何を流すかは見えていません。",
    "What port {port} ({service}) carries was not seen.",
)
_UNASKED = Text(
    "ポート{port}({service})の暗号化は調べられていません。",
    "Nobody asked port {port} ({service}) about encryption.",
)
_ALL = Text(
    "開いている TCP ポート({ports})の通信は、TLS 1.2 以上など、CRYPTREC 暗号リストの暗号で守られます。",
    "What goes over the open TCP ports ({ports}) is protected by TLS 1.2 or later or the like, with "
    "ciphers of the CRYPTREC list.",
)
_OLD_UNASKED = Text(
    "ポート{port}が古い版({versions})を拒むかは調べられていません。",
    "Nobody asked whether port {port} refuses old versions ({versions}).",
)
_MODBUS = Text(
    "ポート{port}の Modbus は平文です。守るべき情報が通らないことは書類で示す必要があります。",
    "Modbus on port {port} is in the clear; that nothing to be protected goes that way is for the "
    "documents to say.",
)
_NO_PORTS = Text("なし", "none")


def judge(case: Case) -> tuple[Finding, ...]:
    """The documents, then the open ports."""
    return (
        unless_absent(case, case.statement.item(1), attested),
        unless_absent(case, case.statement.item(2), _ports),
    )


def _ports(case: Case, item: EvaluationItem) -> Finding:
    wrong = [*_wrong_plain(case), *_wrong_tls(case), *_wrong_ssh(case)]
    if wrong:
        reason = sentences(text for _, text in wrong)
        return broken(item, How.DEVICE, reason, [piece for piece, _ in wrong])
    scan = scanned(case.evidence, Transport.TCP)
    if not scan.whole:
        return left_open(item, NOT_SCANNED, remedy=SCAN)
    unclear = _unclear(case)
    rests: list[Piece] = list(scan.whole)
    notes: list[Text] = []
    for piece, port in scan.ports.values():
        found = _seen(case, port.port)
        if port.service in _CONTROL and found:
            notes.append(_MODBUS.fill(port=port.port))
        elif not found:
            text = _UNASKED.fill(port=port.port, service=port.service or "?")
            unclear.append((piece, text))
        rests += found
    if unclear:
        reason = sentences(text for _, text in unclear)
        return left_open(item, reason, [piece for piece, _ in unclear], how=How.DEVICE)
    ports = listed(str(number) for number in scan.ports) if scan.ports else _NO_PORTS
    return met(item, How.DEVICE, sentences([_ALL.fill(ports=ports), *notes]), rests)


def _wrong_plain(case: Case) -> list[tuple[Piece, Text]]:
    found = []
    for piece, seen in case.evidence.of(PlaintextService):
        if seen.does is Plaintext.LOGS_IN:
            found.append((piece, _LOGIN.fill(port=seen.port, service=seen.service)))
        elif seen.does is Plaintext.SERVES and seen.service not in _CONTROL:
            found.append((piece, _CLEAR.fill(port=seen.port, service=seen.service)))
    return found


def _wrong_tls(case: Case) -> list[tuple[Piece, Text]]:
    found = []
    for piece, seen in case.evidence.of(TlsOffer):
        old = [version for version in seen.accepted_versions if version not in _GOOD_VERSIONS]
        if old:
            found.append((piece, _OLD.fill(port=seen.port, versions=listed(old))))
        weak = [n for n in seen.accepted_suites if ciphers.suite(n) is Listing.UNLISTED]
        if weak:
            found.append((piece, _WEAK.fill(port=seen.port, names=listed(weak))))
    return found


def _wrong_ssh(case: Case) -> list[tuple[Piece, Text]]:
    found = []
    for piece, seen in case.evidence.of(SshOffer):
        weak = [name for name in seen.ciphers if ciphers.ssh_cipher(name) is Listing.UNLISTED]
        if weak:
            found.append((piece, _WEAK.fill(port=seen.port, names=listed(weak))))
    return found


def _unclear(case: Case) -> list[tuple[Piece, Text]]:
    found = [
        (piece, _UNCLEAR.fill(port=plain.port, service=plain.service))
        for piece, plain in case.evidence.of(PlaintextService)
        if plain.does is Plaintext.UNKNOWN
    ]
    for piece, seen in case.evidence.of(TlsOffer):
        kept = [n for n in seen.accepted_suites if ciphers.suite(n) is Listing.MONITORED]
        if kept:
            found.append((piece, _KEPT.fill(port=seen.port, names=listed(kept))))
        asked = _asked_versions(case, seen.port)
        old = [version for version in _OLD_VERSIONS if version not in asked]
        if old:
            found.append((piece, _OLD_UNASKED.fill(port=seen.port, versions=listed(old))))
        if not seen.accepted_suites or not seen.accepted_versions:
            found.append((piece, _UNASKED.fill(port=seen.port, service="tls")))
    for piece, ssh in case.evidence.of(SshOffer):
        kept = [n for n in ssh.ciphers if ciphers.ssh_cipher(n) is Listing.MONITORED]
        kept += [n for n in ssh.macs if ciphers.ssh_mac(n) is not Listing.RECOMMENDED]
        if kept:
            found.append((piece, _KEPT.fill(port=ssh.port, names=listed(kept))))
        if not ssh.ciphers:
            found.append((piece, _UNASKED.fill(port=ssh.port, service="ssh")))
    return found


def _asked_versions(case: Case, port: int) -> set[TlsVersion]:
    return {
        version
        for _, seen in case.evidence.of(TlsOffer)
        if seen.port == port
        for version in (*seen.accepted_versions, *seen.refused_versions)
    }


def _seen(case: Case, port: int) -> list[Piece]:
    of = case.evidence.of
    return [
        *(piece for piece, seen in of(TlsOffer) if seen.port == port),
        *(piece for piece, seen in of(SshOffer) if seen.port == port),
        *(piece for piece, seen in of(PlaintextService) if seen.port == port),
    ]
