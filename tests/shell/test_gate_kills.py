"""Wherever the gate's process is killed, no device holds what no decision on the disk allows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sekisho.evidence.chain import GENESIS
from tests.gate_kills import POINTS, WATCHED_EVERY, Ceiling, Left

pytestmark = pytest.mark.alone
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


def test_the_order_that_stands_is_the_newest_one_that_the_journal_grants(found):
    assert found["lost"] == 0


def test_where_orders_begin_again_at_the_bottom_the_plant_follows_them_down(found):
    assert found["falls"] > 1
    assert found["longest_fall"] < WATCHED_EVERY


def left(*, standing, held, latest=None, granted=0):
    """What is left after a kill, the power where the set-points are."""
    latest = standing if latest is None else latest
    return Left(GENESIS, standing, granted, latest, held, held)


@pytest.mark.parametrize("held", [100_000, 240_000, 480_000])
def test_in_a_fall_the_plant_may_only_fall(held):
    ceiling = Ceiling()
    top, new = left(standing=700_000, held=700_000), left(standing=40_000, held=144_000)
    assert not ceiling.over(top, new)
    assert ceiling.falling
    assert ceiling.over(new, left(standing=40_000, held=held)) is (held > 144_000)


def test_a_plant_above_its_order_is_no_fall_where_no_smaller_order_came():
    ceiling = Ceiling()
    gone = left(standing=0, held=90_000, latest=100_000)
    assert not ceiling.over(left(standing=100_000, held=90_000), gone)
    assert ceiling.over(gone, left(standing=0, held=90_000, latest=100_000))
