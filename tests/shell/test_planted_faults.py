"""Each switch of the made-up product changes the verdict of its criterion, and no other."""

import json
import subprocess
import sys

import pytest

from sekisho.lab.product.faults import BY_FAULT, Fault
from sekisho.scheme.criteria import STAR_1
from sekisho.terms.verdict import Verdict

IDS = [criterion.id for criterion in STAR_1.criteria]


@pytest.fixture(scope="module")
def found():
    command = [sys.executable, "-m", "tools.planted_faults", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    report = json.loads(done.stdout)
    sys.stdout.write(
        f"{report['detected']} of {report['planted']} planted faults detected, "
        f"{report['false_alarms']} false alarms, {report['seconds']} s\n"
    )
    return report


@pytest.mark.parametrize("criterion", IDS)
def test_the_product_without_a_fault_meets_it(found, criterion):
    assert found["without_fault"][criterion] == Verdict.MET


@pytest.mark.parametrize("criterion", IDS)
def test_a_switch_breaks_it_and_no_other(found, criterion):
    switches = [fault for fault, planted in BY_FAULT.items() if planted.breaks == criterion]
    assert switches
    assert {f: found["faults"][f]["changed"] for f in switches} == {
        f: [criterion] for f in switches
    }


def test_what_no_criterion_is_known_to_ask_changes_no_verdict(found):
    assert found["faults"][Fault.OLDER_UPDATE]["changed"] == []


def test_every_fault_is_detected_without_a_false_alarm(found):
    assert (found["detected"], found["false_alarms"]) == (found["planted"], 0)
    assert found["planted"] >= len(IDS)
