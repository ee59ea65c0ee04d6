"""Gate and admin process end to end: first use, the plant's page, sign-out, and the journal of it."""

import asyncio
import os
from contextlib import closing

import pytest

from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.shell.admin.folder import load_book, open_folder
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.gate.journal_file import opened_log
from sekisho.shell.lab.stage import Script, Stage
from tests.admin_process import AdminProcess, sent, until


def admin_entries(state):
    with opened_log(state) as log:
        entries = [read_entry(row.entry or b"") for row in log.rows(1, log.last)]
    return [one.body for one in entries if isinstance(one, Entry) and one.kind is EntryKind.ADMIN]


@pytest.mark.asyncio
async def test_first_use_shows_the_plant_and_every_action_is_in_the_gates_journal(tmp_path):
    socket = tmp_path / "admin.sock"
    script = Script(admin=AdminEnd(path=socket, uid=os.geteuid()))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        shown = await asyncio.to_thread(_first_use_and_out, tmp_path / "admin", socket)
        assert stage.running.engine.gate.settings.site in shown
        entries = admin_entries(stage.state_path)
        told = [(entry["what"], entry.get("user")) for entry in entries]
        assert told == [
            ("admin-first-use", "mori"),
            ("admin-signed-in", "mori"),
            ("admin-signed-out", "mori"),
        ]
        assert entries[0]["source"] == "127.0.0.1"


def _first_use_and_out(folder, socket):
    with AdminProcess(folder, socket) as admin:
        with closing(admin.first_user()) as client:
            shown = client.get("/").text
            assert sent(client, "/logout").status_code == 303
            assert client.get("/").status_code == 401
        until(lambda: not load_book(open_folder(folder)).pending)
    return shown
