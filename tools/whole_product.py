"""The whole product on this machine: plant and broker of the laboratory, gate and pages as processes.

Gate and pages run as `sekisho gate run` and `sekisho admin run`, as they do at a site; only plant,
broker and authority are the laboratory's. Everything listens on loopback and ends with the block.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sekisho.gate.surface import Direction, Pages, surface
from sekisho.gate.surface_seen import Stance
from sekisho.shell.admin.folder import new_folder
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.lab.broker import free_port
from sekisho.shell.lab.stage import Stage
from sekisho.shell.surface.sockets import sockets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.shell.lab.stage import Script

PROGRAM = Path(sys.executable).with_name("sekisho")
START_S = 60.0
END_S = 20.0
_ADDRESS = re.compile(r"https://([^\s(:]+):(\d+)")


class NotStartedError(RuntimeError):
    """A process of the product ended, or said nothing, instead of starting; what it said."""


class WholeProduct:
    """See the module's text; `async with` starts and ends it."""

    def __init__(
        self,
        folder: Path,
        script: Script | None = None,
        furnish: Callable[[Path], object] | None = None,
    ) -> None:
        """A product that is not started yet.

        Args:
            folder: exists and is empty.
            script: what the laboratory's stage plays.
            furnish: is given the state folder of the pages before they start.
        """
        self._furnish = furnish
        self.stage = Stage(folder / "stage", script)
        self.admin_folder = folder / "admin"
        self.socket = folder / "admin.sock"
        self.metrics_port = free_port()
        self.code = ""
        """The set-up code of the pages; good until the first user is made."""
        self.host, self.port = "127.0.0.1", 0
        """Where the pages are served."""
        self.gate_program = PROGRAM
        """What runs as the gate; an updater points it elsewhere."""
        self.updates: Path | None = None
        """Where the pages lay an update that was handed over; None: they take none."""
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self._heard: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.stage.__aenter__()
        try:
            await self._started()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for name in tuple(self.processes):
            await self.end(name)
        await asyncio.gather(*self._heard)
        await self.stage.__aexit__()

    @property
    def pids(self) -> Mapping[int, str]:
        """The product's own processes by number."""
        return {process.pid: name for name, process in self.processes.items()}

    def listening(self) -> tuple[frozenset[int], frozenset[int]]:
        """TCP ports that our table says listen; and those that plant and broker really have open."""
        settings = load_configuration(self.stage.site_file).settings
        pages = Pages(socket=str(self.socket), listen=(self.host, self.port))
        declared = frozenset(
            row.number
            for row in surface(settings, pages)
            if row.about.direction is Direction.LISTENS and row.number is not None
        )
        own = {os.getpid(), *children(os.getpid())} - self.pids.keys()
        theirs = (seen for pid in own for seen in sockets_of(pid))
        opened = (s.number for s in theirs if s.stance is Stance.LISTENS and s.number is not None)
        return declared, frozenset(opened)

    async def _started(self) -> None:
        await self.stage.ready()
        await self.stage.stop_gate()
        text = self.stage.site_file.read_text(encoding="utf-8")
        told = text.replace("[gate]\n", f"[gate]\nmetrics_port = {self.metrics_port}\n", 1)
        self.stage.site_file.write_text(told, encoding="utf-8")
        _, self.code = await asyncio.to_thread(new_folder, self.admin_folder)
        if self._furnish is not None:
            self._furnish(self.admin_folder)
        await self.start_gate()
        await self.start_pages()

    async def start_gate(self) -> None:
        """The gate's process; what commissions it is still in its state folder."""
        site, state = str(self.stage.site_file), str(self.stage.state_path)
        words = ("gate", "run", site, "--state", state, "--admin", str(self.socket))
        await self._start("gate", words, "the gate runs")

    async def start_pages(self) -> None:
        """The pages' process, on the port that it had or on a free one."""
        listen = f"{self.host}:{self.port}"
        words = ("--state", str(self.admin_folder), "--gate", str(self.socket), "--listen", listen)
        taking = () if self.updates is None else ("--updates", str(self.updates))
        line = await self._start("pages", ("admin", "run", *words, *taking), "https://")
        found = _ADDRESS.search(line)
        if found is None:
            raise NotStartedError(line)
        self.port = int(found[2])

    async def _start(self, name: str, words: tuple[str, ...], sign: str) -> str:
        process = await asyncio.create_subprocess_exec(
            self.gate_program if name == "gate" else PROGRAM,
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "SEKISHO_LANG": "en", "PYTHONUNBUFFERED": "1"},
        )
        self.processes[name] = process
        said: list[str] = []
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        with suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                while line := (await process.stderr.readline()).decode(errors="replace"):
                    said.append(line)
                    if sign in line:
                        self._heard.add(asyncio.create_task(_heard_out(process.stderr)))
                        return line
        raise NotStartedError(f"{name}: {''.join(said) or 'nothing said'}")

    async def end(self, name: str, number: int = signal.SIGTERM) -> None:
        """Ends one process; SIGKILL is a power loss."""
        process = self.processes.pop(name)
        if process.returncode is None:
            process.send_signal(number)
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _heard_out(stream: asyncio.StreamReader) -> None:
    """Takes what a process says after its start, so that it never waits for a reader."""
    while await stream.read(65_536):
        pass


def children(pid: int) -> frozenset[int]:
    """The processes that a process has started and that still run (proc(5))."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found |= {int(child), *children(int(child))}
    return frozenset(found)
