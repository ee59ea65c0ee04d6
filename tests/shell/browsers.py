"""A real browser, headless, that remembers every address asked for and every complaint."""

import os
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright


@contextmanager
def chromium(**options):
    """A page of a new browser; it fails at the end where the browser complained of anything."""
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("SEKISHO_REQUIRE_CHROMIUM"):
            pytest.fail("chromium is required here and is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        context = browser.new_context(ignore_https_errors=True, **options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        try:
            yield page
        finally:
            context.close()
            browser.close()
        origin = {url.split("/")[2] for url in asked if url.startswith("http")}
        assert len(origin) <= 1, f"asked elsewhere: {origin}"
        # A status of 4xx is logged as a failed load; anything else is a complaint of the policy.
        assert [one for one in complaints if "Failed to load resource" not in one] == []
