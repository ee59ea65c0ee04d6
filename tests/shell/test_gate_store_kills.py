"""Whenever the gate's process is killed, its store holds what was acknowledged, whole and in order."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200


def test_two_hundred_kills_lose_and_break_nothing(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.journal_kills", str(tmp_path), str(KILLS), "1"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["entries"] > KILLS
    assert found == {"kills": KILLS, "entries": found["entries"], "lost": 0, "faults": 0}
