"""The plant's own stop contact: what the gate takes it for, and that not knowing is no release."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from sekisho.codec.decision import Reason
from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.pdu import Space
from sekisho.gate.commission_start import obstacles
from sekisho.gate.cycle.failing import present_alarms
from sekisho.gate.image import Link
from sekisho.gate.settings import StopContact
from sekisho.gate.south.seen import image, unseen
from sekisho.gate.state import Alarm
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import BootMs
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import Desk

RELAY = DeviceId("relay-1")
NOW = BootMs(100_000)


def plant(value, *, pressed=1, age=0, link=Link.UP, fast_ms=200):
    """The plant with a contact on its relay that read so."""
    contact = StopContact(device=RELAY, space=Space.DISCRETE, address=1, pressed=pressed)
    south = tuple(
        replace(one, fast_ms=fast_ms) if one.device == RELAY else one
        for one in scene.SETTINGS.south
    )
    settings = replace(scene.SETTINGS, south=south, stop_contact=contact)
    seen = {one.device: unseen(one.device, NOW) for one in settings.south}
    values = {} if value is None else {Meaning.STOP_CONTACT: (value, BootMs(NOW - age))}
    seen[RELAY] = replace(seen[RELAY], link=link, values=MappingProxyType(values))
    return image(settings, seen, NOW)


def shown(**of):
    found = plant(**of)
    return found.stop_pressed, found.stop_unknown


@pytest.mark.parametrize(
    ("value", "pressed", "stops"), [(1, 1, True), (0, 1, False), (0, 0, True), (1, 0, False)]
)
def test_the_bit_means_what_the_site_file_says(value, pressed, stops):
    assert shown(value=value, pressed=pressed) == (stops, False)


@pytest.mark.parametrize(
    "of",
    [
        {"value": None},
        {"value": "1"},
        {"value": 2},
        {"value": 0, "age": 1_001},
        {"value": 0, "link": Link.LOST},
    ],
)
def test_what_was_not_read_lately_is_not_known_and_not_released(of):
    assert shown(**of) == (False, True)


def test_a_slow_device_is_given_three_of_its_own_periods():
    assert shown(value=0, age=1_500, fast_ms=500) == (False, False)
    assert shown(value=0, age=1_501, fast_ms=500) == (False, True)


def test_without_a_contact_nothing_is_missing():
    seen = {one.device: unseen(one.device, NOW) for one in scene.SETTINGS.south}
    found = image(scene.SETTINGS, seen, NOW)
    assert (found.stop_pressed, found.stop_unknown) == (False, False)


def test_while_it_is_not_known_dispatch_may_only_shrink_and_safety_passes():
    desk = Desk()
    desk.image = asking.image(stop_unknown=True)
    assert desk.reason(asking.setpoint()) is Reason.PLANT_FAILED
    assert desk.reason(asking.setpoint(0, sequence=2)) is None
    assert desk.reason(asking.curtail(sequence=3)) is None
    assert desk.reason(asking.stop(sequence=4)) is None


def test_not_knowing_is_an_alarm_and_no_way_to_commission():
    gone = scene.image(0, stop_unknown=True)
    run = scene.gate().run
    assert present_alarms(run, run.failures, gone, 0, BootMs(0)) == {Alarm.STOP_CONTACT}
    problems = obstacles(scene.gate(), gone)
    assert any("stop contact" in one.what.en for one in problems)
