"""What the admin process keeps survives a kill at any point; its death or load leaves the gate alone."""

import asyncio
import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace

import httpx
import pytest

from sekisho.gate.admin.book import Book, User
from sekisho.gate.admin.notes import MOST_PENDING, NoteKind
from sekisho.gate.admin.roles import Role
from sekisho.gate.admin.words import code_digest
from sekisho.shell.admin.console import ask_console
from sekisho.shell.admin.folder import (
    BOOK,
    CERTIFICATE,
    keep_book,
    load_book,
    new_folder,
    open_folder,
)
from sekisho.shell.admin.serve import HANDSHAKE_S, HEAD_S, MOST_OF_SOURCE
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.errors import InputError
from tests.admin_process import PASSWORD, AdminProcess, form_token, sent
from tests.admin_process import until as soon
from tests.shell.test_admin_socket import journalled, until

pytestmark = pytest.mark.alone
KILLS = 40
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from sekisho.gate.admin.book import User
from sekisho.gate.admin.roles import Role
from sekisho.shell.admin.folder import keep_book, load_book, open_folder
folder = open_folder(Path(sys.argv[1]))
book = load_book(folder)
print("begun", flush=True)
n = 0
while True:
    n += 1
    user = replace(book.users["mori"], password=f"hash-{n}", failures=n)
    book = book.with_user(user)
    keep_book(folder, book)
    print(n, flush=True)
"""


def test_a_kill_at_any_moment_of_a_write_leaves_the_book_before_it_or_after_it(tmp_path):
    folder, _code = new_folder(tmp_path / "state")
    book = Book(setup=None).with_user(User(name="mori", role=Role.SECURITY, password="hash-0"))
    keep_book(folder, book)
    dice = random.Random(4)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder.path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process, process.stdout:
            assert process.stdout.readline() == "begun\n"
            time.sleep(dice.uniform(0, 0.03))
            process.send_signal(signal.SIGKILL)
            told = [int(line) for line in process.stdout.read().split()]
            process.wait()
        found = load_book(open_folder(folder.path))
        user = found.users["mori"]
        assert user.password in (f"hash-{user.failures}", "hash-0")
        if told:
            assert user.failures in {told[-1], told[-1] + 1}, "what was told to be kept is kept"
        assert found.setup is None, "the set-up code never comes back"


def test_a_book_that_is_lost_or_changed_is_refused_and_no_first_use_begins_anew(tmp_path):
    folder, _ = new_folder(tmp_path / "state")
    whole = folder.read(BOOK)
    for damaged in (whole[:-1], whole[:40] + b"\0" + whole[41:], b""):
        folder.write(BOOK, damaged)
        with pytest.raises(InputError):
            load_book(open_folder(folder.path))
    folder.file(BOOK).unlink()
    with pytest.raises(InputError):
        load_book(open_folder(folder.path))


def test_passwords_and_codes_stand_in_no_file_and_the_book_is_sealed(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin:
        with closing(admin.first_user()) as client:
            told = sent(client, "/users", act="add", name="oka", role="viewer").text
            given = told.split('id="code">')[1].split("<")[0]
            sent(client, "/tokens", act="make", name="ci", days="9", **{"scope-view": "on"})
        book = load_book(open_folder(admin.folder))
        assert book.users["oka"].code is not None
        assert book.users["oka"].code.digest == code_digest(given)
        assert str(book.users["mori"].password).startswith("$argon2id$v=19$m=65536,t=3,p=1$")
        for file in admin.folder.iterdir():
            content = file.read_bytes()
            for secret in (PASSWORD, admin.code, given, "mori", "argon2", "PRIVATE KEY"):
                assert secret.encode() not in content
            assert file.stat().st_mode & 0o077 == 0


def test_a_kill_right_after_first_use_keeps_the_user_and_the_code_stays_dead(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin:
        client = admin.first_user()
        admin.kill()
        client.close()
        admin.start()
        with closing(admin.client()) as client:
            form = {"name": "eve", "code": admin.code, "password": PASSWORD, "again": PASSWORD}
            assert client.post("/first-use", data=form).status_code == 401
            form = {"name": "mori", "password": PASSWORD}
            assert client.post("/login", data=form).status_code == 303


def test_with_a_full_list_of_waiting_notes_nobody_acts_but_the_machine(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin:
        admin.first_user().close()
        admin.stop()
        folder = open_folder(admin.folder)
        book = load_book(folder)
        note = book.pending[0]
        waiting = [replace(note, id=f"n-{n}") for n in range(MOST_PENDING)]
        keep_book(folder, book.noted(*waiting))
        admin.start()
        with closing(admin.client()) as client:
            answer = client.post("/login", data={"name": "mori", "password": PASSWORD})
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            code = ask_console(folder, "reset-password", "mori")
            soon(lambda: load_book(folder).users["mori"].password is None)
            assert code


def test_two_admin_processes_on_one_folder_are_refused(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin:
        second = AdminProcess(admin.folder, tmp_path / "no-gate.sock")
        with pytest.raises(AssertionError):
            second.start()
        second.stop()


@pytest.mark.asyncio
async def test_notes_wait_for_the_gate_and_stand_in_its_journal_once_it_is_there(tmp_path):
    path = tmp_path / "admin.sock"
    with AdminProcess(tmp_path / "state", path) as admin:
        client = await asyncio.to_thread(admin.first_user)
        client.close()
        admin.kill()
        await asyncio.to_thread(admin.start)
        waiting = load_book(open_folder(admin.folder)).pending
        assert [note.kind for note in waiting] == [NoteKind.FIRST_USE, NoteKind.SIGNED_IN]
        script = Script(admin=AdminEnd(path=path, uid=os.geteuid()))
        async with Stage(tmp_path / "stage", script) as stage:
            await stage.ready()
            await until(lambda: len(journalled(stage)) >= 2)
            assert [entry["what"] for entry in journalled(stage)] == [
                "admin-first-use",
                "admin-signed-in",
            ]
            await until(lambda: not load_book(open_folder(admin.folder)).pending)


@pytest.mark.asyncio
async def test_a_flood_and_then_the_death_of_the_admin_process_leave_the_cycle_as_it_is(tmp_path):
    path = tmp_path / "admin.sock"
    script = Script(admin=AdminEnd(path=path, uid=os.geteuid()))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        cycle = stage.running.cycle
        assert cycle is not None
        with AdminProcess(tmp_path / "state", path) as admin:
            client = await asyncio.to_thread(admin.first_user)
            missed, end = cycle.missed, time.monotonic() + 4

            def flood():
                with closing(admin.client()) as guesser:
                    while time.monotonic() < end:
                        with suppress(httpx.HTTPError):
                            guesser.post("/login", data={"name": "mori", "password": "x"})

            def read():
                while time.monotonic() < end:
                    client.get("/documents")

            threads = [threading.Thread(target=one) for one in (flood, flood, read)]
            for thread in threads:
                thread.start()
            for thread in threads:
                await asyncio.to_thread(thread.join)
            client.close()
            admin.kill()
        await until(lambda: not stage.missing())
        assert cycle.missed - missed <= 10, "of some forty ticks on a loaded machine"
        answer = await stage.until_power(-1e9, 1e9)
        assert isinstance(answer, float)


def test_whoever_sends_no_whole_request_is_cut_off_and_holds_a_bounded_share(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin:
        url = httpx.URL(admin.address)
        context = ssl.create_default_context(cafile=admin.folder / CERTIFICATE)
        held = []
        for _ in range(MOST_OF_SOURCE + 4):
            plain = socket.create_connection((url.host, url.port), 5)
            with suppress(OSError):
                held.append(context.wrap_socket(plain, server_hostname=url.host))
        alive = []
        begun = time.monotonic()
        for one in held:
            with suppress(OSError):
                one.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\n")
                one.settimeout(HEAD_S + 10)
                alive.append(one)
        cut = 0
        for one in alive:
            with suppress(TimeoutError):
                try:
                    cut += one.recv(1) == b""
                except ConnectionError:
                    cut += 1
        assert cut == len(alive)
        assert time.monotonic() - begun < HEAD_S + 9
        for one in held:
            one.close()
        with closing(admin.client()) as client:
            assert client.get("/login").status_code in {200, 303}


def test_a_handshake_that_never_ends_is_cut_off(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin:
        url = httpx.URL(admin.address)
        begun = time.monotonic()
        with socket.create_connection((url.host, url.port), 5) as plain:
            plain.sendall(b"\x16\x03\x01")
            plain.settimeout(HANDSHAKE_S + 10)
            with suppress(ConnectionError):
                assert plain.recv(100) == b""
        assert time.monotonic() - begun < HANDSHAKE_S + 9


def test_signing_in_again_ends_the_session_of_before(tmp_path):
    with (
        AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin,
        closing(admin.first_user()) as client,
    ):
        before = client.cookies["__Host-sekisho"]
        form = {"form_token": form_token(client), "name": "mori", "password": PASSWORD}
        assert client.post("/login", data=form).status_code == 303
        assert client.get("/").status_code == 200
        assert client.cookies["__Host-sekisho"] != before
        stolen = {"Cookie": f"__Host-sekisho={before}"}
        client.cookies.clear()
        assert client.get("/", headers=stolen).status_code == 401


def test_the_form_token_is_another_in_each_session(tmp_path):
    with (
        AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as admin,
        closing(admin.first_user()) as one,
        closing(admin.client()) as two,
    ):
        form = {"name": "mori", "password": PASSWORD}
        assert two.post("/login", data=form).status_code == 303
        mine, other = form_token(one), form_token(two)
        assert mine != other
        assert one.post("/users", data={"form_token": other, "act": "add"}).status_code == 403
