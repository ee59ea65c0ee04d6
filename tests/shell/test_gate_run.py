"""`sekisho gate run` as a process of its own, beside a plant and a broker on loopback."""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import pytest

from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.stage import Stage
from sekisho.shell.sealing import read_kept

pytestmark = pytest.mark.asyncio
WAIT_S = 20


async def sekisho(*words):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from sekisho.shell.cli.main import run; run()",
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SEKISHO_LANG": "en"},
    )


async def status(state):
    ran = await sekisho("gate", "status", "--state", str(state), "--format", "json")
    out, _ = await asyncio.wait_for(ran.communicate(), WAIT_S)
    found = json.loads(out)
    return ran.returncode, found["status"] or {}


async def test_a_gate_runs_until_it_is_asked_to_end_and_only_once_for_a_folder(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        words = ("gate", "run", str(stage.site_file), "--state", str(stage.state_path))
        first = await sekisho(*words)
        assert first.stderr is not None
        said = await asyncio.wait_for(first.stderr.readline(), WAIT_S)
        assert b"lab-1: the gate runs (5 devices" in said
        second = await sekisho(*words)
        _, why = await asyncio.wait_for(second.communicate(), WAIT_S)
        assert second.returncode == 2
        assert str(first.pid).encode() in why
        shown: dict[str, Any] = {}
        for _ in range(100):
            _, shown = await status(stage.state_path)
            if shown.get("pcs") and all(p["link"] == "up" for p in shown["pcs"]):
                break
            await asyncio.sleep(0.1)
        assert shown["site"] == "lab-1"
        assert all(pcs["watchdog"] == "armed" for pcs in shown["pcs"])
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), WAIT_S) == 0
        code, _ = await status(stage.state_path)
        assert code == 3
        assert stage.plant.seen("pcs-1").resets == 0


async def test_a_gate_without_certificates_says_where_each_comes_from_and_what_to_do_next(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        north = load_configuration(stage.site_file).settings.north
        for name in (north.ca, north.certificate, names.STATUS):
            (stage.state_path / name).unlink()
        state = ("--state", str(stage.state_path), "--lang", "en")
        ran = await sekisho("gate", "run", str(stage.site_file), *state)
        _, why = await asyncio.wait_for(ran.communicate(), WAIT_S)
        assert ran.returncode == 2
        lines = why.decode().splitlines()
        assert [line.count("There is no certificate yet.") for line in lines] == [1, 1]
        assert "broker's authority" in lines[0]
        assert names.NORTH_REQUEST in lines[1]
        shown = await sekisho("gate", "status", *state)
        said, _ = await asyncio.wait_for(shown.communicate(), WAIT_S)
        assert shown.returncode == 3
        assert "It has written no status yet." in said.decode()
        assert "gate check" in said.decode()


async def test_a_gate_whose_trust_is_not_the_authoritys_does_not_start(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        path = stage.state_path / names.TRUST
        form = json.loads(read_kept(open_state(stage.state_path), names.TRUST))
        form["signature"] = form["signature"][::-1]
        path.write_text(json.dumps(form))
        ran = await sekisho("gate", "run", str(stage.site_file), "--state", str(stage.state_path))
        _, why = await asyncio.wait_for(ran.communicate(), WAIT_S)
        assert ran.returncode == 2
        assert b"trust.json" in why
        assert b"Traceback" not in why
