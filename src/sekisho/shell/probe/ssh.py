"""An SSH server, read by ssh-audit: a program of its own, started for one host and one port."""

from __future__ import annotations

import asyncio
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from sekisho.evidence.observation_network import SshFinding, SshOffer
from sekisho.evidence.observation_words import ObservationKind, Severity, WhyNot, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.wire import Wire

_MOST_S = 60.0
_MOST_BYTES = 1024 * 1024
_MOST_FINDINGS = 200
_MODULE = "ssh_audit.ssh_audit"
_GRAVE = {"fail": Severity.HIGH, "warn": Severity.MEDIUM, "info": Severity.INFO}


async def audited(wire: Wire, diary: Diary, port: int) -> None:
    """Starts ssh-audit, without its test of many connections, and writes down what it found."""
    try:
        program = f"ssh-audit {version('ssh-audit')}"
    except PackageNotFoundError:
        diary.not_done(
            ObservationKind.SSH_OFFER, WhyNot.TOOL_MISSING, "pip install 'sekisho[proof]'"
        )
        return
    arguments = (
        "-m", _MODULE, "--json", "--skip-rate-test", "--timeout", str(max(1, round(wire.pace.timeout_s))),
        "--port", str(port), wire.host,
    )  # fmt: skip
    async with wire.turn():
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_MOST_S):
                output, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            output = b""
    observed = offer(output[:_MOST_BYTES], port)
    if observed is None:
        diary.not_done(ObservationKind.SSH_OFFER, WhyNot.NO_ANSWER, f"{program}: no report")
        return
    diary.note(program, observed, output[:_MOST_BYTES])


def offer(output: bytes, port: int) -> SshOffer | None:
    """What ssh-audit's JSON says; None where it is no report of a server."""
    try:
        report = json.loads(output)
        banner = report["banner"]["raw"]
        lists = {name: tuple(_names(report, name)) for name in ("kex", "key", "enc", "mac")}
        findings = tuple(_findings(report))[:_MOST_FINDINGS]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(banner, str):
        return None
    return SshOffer(
        port=port, banner=shown(banner, 2_000),
        key_exchanges=lists["kex"], host_keys=lists["key"], ciphers=lists["enc"], macs=lists["mac"],
        audited=True, findings=findings,
    )  # fmt: skip


def _names(report: Mapping[str, Any], kind: str) -> Iterator[str]:
    for entry in report.get(kind, [])[:_MOST_FINDINGS]:
        yield shown(str(entry["algorithm"] if isinstance(entry, dict) else entry))


def _findings(report: Mapping[str, Any]) -> Iterator[SshFinding]:
    for kind in ("kex", "key", "enc", "mac"):
        for entry in report.get(kind, [])[:_MOST_FINDINGS]:
            if not isinstance(entry, dict):
                continue
            for level, notes in entry.get("notes", {}).items():
                for note in notes:
                    yield SshFinding(
                        severity=_GRAVE.get(level, Severity.UNKNOWN),
                        algorithm=shown(str(entry["algorithm"])),
                        note=shown(str(note), 2_000),
                    )
