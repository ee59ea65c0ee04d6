"""The structured log of a running gate."""

import json

import pytest

from sekisho.lab.faults import Silent
from sekisho.shell.gate.logs import Event, Look, rendered
from sekisho.shell.lab.stage import Stage
from tests.shell.test_gate_running import PCS_1, until


@pytest.mark.asyncio
async def test_what_changes_is_told_once_and_nothing_else(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        look = Look(stage.running)
        first = list(look.lines())
        assert sum(event is Event.DEVICE_UP for event, _ in first) == 5
        assert any(event is Event.NORTH_UP for event, _ in first)
        assert list(look.lines()) == []
        stage.plant.switch_on(PCS_1, Silent())
        await until(lambda: stage.running.workers[PCS_1].seen.link == "lost")
        await until(lambda: "one-pcs" in stage.running.engine.gate.run.failures)
        told = dict(list(look.lines()))
        assert told[Event.DEVICE_LOST]["device"] == "pcs-1"
        assert told[Event.RAISED]["what"] == "failure:one-pcs"


def test_a_line_is_bounded_json_in_ascii():
    line = rendered(Event.DEVICE_LOST, {"why": "\x1b[31m駄目" * 1000})
    assert line.isascii()
    assert "\x1b" not in line
    assert len(line) < 3_000
    found = json.loads(line)
    assert (found["event"], found["level"]) == ("device-lost", "warning")
