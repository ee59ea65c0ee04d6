"""`make bench`: measured figures with their limits; exit 1 where one is missed.

Without a word: the desk, then every part of the gate. With words only those parts: `desk`, `gate-a`
(command to set-point, beside a bare forwarder), `gate-b` (guard), `gate-c` (polling), `gate-d`
(cycle), `gate-e` (store), `gate-f` (hours), `gate-kills`, `admin` (the pages beside the cycle), `probe`
(one device, asked everything).

`BENCH_ROUNDS` (5) says of how many runs the gate's figures are medians, `BENCH_MINUTES` (1) how long a
run of the cycle lasts; with 10 there is one run.

Processor time of one core, so that other work on the machine does not count; whole processes where
a person waits for a whole process. Correctness first: the fleet is cross-checked with the naive
daily loop on a sample before its time is printed.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.desk.assess import find, look
from sekisho.desk.counting import contribution, site_verdict
from sekisho.desk.portfolio.survey import Surveyor
from sekisho.desk.portfolio.table import read_portfolio
from sekisho.shell.cli.composition import prepare_desk
from sekisho.shell.tabular import read_book
from sekisho.terms.dates import ONE_DAY
from sekisho.terms.verdict import worst
from tools import bench_gate, measure_register
from tools.bench_fleet import SEED, write_files, write_fleet, write_labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.desk.assess import Desk
    from sekisho.site.model import Site
    from sekisho.terms.verdict import Verdict

DAY = "2026-11-22"
DESK = "desk"
SITES = 10_000
SAMPLE = 12
"""Sites of the cross-check; the naive loop asks each of them on 3,652 days."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and its limit."""

    name: str
    seconds: float
    limit: float
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        return self.seconds < self.limit


def main() -> int:
    """Measure what was asked, or everything, and print it."""
    parts = sys.argv[1:] or [DESK, *bench_gate.PARTS]
    if unknown := [part for part in parts if part not in {DESK, *bench_gate.PARTS}]:
        print(f"no such part: {', '.join(unknown)}", file=sys.stderr)
        return 2
    missed = _desk() if DESK in parts else 0
    if gate := [part for part in parts if part != DESK]:
        missed += bench_gate.run(gate)
    print(f"{missed} missed")
    return 1 if missed else 0


def _desk() -> int:
    """How many limits of the desk are missed."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        return _measured()
    finally:
        os.sched_setaffinity(0, cores)


def _measured() -> int:
    print(f"Python {sys.version.split()[0]}, one core; seed {SEED}; limits in brackets")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        figures += _fleet(Path(name))
    figures.append(_assess())
    figures.append(
        Figure("match 10,000 devices x 5,000 models", _median(measure_register.matching), 0.5)
    )
    figures.append(
        Figure(
            "import 50,000 Excel rows beside an earlier list", measure_register.large_import(), 3
        )
    )
    for figure in figures:
        mark = "kept" if figure.kept else "MISSED"
        print(f"{figure.name}: {figure.seconds:.2f} s [< {figure.limit:g} s] {mark}{figure.note}")
    missed = sum(not f.kept for f in figures)
    print(f"{len(figures) - missed} passed, {missed} failed")
    return missed


def _fleet(folder: Path) -> list[Figure]:
    labels, table, files = folder / "labels.csv", folder / "fleet.csv", folder / "sites"
    files.mkdir()
    write_labels(labels)
    write_fleet(table, SITES)
    write_files(table, files)
    print(_cross_check(labels, table))
    words = ["--known-at", DAY, "--register", str(labels), "--format", "json", "--out"]
    told = f" ({SITES:,} sites, 5 devices each, 17 rules, 10 years)"
    figures = []
    for name, source, limit in (
        ("portfolio from one CSV", table, 10.0),
        ("portfolio from TOML files", files, 20.0),
    ):
        seconds, peak = _run(["portfolio", str(source), *words, str(folder / "out.json")])
        figures.append(Figure(name, seconds, limit, f"{told}, peak {peak:.0f} MiB [< 1024 MiB]"))
        if peak >= 1024:  # noqa: PLR2004 - one GiB, as the note says
            figures.append(Figure(f"{name}: memory", peak, 1024))
    return figures


def _assess() -> Figure:
    words = ["assess", str(ROOT / "examples/overseas-pcs"), "--known-at", DAY]
    words += ["--register", str(ROOT / "examples/made-up-list.csv")]
    _run(words)  # as on any machine from the second run on: bytecode is there
    seconds = statistics.median(_run(words)[0] for _ in range(5))
    bare = statistics.median(_bare() for _ in range(5))
    return Figure(
        "one assess, whole process, median of 5", seconds, 0.5,
        f" ({seconds / bare:.0f} x an empty Python process)",
    )  # fmt: skip


def _run(words: list[str]) -> tuple[float, float]:
    """Processor seconds and peak memory in MiB of one `sekisho` process."""
    program = (
        "import resource,sys\n"
        "from sekisho.shell.cli.main import main\n"
        f"code = main({words!r})\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)\n"
        "sys.exit(code == 2)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
    )
    seconds, peak = done.stderr.split()[-2:]
    return float(seconds), float(peak)


def _bare() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cross_check(labels: Path, table: Path) -> str:
    """Compare a sample with the naive daily loop; a difference ends the run."""
    desk = prepare_desk(as_of=DAY, known_at=DAY, register=labels, accept_stale=False, strict=False)
    first = date.fromisoformat(DAY)
    surveyor = Surveyor(desk, first)
    sites = read_portfolio(read_book(table))
    rng = random.Random(SEED)  # noqa: S311 - data, not secrets
    days = 0
    for site in rng.sample(sites, SAMPLE):
        changes = dict(surveyor.line(site).changes)
        expected: Verdict | None = None
        day = first
        while day < first.replace(year=first.year + 10):
            expected = changes.get(day, expected)
            if _naive(desk, site, day) is not expected:
                raise SystemExit(f"{site.id} differs from the naive loop on {day}")
            day += ONE_DAY
            days += 1
    return f"cross-check: {SAMPLE} sites, {days:,} days asked one by one, no difference"


def _naive(desk: Desk, site: Site, day: date) -> Verdict:
    looked = look(desk, site, day)
    return site_verdict(
        contribution(
            plan.statement.kind,
            plan.status,
            plan.statement.force,
            worst(find(desk, looked, plan, ask, day).verdict for ask in plan.asks),
            strict=False,
        )
        for plan in looked.plans
    )


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(3))


if __name__ == "__main__":
    sys.exit(main())
