"""`sekisho journal`: exit codes, plain words, and nothing that a hostile text could do to a reader."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from sekisho.codec.jws import Signer
from sekisho.evidence.checkpoint import make
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.shell.cli.main import main
from sekisho.shell.gate.state_folder import PUBLIC, STORE
from sekisho.shell.gate.store import Store, Submitted
from sekisho.shell.keys import public_pem
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import BootMs, WallMs

GATE = Signer(bytes(range(32)))
SITE = SiteId("kushiro-1")
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
SAMPLE = Path(__file__).resolve().parents[2] / "examples/journal"
NOON = 1_809_918_000_000
"""2027-05-10 12:00 in Japan."""


def valid(out, command):
    """What was printed, which holds to its published schema."""
    schema = (SCHEMAS / f"journal-{command}.schema.json").read_text(encoding="utf-8")
    found = json.loads(out)
    jsonschema.validate(found, json.loads(schema))
    return found


def fill(folder, count, *, start=0, checkpoints=True, **body):
    """Entries a second apart, each with a checkpoint; the checkpoints, as a witness would have them."""
    seen = []
    with Store(folder) as store:
        for n in range(start, start + count):
            entry = Entry(
                kind=EntryKind.ALARM,
                wall=WallMs(NOON + 1000 * n),
                boot=BootMs(n),
                body={"what": f"w{n}"} | body,
            )
            sent = store.submit([entry], b"d", BootMs(n))
            assert isinstance(sent, Submitted)
            sent.done.result(20)
            seen.append(make(store.committed, WallMs(NOON + 1000 * n), SITE, GATE.sign))
            if checkpoints:
                store.keep_checkpoint(seen[-1])
    return seen


@pytest.fixture
def state(tmp_path):
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    (folder / PUBLIC).write_bytes(public_pem(GATE.public))
    (folder / PUBLIC).chmod(0o600)
    return folder


@pytest.fixture
def ran(capsys, monkeypatch):
    monkeypatch.setenv("SEKISHO_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words):
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def tampered(folder, statement, *values):
    """Somebody with the file and without scruples."""
    with closing(sqlite3.connect(folder / STORE, isolation_level=None)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type='trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)


def witness(tmp_path, seen):
    path = tmp_path / "witness.txt"
    path.write_bytes(b"".join(one.token + b"\n" for one in seen))
    return path


def findings(text):
    return [finding["what"] for finding in json.loads(text)["findings"]]


def test_a_journal_as_written_is_verified(state, ran, tmp_path):
    seen = fill(state, 5)
    code, out, _ = ran("journal", "verify", state)
    assert code == 0
    assert "Signed by the gate up to 5." in out
    assert "a thief of the gate's key could have rewritten all of it" in out
    code, out, _ = ran("journal", "verify", state, "--witness", witness(tmp_path, seen[:3]))
    assert code == 0
    assert "The same as the witness saw up to 3." in out
    assert "Entries after 3 are newer than the witness" in out
    assert "thief" not in out


def test_a_journal_is_verified_and_shown_while_the_gate_writes(state, ran):
    fill(state, 2)
    with Store(state) as store:
        assert ran("journal", "verify", state)[0] == 0
        assert ran("journal", "show", state)[0] == 0
        sent = store.submit(
            [Entry(kind=EntryKind.END, wall=WallMs(1), boot=BootMs(1), body={})], None, BootMs(1)
        )
        assert isinstance(sent, Submitted)
        assert sent.done.result(20) == 3


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE journal SET entry = replace(entry, 'w2', 'w9') WHERE n = 3", "broken-link"),
        ("UPDATE journal SET entry = 7 WHERE n = 3", "broken-link"),
        ("UPDATE journal SET digest = zeroblob(32) WHERE n = 3", "broken-link"),
        ("UPDATE journal SET digest = 5 WHERE n = 3", "broken-link"),
        ("DELETE FROM journal WHERE n = 3", "missing"),
        ("DELETE FROM journal WHERE n >= 4", "cut-tail"),
        ("DELETE FROM journal WHERE n <= 2", "missing"),
        ("UPDATE checkpoint SET token = replace(token, '.', 'x')", "bad-checkpoint"),
        ("UPDATE base SET digest = zeroblob(32)", "broken-link"),
        ("INSERT INTO journal SELECT n + 9, entry, digest FROM journal WHERE n = 5", "missing"),
    ],
)
def test_what_was_done_to_a_journal_is_said(state, ran, statement, what):
    fill(state, 5)
    tampered(state, statement)
    code, out, _ = ran("journal", "verify", state, "--format", "json")
    assert code == 1
    valid(out, "verify")
    assert what in findings(out)
    assert json.loads(out)["verdict"] == "tampered"
    assert ran("journal", "verify", state)[0] == 1


def test_a_tail_cut_off_with_its_checkpoints_is_found_by_the_witness(state, ran, tmp_path):
    seen = fill(state, 5)
    tampered(state, "DELETE FROM journal WHERE n >= 4")
    tampered(state, "DELETE FROM checkpoint")
    assert ran("journal", "verify", state)[0] == 0
    code, out, _ = ran("journal", "verify", state, "--witness", witness(tmp_path, seen))
    assert code == 1
    assert "The end was cut off: it ends at 3, and the witness saw 5 entries." in out


def test_a_journal_written_anew_with_the_stolen_key_is_found_by_the_witness(state, ran, tmp_path):
    seen = fill(state, 5)
    (state / STORE).unlink()
    fill(state, 9, start=1)
    assert ran("journal", "verify", state)[0] == 0
    code, out, _ = ran(
        "journal", "verify", state, "--witness", witness(tmp_path, seen), "--format", "json"
    )
    assert code == 1
    valid(out, "verify")
    assert set(findings(out)) == {"rechained"}


def test_a_witness_signed_by_another_key_is_found(state, ran, tmp_path):
    fill(state, 2)
    with Store(state) as store:
        forged = make(store.committed, WallMs(1), SITE, Signer(bytes(32)).sign)
    code, out, _ = ran(
        "journal", "verify", state, "--witness", witness(tmp_path, [forged]), "--format", "json"
    )
    assert code == 1
    assert findings(out) == ["bad-checkpoint"]


def test_without_any_key_or_witness_nothing_ties_a_journal_to_a_gate(state, ran):
    fill(state, 2)
    (state / PUBLIC).unlink()
    code, out, _ = ran("journal", "verify", state / STORE)
    assert code == 3
    assert "signatures were not looked at" in out


def test_what_cannot_be_read_is_told(state, ran, tmp_path):
    (tmp_path / "x").write_bytes(b"hello\n")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "db").write_bytes(b"SQLite format 3\0" + bytes(200))
    fill(state, 1)
    for words in (
        ["verify", tmp_path / "nowhere"],
        ["verify", tmp_path / "x"],
        ["verify", tmp_path / "empty"],
        ["verify", tmp_path / "db"],
        ["verify", state, "--witness", tmp_path / "empty"],
        ["verify", state, "--public", tmp_path / "x"],
        ["show", state, "--from", "yesterday"],
        ["show", state, "--from", "0001-01-01"],
        ["show", state, "--kind", "nothing"],
        ["export", state, "--out", tmp_path / "x.pdf"],
        ["export", state, "--from", "2027-06-01", "--out", tmp_path / "x.jsonl"],
    ):
        code, out, err = ran("journal", *words)
        assert (code, out) == (2, ""), words
        assert " → " in err


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM base",
        "UPDATE base SET n = 'x'",
        "UPDATE base SET n = -4",
        "DROP TABLE journal",
        "DROP TABLE checkpoint",
        "PRAGMA user_version = 9",
    ],
)
def test_a_database_that_is_no_journal_any_more_cannot_be_read(state, ran, statement):
    fill(state, 2)
    tampered(state, statement)
    code, out, err = ran("journal", "verify", state)
    assert (code, out) == (2, "")
    assert "fault of sekisho" not in err


def test_times_are_of_japan_in_and_out(state, ran):
    fill(state, 5)
    code, out, _ = ran(
        "journal", "show", state, "--from", "2027-05-10T12:00:01", "--to", "2027-05-10T03:00:03Z"
    )
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if "Alarm" in line] == ["2", "3"]
    assert "2027-05-10 12:00:02.000" in out


def test_show_tells_the_last_ones_and_programs_get_all_of_it(state, ran):
    fill(state, 5)
    code, out, _ = ran(
        "journal", "show", state, "--last", "2", "--kind", "alarm", "--format", "json"
    )
    assert code == 0
    found = valid(out, "show")
    assert found["wanted"] == 5
    assert [entry["n"] for entry in found["entries"]] == [4, 5]
    assert found["entries"][0]["says"]["ja"] == "警報「w3」が出ました。"
    assert found["entries"][0]["entry"]["body"] == {"what": "w3"}


def test_the_schema_takes_entries_of_a_later_version_and_what_cannot_be_read(state, ran):
    fill(state, 2)
    later = json.dumps({"kind": "later", "wall": 1}, sort_keys=True, separators=(",", ":"))
    tampered(state, f"UPDATE journal SET entry = CAST('{later}' AS BLOB) WHERE n = 1")
    tampered(state, "UPDATE journal SET entry = x'00' WHERE n = 2")
    _, out, _ = ran("journal", "show", state, "--format", "json")
    found = valid(out, "show")
    assert [one["entry"] for one in found["entries"]] == [{"kind": "later", "wall": 1}, None]


@pytest.mark.parametrize("ending", ["jsonl", "html", "txt"])
def test_an_export_is_verified_and_shown_alone(state, ran, tmp_path, ending):
    seen = fill(state, 9)
    out = tmp_path / f"report.{ending}"
    code, _, err = ran(
        "journal",
        "export",
        state,
        "--from",
        "2027-05-10T12:00:02",
        "--to",
        "2027-05-10T12:00:06",
        "--out",
        out,
    )
    assert (code, err) == (0, "")
    shutil.rmtree(state)
    key = tmp_path / "gate.pub"
    key.write_bytes(public_pem(GATE.public))
    assert ran("journal", "verify", out)[0] == 3
    assert ran("journal", "verify", out, "--public", key)[0] == 0
    assert ran("journal", "verify", out, "--witness", witness(tmp_path, seen))[0] == 0
    code, shown, _ = ran("journal", "show", out)
    assert [line.split()[0] for line in shown.splitlines() if "Alarm" in line] == [
        "3",
        "4",
        "5",
        "6",
    ]
    content = out.read_text()
    out.write_text(content.replace('"what":"w4"', '"what":"w5"'))
    assert ran("journal", "verify", out, "--public", key)[0] == 1
    if ending != "jsonl":
        assert "Alarm: w3." in content
        times = "Entries 3 to 6, 2027-05-10 12:00:02.000 to 2027-05-10 12:00:05.000 (Japan)"
        assert times in re.sub(r"<[^>]+>", "", content), (
            "an accident report says of what time it is"
        )


def test_a_hostile_text_stays_text(state, ran, tmp_path):
    evil = (
        "\x1b[2J--></table><script>alert(1)</script>\u202e-----BEGIN SEKISHO JOURNAL EXTRACT-----"
    )
    fill(state, 1, what=evil)
    _, out, _ = ran("journal", "show", state)
    assert "\x1b" not in out
    assert "\u202e" not in out
    for ending in ("html", "txt"):
        path = tmp_path / f"a.{ending}"
        assert ran("journal", "export", state, "--out", path)[0] == 0
        assert "<script" not in path.read_text().partition("<!--")[0] or ending == "txt"
        assert "\x1b" not in path.read_text()
        assert ran("journal", "verify", path, "--public", state / PUBLIC)[0] == 0


def test_a_journal_that_was_changed_is_still_shown(state, ran, tmp_path):
    fill(state, 3)
    tampered(state, "UPDATE journal SET entry = x'00' WHERE n = 2")
    code, out, _ = ran("journal", "show", state)
    assert code == 0
    assert "An entry that cannot be read." in out
    assert ran("journal", "export", state, "--out", tmp_path / "x.jsonl")[0] == 2


def test_the_sample_is_verified(ran):
    code, _, _ = ran(
        "journal",
        "verify",
        SAMPLE / "hour.jsonl",
        "--public",
        SAMPLE / "gate.pub",
        "--witness",
        SAMPLE / "witness.txt",
    )
    assert code == 0


def test_a_missing_part_is_named(tmp_path):
    code = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from sekisho.shell.cli.main import main\n"
        "sys.exit(main(['journal', 'verify', sys.argv[1], '--lang', 'en']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(SAMPLE / "hour.jsonl")],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 2
    assert "sekisho[gate]" in ran.stderr
