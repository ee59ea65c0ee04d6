"""What a command line answers when something is wrong with it, or with where it writes."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sekisho.shell.cli.main import main
from sekisho.shell.writing import write_whole
from tests.plants import EXAMPLES, MADE_UP

SITE = str(EXAMPLES / "all-labelled" / "site.toml")
FULL = Path("/dev/full")
KNOWN = ("--register", str(MADE_UP), "--known-at", "2026-11-22")
PROGRAM = (sys.executable, "-c", "from sekisho.shell.cli.main import run; run()")


@pytest.mark.parametrize(
    ("arguments", "japanese", "english"),
    [
        (["assess"], "SITE... が指定されていません", "Missing argument"),
        (["assess", "x", "--foo"], "--foo というオプションはありません", "No such option: --foo"),
        (["nosuch"], "nosuch というコマンドはありません。 →", "No such command"),
        (
            ["asess"],
            "asess というコマンドはありません。「assess」のことですか。",
            "Did you mean 'assess'?",
        ),
        (
            ["register", "impot"],
            "impot というコマンドはありません。「import」のことですか。",
            "Did you mean 'import'?",
        ),
        (
            ["assess", "x", "--formt", "json"],
            "--formt というオプションはありません。「--format」か「--out」のことですか。",
            "Possible options: --format, --out",
        ),
        (
            ["assess", "x", "--stric"],
            "--stric というオプションはありません。「--strict」のことですか。",
            "--strict",
        ),
        (
            ["assess", "x", "--format", "xml"],
            "--format の値「xml」は使えません(使える値: 'text', 'json')",
            "'xml' is not one of 'text', 'json'",
        ),
        (["timeline", "x", "--years", "0"], "--years は 1 以上", "greater than or equal to 1"),
        (["timeline", "x", "--years", "31"], "--years は 30 以下", "less than or equal to 30"),
        (["timeline", "x", "--years", "z"], "--years は整数に", "a valid integer"),
        (["gate", "top", "--every", "z", "--state", "x"], "--every は数に", "a valid number"),
        (["timeline", "x", "y"], "余分な引数があります: y", "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_told_in_the_language_asked_for(
    arguments, japanese, english, capsys
):
    for lang, words in (("ja", japanese), ("en", english)):
        assert main([*arguments, "--lang", lang]) == 2
        told = capsys.readouterr()
        assert words in told.err
        assert told.out == ""
        assert "Value error" not in told.err


def test_no_command_shows_the_help_and_is_a_usage_error(capsys):
    assert main([]) == 2
    assert "Usage:" in capsys.readouterr().err


def test_a_reader_that_goes_away_does_not_change_the_exit_code():
    arguments = [*PROGRAM, "assess", *[SITE] * 12, "--format", "json", *KNOWN]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()
    assert (process.returncode, told) == (0, b"")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_full_disk_is_told_and_is_no_answer(lang):
    with FULL.open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*PROGRAM, "assess", SITE, *KNOWN, "--lang", lang],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert ("標準出力に書き込めません" if lang == "ja" else "cannot be written") in done.stderr
    assert "fault of sekisho" not in done.stderr


def test_an_interrupt_is_told_and_is_no_answer():
    slow = (
        "import os, signal, sys\n"
        "from sekisho.shell.cli import assess\n"
        "from sekisho.shell.cli.main import main\n"
        "import sekisho.shell.site_files as files\n"
        # A runner in the background passes on that interrupts are ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def stop(*_): os.kill(os.getpid(), signal.SIGINT)\n"
        "files.load_site = stop\n"
        f"sys.exit(main(['assess', {SITE!r}, '--lang', 'ja', *{KNOWN!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", slow], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "中断しました。\n")


def test_what_is_no_file_is_written_to_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, b"answer")
    assert os.read(reader, 100) == b"answer"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_is_followed_and_stays(tmp_path):
    target, link = tmp_path / "real.txt", tmp_path / "link.txt"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("years", ["1", "30"])
def test_a_window_beyond_the_calendar_is_told(years, capsys):
    for command in (["timeline", SITE], ["portfolio", str(EXAMPLES)]):
        code = main([*command, "--as-of", "9999-06-01", "--years", years, *KNOWN, "--lang", "en"])
        assert code == 2
        assert "--as-of" in capsys.readouterr().err


def test_letters_that_the_output_cannot_hold_do_not_end_the_answer():
    done = subprocess.run(
        [*PROGRAM, "assess", SITE, *KNOWN, "--lang", "en"],
        capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert done.returncode == 0
    assert rb"\u91e7" in done.stdout


def test_a_fault_in_a_group_of_tasks_is_called_by_its_own_name(monkeypatch, capsys):
    def failing(*_):
        raise ExceptionGroup("tasks", [ExceptionGroup("theirs", [ZeroDivisionError()])])

    monkeypatch.setattr("sekisho.shell.cli.main._command", failing)
    assert main(["--lang", "en"]) == 2
    assert "fault of sekisho (ZeroDivisionError)" in capsys.readouterr().err
