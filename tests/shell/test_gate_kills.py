"""Wherever the gate's process is killed, no device holds what no decision on the disk allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gate_kills import POINTS

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("SEKISHO_GATE_KILLS", "40"))
"""Of the whole gate, at named points; each costs half a second."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What was left after all of them."""
    folder = tmp_path_factory.mktemp("kills") / "stage"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.gate_kills", str(folder), str(KILLS), "1"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60 + 5 * KILLS,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_no_device_holds_a_set_point_whose_decision_is_not_in_the_journal(found):
    assert found["cases"] == []
    assert found["beyond"] == 0


def test_without_the_gate_every_set_point_is_zero_within_the_watchdog(found):
    assert found["watched"] > 0
    assert found["late"] == 0


def test_it_was_killed_before_and_after_write_fsync_and_wire_and_while_power_rose(found):
    assert found["kills"] == KILLS
    assert set(map(str, POINTS)) <= found["points"].keys()
    assert found["raised"] >= KILLS // 8


def test_where_orders_begin_again_at_the_bottom_the_plant_follows_them_down(found):
    assert found["falls"] > 0
    assert found["longest_fall"] < 20
