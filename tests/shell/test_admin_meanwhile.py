"""What happens while a request is under way: somebody is shut out, an answer is late, a disk is slow."""

import asyncio
import json
import re
import socket
import ssl
import time
from contextlib import closing, contextmanager
from functools import partial
from urllib.parse import urlsplit

import pytest
from typing_extensions import override

from sekisho.gate.admin.desk import SETUP, Moment, ask, begun, first_use_asked
from sekisho.gate.admin.messages import AskDocuments, AskJournal, AskStatus
from sekisho.gate.admin.throttle import MOST_FAILURES
from sekisho.shell.admin import keeper as keepers
from sekisho.shell.admin.console import Console, ask_console
from sekisho.shell.admin.folder import CERTIFICATE, load_book, new_folder, open_folder
from sekisho.shell.admin.gate_end import GateAwayError, GateEnd
from sekisho.shell.admin.keeper import Keeper
from sekisho.shell.clock import boot_ms
from sekisho.terms.errors import InputError
from sekisho.terms.quantity import BootMs, WallMs
from tests.admin_process import PASSWORD, AdminProcess, form_token, sent

_CODE = re.compile(r"[A-Z2-9]{5}(?:-[A-Z2-9]{5}){3}")


@pytest.fixture
def admin(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as running:
        yield running


def joined(admin, chief, name, role):
    """A second person, signed in."""
    code = _CODE.search(sent(chief, "/users", "/users", act="add", name=name, role=role).text)
    assert code is not None
    client = admin.client()
    form = {"name": name, "code": code[0], "password": PASSWORD, "again": PASSWORD}
    assert client.post("/first-use", data=form).status_code == 303
    return client


@contextmanager
def begun_form(admin, client, path, body):
    """A form whose head was sent, and whose body waits."""
    host, port = urlsplit(admin.address).hostname, urlsplit(admin.address).port
    trusted = ssl.create_default_context(cafile=admin.folder / CERTIFICATE)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    plain = socket.create_connection((host, port), timeout=20)
    with trusted.wrap_socket(plain, server_hostname=host) as line:
        line.sendall(head.encode() + body[:1])
        time.sleep(0.5)
        yield lambda: _rest(line, body[1:])


def _rest(line, body):
    line.sendall(body)
    return int(line.recv(64).split()[1])


def test_who_is_removed_while_their_form_arrives_changes_nothing_with_it(admin):
    with (
        closing(admin.first_user()) as chief,
        closing(joined(admin, chief, "kita", "security")) as kita,
    ):
        form = f"form_token={form_token(kita, '/users')}&act=add&name=hidden&role=security".encode()
        with begun_form(admin, kita, "/users", form) as finished:
            assert sent(chief, "/users", "/users", act="remove", name="kita").status_code == 200
            assert finished() == 401
        assert "hidden" not in load_book(open_folder(admin.folder)).users


def test_who_loses_the_role_while_their_form_arrives_changes_nothing_with_it(admin):
    with (
        closing(admin.first_user()) as chief,
        closing(joined(admin, chief, "kita", "security")) as kita,
    ):
        form = f"form_token={form_token(kita, '/users')}&act=remove&name=mori".encode()
        with begun_form(admin, kita, "/users", form) as finished:
            sent(chief, "/users", "/users", act="role", name="kita", role="viewer")
            assert finished() == 401
        assert "mori" in load_book(open_folder(admin.folder)).users


# ---- the socket ------------------------------------------------------------------------------


class SlowGate:
    """Answers each question with its own name, the first one late."""

    def __init__(self, path, late_s):
        self.path, self.late_s, self.asked = path, late_s, 0

    async def __aenter__(self):
        self.server = await asyncio.start_unix_server(self._serve, str(self.path))
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await asyncio.sleep(0.05)  # its own ends see that the others are gone

    async def _serve(self, reader, writer):
        with closing(writer):
            await self._answer(reader, writer)

    async def _answer(self, reader, writer):
        while line := await reader.readline():
            self.asked += 1
            if self.asked == 1:
                await asyncio.sleep(self.late_s)
            writer.write(json.dumps({"ok": {"asked": json.loads(line)["ask"]}}).encode() + b"\n")


@pytest.mark.asyncio
async def test_the_answer_to_a_question_that_was_given_up_is_nobody_elses(tmp_path):
    async with SlowGate(tmp_path / "gate.sock", 0.3) as slow:
        gate = GateEnd(slow.path)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await gate.ask(AskDocuments())
        for question, name in ((AskJournal(before=0, count=1), "journal"), (AskStatus(), "status")):
            assert await gate.ask(question) == {"asked": name}
        await gate.close()


@pytest.mark.asyncio
async def test_who_asks_for_the_status_while_it_is_asked_for_gets_it_too(tmp_path):
    async with SlowGate(tmp_path / "gate.sock", 0.2) as slow:
        gate = GateEnd(slow.path)
        found = await asyncio.gather(gate.status(), gate.status(), gate.status())
        assert list(found) == [{"asked": "status"}] * 3
        assert slow.asked == 1
        await gate.close()


@pytest.mark.asyncio
async def test_an_answer_longer_than_any_is_a_gate_away_and_the_next_one_is_read(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("sekisho.shell.admin.gate_end.MOST_ANSWER", 64)
    gate = GateEnd(tmp_path / "gate.sock")
    answers = iter([b"x" * 1_000, b'{"ok":{}}'])

    async def serve(reader, writer):
        with closing(writer):
            while await reader.readline():
                writer.write(next(answers) + b"\n")

    async with await asyncio.start_unix_server(serve, str(tmp_path / "gate.sock")):
        with pytest.raises(GateAwayError):
            await gate.ask(AskDocuments())
        assert await gate.ask(AskDocuments()) == {}
        await gate.close()
        await asyncio.sleep(0.05)


class FussyGate(SlowGate):
    """Refuses the first note that it is told, each time."""

    def __init__(self, path):
        super().__init__(path, 0)
        self.taken = []

    @override
    async def _answer(self, reader, writer):
        while line := await reader.readline():
            note = json.loads(line)["note"]
            if note["kind"] != "admin-first-use":
                self.taken.append(note["kind"])
                writer.write(b'{"ok":{}}\n')
            else:
                writer.write(b'{"no":{"ja":"","en":""},"busy":false}\n')


@pytest.mark.asyncio
async def test_a_note_that_the_gate_refuses_stays_and_holds_up_no_other(tmp_path, admin):
    client = await asyncio.to_thread(admin.first_user)
    client.close()
    admin.stop()
    async with FussyGate(tmp_path / "fussy.sock") as fussy:
        gate = GateEnd(fussy.path)
        keeper = Keeper(open_folder(admin.folder), gate)
        telling = asyncio.create_task(keeper.run())
        for _ in range(200):
            await asyncio.sleep(0.05)
            if len(keeper.desk.book.pending) == 1:
                break
        telling.cancel()
        await asyncio.wait({telling})
        await gate.close()
        assert fussy.taken == ["admin-signed-in"]
        assert [one.kind.value for one in keeper.desk.book.pending] == ["admin-first-use"]


# ---- guesses ---------------------------------------------------------------------------------


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "step", [ask, lambda desk, name, moment: first_use_asked(desk, name, "x", moment)]
)
async def test_a_guess_at_a_name_that_nobody_has_costs_the_same_write(
    tmp_path, admin, monkeypatch, step
):
    admin.first_user().close()
    admin.stop()
    folder = open_folder(admin.folder)
    keeper = Keeper(folder, GateEnd(tmp_path / "no-gate.sock"))
    written = []
    monkeypatch.setattr(keepers, "keep_book", lambda *_: written.append(1))
    for name in ("mori", "nobody"):
        before = len(written)
        moment = keeper.moment("192.0.2.9")
        await keeper.change_by_guess(partial(_turned, step, name, moment))
        assert len(written) == before + 1, name


def _turned(step, name, moment, desk):
    return step(desk, name, moment)


def test_first_use_that_strangers_have_shut_is_opened_at_the_machine(tmp_path):
    async def shut_and_opened():
        folder, code = new_folder(tmp_path / "state")
        keeper = Keeper(folder, GateEnd(tmp_path / "no-gate.sock"))
        desk, at = begun(load_book(folder), boot_ms()), boot_ms()
        for _ in range(MOST_FAILURES):
            at = BootMs(at + 3_600_000)
            moment = Moment(wall=WallMs(1), boot=at, source=str(at), random=lambda: "r" * 43)
            desk, _ = first_use_asked(desk, "mori", "wrong", moment)
        assert desk.throttle.accounts[SETUP].failures == MOST_FAILURES
        keeper.desk = desk
        console = asyncio.create_task(Console(folder, keeper).run())
        with folder.held():
            await asyncio.to_thread(ask_console, folder, "unlock", "mori")
            await asyncio.sleep(1.5)
        console.cancel()
        moment = keeper.moment("192.0.2.9")
        _, outcome = first_use_asked(keeper.desk, "mori", code, moment)
        return outcome

    assert asyncio.run(shut_and_opened()) is None
    with pytest.raises(InputError):
        ask_console(open_folder(tmp_path / "state"), "reset-password", "mori")
