"""Two devices of the same site, file and moment share no secret, and each secret has its full length."""

import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sekisho.shell.admin.folder import new_folder
from sekisho.shell.cli.main import main
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.sealing import read_kept, sealer_of

WINDOW = 8
"""So many bytes in common by chance: once in 2^64 pairs."""


@pytest.fixture
def devices(tmp_path, monkeypatch):
    """Two gates and their pages, made from the same file in the same frozen second."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    monkeypatch.setattr("time.time_ns", lambda: 1_800_000_000_000_000_000)
    shutil.copytree(Path(__file__).parents[2] / "examples/demo-site", "site")
    made = []
    for name in ("one", "two"):
        words = ["gate", "init", "site", "--state", name, "--authority", "site/authority.pem"]
        assert main(words) == 0
        admin, code = new_folder(tmp_path / f"{name}-admin")
        made.append(_secrets(open_state(tmp_path / name), admin, code))
    return made


def _secrets(gate, admin, code):
    own = load_pem_private_key(read_kept(gate, "gate.key"), password=None)
    north = load_pem_private_key(read_kept(gate, "north.key"), password=None)
    assert isinstance(own, ed25519.Ed25519PrivateKey)
    assert isinstance(north, ec.EllipticCurvePrivateKey)
    assert north.curve.key_size == 256
    return {
        "device": sealer_of(gate).key.secret,
        "own": own.private_bytes_raw(),
        "north": north.private_numbers().private_value.to_bytes(32, "big"),
        "pages": sealer_of(admin).key.secret,
        "code": code.encode(),
    }


def _windows(secret):
    return {secret[at : at + WINDOW] for at in range(len(secret) - WINDOW + 1)}


def test_no_bytes_of_a_secret_are_in_common(devices):
    one, two = devices
    for mine in one.values():
        for theirs in two.values():
            assert not _windows(mine) & _windows(theirs)


def test_no_two_secrets_of_one_device_are_in_common(devices):
    for secrets in devices:
        every = list(secrets.items())
        for at, (_, mine) in enumerate(every):
            for _, other in every[at + 1 :]:
                assert not _windows(mine) & _windows(other)


def test_key_material_has_its_full_length(devices):
    for secrets in devices:
        assert {len(secrets[name]) for name in ("device", "own", "north", "pages")} == {32}
        for name in ("device", "own", "north", "pages"):
            assert len(set(secrets[name])) > 16  # a constant or a counted-up number would not be
        assert len(secrets["code"].replace(b"-", b"")) >= 20  # 100 bits at 5 each


def test_nothing_of_a_secret_stands_in_the_identifiers(devices, tmp_path):
    seen = (tmp_path / "site/site.toml").read_bytes() + b"demo-1" + b"1800000000"
    for secrets in devices:
        for secret in secrets.values():
            assert secret not in seen
            assert secret.hex().encode() not in seen
