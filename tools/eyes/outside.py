"""Runs somebody else's tool: found or said to be missing, bounded in time, its answer in a file."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from tools.eyes.difference import ToolFailedError, ToolMissingError

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / ".venv-eyes" / "bin"
"""The environment of the tools that do not live with our own packages."""
LONGEST_S = 300.0


def found(name: str) -> str:
    """Where a tool is.

    Raises:
        ToolMissingError: it is nowhere.
    """
    for place in (OWN, Path(sys.executable).parent):
        if (place / name).is_file():
            return str(place / name)
    path = shutil.which(name)
    if path is None:
        raise ToolMissingError(name)
    return path


async def asked(
    name: str, *words: str, good: frozenset[int] = frozenset({0}), where: Path | None = None
) -> str:
    """What a tool writes to its standard output.

    Args:
        name: of the tool.
        words: its arguments.
        good: exit codes of an answer.
        where: folder that it works in, and may leave files in.

    Raises:
        ToolMissingError: it is nowhere.
        ToolFailedError: it ended with another code, or not at all in its time.
    """
    process = await asyncio.create_subprocess_exec(
        found(name),
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=where,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"},
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            told, why = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise ToolFailedError(f"{name}: no answer in {LONGEST_S:.0f} s") from None
    if process.returncode not in good:
        said = (why or told).decode(errors="replace").strip()
        raise ToolFailedError(f"{name}: exit {process.returncode}: {said[-800:]}")
    return told.decode(errors="replace")
