"""A gate in a process of its own, so that it can be killed: `python -m … FOLDER` of a stage.

It ends with its parent's pipe: nothing is left running when whoever started it is gone.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from sekisho.codec.profile import read_profile
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.tables import read_gated, sealed
from sekisho.lab import sample
from sekisho.shell.gate.run import Running, Site, prepare
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.stage import LabTime


def main() -> None:
    """Runs the gate of a stage's folder until standard input ends."""
    folder = Path(sys.argv[1])
    text = (folder / "site" / "site.toml").read_text(encoding="utf-8")
    gated = read_gated(text, "site.toml")
    settings = sealed(gated.settings, {"relay.toml": sample.RELAY.encode()})
    profiles = {"relay.toml": read_profile(sample.RELAY, "relay.toml")}
    site = Site(settings=settings, profiles=profiles, state=open_state(folder / "state"))
    with ExitStack() as stack:
        asyncio.run(_until_left(prepare(site, LabTime(), CHECKS, stack)))


async def _until_left(running: Running) -> None:
    task = asyncio.create_task(running.serve(_nothing))
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.buffer.read))
    await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _nothing() -> None:
    """Nobody waits to be told that it runs."""


if __name__ == "__main__":
    main()
