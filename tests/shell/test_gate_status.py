"""`gate status` and `gate reset` beside a running gate."""

import asyncio
import json
from dataclasses import replace

import pytest

from sekisho.gate.state import Latch
from sekisho.lab.faults import EmergencyStop
from sekisho.shell.cli.main import main
from sekisho.shell.gate.state_folder import RESET, open_state
from sekisho.shell.lab.stage import Stage


async def _shown(stage, capsys, *words):
    capsys.readouterr()
    state = ["--state", str(stage.state_path)]
    code = await asyncio.to_thread(main, ["gate", *words, *state])
    return code, capsys.readouterr().out


async def _until(true, wait_s=15.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.05)


@pytest.mark.asyncio
async def test_a_running_gate_is_seen_and_its_latch_is_reset_by_a_person_on_the_machine(
    tmp_path, capsys
):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        folder = open_state(stage.state_path)
        await _until(lambda: folder.has("status.json"))
        await _until(lambda: json.loads(folder.read("status.json"))["north"]["connected"])
        code, out = await _shown(stage, capsys, "status", "--format", "json")
        assert code == 0, out
        found = json.loads(out)
        assert found["running"]
        # Nobody acknowledges here: every record of telemetry waits.
        await _until(lambda: json.loads(folder.read("status.json"))["north"]["waiting"] > 0)
        assert [p["watchdog"] for p in found["status"]["pcs"]] == ["armed", "armed"]
        code, out = await _shown(stage, capsys, "status", "--lang", "ja")
        assert (code, "異常はありません" in out) == (0, True)

        stage.plant.switch_on("pcs-1", EmergencyStop())
        await _until(lambda: json.loads(folder.read("status.json"))["alarms"])
        code, out = await _shown(stage, capsys, "status", "--lang", "en")
        assert code == 1
        assert "alarm: local stop" in out
        stage.plant.switch_off("pcs-1")

        engine = stage.running.engine
        durable = replace(engine.gate.durable, latches=frozenset({Latch.MISMATCH}))
        engine.gate = replace(engine.gate, durable=durable)
        await _until(lambda: json.loads(folder.read("status.json"))["latches"])
        code, out = await _shown(stage, capsys, "status", "--lang", "en")
        assert code == 1
        assert "latched: meter against set-points" in out

        # A request that others could have written resets nothing, and the gate goes on.
        folder.file(RESET).write_bytes(b"{}")
        folder.file(RESET).chmod(0o666)
        watch = stage.running.watch
        assert watch is not None
        await _until(lambda: "open to others" in watch.document_trouble)
        assert engine.gate.durable.latches
        folder.file(RESET).unlink()

        code, _ = await _shown(stage, capsys, "reset")
        assert code == 0
        await _until(lambda: not engine.gate.durable.latches)
    code, out = await _shown(stage, capsys, "status", "--format", "json")
    assert (code, json.loads(out)["running"]) == (3, False)
