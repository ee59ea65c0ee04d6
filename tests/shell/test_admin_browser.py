"""The main paths through the pages in a real browser: what a person does on the first day and after."""

import time

import pyotp
import pytest

from tests.admin_process import PASSWORD, AdminProcess
from tests.shell.browsers import chromium

pytestmark = pytest.mark.chromium
PHONE = {"width": 390, "height": 844}
NEXT = "nine-rivers-under-a-kite"


@pytest.fixture
def admin(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as running:
        yield running


def first_use(page, admin):
    page.goto(f"{admin.address}first-use")
    page.fill("[name=name]", "mori")
    page.fill("[name=code]", admin.code.lower())
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button")
    page.wait_for_selector("nav")


def sign_in(page, admin, password):
    page.goto(f"{admin.address}login")
    page.fill("[name=name]", "mori")
    page.fill("[name=password]", password)
    page.click("main button")


def sign_out(page):
    page.click("form[action='/logout'] button")
    page.wait_for_selector("[name=password]")


def fits(page):
    """Whether nothing is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_first_use_sign_out_and_sign_in(admin):
    with chromium(locale="ja-JP", viewport=PHONE) as page:
        page.goto(admin.address)
        assert "サインイン" in page.inner_text("h1")
        first_use(page, admin)
        assert "設備の状態" in page.inner_text("h1")
        assert fits(page)
        sign_out(page)
        page.goto(admin.address)
        assert page.locator("nav").count() == 0
        sign_in(page, admin, "not the right one")
        page.wait_for_selector("[role=alert]")
        sign_in(page, admin, PASSWORD)
        page.wait_for_selector("nav")


def test_a_second_factor_is_set_up_by_its_picture_and_asked_from_then_on(admin):
    with chromium(locale="en-GB") as page:
        first_use(page, admin)
        page.goto(f"{admin.address}account")
        page.click("a[href='/account/second-factor']")
        page.wait_for_selector(".qr svg path", state="attached")
        secret = page.inner_text("#secret").replace(" ", "")
        page.fill("[name=code]", "000000")
        page.click("main button")
        page.wait_for_selector("[role=alert]")
        assert page.inner_text("#secret").replace(" ", "") == secret
        page.fill("[name=code]", pyotp.TOTP(secret).now())
        page.click("main button")
        recovery = page.inner_text("#recovery").split()
        assert len(recovery) == 8
        sign_out(page)
        sign_in(page, admin, PASSWORD)
        page.wait_for_selector("[name=code]")
        page.goto(admin.address)
        assert page.locator("nav").count() == 0, "the password alone opens nothing"
        page.goto(f"{admin.address}login/code")
        page.fill("[name=code]", recovery[3])
        page.click("main button")
        page.wait_for_selector("nav")
        sign_out(page)
        sign_in(page, admin, PASSWORD)
        page.fill("[name=code]", pyotp.TOTP(secret).at(int(time.time()) + 30))
        page.click("main button")
        page.wait_for_selector("nav")


def test_a_changed_password_is_the_one_that_counts(admin):
    with chromium(locale="en-GB") as page:
        first_use(page, admin)
        page.goto(f"{admin.address}account")
        for now, new, again in (
            ("wrong", NEXT, NEXT),
            (PASSWORD, NEXT, f"{NEXT}!"),
            (PASSWORD, "password1234", "password1234"),
        ):
            page.fill("form[action='/account/password'] [name=now]", now)
            page.fill("[name=password]", new)
            page.fill("[name=again]", again)
            page.click("form[action='/account/password'] button")
            page.wait_for_selector("[role=alert]")
        page.fill("form[action='/account/password'] [name=now]", PASSWORD)
        page.fill("[name=password]", NEXT)
        page.fill("[name=again]", NEXT)
        page.click("form[action='/account/password'] button")
        page.wait_for_selector("nav")
        sign_out(page)
        sign_in(page, admin, PASSWORD)
        page.wait_for_selector("[role=alert]")
        sign_in(page, admin, NEXT)
        page.wait_for_selector("nav")


def test_a_user_is_added_signs_in_with_a_code_and_sees_what_the_role_may(admin):
    with chromium(locale="en-GB") as page:
        first_use(page, admin)
        page.goto(f"{admin.address}users")
        page.fill("main form.stacked [name=name]", "oka")
        page.select_option("main form.stacked [name=role]", "viewer")
        page.click("main form.stacked button")
        code = page.inner_text("#code")
        page.goto(f"{admin.address}tokens")
        page.fill("[name=name]", "night report")
        page.check("[name=scope-view]")
        page.click("main form.stacked button")
        assert page.inner_text("#token").startswith("skt_")
        page.reload()
        sign_out(page)
        page.goto(f"{admin.address}first-use")
        page.fill("[name=name]", "oka")
        page.fill("[name=code]", code)
        page.fill("[name=password]", NEXT)
        page.fill("[name=again]", NEXT)
        page.click("main button")
        page.wait_for_selector("nav")
        assert page.locator("nav a[href='/users']").count() == 0
        page.goto(f"{admin.address}users")
        assert "may not" in page.inner_text("h1")


def test_the_language_is_changed_on_every_page(admin):
    with chromium(locale="ja-JP") as page:
        page.goto(f"{admin.address}login")
        page.click("form[action='/language'] button")
        page.wait_for_selector("html[lang=en]")
        first_use(page, admin)
        assert "The plant" in page.inner_text("h1")
        page.click("form[action='/language'] button")
        page.wait_for_selector("html[lang=ja]")
        assert page.locator("nav").count() == 1
