"""A journal that is put away: nothing is lost, and the chain goes on."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from sekisho.shell.gate import archiving, store_file
from sekisho.shell.gate.archiving import archive
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import PUBLIC, STORE
from sekisho.shell.gate.store import Room, Store
from sekisho.terms.errors import InputError, WorldError
from tests.shell.test_journal_commands import fill, ran, state, tampered, witness

__all__ = ["ran", "state"]


def test_a_volume_and_the_journal_after_it_hold_and_nothing_is_lost(state, ran, tmp_path):
    seen = fill(state, 5)
    out = tmp_path / "volume.db"
    code, told, _ = ran("journal", "archive", state, "--out", out)
    assert code == 0
    assert "entries up to 5. The journal goes on with 6." in told
    seen += fill(state, 4, start=5)
    with Store(state) as store:
        assert store.loaded.durable == b"d"
        assert store.loaded.tip.number == 9
    where = witness(tmp_path, seen)
    key = state / PUBLIC
    for place, first, last in ((out, 1, 5), (state, 6, 9)):
        words = ["journal", "verify", place, "--public", key, "--witness", where]
        code, told, _ = ran(*words, "--format", "json")
        found = json.loads(told)
        assert (code, found["first"], found["last"]) == (0, first, last)
    _, told, _ = ran("journal", "show", state, "--format", "json")
    assert [entry["n"] for entry in json.loads(told)["entries"]] == [6, 7, 8, 9]


def test_the_state_stays_out_of_the_volume(state, tmp_path):
    fill(state, 2)
    archive(state, tmp_path / "v.db")
    with closing(sqlite3.connect(tmp_path / "v.db")) as connection:
        assert connection.execute("SELECT count(*) FROM durable").fetchone() == (0,)


def test_the_quota_is_free_again(state, tmp_path):
    fill(state, 3, text="x" * 20_000)
    with Store(state, quota=60_000) as store:
        assert store.room is Room.NONE
    archive(state, tmp_path / "v.db")
    with Store(state, quota=60_000) as store:
        assert store.room is Room.ANY


def test_a_volume_in_the_place_of_the_journal_is_refused(state, ran, tmp_path):
    fill(state, 5)
    archive(state, tmp_path / "v.db")
    fill(state, 2, start=5)
    (state / STORE).write_bytes((tmp_path / "v.db").read_bytes())
    assert ran("journal", "verify", state)[0] == 2
    with pytest.raises(WorldError):
        Store(state)


def test_a_base_that_was_changed_is_found_by_the_witness(state, ran, tmp_path):
    seen = fill(state, 5)
    archive(state, tmp_path / "v.db")
    seen += fill(state, 2, start=5)
    tampered(state, "DELETE FROM journal")
    tampered(state, "DELETE FROM checkpoint")
    tampered(state, "UPDATE base SET digest = zeroblob(32)")
    where = witness(tmp_path, seen)
    code, told, _ = ran("journal", "verify", state, "--witness", where, "--format", "json")
    assert code == 1
    assert {f["what"] for f in json.loads(told)["findings"]} == {"rechained", "cut-tail"}


def test_what_cannot_be_put_away_stays(state, ran, tmp_path, monkeypatch):
    monkeypatch.setattr(store_file, "_BUSY_S", 0.01)
    out = tmp_path / "v.db"
    with Store(state):
        pass
    with pytest.raises(InputError, match="no entries"):
        archive(state, out)
    fill(state, 3)
    out.write_bytes(b"x")
    with pytest.raises(InputError, match="exists"):
        archive(state, out)
    out.unlink()
    with opened_journal(state / STORE), pytest.raises(WorldError, match="locked"):
        archive(state, out)
    tampered(state, "UPDATE journal SET entry = x'00' WHERE n = 2")
    with pytest.raises(InputError, match="changed"):
        archive(state, out)
    assert not out.exists()
    assert ran("journal", "archive", tmp_path / "nowhere", "--out", out)[0] == 2
    with Store(state) as store:
        assert store.loaded.tip.number == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["state"]


@pytest.mark.parametrize("step", ["_volume", "_successor", "sync_names"])
def test_a_step_that_fails_leaves_the_journal_as_it_was(state, tmp_path, monkeypatch, step):
    fill(state, 3)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archiving, step, fail)
    with pytest.raises(WorldError, match="No space"):
        archive(state, tmp_path / "v.db")
    monkeypatch.undo()
    with Store(state) as store:
        assert store.loaded.tip.number == 3
        assert store.loaded.durable == b"d"
