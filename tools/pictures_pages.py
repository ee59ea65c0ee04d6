"""Pictures of the gate's own pages, taken from the running product in Chromium: part of `make pictures`."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright

from sekisho.codec.command import Product
from sekisho.shell.gate.admin_socket import AdminEnd
from sekisho.shell.lab.stage import Script, Stage
from sekisho.terms.quantity import Watts
from tests.admin_process import PASSWORD, AdminProcess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Browser

SIZE: Mapping[str, int] = {"width": 1280, "height": 860}
FOLLOWED_S = 40
"""How long the plant is watched before the picture is taken."""
FIRST, THEN = Watts(400_000), Watts(1_600_000)


async def drawn(folder: Path) -> list[Path]:
    """The page of the plant in both languages."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is not there; install it with the system's packages")
    with TemporaryDirectory() as place:
        meets = Path(place) / "admin.sock"
        script = Script(admin=AdminEnd(path=meets, uid=os.geteuid()))
        admin = AdminProcess(Path(place) / "admin", meets)
        async with Stage(Path(place) / "stage", script) as stage:
            await stage.ready()
            await asyncio.to_thread(admin.start)
            try:
                async with async_playwright() as play:
                    browser = await play.chromium.launch(
                        executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                    )
                    return await _pictures(stage, browser, admin, folder)
            finally:
                await asyncio.to_thread(admin.stop)


async def _pictures(
    stage: Stage, browser: Browser, admin: AdminProcess, folder: Path
) -> list[Path]:
    address = admin.address.rstrip("/")
    await _first_user(browser, address, admin.code)
    for power in (FIRST, THEN):
        await asyncio.sleep(FOLLOWED_S / 4)
        await stage.setpoint(power, Product.JEPX_SPOT)
    await asyncio.sleep(FOLLOWED_S / 2)
    return [
        await _picture(browser, address, lang, folder / f"pages{suffix}")
        for lang, suffix in (("en", ".png"), ("ja", ".ja.png"))
    ]


async def _first_user(browser: Browser, address: str, code: str) -> None:
    page = await browser.new_page(ignore_https_errors=True)
    await page.goto(f"{address}/first-use")
    for name, value in (
        ("name", "mori"),
        ("code", code),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ):
        await page.fill(f"[name={name}]", value)
    await page.click("main button")
    await page.wait_for_selector("nav")
    await page.close()


async def _picture(browser: Browser, address: str, lang: str, file: Path) -> Path:
    page = await browser.new_page(
        ignore_https_errors=True,
        locale=lang,
        viewport={"width": SIZE["width"], "height": SIZE["height"]},
        color_scheme="light",
    )
    await page.goto(f"{address}/login")
    await page.fill("[name=name]", "mori")
    await page.fill("[name=password]", PASSWORD)
    await page.click("main button")
    await page.wait_for_selector("#live")
    await page.screenshot(path=file)
    await page.close()
    return file
