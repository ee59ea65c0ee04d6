"""nmap's XML (-oX): the ports that it asked and found. Of a scan of one host only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sekisho.evidence.observation_network import AskedPorts, OpenPorts, SeenPort
from sekisho.evidence.observation_paper import ScanFinding, ScanReport
from sekisho.evidence.observation_words import ScanOf, Severity, Transport, shown
from sekisho.shell.readers.foreign import MOST_BYTES, MOST_PARTS, Report, no_report
from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORM = "nmap"
_LAST = 65_535
_RANGES = re.compile(r"\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?){0,8000}")
_OPEN = frozenset({"open", "open|filtered"})
_ANSWERED = frozenset({"open", "closed", "unfiltered"})
_SECONDS = re.compile(r"\d{1,11}")


def read(data: bytes, where: str) -> Report:
    """The ports of one host, and what scripts reported of them.

    Raises:
        InputError: it is no output of nmap, is about several hosts, or has entities or too many parts.
    """
    root = _root(data, where)
    hosts = root.findall("host")
    if len(hosts) != 1:
        raise no_report(where, _FORM, f"{len(hosts)} hosts; one is wanted")
    host = hosts[0]
    asked = tuple(_asked(root, where))
    ports = tuple(_ports(host, where))
    finished = root.find("runstats/finished")
    done = finished is not None and finished.get("exit") == "success"
    answered = (
        done
        and _told(host, where) == sum(a.last - a.first + 1 for a in asked)
        and all(
            state.get("state") in _ANSWERED
            for state in (*host.iterfind("ports/port/state"), *host.iterfind("ports/extraports"))
        )
    )
    report = ScanReport(
        tool=_FORM, tool_version=shown(root.get("version") or ""), scan_of=ScanOf.PORTS,
        made=_moment(root.get("start"), where), database=None, complete=done,
        findings=tuple(_findings(host, where)),
    )  # fmt: skip
    return Report(
        about=frozenset(
            name for e in (*host.iterfind("address"), *host.iterfind("hostnames/hostname"))
            if (name := e.get("addr") or e.get("name"))
        ),
        made=report.made,
        observations=(OpenPorts(asked=asked, complete=answered, ports=ports), report),
    )  # fmt: skip


def _root(data: bytes, where: str) -> Element:
    if len(data) > MOST_BYTES:
        raise no_report(where, _FORM, f"more than {MOST_BYTES} bytes")
    try:
        root: Element = fromstring(data, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise no_report(where, _FORM, str(error) or type(error).__name__) from None
    if root.tag != "nmaprun":
        raise no_report(where, _FORM, f"<{root.tag[:40]}> instead of <nmaprun>")
    return root


def _asked(root: Element, where: str) -> Iterator[AskedPorts]:
    for info in root.iterfind("scaninfo"):
        text = info.get("services") or ""
        if not _RANGES.fullmatch(text):
            raise no_report(where, _FORM, "services that are no ranges of ports")
        transport = _transport(info.get("protocol"), where)
        for part in text.split(","):
            first, _, last = part.partition("-")
            yield AskedPorts(
                transport=transport, first=_port(first, where), last=_port(last or first, where)
            )


def _told(host: Element, where: str) -> int:
    """Of how many ports the report says anything: of a host that is down it says nothing of any."""
    others = (extra.get("count") or "" for extra in host.iterfind("ports/extraports"))
    return len(host.findall("ports/port/state")) + sum(_port(count, where) for count in others)


def _ports(host: Element, where: str) -> Iterator[SeenPort]:
    for count, port in enumerate(host.iterfind("ports/port")):
        if count >= MOST_PARTS:
            raise no_report(where, _FORM, f"more than {MOST_PARTS} ports")
        state = port.find("state")
        word = "" if state is None else state.get("state") or ""
        if word not in _OPEN:
            continue
        service = port.find("service")
        told = {} if service is None else service.attrib
        name = told.get("name", "")
        if name.startswith("http"):  # http-proxy, http-alt
            name = "http"
        if told.get("tunnel") == "ssl":
            name = "https" if name == "http" else "tls"
        sure = told.get("method") == "probed"
        detail = " ".join(told[k] for k in ("product", "version", "extrainfo") if k in told)
        yield SeenPort(
            transport=_transport(port.get("protocol"), where),
            port=_port(port.get("portid") or "", where),
            service=shown(name) if sure else "",
            detail=shown(detail if sure else f"by its number: {name}", 2_000),
            certain=word == "open",
        )


def _findings(host: Element, where: str) -> Iterator[ScanFinding]:
    taken = 0
    for port in host.iterfind("ports/port"):
        for script in port.iterfind("script"):
            taken += 1
            if taken > MOST_PARTS:
                raise no_report(where, _FORM, f"more than {MOST_PARTS} scripts")
            yield ScanFinding(
                id=shown(script.get("id") or ""), severity=Severity.UNKNOWN,
                port=_port(port.get("portid") or "", where), exploitable=None,
                text=shown(script.get("output") or "", 2_000),
            )  # fmt: skip


def _transport(word: str | None, where: str) -> Transport:
    try:
        return Transport(word or "")
    except ValueError:
        raise no_report(where, _FORM, f"the protocol {shown(word or '', 40)}") from None


def _port(text: str, where: str) -> int:
    if (
        not text.isascii()
        or not text.isdecimal()
        or len(text) > len(str(_LAST))
        or int(text) > _LAST
    ):
        raise no_report(where, _FORM, "a port that is none")
    return int(text)


def _moment(text: str | None, where: str) -> WallMs:
    if text is None or not _SECONDS.fullmatch(text):
        raise no_report(where, _FORM, "no time of start")
    return WallMs(int(text) * 1_000)
