"""`gate top` on a real terminal: drawn, ended by q, and the terminal as it was."""

import os
import pty
import select
import subprocess
import sys
import termios
import time
from dataclasses import replace

import pytest

from sekisho.gate.status import status_bytes
from sekisho.shell.cli.main import main
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.state_folder import STATUS as NAME
from sekisho.shell.gate.state_folder import make_state
from tests.facts.gate.test_top import STATUS


@pytest.fixture
def folder(tmp_path):
    made = make_state(tmp_path / "state")
    made.write(NAME, status_bytes(replace(STATUS, boot=int(KernelClock()().boot))))
    return made


def _read(handle, until, wait_s=20.0):
    seen, end = b"", time.monotonic() + wait_s
    while until not in seen:
        assert time.monotonic() < end, seen
        if select.select([handle], [], [], 0.2)[0]:
            seen += os.read(handle, 65_536)
    return seen


@pytest.mark.parametrize("key", [b"q", b"\x03"])
def test_q_or_ctrl_c_ends_it_and_the_terminal_is_as_it_was(folder, key):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    before = termios.tcgetattr(theirs)
    # A runner in the background passes on that interrupts are ignored; a terminal never does.
    start = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from sekisho.shell.cli.main import run; run()"
    )
    command = [sys.executable, "-c", start, "gate", "top", "--state", str(folder.path)]
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [*command, "--lang", "en"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            seen = _read(ours, b"sekisho 9.8.7")
            assert b"\x1b[?1049h" in seen
            assert b"STOPPED" in seen
            if key == b"q":
                os.write(ours, key)
            else:
                process.send_signal(2)
            _read(ours, b"\x1b[?1049l")
            assert process.wait(10) == 3
        finally:
            process.kill()
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


def test_without_a_terminal_one_picture_is_printed(folder, capsys):
    assert main(["gate", "top", "--state", str(folder.path), "--lang", "en"]) == 3
    out = capsys.readouterr().out
    assert "STOPPED" in out
    assert "\x1b" not in out
