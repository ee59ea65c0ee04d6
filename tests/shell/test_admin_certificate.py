"""The certificate of the pages: made on the device, kept, renewed, or one of the site's own."""

from contextlib import closing
from datetime import timedelta

import pytest

from sekisho.shell.admin import certificate
from sekisho.shell.admin.certificate import ensure_certificate
from sekisho.shell.admin.folder import CERTIFICATE, KEY, new_folder
from sekisho.shell.lab.authority import Authority
from sekisho.shell.sealing import is_sealed
from tests.admin_process import AdminProcess


@pytest.fixture
def folder(tmp_path):
    made, _ = new_folder(tmp_path / "state")
    ensure_certificate(made, "192.0.2.5")
    return made


def test_it_is_made_once_and_its_key_is_sealed(folder):
    before = folder.read(CERTIFICATE), folder.read(KEY)
    ensure_certificate(folder, "192.0.2.5")
    assert (folder.read(CERTIFICATE), folder.read(KEY)) == before
    assert is_sealed(before[1])


def test_a_kill_between_key_and_certificate_makes_both_anew(folder, tmp_path):
    other, _ = new_folder(tmp_path / "other")
    ensure_certificate(other, "192.0.2.5")
    stray = other.read(CERTIFICATE)
    folder.write(CERTIFICATE, stray)
    ensure_certificate(folder, "192.0.2.5")
    assert folder.read(CERTIFICATE) != stray
    folder.write(CERTIFICATE, b"half of it")
    ensure_certificate(folder, "192.0.2.5")
    assert folder.read(CERTIFICATE).startswith(b"-----BEGIN CERTIFICATE")


def test_it_is_renewed_before_its_end(folder, monkeypatch):
    before = folder.read(CERTIFICATE)
    monkeypatch.setattr(certificate, "RENEWED", certificate.LIFE + timedelta(days=1))
    ensure_certificate(folder, "192.0.2.5")
    assert folder.read(CERTIFICATE) != before


def test_two_devices_share_no_key_and_no_set_up_code(tmp_path):
    made = [new_folder(tmp_path / name) for name in ("one", "two")]
    for one, _ in made:
        ensure_certificate(one, "localhost")
    assert made[0][1] != made[1][1]
    assert made[0][0].read(CERTIFICATE) != made[1][0].read(CERTIFICATE)


def test_a_certificate_of_the_sites_own_authority_is_shown_instead(tmp_path):
    authority = Authority(tmp_path / "authority")
    own = authority.server("pages")
    admin = AdminProcess(
        tmp_path / "state",
        tmp_path / "no-gate.sock",
        "--certificate",
        str(own.certificate),
        "--key",
        str(own.key),
    )
    with admin:
        assert not (admin.folder / CERTIFICATE).exists()
        (admin.folder / CERTIFICATE).write_bytes(authority.ca.read_bytes())
        with closing(admin.client()) as client:
            assert client.get("/first-use").status_code == 200
