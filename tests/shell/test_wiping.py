"""A wiped gate: nothing left, nothing that runs, a record that it signed, and what is found is told."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho.codec.jws import Typ, open_document, verify
from sekisho.gate.status import read_status, status_bytes
from sekisho.shell.admin.folder import new_folder, open_folder
from sekisho.shell.cli.main import main
from sekisho.shell.device_key import DEVICE_KEY
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate import wiping
from sekisho.shell.gate.handles import opened, overwrite, read_in, remove
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.remains import search, secrets_of
from sekisho.shell.gate.state_folder import StateFolder, make_state, open_state, open_to_wipe
from sekisho.shell.gate.taking_over import is_root
from sekisho.shell.gate.wipe_record import signed_record
from sekisho.shell.gate.wiping import wipe
from sekisho.shell.lab.stage import Stage
from sekisho.shell.sealing import ensure_device_key, read_kept, sealer_of, write_sealed
from sekisho.terms.errors import InputError, Problem, SekishoError, WorldError
from sekisho.terms.texts import Text
from tests.file_kills import killed_everywhere
from tools import own_network

WIPE = ["gate", "wipe", "--state", "state", "--record", "record.json", "--yes"]


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """A gate that was made, with settings, telemetry and the pages' folder beside it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(Path(__file__).parents[2] / "examples/demo-site", "site")
    words = ["gate", "init", "site", "--state", "state", "--authority", "site/authority.pem"]
    assert main(words) == 0
    folder = open_state(tmp_path / "state")
    write_sealed(folder, names.TRUST, b'{"payload": "a setting of this plant, and a long one"}')
    folder.write(names.OUTBOX, b"telemetry " * 100)
    folder.write(".gate.key.left", b"half of something")
    admin, _ = new_folder(tmp_path / "admin")
    assert open_folder(admin.path) == admin
    return folder


def _secrets(*folders):
    return [content for folder in folders for content in _of(folder)]


def _of(folder):
    yield sealer_of(folder).key.secret
    for name in ("gate.key", "north.key", "admin.book"):
        if folder.has(name):
            yield read_kept(folder, name)


def test_everything_goes_and_what_was_removed_is_told_and_signed(gate, tmp_path, capsys):
    admin = open_state(tmp_path / "admin")
    secrets, public = _secrets(gate, admin), own_signer(gate).public
    assert len(secrets) == 5
    before = sorted(p.name for p in gate.path.iterdir())
    capsys.readouterr()
    assert main([*WIPE, "--admin", "admin", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["record.json", "site"]
    assert (shown["signed"], shown["found"], shown["search_whole"]) == (True, [], True)
    assert shown["searched_files"] >= 2
    content = Path("record.json").read_bytes()
    assert verify(open_document(content, Typ.WIPE), public)
    payload = json.loads(open_document(content, Typ.WIPE).payload)
    listed = [one["name"] for one in payload["files"][0]["files"]]
    assert [name for name in listed if name != names.LOCK] == [b for b in before if b != names.LOCK]
    assert "Flash memory" in payload["limits"]
    for place in tmp_path.rglob("*"):
        for secret in secrets:
            assert place.is_dir() or secret not in place.read_bytes()


def test_a_secret_that_stands_elsewhere_is_found_in_every_form(gate, tmp_path, capsys):
    key = read_kept(gate, "gate.key")
    seed = sealer_of(gate).key.secret
    copies = tmp_path / "copies" / "deep"
    copies.mkdir(parents=True)
    (copies / "old.pem").write_bytes(key)
    (copies / "dump.txt").write_text("x" * (1 << 20) + seed.hex())
    (copies / "raw").write_bytes(b"y" * ((1 << 20) - 10) + seed + b"z")
    (copies / "innocent").write_bytes(b"nothing of it")
    capsys.readouterr()
    assert main([*WIPE, "--format", "json"]) == 1
    found = [Path(place).name for place in json.loads(capsys.readouterr().out)["found"]]
    assert sorted(found) == ["dump.txt", "old.pem", "raw"]


def test_the_search_finds_nothing_where_nothing_is_known(tmp_path):
    (tmp_path / "a").write_bytes(b"anything")
    assert search([tmp_path], frozenset()).found == ()


def test_a_running_gate_is_not_wiped(gate, capsys):
    with gate.held():
        assert main(WIPE) == 2
    assert "running on this folder" in capsys.readouterr().err
    assert own_signer(gate).kid
    assert not Path("record.json").exists()


def test_nothing_is_wiped_unasked(gate, capsys):
    assert main(WIPE[:-1]) == 2
    assert "not agreed to" in capsys.readouterr().err
    assert own_signer(gate).kid


def test_a_record_is_never_written_into_what_is_wiped_nor_over_another(gate, capsys):
    assert main(["gate", "wipe", "--state", "state", "--record", "state/r.json", "--yes"]) == 2
    Path("record.json").write_text("another")
    assert main(WIPE) == 2
    assert Path("record.json").read_text() == "another"
    assert own_signer(gate).kid


@pytest.mark.asyncio
async def test_a_plant_that_was_not_at_rest_is_not_left_without_its_gate(tmp_path, capsys):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.stop_gate()
        folder = open_state(stage.state_path)
        status = read_status(folder.read(names.STATUS))
    folder.write(names.STATUS, status_bytes(replace(status, setpoint=500_000)))
    words = ["gate", "wipe", "--state", str(folder.path), "--record", str(tmp_path / "r.json")]
    assert main([*words, "--yes"]) == 2
    assert "500,000 W" in capsys.readouterr().err
    assert own_signer(folder).kid
    # The laboratory's authority made the key of the certificate, and so has a copy of it.
    assert main([*words, "--yes", "--plant-at-rest", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["found"]
    assert [Path(place).name for place in found] == ["gate.key"]
    payload = json.loads(open_document((tmp_path / "r.json").read_bytes(), Typ.WIPE).payload)
    assert payload["journal"]["entries"] > 0
    assert payload["trust_version"] == 1


def test_a_wipe_is_never_left_half_able_to_run_and_goes_on(gate, tmp_path):
    whole = tmp_path / "whole"
    whole.mkdir(mode=0o700)
    shutil.copytree("state", whole / "state")
    shutil.copytree("admin", whole / "admin")

    def look(place):
        state, record = place / "state", place / "record.json"
        if record.exists():
            assert json.loads(record.read_bytes())
        if state.exists() and (state / names.WIPE).exists():
            with pytest.raises(InputError, match="wipe was begun"):
                open_state(state)
        elif state.exists() and (state / names.KEY).exists():
            assert own_signer(open_state(state)).kid  # it was not begun: all is there
            assert (state / DEVICE_KEY).exists()
            record.unlink(missing_ok=True)
        if state.exists():
            wipe(state, place / "admin", place / "again.json")
        assert not state.exists()
        assert not (place / "admin").exists()

    kills = killed_everywhere(
        whole,
        tmp_path / "victim",
        lambda place: wipe(place / "state", place / "admin", place / "record.json"),
        look,
    )
    assert kills > 20


def test_a_wipe_that_goes_on_says_that_it_could_not_look_for_everything(gate, tmp_path, capsys):
    mark = {"record": "record.json", "admin": None, "signed": True}
    gate.write(names.WIPE, json.dumps(mark).encode())
    gate.file(DEVICE_KEY).unlink()
    capsys.readouterr()
    assert main([*WIPE, "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["resumed"] is True
    assert not gate.path.exists()


def test_a_gate_without_its_key_is_wiped_without_a_signature(gate, capsys):
    gate.file(DEVICE_KEY).unlink()
    assert main(WIPE) == 0
    assert "not signed" in capsys.readouterr().out
    assert not gate.path.exists()


def test_links_and_folders_inside_do_not_lead_out(gate, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    gate.file("sub").mkdir(mode=0o700)
    link = gate.file("sub") / "link"
    link.symlink_to(outside)
    (gate.file("sub") / "file").write_text("x")
    with pytest.raises(InputError, match="link or a special file"):
        wipe(gate.path, None, tmp_path / "record.json")
    assert own_signer(gate).kid
    with opened(gate.path) as handle:  # put there after the look: the link goes, and nothing else
        assert remove(handle, "sub") == 2
    wipe(gate.path, None, tmp_path / "record.json")
    assert (outside / "kept").read_text() == "kept"
    assert not gate.path.exists()


def test_a_second_name_of_a_file_is_refused_and_keeps_its_content(gate, tmp_path):
    other = tmp_path / "other"
    os.link(gate.file(DEVICE_KEY), other)
    before = other.read_bytes()
    with pytest.raises(InputError, match="second name"):
        wipe(gate.path, None, tmp_path / "record.json")
    with opened(gate.path) as handle, pytest.raises(InputError, match="second name"):
        overwrite(handle, DEVICE_KEY)
    assert other.read_bytes() == before
    assert not (tmp_path / "record.json").exists()
    with opened(gate.path) as handle:
        remove(handle, DEVICE_KEY)
    assert other.read_bytes() == before


def test_a_key_that_became_a_link_or_a_pipe_is_not_written_through(gate, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("kept")
    gate.file(DEVICE_KEY).unlink()
    gate.file(DEVICE_KEY).symlink_to(victim)
    with opened(gate.path) as handle:
        with pytest.raises(OSError, match="symbolic"):
            overwrite(handle, DEVICE_KEY)
        gate.file(DEVICE_KEY).unlink()
        os.mkfifo(gate.file(DEVICE_KEY))
        with pytest.raises(InputError, match="special file"):
            overwrite(handle, DEVICE_KEY)
        with pytest.raises(OSError, match="Invalid"):
            read_in(handle, DEVICE_KEY, 1)
    assert victim.read_text() == "kept"


def test_a_link_is_neither_read_nor_opened_as_a_folder(gate, tmp_path):
    (tmp_path / "link").symlink_to(gate.path)
    with pytest.raises(OSError, match="Not a directory"), opened(tmp_path / "link"):
        pass
    gate.file("link").symlink_to(tmp_path / "site" / "authority.pem")
    with opened(gate.path) as handle, pytest.raises(OSError, match="symbolic"):
        read_in(handle, "link", 1)


def test_a_pipe_in_the_place_of_the_status_is_refused_at_once(gate):
    os.mkfifo(gate.file(names.STATUS))
    assert main(WIPE) == 2
    assert own_signer(gate).kid


def test_a_folder_that_takes_the_place_of_the_wiped_one_is_left_alone(gate, tmp_path, monkeypatch):
    other = make_state(tmp_path / "other")
    other.write(DEVICE_KEY, b"another's")

    def swapped(folder, folders):
        content = signed_record(folder, folders)
        gate.path.rename(tmp_path / "moved")
        other.path.rename(gate.path)
        return content

    monkeypatch.setattr(wiping, "signed_record", swapped)
    with pytest.raises(InputError, match="Another folder was put in its place"):
        wipe(gate.path, None, tmp_path / "record.json")
    assert gate.read(DEVICE_KEY) == b"another's"
    assert [*(tmp_path / "moved").iterdir()] == []


def test_a_factory_reset_leaves_a_new_gate_with_other_keys(gate, tmp_path, capsys):
    before = (own_signer(gate).public, sealer_of(gate).key.secret)
    words = ["gate", "factory-reset", "site", "--authority", "site/authority.pem", *WIPE[2:]]
    other = tmp_path / "other.pem"
    other.write_bytes(gate.read(names.PUBLIC))
    wrong = [*words]
    wrong[4] = str(other)
    assert main(wrong) == 2
    assert own_signer(gate).public == before[0]
    assert main(words) == 0
    fresh = open_state(tmp_path / "state")
    assert own_signer(fresh).public != before[0]
    assert sealer_of(fresh).key.secret != before[1]
    assert not fresh.has(names.TRUST)
    assert open_to_wipe(fresh.path) == fresh


def test_the_forms_of_a_secret_hold_the_private_part_of_each_key(tmp_path):
    folder = make_state(tmp_path / "state")
    ensure_device_key(folder)
    assert secrets_of(folder) >= {sealer_of(folder).key.secret}


def _owner(place):
    return place.lstat().st_uid


_as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to another user")
GATE_USER, PAGES_USER = 65_533, 65_534


def _give(place, user):
    with StateFolder(place).held():
        pass  # a lock, as whoever ran on it leaves one
    for inner in (*place.iterdir(), place):
        os.chown(inner, user, user, follow_symlinks=False)


@_as_root
def test_root_wipes_the_folders_of_both_users_and_takes_them_from_no_running_gate(gate, tmp_path):
    admin = tmp_path / "admin"
    _give(gate.path, GATE_USER)
    _give(admin, PAGES_USER)
    with pytest.raises(InputError, match="another user"):
        open_to_wipe(gate.path)
    with gate.held(), pytest.raises(InputError, match="running"):
        wipe(gate.path, admin, tmp_path / "record.json")
    assert (_owner(gate.path), _owner(admin)) == (GATE_USER, PAGES_USER)
    with StateFolder(admin).held(), pytest.raises(InputError, match="running"):
        wipe(gate.path, admin, tmp_path / "record.json")
    assert _owner(gate.path) == GATE_USER
    done = wipe(gate.path, admin, tmp_path / "record.json")
    assert done.signed
    assert not gate.path.exists()
    assert not admin.exists()


def _link(place, victim):
    place.symlink_to(victim)


def _second_name(place, victim):
    os.link(victim, place)


def _pipe(place, _):
    os.mkfifo(place)


def _folder(place, _):
    place.mkdir(mode=0o700)


@_as_root
@pytest.mark.parametrize("plant", [_link, _second_name, _pipe, _folder])
@pytest.mark.parametrize("name", [DEVICE_KEY, names.LOCK, names.STATUS, "left"])
def test_root_is_led_nowhere_by_the_user_of_the_gate(gate, tmp_path, plant, name):
    victim = tmp_path / "victim"
    victim.write_text("root's own")
    victim.chmod(0o640)
    _give(gate.path, GATE_USER)
    gate.file(name).unlink(missing_ok=True)
    plant(gate.file(name), victim)
    if plant is not _second_name:
        os.chown(gate.file(name), GATE_USER, GATE_USER, follow_symlinks=False)
    with pytest.raises(SekishoError):
        wipe(gate.path, None, tmp_path / "record.json")
    assert victim.read_text() == "root's own"
    assert _owner(victim) == 0
    assert _owner(gate.path) == GATE_USER, "what is refused is given back"
    assert _owner(gate.file(names.KEY)) == GATE_USER
    assert not (tmp_path / "record.json").exists()


@_as_root
@pytest.mark.parametrize("turn", ["owner", "above", "mode", "link"])
def test_root_follows_no_name_that_another_user_can_turn(gate, tmp_path, turn):
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    place = gate.path.rename(home / "state")
    if turn == "owner":
        os.chown(home, GATE_USER, GATE_USER)
        _give(place, PAGES_USER)
    elif turn == "above":
        (home / "inner").mkdir()
        place = place.rename(home / "inner" / "state")
        _give(place, GATE_USER)
        for above in (home / "inner", home):
            os.chown(above, GATE_USER, GATE_USER)
    elif turn == "mode":
        home.chmod(0o777)
    else:
        (tmp_path / "link").symlink_to(home)
        place = tmp_path / "link" / "state"
    with pytest.raises(InputError, match="other than root"):
        wipe(place, None, tmp_path / "record.json")
    with pytest.raises(InputError, match="other than root"):
        wipe(tmp_path / "admin", None, place.parent / "record.json")
    assert (place / DEVICE_KEY).exists()
    assert (tmp_path / "admin" / DEVICE_KEY).exists()


def _as_systemd_makes_them(gate, tmp_path):
    """Each folder in one of the same user; both of those in root's."""
    laid = []
    for name, user, mode in (("state", GATE_USER, 0o700), ("admin", PAGES_USER, 0o755)):
        kept = tmp_path / "lib" / f"sekisho-{name}"
        kept.mkdir(parents=True, mode=0o755)
        place = (tmp_path / name).rename(kept / "state")
        _give(place, user)
        os.chown(kept, user, user)
        kept.chmod(mode)
        laid.append(place)
    return laid


@_as_root
def test_root_wipes_where_systemd_keeps_the_folders_and_gives_those_back(gate, tmp_path):
    state, admin = _as_systemd_makes_them(gate, tmp_path)
    (state / "link").symlink_to(tmp_path)
    os.chown(state / "link", GATE_USER, GATE_USER, follow_symlinks=False)
    with pytest.raises(InputError, match="link or a special file"):
        wipe(state, admin, tmp_path / "record.json")
    assert _owner(state) == GATE_USER
    _stand_as_before(state, admin)
    (state / "link").unlink()
    assert wipe(state, admin, tmp_path / "record.json").signed
    assert not state.exists()
    assert not admin.exists()
    _stand_as_before(state, admin)


def _stand_as_before(state, admin):
    for place, user, mode in ((state.parent, GATE_USER, 0o700), (admin.parent, PAGES_USER, 0o755)):
        found = place.stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (user, user, mode)


@_as_root
def test_while_root_wipes_the_users_of_the_folders_can_change_nothing_on_the_way(
    gate, tmp_path, monkeypatch
):
    state, admin = _as_systemd_makes_them(gate, tmp_path)
    seen: list[tuple[int, int]] = []

    def looked(folder, folders):
        seen.extend((p.stat().st_uid, p.stat().st_mode & 0o077) for p in (state.parent, state))
        return signed_record(folder, folders)

    monkeypatch.setattr(wiping, "signed_record", looked)
    wipe(state, admin, tmp_path / "record.json")
    assert seen == [(0, 0), (0, 0)]


@_as_root
def test_a_wipe_that_failed_half_way_goes_on_where_systemd_keeps_the_folders(
    gate, tmp_path, monkeypatch
):
    state, admin = _as_systemd_makes_them(gate, tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(wiping, "_destroy_all", _fails)
        with pytest.raises(WorldError):
            wipe(state, admin, tmp_path / "record.json")
    assert (state / names.WIPE).exists()
    assert wipe(state, None, tmp_path / "record.json").resumed
    assert not state.exists()
    assert not admin.exists()


def _fails(_):
    raise WorldError(Problem("disk", Text("x", "x"), Text("y", "y")))


@_as_root
def test_a_mark_that_the_user_of_the_gate_left_names_no_other_folder_to_root(gate, tmp_path):
    victim = make_state(tmp_path / "victim")
    victim.write("kept", b"kept")
    mark = {"record": "elsewhere.json", "admin": str(victim.path), "signed": True}
    gate.write(names.WIPE, json.dumps(mark).encode())
    _give(gate.path, GATE_USER)
    (tmp_path / "record.json").write_text("an earlier one")
    with pytest.raises(InputError, match="exists already"):
        wipe(gate.path, None, tmp_path / "record.json")
    (tmp_path / "record.json").unlink()
    gate.write(names.WIPE, json.dumps(mark).encode())
    _give(gate.path, GATE_USER)
    done = wipe(gate.path, None, tmp_path / "record.json")
    assert victim.read("kept") == b"kept"
    assert (done.resumed, done.signed, done.record) == (False, True, tmp_path / "record.json")
    assert not gate.path.exists()


@_as_root
def test_root_makes_no_gate_anew_that_its_user_could_not_use(gate, capsys):
    _give(gate.path, GATE_USER)
    words = ["gate", "factory-reset", "site", "--authority", "site/authority.pem", *WIPE[2:]]
    assert main(words) == 2
    assert "could not use it" in capsys.readouterr().err
    assert _owner(gate.file(names.KEY)) == GATE_USER


@_as_root
def test_a_file_of_a_third_user_is_refused(gate, tmp_path):
    gate.write("left", b"whose?")
    _give(gate.path, GATE_USER)
    os.chown(gate.file("left"), PAGES_USER, PAGES_USER)
    with pytest.raises(InputError, match="another user"):
        wipe(gate.path, None, tmp_path / "record.json")
    assert _owner(gate.file("left")) == PAGES_USER
    assert _owner(gate.path) == GATE_USER


def test_the_root_of_a_namespace_of_one_user_is_no_root_over_others():
    ask = "from sekisho.shell.gate.taking_over import is_root; print(is_root())"
    if not own_network.possible():
        pytest.skip("this machine gives no namespaces")
    words = [*own_network.UNSHARE, sys.executable, "-c", ask]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "False\n"
    assert is_root() is (os.geteuid() == 0)


@_as_root
def test_a_take_over_that_was_cut_off_goes_on(gate, tmp_path):
    _give(gate.path, GATE_USER)
    os.chown(gate.path, 0, 0)
    os.chown(gate.file(names.KEY), 0, 0)
    assert wipe(gate.path, None, tmp_path / "record.json").signed
    assert not gate.path.exists()
