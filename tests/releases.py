"""A maker of updates and a machine that takes them; programs, keys and gates are made up."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sekisho.gate.clock import KernelTime
from sekisho.gate.update.admit import FLOORS
from sekisho.gate.update.beat import Beat
from sekisho.gate.update.log import Kind
from sekisho.shell.lab.maker import MODEL
from sekisho.shell.lab.maker import Maker as LabMaker
from sekisho.shell.update.gate import CommandGate
from sekisho.shell.update.making import make
from sekisho.shell.update.place import open_place
from sekisho.shell.update.updater import updating
from sekisho.terms.quantity import BootMs, WallMs

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC).replace(microsecond=0)
LATER = NOW + timedelta(days=30)
EARLIER = NOW - timedelta(days=1)
PROGRAM = """#!{python}
# A made-up program of version {version}: it answers, and beats as a gate does.
import json, os, pathlib, sys, time
if sys.argv[1] == "--version":
    print("{version}")
elif sys.argv[1] == "trial":
    sys.exit({trial})
elif {runs}:
    started, n = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 10**6, 0
    while True:
        n += 1
        now = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 10**6
        beat = dict(format=1, program="{version}", started=started, boot=now, ticks=n,
                    entries=n, behind_ms=0, at_rest=True, time_floor=0)
        place = pathlib.Path(sys.argv[2])
        beside = place.with_suffix(".new")
        beside.write_text(json.dumps(beat, sort_keys=True, separators=(",", ":")))
        beside.replace(place)
        time.sleep(0.02)
"""
SERVICE = """
# A made-up service manager: start and stop of one program.
import os, pathlib, signal, subprocess, sys, time
what, folder, beat, pid = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
def ended(number):
    try:
        return os.waitpid(number, os.WNOHANG)[0] != 0
    except ChildProcessError:
        stat = pathlib.Path(f"/proc/{number}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
if pid.exists():
    number = int(pid.read_text() or 0)
    running = number and not ended(number)
else:
    number, running = 0, False
if what == "stop":
    if running:
        os.kill(number, signal.SIGTERM)
        while not ended(number):
            time.sleep(0.005)
    pid.unlink(missing_ok=True)
elif not running:
    program = (folder / "current" / "bin" / "sekisho").resolve()
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen([program, "run", beat], stdin=subprocess.DEVNULL, stdout=null,
                                 stderr=null, start_new_session=True)
    time.sleep(0.1)
    if child.poll() is not None:
        sys.exit("it ended at once")
    pid.write_text(str(child.pid))
"""


class SureTime:
    """The machine's clocks, said to be synchronised; a test may doubt or step them."""

    def __init__(self):
        self.synchronised, self.error_ms, self.step_ms = True, 5, 0

    def __call__(self):
        return KernelTime(
            wall=WallMs(time.time_ns() // 10**6 + self.step_ms),
            boot=BootMs(time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 10**6),
            synchronised=self.synchronised,
            error_ms=self.error_ms,
        )


class QuickGate(CommandGate):
    """A gate that is looked at more often than a site needs."""

    @override
    def wait(self, seconds):
        time.sleep(min(seconds, 0.03))


class Maker(LabMaker):
    """A maker whose programs beat as a gate does, or fail in a way."""

    @override
    def program(self, version: str, **how: Any) -> str:
        trial, runs = how.get("trial", 0), how.get("runs", True)
        return PROGRAM.format(python=sys.executable, version=version, trial=trial, runs=runs)


@dataclass
class Site:
    """A machine with an updater; its gate is a made-up program under a made-up service manager."""

    folder: Path
    time: SureTime

    @property
    def place(self):
        return open_place(self.folder / "sekisho")

    def updating(self, *, floors=FLOORS, gate=None, **more):
        made = gate or (lambda settings: QuickGate(settings.gate))
        return updating(self.place, made, self.time, floors, **more)

    def apply(self, source, *, by_hand=True, **more):
        with self.updating(**more) as updater:
            return updater.apply(str(source), by_hand=by_hand)

    def running(self):
        """The version whose program beats now; None: none."""
        try:
            before = json.loads((self.folder / "beat.json").read_text())
            time.sleep(0.1)
            now = json.loads((self.folder / "beat.json").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return now["program"] if now["ticks"] > before["ticks"] else None

    def current(self):
        return self.place.pointed()

    def lines(self, kind=None):
        with self.updating() as updater:
            return [one for one in updater.log.lines if kind is None or one.kind is kind]

    def refusals(self):
        return [line.body["reason"] for line in self.lines(Kind.REFUSED)]

    def stop(self):
        with self.updating() as updater:
            updater.gate.stop()


def machine(folder: Path, root: Path, model: str = MODEL) -> Site:
    """A machine with nothing installed."""
    folder.mkdir(parents=True)
    place = make(folder / "sekisho", root, model, 0)
    service = folder / "service.py"
    service.write_text(SERVICE, encoding="utf-8")
    words = [str(place.path), str(folder / "beat.json"), str(folder / "pid")]

    def command(what):
        return json.dumps([sys.executable, str(service), what, *words])

    (place.path / "update.toml").write_text(
        f'model = "{model}"\n[gate]\nbeat = "{folder / "beat.json"}"\n'
        f"stop = {command('stop')}\nstart = {command('start')}\n"
        'trial = [["{program}", "trial"]]\nrest_s = 1\n',
        encoding="utf-8",
    )
    return Site(folder, SureTime())


def beat(**changes):
    """A good beat, except where it is changed."""
    plain = Beat(
        program="1.0.0",
        started=0,
        boot=1,
        ticks=1,
        entries=1,
        behind_ms=0,
        at_rest=True,
        time_floor=0,
    )
    return replace(plain, **changes)
