"""A report in a real browser on a phone: nothing runs out of the screen or down it letter by letter."""

import pytest

from sekisho.shell.cli.main import main
from tests.plants import EXAMPLES, MADE_UP
from tests.shell.browsers import chromium

pytestmark = pytest.mark.chromium
PHONE = {"width": 390, "height": 844}
KNOWN = ("--register", str(MADE_UP), "--known-at", "2026-11-22")
LETTERS = """[...document.querySelectorAll('caption, h1, h2, h3, h4, td, p, li')]
    .filter(e => e.innerText.trim().length > 1 && e.getBoundingClientRect().width < 60)
    .map(e => e.innerText)"""
SMALL = """[...document.querySelectorAll('figure svg')]
    .filter(e => e.getBoundingClientRect().width < 600).length"""


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_report_can_be_read_on_a_phone(tmp_path, lang):
    site = str(EXAMPLES / "overseas-pcs")
    main(["report", site, *KNOWN, "--format", "html", "--out", str(tmp_path), "--lang", lang])
    pages = sorted(tmp_path.glob("*.html"))
    assert len(pages) == 3
    for file in pages:
        with chromium(viewport=PHONE) as page:
            page.goto(file.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, file.name
            assert page.evaluate(LETTERS) == [], file.name
            assert page.evaluate(SMALL) == 0, "a picture is moved under the finger, not made tiny"
