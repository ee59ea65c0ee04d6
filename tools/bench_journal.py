"""The journal and the outbox: what they cost, and 1,000 kills each. `python -m tools.bench_journal`.

The disk's own fdatasync is printed beside them: a commit cannot be faster.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from sekisho.evidence.chain import check
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.outbox import Outbox
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store import Store, Submitted
from sekisho.terms.ids import SessionId
from sekisho.terms.quantity import BootMs, WallMs

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
KILLS = 1_000
DEVICES, VALUES = 50, 100
SECONDS = 10
ENTRIES = 5_000
ENTRY = Entry(
    kind=EntryKind.SETPOINT,
    wall=WallMs(1_800_000_000_000),
    boot=BootMs(5),
    body={"power": 1_000_000, "dispatch": 1_000_000, "droop": 0, "command": "k" * 20},
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure; a limit of None is none."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        return self.limit is None or self.value < self.limit

    @override
    def __str__(self) -> str:
        told = f"{self.name}: {self.value:.2f} {self.unit}{self.note}"
        if self.limit is None:
            return told
        return f"{told} [< {self.limit:g}] {'kept' if self.kept else 'MISSED'}"


def figures() -> list[Measured]:
    """Every figure of the journal and the outbox."""
    found = [*_synced(), *_committed(), _submitted(), _verified(), _stored()]
    return [*found, *map(_killed, ("tests.journal_kills", "tests.outbox_kills"))]


def _synced() -> list[Measured]:
    times = []
    with tempfile.TemporaryFile(dir=ROOT) as stream:
        for _ in range(500):
            stream.write(b"x" * 4096)
            stream.flush()
            begun = time.perf_counter()
            os.fdatasync(stream.fileno())
            times.append(time.perf_counter() - begun)
    return _of_times("fdatasync of 4 KiB on this disk", times)


def _committed() -> list[Measured]:
    times = []
    with tempfile.TemporaryDirectory(dir=ROOT) as name, Store(Path(name)) as store:
        for _ in range(500):
            begun = time.perf_counter()
            _sent(store, [ENTRY]).done.result()
            times.append(time.perf_counter() - begun)
    return _of_times("journal: one entry and the state, on the disk", times)


def _of_times(name: str, times: list[float]) -> list[Measured]:
    cuts = statistics.quantiles(times, n=100)
    return [Measured(f"{name}, p{p}", cuts[p - 1] * 1e3, "ms") for p in (50, 99)]


def _submitted() -> Measured:
    def run() -> float:
        with tempfile.TemporaryDirectory(dir=ROOT) as name, Store(Path(name)) as store:
            begun = time.perf_counter()
            for _ in range(ENTRIES):
                _sent(store, [ENTRY])
            return (time.perf_counter() - begun) / ENTRIES * 1e6

    value = statistics.median(run() for _ in range(RUNS))
    return Measured("journal: the cycle's share of one entry", value, "us", 1_000)


def _verified() -> Measured:
    with tempfile.TemporaryDirectory(dir=ROOT) as name:
        with Store(Path(name)) as store:
            for _ in range(20):
                _sent(store, [ENTRY] * 1_000).done.result()

        def run() -> float:
            with opened_journal(Path(name) / STORE) as log:
                begun = time.perf_counter()
                found = check((row.link for row in log.rows(1, log.last)), ())
                if found.findings or found.entries != 20_000:  # noqa: PLR2004 - as written above
                    raise SystemExit(f"the journal does not hold: {found.findings}")
                return (time.perf_counter() - begun) / found.entries * 1e6

        value = statistics.median(run() for _ in range(RUNS))
    return Measured("journal: verifying one entry", value, "us")


def _stored() -> Measured:
    """Processor time of storing 5,000 values a second, acknowledged a little later."""
    body = json.dumps({f"point_{n}_w": 100_000 + n for n in range(VALUES)}).encode()
    session = SessionId("0" * 32)
    with (
        tempfile.TemporaryDirectory(dir=ROOT) as name,
        Outbox(Path(name), WallMs(1)) as outbox,
    ):
        begun, used = time.monotonic(), time.process_time()
        for second in range(1, SECONDS + 1):
            for _ in range(DEVICES):
                outbox.put(session, body)
            outbox.acknowledge(outbox.next_sequence - 2 * DEVICES)
            time.sleep(max(0.0, begun + second - time.monotonic()))
        share = (time.process_time() - used) / (time.monotonic() - begun) * 100
    return Measured(
        "outbox: storing 5,000 values/s", share, "% of a core", 20, f" ({len(body)} bytes a record)"
    )


def _killed(module: str) -> Measured:
    with tempfile.TemporaryDirectory(dir=ROOT) as name:
        ran = subprocess.run(
            [sys.executable, "-m", module, name, str(KILLS), "7"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
    found = json.loads(ran.stdout)
    wrong = sum(value for key, value in found.items() if key not in {"kills", "entries", "records"})
    count = found.get("entries", found.get("records"))
    return Measured(
        f"{module.removeprefix('tests.')}: lost, changed or broken after {KILLS} kills",
        wrong,
        f"of {count}",
        0.5,
    )


def _sent(store: Store, entries: Sequence[Entry]) -> Submitted:
    sent = store.submit(entries, b"d" * 2_000, BootMs(1))
    while not isinstance(sent, Submitted):  # what waits for the disk is bounded
        time.sleep(0.001)
        sent = store.submit(entries, b"d" * 2_000, BootMs(1))
    return sent


def main() -> int:
    """Print every figure; 1 where one is missed."""
    found = figures()
    print(*found, sep="\n")
    return int(not all(figure.kept for figure in found))


if __name__ == "__main__":
    raise SystemExit(main())
