"""sslyze's JSON (--json_out): versions, suites and what it calls vulnerable, of one server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sekisho.evidence.observation_network import TlsOffer
from sekisho.evidence.observation_paper import ScanFinding, ScanReport
from sekisho.evidence.observation_words import ScanOf, Severity, TlsVersion, shown
from sekisho.shell.readers.foreign import (
    MOST_PARTS,
    Part,
    Report,
    json_of,
    moment,
    no_report,
    part_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FORM = "sslyze"
_VERSIONS: Final = {
    "ssl_2_0_cipher_suites": TlsVersion.SSL_2,
    "ssl_3_0_cipher_suites": TlsVersion.SSL_3,
    "tls_1_0_cipher_suites": TlsVersion.TLS_1_0,
    "tls_1_1_cipher_suites": TlsVersion.TLS_1_1,
    "tls_1_2_cipher_suites": TlsVersion.TLS_1_2,
    "tls_1_3_cipher_suites": TlsVersion.TLS_1_3,
}
_WEAKNESSES: Final = {
    "heartbleed": ("is_vulnerable_to_heartbleed", "CVE-2014-0160"),
    "openssl_ccs_injection": ("is_vulnerable_to_ccs_injection", "CVE-2014-0224"),
    "session_renegotiation": ("is_vulnerable_to_client_renegotiation_dos", "client-renegotiation"),
    "tls_compression": ("supports_compression", "CVE-2012-4929"),
}
_ROBOT = ("VULNERABLE_STRONG_ORACLE", "VULNERABLE_WEAK_ORACLE")


class _Location(Part):
    hostname: str
    ip_address: str | None = None
    port: int


class _Attempt(Part):
    status: str
    result: dict[str, Any] | None = None


class _Server(Part):
    scan_status: str
    server_location: _Location
    scan_result: dict[str, _Attempt] | None = None


class _Suite(Part):
    name: str


class _Accepted(Part):
    cipher_suite: _Suite


class _Suites(Part):
    is_tls_version_supported: bool
    accepted_cipher_suites: list[_Accepted]
    rejected_cipher_suites: list[_Accepted]


class _Document(Part):
    sslyze_version: str
    date_scans_started: str
    server_scan_results: list[_Server]


def read(data: bytes, where: str) -> Report:
    """What sslyze found on one server.

    Raises:
        InputError: it is no JSON of sslyze, or is about several servers.
    """
    document = part_of(_Document, json_of(data, where, _FORM), where, _FORM)
    if len(document.server_scan_results) != 1:
        raise no_report(where, _FORM, f"{len(document.server_scan_results)} servers; one is wanted")
    server = document.server_scan_results[0]
    place = server.server_location
    results = {
        name: attempt.result
        for name, attempt in (server.scan_result or {}).items()
        if attempt.status == "COMPLETED" and attempt.result is not None
    }
    made = moment(document.date_scans_started, where, _FORM)
    report = ScanReport(
        tool=_FORM, tool_version=shown(document.sslyze_version), scan_of=ScanOf.TLS,
        made=made, database=None,
        complete=server.scan_status == "COMPLETED",
        findings=tuple(_findings(results, place.port)),
    )  # fmt: skip
    return Report(
        about=frozenset(name for name in (place.hostname, place.ip_address) if name),
        made=made,
        observations=(_offer(results, place.port, where), report),
    )


def _offer(results: Mapping[str, dict[str, Any]], port: int, where: str) -> TlsOffer:
    taken: list[TlsVersion] = []
    refused: list[TlsVersion] = []
    suites: dict[str, bool] = {}
    if not 0 < port <= 65_535:  # noqa: PLR2004 - the last port
        raise no_report(where, _FORM, "a port that is none")
    for name, version in _VERSIONS.items():
        if name not in results:
            continue
        found = part_of(_Suites, results[name], where, _FORM)
        if len(found.accepted_cipher_suites) + len(found.rejected_cipher_suites) > MOST_PARTS:
            raise no_report(where, _FORM, f"more than {MOST_PARTS} suites")
        (taken if found.is_tls_version_supported else refused).append(version)
        for one in found.rejected_cipher_suites:
            suites.setdefault(one.cipher_suite.name, False)
        for one in found.accepted_cipher_suites:
            suites[one.cipher_suite.name] = True
    return TlsOffer(
        port=port, accepted_versions=tuple(taken), refused_versions=tuple(refused),
        accepted_suites=tuple(shown(name) for name, good in suites.items() if good),
        refused_suites=tuple(shown(name) for name, good in suites.items() if not good),
        certificate=None,
    )  # fmt: skip


def _findings(results: Mapping[str, dict[str, Any]], port: int) -> Iterator[ScanFinding]:
    for name, (member, known) in _WEAKNESSES.items():
        if results.get(name, {}).get(member) is True:
            yield _finding(known, port, f"{name}: {member}")
    robot = results.get("robot", {}).get("robot_result")
    if robot in _ROBOT:
        yield _finding("CVE-2017-13099", port, f"robot: {robot}")


def _finding(known: str, port: int, text: str) -> ScanFinding:
    return ScanFinding(
        id=known, severity=Severity.HIGH, port=port, exploitable=True, text=shown(text)
    )
