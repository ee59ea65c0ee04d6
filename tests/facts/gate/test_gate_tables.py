"""What the gate's tables say, and how each kind of slip in them is answered."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from sekisho.codec.modbus.pdu import Space
from sekisho.gate.failures import Activity, Failure, Response
from sekisho.gate.settings import North, SerialEnd, SouthRole, StopContact, TcpEnd, Trip
from sekisho.gate.tables import read_gated, sealed
from sekisho.gate.tables_document import FallbackTable, failure_key
from sekisho.site.reader import read_site
from sekisho.terms.errors import InputError
from sekisho.terms.ids import DeviceId
from tests.facts.gate import scene

CASES = Path(__file__).parents[2] / "cases"
PLANT = (CASES / "gate_tables" / "plant.toml").read_text(encoding="utf-8")
SOUND = (CASES / "gate_tables" / "sound.toml").read_text(encoding="utf-8")
MALFORMED = CASES / "malformed_gate_tables"
EXPECTED = tomllib.loads((MALFORMED / "expected.toml").read_text(encoding="utf-8"))
NAMES = sorted(p.stem for p in MALFORMED.glob("*.toml") if p.stem != "expected")


def _read(text):
    return read_gated(f"{text}\n{PLANT}", "site.toml").settings


def _problems(name):
    with pytest.raises(InputError) as raised:
        _read((MALFORMED / f"{name}.toml").read_text(encoding="utf-8"))
    return raised.value.problems


def test_every_value_of_a_sound_file_reaches_the_settings():
    read = _read(SOUND)
    assert (read.site, read.rated, read.energy) == ("kushiro-1", 50_000_000, 200_000_000)
    assert read.authority == "sha256:" + "0123456789abcdef" * 4
    assert read.north == North(host="broker.example.jp", port=8883, lost_ms=60_000)
    assert [(d.device, d.role, d.end, d.unit, d.profile) for d in read.south] == [
        ("pcs.1", SouthRole.PCS, TcpEnd(host="192.0.2.11", port=502), 1, None),
        ("pcs.2", SouthRole.PCS, TcpEnd(host="192.0.2.12", port=1502), 1, None),
        ("bms-1", SouthRole.BMS, TcpEnd(host="fd00::13", port=502), 7, "profiles/bms.toml"),
        (
            "meter-1",
            SouthRole.METER,
            SerialEnd(path="/dev/ttyS0", baud=9600, parity="N"),
            3,
            "made-up-meter",
        ),
        ("relay-1", SouthRole.TRIP, TcpEnd(host="192.0.2.20", port=502), 1, None),
    ]
    assert [d.rated for d in read.pcs] == [25_000_000, 25_000_000]
    assert [d.watchdog_s for d in read.pcs] == [10, 5]
    assert read.trip == Trip(device=DeviceId("relay-1"), coil=4)
    assert read.stricter == {
        (Failure.CLOUD, Activity.MARKET): Response.REST,
        (Failure.ONE_PCS, Activity.SCHEDULE): Response.REDUCE_ONLY,
    }
    assert (read.auxiliary, read.auxiliary_most) == (120_000, 300_000)
    assert (read.cycle_ms, read.mismatch_band) == (100, 2_500_000)


def test_a_stop_contact_names_a_device_that_the_gate_speaks_to():
    contact = '\n[stop_contact]\ndevice = "relay-1"\naddress = 2\npressed = 0\n'
    assert _read(SOUND).stop_contact is None
    read = _read(SOUND + contact).stop_contact
    assert read == StopContact(
        device=DeviceId("relay-1"), space=Space.DISCRETE, address=2, pressed=0
    )
    coil = contact.replace("address", 'space = "coil"\naddress')
    assert _read(SOUND + coil).stop_contact.space is Space.COIL
    assert _read(SOUND + contact).digest != _read(SOUND).digest
    with pytest.raises(InputError) as raised:
        _read(SOUND + contact.replace("relay-1", "relay-9"))
    assert "relay-9 has no [[south]]" in raised.value.problems[0].what.en


@pytest.mark.parametrize("wrong", ["pressed = 2", "address = -1", 'space = "holding"', ""])
def test_a_stop_contact_that_is_none_is_refused(wrong):
    whole = ['device = "relay-1"', "address = 2", "pressed = 0"]
    key = wrong.split(" ")[0] if wrong else "pressed"
    lines = [line for line in whole if not line.startswith(key)] + [wrong]
    with pytest.raises(InputError):
        _read(SOUND + "\n[stop_contact]\n" + "\n".join(lines))


def test_a_watchdog_may_be_longer_where_output_control_applies():
    unit = '\n[[device]]\nid = "ocu-1"\nrole = "output-control-unit"\n'
    text = SOUND.replace("watchdog_s = 5", "watchdog_s = 300")
    assert _read(text + unit).pcs[1].watchdog_s == 300


def test_a_reason_stands_for_a_watchdog():
    text = SOUND.replace("watchdog_s = 5", 'no_watchdog = "a relay opens the stop contact"')
    assert _read(text).pcs[1].no_watchdog == "a relay opens the stop contact"


def test_a_meter_may_count_import_positive():
    text = SOUND.replace('profile = "made-up-meter"', 'positive = "import"')
    assert [d.meter_sign for d in _read(text).south] == [1, 1, 1, -1, 1]


def test_every_cell_of_the_table_of_failures_can_be_made_stricter():
    assert set(FallbackTable.model_fields) == {failure_key(f) for f in Failure}
    for failure in Failure:
        for activity in Activity:
            text = SOUND.split("[fallback]")[0] + "[fallback]\n"
            text += f'{failure_key(failure)}.{activity} = "stop"\n'
            text += "[trip]" + SOUND.split("[trip]")[1]
            assert _read(text).stricter == {(failure, activity): Response.STOP}


def test_the_papers_read_the_same_file_and_know_nothing_of_the_gate():
    assert read_site(SOUND + PLANT, "site.toml") == read_site(PLANT, "site.toml")


def test_a_pcs_that_follows_the_frequency_by_itself_is_another_configuration():
    plain = _read(SOUND)
    assert plain.followers == frozenset()
    own = _read(SOUND.replace("watchdog_s = 5", 'watchdog_s = 5\ndroop = "own"'))
    assert len(own.followers) == 1
    assert own.digest != plain.digest
    by_gate = _read(SOUND.replace("watchdog_s = 5", 'watchdog_s = 5\ndroop = "gate"'))
    assert by_gate.digest == plain.digest


def test_a_site_that_was_commissioned_before_own_droop_keeps_its_digest():
    site = Path(__file__).parents[3] / "examples/demo-site/site.toml"
    digest = read_gated(site.read_text(encoding="utf-8"), "site.toml").settings.digest
    assert digest == "6710aeca68a34049a5c948a6479708ca5ded8c4406a38fea7325f3b87ba9d534"


def test_the_digest_is_of_what_the_gate_acts_on():
    read = _read(SOUND)
    assert len(read.digest) == 64
    assert _read(f"# a remark\n{SOUND}").digest == read.digest
    assert _read(SOUND.replace("watchdog_s = 5", "watchdog_s = 6")).digest != read.digest
    assert _read(SOUND.replace('"rest"', '"stop"')).digest != read.digest
    one = sealed(read, {"profiles/bms.toml": b"one"})
    assert one.digest != read.digest
    assert sealed(read, {"profiles/bms.toml": b"other"}).digest != one.digest
    assert sealed(one, {"profiles/bms.toml": b"one"}) == one


def test_every_malformed_file_has_an_answer_and_every_answer_a_file():
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_malformed_file_is_answered_with_every_problem_at_once(name):
    told = [
        {
            "line": int(p.where.removeprefix("site.toml").removeprefix(":") or 0),
            "what": p.what.en,
            "remedy": p.remedy.en,
        }
        for p in _problems(name)
    ]
    assert told == EXPECTED[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_said_in_japanese_too(name):
    for problem in _problems(name):
        assert any(c > "\u3000" for c in problem.what.ja)
        assert any(c > "\u3000" for c in problem.remedy.ja)
        assert "{" not in problem.what.ja + problem.what.en + problem.remedy.ja


def test_the_hardware_that_the_gate_is_delivered_on_asks_for_no_new_commissioning():
    assert scene.SETTINGS.hardware == ""
    plain = sealed(scene.SETTINGS, {})
    assert sealed(replace(scene.SETTINGS, hardware="BOX-1"), {}).digest == plain.digest
