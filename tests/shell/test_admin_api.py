"""The programming interface beside a running gate: every answer is one that its document describes."""

import asyncio
import hashlib
import json
import os
import stat
from contextlib import closing
from dataclasses import replace

import jsonschema
import pytest

from sekisho.gate.admin.book import Book, User
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.roles import SCOPES, Role
from sekisho.shell.admin.folder import keep_book, load_book, new_folder, open_folder
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.quantity import Watts
from tests.admin_process import AdminProcess
from tests.shell.test_admin_routes import token, token_secret

BEARER = {"Authorization": f"Bearer {token_secret('all')}"}
JSON = {**BEARER, "Content-Type": "application/json"}
ZIP = {**BEARER, "Content-Type": "application/zip"}
UPDATE = b"PK\x03\x04 not a real one, and the updater would say so"


def folder_with_token(path):
    folder, _ = new_folder(path)
    user = User(name="engineer", role=Role.ENGINEER, password="$argon2id$none")
    keep_book(folder, Book(setup=None).with_user(user).with_token(token("all", SCOPES)))


def described(document, path, method, answer):
    """The answer is one of the document's, status and body."""
    call = document["paths"][path][method]
    assert str(answer.status_code) in call["responses"], answer.text
    content = call["responses"][str(answer.status_code)]["content"]["application/json"]
    schema = {**content["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(answer.json())
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.asyncio
async def test_every_call_answers_as_its_document_says(tmp_path):
    path = tmp_path / "admin.sock"
    script = Script(admin=AdminEnd(path=path, uid=os.geteuid()))
    folder_with_token(tmp_path / "admin")
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        now = stage.running.engine.gate.bounds
        wider = replace(now, version=2, export_max=Watts(now.export_max + 1))
        stage.authority.sign_bounds(wider, tmp_path / "wider.json")
        document = (tmp_path / "wider.json").read_bytes()
        await asyncio.to_thread(_calls, tmp_path / "admin", path, document)
        assert stage.running.engine.gate.bounds == now, "a token hands in and never approves"


def _calls(folder, gate, document):
    with AdminProcess(folder, gate) as admin, closing(admin.client()) as client:
        api = client.get("/api/v1/openapi.json", headers=BEARER).json()
        for path, calls in api["paths"].items():
            if "get" in calls:
                answer = client.get(path, headers=BEARER)
                assert answer.status_code == 200, answer.text
                if path != "/api/v1/openapi.json":
                    described(api, path, "get", answer)
        for query in ("before=-1", "count=0", "count=101", "count=x", "before=1.5", "count=１"):
            answer = client.get(f"/api/v1/journal?{query}", headers=BEARER)
            assert answer.status_code == 422
            described(api, "/api/v1/journal", "get", answer)
        path = "/api/v1/documents"
        for body in (b"", b"{}", b"[]", b"\xff", b'{"payload": "x"}', b"0" * 1_000):
            answer = client.post(path, content=body, headers=JSON)
            assert answer.status_code == 422
            described(api, path, "post", answer)
        large = client.post(path, content=b" " * 300_000, headers=JSON)
        assert large.status_code == 413
        described(api, path, "post", large)
        answer = client.post(path, content=document, headers=JSON)
        assert answer.status_code == 200
        described(api, path, "post", answer)
        assert answer.json()["needed"] == 2
        described(api, path, "get", client.get(path, headers=BEARER))
        refused = client.post("/api/v1/updates", content=UPDATE, headers=ZIP)
        assert refused.status_code == 409
        described(api, "/api/v1/updates", "post", refused)


def test_an_update_is_laid_whole_for_the_updater_and_told_to_the_journal(tmp_path):
    folder_with_token(tmp_path / "admin")
    updates = tmp_path / "updates"
    updates.mkdir()
    arguments = (tmp_path / "no-gate.sock", "--updates", str(updates))
    with AdminProcess(tmp_path / "admin", *arguments) as admin, closing(admin.client()) as client:
        assert client.post("/api/v1/updates", content=b"no zip", headers=ZIP).status_code == 422
        assert list(updates.iterdir()) == []
        answer = client.post("/api/v1/updates", content=UPDATE, headers=ZIP)
        assert answer.json() == {"digest": hashlib.sha256(UPDATE).hexdigest()}
    laid = list(updates.iterdir())
    assert [one.read_bytes() for one in laid] == [UPDATE]
    assert stat.S_IMODE(laid[0].stat().st_mode) == 0o644
    (note,) = load_book(open_folder(tmp_path / "admin")).pending
    assert (note.kind, note.user) == (NoteKind.UPDATE_DROPPED, "engineer")
    assert note.about.startswith("sha256:")


def test_without_a_gate_a_call_says_that_the_gate_is_away(tmp_path):
    folder_with_token(tmp_path / "admin")
    with (
        AdminProcess(tmp_path / "admin", tmp_path / "no-gate.sock") as admin,
        closing(admin.client()) as client,
    ):
        for path in ("status", "devices", "journal", "documents"):
            answer = client.get(f"/api/v1/{path}", headers=BEARER)
            assert answer.status_code == 502
            assert json.loads(answer.text)["error"]["en"]
