"""sslyze: versions and suites that the pages accept, held against what the server is told to accept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sekisho.shell.admin.certificate import SUITES
from tools.eyes.difference import Row, ToolFailedError
from tools.eyes.outside import asked

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = {
    "ssl_2_0": "SSL 2.0",
    "ssl_3_0": "SSL 3.0",
    "tls_1_0": "TLS 1.0",
    "tls_1_1": "TLS 1.1",
    "tls_1_2": "TLS 1.2",
    "tls_1_3": "TLS 1.3",
}
OURS = frozenset({"TLS 1.2", "TLS 1.3"})
SUITES_13 = frozenset(
    {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
)
"""OpenSSL's own of TLS 1.3 (RFC 8446 appendix B.4, without CCM)."""
_OPTIONS = (
    "--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--compression",
    "--heartbleed", "--openssl_ccs", "--robot", "--reneg", "--early_data",
    "--mozilla_config=disable",
)  # fmt: skip
_FLAWS = {
    "heartbleed": "is_vulnerable_to_heartbleed",
    "openssl_ccs_injection": "is_vulnerable_to_ccs_injection",
    "session_renegotiation": "is_vulnerable_to_client_renegotiation_dos",
    "tls_compression": "supports_compression",
    "tls_1_3_early_data": "supports_early_data",
}


async def tls(host: str, port: int, folder: Path) -> list[Row]:
    """Asks the pages' port everything that sslyze can ask."""
    out = folder / "sslyze.json"
    await asked("sslyze", *_OPTIONS, "--json_out", str(out), f"{host}:{port}")
    return read(out.read_text(encoding="utf-8"))


def read(text: str) -> list[Row]:
    """The rows of one server's scan.

    Raises:
        ToolFailedError: a question was not asked or not answered.
    """
    report = json.loads(text)
    servers = report["server_scan_results"]
    if len(servers) != 1 or servers[0]["scan_status"] != "COMPLETED":
        raise ToolFailedError("sslyze: the server was not scanned")
    scan = servers[0]["scan_result"]
    accepted = {
        name: frozenset(
            one["cipher_suite"]["openssl_name"]
            for one in _answer(scan, f"{key}_cipher_suites")["accepted_cipher_suites"]
        )
        for key, name in VERSIONS.items()
    }
    tool = f"sslyze {report['sslyze_version']}"
    # The device's own key is of ECDSA; the suites for RSA are for a certificate that is provided.
    suites = frozenset(s for s in SUITES.split(":") if s.startswith("ECDHE-ECDSA-"))
    flaws = {name for name, field in _FLAWS.items() if _answer(scan, name)[field]}
    if not _answer(scan, "robot")["robot_result"].startswith("NOT_VULNERABLE"):
        flaws.add("robot")
    versions = frozenset(name for name, found in accepted.items() if found)
    return [
        Row(tool=tool, question="versions accepted", ours=OURS, theirs=versions),
        Row(tool=tool, question="suites of TLS 1.2", ours=suites, theirs=accepted["TLS 1.2"]),
        Row(tool=tool, question="suites of TLS 1.3", ours=SUITES_13, theirs=accepted["TLS 1.3"]),
        Row(tool=tool, question="known flaws of TLS", ours=frozenset(), theirs=frozenset(flaws)),
    ]


def _answer(scan: dict[str, Any], name: str) -> dict[str, Any]:
    asked_ = scan[name]
    if asked_["status"] != "COMPLETED":
        raise ToolFailedError(f"sslyze: {name} {asked_['status']}")
    answer = asked_["result"]
    assert isinstance(answer, dict)  # noqa: S101 - of a question that was completed
    return answer
