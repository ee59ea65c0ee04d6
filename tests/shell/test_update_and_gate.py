"""What a running gate and the updater tell one another, on a whole stage; and the rehearsal of a program."""

import asyncio
import hashlib
import json
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho import __version__
from sekisho.codec.command import Product
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.gate.update.beat import OLD_MS, Beat, beat_bytes, fresh, read_beat, runs_well
from sekisho.gate.update.told import Told, told_bytes
from sekisho.lab import sample
from sekisho.shell.cli.main import main
from sekisho.shell.gate import beating
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.terms.quantity import Watts
from tests.releases import beat

TOLD = Told(number=7, old="0.0.9", new=__version__, digest="ab" * 32, why=None)


def update_entries(stage):
    with opened_journal(stage.state_path / STORE) as log:
        entries = [read_entry(row.entry) for row in log.rows(1, log.last) if row.entry]
    return [one for one in entries if isinstance(one, Entry) and one.kind is EntryKind.UPDATE]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A gate that beats, moves, is started three times, and is rehearsed while it runs."""

    async def everything():
        folder = tmp_path_factory.mktemp("beating")
        beat_file, told_file = folder / "beat.json", folder / "told.json"
        script = Script(beat=beat_file, told=told_file)
        told_file.write_bytes(told_bytes(TOLD))
        found = {}
        async with Stage(folder / "stage", script) as stage:
            await stage.ready()

            async def beats(count):
                seen: list[Beat] = []
                while len(seen) < count:
                    one = read_beat(beat_file.read_bytes())
                    if not seen or one != seen[-1]:
                        seen.append(one)
                    await asyncio.sleep(0.05)
                return seen

            found["rest"] = await beats(4)
            await stage.setpoint(Watts(200_000), Product.FRR)
            await asyncio.sleep(1.1)
            found["power"] = (await beats(2))[-1]
            state = stage.state_path
            deliverable(stage)
            before = digests(state)
            arguments = [
                "gate",
                "trial",
                str(stage.site_file),
                "--state",
                str(state),
                "--lang",
                "en",
            ]
            found["trial"] = await asyncio.to_thread(main, arguments)
            found["untouched"] = before == digests(state)
            await stage.stop_gate()
            await asyncio.sleep(0.1)
            found["after"] = read_beat(beat_file.read_bytes())
            found["first"] = update_entries(stage)
            stage.start_gate()
            await stage.ready()
            await stage.stop_gate()
            found["second"] = update_entries(stage)
            told_file.write_bytes(told_bytes(replace(TOLD, number=9, why="not-running")))
            stage.start_gate()
            await stage.ready()
            await stage.stop_gate()
            found["third"] = update_entries(stage)
            told_file.write_bytes(b'{"number": 10}')
            stage.start_gate()
            await stage.ready()
            await stage.stop_gate()
            found["fourth"] = update_entries(stage)
            found["bare"] = unreadable(stage, folder)
        return found

    return asyncio.run(everything())


def deliverable(stage):
    """The sample's key may ask a product that its battery cannot hold: a rehearsal would say so."""
    may = frozenset(one for one in sample.DISPATCH | sample.SAFETY if "capacity" not in str(one))
    key = sample.key(stage.signer.public, now_ms(), may=may)
    stage.authority.sign_trust(
        sample.trust(now_ms(), key, version=2), stage.state_path / "trust.json"
    )


def digests(state):
    kept = ("gate.key", "trust.json", "bounds.json", "gate.pub", "authority.pem")
    return {name: hashlib.sha256((state / name).read_bytes()).hexdigest() for name in kept}


def unreadable(stage, folder):
    """The exit code of a rehearsal where the durable state is nothing that this program reads."""
    copy = folder / "spoilt"
    shutil.copytree(stage.state_path, copy)
    with closing(sqlite3.connect(copy / STORE)) as base:
        tables = [
            name for (name,) in base.execute("SELECT name FROM sqlite_schema WHERE type='table'")
        ]
        assert "durable" in tables, tables
        column = [row[1] for row in base.execute("PRAGMA table_info(durable)")][-1]
        for (name,) in base.execute(
            "SELECT name FROM sqlite_schema WHERE type='trigger'"
        ).fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute(f"UPDATE durable SET {column} = ?", (b"{}",))
        base.commit()
    return main(["gate", "trial", str(stage.site_file), "--state", str(copy), "--lang", "en"])


def test_a_running_gate_beats_so_that_the_updater_sees_it_run(played):
    beats = played["rest"]
    assert runs_well(beats, __version__, 0)
    assert all(one.at_rest for one in beats)
    assert fresh(beats[-1], beats[-1].boot + OLD_MS)


def test_a_plant_that_moves_is_not_at_rest(played):
    assert not played["power"].at_rest


def test_a_gate_that_has_ended_beats_no_more(played):
    assert not fresh(played["after"], played["after"].boot + OLD_MS + 1)


def test_a_switch_is_journalled_at_the_next_start_once(played):
    (entry,) = played["first"]
    assert dict(entry.body) == {
        "old": "0.0.9",
        "new": __version__,
        "digest": "ab" * 32,
        "why": None,
        "line": 7,
    }
    assert played["second"] == played["first"]


def test_a_roll_back_is_journalled_too_and_what_cannot_be_read_is_not(played):
    assert [one.body["why"] for one in played["third"]] == [None, "not-running"]
    assert played["fourth"] == played["third"]


def test_a_rehearsal_reads_the_state_of_a_running_gate_and_touches_nothing(played):
    assert played["trial"] == 0
    assert played["untouched"]


def test_a_program_that_cannot_read_the_state_fails_its_rehearsal(played):
    assert played["bare"] == 2


@pytest.mark.parametrize(
    ("beats", "why"),
    [
        ([], "no beat"),
        ([beat(boot=1, ticks=1), beat(boot=2, ticks=2)], "too few"),
        ([beat(boot=n, ticks=5) for n in (1, 2, 3)], "the cycle stands"),
        ([beat(boot=n, ticks=n, behind_ms=2_001) for n in (1, 2, 3)], "the journal waits"),
        ([beat(boot=n, ticks=n, entries=0) for n in (1, 2, 3)], "nothing journalled"),
        ([beat(boot=n, ticks=n, program="0.9.0") for n in (1, 2, 3)], "another version"),
        ([beat(boot=n, ticks=n, started=n) for n in (1, 2, 3)], "it starts again and again"),
        ([beat(boot=-n, ticks=n) for n in (3, 2, 1)], "beats of before"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_sign_of_a_gate_that_runs_well(beats, why):
    assert not runs_well(beats, "1.0.0", 0)
    assert runs_well([beat(boot=n, ticks=n) for n in (1, 2, 3)], "1.0.0", 0)


def test_only_a_program_under_versions_has_an_updater(monkeypatch):
    assert beating.own_telling() is None
    monkeypatch.setattr(sys, "prefix", "/opt/sekisho/versions/1.2.3")
    assert beating.own_telling() == Path("/opt/sekisho/told.json")


def test_the_beat_file_is_json_that_a_script_reads(played):
    assert json.loads(beat_bytes(played["rest"][0]))["program"] == __version__
