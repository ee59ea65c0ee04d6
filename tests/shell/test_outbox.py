"""Store and forward: nothing is lost or doubled, and what had to be dropped is told."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sekisho.lab.collector import Collector
from sekisho.shell.gate import outbox as module
from sekisho.shell.gate.outbox import Outbox
from sekisho.shell.gate.state_folder import OUTBOX
from sekisho.terms.errors import WorldError
from sekisho.terms.ids import SessionId
from sekisho.terms.quantity import WallMs

NOW = WallMs(1_000_000)
SESSION = SessionId("0" * 32)
LONG_S = 20.0
ROOT = Path(__file__).resolve().parents[2]
KILLS = 100


def put(outbox, count, body=b"x"):
    return [outbox.put(SESSION, body) for _ in range(count)]


def stored(outbox, after=0, most=1_000, most_bytes=10**9):
    outbox.flush()
    while outbox._waiting:
        assert outbox.trouble is None
    return outbox.after(after, most, most_bytes).result(LONG_S)


def numbers(records):
    return [one.sequence for one in records]


def test_a_new_outbox_begins_its_numbers_at_now_and_says_that_nothing_is_before(tmp_path):
    with Outbox(tmp_path, NOW) as outbox:
        assert outbox.next_sequence == NOW + 1
        (first,) = put(outbox, 1)
        assert (first.sequence, first.gap, first.sendable) == (NOW + 1, NOW, True)
        (second,) = put(outbox, 1)
        assert (second.sequence, second.gap) == (NOW + 2, 0)
    assert stat.S_IMODE((tmp_path / OUTBOX).stat().st_mode) == 0o600


def test_records_stay_until_the_head_end_acknowledges_them(tmp_path):
    with Outbox(tmp_path, NOW) as outbox:
        put(outbox, 10)
        assert numbers(stored(outbox)) == list(range(NOW + 1, NOW + 11))
    with Outbox(tmp_path, NOW) as outbox:
        kept = stored(outbox)
        assert numbers(kept) == list(range(NOW + 1, NOW + 11))
        assert kept[0].session == SESSION
        assert kept[0].body == b"x"
        outbox.acknowledge(NOW + 4)
        put(outbox, 1)
        left = stored(outbox)
        assert numbers(left) == list(range(NOW + 5, NOW + 12))
        assert [one.gap for one in left] == [NOW + 4, 0, 0, 0, 0, 0, 0]


def test_what_waits_is_counted_through_commits_acknowledgements_and_a_restart(tmp_path):
    with Outbox(tmp_path, NOW) as outbox:
        assert outbox.waiting == 0
        put(outbox, 10)
        assert outbox.waiting == 10
        stored(outbox)
        assert outbox.waiting == 10
        outbox.acknowledge(NOW + 4)
        put(outbox, 1)
        stored(outbox)
        assert outbox.waiting == 7
    with Outbox(tmp_path, NOW) as outbox:
        assert outbox.waiting == 7


def test_what_was_dropped_does_not_wait(tmp_path):
    with Outbox(tmp_path, NOW, quota=10_000) as outbox:
        put(outbox, 30, b"x" * 1_000)
        kept = stored(outbox)
        assert outbox.dropped > 0
        assert outbox.waiting == len(kept) == 30 - outbox.dropped


def test_a_record_may_be_acknowledged_before_it_is_committed(tmp_path):
    with Outbox(tmp_path, NOW) as outbox:
        put(outbox, 3)
        outbox.acknowledge(NOW + 2)
        assert numbers(stored(outbox)) == [NOW + 3]
        outbox.acknowledge(NOW + 3)
        assert stored(outbox) == []
    with Outbox(tmp_path, NOW) as outbox:
        assert outbox.next_sequence == NOW + 4


def test_an_acknowledgement_of_what_was_never_put_is_none(tmp_path):
    with Outbox(tmp_path, NOW) as outbox:
        put(outbox, 3)
        outbox.acknowledge(2**53 - 1)
        assert len(stored(outbox)) == 3


def test_parts_are_bounded_and_hold_at_least_one_record(tmp_path):
    with Outbox(tmp_path, NOW) as outbox:
        put(outbox, 10, b"x" * 100)
        assert numbers(stored(outbox, NOW + 2, most=3)) == [NOW + 3, NOW + 4, NOW + 5]
        assert numbers(stored(outbox, NOW + 2, most_bytes=250)) == [NOW + 3, NOW + 4]
        assert numbers(stored(outbox, NOW + 2, most_bytes=1)) == [NOW + 3]


def test_the_oldest_go_when_the_quota_is_used_up_and_it_is_told(tmp_path):
    with Outbox(tmp_path, NOW, quota=10_000) as outbox:
        put(outbox, 100, b"x" * 136)
        kept = stored(outbox)
        assert len(kept) == outbox.bytes_used // 200 == 47
        assert kept[-1].sequence == NOW + 100
        assert kept[0].gap == kept[0].sequence - 1
        assert outbox.dropped == 53
    with Outbox(tmp_path, NOW, quota=10_000) as outbox:
        assert outbox.dropped == 53
        assert outbox.bytes_used == 47 * 200


def test_after_a_crash_numbers_go_on_behind_the_reserved_ones_and_the_gap_says_so(tmp_path):
    outbox = Outbox(tmp_path, NOW)
    collector = Collector()
    for one in put(outbox, 3):
        collector.take(one.sequence, one.gap)
    stored(outbox)
    lost = put(outbox, 2)  # sent live, and never committed
    for one in lost:
        collector.take(one.sequence, one.gap)
    with closing(sqlite3.connect(tmp_path / OUTBOX)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    outbox.close()
    for name in (OUTBOX, f"{OUTBOX}-wal", f"{OUTBOX}-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "copy.db").rename(tmp_path / OUTBOX)
    with Outbox(tmp_path, NOW) as again:
        (first,) = put(again, 1)
        assert first.sequence > lost[-1].sequence
        assert first.gap == first.sequence - 1 - (NOW + 3)
        assert collector.take(first.sequence, first.gap)
        assert collector.holds == first.sequence


def test_a_disk_that_fails_is_told_and_what_waits_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_RETRY_S", 0.01)
    monkeypatch.setattr(module, "MOST_WAITING", 2_000)
    outbox = Outbox(tmp_path, NOW)
    put(outbox, 1)
    stored(outbox)
    with closing(sqlite3.connect(tmp_path / OUTBOX, isolation_level=None)) as other:
        monkeypatch.setattr("sekisho.shell.gate.store_file._BUSY_S", 0.01)
        assert outbox._connection is not None
        outbox._connection.execute("PRAGMA busy_timeout = 10")
        other.execute("BEGIN IMMEDIATE")
        put(outbox, 1)
        outbox.flush()
        while outbox.trouble is None:
            pass
        put(outbox, 20, b"x" * 136)
        assert outbox.trouble == "database is locked"
        assert outbox.dropped == 11
        (last,) = put(outbox, 1, b"x" * 136)
        assert last.gap == 11
        other.execute("ROLLBACK")
    while outbox._waiting:
        pass
    (after,) = put(outbox, 1)
    assert after.gap == 12
    kept = stored(outbox)
    assert numbers(kept) == [*range(NOW + 1, NOW + 12), after.sequence]
    assert outbox.close()
    with Outbox(tmp_path, NOW) as again:
        assert again.dropped == 12


def test_closing_stores_what_waits(tmp_path):
    outbox = Outbox(tmp_path, NOW)
    put(outbox, 500)
    assert outbox.close()
    with pytest.raises(RuntimeError):
        put(outbox, 1)
    with Outbox(tmp_path, NOW) as again:
        assert len(stored(again)) == 500
        assert again.put(SESSION, b"").gap == 0


def test_another_database_is_not_touched(tmp_path):
    with closing(sqlite3.connect(tmp_path / OUTBOX)) as connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(WorldError):
        Outbox(tmp_path, NOW)
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(ValueError, match="most"), Outbox(other, NOW) as outbox:
        outbox.put(SESSION, b"x" * (module.MOST_BODY + 1))


def test_a_hundred_kills_lose_double_and_change_nothing(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.outbox_kills", str(tmp_path), str(KILLS), "1"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["records"] > KILLS
    assert found == {"kills": KILLS, "records": found["records"], "missed": 0, "changed": 0}
