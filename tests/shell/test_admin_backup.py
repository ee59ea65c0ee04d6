"""The pages' folder on another box, and what stands in it at rest."""

import asyncio
import os
from contextlib import closing
from pathlib import Path

import pytest

from sekisho.gate.admin.words import code_digest
from sekisho.shell.admin.carrying import back_up_book, restore_book
from sekisho.shell.admin.folder import load_book, new_folder, open_folder
from sekisho.shell.admin.holdings import ADMIN_HOLDINGS
from sekisho.shell.cli.main import main
from sekisho.shell.device_key import DEVICE_KEY
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.gate.holdings import AtRest
from sekisho.shell.lab.stage import Script, Stage
from sekisho.shell.sealing import is_sealed
from sekisho.terms.errors import InputError
from tests.admin_process import PASSWORD, AdminProcess, sent, until
from tests.file_kills import killed_everywhere
from tests.shell.test_admin_skeleton import admin_entries

PHRASE = "correct horse battery staple"


@pytest.fixture
def phrase(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "phrase"
    place.write_text(PHRASE)
    place.chmod(0o600)
    return ["--passphrase-file", "phrase"]


@pytest.mark.asyncio
async def test_a_restored_user_signs_in_no_token_does_and_the_journal_says_so(tmp_path):
    socket = tmp_path / "admin.sock"
    script = Script(admin=AdminEnd(path=socket, uid=os.geteuid()))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        await asyncio.to_thread(_carried_over, tmp_path, socket)
        told = admin_entries(stage.state_path)
    restored = [one for one in told if one["what"] == "admin-users-restored-from-a-backup"]
    assert len(restored) == 1
    assert restored[0]["source"] == "console"
    assert str(restored[0]["about"]).startswith("20")


def _carried_over(tmp_path, socket):
    with AdminProcess(tmp_path / "old", socket) as admin, closing(admin.first_user()) as client:
        sent(client, "/tokens", act="make", name="ci", days="9", **{"scope-view": "on"})
        old = open_folder(tmp_path / "old")
        assert load_book(old).tokens
        back_up_book(old, tmp_path / "users.backup", PHRASE)  # while it runs
        setup = admin.code
        listed = {one.name: one for one in ADMIN_HOLDINGS}
        for place in old.path.iterdir():
            sealed = listed[place.name].at_rest is AtRest.SEALED  # KeyError: it is in no row
            assert is_sealed(place.read_bytes()) is sealed, place.name
    done = restore_book(tmp_path / "users.backup", PHRASE, tmp_path / "new")
    assert (done.users, done.code) == (("mori",), None)
    new = open_folder(tmp_path / "new")
    assert dict(load_book(new).tokens) == {}
    assert new.read(DEVICE_KEY) != old.read(DEVICE_KEY)
    with AdminProcess(tmp_path / "new", socket) as admin, closing(admin.client()) as client:
        form = {"name": "ueda", "code": setup, "password": PASSWORD, "again": PASSWORD}
        assert client.post("/first-use", data=form).status_code != 303
        answer = client.post("/login", data={"name": "mori", "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        until(lambda: not load_book(new).pending)


def test_a_backup_before_first_use_brings_a_new_code_and_never_the_old_one(phrase, capsys):
    folder, code = new_folder(Path("pages"))
    assert main(["admin", "backup", "--state", "pages", "--out", "b", *phrase]) == 0
    content = Path("b").read_bytes()
    assert Path("b").stat().st_mode & 0o777 == 0o600
    assert code_digest(code).encode() not in content
    capsys.readouterr()
    assert main(["admin", "restore", "b", "--state", "new", *phrase]) == 0
    shown = capsys.readouterr().out.splitlines()[-1].rpartition(": ")[2]
    fresh = load_book(open_folder(Path("new")))
    assert fresh.setup == code_digest(shown)
    assert fresh.setup != load_book(folder).setup


def test_what_is_no_backup_of_the_pages_is_refused_and_leaves_nothing(phrase, capsys):
    new_folder(Path("pages"))
    assert main(["admin", "backup", "--state", "pages", "--out", "b", *phrase]) == 0
    assert main(["admin", "backup", "--state", "pages", "--out", "b", *phrase]) == 2
    assert main(["admin", "restore", "b", "--state", "pages", *phrase]) == 2
    content = bytearray(Path("b").read_bytes())
    content[-1] ^= 1
    Path("changed").write_bytes(bytes(content))
    Path("gates").write_bytes(Path("b").read_bytes().replace(b'"admin-1"', b'"gates-1"'))
    Path("text").write_text("no backup")
    for name in ("changed", "gates", "text", "none"):
        assert main(["admin", "restore", name, "--state", "new", *phrase]) == 2, name
    Path("phrase").write_text(PHRASE + "r")
    assert main(["admin", "restore", "b", "--state", "new", *phrase]) == 2
    assert not Path("new").exists()
    assert "no backup of the pages" in capsys.readouterr().err


def test_a_restore_of_the_pages_survives_a_kill_at_every_write_point(phrase, tmp_path):
    folder, _ = new_folder(Path("pages"))
    back_up_book(folder, tmp_path / "b", PHRASE)
    (tmp_path / "empty").mkdir()

    def restored(place):
        return restore_book(tmp_path / "b", PHRASE, place / "pages")

    def look(place):
        if not (place / "pages").exists():
            restored(place)
        assert load_book(open_folder(place / "pages")).setup is not None
        with pytest.raises(InputError, match="something already"):
            restored(place)

    kills = killed_everywhere(tmp_path / "empty", tmp_path / "victim", restored, look)
    assert kills > 10
