"""ssh-audit: whether anything that listens speaks SSH; our table has none."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING

from tools.eyes.difference import Row, ToolFailedError
from tools.eyes.outside import asked

if TYPE_CHECKING:
    from collections.abc import Collection

PORT = 22
_ANY = frozenset(range(8))
"""ssh-audit's codes speak of what it found; only what it printed is read."""


async def ssh(host: str, ports: Collection[int]) -> Row:
    """Asks every open port of the product, and port 22."""
    speaking = set()
    for port in sorted({*ports, PORT}):
        if await _speaks(host, port):
            speaking.add(str(port))
    return Row(
        tool=f"ssh-audit {version('ssh-audit')}",
        question="ports that speak SSH",
        ours=frozenset(),
        theirs=frozenset(speaking),
    )


async def _speaks(host: str, port: int) -> bool:
    told = await asked("ssh-audit", "-j", "-t", "5", "-p", str(port), host, good=_ANY)
    if "Connection refused" in told:
        return False
    start = told.find("{")
    if start < 0:
        raise ToolFailedError(f"ssh-audit: {told.strip()[-200:]}")
    found, _ = json.JSONDecoder().raw_decode(told[start:])
    return bool(found["banner"]["raw"])
