"""The state folder is private, whole and held by one gate."""

import os
import socket
import stat
import subprocess
import sys

import pytest

from sekisho.shell.gate.state_folder import KEY, STATUS, make_state, open_state
from sekisho.terms.errors import InputError, WorldError


@pytest.fixture
def folder(tmp_path):
    return make_state(tmp_path / "state")


def _mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_folder_and_files_are_the_owners_alone_whatever_the_umask(tmp_path):
    old = os.umask(0)
    try:
        folder = make_state(tmp_path / "open")
        folder.write(KEY, b"secret")
        with folder.held():
            pass
    finally:
        os.umask(old)
    assert _mode(folder.path) == 0o700
    assert {_mode(p) for p in folder.path.iterdir()} == {0o600}
    os.umask(0o777)
    try:
        assert _mode(make_state(tmp_path / "closed").path) == 0o700
    finally:
        os.umask(old)


def test_what_is_there_is_kept(folder):
    folder.write(KEY, b"secret")
    with pytest.raises(InputError):
        make_state(folder.path)
    assert folder.read(KEY) == b"secret"


def test_a_folder_that_others_can_enter_is_refused(folder):
    folder.path.chmod(0o750)
    with pytest.raises(InputError) as raised:
        open_state(folder.path)
    assert "750" in raised.value.problems[0].what.en
    assert "chmod 700" in raised.value.problems[0].remedy.en


def test_every_file_that_others_can_read_is_named(folder):
    for name in (KEY, STATUS):
        folder.write(name, b"")
        folder.file(name).chmod(0o640)
    with pytest.raises(InputError) as raised:
        open_state(folder.path)
    assert [p.where for p in raised.value.problems] == [
        str(folder.file(KEY)),
        str(folder.file(STATUS)),
    ]
    with pytest.raises(InputError):
        folder.read(KEY)


def test_a_link_is_refused(folder, tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"secret")
    folder.file(KEY).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        open_state(folder.path)
    with pytest.raises(WorldError):
        folder.read(KEY)
    link = tmp_path / "link"
    link.symlink_to(folder.path)
    with pytest.raises(InputError):
        open_state(link)


def test_a_pipe_is_refused_and_does_not_hang(folder):
    os.mkfifo(folder.file(KEY), 0o600)
    with pytest.raises(InputError):
        folder.read(KEY)


def test_the_sockets_of_the_gate_may_stand_in_its_folder(folder, monkeypatch):
    monkeypatch.chdir(folder.path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("admin.sock")
        folder.file("admin.sock").chmod(0o600)
        assert open_state(folder.path) == folder


def test_a_missing_folder_or_file_is_told(folder, tmp_path):
    with pytest.raises(InputError, match="no state folder"):
        open_state(tmp_path / "none")
    with pytest.raises(InputError, match="lacks"):
        folder.read(KEY)


def test_a_write_replaces_the_whole_file_and_leaves_nothing_beside_it(folder):
    folder.write(STATUS, b"one")
    folder.write(STATUS, b"other")
    assert folder.read(STATUS) == b"other"
    assert [p.name for p in folder.path.iterdir()] == [STATUS]


def test_a_file_is_taken_once(folder):
    folder.write("reset.request", b"x")
    assert folder.take("reset.request") == b"x"
    assert folder.take("reset.request") is None


def test_only_one_gate_holds_a_folder_and_a_killed_one_lets_go(folder):
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from sekisho.shell.gate.state_folder import open_state\n"
        "with open_state(Path(sys.argv[1])).held():\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert folder.is_held()
        with pytest.raises(InputError, match=rf"\(process {other.pid}\)"), folder.held():
            pass
        other.kill()
    assert not folder.is_held()
    with folder.held():
        pass
