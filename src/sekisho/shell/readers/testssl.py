"""testssl.sh's pretty JSON (--jsonfile-pretty): the flat form bears no time and is not taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydantic import ConfigDict, Field, ValidationError

from sekisho.codec.tls.suites import SUITES
from sekisho.evidence.observation_network import TlsOffer
from sekisho.evidence.observation_paper import ScanFinding, ScanReport
from sekisho.evidence.observation_words import ScanOf, Severity, TlsVersion, shown
from sekisho.shell.readers.foreign import MOST_PARTS, Part, Report, json_of, no_report, part_of
from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.evidence.observation import Observation

_FORM = "testssl.sh"
_VERSIONS: Final = {
    "SSLv2": TlsVersion.SSL_2,
    "SSLv3": TlsVersion.SSL_3,
    "TLS1": TlsVersion.TLS_1_0,
    "TLS1_1": TlsVersion.TLS_1_1,
    "TLS1_2": TlsVersion.TLS_1_2,
    "TLS1_3": TlsVersion.TLS_1_3,
}
_SEVERITIES: Final = {
    "OK": Severity.INFO,
    "INFO": Severity.INFO,
    "LOW": Severity.LOW,
    "MEDIUM": Severity.MEDIUM,
    "HIGH": Severity.HIGH,
    "CRITICAL": Severity.CRITICAL,
}
_SECTIONS: Final = (
    "protocols", "ciphers", "pfs", "fs", "serverPreferences", "serverDefaults", "headerResponse",
    "vulnerabilities", "cipherTests", "cipherOrder", "rating",
)  # fmt: skip
_NAMES: Final = frozenset(SUITES.values())
_SUITE = re.compile(r"\b(TLS_[A-Za-z0-9_]{4,80})\s*$")
_SECONDS = re.compile(r"\d{1,11}")
_NUMBER = re.compile(r"\d{1,5}")
_LAST = 65_535


class _Finding(Part):
    id: str
    severity: str
    finding: str
    cve: str = ""


class _Target(Part):
    model_config = ConfigDict(extra="allow")

    name: str = Field(alias="targetHost")
    ip: str = ""
    port: str


class _Document(Part):
    version: str
    start: str = Field(alias="startTime")
    results: list[_Target] = Field(alias="scanResult")
    took: object = Field(default=None, alias="scanTime")


def read(data: bytes, where: str) -> Report:
    """Versions, suites and findings of one port.

    Raises:
        InputError: it is no pretty JSON of testssl.sh, or is about several targets.
    """
    value = json_of(data, where, _FORM)
    document = part_of(_Document, value, where, _FORM, wanted=" (wanted: --jsonfile-pretty)")
    if len(document.results) != 1:
        raise no_report(where, _FORM, f"{len(document.results)} targets; one is wanted")
    target = document.results[0]
    if not _SECONDS.fullmatch(document.start) or not _NUMBER.fullmatch(target.port):
        raise no_report(where, _FORM, "no time of start, or no port")
    if int(target.port) > _LAST:
        raise no_report(where, _FORM, "a port that is none")
    sections = {name: tuple(_findings(target, name, where)) for name in _SECTIONS}
    return Report(
        about=frozenset(name for name in (target.name, target.ip) if name),
        made=WallMs(int(document.start) * 1_000),
        observations=tuple(_observed(document, int(target.port), sections)),
    )


def _findings(target: _Target, section: str, where: str) -> Iterator[_Finding]:
    found = (target.model_extra or {}).get(section, [])
    if not isinstance(found, list) or len(found) > MOST_PARTS:
        raise no_report(where, _FORM, f"{section} is no list of at most {MOST_PARTS}")
    for part in found:
        try:
            yield _Finding.model_validate(part)
        except ValidationError:
            raise no_report(where, _FORM, f"a finding of {section} that cannot be read") from None


def _observed(
    document: _Document, port: int, sections: dict[str, tuple[_Finding, ...]]
) -> Iterator[Observation]:
    versions = {_VERSIONS[f.id]: f.finding for f in sections["protocols"] if f.id in _VERSIONS}
    suites = [
        match[1]
        for section in ("cipherTests", "cipherOrder", "serverPreferences")
        for f in sections[section]
        if (match := _SUITE.search(f.finding)) and match[1] in _NAMES
    ]
    if versions or suites:
        yield TlsOffer(
            port=port,
            accepted_versions=tuple(v for v, said in versions.items() if said.startswith("offered")),
            refused_versions=tuple(v for v, said in versions.items() if said.startswith("not offered")),
            accepted_suites=tuple(dict.fromkeys(suites)), refused_suites=(), certificate=None,
        )  # fmt: skip
    yield ScanReport(
        tool=_FORM, tool_version=shown(document.version), scan_of=ScanOf.TLS,
        made=WallMs(int(document.start) * 1_000), database=None,
        complete=document.took is not None,
        findings=tuple(
            ScanFinding(
                id=shown(f.cve or f.id), severity=_SEVERITIES.get(f.severity, Severity.UNKNOWN),
                port=port, exploitable=True if f.finding.startswith("VULNERABLE") else None,
                text=shown(f.finding, 2_000),
            )
            for found in sections.values()
            for f in found
            if _SEVERITIES.get(f.severity, Severity.UNKNOWN) is not Severity.INFO
        )[:MOST_PARTS],
    )  # fmt: skip
