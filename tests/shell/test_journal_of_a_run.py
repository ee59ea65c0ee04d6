"""A run of the gate leaves a journal that is signed to its end and speaks plainly."""

from __future__ import annotations

import json
import re

import pytest

from sekisho.codec.command import Product
from sekisho.shell.cli.main import main
from sekisho.shell.lab.stage import Stage
from sekisho.terms.quantity import Watts

pytestmark = pytest.mark.asyncio


async def test_a_run_is_signed_to_its_end_and_its_journal_tells_what_happened(tmp_path, capsys):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        sent = await stage.setpoint(Watts(100_000), Product.JEPX_SPOT)
        assert sent.answer is not None
        await stage.stop_gate()
        stage.start_gate()
        await stage.ready()
    state = str(tmp_path / "stage" / "state")
    assert main(["journal", "verify", state, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["signed_to"] == found["last"] > 0
    assert main(["journal", "show", state, "--format", "json", "--last", "10000"]) == 0
    entries = json.loads(capsys.readouterr().out)["entries"]
    kinds = [entry["entry"]["kind"] for entry in entries]
    assert kinds.count("start") == kinds.count("end") == 2
    assert kinds[-1] == "end"
    answered = [entry for entry in entries if entry["n"] == sent.answer.message.journal]
    assert [entry["entry"]["kind"] for entry in answered] == ["decision"]
    assert "was accepted" in answered[0]["says"]["en"]
    assert all("—" not in entry["says"]["en"] for entry in entries)
    machines = [e["says"]["ja"] for e in entries if re.search(r"[(、][a-z_]+: ", e["says"]["ja"])]
    assert machines == [], "every member has a name of its own in the reader's language"
