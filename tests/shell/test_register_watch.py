"""`register watch` and `register calendar`, with channels that are files and a local server."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typing_extensions import override

from sekisho.shell.alerts import read_addresses
from sekisho.shell.cli.main import main
from sekisho.terms.errors import InputError

EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = str(EXAMPLES / "all-labelled")
LIST = (EXAMPLES / "made-up-list.csv").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _own_register(tmp_path, monkeypatch):
    monkeypatch.setenv("SEKISHO_REGISTER", str(tmp_path / "r.sqlite"))
    monkeypatch.setenv("SEKISHO_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "first.csv").write_text(LIST, encoding="utf-8")
    assert main(["register", "import", str(tmp_path / "first.csv")]) == 0


def later(tmp_path: Path, old: str = "", new: str = "") -> str:
    path = tmp_path / "later.csv"
    text = LIST.replace("2026-11-01", "2026-11-08")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return str(path)


def test_an_unchanged_list_is_exit_0(tmp_path, capsys):
    assert main(["register", "watch", later(tmp_path), "--site", SITE]) == 0
    assert "for the worse: 0" in capsys.readouterr().out


def test_a_change_for_the_worse_is_exit_1_and_goes_to_the_file(tmp_path, capsys):
    row = next(line for line in LIST.splitlines() if line.startswith("MADE-UP-0004"))
    changed = later(tmp_path, row, row.replace("有効", "取消し"))
    out = tmp_path / "alerts.json"
    arguments = ["register", "watch", changed, "--site", SITE, "--to-file", str(out)]
    assert main(arguments) == 1
    assert "MADE-UP-0004" in capsys.readouterr().out
    alerts = json.loads(out.read_text(encoding="utf-8"))["alerts"]
    assert alerts[0]["number"] == "MADE-UP-0004"
    assert alerts[0]["worse"] is True
    assert main(["register", "import", changed]) == 0
    assert main(["register", "watch", "--site", SITE, "--format", "json"]) == 1


def test_bad_questions_are_exit_2(tmp_path, capsys):
    assert main(["register", "watch"]) == 2
    assert main(["register", "watch", str(tmp_path / "first.csv"), "--site", str(tmp_path)]) == 2
    older = tmp_path / "older.csv"
    older.write_text(LIST.replace("2026-11-01", "2026-05-01"), encoding="utf-8")
    capsys.readouterr()
    assert main(["register", "watch", str(older), "--site", SITE]) == 2
    assert "not newer" in capsys.readouterr().err


def test_an_address_is_never_an_argument(tmp_path, monkeypatch, capsys):
    with pytest.raises(InputError):
        read_addresses("https://hooks.invalid/secret")
    monkeypatch.setenv("HOOK", "json://127.0.0.1:1/secret\n# note\n")
    assert read_addresses("env:HOOK") == ("json://127.0.0.1:1/secret",)
    (tmp_path / "hooks").write_text("# mine\njson://127.0.0.1:1/a\n\njson://127.0.0.1:1/b\n")
    assert len(read_addresses(str(tmp_path / "hooks"))) == 2
    for empty in ("env:NOT_THERE", str(tmp_path / "none")):
        with pytest.raises(InputError):
            read_addresses(empty)


class _Hook(BaseHTTPRequestHandler):
    taken: list[dict[str, str]]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(json.loads(body))
        self.send_response(200)
        self.end_headers()

    @override
    def log_message(self, format, *args):
        pass


def test_news_goes_to_the_webhook_and_failures_are_said_without_the_secret(
    tmp_path, monkeypatch, capsys
):
    row = next(line for line in LIST.splitlines() if line.startswith("MADE-UP-0004"))
    changed = later(tmp_path, row, row.replace("有効", "取消し"))
    _Hook.taken = []
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        port = server.server_address[1]
        monkeypatch.setenv("HOOK", f"json://127.0.0.1:{port}/secret-path")
        arguments = ["register", "watch", changed, "--site", SITE, "--webhook", "env:HOOK"]
        assert main(arguments) == 1
        assert main([*arguments[:2], later(tmp_path), *arguments[3:]]) == 0
    finally:
        server.shutdown()
        server.server_close()
    (message,) = _Hook.taken
    assert "MADE-UP-0004" in message["message"]
    changed = later(tmp_path, row, row.replace("有効", "取消し"))
    capsys.readouterr()
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert "MADE-UP-0004" in shown.out
    assert "could not be sent" in shown.err
    assert "secret-path" not in shown.out + shown.err
    monkeypatch.setenv("HOOK", "nonsense")
    assert main(arguments) == 2


def test_a_calendar_of_the_register_and_of_a_site(tmp_path, capsys):
    out = tmp_path / "c.ics"
    assert main(["register", "calendar", "--out", str(out), "--lang", "ja"]) == 0
    assert out.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    capsys.readouterr()
    assert main(["register", "calendar", "--site", SITE]) == 0
    shown = capsys.readouterr().out
    assert "MADE-UP-0004" in shown
    assert "kushiro-1: contract application" in shown
