"""A backup of a gate: what is in it, who opens it, and what another box makes of it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.command import Product
from sekisho.codec.decision import Outcome
from sekisho.gate.journal.entries import EntryKind
from sekisho.shell import passphrase
from sekisho.shell.cli.main import main
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.backing_up import back_up, read_backup, write_backup
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.recall import recalled
from sekisho.shell.gate.restoring import restore
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.lab.stage import Stage
from sekisho.shell.sealing import read_kept, sealer_of
from sekisho.terms.errors import InputError
from sekisho.terms.quantity import Watts
from tests.file_kills import killed_everywhere

PHRASE = "correct horse battery staple"


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """A gate that was made; `phrase` holds a passphrase."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(Path(__file__).parents[2] / "examples/demo-site", "site")
    words = ["gate", "init", "site", "--state", "state", "--authority", "site/authority.pem"]
    assert main(words) == 0
    (tmp_path / "phrase").write_text(PHRASE + "\n")
    (tmp_path / "phrase").chmod(0o600)
    return open_state(tmp_path / "state")


def _backup(*words, out="b.skb"):
    shared = ["--state", "state", "--out", out, "--passphrase-file", "phrase"]
    return main(["gate", "backup", "site", *shared, *words])


def _restore(*words, source="b.skb", state="new"):
    shared = ["--state", state, "--passphrase-file", "phrase"]
    return main(["gate", "restore", source, "site", *shared, *words])


def _settings():
    return load_configuration(Path("site")).settings


def test_a_backup_holds_private_keys_only_where_they_are_asked_for(gate, tmp_path):
    assert _backup() == 0
    assert _backup("--with-keys", out="k.skb") == 0
    without = read_backup(tmp_path / "b.skb", PHRASE, _settings())
    keys = read_backup(tmp_path / "k.skb", PHRASE, _settings())
    assert set(keys.files) - set(without.files) == {"gate.key", "north.key"}
    for found in (without, keys):
        assert not any("device" in name for name in found.files)
    assert not any(b"PRIVATE KEY" in content for content in without.files.values())
    for name in ("b.skb", "k.skb"):
        content = (tmp_path / name).read_bytes()
        assert b"PRIVATE KEY" not in content
        assert sealer_of(gate).key.secret not in content
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_code_is_made_shown_once_and_opens_it(gate, capsys):
    capsys.readouterr()
    assert main(["gate", "backup", "site", "--state", "state", "--out", "b.skb"]) == 0
    code = capsys.readouterr().out.splitlines()[-1].rpartition(": ")[2]
    assert len(code) == 39
    Path("phrase").write_text(code)
    assert _restore() == 0


def test_another_box_with_the_keys_is_the_same_gate_under_a_device_key_of_its_own(gate, tmp_path):
    assert _backup("--with-keys") == 0
    assert _restore() == 0
    fresh = open_state(tmp_path / "new")
    assert own_signer(fresh).kid == own_signer(gate).kid
    assert read_kept(fresh, "north.key") == read_kept(gate, "north.key")
    assert sealer_of(fresh).key.secret != sealer_of(gate).key.secret
    assert fresh.has(names.RESTORED)


def test_another_box_without_the_keys_makes_its_own_and_says_what_to_do(gate, tmp_path, capsys):
    assert _backup() == 0
    capsys.readouterr()
    assert _restore() == 0
    fresh = open_state(tmp_path / "new")
    assert own_signer(fresh).kid != own_signer(gate).kid
    assert own_signer(fresh).kid in capsys.readouterr().out
    assert fresh.has(names.NORTH_REQUEST)
    assert fresh.read(names.AUTHORITY) == gate.read(names.AUTHORITY)


def test_a_backup_is_refused_with_its_reason_and_nothing_is_left(gate, tmp_path, capsys):
    assert _backup() == 0
    content = (tmp_path / "b.skb").read_bytes()
    middle = len(content) // 2
    spoilt = {
        "changed": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "cut": content[:-1],
        "head": content.replace(b'"with_keys": false', b'"with_keys": true ', 1),
        "costly": content.replace(b'"n": 131072', b'"n": 262144', 1),
    }
    for name, data in spoilt.items():
        assert data != content
        (tmp_path / name).write_bytes(data)
        assert _restore(source=name) == 2, name
    (tmp_path / "text").write_text("no backup")
    assert _restore(source="text") == 2
    assert _restore(source="none") == 2
    said = capsys.readouterr().err
    assert said.count("The passphrase is wrong, or the file was changed.") == 3
    assert said.count("It is no backup of this version.") == 2
    (tmp_path / "phrase").write_text(PHRASE + "r")
    assert _restore() == 2
    assert not (tmp_path / "new").exists()


def test_a_backup_of_another_site_is_refused_before_its_passphrase_is_tried(gate, tmp_path, capsys):
    assert _backup() == 0
    site = tmp_path / "site/site.toml"
    site.write_text(site.read_text().replace("demo-1", "demo-2"))
    Path("phrase").write_text("x" * 30)
    assert _restore() == 2
    assert "of the site demo-1, not of demo-2" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_what_is_there_is_kept_and_a_weak_or_open_passphrase_refused(gate, tmp_path, capsys):
    assert _backup() == 0
    assert _backup() == 2
    assert _restore(state="state") == 2
    assert own_signer(gate).kid
    (tmp_path / "phrase").write_text("too short")
    assert _backup(out="c.skb") == 2
    (tmp_path / "phrase").write_text(PHRASE)
    (tmp_path / "phrase").chmod(0o644)
    assert _backup(out="c.skb") == 2
    assert not (tmp_path / "c.skb").exists()
    said = capsys.readouterr().err
    assert "fewer than 20 characters" in said
    assert "Others can read" in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: replace(b, files={k: v for k, v in b.files.items() if k != "authority.pem"}),
        lambda b: replace(b, files={**b.files, "../outside": b"x"}),
        lambda b: replace(b, files={**b.files, "device.key": bytes(32)}),
        lambda b: replace(b, with_keys=False),
        lambda b: replace(b, kid="A" * 43),
        lambda b: replace(b, files={**b.files, "gate.key": b"no key"}),
        lambda b: replace(b, files={**b.files, "trust.json": b"{}"}),
    ],
)
def test_a_backup_that_was_written_by_somebody_else_is_looked_at_before_anything_is_made(
    gate, tmp_path, spoil
):
    made = spoil(back_up(gate, _settings(), with_keys=True))
    before = sorted(p.name for p in tmp_path.iterdir())
    try:
        done = restore(made, _settings(), tmp_path / "new", "b.skb")
    except InputError:
        assert sorted(p.name for p in tmp_path.iterdir()) == before
    else:  # a file that no backup holds is left out
        assert "device.key" in made.files
        assert sealer_of(done.folder).key.secret != bytes(32)


@pytest.fixture
def cheap(monkeypatch):
    """Guesses that cost little, for many of them."""
    monkeypatch.setattr(passphrase, "_COST", {"n": 2, "r": 1, "p": 1})


def test_any_flipped_bit_of_a_backup_is_refused(cheap):
    whole = passphrase.encrypted({"site": "a"}, b"what is kept", PHRASE)
    assert passphrase.decrypted(whole, PHRASE, "b") == b"what is kept"
    for bit in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InputError):
            passphrase.decrypted(bytes(changed), PHRASE, "b")


@given(data=st.binary(max_size=80))
def test_what_is_no_backup_is_refused(data):
    for content in (data, passphrase.MAGIC + data):
        with pytest.raises(InputError):
            passphrase.decrypted(content, PHRASE, "b")


def test_a_restore_survives_a_kill_at_every_write_point(gate, tmp_path):
    made = back_up(gate, _settings(), with_keys=True)
    settings = _settings()
    (tmp_path / "empty").mkdir()

    def look(place):
        if not (place / "state").exists():
            restore(made, settings, place / "state", "b.skb")
        fresh = open_state(place / "state")
        assert own_signer(fresh).kid == made.kid
        assert fresh.has(names.RESTORED)
        assert [p.name for p in place.iterdir()] == ["state"]

    kills = killed_everywhere(
        tmp_path / "empty",
        tmp_path / "victim",
        lambda place: restore(made, settings, place / "state", "b.skb"),
        look,
    )
    assert kills > 20


def _sessions(stage):
    with opened_journal(stage.state_path / names.STORE) as log:
        rows = log.rows(log.base.number + 1, log.last)
        entries = [json.loads(row.entry or b"{}") for row in rows]
    return [e["body"] for e in entries if e["kind"] == EntryKind.SESSION]


@pytest.mark.asyncio
async def test_a_restored_gate_begins_a_new_session_and_its_journal_goes_on(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        asked = await stage.setpoint(Watts(300_000), Product.JEPX_SPOT)
        assert asked.answer is not None
        assert asked.answer.message.decision.outcome is Outcome.ACCEPTED
        settings = stage.running.site.settings
        folder = open_state(stage.state_path)
        made = back_up(folder, settings, with_keys=True)  # while it runs
        write_backup(made, tmp_path / "b.skb", PHRASE)
        await stage.stop_gate()
        memory = recalled(folder)
        assert memory is not None
        assert memory.durable is not None
        assert made.memory is not None
        assert made.memory.durable is not None
        shutil.rmtree(stage.state_path)
        found = read_backup(tmp_path / "b.skb", PHRASE, settings)
        restore(found, settings, stage.state_path, "b.skb")
        stage.start_gate()
        durable = stage.running.engine.gate.durable
        await stage.ready()
        durable = stage.running.engine.gate.durable
        assert durable.session != memory.durable.session
        assert durable.standing == ()
        assert durable.high_water == {}
        assert (durable.trust_version, durable.bounds_version) == (1, 1)
        assert not open_state(stage.state_path).has(names.RESTORED)
        again = await stage.setpoint(Watts(200_000), Product.JEPX_SPOT)
        assert again.answer is not None
        await stage.stop_gate()
        assert {s["why"] for s in _sessions(stage)} == {"restored"}
        with opened_journal(stage.state_path / names.STORE) as log:
            assert log.base == made.memory.tip
            assert log.last > log.base.number
        session = stage.running.engine.gate.durable.session
        stage.start_gate()
        assert stage.running.engine.gate.durable.session == session
