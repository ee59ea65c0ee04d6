"""Two persons put a wider bound in force through the pages; one alone, or the wrong one, does not."""

import asyncio
import os
import re
from contextlib import closing
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from sekisho.gate.admin.book import Book, User
from sekisho.gate.admin.roles import Role
from sekisho.shell.admin.folder import keep_book, new_folder
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.quantity import Watts
from tests.admin_process import PASSWORD, AdminProcess, form_token, sent
from tests.shell.test_admin_socket import until

PEOPLE = {"tani": Role.ENGINEER, "mori": Role.SECURITY, "oka": Role.VIEWER}


@pytest.mark.asyncio
async def test_a_wider_bound_goes_through_the_pages_with_two_persons(tmp_path):
    path = tmp_path / "admin.sock"
    folder, _ = new_folder(tmp_path / "admin")
    book = Book(setup=None)
    encoded = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    for name, role in PEOPLE.items():
        book = book.with_user(User(name=name, role=role, password=encoded))
    keep_book(folder, book)
    script = Script(admin=AdminEnd(path=path, uid=os.geteuid()))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        engine = stage.running.engine
        now = engine.gate.bounds
        wider = replace(now, version=2, export_max=Watts(now.export_max + 1_000))
        stage.authority.sign_bounds(wider, tmp_path / "wider.json")
        raw = (tmp_path / "wider.json").read_bytes()
        await asyncio.to_thread(_up_to_one_approval, folder.path, path, raw, stage)
        await until(lambda: engine.gate.bounds.version == 2)
        assert engine.gate.bounds == wider


def _up_to_one_approval(folder, gate, raw, stage):
    before = stage.running.engine.gate.bounds
    with (
        AdminProcess(folder, gate) as admin,
        closing(signed_in(admin, "tani")) as engineer,
        closing(signed_in(admin, "mori")) as security,
        closing(signed_in(admin, "oka")) as viewer,
    ):
        upload = {"document": ("bounds.json", raw, "application/json")}
        form = {"form_token": form_token(engineer)}
        shown = engineer.post("/documents", data=form, files=upload)
        assert shown.status_code == 200
        assert "export_max" in shown.text
        found = re.search(r"sha256:([0-9a-f]{64})", shown.text)
        assert found
        digest = found[1]
        assert digest in viewer.get("/documents").text
        assert sent(viewer, "/documents/approve", digest=digest).status_code == 403
        assert sent(viewer, "/documents/withdraw", digest=digest).status_code == 409
        for path in ("/documents/approve", "/documents/withdraw"):
            assert sent(engineer, path, digest=digest[:-1]).status_code == 422
        assert sent(engineer, "/documents/approve", digest=digest).status_code == 200
        assert sent(engineer, "/documents/approve", digest=digest).status_code == 409
        assert stage.running.engine.gate.bounds == before
        done = sent(security, "/documents/approve", digest=digest)
        assert done.status_code == 200
        assert digest not in done.text
        broken = {"document": ("bounds.json", raw[:-9], "application/json")}
        form = {"form_token": form_token(engineer)}
        assert engineer.post("/documents", data=form, files=broken).status_code == 409


def signed_in(admin, name):
    client = admin.client()
    answer = client.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client
