"""A gate whose power is cut is what it was: keys, versions, bounds, sequences, latches, renewal."""

import asyncio
import hashlib
import os
import signal
import sys
from dataclasses import replace

import pytest

from sekisho.codec.asked import For
from sekisho.codec.command import Curtail, Stop
from sekisho.codec.decision import Outcome
from sekisho.lab import sample
from sekisho.shell.cli.main import main
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.recall import recalled
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.stage import Stage, now_ms
from sekisho.shell.sealing import read_kept, sealed_names, sealer_of
from sekisho.terms.quantity import Share, Watts

pytestmark = pytest.mark.asyncio
WAIT_S = 20
KILLS = 3


async def _gate(stage):
    ran = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from sekisho.shell.cli.main import run; run()",
        *("gate", "run", str(stage.site_file), "--state", str(stage.state_path)),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SEKISHO_LANG": "en"},
    )
    assert ran.stderr is not None
    said = await asyncio.wait_for(ran.stderr.readline(), WAIT_S)
    assert b"the gate runs" in said, said
    return ran


def _kept(stage):
    """Everything that a gate is by, as its disk has it."""
    folder = open_state(stage.state_path)
    memory = recalled(folder)
    assert memory is not None
    durable = memory.durable
    assert durable is not None
    return {
        "device key": sealer_of(folder).key.secret,
        "own key": own_signer(folder).kid,
        "files": {
            name: hashlib.sha256(read_kept(folder, name)).hexdigest()
            for name in (*sealed_names(folder), "north.pem", "north-ca.pem", "gate.pub")
        },
        "session": durable.session,
        "versions": (durable.trust_version, durable.bounds_version),
        "sequences": dict(durable.high_water),
        "latches": sorted(durable.latches),
        "stopped by": durable.stopped_by,
        "curtailments": [
            (c.order.envelope.id, c.order.export_max, c.lifted) for c in durable.curtailments
        ],
        "commissioned": durable.commissioned,
    }


async def _set_what_is_not_default(stage):
    """Versions above one, a used sequence, a curtailment, a latched stop, a renewal under way."""
    head_end, now = stage.head_end, now_ms()
    for order in (
        lambda envelope: Curtail(
            envelope=envelope, export_max=Watts(700_000), import_max=Watts(600_000)
        ),
        lambda envelope: Stop(envelope=envelope),
    ):
        sent = await head_end.ask(order, lasts=For(600_000), wait_s=5)
        assert sent.answer is not None
        assert sent.answer.message.decision.outcome is not Outcome.REFUSED
    await stage.stop_gate()
    limits = replace(sample.bounds(now), version=7, soc_max=Share(0.88))
    stage.authority.sign_bounds(limits, stage.folder / "bounds.json")
    state = str(stage.state_path)
    assert main(["trust", "apply", str(stage.folder / "bounds.json"), "--state", state]) == 0
    assert main(["gate", "request", str(stage.site_file), "--state", state]) == 0


async def test_what_was_set_is_there_after_kill_9_again_and_again(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await _set_what_is_not_default(stage)
        first = await _gate(stage)
        before = _kept(stage)
        for _ in range(100):  # the newer bounds are taken and committed
            if (before := _kept(stage))["versions"] == (1, 7):
                break
            await asyncio.sleep(0.1)
        assert before["versions"] == (1, 7)
        assert before["latches"] == ["remote-stop"]
        assert before["sequences"]
        assert len(before["curtailments"]) == 1
        assert before["commissioned"]
        assert {"gate.key", "north.key", "north.key.next", names.BOUNDS} <= set(before["files"])
        running = first
        for turn in range(KILLS):
            running.send_signal(signal.SIGKILL)
            await asyncio.wait_for(running.wait(), WAIT_S)
            assert _kept(stage) == before
            running = await _gate(stage)
            await asyncio.sleep(0.3 * turn)
            assert _kept(stage) == before
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), WAIT_S) == 0
        assert _kept(stage) == before
