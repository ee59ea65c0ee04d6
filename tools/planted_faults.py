"""Every planted fault of the made-up product, probed and judged: what was detected, and what falsely.

    python -m tools.planted_faults [--json] [FAULT…]

Each fault is a product of its own, asked like any device; the verdicts are compared with those on the product
without a fault. Exit 1 where a fault is missed or another verdict changes, 3 where ports of other programs
are in the way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.lab.product.faults import BY_FAULT, Fault
from sekisho.lab.product.score import Sighting, counted, sighting
from sekisho.shell.lab.product.visits import judged_visit
from tools import own_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.proof.judging import Judgement
    from sekisho.terms.ids import CriterionId
    from sekisho.terms.verdict import Verdict

AT_ONCE = 3
"""Products on the desk at the same time: a visit waits most of its time, for the lock-out to end."""


async def seen(faults: Sequence[Fault], folder: Path) -> tuple[Judgement, list[Sighting]]:
    """The judgement without a fault, and what each switch changed."""
    whole = await judged_visit(folder / "none", frozenset())
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(fault: Fault) -> Sighting:
        async with turn:
            faulty = await judged_visit(folder / fault.value, frozenset({fault}))
        return sighting(fault, verdicts(whole), verdicts(faulty))

    return whole, list(await asyncio.gather(*(one(fault) for fault in faults)))


def verdicts(judgement: Judgement) -> dict[CriterionId, Verdict]:
    """The sixteen."""
    return {result.statement.id: result.verdict for result in judgement.criteria}


def report(whole: Judgement, sightings: Sequence[Sighting], took: float) -> dict[str, object]:
    """All of it, for programs."""
    breaking, detected, false = counted(sightings)
    return {
        "without_fault": verdicts(whole),
        "faults": {
            s.fault.value: {
                "breaks": BY_FAULT[s.fault].breaks,
                "changed": list(s.changed),
            }
            for s in sightings
        },
        "planted": breaking,
        "detected": detected,
        "false_alarms": false,
        "seconds": round(took, 1),
    }


def told(whole: Judgement, sightings: Sequence[Sighting], took: float) -> str:
    """All of it, for people."""
    lines = [f"{r.statement.id} without a fault: {r.verdict}" for r in whole.criteria]
    for s in sightings:
        breaks = BY_FAULT[s.fault].breaks or "-"
        changed = ", ".join(s.changed) or "none"
        word = "ok" if s.detected and not s.false_alarms else "WRONG"
        lines.append(f"{s.fault.value:28} breaks {breaks:8} changed {changed:10} {word}")
    breaking, detected, false = counted(sightings)
    lines.append(
        f"{detected} of {breaking} planted faults detected, {false} false alarms, "
        f"{len(sightings) + 1} products in {took:.0f} s"
    )
    return "\n".join(lines)


def main() -> int:
    """The tool."""
    parser = argparse.ArgumentParser(prog="python -m tools.planted_faults")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--here", action="store_true", help="in the network of the machine")
    parser.add_argument("fault", nargs="*", type=Fault)
    asked = parser.parse_args()
    if not asked.here and own_network.possible():
        arguments = [*sys.argv[1:], "--here"]
        return own_network.run("tools.planted_faults", *arguments)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        whole, sightings = asyncio.run(seen(asked.fault or tuple(Fault), Path(name)))
    took = time.monotonic() - begun
    if asked.json:
        sys.stdout.write(json.dumps(report(whole, sightings, took), indent=1) + "\n")
    else:
        sys.stdout.write(told(whole, sightings, took) + "\n")
    _, _, false = counted(sightings)
    return 0 if all(s.detected for s in sightings) and not false else 1


if __name__ == "__main__":
    sys.exit(main())
