"""Every member of bounds.json has a name in both languages and a unit."""

import json

import pytest

from sekisho.codec.bounds_document import bounds_payload
from sekisho.gate.admin.bound_words import NAMES, name_of, value_of
from tests.facts.gate import scene


def members(table, before=""):
    for name, value in table.items():
        if isinstance(value, dict):
            yield from members(value, f"{name}.")
        elif name not in {"site", "version", "issued_at"}:
            yield before + name


def test_every_member_that_a_site_states_has_a_name():
    assert set(members(json.loads(bounds_payload(scene.bounds())))) <= set(NAMES)


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("export_max", 2_000_000, "2,000 kW"),
        ("ramp_max", 400_000, "400 kW/s"),
        ("soc_min", 105, "10.5 %"),
        ("temperature_min", -50, "-5 °C"),
        ("frequency_disturbed", 200, "0.2 Hz"),
        ("life.setpoint", 1_800, "30 min"),
        ("life.schedule", 172_800, "48 h"),
        ("life.stop", 61, "61 s"),
        ("droop.slope", 5_000_000, "5,000 kW/Hz"),
        ("reversals_per_hour", 20, "20"),
        ("keys.0.may", "stop", "stop"),
        ("export_max", None, "—"),
    ],
)
def test_a_value_is_read_with_its_unit(member, value, said):
    assert value_of(member, value).en == said


def test_a_member_that_is_not_known_stands_as_it_is():
    assert name_of("new_member").ja == "new_member"
