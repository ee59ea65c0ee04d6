"""Guessing over the network: it tells nothing, it slows down, and the machine's own door stays open."""

import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sekisho.gate.admin.throttle import FREE_OF_ACCOUNT, FREE_OF_SOURCE
from sekisho.gate.admin.words import TOO_COMMON, password_fault
from sekisho.shell.admin.common_passwords import common_passwords
from sekisho.shell.admin.folder import load_book, open_folder
from tests.admin_process import PASSWORD, AdminProcess, until


@pytest.fixture
def admin(tmp_path):
    with AdminProcess(tmp_path / "state", tmp_path / "no-gate.sock") as running:
        yield running


def sekisho(*arguments):
    program = Path(sys.executable).with_name("sekisho")
    done = subprocess.run(
        [program, "admin", *arguments, "--lang", "en"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def guess(client, name="mori", password="wrong"):
    return client.post("/login", data={"name": name, "password": password})


def test_an_unknown_name_is_told_no_more_than_a_wrong_password(admin):
    with closing(admin.first_user()), closing(admin.client()) as client:
        told = {
            re.sub(r'value="[^"]*"', "", guess(client, name).text) for name in ("mori", "x", "")
        }
        assert len(told) == 1


def test_after_a_few_wrong_guesses_the_right_password_waits_too(admin):
    admin.first_user().close()
    with closing(admin.client()) as client:
        codes = [guess(client).status_code for _ in range(FREE_OF_ACCOUNT)]
        assert codes == [401] * FREE_OF_ACCOUNT
        shut = guess(client, password=PASSWORD)
        assert shut.status_code == 429
        assert 1 <= int(shut.headers["Retry-After"]) <= 2
        strangers = [guess(client, f"stranger-{n}").status_code for n in range(FREE_OF_SOURCE)]
        assert strangers[-1] == 429, "one address cannot go through names either"


def test_the_machine_opens_what_the_network_has_shut_also_while_the_process_runs(admin):
    admin.first_user().close()
    with closing(admin.client()) as client:
        while guess(client).status_code != 429:
            pass
        sekisho("unlock", "mori", "--state", str(admin.folder))
        until(lambda: load_book(open_folder(admin.folder)).users["mori"].failures == 0)
        until(lambda: guess(client, password=PASSWORD).status_code == 303)


def test_a_password_is_reset_at_the_machine_by_a_code_that_is_good_once(admin):
    with closing(admin.first_user()) as client, closing(admin.client()) as other:
        told = sekisho("reset-password", "mori", "--state", str(admin.folder))
        code = told.split()[-1]
        until(lambda: client.get("/").status_code == 401)
        assert guess(other, password=PASSWORD).status_code == 401
        form = {"name": "mori", "code": code, "password": "another-brook-5", "again": ""}
        form["again"] = form["password"]
        assert other.post("/first-use", data=form).status_code == 303
        assert client.post("/first-use", data=form).status_code == 401
    kinds = [note.kind.value for note in load_book(open_folder(admin.folder)).pending]
    assert "admin-password-reset-at-the-machine" in kinds


def test_the_set_up_code_is_guessed_no_faster_and_dies_on_use(admin):
    form = {"name": "eve", "password": PASSWORD, "again": PASSWORD}
    with closing(admin.client()) as client:
        wrong = {**form, "code": "AAAAA-AAAAA-AAAAA-AAAAA"}
        codes = [client.post("/first-use", data=wrong).status_code for _ in range(8)]
        assert codes[:FREE_OF_ACCOUNT] == [401] * FREE_OF_ACCOUNT
        assert codes[-1] == 429
    admin.stop()
    admin.start()
    admin.first_user().close()
    with closing(admin.client()) as client:
        assert client.post("/first-use", data={**form, "code": admin.code}).status_code == 401
    assert set(load_book(open_folder(admin.folder)).users) == {"mori"}


def test_the_lists_of_common_passwords_are_those_of_zxcvbn():
    is_common = common_passwords()
    for word in ("password", "123456789", "qwertyuiop", "iloveyou", "1qaz2wsx3edc"):
        assert is_common(word)
    assert not is_common(PASSWORD)
    for more in ("1qaz2wsx3edc", "1qaz2wsx3edc4", "1QAZ2wsx3edc!!", "qwertyuiop123!"):
        assert password_fault(more, "mori", is_common) is TOO_COMMON
