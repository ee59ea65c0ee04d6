"""What is right and what is wrong before the gate runs, each by its cause."""

from dataclasses import replace

import pytest

from sekisho.codec.device_map import DeviceMap, Refresh, Watchdog
from sekisho.codec.meanings import DeviceRole
from sekisho.gate.checking import (
    DAY_MS,
    LEAST_FREE,
    Stands,
    certificate_check,
    disk_check,
    time_check,
    trip_check,
    worst,
)
from sekisho.gate.clock import KernelTime
from sekisho.gate.device_check import device_checks
from sekisho.gate.document_check import signed_checks
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import BootMs, WallMs, WattHours, Watts
from tests.facts.gate import scene

NOW = WallMs(scene.EPOCH)
SETTINGS = replace(scene.SETTINGS, energy=WattHours(6_000_000))
PCS = SETTINGS.pcs[0]


def _signed(trust=None, bounds=None, durable=None, now=NOW):
    found = signed_checks(trust or scene.trust(), bounds or scene.bounds(), SETTINGS, durable, now)
    return {(one.subject, one.stands) for one in found}


def _device(**changes):
    dog = Watchdog(refresh=(Refresh.HEARTBEAT,), least_s=1, most_s=300)
    whole = DeviceMap(role=DeviceRole.PCS, source="made up", points=(), watchdog=dog)
    return replace(whole, **changes)


def test_signed_documents_of_this_site_that_are_valid_are_good():
    assert {stands for _, stands in _signed()} == {Stands.GOOD}


@pytest.mark.parametrize("name", ["trust", "bounds"])
def test_a_document_of_another_site_or_older_than_seen_is_wrong(name):
    document = {"trust": scene.trust(), "bounds": scene.bounds()}[name]
    wrong = (f"{name}.json", Stands.BAD)
    assert wrong in _signed(**{name: replace(document, site=SiteId("other-1"))})
    durable = replace(scene.gate().durable, **{f"{name}_version": 2})
    assert wrong in _signed(durable=durable)
    assert wrong not in _signed(durable=durable, **{name: replace(document, version=2)})


def test_a_plant_that_nobody_may_dispatch_is_wrong():
    wrong = ("trust.json", Stands.BAD)
    assert wrong in _signed(scene.trust(scene.key(revoked=True)))
    assert wrong in _signed(scene.trust(scene.key(valid_until=NOW)))
    assert wrong in _signed(scene.trust(scene.key(valid_from=WallMs(NOW + 1))))


def test_a_key_near_its_end_and_bounds_wider_than_the_plant_are_noted():
    soon = scene.trust(scene.key(valid_until=WallMs(NOW + 29 * DAY_MS)))
    assert ("trust.json", Stands.NOTED) in _signed(soon)
    wide = scene.bounds(export_max=Watts(1_000_001))
    assert ("bounds.json", Stands.NOTED) in _signed(bounds=wide)


@pytest.mark.parametrize(
    ("dog", "stands"),
    [
        (Watchdog(refresh=(Refresh.HEARTBEAT,)), Stands.GOOD),
        (None, Stands.BAD),
        (Watchdog(refresh=(Refresh.HEARTBEAT,), least_s=11), Stands.BAD),
        (Watchdog(refresh=(Refresh.HEARTBEAT,), most_s=9), Stands.BAD),
        (Watchdog(refresh=(Refresh.HEARTBEAT,), fixed_s=5), Stands.GOOD),
        (Watchdog(refresh=(Refresh.HEARTBEAT,), fixed_s=60), Stands.BAD),
    ],
)
def test_a_pcs_needs_a_watchdog_that_can_be_as_short_as_the_site_says(dog, stands):
    assert worst(device_checks(PCS, _device(watchdog=dog))) is stands


def test_a_reason_for_none_is_noted_and_shown():
    waived = replace(PCS, no_watchdog="a relay stops it")
    found = list(device_checks(waived, _device(watchdog=None)))
    assert worst(found) is Stands.NOTED
    assert "a relay stops it" in found[-1].said.ja


def test_another_rating_than_declared_is_wrong():
    assert worst(device_checks(PCS, _device(rated=Watts(510_000)))) is Stands.GOOD
    assert worst(device_checks(PCS, _device(rated=Watts(550_000)))) is Stands.BAD


def test_time_disk_certificate_and_trip():
    kernel = KernelTime(wall=NOW, boot=BootMs(0), synchronised=True, error_ms=1_000)
    assert time_check(kernel).stands is Stands.GOOD
    assert time_check(replace(kernel, error_ms=1_001)).stands is Stands.UNDETERMINED
    assert time_check(replace(kernel, synchronised=False)).stands is Stands.UNDETERMINED
    assert disk_check(LEAST_FREE).stands is Stands.GOOD
    assert disk_check(LEAST_FREE - 1).stands is Stands.BAD
    assert certificate_check("c", WallMs(NOW + 30 * DAY_MS), NOW).stands is Stands.GOOD
    assert certificate_check("c", WallMs(NOW + 30 * DAY_MS - 1), NOW).stands is Stands.NOTED
    assert certificate_check("c", NOW, NOW).stands is Stands.BAD
    assert trip_check(SETTINGS).stands is Stands.GOOD
    assert trip_check(replace(SETTINGS, trip=None)).stands is Stands.NOTED


def test_the_worst_answer_decides_and_no_answer_is_none():
    assert worst([]) is Stands.UNDETERMINED
    good, bad = disk_check(LEAST_FREE), disk_check(0)
    assert worst([bad, good]) is Stands.BAD
