"""Declared against observed: what the site file says of a device, held against what was seen of it.

Each declaration is confirmed, contradicted or left open. A device that begins a connection itself opens no
port for it, so a declared protocol that was not seen is left open, never contradicted. An open port that no
declaration explains is unexpected, and that counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import ProductShown
from sekisho.evidence.observation_network import OpenPorts, PlaintextService
from sekisho.evidence.observation_paper import DeclaredPort
from sekisho.evidence.observation_words import Plaintext, Transport
from sekisho.proof.ports import counted_tables, scanned
from sekisho.site.model import Medium
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.evidence.observation_network import SeenPort
    from sekisho.proof.evidence import Evidence
    from sekisho.proof.ports import Scanned
    from sekisho.site.model import Device, Link, Site


class Outcome(StrEnum):
    """What became of one declaration."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    LEFT_OPEN = "left-open"
    UNEXPECTED = "unexpected"
    """Seen, and declared by nobody."""


OUTCOME_TEXTS = {
    Outcome.CONFIRMED: Text("確認", "confirmed"),
    Outcome.CONTRADICTED: Text("食い違い", "contradicted"),
    Outcome.LEFT_OPEN: Text("未確認", "left open"),
    Outcome.UNEXPECTED: Text("宣言にない", "unexpected"),
}
COUNTS = frozenset({Outcome.CONTRADICTED, Outcome.UNEXPECTED})
"""Outcomes that are found bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One declaration and what was seen."""

    declared: Text
    outcome: Outcome
    reason: Text


_WELL_KNOWN = {22: "ssh", 80: "http", 443: "https", 502: "modbus", 1883: "mqtt", 8883: "mqtts"}
_SAME = {
    "modbus": "modbus",
    "modbus-tcp": "modbus",
    "mbap": "modbus",
    "mqtts": "mqtt",
    "secure-mqtt": "mqtt",
    "iec-60870-5-104": "iec104",
}
_ENCRYPTED = frozenset({"https", "mqtts", "ssh"})
_LINK = Text(
    "{one} と {other} の接続({medium}、{protocol})", "link {one} – {other} ({medium}, {protocol})"
)
_NO_PROTOCOL = Text("プロトコルの記載なし", "no protocol stated")
_SPEAKS = Text("speaks_ip = {value}", "speaks_ip = {value}")
_SEEN_AT = Text("ポート{port}で {service} を確認しました。", "{service} was seen on port {port}.")
_CLIENT = Text(
    "そのプロトコルで待ち受けるポートは見えません。機器の側から接続する場合は見えません。",
    "No port listens for that protocol; none would where the device itself begins the connection.",
)
_UNSAID = Text("プロトコルが書かれていません。", "No protocol is stated.")
_CLEAR = Text(
    "暗号化すると宣言されていますが、ポート{port}({service})は平文です。",
    "It is declared encrypted, and port {port} ({service}) is in the clear.",
)
_SERIAL = Text(
    "IP でない接続は、ネットワーク側からは見えません。",
    "What is not IP cannot be seen from the network.",
)
_NO_IP = Text("IP のポートが開いています: {ports}。", "IP ports are open: {ports}.")
_IP = Text("IP で応答しました。", "It answered over IP.")
_NOTHING = Text("応答は記録されていません。", "No answer was recorded.")
_PORT = Text("ポート {port}({service})", "port {port} ({service})")
_NOBODY = Text(
    "サイトファイルの接続にも、理由のあるポート一覧にもありません。",
    "Neither a link of the site file nor a port table with reasons explains it.",
)
_SHOWS = Text("{place} は {shown} と示します。", "{place} shows {shown}.")
_NOT_SHOWN = Text("どこにも示されていません。", "It is shown nowhere.")
_REASON = Text("{site}: {one} と {other} の接続", "{site}: link {one} – {other}")


def compared(site: Site, device: Device, evidence: Evidence) -> tuple[Compared, ...]:
    """Every declaration about one device, then every open port that none explains.

    Args:
        site: the plant as declared.
        device: the device that the evidence is about.
        evidence: what was seen of it.
    """
    scan = scanned(evidence, Transport.TCP)
    return (
        *_identity(device, evidence),
        *_speaks(device, scan),
        *(_link(link, evidence, scan) for link in _links(site, device)),
        *_unexpected(site, device, evidence, scan),
    )


def ports_of_links(site: Site, device: Device, evidence: Evidence) -> tuple[DeclaredPort, ...]:
    """The open ports that links of the site file explain, each with the link as its reason."""
    found = []
    for seen in _open(evidence):
        link = _explains(site, device, seen)
        if link is not None:
            one, other = link.between
            reason = _REASON.fill(site=site.id, one=one, other=other).en
            found.append(
                DeclaredPort(
                    transport=seen.transport, port=seen.port, service=seen.service, reason=reason
                )
            )
    return tuple(found)


def _open(evidence: Evidence) -> Iterator[SeenPort]:
    for _, seen in evidence.of(OpenPorts):
        yield from seen.ports


def _links(site: Site, device: Device) -> Iterator[Link]:
    return (link for link in site.links if device.id in link.between)


def _identity(device: Device, evidence: Evidence) -> Iterator[Compared]:
    shown = [seen for _, seen in evidence.of(ProductShown)]
    stated = (("model", device.identity.model), ("version", device.identity.version))
    for name, value in stated:
        if value is None:
            continue
        given = [(s.place, s.model if name == "model" else s.version) for s in shown]
        given = [(place, text) for place, text in given if text]
        other = next(((place, text) for place, text in given if text != value), None)
        declared = same(f"{name} = {value}")
        if other is not None:
            reason = _SHOWS.fill(place=other[0], shown=other[1])
            yield Compared(declared=declared, outcome=Outcome.CONTRADICTED, reason=reason)
        elif given:
            reason = _SHOWS.fill(place=given[0][0], shown=given[0][1])
            yield Compared(declared=declared, outcome=Outcome.CONFIRMED, reason=reason)
        else:
            yield Compared(declared=declared, outcome=Outcome.LEFT_OPEN, reason=_NOT_SHOWN)


def _speaks(device: Device, scan: Scanned) -> Iterator[Compared]:
    if device.speaks_ip is None:
        return
    declared = _SPEAKS.fill(value=str(device.speaks_ip).lower())
    ports = ", ".join(str(port) for port in scan.ports)
    if not ports:
        yield Compared(declared=declared, outcome=Outcome.LEFT_OPEN, reason=_NOTHING)
    elif device.speaks_ip:
        yield Compared(declared=declared, outcome=Outcome.CONFIRMED, reason=_IP)
    else:
        reason = _NO_IP.fill(ports=ports)
        yield Compared(declared=declared, outcome=Outcome.CONTRADICTED, reason=reason)


def _link(link: Link, evidence: Evidence, scan: Scanned) -> Compared:
    one, other = link.between
    declared = _LINK.fill(
        one=one, other=other, medium=link.medium, protocol=link.protocol or _NO_PROTOCOL
    )
    if link.medium is not Medium.IP:
        return Compared(declared=declared, outcome=Outcome.LEFT_OPEN, reason=_SERIAL)
    if link.protocol is None:
        return Compared(declared=declared, outcome=Outcome.LEFT_OPEN, reason=_UNSAID)
    clear = _in_the_clear(link, evidence)
    if clear is not None:
        reason = _CLEAR.fill(port=clear.port, service=clear.service)
        return Compared(declared=declared, outcome=Outcome.CONTRADICTED, reason=reason)
    for _, port in scan.ports.values():
        if _family(_name(port)) == _family(link.protocol):
            reason = _SEEN_AT.fill(port=port.port, service=_name(port))
            return Compared(declared=declared, outcome=Outcome.CONFIRMED, reason=reason)
    return Compared(declared=declared, outcome=Outcome.LEFT_OPEN, reason=_CLIENT)


def _in_the_clear(link: Link, evidence: Evidence) -> PlaintextService | None:
    if link.protocol not in _ENCRYPTED:
        return None
    bare = {"https": "http", "mqtts": "mqtt", "ssh": "telnet"}[link.protocol]
    for _, seen in evidence.of(PlaintextService):
        if seen.service == bare and seen.does in {Plaintext.SERVES, Plaintext.LOGS_IN}:
            return seen
    return None


def _unexpected(
    site: Site, device: Device, evidence: Evidence, scan: Scanned
) -> Iterator[Compared]:
    tabled = {
        port.port
        for _, table in counted_tables(evidence)
        for port in table.ports
        if port.reason.strip() and port.transport is Transport.TCP
    }
    for _, port in scan.ports.values():
        if port.port not in tabled and _explains(site, device, port) is None:
            declared = _PORT.fill(port=port.port, service=_name(port) or "?")
            yield Compared(declared=declared, outcome=Outcome.UNEXPECTED, reason=_NOBODY)


def _explains(site: Site, device: Device, port: SeenPort) -> Link | None:
    """The link of the device that speaks what this port speaks."""
    for link in _links(site, device):
        if link.medium is not Medium.IP or link.protocol is None:
            continue
        if _family(_name(port)) == _family(link.protocol):
            return link
    return None


def _name(port: SeenPort) -> str:
    return port.service or _WELL_KNOWN.get(port.port, "")


def _family(protocol: str) -> str:
    name = protocol.lower().replace("_", "-").replace("/", "-")
    return _SAME.get(name, name)
