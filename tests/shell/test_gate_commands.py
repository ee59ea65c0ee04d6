"""`sekisho gate init`, `check`, `status` and `reset` on a real state folder and real devices."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from sekisho.codec.command import Product
from sekisho.gate.settings import SouthRole
from sekisho.lab import sample
from sekisho.shell.cli.main import main
from sekisho.shell.gate import checks, contact
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.resetting import ResetRequest, ask_for_reset, taken_reset
from sekisho.shell.gate.state_folder import NORTH_REQUEST, RESET, open_state
from sekisho.shell.keys import load_public, new_key, public_pem
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.plant_process import PlantProcess, Service
from sekisho.shell.lab.stage import LabTime, now_ms
from sekisho.shell.sealing import read_sealed
from sekisho.terms.errors import InputError
from sekisho.terms.ids import SiteId

EXAMPLE = Path(__file__).parents[2] / "examples" / "demo-site"


@pytest.fixture
def site(tmp_path):
    return Path(shutil.copytree(EXAMPLE, tmp_path / "site"))


def _init(site, state, authority=None):
    key = authority or site / "authority.pem"
    return main(["gate", "init", str(site), "--state", str(state), "--authority", str(key)])


def test_init_makes_a_private_folder_with_keys_that_belong_together(site, tmp_path, capsys):
    assert _init(site, tmp_path / "state") == 0
    folder = open_state(tmp_path / "state")
    assert load_public(folder.file("gate.pub")) == own_signer(folder).public
    request = x509.load_pem_x509_csr(folder.read(NORTH_REQUEST))
    key = serialization.load_pem_private_key(read_sealed(folder, "north.key"), password=None)
    assert request.is_signature_valid
    assert request.public_key() == key.public_key()
    assert request.subject.rfc4514_string() == "CN=demo-1"
    shown = capsys.readouterr().out
    assert own_signer(folder).kid in shown
    assert "PRIVATE" not in shown


def test_init_keeps_what_is_there(site, tmp_path, capsys):
    assert _init(site, tmp_path / "state") == 0
    before = (tmp_path / "state" / "gate.key").read_bytes()
    assert _init(site, tmp_path / "state") == 2
    assert (tmp_path / "state" / "gate.key").read_bytes() == before


def test_init_refuses_another_authority_and_leaves_nothing(site, tmp_path, capsys):
    other = tmp_path / "other.pem"
    other.write_bytes(public_pem(new_key(tmp_path / "other.key").public))
    assert _init(site, tmp_path / "state", other) == 2
    assert "[authority]" in capsys.readouterr().err
    assert not (tmp_path / "state").exists()


def test_init_that_fails_halfway_leaves_nothing(site, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sekisho.shell.gate.enrolment.certificate_request", lambda _: 1 / 0)
    assert _init(site, tmp_path / "state") == 2
    assert not (tmp_path / "state").exists()


def test_a_profile_must_fit_the_devices_role_and_the_trips_coil(site):
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "relay.toml").write_text(sample.RELAY, encoding="utf-8")
    fitting = text.replace(
        '502"\nunit = 1\n\n[fallback]', '502"\nunit = 1\nprofile = "relay.toml"\n\n[fallback]'
    )
    assert fitting != text
    (site / "site.toml").write_text(fitting, encoding="utf-8")
    assert set(load_configuration(site).profiles) == {"relay.toml"}
    digest = load_configuration(site).settings.digest
    with (site / "relay.toml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert load_configuration(site).settings.digest != digest
    (site / "site.toml").write_text(fitting.replace("coil = 0", "coil = 3"), encoding="utf-8")
    with pytest.raises(InputError, match="Coil 3"):
        load_configuration(site)
    wrong = text.replace(
        '192.0.2.14:502"\nunit = 1\n', '192.0.2.14:502"\nunit = 1\nprofile = "relay.toml"\n'
    )
    (site / "site.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError, match="meter-1 is a meter"):
        load_configuration(site)


def test_a_profile_may_not_come_from_outside_the_folder(site, tmp_path):
    (tmp_path / "relay.toml").write_text(sample.RELAY, encoding="utf-8")
    (site / "relay.toml").symlink_to(tmp_path / "relay.toml")
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(
        text.replace(
            '502"\nunit = 1\n\n[fallback]', '502"\nunit = 1\nprofile = "relay.toml"\n\n[fallback]'
        ),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="outside"):
        load_configuration(site)


# ---- check ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plant():
    with PlantProcess(Service(plan=sample.plan())) as running:
        yield running


def _key(signer, now):
    """All but the product that asks for three hours of a battery of two."""
    key = sample.key(signer.public, now)
    may = frozenset(grant for grant in key.may if grant.product is not Product.CAPACITY)
    return replace(key, may=may)


@pytest.fixture
def laid(plant, tmp_path, monkeypatch):
    """A site file of the running plant, its authority, and a complete state folder."""
    monkeypatch.setattr("sekisho.shell.cli.gate_check.KernelClock", LabTime)
    authority = Authority(tmp_path / "authority")
    ends = sample.Ends(
        devices=plant.control.addresses(), broker=1, fingerprint=authority.fingerprint
    )
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "site.toml").write_text(sample.site_text(ends), encoding="utf-8")
    (folder / "relay.toml").write_text(sample.RELAY, encoding="utf-8")
    state = tmp_path / "state"
    assert _init(folder, state, authority.public) == 0
    kept = open_state(state)
    signer = new_key(tmp_path / "agg.key")
    now = now_ms()
    authority.sign_trust(sample.trust(now, _key(signer, now)), kept.file("trust.json"))
    authority.sign_bounds(sample.bounds(now), kept.file("bounds.json"))
    identity = authority.client("gate")
    kept.write("north-ca.pem", authority.ca.read_bytes())
    kept.write("north.pem", identity.certificate.read_bytes())
    kept.write("north.key", identity.key.read_bytes())
    return folder, kept, authority, signer


def _check(site, state=None, *words):
    given = ["--state", str(state.path)] if state is not None else []
    return main(["gate", "check", str(site), *given, "--format", "json", *words])


def _answers(capsys):
    told: dict[tuple[str, str], str] = {}
    for one in json.loads(capsys.readouterr().out)["checks"]:
        told[one["subject"], one["stands"]] = (
            told.get((one["subject"], one["stands"]), "") + one["said"]
        )
    return told


def test_a_complete_gate_may_run(laid, capsys):
    site, state, *_ = laid
    capsys.readouterr()
    assert _check(site, state) == 0
    found = _answers(capsys)
    assert {("pcs-1", "good"), ("trip-1", "good"), ("time", "good"), ("disk", "good")} <= set(found)
    assert not [key for key in found if key[1] in {"bad", "undetermined"}]
    assert main(["gate", "check", str(site), "--state", str(state.path), "--lang", "ja"]) == 0
    assert "動かせます" in capsys.readouterr().out


def test_the_kernels_own_clock_is_asked(laid, monkeypatch, capsys):
    site, state, *_ = laid
    doubtful = LabTime()
    real = doubtful()
    monkeypatch.setattr(
        "sekisho.shell.cli.gate_check.KernelClock",
        lambda: lambda: replace(real, synchronised=False),
    )
    capsys.readouterr()
    assert _check(site, state, "--offline") == 3
    assert ("time", "undetermined") in _answers(capsys)


def test_a_device_that_does_not_answer_is_named(laid, plant, capsys):
    site, *_ = laid
    text = (site / "site.toml").read_text(encoding="utf-8")
    gone = text.replace(plant.control.addresses()["pcs-2"], "tcp://127.0.0.1:1")
    (site / "site.toml").write_text(gone, encoding="utf-8")
    capsys.readouterr()
    assert _check(site) == 1
    found = _answers(capsys)
    assert ("pcs-2", "bad") in found
    assert ("pcs-1", "good") in found


def test_a_device_that_is_not_the_declared_one_is_wrong(laid, capsys):
    site, *_ = laid
    text = (site / "site.toml").read_text(encoding="utf-8")
    other = text.replace('id = "bms-1"\n', 'id = "bms-1"\nmodel = "ANOTHER-1"\n', 1)
    (site / "site.toml").write_text(other, encoding="utf-8")
    capsys.readouterr()
    assert _check(site) == 1
    assert "ANOTHER-1" in _answers(capsys)["bms-1", "bad"]


def test_another_rating_than_the_devices_is_wrong(laid, capsys):
    site, *_ = laid
    text = (site / "site.toml").read_text(encoding="utf-8")
    (site / "site.toml").write_text(
        text.replace("rated_kw = 1000", "rated_kw = 1500", 1), encoding="utf-8"
    )
    capsys.readouterr()
    assert _check(site) == 1
    assert "1_000_000" in _answers(capsys)["pcs-1", "bad"]


@pytest.mark.parametrize("missing", ["trust.json", "bounds.json", "north.pem", "north-ca.pem"])
def test_what_is_missing_in_the_folder_is_named(laid, missing, capsys):
    site, state, *_ = laid
    state.file(missing).unlink()
    capsys.readouterr()
    assert _check(site, state, "--offline") == 1
    assert (missing, "bad") in _answers(capsys)


def test_a_document_of_another_authority_or_site_or_that_ended_is_wrong(laid, tmp_path, capsys):
    site, state, authority, signer = laid
    now = now_ms()
    trust = state.file("trust.json")
    key = _key(signer, now)
    cases = {
        "not signed": lambda: Authority(tmp_path / "b").sign_trust(sample.trust(now, key), trust),
        "another site": lambda: authority.sign_trust(
            replace(sample.trust(now, key), site=SiteId("other-1")), trust
        ),
        "valid now": lambda: authority.sign_trust(
            sample.trust(now, replace(key, valid_until=now - 1)), trust
        ),
        "not reached": lambda: authority.sign_trust(
            sample.trust(now, replace(key, budget=replace(key.budget, change_per_minute=1_000))),
            trust,
        ),
    }
    for words, spoil in cases.items():
        trust.unlink()
        spoil()
        capsys.readouterr()
        assert _check(site, state, "--offline") == 1, words
        told = [said for (_, stands), said in _answers(capsys).items() if stands == "bad"]
        assert any(words in said for said in told), (words, told)


def test_a_certificate_for_another_key_or_at_its_end_is_told(laid, capsys):
    site, state, authority, _ = laid
    state.write("north.pem", authority.client("other", timedelta(days=7)).certificate.read_bytes())
    capsys.readouterr()
    assert _check(site, state, "--offline") == 1
    found = _answers(capsys)
    assert "belong" in found["north.pem", "bad"]
    assert "days" in found["north.pem", "noted"]


def test_an_open_folder_is_refused(laid, capsys):
    site, state, *_ = laid
    state.path.chmod(0o755)
    assert _check(site, state, "--offline") == 2


def test_a_pcs_without_a_watchdog_is_wrong_unless_a_reason_is_given(laid, capsys, monkeypatch):
    site, *_ = laid
    real = contact.meet

    async def without(device, describe):
        met = await real(device, describe)
        if device.role is not SouthRole.PCS:
            return met
        bare = replace(met.connected.device_map, watchdog=None)
        return replace(met, connected=replace(met.connected, device_map=bare))

    monkeypatch.setattr(checks, "meet", without)
    capsys.readouterr()
    assert _check(site) == 1
    assert "watchdog" in _answers(capsys)["pcs-1", "bad"]
    text = (site / "site.toml").read_text(encoding="utf-8")
    waived = text.replace(
        "rated_kw = 1000\n", 'rated_kw = 1000\nno_watchdog = "a relay stops it"\n'
    )
    (site / "site.toml").write_text(waived, encoding="utf-8")
    assert _check(site) == 0
    assert "a relay stops it" in _answers(capsys)["pcs-1", "noted"]


WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "cryptography":
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
from sekisho.shell.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_check_without_the_extra_says_that_it_is_missing(site, tmp_path):
    state = tmp_path / "state"
    _init(site, state)
    words = ["gate", "check", str(site), "--state", str(state), "--offline", "--lang", "en"]
    ran = subprocess.run([sys.executable, "-c", WITHOUT, *words], capture_output=True, check=False)
    assert ran.returncode == 2
    told = ran.stderr.decode()
    assert "sekisho[gate]" in told
    assert "fault of sekisho" not in told


# ---- status and reset -----------------------------------------------------------------------


def test_a_gate_that_never_ran_is_not_running(site, tmp_path, capsys):
    _init(site, tmp_path / "state")
    capsys.readouterr()
    assert main(["gate", "status", "--state", str(tmp_path / "state"), "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out) == {"running": False, "status": None}
    assert main(["gate", "status", "--state", str(tmp_path / "state"), "--lang", "en"]) == 3
    shown = capsys.readouterr().out
    assert "It has never run." in shown
    assert "sekisho gate check" in shown


def test_a_reset_needs_a_running_gate_and_is_taken_once(site, tmp_path, capsys):
    _init(site, tmp_path / "state")
    words = ["gate", "reset", "--state", str(tmp_path / "state")]
    assert main(words) == 2
    folder = open_state(tmp_path / "state")
    assert not folder.has(RESET)
    with folder.held():
        assert main(words) == 0
    taken = taken_reset(folder)
    assert taken is not None
    assert taken.user
    assert taken_reset(folder) is None


@pytest.mark.parametrize("content", [b"", b"[]", b'{"user": 1}', b'{"user": "\\u001b[31m"}'])
def test_a_spoilt_request_still_resets_and_names_nobody(site, tmp_path, content, capsys):
    _init(site, tmp_path / "state")
    folder = open_state(tmp_path / "state")
    folder.write(RESET, content)
    assert taken_reset(folder) == ResetRequest("")
    ask_for_reset(folder)
    folder.file(RESET).chmod(0o666)
    with pytest.raises(InputError):
        taken_reset(folder)


# ---- site check -----------------------------------------------------------------------------


def test_site_check_fails_where_a_promised_product_cannot_be_delivered(laid, capsys):
    site, _, authority, signer = laid
    now = now_ms()
    assert main(["site", "check", str(site)]) == 0
    authority.sign_bounds(sample.bounds(now), site / "bounds.json")
    authority.sign_trust(sample.trust(now, _key(signer, now)), site / "trust.json")
    assert main(["site", "check", str(site)]) == 0
    capsys.readouterr()
    (site / "trust.json").unlink()
    authority.sign_trust(
        sample.trust(now, sample.key(signer.public, now)), site / "trust.json"
    )  # three hours of a battery of two
    assert main(["site", "check", str(site), "--format", "json"]) == 1
    assert "capacity" in json.loads(capsys.readouterr().out)["problems"][0]["where"]
    (site / "authority.pem").write_bytes(public_pem(signer.public))
    assert main(["site", "check", str(site)]) == 2
