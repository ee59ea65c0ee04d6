"""The pages beside a real gate, in a real browser: readable in both languages and widths, and true."""

import asyncio
import io
import json
import os
import re
import time
import zipfile
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from sekisho.codec.command import Product
from sekisho.gate.admin.routes import ROUTES
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.gate.product import NOT_STATED
from sekisho.lab import sample
from sekisho.scheme.self_assessed import SELF_ASSESSED
from sekisho.shell.admin.door import Application
from sekisho.shell.admin.folder import keep_book, new_folder
from sekisho.shell.admin.frame import Office
from sekisho.shell.admin.gate_end import GateEnd
from sekisho.shell.admin.hashing import Hashes
from sekisho.shell.admin.history import History
from sekisho.shell.admin.keeper import Keeper
from sekisho.shell.admin.papers import Papers
from sekisho.shell.admin.rendering import Renderer
from sekisho.shell.admin.views import all_views
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.gate.journal_file import opened_log
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.terms.quantity import Share, WallMs, Watts
from sekisho.terms.texts import Lang
from tests.admin_process import PASSWORD, AdminProcess, form_token, sent, until
from tests.shell.browsers import chromium
from tests.shell.test_admin_routes import crowded

PAGES = (
    "/",
    "/devices",
    "/decisions",
    "/documents",
    "/journal",
    "/update",
    "/users",
    "/tokens",
    "/account",
    "/about",
)
WIDTHS = ({"width": 390, "height": 844}, {"width": 1280, "height": 800})
LOCALES = {Lang.JA: "ja-JP", Lang.EN: "en-GB"}
PRODUCT = """# Made up: there is no such product.
[product]
model = "MADE-UP-GATE-1"
contact = "mailto:security@made-up.example"
"""


NARROW = """[...document.querySelectorAll('main td, main dd, main p, main li')].filter(
    e => e.innerText.trim().length > 3 && e.getBoundingClientRect().width < 55
    && e.getBoundingClientRect().height > 60).map(e => e.innerText)"""


@asynccontextmanager
async def beside_a_gate(folder):
    """A stage whose gate is asked by an admin process; the first user is made."""
    meets, updates = folder / "admin.sock", folder / "updater" / "update.d"
    updates.mkdir(parents=True)
    product = folder / "product.toml"
    product.write_text(PRODUCT)
    script = Script(admin=AdminEnd(path=meets, uid=os.geteuid()))
    async with Stage(folder / "stage", script) as stage:
        await stage.ready()
        more = ("--site", str(stage.site_file), "--product", str(product))
        admin = AdminProcess(folder / "admin", meets, *more, "--updates", str(updates))
        await asyncio.to_thread(admin.start)
        try:
            await asyncio.to_thread(lambda: admin.first_user().close())
            yield stage, admin
        finally:
            await asyncio.to_thread(admin.stop)


def sign_in(page, admin):
    page.goto(f"{admin.address}login")
    page.fill("[name=name]", "mori")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("nav")


def settled(admin):
    """Somebody who waits for a first password, and a token: rows that the pages show."""
    with admin.client() as client:
        client.post("/login", data={"name": "mori", "password": PASSWORD})
        sent(client, "/users", "/users", act="add", name="sato", role="engineer")
        made = {"act": "make", "name": "scada", "days": "90", "scope-view": "on"}
        assert "skt_" in sent(client, "/tokens", "/tokens", **made).text


def walked(admin):
    """What is wrong on any page, in either language, on a phone or a desk."""
    wrong = []
    for lang, locale in LOCALES.items():
        for width in WIDTHS:
            with chromium(locale=locale, viewport=width) as page:
                sign_in(page, admin)
                for path in PAGES:
                    page.goto(admin.address.rstrip("/") + path)
                    at = f"{path} {lang} {width['width']}"
                    wrong += [f"{at}: {one}" for one in faults(page, lang)]
    return wrong


def faults(page, lang):
    if "Text(" in page.content():
        yield "a sentence in no language"
    if re.search(r"\d\d-\d\dT\d\d:", page.inner_text("main")):
        yield "a time as machines write it"
    if re.search(r"\b(setpoint|schedule):|版 \d", page.inner_text("main")):
        yield "words as machines write them"
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        yield "wider than the screen"
    if narrow := page.evaluate(NARROW):
        yield f"down the page letter by letter: {narrow}"
    if page.get_attribute("html", "lang") != lang.value or page.locator("h1").count() != 1:
        yield "no language or heading"
    if SELF_ASSESSED.says(lang) not in page.inner_text("footer"):
        yield "does not say how it stands"
    japanese = any("ぁ" <= c <= "ん" for c in page.inner_text("main"))
    if japanese is (lang is Lang.EN):
        yield "in the other language"
    for field in page.locator("main input:visible:not([type=hidden]), main select").all():
        if field.evaluate("f => f.labels.length === 0"):
            yield f"a field without a label: {field.get_attribute('name')}"
    if page.locator("[style], script:not([src])").count():
        yield "style or script in the page"
    for picture in page.locator("svg[role=img]").all():
        if not picture.get_attribute("aria-label"):
            yield "a plot that says nothing"


@pytest.mark.chromium
@pytest.mark.asyncio
async def test_every_page_is_whole_in_both_languages_and_widths(tmp_path):
    async with beside_a_gate(tmp_path) as (stage, admin):
        await stage.setpoint(Watts(300_000), Product.FCR)
        await asyncio.to_thread(settled, admin)
        assert await asyncio.to_thread(walked, admin) == []


def watched(admin, order, gone):
    with chromium(locale="en-GB") as page:
        sign_in(page, admin)
        page.wait_for_selector("svg.plot")
        assert page.locator("svg.plot").count() == 3
        before = page.inner_text("#power")
        order()
        until(lambda: page.inner_text("#power") != before)
        page.wait_for_selector("text=Standing orders")
        gone()
        page.wait_for_selector("text=The gate cannot be reached")


@pytest.mark.chromium
@pytest.mark.asyncio
async def test_the_plant_moves_on_its_page_and_a_lost_gate_is_said(tmp_path):
    async with beside_a_gate(tmp_path) as (stage, admin):
        loop = asyncio.get_running_loop()

        def done(work):
            return lambda: asyncio.run_coroutine_threadsafe(work(), loop).result(30)

        order = done(lambda: stage.setpoint(Watts(1_000_000), Product.FCR))
        await asyncio.to_thread(watched, admin, order, done(stage.stop_gate))


def read(admin, *paths):
    with admin.client() as client:
        client.post("/login", data={"name": "mori", "password": PASSWORD})
        english = {"Accept-Language": "en"}
        return [client.get(path, headers=english).text for path in paths]


@pytest.mark.asyncio
async def test_what_the_pages_say_is_what_the_gate_did(tmp_path):
    async with beside_a_gate(tmp_path) as (stage, admin):
        end = time.monotonic() + 20
        told = ""
        while "accepted with less power" not in told and time.monotonic() < end:
            # On a busy machine a reading may be too old for the first one.
            await stage.setpoint(Watts(90_000_000), Product.FCR)
            await asyncio.sleep(2.5)  # the gate tells its status once a second
            (told,) = await asyncio.to_thread(read, admin, "/decisions")
        paths = (
            "/decisions",
            "/devices",
            "/journal",
            "/about",
            "/journal?before=3",
            "/journal?before=x",
        )
        decisions, devices, journal, about, older, odd = await asyncio.to_thread(
            read, admin, *paths
        )
        assert "accepted with less power" in decisions
        assert "most export" in decisions
        assert "not on the excerpt" in devices
        assert "LAB-1" in devices
        assert "The gate started" in older
        assert "was accepted" in journal
        assert "MADE-UP-GATE-1" in about
        assert "mailto:security@made-up.example" in about
        assert NOT_STATED.en in about, "the support period was not declared"
        assert "What was sent is not right" in odd


def proposed(admin, content):
    """A document handed in by an engineer: the page after it, in both languages."""
    with admin.client() as client:
        client.post("/login", data={"name": "engineer", "password": PASSWORD})
        token = form_token(client, "/documents")
        files = {"document": ("bounds.json", content, "application/json")}
        client.post("/documents", data={"form_token": token}, files=files)
        return [
            client.get("/documents", headers={"Accept-Language": lang}).text
            for lang in ("en", "ja")
        ]


@pytest.mark.asyncio
async def test_a_proposal_shows_each_difference_with_its_unit_and_which_way_it_goes(tmp_path):
    meets = tmp_path / "admin.sock"
    script = Script(admin=AdminEnd(path=meets, uid=os.geteuid()))
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        bounds = sample.bounds(WallMs(now_ms()))
        raised = replace(bounds, version=bounds.version + 1, ramp_dispatch=300_000)
        document = tmp_path / "bounds.json"
        stage.authority.sign_bounds(replace(raised, soc_max=Share(0.8)), document)
        made, _ = new_folder(tmp_path / "admin")
        keep_book(made, crowded())
        with AdminProcess(tmp_path / "admin", meets) as admin:
            english, japanese = await asyncio.to_thread(proposed, admin, document.read_bytes())
    assert "▲ more</strong> ramp of dispatch: 200 kW/s → 300 kW/s" in english
    assert "▽ less</strong> most state of charge: 90 % → 80 %" in english
    assert "▲ 広がる</strong> 指令の変化速度: 200 kW/s → 300 kW/s" in japanese
    assert "Persons needed: 2" in english
    assert "Text(" not in english + japanese


def verified(admin):
    with admin.client() as client:
        client.post("/login", data={"name": "mori", "password": PASSWORD})
        client.headers["Accept-Language"] = "en"
        said = ""
        for _ in range(20):
            said = sent(client, "/journal/verify").text
            if "It holds" in said or "It was changed" in said:
                break
        return said


@pytest.mark.asyncio
async def test_the_journal_is_checked_from_its_page(tmp_path):
    async with beside_a_gate(tmp_path) as (_, admin):
        assert "It holds" in await asyncio.to_thread(verified, admin)


def handed_over(admin, content):
    with admin.client() as client:
        client.post("/login", data={"name": "mori", "password": PASSWORD})
        client.headers["Accept-Language"] = "en"
        token = client.get("/update").text.partition('name="form_token" value="')[2][:43]
        token = token.partition('"')[0]
        files = {"update": ("update.zip", content, "application/zip")}
        return client.post("/update", data={"form_token": token}, files=files)


@pytest.mark.asyncio
async def test_an_update_is_laid_for_the_updater_and_journalled_and_nothing_else_is_done(tmp_path):
    async with beside_a_gate(tmp_path) as (stage, admin):
        odd = await asyncio.to_thread(handed_over, admin, b"no archive")
        assert odd.status_code == 422
        drop = tmp_path / "updater" / "update.d"
        assert list(drop.iterdir()) == []
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("made-up.txt", os.urandom(3_000_000))
        answer = await asyncio.to_thread(handed_over, admin, packed.getvalue())
        assert answer.status_code == 200, answer.text
        assert [p.name for p in drop.iterdir()] == ["update.zip"]
        assert (drop / "update.zip").read_bytes() == packed.getvalue()
        assert (drop / "update.zip").stat().st_mode & 0o777 == 0o644
        (tmp_path / "updater" / "told.json").write_text(
            json.dumps({"number": 1, "old": "0.1.0", "new": "0.2.0", "digest": "0", "why": "x<b>"})
        )
        [page] = await asyncio.to_thread(read, admin, "/update")
        assert "0.1.0 → 0.2.0" in page
        assert "x&lt;b&gt;" in page
        for _ in range(100):
            if "admin-update-handed-over" in told(stage.state_path):
                break
            await asyncio.sleep(0.1)
        assert "admin-update-handed-over" in told(stage.state_path)


def told(state):
    with opened_log(state) as log:
        entries = [read_entry(row.entry or b"") for row in log.rows(1, log.last)]
    admin = [e for e in entries if isinstance(e, Entry) and e.kind is EntryKind.ADMIN]
    return [entry.body["what"] for entry in admin]


@pytest.mark.asyncio
async def test_a_page_that_refreshes_itself_does_not_keep_a_session_alive(tmp_path):
    folder, code = new_folder(tmp_path / "admin")
    gate = GateEnd(tmp_path / "no-gate.sock")
    keeper = Keeper(folder, gate)
    office = Office(
        keeper=keeper,
        gate=gate,
        hashes=Hashes(),
        is_common=lambda _: False,
        papers=Papers(),
        history=History(gate),
    )
    application = Application(office, all_views(), Renderer())
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="https://gate") as client:
        form = {"name": "mori", "code": code, "password": PASSWORD, "again": PASSWORD}
        assert (await client.post("/first-use", data=form)).status_code == 303
        begun = keeper.desk.sessions
        await asyncio.sleep(0.05)
        assert (await client.get("/live")).status_code == 200
        assert keeper.desk.sessions == begun
        assert (await client.get("/about")).status_code == 200
        assert keeper.desk.sessions != begun
    assert [route.path for route in ROUTES if route.by_itself] == ["/live"]
