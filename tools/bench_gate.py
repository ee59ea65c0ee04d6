"""The parts of `make bench` that measure the gate: `python -m tools.bench gate-b gate-d …`.

Each figure is printed with its bar, kept or missed. Processor time of our own process where that is
what is asked; the jitter of the cycle is real time, so other work on the machine shows in it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tools import (
    bench_admin,
    bench_gate_hours,
    bench_gate_south,
    bench_gate_store,
    bench_gate_way,
    bench_guard,
    bench_modbus,
    bench_probe,
)
from tools.bench_gate_figure import Found, disk, medians

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parent.parent
KILLS = 1_000
_WHOLE = 10
"""Minutes of the cycle that need no repetition."""


def way() -> list[Found]:
    """The way of a command, beside a bare forwarder; its rounds are interleaved in one run."""
    return bench_gate_way.figures(rounds())


def guard() -> list[Found]:
    """Decisions a second; medians of five."""
    return [
        Found(what=f"b: {rate.name}", value=rate.per_second, unit=" /s", least=rate.least or None)
        for rate in bench_guard.figures()
    ]


def rounds() -> int:
    """How often a part is run anew, of which the median is told: `BENCH_ROUNDS`, 5 unless told."""
    return max(1, int(os.environ.get("BENCH_ROUNDS", "5")))


def polling() -> list[Found]:
    """Polls against bare pymodbus (medians of five), and the workers of a running gate."""
    return bench_modbus.figures() + medians(bench_gate_south.polling, rounds())


def cycling() -> list[Found]:
    """Punctuality; `BENCH_MINUTES` says for how long each round lasts, 1 unless told.

    From ten minutes on, which is what is asked, one round is enough.
    """
    minutes = float(os.environ.get("BENCH_MINUTES", "1"))
    return medians(
        lambda: bench_gate_south.cycling(60 * minutes), 1 if minutes >= _WHOLE else rounds()
    )


def storing() -> list[Found]:
    """Stored and forwarded."""
    return medians(bench_gate_store.figures, rounds())


def hours() -> list[Found]:
    """Simulated hours."""
    return medians(bench_gate_hours.figures, rounds())


def kills(rounds: int = KILLS) -> list[Found]:
    """Processes that write the journal and the outbox, and whole gates, killed so many times each."""
    found = []
    for module, wrong in (
        ("tests.journal_kills", ("lost", "faults")),
        ("tests.outbox_kills", ("missed", "changed")),
        ("tests.gate_kills", ("beyond", "lost", "late")),
    ):
        with TemporaryDirectory() as folder:
            ran = subprocess.run(
                [sys.executable, "-m", module, folder, str(rounds), "1"],
                cwd=ROOT,
                check=False,
                capture_output=True,
                text=True,
            )
        told = json.loads(ran.stdout) if ran.returncode == 0 else {}
        bad = sum(told[word] for word in wrong) if told else float("nan")
        note = f" after {told.get('kills', 0):,} kills{ran.stderr[-300:]}"
        found.append(Found(what=f"{module}: {' or '.join(wrong)}", value=bad, most=0, note=note))
    return found


def admin() -> list[Found]:
    """The gate's own pages beside its cycle."""
    return medians(bench_admin.figures, rounds())


def probing() -> list[Found]:
    """A whole probe of one device of the laboratory."""
    return medians(bench_probe.figures, rounds())


PARTS: Mapping[str, Callable[[], list[Found]]] = {
    "gate-a": way,
    "gate-b": guard,
    "gate-c": polling,
    "gate-d": cycling,
    "gate-e": storing,
    "gate-f": hours,
    "gate-kills": kills,
    "admin": admin,
    "probe": probing,
}


def run(names: list[str]) -> int:
    """Measures these parts and prints them; how many bars were missed."""
    with TemporaryDirectory() as folder:
        print(*disk(Path(folder)), sep="\n")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}: beside other work judge ratios, not jitter")
    missed = 0
    for name in names:
        os.sync()  # what the part before left to be written would hold up this one's commits
        found = PARTS[name]()
        print(*found, sep="\n", flush=True)
        missed += sum(not one.kept for one in found if one.judged)
    return missed
