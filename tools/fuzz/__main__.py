"""`python -m tools.fuzz [TARGET...] [--seconds N]`: fuzz with atheris (libFuzzer).

Each target runs in a process of its own, because libFuzzer ends the process that it runs in. An
input that crashes or hangs is kept in out/fuzz, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import tools.fuzz

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.fuzz import Target

ROOT = Path(__file__).resolve().parents[2]
FOUND = ROOT / "out" / "fuzz"
_HANG_S = 5


def targets() -> Mapping[str, Target]:
    """Every target of the package's modules, by name."""
    found: dict[str, Target] = {}
    for module in pkgutil.iter_modules(tools.fuzz.__path__):
        if module.name != "__main__":
            found |= importlib.import_module(f"tools.fuzz.{module.name}").TARGETS
    return found


def main() -> int:
    """Run the targets one after another; 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="*", help="names of targets (default: all)")
    parser.add_argument("--seconds", type=int, default=20, help="time for each target")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.in_this_process:
        _fuzz(given.target[0], given.seconds)
    known = sorted(targets())
    names = given.target or known
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no such target: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    FOUND.mkdir(parents=True, exist_ok=True)
    failed = [name for name in names if not _survives(name, given.seconds)]
    print(f"{len(names) - len(failed)} of {len(names)} targets held", *failed)
    return 1 if failed else 0


def _survives(name: str, seconds: int) -> bool:
    ran = subprocess.run(
        [sys.executable, "-m", "tools.fuzz", name, "--in-this-process", "--seconds", str(seconds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    tail = [line for line in ran.stderr.splitlines() if line.strip()][-1:]
    print(f"{name}: {'held' if ran.returncode == 0 else 'FAILED'} {' '.join(tail)}")
    if ran.returncode != 0:
        print(ran.stdout[-4_000:], ran.stderr[-4_000:])
    return ran.returncode == 0


def _fuzz(name: str, seconds: int) -> None:
    """Never returns: libFuzzer ends the process."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["sekisho"]):
        target = targets()[name]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup(
            [
                "tools.fuzz",
                f"-max_total_time={seconds}",
                f"-timeout={_HANG_S}",
                f"-max_len={target.longest}",
                f"-artifact_prefix={FOUND}/{name}-",
                "-print_final_stats=0",
                "-verbosity=1",
                corpus,
            ],
            target.run,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
