"""An updater that kills its own process at the nth point, or is killed from outside.

The victim is forked. Its gate is a file that outlives it, as a gate outlives its updater.
"""

from __future__ import annotations

import os
import signal
import time
import traceback

from typing_extensions import override

from sekisho.gate.update.beat import Beat
from sekisho.shell.update.gate import Gate
from sekisho.shell.update.machine import Machine


class Doomed(Machine):
    """A machine that does not survive its nth point: around each record, and around each act."""

    at, seen = 0, 0

    def reached(self):
        """One more point."""
        type(self).seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    @override
    def save(self, record):
        self.reached()
        super().save(record)
        self.reached()

    @override
    def act(self, change):
        self.reached()
        super().act(change)
        self.reached()


class FileGate(Gate):
    """A gate whose process is a file with its version; programs named bad end at once."""

    def __init__(self, folder, bad=()):
        self.file, self.folder, self.bad, self.ticks = folder / "running", folder, bad, 0

    @override
    def trial(self, program, version):
        return None if program.is_file() else "no program"

    @override
    def stop(self):
        self.file.unlink(missing_ok=True)

    @override
    def start(self):
        version = (self.folder / "sekisho" / "current").readlink().name
        if version in self.bad:
            return "it ended at once"
        self.file.write_text(version)
        return None

    @override
    def beat(self):
        if not self.file.exists():
            return None
        self.ticks += 1
        time.sleep(0.001)
        return Beat(
            program=self.file.read_text(),
            started=0,
            boot=self.boot(),
            ticks=self.ticks,
            entries=1,
            behind_ms=0,
            at_rest=True,
            time_floor=0,
        )

    @override
    def boot(self):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 10**6

    @override
    def wait(self, seconds):
        time.sleep(0.001)


def dies(site, source, at, bad=()):
    """Applies in a fork that dies at a point; its status, and how many points there were if it lived."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            Doomed.at, Doomed.seen = at, 0
            gate = FileGate(site.folder, bad)
            site.apply(source, make=Doomed, gate=lambda _: gate)
            os.write(into, str(Doomed.seen).encode())
            code = 0
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), int(said or 0)
