"""The gate's store: what is acknowledged is on disk, and a disk that fails stops nothing."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace

import pytest
from typing_extensions import override

from sekisho.evidence.chain import GENESIS, Tip, chained, check
from sekisho.evidence.checkpoint import Checkpoint
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.shell.gate import store as module
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store import Loaded, Point, Room, Store, Submitted
from sekisho.shell.gate.store_commit import Batch, at_once, prepared
from sekisho.shell.gate.store_file import opened_for_writing, tip_of
from sekisho.terms.errors import WorldError
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import BootMs, WallMs

NOW = BootMs(5_000)
LONG_S = 20.0


def entry(kind=EntryKind.SETPOINT, *, behind=False, **body):
    return Entry(kind=kind, wall=WallMs(1), boot=NOW, body=body, behind=behind)


def sent(store, *entries, durable=None, at=NOW):
    answer = store.submit(entries, durable, at)
    assert isinstance(answer, Submitted), answer
    return answer


def stored(folder):
    with opened_journal(folder / STORE) as log:
        return [read_entry(row.entry or b"") for row in log.rows(1, log.last)]


def checkpoints(folder):
    with opened_journal(folder / STORE) as log:
        return log.tokens


class Held(Store):
    """A store whose commits wait until they are let through."""

    def __init__(self, folder, **options):
        self.begun, self.through = threading.Semaphore(0), threading.Semaphore(0)
        super().__init__(folder, **options)

    @override
    def _reached(self, point):
        if point is Point.BEGUN:
            self.begun.release()
            assert self.through.acquire(timeout=LONG_S)


class Failing(Store):
    """A store whose disk fails at a point as long as it should."""

    def __init__(self, folder, at):
        self.failures, self._point = 0, at
        self.fails = True
        super().__init__(folder)

    @override
    def _reached(self, point):
        if self.fails and point is self._point:
            self.failures += 1
            raise OSError(5, "Input/output error")


def test_a_new_store_is_empty_and_private(tmp_path):
    with Store(tmp_path) as store:
        assert store.loaded.durable is None
        assert store.loaded.tip == GENESIS
        assert store.next_number == 1
        assert store.room is Room.ANY
    assert stat.S_IMODE((tmp_path / STORE).stat().st_mode) == 0o600


def test_what_was_acknowledged_is_there_after_reopening(tmp_path):
    first, second = entry(power=1), entry(EntryKind.ALARM, what="disk", behind=True)
    with Store(tmp_path) as store:
        one = sent(store, first, durable=b"1")
        two = sent(store, second, second, durable=b"2")
        assert (one.first, one.last, two.first, two.last) == (1, 1, 2, 3)
        assert two.done.result(LONG_S) == 3
        tip = store.committed
        assert tip.number == 3
    with Store(tmp_path) as store:
        assert store.loaded.durable == b"2"
        assert store.loaded.tip == tip
        assert sent(store, first).done.result(LONG_S) == 4
        assert store.loaded.durable == b"2"
    assert stored(tmp_path) == [first, second, second, first]
    with opened_journal(tmp_path / STORE) as log:
        found = check((row.link for row in log.rows(1, log.last)), ())
    assert found.findings == ()
    assert found.entries == 4


def test_closing_writes_what_waits(tmp_path):
    store = Store(tmp_path)
    for n in range(500):
        sent(store, entry(n=n), durable=str(n).encode())
    assert store.close()
    assert len(stored(tmp_path)) == 500
    with pytest.raises(RuntimeError):
        store.submit([entry()], None, NOW)


def test_the_durable_state_may_change_without_an_entry(tmp_path):
    with Store(tmp_path) as store:
        answer = sent(store, durable=b"state")
        assert (answer.first, answer.last) == (1, 0)
        answer.done.result(LONG_S)
    with Store(tmp_path) as store:
        assert store.loaded.durable == b"state"


def test_submissions_during_a_commit_are_gathered_for_the_next(tmp_path):
    store = Held(tmp_path)
    first = sent(store, entry(n=0), durable=b"0")
    assert store.begun.acquire(timeout=LONG_S)
    waiting = [sent(store, entry(n=n), durable=str(n).encode()) for n in range(1, 8)]
    assert store.committed == GENESIS
    store.through.release()
    first.done.result(LONG_S)
    assert store.begun.acquire(timeout=LONG_S)
    store.through.release()
    assert [one.done.result(LONG_S) for one in waiting] == list(range(2, 9))
    assert not store.begun.acquire(blocking=False)  # two commits for eight submissions
    store.through.release()
    assert store.close()


def test_how_long_the_oldest_submission_waits_is_known_without_waiting(tmp_path):
    store = Held(tmp_path)
    assert store.uncommitted_ms(NOW) == 0
    sent(store, entry(), at=BootMs(NOW - 700))
    sent(store, entry(), at=BootMs(NOW - 100))
    assert store.uncommitted_ms(NOW) == 700
    store.through.release(2)
    assert store.close()
    assert store.uncommitted_ms(NOW) == 0


@pytest.mark.parametrize("point", [Point.BEGUN, Point.WRITTEN, Point.COMMITTED])
def test_a_disk_that_fails_is_told_and_nothing_is_lost_or_doubled(tmp_path, monkeypatch, point):
    monkeypatch.setattr(module, "_RETRY_S", 0.01)
    store = Failing(tmp_path, point)
    waiting = [sent(store, entry(n=n), durable=str(n).encode()) for n in range(3)]
    while store.failures < 3:
        sent(store, entry(n=9), durable=b"9")
        time.sleep(0.001)  # what waits is bounded; a spinning test would fill it
    assert store.trouble == "[Errno 5] Input/output error"
    assert store.uncommitted_ms(BootMs(NOW + 3_000)) == 3_000
    last = sent(store, entry(n=10), durable=b"10")
    store.fails = False
    assert last.done.result(LONG_S) == last.last
    assert [one.done.result(LONG_S) for one in waiting] == [1, 2, 3]
    assert store.trouble is None
    assert store.close()
    assert len(stored(tmp_path)) == last.last
    with Store(tmp_path) as again:
        assert again.loaded.durable == b"10"


def test_a_store_that_cannot_write_to_the_end_says_so(tmp_path):
    store = Failing(tmp_path, Point.WRITTEN)
    answer = sent(store, entry())
    assert not store.close(timeout_s=0.2)
    with pytest.raises(TimeoutError, match="Input/output"):
        answer.done.result(0)
    with Store(tmp_path) as again:
        assert again.loaded.tip == GENESIS


FULL = """
import resource, signal, sys, time
from pathlib import Path
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.shell.gate import store as module
module._RETRY_S = 0.01
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = module.Store(Path(sys.argv[1]))
store.submit((), b"0", 0).done.result(20)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
waiting = []
while store.trouble is None:
    entry = Entry(kind=EntryKind.SETPOINT, wall=1, boot=1, body={"text": "x" * 2000})
    waiting.append(store.submit([entry], str(len(waiting) + 1).encode(), 0))
    time.sleep(0.001)
assert not waiting[-1].done.done()
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert [one.done.result(20) for one in waiting] == list(range(1, len(waiting) + 1))
assert store.close()
print(len(waiting))
"""


def test_a_full_disk_is_survived_once_there_is_space_again(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert len(stored(tmp_path)) == int(ran.stdout) > 1
    with Store(tmp_path) as store:
        assert store.loaded.durable == ran.stdout.strip().encode()


def test_the_last_tenth_of_the_quota_is_for_safety(tmp_path):
    store = Store(tmp_path, quota=400_000)
    text = "x" * 1_000
    while isinstance(answer := store.submit([entry(text=text)], b"d", NOW), Submitted):
        answer.done.result(LONG_S)
    assert answer is Room.SAFETY
    assert store.room is Room.SAFETY
    number = store.next_number
    assert store.submit([entry(EntryKind.ALARM), entry()], None, NOW) is Room.SAFETY
    assert store.next_number == number
    assert store.submit([entry(text=text, behind=True)], None, NOW) is Room.SAFETY
    sent(store, entry(EntryKind.DECISION, text=text, behind=True))
    while isinstance(
        answer := store.submit([entry(EntryKind.ALARM, what=text)], None, NOW), Submitted
    ):
        answer.done.result(LONG_S)
    assert answer is Room.NONE
    sent(store, durable=b"still kept").done.result(LONG_S)
    assert store.close()
    assert (tmp_path / STORE).stat().st_size <= 410_000
    with Store(tmp_path, quota=400_000) as again:
        assert again.room is Room.NONE
        assert again.loaded.durable == b"still kept"


def test_what_waits_for_the_disk_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 5_000)
    store = Held(tmp_path)
    while isinstance(answer := store.submit([entry(text="x" * 500)], None, NOW), Submitted):
        assert store.next_number < 100
    assert answer is Room.NONE
    assert store.submit((), b"d" * 500, NOW) is Room.NONE
    store.through.release(100)
    assert store.close()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WorldError):
        Store(tmp_path / "nowhere")


def test_a_file_of_another_program_is_not_touched(tmp_path):
    with closing(sqlite3.connect(tmp_path / STORE)) as connection:
        connection.execute("CREATE TABLE other (x)")
    with pytest.raises(WorldError):
        Store(tmp_path)
    with pytest.raises(WorldError), opened_journal(tmp_path / STORE):
        pass
    (tmp_path / STORE).write_bytes(b"no database at all" * 100)
    with pytest.raises(WorldError):
        Store(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET entry = x'00' WHERE n = 1",
        "DELETE FROM journal WHERE n = 2",
        "INSERT INTO journal VALUES (9, x'00', x'00')",
        "UPDATE base SET n = 5",
        "DELETE FROM base",
    ],
)
def test_the_database_itself_refuses_changes_of_the_past(tmp_path, statement):
    with Store(tmp_path) as store:
        sent(store, entry(), entry()).done.result(LONG_S)
    with (
        closing(sqlite3.connect(tmp_path / STORE)) as connection,
        pytest.raises(sqlite3.IntegrityError),
    ):
        connection.execute(statement)


def test_a_journal_changed_under_the_running_gate_is_not_written_to(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_RETRY_S", 0.01)
    with Store(tmp_path) as store:
        sent(store, entry()).done.result(LONG_S)
        with closing(sqlite3.connect(tmp_path / STORE, isolation_level=None)) as connection:
            connection.execute("INSERT INTO journal VALUES (2, x'00', x'00')")
        answer = sent(store, entry())
        while store.trouble is None:
            pass
        assert "not the one that was written" in store.trouble
        assert not answer.done.done()
        store.close(timeout_s=0.05)


def test_the_last_checkpoint_of_each_hour_is_kept(tmp_path):
    hour = 3_600_000
    with Store(tmp_path) as store:
        for count, wall in (
            (1, 0),
            (1, 60_000),
            (2, hour - 1),
            (3, hour),
            (3, hour + 1),
            (4, 3 * hour),
        ):
            token = f"{count} at {wall}".encode()
            store.keep_checkpoint(
                Checkpoint(site=SiteId("s"), count=count, head=b"", wall=WallMs(wall), token=token)
            )
            sent(store).done.result(LONG_S)
    assert checkpoints(tmp_path) == (
        b"2 at 3599999",
        b"3 at 3600001",
        b"4 at 10800000",
    )


def test_the_journal_is_read_while_the_gate_writes(tmp_path):
    with Store(tmp_path) as store:
        sent(store, entry(n=1)).done.result(LONG_S)
        with opened_journal(tmp_path / STORE) as log:
            sent(store, entry(n=2)).done.result(LONG_S)
            assert log.last == 1
            assert [row.number for row in log.rows(1, log.last)] == [1]
        assert len(stored(tmp_path)) == 2


def test_every_commit_is_asked_onto_the_disk(tmp_path):
    with Store(tmp_path) as store:
        sent(store).done.result(LONG_S)
        assert store._connection is not None
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert Tip(0, GENESIS.digest) == GENESIS


@pytest.mark.parametrize("count", [1, 2])
def test_a_last_entry_that_somebody_replaced_is_not_gone_on_from(tmp_path, monkeypatch, count):
    monkeypatch.setattr(module, "_RETRY_S", 0.01)
    store = Store(tmp_path)
    assert sent(store, entry(power=1), durable=b"1").done.result(LONG_S) == 1
    with closing(sqlite3.connect(tmp_path / STORE)) as other, other:
        other.execute("DROP TRIGGER journal_stays")
        other.execute("UPDATE journal SET digest = ? WHERE n = 1", (bytes(32),))
    answer = sent(store, *[entry(power=2)] * count, durable=b"2")
    end = time.monotonic() + LONG_S
    while store.trouble != "the journal on disk is not the one that was written":
        assert time.monotonic() < end, store.trouble
        time.sleep(0.005)
    assert not answer.done.done()
    assert not store.close(timeout_s=0.2)
    with Store(tmp_path) as again:
        assert again.loaded == Loaded(b"1", Tip(1, bytes(32)))


def test_the_usual_commit_is_one_statement(tmp_path):
    with closing(opened_for_writing(tmp_path / STORE, create=True)) as connection:
        prepared(connection)
        said: list[str] = []
        connection.set_trace_callback(said.append)
        tip = chained(GENESIS, b"{}")
        row = (1, b"{}", tip.digest)
        alone = Batch((row,), b"1", NOW, 50, tip, Future())
        assert at_once(connection, GENESIS, [alone], None)
        assert {one.split()[0] for one in said} == {"INSERT"}, "no BEGIN, no COMMIT"
        assert not connection.in_transaction
        assert tip_of(connection) == tip
        assert connection.execute("SELECT state FROM durable").fetchone() == (b"1",)
        more = replace(alone, rows=(row, row))
        for what, mark in (
            ([more], None),
            ([alone, alone], None),
            ([replace(alone, durable=None)], None),
            ([alone], Checkpoint(site=SiteId("s"), count=1, head=b"", wall=WallMs(1), token=b"x")),
        ):
            assert not at_once(connection, tip, what, mark)
        assert tip_of(connection) == tip
