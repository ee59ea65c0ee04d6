"""The pages of a plant whose PCS follow the frequency by themselves, beside a real gate, in a browser."""

import asyncio
import os
from typing import Any

import pytest

from sekisho.codec.bounds import Droop
from sekisho.gate.cycle import own_droop
from sekisho.gate.image import OwnDroop
from sekisho.lab import sample
from sekisho.lab.own_droop import Flaw
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.lab.plant import LivePlant
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.terms.quantity import Hertz, Watts
from sekisho.terms.texts import Lang
from tests.admin_process import AdminProcess
from tests.facts.gate import scene
from tests.shell.browsers import chromium
from tests.shell.test_admin_pages import LOCALES, WIDTHS, faults, sign_in

pytestmark = [pytest.mark.chromium, pytest.mark.asyncio]
CONTRACTED = Droop(
    deadband=Hertz(0.02), slope=Watts(2_000_000), power_max=Watts(400_000), reserve_minutes=5
)
SAID = {
    Lang.JA: ("PCS 自身の応動", "入です", "警報: PCS 自身の周波数応動", "装置の側を見てください"),
    Lang.EN: ("own droop (expected)", "on, as read back", "alarm: own droop", "see to it at the"),
}


def looked(admin):
    """What each page says, in both languages; faults on either width fail."""
    told, wrong = {}, []
    for lang, locale in LOCALES.items():
        for width in WIDTHS:
            with chromium(locale=locale, viewport=width) as page:
                sign_in(page, admin)
                for path in ("", "devices", "journal"):
                    page.goto(admin.address + path)
                    wrong += [f"{path} {lang} {width}: {one}" for one in faults(page, lang)]
                    told[path, lang] = page.inner_text("main")
    assert wrong == []
    return told


async def until(true):
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)


async def test_what_a_pcs_does_by_itself_and_that_it_cannot_be_stopped_are_said(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(own_droop, "CALM_MS", 500)
    meets = tmp_path / "admin.sock"
    wide = {"connection_import_max": Watts(2_100_000), "droop": CONTRACTED}
    script = Script(
        bounds=sample.bounds(now_ms(), **wide),
        settings=lambda read: scene.own_droop(read, "pcs-1", "pcs-2"),
        plant=LivePlant(sample.plan(("pcs-1", "pcs-2"))),
        admin=AdminEnd(path=meets, uid=os.geteuid()),
    )
    async with Stage(tmp_path / "stage", script) as stage:
        await stage.ready()
        with AdminProcess(tmp_path / "admin", meets) as admin:
            await asyncio.to_thread(lambda: admin.first_user().close())
            workers: Any = stage.running.workers
            await until(lambda: workers["pcs-1"].seen.own_droop is OwnDroop.ON)
            told = await asyncio.to_thread(looked, admin)
            for lang, (adds, on, alarm, remedy) in SAID.items():
                assert adds in told["", lang]
                assert on in told["devices", lang]
                assert alarm not in told["", lang]
                assert remedy not in told["devices", lang]
            pcs: dict[str, Any] = {
                str(name): unit for name, unit, _ in stage.plant.plant.blocks[0].pcs
            }
            pcs["pcs-2"].droop.flaws = frozenset({Flaw.NEVER_OFF})
            stage.plant.plant.grid.offset = -0.5
            await until(lambda: workers["pcs-2"].seen.own_droop is OwnDroop.FAILED)
            await until(lambda: stage.running.engine.gate.run.alarms)
            told = await asyncio.to_thread(looked, admin)
            for lang, (_, _, alarm, remedy) in SAID.items():
                assert alarm in told["", lang]
                assert remedy in told["devices", lang]
