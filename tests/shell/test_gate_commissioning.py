"""Commissioning on a simulated plant over real Modbus: passed, found wrong, refused, ended at rest."""

import time

import pytest

from sekisho.lab import faults, sample
from sekisho.shell.cli.main import main
from sekisho.shell.gate.commissioning import commission
from sekisho.shell.gate.configuration import load_configuration
from sekisho.shell.gate.recall import recalled
from sekisho.shell.gate.run import Site
from sekisho.shell.gate.state_folder import make_state
from sekisho.shell.keys import new_key, public_pem
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.plant_process import PlantProcess, Service
from sekisho.shell.lab.stage import LabTime, now_ms
from sekisho.terms.errors import InputError, WorldError

HOLD_MS = 1_000


@pytest.fixture(scope="module")
def plant():
    with PlantProcess(Service(plan=sample.plan())) as running:
        yield running


@pytest.fixture
def site(plant, tmp_path):
    authority = Authority(tmp_path / "authority")
    ends = sample.Ends(
        devices=plant.control.addresses(), broker=1, fingerprint=authority.fingerprint
    )
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "site.toml").write_text(
        sample.site_text(ends).replace("slow_ms = 1_000", "slow_ms = 500"), encoding="utf-8"
    )
    (folder / "relay.toml").write_text(sample.RELAY, encoding="utf-8")
    state = make_state(tmp_path / "state")
    signer = new_key(state.file("gate.key"))
    state.write("gate.pub", public_pem(signer.public))
    state.write("authority.pem", authority.public.read_bytes())
    now = now_ms()
    key = sample.key(new_key(tmp_path / "agg.key").public, now)
    authority.sign_trust(sample.trust(now, key), state.file("trust.json"))
    authority.sign_bounds(sample.bounds(now), state.file("bounds.json"))
    return _loaded(folder, state)


def _loaded(folder, state):
    found = load_configuration(folder)
    return Site(settings=found.settings, profiles=found.profiles, state=state)


def _commission(site, hold_ms=HOLD_MS):
    told = []
    return commission(site, LabTime(), lambda *phase: told.append(phase), hold_ms), told


def _at_rest(plant):
    end = time.monotonic() + 5
    while time.monotonic() < end:
        truth = plant.control.truth()
        if all(not pcs["setpoint"] for pcs in truth["pcs"]):
            return True
        time.sleep(0.05)
    return False


def test_a_sound_plant_is_commissioned_and_left_at_rest(site, plant):
    found, told = _commission(site)
    assert found.passed, found
    assert [phase[0] for phase in told] == list(range(1, len(told) + 1))
    assert max(power for _, _, power in told) == 20_000
    assert _at_rest(plant)
    memory = recalled(site.state)
    assert memory is not None
    assert memory.durable is not None
    assert memory.durable.commissioned == site.settings.digest


def test_a_stop_pressed_on_the_way_ends_it_at_rest_and_commissions_nothing(site, plant):
    def press(number, of, power):
        if number == 2:
            plant.control.on("pcs-1", faults.EmergencyStop())

    try:
        with pytest.raises(WorldError, match="pcs-1"):
            commission(site, LabTime(), press, HOLD_MS)
        assert _at_rest(plant)
        memory = recalled(site.state)
        assert memory is not None
        assert memory.durable is not None
        assert memory.durable.commissioned == ""
    finally:
        plant.control.off("pcs-1")


def test_it_does_not_begin_while_a_gate_runs(site):
    with site.state.held(), pytest.raises(InputError, match="Another gate"):
        _commission(site)


def test_it_does_not_begin_unasked(site, capsys):
    words = ["gate", "commission", "SITE", "--state", str(site.state.path)]
    words[2] = str(site.state.path.parent / "site")
    assert main(words) == 2
    assert "agreed" in capsys.readouterr().err
    assert recalled(site.state) is None
