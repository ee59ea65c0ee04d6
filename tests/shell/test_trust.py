"""`sekisho trust`: keys of their owner alone, drafts read strictly, versions that only rise."""

from __future__ import annotations

import json
import stat

import pytest

from sekisho.codec.bounds_document import bounds_payload
from sekisho.codec.jws import Typ
from sekisho.codec.trust_document import trust_payload
from sekisho.shell.cli.main import main
from sekisho.shell.gate.state_folder import AUTHORITY, BOUNDS, TRUST, make_state
from sekisho.shell.keys import load_key, load_public, new_key, public_pem
from sekisho.terms.errors import InputError, WorldError
from sekisho.terms.ids import SiteId
from tests.orders import AGGREGATOR, bounds, trust, trusted_key
from tests.orders import AUTHORITY as SIGNER

TRUST_DRAFT = """document = "trust"
site = "kushiro-1"
version = 2

[all_keys]
change_per_minute = 10_000_000
change_per_hour = 100_000_000
reversals_per_hour = 10
energy_per_day = 400_000_000

[[keys]]
issuer = "agg"
public = "{public}"
may = ["setpoint:fcr", "schedule:jepx-spot", "curtail", "stop", "release"]
valid_from = 2026-11-01T00:00:00Z
valid_until = 2027-11-01T00:00:00Z

[keys.budget]
change_per_minute = 10_000_000
change_per_hour = 100_000_000
reversals_per_hour = 10
energy_per_day = 400_000_000
"""


@pytest.fixture(autouse=True)
def english(monkeypatch, tmp_path):
    monkeypatch.setenv("SEKISHO_LANG", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def state(tmp_path):
    folder = make_state(tmp_path / "state")
    folder.write(AUTHORITY, public_pem(SIGNER.public))
    return folder


def signed_trust(path, **changes):
    path.write_bytes(SIGNER.sign_document(trust_payload(trust(**changes)), Typ.TRUST))
    return str(path)


def signed_bounds(path, **changes):
    path.write_bytes(SIGNER.sign_document(bounds_payload(bounds(**changes)), Typ.BOUNDS))
    return str(path)


def test_a_new_key_is_its_owners_and_never_overwrites(tmp_path, capsys):
    assert main(["trust", "new-key", "agg.key", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert stat.S_IMODE((tmp_path / "agg.key").stat().st_mode) == 0o600
    signer = load_key(tmp_path / "agg.key")
    assert shown["kid"] == signer.kid
    assert load_public(tmp_path / "agg.key.pub") == signer.public
    before = (tmp_path / "agg.key").read_bytes()
    assert main(["trust", "new-key", "agg.key"]) == 2
    (tmp_path / "agg.key.pub").unlink()
    assert main(["trust", "new-key", "agg.key"]) == 2
    assert (tmp_path / "agg.key").read_bytes() == before


def test_a_draft_is_signed_shown_and_put_in_force(tmp_path, state, capsys):
    text = TRUST_DRAFT.format(public=json.loads(trust_payload(trust()))["keys"][0]["public"])
    (tmp_path / "draft.toml").write_text(text, encoding="utf-8")
    new_key(tmp_path / "authority.key")
    authority = load_key(tmp_path / "authority.key")
    state.write(AUTHORITY, public_pem(authority.public))
    assert main(["trust", "sign", "draft.toml", "--authority", "authority.key"]) == 0
    assert main(["trust", "apply", "trust.json", "--state", "state"]) == 0
    assert "trust.json version 2 is in force (before: none)." in capsys.readouterr().out
    assert main(["trust", "show", "state", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["verified"] is True
    assert shown["kids"] == [AGGREGATOR.kid]
    assert shown["trust"]["keys"][0]["valid_until"] == "2027-11-01T00:00:00Z"
    assert main(["trust", "show", "trust.json"]) == 0
    shown = capsys.readouterr().out
    assert "signature was not checked" in shown
    assert AGGREGATOR.kid in shown


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('document = "trust"', "", 'draft.toml: There is no line document = "trust"'),
        ("version = 2", "version = 0", "draft.toml:3: version is out of range"),
        ("version = 2", 'version = "2"', "draft.toml:3: version is not a whole number"),
        ('"curtail", ', '"curtails", ', "draft.toml:14: may cannot have"),
        ('issuer = "agg"', 'isuer = "agg"', "draft.toml:12: There is no member"),
        ("2027-11-01T00:00:00Z", "2025-11-01T00:00:00Z", "draft.toml:16: valid_until is not after"),
        ("valid_from = 2026-11-01T00:00:00Z", "valid_from = 2026-11-01", "valid_from is no time"),
        ("[all_keys]", "[all-keys]", "all_keys is missing"),
        ("[all_keys]", "[all_keys", "draft.toml:5"),
    ],
)
def test_a_draft_is_read_strictly(tmp_path, capsys, old, new, said):
    text = TRUST_DRAFT.format(public="A" * 43)
    assert old in text
    (tmp_path / "draft.toml").write_text(text.replace(old, new), encoding="utf-8")
    new_key(tmp_path / "authority.key")
    assert main(["trust", "sign", "draft.toml", "--authority", "authority.key"]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "trust.json").exists()


def test_versions_only_rise(tmp_path, state, capsys):
    assert (
        main(["trust", "apply", signed_trust(tmp_path / "a", version=3), "--state", "state"]) == 0
    )
    before = state.read(TRUST)
    for version in (3, 2, 1):
        path = signed_trust(tmp_path / "b", version=version)
        assert main(["trust", "apply", path, "--state", "state"]) == 2
        assert "not above version 3" in capsys.readouterr().err
    assert state.read(TRUST) == before
    assert (
        main(["trust", "apply", signed_trust(tmp_path / "c", version=4), "--state", "state"]) == 0
    )
    assert (
        main(["trust", "apply", signed_bounds(tmp_path / "d", version=1), "--state", "state"]) == 0
    )
    assert state.has(BOUNDS)


def test_a_document_of_another_site_is_refused(tmp_path, state, capsys):
    assert main(["trust", "apply", signed_trust(tmp_path / "a"), "--state", "state"]) == 0
    path = signed_bounds(tmp_path / "b", site=SiteId("elsewhere"))
    assert main(["trust", "apply", path, "--state", "state"]) == 2
    assert "elsewhere" in capsys.readouterr().err
    assert not state.has(BOUNDS)


def test_what_the_authority_did_not_sign_is_refused(tmp_path, state, capsys):
    forged = AGGREGATOR.sign_document(trust_payload(trust(version=9)), Typ.TRUST)
    (tmp_path / "forged").write_bytes(forged)
    assert main(["trust", "apply", "forged", "--state", "state"]) == 2
    assert "not signed by the site's authority" in capsys.readouterr().err
    (tmp_path / "other").write_text("{}", encoding="utf-8")
    assert main(["trust", "apply", "other", "--state", "state"]) == 2
    assert not state.has(TRUST)


def test_a_revoked_key_is_shown_as_such(tmp_path, capsys):
    path = signed_trust(tmp_path / "a", keys=(trusted_key(revoked=True),))
    assert main(["trust", "show", path]) == 0
    assert f"{AGGREGATOR.kid} (revoked)" in capsys.readouterr().out


def test_bounds_are_shown_with_every_number(tmp_path, capsys):
    assert main(["trust", "show", signed_bounds(tmp_path / "b")]) == 0
    shown = capsys.readouterr().out
    assert "export_max = 50,000,000" in shown
    assert "droop.deadband = 20" in shown


def test_an_empty_state_folder_has_nothing_to_show(state, capsys):
    assert main(["trust", "show", "state"]) == 2
    assert "neither trust nor bounds" in capsys.readouterr().err


def test_a_key_file_that_is_none_is_refused(tmp_path):
    broken = tmp_path / "broken.key"
    broken.write_text("not a key", encoding="utf-8")
    broken.chmod(0o600)
    with pytest.raises(InputError, match="no Ed25519"):
        load_key(broken)
    with pytest.raises(InputError, match="no Ed25519"):
        load_public(broken)
    with pytest.raises(WorldError):
        load_key(tmp_path / "none.key")
    broken.chmod(0o640)
    with pytest.raises(InputError, match="Others can read"):
        load_key(broken)
    with pytest.raises(WorldError):
        load_key(tmp_path)
