"""Reports in a real browser, on a phone and on a desk: nothing leaves its place or the screen."""

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
OUTSIDE = """[...document.querySelectorAll('td')].filter(cell => [...cell.children].some(
    e => e.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1))
    .map(e => e.innerText)"""
PRODUCT = EXAMPLES / "made-up-product"


def checklist(out, lang):
    papers, signer = PRODUCT / "papers.sekisho-attestation", PRODUCT / "signer.pem"
    given = ["--attestation", str(papers), "--signer", str(signer), "--as-of", "2026-11-22"]
    bundle = str(PRODUCT / "evidence.sekisho-bundle")
    assert main(["checklist", bundle, *given, "--out", str(out), "--lang", lang]) == 1


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_verdict_runs_into_the_next_column(tmp_path, lang):
    site, early = str(EXAMPLES / "overseas-pcs"), str(EXAMPLES / "label-ends-early")
    main(["report", site, *KNOWN, "--format", "html", "--out", str(tmp_path), "--lang", lang])
    main(["timeline", early, *KNOWN, "--out", str(tmp_path / "timeline.html"), "--lang", lang])
    checklist(tmp_path / "checklist.html", lang)
    pages = sorted(tmp_path.glob("*.html"))
    assert len(pages) == 5
    for width in (1280, 800, 640):
        with chromium(viewport={"width": width, "height": 800}) as page:
            for file in pages:
                page.goto(file.as_uri())
                page.evaluate("document.fonts.ready.then(() => 0)")
                assert page.evaluate(OUTSIDE) == [], (file.name, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, file.name


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
