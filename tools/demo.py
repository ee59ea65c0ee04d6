"""`make demo`: assess every sample project, as a newcomer would see it.

The samples with invented makers are judged against the invented list beside them; the sample of
real products against the excerpts that ship. The day is fixed, so that the demonstration shows the
same on every day; each command is printed so that it can be typed.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from sekisho.shell.cli.main import main as sekisho
from sekisho.terms.verdict import ExitCode

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-22"
"""The day the samples were written for."""

REAL = "real-products"
"""The one sample whose products exist."""

SAMPLES = (
    "all-labelled",
    REAL,
    "overseas-pcs",
    "serial-pcs-earlier-call",
    "serial-pcs-september-call",
    "auction-bms",
    "low-voltage-september",
    "low-voltage-october",
    "replacement",
    "wind",
    "label-ends-early",
    "demo-site",
)


def command(sample: str) -> list[str]:
    """The command line that assesses one sample."""
    words = ["assess", f"examples/{sample}/site.toml", "--known-at", DAY]
    if sample != REAL:
        words += ["--register", "examples/made-up-list.csv"]
    return words


def pictures() -> list[list[str]]:
    """The command lines that write what people would rather look at than read."""
    common = ["--known-at", DAY, "--register", "examples/made-up-list.csv"]
    return [
        ["report", "examples/overseas-pcs", *common, "--format", "html", "--out", "out/demo"],
        ["report", "examples/overseas-pcs", *common, "--format", "pdf", "--out", "out/demo"],
        ["site", "draw", "examples/overseas-pcs", *common, "--out", "out/demo/diagram.svg"],
        ["timeline", "examples/label-ends-early", *common, "--out", "out/demo/timeline.html"],
        ["pack", "examples/auction-bms", *common, "--out", "out/demo/pack.zip"],
    ]


def main() -> int:
    """Assess every sample; fails only where a sample cannot be judged at all."""
    codes = []
    for sample in SAMPLES:
        words = command(sample)
        print(f"\n$ sekisho {shlex.join(words)}", flush=True)
        codes.append(sekisho(words))
        print(f"(exit code {codes[-1]})", flush=True)
    print("\nReports and pictures to look at:")
    for words in pictures():
        print(f"\n$ sekisho {shlex.join(words)}", flush=True)
        codes.append(sekisho(words))
    return 1 if ExitCode.USAGE in codes else 0


if __name__ == "__main__":
    sys.exit(main())
