"""Profiles: what ships makes sense, and what is wrong is told with its line, all at once."""

import re

import pytest

from sekisho.codec.device_map import DeviceMap
from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Pace, Write
from sekisho.codec.profile import Profile, read_profile
from sekisho.codec.sunspec.build import Built
from sekisho.shell.device_data import shipped_profile, shipped_profiles
from sekisho.terms.errors import InputError, WorldError
from sekisho.terms.quantity import Watts
from tests.sunspec_devices import Bank, walked


def shipped(name: str) -> Profile:
    return read_profile(shipped_profile(name), name)


def device_map(profile: Profile, registers: dict[int, int] | None = None) -> DeviceMap:
    bank = Bank(Built(0, (), {}))
    bank.held = dict(registers or {})
    return walked(profile.walk("dev-1"), bank)


def refused(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_profile(text, "p.toml")
    return [f"{p.where}: {p.what.en} → {p.remedy.en}" for p in caught.value.problems]


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_makes_sense(name: str) -> None:
    profile = shipped(name)
    assert profile.source
    assert profile.invented or "http" in profile.source


def test_the_shipped_profiles_are_of_every_kind() -> None:
    roles = {shipped(name).role for name in shipped_profiles()}
    assert roles >= {DeviceRole.PCS, DeviceRole.BMS, DeviceRole.METER}
    assert any(not shipped(name).invented for name in shipped_profiles())


def test_the_meter_that_counts_import_positive_is_turned_round() -> None:
    meter = device_map(shipped("eastron-sdm630"))
    fast = meter.decode(Pace.FAST, [(0x44FA, 0), (0x4248, 0)])
    assert fast == {Meaning.ACTIVE_POWER: -2000, Meaning.FREQUENCY: 50.0}


def test_the_generic_pcs_is_commanded_in_percent_of_the_rating_that_it_tells() -> None:
    pcs = device_map(shipped("generic-pcs"), {10: 2500})
    assert pcs.rated == 2_500_000
    assert pcs.setpoint_writes(Watts(-625_000)) == (
        Write(Space.HOLDING, 200, (0xFF06,)),
        Write(Space.HOLDING, 201, (1,)),
    )
    assert pcs.watchdog_arm(10, Watts(0)) == (
        Write(Space.HOLDING, 212, (0,), nvram=True),
        Write(Space.HOLDING, 211, (10_000,), nvram=True),
    )
    assert pcs.watchdog_refresh(5, 10) == (Write(Space.HOLDING, 210, (6,)),)


def test_a_rating_that_cannot_be_read_is_taken_from_the_site_or_refused() -> None:
    bank = Bank(Built(0, (), {}))
    bank.held = {}
    rated = walked(shipped("generic-pcs").walk("pcs-1", Watts(100_000)), bank).rated
    assert rated == 100_000
    with pytest.raises(WorldError, match="rated power"):
        walked(shipped("generic-pcs").walk("pcs-1"), bank)


def test_the_invented_pcs_reads_its_scale_factor_at_connect() -> None:
    pcs = device_map(shipped("invented-kanda-pcs"), {0x1010: 2})
    assert pcs.decode(Pace.FAST, [(1000, 0), (5000,), (20,), (1,)]) == {
        Meaning.ACTIVE_POWER: -100_000,
        Meaning.FREQUENCY: 50.0,
        Meaning.STATUS: State.RUNNING,
        Meaning.LOCAL_REMOTE: State.LOCAL,
    }
    assert pcs.setpoint_writes(Watts(50_000)) == (
        Write(Space.HOLDING, 0x2000, (0x3CB0, 0xFFFF)),
        Write(Space.HOLDING, 0x2002, (3,)),
        Write(Space.COIL, 4, (1,)),
    )
    assert pcs.watchdog_refresh(1, 10, Watts(0)) == (Write(Space.HOLDING, 0x2000, (0, 0)),)


def test_a_scale_factor_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(WorldError, match="4112"):
        device_map(shipped("invented-kanda-pcs"))


GENERIC = shipped_profile("generic-pcs")
KANDA = shipped_profile("invented-kanda-pcs")
BMS = shipped_profile("generic-bms")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("text", "old", "new", "says"),
    [
        (GENERIC, "address = 112", "address = 110", "overlaps another point at input 110"),
        (GENERIC, "value = -125_000", "value = 125_000", "gives -125_000, not 125_000"),
        (GENERIC, "{ words = [0xEC78], value = -500_000 },", "", "needs two worked samples"),
        (
            GENERIC,
            "{ words = [0xEC78], value = -500_000 },",
            "{ words = [1], value = 100 },",
            "must show export",
        ),
        (KANDA, "sign = -1\nsamples", "samples", "sample disagrees"),
        (GENERIC, 'unit = "kW"\nscale = 0.1', 'unit = "kW"', "sample disagrees"),
        (GENERIC, 'scale = 0.1\nkeeping = "volatile"', 'scale = 0.1\nkeeping = "nvram"', "wears"),
        (GENERIC, 'scale = 0.1\nkeeping = "volatile"', "scale = 0.1", "keeping is needed"),
        (GENERIC, 'meaning = "active-power"', 'meaning = "dc-power"', "needs a point: active-power"),
        (GENERIC, 'role = "pcs"', 'role = "meter"', "A meter does not have setpoint"),
        (GENERIC, 'role = "pcs"', 'role = "bms"', "[watchdog] is needed for a PCS"),
        (GENERIC, '[watchdog]\nrefresh = ["heartbeat"]\nleast_s = 2\nmost_s = 60', "", "[watchdog]"),
        (GENERIC, 'refresh = ["heartbeat"]', "refresh = []", "does not say what keeps"),
        (GENERIC, '["heartbeat"]', '["timeout"]', "needs a volatile point watchdog-timeout"),
        (GENERIC, "most_s = 60", "most_s = 1", "least_s is more than most_s"),
        (KANDA, "fixed_s = 10\n", "", "Either fixed_s or a point watchdog-timeout"),
        (KANDA, "fixed_fallback_kw = 0", "", "Either fixed_fallback_kw"),
        (GENERIC, "write = 1", "", "write is needed"),
        (GENERIC, "write = 1", "write = 65535", "65535 does not fit"),
        (GENERIC, 'unit = "Hz"', 'unit = "kW"', "frequency cannot be in kW"),
        (GENERIC, "states = {", "# states = {", "states is needed"),
        (GENERIC, "standby = [2], running = [3, 4]", "standby = [3], running = [3, 4]", "two states"),
        (GENERIC, "mask = 0x0000_FFFF", "mask = 0", "mask"),
        (GENERIC, 'meaning = "alarms"', 'meaning = "heartbeat-in"', "mask belongs to alarms"),
        (KANDA, 'space = "coil"', 'space = "holding"', "A bit cannot stand in holding"),
        (KANDA, 'space = "coil"', 'space = "discrete"', "discrete cannot be written"),
        (KANDA, "factor = 2, value = -100_000", "value = -100_000", "needs factor"),
        (GENERIC, "value = 500_000, rated_kw = 500", "value = 500_000", "has no rating"),
        (BMS, 'meaning = "dc-voltage"', 'meaning = "state-of-health"', "no dc-voltage"),
        (BMS, 'meaning = "temperature-min"', 'meaning = "temperature-max"', "two points of temp"),
        (BMS, "scale = 0.1\nsamples = [{ words = [0], value = 0 }, { words = [6000]", 'scale = 0.1\npace = "fast"\nsamples = [{ words = [0], value = 0 }, { words = [6000]', "at one pace"),
        (GENERIC, "scale = 0.01", "scale = 1e-300", "scale cannot be 1e-300"),
        (GENERIC, "sign = 1", "sign = 0", "sign is 1 or -1"),
        (KANDA, 'kind = "int32"\nunit = "W"\nsign = -1\nkeeping', 'kind = "uint32"\nunit = "W"\nkeeping', "charging cannot be commanded"),
        (GENERIC, "address = 120", "address = 65_536", "at most 65535"),
        (GENERIC, "address = 101", "address = 65_535", "ends beyond address 65535"),
        (GENERIC, 'kind = "bitfield32"', 'kind = "bitfeld32"', 'Did you mean "bitfield32"'),
        (GENERIC, "title =", "titel =", "has no key titel"),
        (GENERIC, 'kind = "uint16"\nunit = "ms"', 'kind = "string"\nunit = "ms"', "cannot be of kind"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(text: str, old: str, new: str, says: str) -> None:
    if old == "sign = 1":
        text = text.replace("address = 110\n", "address = 110\nsign = 1\n")
    assert old in text
    told = refused(text.replace(old, new, 1))
    assert any(says in line for line in told), told
    assert all(re.match(r"p\.toml(:\d+)?: ", line) for line in told)


def test_every_problem_is_told_at_once_with_its_line() -> None:
    text = GENERIC.replace("value = -125_000", "value = 125_000").replace(
        "address = 112", "address = 110"
    )
    told = refused(text)
    assert len(told) >= 3  # both, and the samples then show one direction only
    lines = {int(t.split(":")[1]) for t in told}
    assert line_of(text, 'meaning = "setpoint"') + 8 - 1 in lines


def test_a_device_that_says_it_has_no_watchdog_is_read() -> None:
    text = KANDA.replace(
        'refresh = ["setpoint"]\nleast_s = 10\nfixed_s = 10\nfixed_fallback_kw = 0',
        'absent = "the manual offers none"',
    )
    profile = read_profile(text, "p.toml")
    assert profile.watchdog is None
    assert profile.no_watchdog == "the manual offers none"
