"""`sekisho gate surface` beside a gate that really runs: the table and the kernel say the same."""

import asyncio
import json
import os
import signal
import socket
import sys
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from sekisho.shell.lab.broker import free_port
from sekisho.shell.lab.stage import Stage
from sekisho.shell.surface.sockets import sockets_of
from tests.admin_process import AdminProcess

WAIT_S = 30
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "schemas/gate-surface.schema.json").read_text()
)


async def sekisho(*words, program=""):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"{program}\nfrom sekisho.shell.cli.main import run; run()",
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SEKISHO_LANG": "en"},
    )


async def asked(stage, *more):
    words = ("gate", "surface", str(stage.site_file), "--state", str(stage.state_path))
    ran = await sekisho(*words, "--format", "json", *more)
    out, why = await asyncio.wait_for(ran.communicate(), WAIT_S)
    assert ran.returncode in {0, 1}, why
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    return ran.returncode, found


async def when_up(stage, *more):
    """The answer once every row of the table is open."""
    code, found = 2, {}
    for _ in range(60):
        code, found = await asked(stage, *more)
        if all(port["open"] for port in found["ports"]):
            return code, found
        await asyncio.sleep(0.2)
    raise AssertionError(found)


def with_metrics(stage):
    port = free_port()
    text = stage.site_file.read_text(encoding="utf-8")
    assert "[gate]\n" in text
    stage.site_file.write_text(text.replace("[gate]\n", f"[gate]\nmetrics_port = {port}\n"))
    return port


PLANTED = "import socket; planted = socket.create_server(('127.0.0.1', 0)); planted.listen()"


@pytest.mark.asyncio
@pytest.mark.parametrize("planted", ["", PLANTED])
async def test_a_running_gate_has_open_what_its_table_names_and_nothing_else(tmp_path, planted):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        port = with_metrics(stage)
        words = ("gate", "run", str(stage.site_file), "--state", str(stage.state_path))
        gate = await sekisho(*words, program=planted)
        assert gate.stderr is not None
        assert b"the gate runs" in await asyncio.wait_for(gate.stderr.readline(), WAIT_S)
        code, found = await when_up(stage)
        listening = [p for p in found["ports"] if p["direction"] == "listens"]
        assert [(p["address"], p["port"]) for p in listening] == [("127.0.0.1", port)]
        assert sum(p["route"] == "modbus-tcp" for p in found["ports"]) == 5
        if planted:
            assert code == 1
            assert [s["stance"] for s in found["unexpected"]] == ["listens"]
        else:
            assert (code, found["unexpected"]) == (0, [])
        gate.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(gate.wait(), WAIT_S) == 0
        ended = await sekisho(
            "gate", "surface", str(stage.site_file), "--state", str(stage.state_path)
        )
        _, why = await asyncio.wait_for(ended.communicate(), WAIT_S)
        assert ended.returncode == 2
        assert b"The gate is not running" in why


def _signed_in(admin):
    with closing(admin.first_user()) as client:
        assert client.get("/").status_code == 200


@pytest.mark.asyncio
async def test_the_pages_have_open_what_the_table_names_and_nothing_else(tmp_path):
    meets = tmp_path / "admin.sock"
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        words = ("gate", "run", str(stage.site_file), "--state", str(stage.state_path))
        gate = await sekisho(*words, "--admin", str(meets))
        assert gate.stderr is not None
        await asyncio.wait_for(gate.stderr.readline(), WAIT_S)
        admin = AdminProcess(tmp_path / "admin", meets)
        await asyncio.to_thread(admin.start)
        try:
            listen = admin.address.removeprefix("https://").rstrip("/")
            more = ("--admin", str(meets), "--admin-state", str(tmp_path / "admin"))
            await asyncio.to_thread(_signed_in, admin)
            code, found = await when_up(stage, *more, "--listen", listen)
            assert (code, found["unexpected"]) == (0, [])
            assert {p["route"] for p in found["ports"]} >= {"admin-socket", "admin-pages"}
            code, found = await asked(stage, *more)
            assert code == 1
            assert listen in {s["address"] for s in found["unexpected"]}
        finally:
            await asyncio.to_thread(admin.stop)
        gate.send_signal(signal.SIGTERM)
        await asyncio.wait_for(gate.wait(), WAIT_S)


def test_sockets_of_every_kind_are_seen():
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp.bind(("127.0.0.1", 0))
        found = {(s.carrier, s.place, s.number) for s in sockets_of(os.getpid())}
        assert ("tcp", *tcp.getsockname()) in found
        assert ("udp", *udp.getsockname()) in found
