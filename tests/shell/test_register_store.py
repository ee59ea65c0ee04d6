"""The register on disk: append-only, two clocks, whole after a kill. All content is made up."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sekisho.register.read_list import Reading, read_list
from sekisho.shell import register_schema as schema
from sekisho.shell import register_store as store
from sekisho.terms.errors import InputError, WorldError
from sekisho.terms.sheet import Book, Sheet

if TYPE_CHECKING:
    from sekisho.register.read_list import Read

TODAY = date(2026, 11, 22)
HEADER = ("登録番号", "事業者名", "製品名", "型番", "レベル", "状態", "発行日", "有効期限")


def row(n: int, expires: str = "2028-05-20", status: str = "有効") -> tuple[str, ...]:
    return (f"MADE-UP-{n}", "北斗電機", "ホクト", f"HK-{n}", "★1", status, "2026-05-21", expires)


def listing(day: str, *rows: tuple[str, ...], learned: date | None = None) -> Read:
    book = Book(f"list_{day}.csv", f"{day}-{len(rows)}", (Sheet("", (HEADER, *rows)),))
    return read_list(book, Reading(today=TODAY, list_date=date.fromisoformat(day), learned=learned))


def dates(path: Path) -> list[str]:
    return [known.info.list_date.isoformat() for known in store.read_database(path)]


def test_a_fresh_register_starts_with_the_shipped_excerpts(tmp_path):
    path = tmp_path / "new" / "r.sqlite"
    assert store.add_list(path, listing("2026-09-01", row(1)))
    assert dates(path) == ["2026-04-03", "2026-06-01", "2026-09-01"]
    april, june, _ = store.read_database(path)
    assert (len(april.labels), len(june.labels)) == (34, 55)
    assert not april.info.complete
    assert june.info.learned == date(2026, 6, 1)


def test_what_is_read_back_is_what_was_added(tmp_path):
    read = listing(
        "2026-09-01", row(1), row(2, status="審査中"), (*row(3)[:3], "全型式", *row(3)[4:])
    )
    store.add_list(tmp_path / "r", read)
    assert store.read_database(tmp_path / "r")[-1] == read.listing


def test_the_same_list_twice_is_one_list(tmp_path):
    assert store.add_list(tmp_path / "r", listing("2026-09-01", row(1)))
    assert not store.add_list(tmp_path / "r", listing("2026-09-01", row(1)))
    assert len(dates(tmp_path / "r")) == 3


def test_a_weekly_list_of_which_little_changed_adds_little(tmp_path):
    path = tmp_path / "r"
    store.add_list(path, listing("2026-09-01", *map(row, range(500))))
    store.add_list(path, listing("2026-09-08", *map(row, range(501))))
    with closing(sqlite3.connect(path)) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM content").fetchone()
    assert rows < 600 + 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE list SET source = 'x'",
        "DELETE FROM list",
        "UPDATE content SET line = 'x'",
        "DELETE FROM content",
    ],
)
def test_the_file_itself_refuses_changes(tmp_path, statement):
    store.add_list(tmp_path / "r", listing("2026-09-01", row(1)))
    with (
        closing(sqlite3.connect(tmp_path / "r")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)


def test_what_was_known_on_a_day_stays_what_it_was(tmp_path):
    path = tmp_path / "r"
    store.add_list(path, listing("2026-09-01", row(1), row(2), learned=date(2026, 9, 2)))
    before = store.load_register(path, date(2026, 9, 2), TODAY)
    store.add_list(
        path, listing("2026-09-08", row(1, expires="2030-05-20"), learned=date(2026, 9, 9))
    )
    assert store.load_register(path, date(2026, 9, 2), TODAY) == before
    assert store.load_register(path, date(2026, 9, 8), TODAY) == before
    after = store.load_register(path, date(2026, 9, 9), TODAY)
    assert after.info.list_date == date(2026, 9, 8)
    assert after.extended == {"made-up-1"}
    assert [(v.label.number, v.last_seen) for v in after.vanished] == [
        ("MADE-UP-2", date(2026, 9, 1))
    ]
    assert dict(after.first_seen)["made-up-1"] == date(2026, 9, 1)


def test_before_the_first_list_nothing_is_known_and_that_is_said():
    with pytest.raises(InputError) as caught:
        store.load_register(None, date(2026, 4, 2), TODAY)
    assert "2026-04-03" in caught.value.problems[0].remedy.en
    shipped = store.load_register(None, date(2026, 4, 3), TODAY)
    assert shipped.info.list_date == date(2026, 4, 3)


def test_a_list_file_is_a_register_of_one_list(tmp_path):
    path = tmp_path / "list_2026-09-01.csv"
    path.write_text("\n".join(",".join(cells) for cells in (HEADER, row(1))), encoding="cp932")
    register = store.load_register(path, TODAY, TODAY)
    assert register.info.list_date == register.info.learned == date(2026, 9, 1)
    assert register.labels[0].models == ("HK-1",)


@pytest.fixture(autouse=True)
def _own_register(tmp_path, monkeypatch):
    monkeypatch.setenv("SEKISHO_REGISTER", str(tmp_path / "own.sqlite"))


def test_the_own_register_comes_before_the_shipped_lists(tmp_path):
    store.add_list(store.default_path(), listing("2026-09-01", row(1)))
    assert store.default_path() == tmp_path / "own.sqlite"
    assert store.load_register(None, TODAY, TODAY).info.list_date == date(2026, 9, 1)


def test_the_default_place_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("SEKISHO_REGISTER")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert store.default_path() == tmp_path / "sekisho" / "register.sqlite"


def test_a_register_of_every_earlier_schema_is_brought_up_to_date(tmp_path):
    for version in range(1, schema.SCHEMA_VERSION):
        path = tmp_path / f"v{version}"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for step in schema.MIGRATIONS[:version]:
                connection.executescript(step)
            store._insert(connection, listing("2026-09-01", row(1)).listing)
            connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {version}")
        assert dates(path) == ["2026-09-01"]
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute("DELETE FROM list")


def test_a_newer_register_another_database_and_a_text_are_refused(tmp_path):
    newer = tmp_path / "newer"
    store.add_list(newer, listing("2026-09-01", row(1)))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    other = tmp_path / "other"
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE x (y)")
    for path in (newer, other, tmp_path / "missing"):
        with pytest.raises(InputError):
            store.read_database(path)
    text = tmp_path / "text"
    text.write_text("not a database, and long enough to be looked at" * 20)
    with pytest.raises(WorldError):
        store.add_list(text, listing("2026-09-01", row(1)))
    assert text.read_text().startswith("not a database")


KILLED = """
import os, signal, sqlite3, sys
from datetime import date
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_register_store import listing, row
from sekisho.shell import register_store as store

steps = 0
real = sqlite3.connect

class Dying(sqlite3.Connection):
    def _count(self):
        global steps
        steps += 1
        if steps > {after}:
            os.kill(os.getpid(), signal.SIGKILL)
    def execute(self, *a):
        self._count()
        done = super().execute(*a)
        return done
    def executemany(self, sql, rows):
        def counted():
            for row in rows:
                self._count()
                yield row
        return super().executemany(sql, counted())

sqlite3.connect = lambda *a, **k: real(*a, factory=Dying, **k)
store.add_list(Path({path!r}), listing("2026-09-08", *map(row, range(400))))
"""


@pytest.mark.parametrize("fresh", [False, True])
def test_a_killed_import_leaves_the_old_state(tmp_path, fresh):
    outcomes = set()
    for after in (0, 4, 8, 200, 404, 408, 410, 10_000):
        path = tmp_path / f"r{after}"
        if not fresh:
            store.add_list(path, listing("2026-09-01", row(1)))
        program = KILLED.format(tests=str(Path(__file__).parent), after=after, path=str(path))
        ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
        assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr.decode()
        if not path.exists():
            continue
        found = tuple(dates(path))
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        old = ("2026-04-03", "2026-06-01") if fresh else ("2026-04-03", "2026-06-01", "2026-09-01")
        assert found in {old, (*old, "2026-09-08")}
        if len(found) > len(old):
            assert len(store.read_database(path)[-1].labels) == 400
        outcomes.add((ended.returncode, len(found) > len(old)))
    assert outcomes == {(-signal.SIGKILL, False), (0, True)}


def test_a_list_read_anew_in_another_way_speaks_and_can_be_taken_back(tmp_path):
    whole, part = listing("2026-09-01", row(1)), listing("2026-09-01", row(1))
    part = type(part)(replace(part.listing, info=replace(part.listing.info, complete=False)), ())
    for read, complete in ((whole, True), (part, False), (whole, True)):
        assert store.add_list(tmp_path / "r", read)
        assert not store.add_list(tmp_path / "r", read)
        assert store.load_register(tmp_path / "r", TODAY, TODAY).info.complete is complete
