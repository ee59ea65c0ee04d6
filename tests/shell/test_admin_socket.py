"""The gate's end of the socket, on a real stage: who is let in, what it does, what it never lets through."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho.gate.admin.approval import CHANGED, MAY_NOT, TWICE, Person
from sekisho.gate.admin.messages import (
    AskApprove,
    AskDevices,
    AskDocuments,
    Asker,
    AskJournal,
    AskNote,
    AskPropose,
    AskReset,
    AskStatus,
    AskVerify,
    AskWithdraw,
    question_bytes,
    question_of,
)
from sekisho.gate.admin.notes import Note, NoteKind
from sekisho.gate.admin.roles import Role
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.gate.state import Latch
from sekisho.lab import sample
from sekisho.shell.admin.gate_end import GateAwayError, GateBusyError, GateEnd, GateNoError
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.admin_socket import HEAVY_RATE, MOST_OPEN, SHORT, AdminEnd
from sekisho.shell.gate.journal_file import opened_log
from sekisho.shell.keys import new_key
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.shell.sealing import is_sealed
from sekisho.terms.quantity import BootMs, WallMs, Watts
from tests.facts.gate import scene

pytestmark = pytest.mark.alone

MORI, TANI = (
    Asker(person=Person(name=name, role=Role.ENGINEER), source="192.0.2.7")
    for name in ("mori", "tani")
)
SECURITY = Asker(person=Person(name="kita", role=Role.SECURITY), source="192.0.2.8")
VIEWER = Asker(person=Person(name="oka", role=Role.VIEWER), source="192.0.2.9")


@asynccontextmanager
async def staged(tmp_path, uid=None):
    path = tmp_path / "admin.sock"
    end = AdminEnd(path=path, uid=os.geteuid() if uid is None else uid)
    async with Stage(tmp_path / "stage", Script(admin=end)) as stage:
        await stage.ready()
        gate = GateEnd(path)
        yield stage, gate
        await gate.close()


def signed(stage, tmp_path, bounds, authority=None):
    path = tmp_path / "new.json"
    (authority or stage.authority).sign_bounds(bounds, path)
    return path.read_bytes()


async def until(true, wait_s=15.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.05)


async def no(gate, question):
    with pytest.raises(GateNoError) as refused:
        await gate.ask(question)
    return refused.value.why


def journalled(stage):
    with opened_log(stage.state_path) as log:
        entries = [read_entry(row.entry or b"") for row in log.rows(1, log.last)]
    return [e.body for e in entries if isinstance(e, Entry) and e.kind is EntryKind.ADMIN]


@pytest.mark.asyncio
async def test_a_wider_bound_is_in_force_only_after_two_persons_and_a_narrower_after_one(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        engine = stage.running.engine
        now = engine.gate.bounds
        wider = replace(now, version=now.version + 1, export_max=Watts(now.export_max + 1_000))
        raw = signed(stage, tmp_path, wider)
        proposal = await gate.ask(AskPropose(asker=MORI, content=raw))
        assert (proposal["needed"], proposal["approvals"]) == (2, [])
        assert proposal["differences"] == [
            {
                "member": "export_max",
                "before": now.export_max,
                "after": wider.export_max,
                "raises": True,
            }
        ]
        digest = proposal["digest"]
        assert await no(gate, AskApprove(asker=VIEWER, digest=digest)) == MAY_NOT
        first = await gate.ask(AskApprove(asker=MORI, digest=digest))
        assert not first["applied"]
        assert await no(gate, AskApprove(asker=MORI, digest=digest)) == TWICE
        await asyncio.sleep(2.5)
        assert engine.gate.bounds == now
        assert (await gate.ask(AskDocuments()))["waiting"][0]["approvals"] == ["mori"]
        second = await gate.ask(AskApprove(asker=SECURITY, digest=digest))
        assert second["applied"]
        await until(lambda: engine.gate.bounds.version == wider.version)
        assert engine.gate.bounds.export_max == wider.export_max
        assert is_sealed((stage.state_path / names.BOUNDS).read_bytes())

        narrower = replace(wider, version=wider.version + 1, export_max=now.export_max)
        proposal = await gate.ask(AskPropose(asker=MORI, content=signed(stage, tmp_path, narrower)))
        assert proposal["needed"] == 1
        done = await gate.ask(AskApprove(asker=TANI, digest=proposal["digest"]))
        assert done["applied"]
        await until(lambda: engine.gate.bounds.version == narrower.version)
        await until(lambda: len(journalled(stage)) >= 7)
        told = [(entry["what"], entry["user"]) for entry in journalled(stage)]
        assert told == [
            ("admin-document-proposed", "mori"),
            ("admin-document-approved", "mori"),
            ("admin-document-approved", "kita"),
            ("admin-document-applied", "kita"),
            ("admin-document-proposed", "mori"),
            ("admin-document-approved", "tani"),
            ("admin-document-applied", "tani"),
        ]


@pytest.mark.asyncio
async def test_an_approval_is_forgotten_when_the_console_changes_what_is_in_force(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        engine = stage.running.engine
        now = engine.gate.bounds
        wider = replace(now, version=9, export_max=Watts(now.export_max + 1))
        proposal = await gate.ask(AskPropose(asker=MORI, content=signed(stage, tmp_path, wider)))
        await gate.ask(AskApprove(asker=MORI, digest=proposal["digest"]))
        console = replace(now, version=5, import_max=Watts(now.import_max - 1))
        stage.authority.sign_bounds(console, stage.state_path / names.BOUNDS)
        await until(lambda: engine.gate.bounds.version == 5)
        assert await no(gate, AskApprove(asker=TANI, digest=proposal["digest"])) == CHANGED
        assert (await gate.ask(AskDocuments()))["waiting"][0]["approvals"] == []


@pytest.mark.asyncio
async def test_what_the_authority_did_not_sign_never_waits(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        now = stage.running.engine.gate.bounds
        stranger = Authority(tmp_path / "stranger")
        forged = signed(stage, tmp_path, replace(now, version=2), stranger)
        for content in (forged, b"", b"{}", b"x" * 1_000):
            await no(gate, AskPropose(asker=MORI, content=content))
        own = signed(stage, tmp_path, replace(now, version=2))
        assert await no(gate, AskPropose(asker=VIEWER, content=own)) == MAY_NOT
        assert (await gate.ask(AskDocuments()))["waiting"] == []
        proposal = await gate.ask(AskPropose(asker=MORI, content=own))
        assert await no(gate, AskWithdraw(asker=VIEWER, digest=proposal["digest"])) == MAY_NOT
        await gate.ask(AskWithdraw(asker=MORI, digest=proposal["digest"]))
        assert (await gate.ask(AskDocuments()))["waiting"] == []


@pytest.mark.asyncio
async def test_a_trust_that_adds_a_key_takes_two_persons(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        trust = stage.running.engine.gate.trust
        key = sample.key(new_key(tmp_path / "second.key").public, now_ms())
        grown = replace(trust, version=2, issued_at=WallMs(now_ms()), keys=(*trust.keys, key))
        path = tmp_path / "trust.json"
        stage.authority.sign_trust(grown, path)
        proposal = await gate.ask(AskPropose(asker=MORI, content=path.read_bytes()))
        assert (proposal["document"], proposal["needed"]) == ("trust.json", 2)
        session = stage.running.engine.gate.durable.session
        for asker in (MORI, TANI):
            await gate.ask(AskApprove(asker=asker, digest=proposal["digest"]))
        await until(lambda: stage.running.engine.gate.trust.version == 2)
        assert stage.running.engine.gate.durable.session != session


@pytest.mark.asyncio
async def test_an_operator_resets_what_has_latched_and_the_journal_names_them(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        engine = stage.running.engine
        latched = replace(engine.gate.durable, latches=frozenset({Latch.MISMATCH}))
        engine.gate = replace(engine.gate, durable=latched)
        assert await no(gate, AskReset(asker=VIEWER)) == MAY_NOT
        assert await no(gate, AskReset(asker=SECURITY)) == MAY_NOT
        assert Latch.MISMATCH in engine.gate.durable.latches
        operator = Asker(person=Person(name="yama", role=Role.OPERATOR), source="192.0.2.7")
        assert (await gate.ask(AskReset(asker=operator)))["latches"] == []
        await until(lambda: journalled(stage))
        assert journalled(stage)[0]["user"] == "yama"


@pytest.mark.asyncio
async def test_status_devices_journal_and_its_check_are_told(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        await until(lambda: stage.running.watch is not None and stage.running.watch.latest)
        status = await gate.ask(AskStatus())
        assert status["site"] == sample.SITE
        devices: list[dict[str, str]] = []
        while {"pcs-1", "pcs-2"} - {one["device"] for one in devices}:
            await asyncio.sleep(0.3)
            devices = (await gate.ask(AskDevices()))["devices"]
        assert all(one["model"] for one in devices)
        last = await gate.ask(AskJournal(before=0, count=3))
        assert [entry["n"] for entry in last["entries"]] == sorted(
            entry["n"] for entry in last["entries"]
        )
        assert len(last["entries"]) == 3
        first = last["entries"][0]["n"]
        earlier = await gate.ask(AskJournal(before=first, count=2))
        assert [entry["n"] for entry in earlier["entries"]] == [first - 2, first - 1]
        assert set(last["entries"][0]["says"]) == {"ja", "en"}

        found = await gate.ask(AskVerify())
        assert found["running"]
        assert found["latest"] is None
        while not found["latest"]:
            await asyncio.sleep(0.3)
            found = await gate.ask(AskVerify())
        assert found["latest"]["verdict"] == "verified"


@pytest.mark.asyncio
async def test_a_note_that_is_told_twice_stands_once(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        note = Note(id="once", kind=NoteKind.SIGNED_IN, at=WallMs(1), user="mori")
        for _ in range(3):
            await gate.ask(AskNote(note))
        await gate.ask(AskNote(replace(note, id="twice")))
        await until(lambda: len(journalled(stage)) == 2)


@pytest.mark.asyncio
async def test_more_questions_than_a_gate_answers_are_told_so_and_the_cycle_goes_on(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        cycle = stage.running.cycle
        missed = cycle.missed
        busy = 0
        for _ in range(300):
            try:
                await gate.ask(AskDocuments())
            except GateBusyError:
                busy += 1
        assert busy > 200
        assert cycle.missed - missed <= 2


@pytest.mark.asyncio
async def test_a_fifth_connection_and_a_line_without_end_are_dropped(tmp_path):
    async with staged(tmp_path) as (_, gate):
        path = str(tmp_path / "admin.sock")
        ends = [await asyncio.open_unix_connection(path) for _ in range(MOST_OPEN)]
        for reader, writer in ends:
            writer.write(b"nonsense\n")
            assert b'"no"' in await reader.readline()
        reader, writer = await asyncio.open_unix_connection(path)
        assert await reader.read() == b""
        writer.close()
        for _, writer in ends:
            writer.close()
        await asyncio.sleep(0.2)
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(b"x" * 2_000_000)
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.transport.abort()
        await gate.ask(AskStatus())


@pytest.mark.asyncio
async def test_another_user_than_the_named_one_is_not_listened_to(tmp_path):
    """The kernel says who connects. As root we become nobody; else the socket is for somebody else."""
    root = os.geteuid() == 0
    async with staged(tmp_path, uid=None if root else os.geteuid() + 1) as (stage, gate):
        path = tmp_path / "admin.sock"
        assert path.stat().st_mode & 0o777 == 0o660
        if not root:
            with pytest.raises(GateAwayError):
                await gate.ask(AskStatus())
            return
        temporary = Path(tempfile.gettempdir())
        for folder in (tmp_path, *tmp_path.parents):
            if folder.is_relative_to(temporary) and folder != temporary:
                folder.chmod(0o755)
        path.chmod(0o666)
        line = question_bytes(AskReset(asker=MORI)).decode()
        code = (
            "import os, socket, sys\n"
            "os.setgid(65534); os.setuid(65534)\n"
            "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n"
            "try:\n    s.sendall(sys.argv[2].encode()); print(s.recv(100))\n"
            "except OSError:\n    print(b'')"
        )
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", code, str(path), line],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "b''"
        assert journalled(stage) == []
        assert (await gate.ask(AskStatus()))["site"]


@pytest.mark.asyncio
async def test_the_gates_other_questions_do_not_exist(tmp_path):
    async with staged(tmp_path):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "admin.sock"))
        for question in (
            {"ask": "command"},
            {"ask": "setpoint", "power": 1},
            {"ask": "status", "more": 1},
            {"ask": "approve", "digest": "0" * 64},
            {},
        ):
            writer.write(json.dumps(question).encode() + b"\n")
            assert b'"no"' in await reader.readline()
        writer.close()


@pytest.mark.asyncio
async def test_long_rubbish_is_read_beside_the_loop_and_only_as_often_as_heavy_questions(tmp_path):
    rubbish = b'{"ask":"status","x":[' + b"1," * 250_000 + b"1]}\n"
    async with staged(tmp_path) as (_stage, gate):
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "admin.sock"))
        busy, begun = 0, loop.time()
        for _ in range(40):
            writer.write(rubbish)
            await writer.drain()
            busy += b'"busy":true' in await reader.readline()
        assert busy >= 40 - HEAVY_RATE.most - HEAVY_RATE.per_second * (loop.time() - begun) - 1
        writer.close()
        assert (await gate.ask(AskStatus()))["site"]


@pytest.mark.asyncio
async def test_a_long_question_is_never_read_on_the_gates_loop(tmp_path, monkeypatch):
    threads = []

    def read(line):
        threads.append((len(line) > SHORT, threading.current_thread() is threading.main_thread()))
        return question_of(line)

    monkeypatch.setattr("sekisho.shell.gate.admin_socket.question_of", read)
    async with staged(tmp_path) as (_stage, gate):
        await gate.ask(AskDocuments())
        await no(gate, AskPropose(asker=MORI, content=b"x" * SHORT))
    assert threads == [(False, True), (True, False)]


@pytest.mark.asyncio
async def test_one_person_does_not_lift_a_curtailment_by_taking_its_key_away(tmp_path):
    async with staged(tmp_path) as (stage, gate):
        engine = stage.running.engine
        trust = engine.gate.trust
        clock = engine.clock()
        term = replace(
            scene.curtailment(0, 0).term,
            wall=WallMs(clock.wall + 1_800_000),
            boot=BootMs(clock.boot + 1_800_000),
        )
        kid = trust.keys[0].kid
        one = replace(scene.curtailment(10**9, 10**9), kid=kid, term=term, begins=clock.boot)
        limited = replace(engine.gate.durable, curtailments=(one,))
        path = tmp_path / "trust.json"
        gone = replace(trust, version=2, issued_at=WallMs(now_ms()), keys=trust.keys[1:])
        stage.authority.sign_trust(gone, path)
        ask = AskPropose(asker=MORI, content=path.read_bytes())
        assert (await gate.ask(ask))["needed"] == 1
        engine.gate = replace(engine.gate, durable=limited)
        digest = (await gate.ask(ask))["digest"]
        assert await no(gate, AskApprove(asker=MORI, digest=digest)) == CHANGED
