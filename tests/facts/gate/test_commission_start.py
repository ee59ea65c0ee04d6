"""What stands in the way of moving the plant for commissioning."""

from dataclasses import replace

import pytest

from sekisho.gate.commission_start import obstacles
from sekisho.gate.image import Link, OwnDroop, WatchdogState
from sekisho.gate.state import Latch
from sekisho.terms.quantity import BootMs, Watts
from tests.facts.gate import scene

IMAGE = scene.image(1_000)
GATE = scene.gate()


def _first(image, of, **changes):
    devices = getattr(image, of)
    return replace(image, **{of: (replace(devices[0], **changes), *devices[1:])})


def test_a_quiet_plant_may_be_moved():
    assert obstacles(GATE, IMAGE) == ()


@pytest.mark.parametrize("latch", Latch)
def test_a_latch_stands_in_the_way(latch):
    latched = scene.durable(GATE, latches=frozenset({latch}))
    assert [p.where for p in obstacles(latched, IMAGE)] == ["gate"]


@pytest.mark.parametrize(
    "changes",
    [
        {"export_max": Watts(9_999)},
        {"connection_export_max": Watts(9_999)},
        {"import_max": Watts(24_999)},  # the plant's own load of up to 15 kW counts as import
        {"connection_import_max": Watts(24_999)},
    ],
)
def test_a_bound_below_the_step_stands_in_the_way(changes):
    bounded = replace(GATE, bounds=scene.bounds(**changes))
    assert [p.where for p in obstacles(bounded, IMAGE)] == ["bounds.json"]
    wider = {name: Watts(power + 1) for name, power in changes.items()}
    assert obstacles(replace(GATE, bounds=scene.bounds(**wider)), IMAGE) == ()


def test_a_curtailment_below_the_step_stands_in_the_way():
    for limit in (scene.curtailment(9_999, 10**6), scene.curtailment(10**6, 24_999)):
        curtailed = scene.durable(GATE, curtailments=(limit,))
        assert [p.where for p in obstacles(curtailed, IMAGE)] == ["bounds.json"]
    enough = scene.durable(GATE, curtailments=(scene.curtailment(10_000, 25_000),))
    assert obstacles(enough, IMAGE) == ()


@pytest.mark.parametrize("state", OwnDroop)
def test_a_pcs_whose_own_droop_is_not_off_stands_in_the_way(state):
    follows = _first(IMAGE, "pcs", own_droop=state)
    found = [p.where for p in obstacles(GATE, follows)]
    assert found == ([] if state is OwnDroop.OFF else ["pcs-1"])


@pytest.mark.parametrize("of", ["pcs", "bms", "meters"])
def test_a_device_that_is_lost_stands_in_the_way(of):
    lost = _first(IMAGE, of, link=Link.LOST)
    assert [p.where for p in obstacles(GATE, lost)] == [getattr(IMAGE, of)[0].device]


@pytest.mark.parametrize(
    ("of", "changes"),
    [
        ("pcs", {"watchdog": WatchdogState.UNARMED}),
        ("pcs", {"watchdog": WatchdogState.FAILED}),
        ("pcs", {"stopped_locally": True}),
        ("pcs", {"faulted": True}),
        ("pcs", {"power": None}),
        ("bms", {"faulted": True}),
        ("bms", {"soc": None}),
    ],
)
def test_a_device_that_cannot_be_judged_by_stands_in_the_way(of, changes):
    spoilt = _first(IMAGE, of, **changes)
    assert [p.where for p in obstacles(GATE, spoilt)] == [getattr(IMAGE, of)[0].device]


@pytest.mark.parametrize("soc", [0.05, 0.95])
def test_a_battery_out_of_its_bounds_stands_in_the_way(soc):
    assert obstacles(GATE, scene.image(1_000, soc=soc))


def test_a_pressed_stop_and_old_readings_stand_in_the_way():
    assert obstacles(GATE, replace(IMAGE, stop_pressed=True))
    assert obstacles(GATE, replace(IMAGE, at=BootMs(60_000)))


def test_a_waived_watchdog_does_not():
    assert obstacles(GATE, _first(IMAGE, "pcs", watchdog=WatchdogState.WAIVED)) == ()
