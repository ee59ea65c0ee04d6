"""A full probe of one device in lab mode: every port, every cipher suite, every function, from new to emptied.

The made-up product runs in the same process, in a network of its own, so its work is in the figure too.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sekisho.evidence.observation_paper import NotDone
from sekisho.shell.lab.product.visits import visited
from tools import own_network
from tools.bench_gate_figure import Found

MOST_S = 60.0


def figures() -> list[Found]:
    """Seconds of one visit, what it left undone, and how many connections it made."""
    command = own_network.command("tools.bench_probe")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    none = float("nan")
    return [
        Found(what="probe: one device", value=told.get("seconds", none), unit=" s", most=MOST_S),
        Found(what="probe: questions left", value=told.get("left", none), most=0),
        Found(what="probe: connections", value=told.get("connections", none)),
    ]


def main() -> None:
    """One visit, told as JSON."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(visited(Path(name) / "product", frozenset()))
    left = [r for r in found.bundle.records if isinstance(r.observed, NotDone)]
    seconds = round(time.monotonic() - begun, 1)
    told = {"seconds": seconds, "left": len(left), "connections": found.connections}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
