"""The gate's own pages beside its cycle: how fast they are, and that neither load nor guesses reach it.

The gate and its plant run as in the other parts; the pages are the process that a site runs, and who
reads and who guesses are processes of their own, so that the cycle's process does nothing else.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import httpx
import uvloop

from sekisho.gate.admin.desk import Compare, ask
from sekisho.gate.admin.throttle import FREE_OF_ACCOUNT
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.lab.stage import Stage
from tests.admin_process import PASSWORD, AdminProcess
from tests.guessing import OWNER, guessing, moment
from tools.bench_gate_figure import Found, quantile
from tools.bench_gate_stage import script_of

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVICES = 40
PAUSE_S = 0.05
"""Between two pages of one reader: a person clicks no faster."""
MOST_COMPARED = FREE_OF_ACCOUNT + 10
"""5 free guesses, then 1, 2, 4 … seconds between: after ten of them over ten minutes are gone."""
_UP_S = 60.0


def figures(seconds: float = 20.0, devices: int = DEVICES) -> list[Found]:
    """Pages and jitter under readers, jitter under a flood of guesses, and guesses in virtual time."""
    with (
        TemporaryDirectory() as name,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        measured = runner.run(_beside(Path(name), seconds, devices))
    return [*measured, *_guessed()]


def _guessed() -> list[Found]:
    ten = guessing(10)
    locked = not isinstance(ask(ten.desk, "mori", moment(10**10, OWNER))[1], Compare)
    note = f" of {ten.compared + ten.waited:,} tried; the others were told to wait"
    return [
        Found(what="admin: guesses compared in ten minutes", value=ten.compared, most=MOST_COMPARED, note=note),
        Found(what="admin: guesses that got in", value=ten.entered, most=0),
        Found(what="admin: the account is shut for good", value=locked, most=0),
    ]  # fmt: skip


async def _beside(folder: Path, seconds: float, devices: int) -> list[Found]:
    socket = folder / "admin.sock"
    script = script_of(devices)
    script.admin = AdminEnd(path=socket, uid=os.geteuid())
    found: list[Found] = []
    async with Stage(folder / "stage", script) as stage:
        await stage.ready(_UP_S)
        admin = AdminProcess(folder / "admin", socket)
        try:
            await asyncio.to_thread(admin.start)
            cookie = await asyncio.to_thread(_signed_in, admin)
            work = ("read", admin.address, str(admin.folder), str(seconds), cookie)
            jitter, told = await _while(stage, work)
            pages = [float(one) for one in json.loads(told)]
            found += _pages(pages)
            found += _jitter("readers of the pages", jitter)
            work = ("guess", admin.address, str(admin.folder), str(seconds), cookie)
            jitter, told = await _while(stage, work)
            found += _jitter(f"a flood of guesses ({int(json.loads(told)):,})", jitter)
        finally:
            await asyncio.to_thread(admin.stop)
    return found


def _pages(took: Sequence[float]) -> list[Found]:
    note = f" ({len(took)} pages over TLS, signed in, every one rendered)"
    median = statistics.median(took) if took else float("nan")
    return [
        Found(what="admin: a page, p50", value=median, unit=" ms", most=50, note=note),
        Found(what="admin: a page, p99", value=quantile(took, 0.99), unit=" ms"),
    ]


def _jitter(under: str, late: tuple[list[float], int]) -> list[Found]:
    times, missed = late
    name = f"admin: the cycle under {under}"
    return [
        Found(what=f"{name}, jitter p99", value=quantile(times, 0.99), unit=" ms", most=5),
        Found(what=f"{name}, jitter most", value=max(times, default=0), unit=" ms", most=50),
        Found(what=f"{name}, cycles missed", value=missed, most=0),
    ]


async def _while(stage: Stage, work: tuple[str, ...]) -> tuple[tuple[list[float], int], bytes]:
    """How late the cycle's ticks are while another process works; and what that printed."""
    cycle = stage.running.cycle
    if cycle is None:
        raise RuntimeError("the stage is not ready")
    step, late = cycle.step, []

    def measured() -> object:
        late.append(cycle.late_ms)
        return step()

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tools.bench_admin", *work, stdout=subprocess.PIPE
    )
    setattr(cycle, "step", measured)  # noqa: B010 - measured from outside
    missed = cycle.missed
    told, _ = await process.communicate()
    setattr(cycle, "step", step)  # noqa: B010 - as it was before
    return (late, cycle.missed - missed), told


def _signed_in(admin: AdminProcess) -> str:
    with closing(admin.first_user()) as client:
        return str(client.cookies["__Host-sekisho"])


def _client(address: str, folder: str) -> httpx.Client:
    admin = AdminProcess(Path(folder), "")
    admin.address = address
    return admin.client()


def _read(address: str, folder: str, seconds: float, cookie: str) -> list[float]:
    """What each page took, in ms."""
    took = []
    with closing(_client(address, folder)) as client:
        client.cookies.set("__Host-sekisho", cookie)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for path in ("/", "/documents", "/account"):
                begun = time.perf_counter()
                client.get(path).raise_for_status()
                took.append(1_000 * (time.perf_counter() - begun))
                time.sleep(PAUSE_S)
    return took


def _guess(address: str, folder: str, seconds: float) -> int:
    """How many guesses were sent, one after another without a pause."""
    sent = 0
    with closing(_client(address, folder)) as client:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(httpx.HTTPError):
                form = {"name": f"name-{sent % 50}", "password": f"{PASSWORD}-{sent}"}
                client.post("/login", data=form)
                sent += 1
    return sent


def main() -> int:
    """The work of another process, or all figures."""
    match sys.argv[1:]:
        case ["read", address, folder, seconds, cookie]:
            print(json.dumps(_read(address, folder, float(seconds), cookie)))
        case ["guess", address, folder, seconds, _]:
            print(_guess(address, folder, float(seconds)))
        case _:
            found = figures()
            print(*found, sep="\n")
            return 1 if any(one.judged and not one.kept for one in found) else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
