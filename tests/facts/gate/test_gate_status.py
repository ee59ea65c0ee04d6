"""What the running gate says of itself."""

import json
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from sekisho.codec.decision import Decision, Limit, Outcome, Reason
from sekisho.gate.cycle.following import Follower
from sekisho.gate.image import Link, OwnDroop
from sekisho.gate.state import Alarm, Latch
from sekisho.gate.status import (
    MOST_DECISIONS,
    JournalStatus,
    NorthStatus,
    Status,
    read_status,
    status_bytes,
)
from sekisho.gate.status_now import Runtime, decision_status, status_of
from sekisho.terms.ids import CommandId, KeyId
from sekisho.terms.quantity import Watts
from tests.facts.gate import scene

NORTH = NorthStatus(connected=True, since=1, waiting=0, certificate_ends=None)
JOURNAL = JournalStatus(entries=7, head="ab" * 32, behind_ms=0, free_bytes=10**9)
REFUSED = decision_status(
    Decision(
        outcome=Outcome.REFUSED,
        command=CommandId("c-1"),
        kid=KeyId("k"),
        reason=Reason.BUDGET,
        limits=(Limit(bound="export_max", value=5, where="bounds.json version 1"),),
        power=Watts(5),
    ),
    at=3,
    entry=4,
)


def _status(gate, image, clock, decisions=()):
    return status_of(
        gate,
        image,
        clock,
        Runtime(north=NORTH, journal=JOURNAL, decisions=decisions, program="0"),
    )


@pytest.fixture
def status():
    return _status(scene.gate(), scene.image(1_000), scene.clock(1_000), [REFUSED] * 50)


def test_a_status_is_read_as_it_was_written(status):
    assert read_status(status_bytes(status)) == status
    assert json.loads(status_bytes(status))["decisions"][0]["reason"] == "budget"


def test_only_the_latest_decisions_are_shown(status):
    assert len(status.decisions) == MOST_DECISIONS


def test_power_command_and_charge_are_those_of_the_plant(status):
    image = scene.image(1_000)
    assert status.power == image.meters[0].power.value
    assert status.soc == pytest.approx(image.bms[0].soc.value)
    assert [p.device for p in status.pcs] == [p.device for p in image.pcs]


def test_what_a_pcs_is_expected_to_add_by_itself_is_shown_where_one_does(status):
    assert status.own_droop is None
    assert {pcs.own_droop for pcs in status.pcs} == {None}
    gate = scene.gate(settings=scene.own_droop(scene.SETTINGS, "pcs-1"))
    adds = {scene.SETTINGS.pcs[0].device: Follower(adds=25_000.4)}
    gate = replace(gate, run=replace(gate.run, own_droops=adds))
    image = scene.image(1_000)
    image = replace(image, pcs=(replace(image.pcs[0], own_droop=OwnDroop.ON), image.pcs[1]))
    told = _status(gate, image, scene.clock(1_000))
    assert told.own_droop == 25_000
    assert [pcs.own_droop for pcs in told.pcs] == ["on", None]


def test_a_stale_value_is_not_shown_as_one(status):
    later = _status(scene.gate(), scene.image(1_000), scene.clock(60_000))
    assert later.power is None
    assert later.soc is None
    assert all(p.power is None and p.setpoint is None for p in later.pcs)


def test_a_lost_link_and_a_waived_watchdog_stay_visible():
    gate = scene.gate()
    south = tuple(
        replace(d, no_watchdog="a relay does it") if d.device == "pcs-1" else d
        for d in gate.settings.south
    )
    gate = replace(gate, settings=replace(gate.settings, south=south))
    image = scene.image(1_000)
    lost = replace(image, pcs=(replace(image.pcs[0], link=Link.LOST), *image.pcs[1:]))
    shown = _status(gate, lost, scene.clock(1_000)).pcs[0]
    assert (shown.link, shown.no_watchdog) == ("lost", "a relay does it")


def test_a_latch_or_an_alarm_calls_for_a_person(status):
    assert status.calm
    assert not replace(status, latches=[Latch.MISMATCH.value]).calm
    assert not replace(status, alarms=[Alarm.JOURNAL.value]).calm
    assert not replace(status, failures=["meter"]).calm


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format": 2}'])
def test_what_is_no_status_is_refused(content):
    with pytest.raises(ValueError, match=r".*"):
        read_status(content)


def test_another_format_is_refused(status):
    with pytest.raises(ValueError, match="format 2"):
        read_status(status_bytes(replace(status, format=2)))


def test_the_schema_holds_every_member():
    assert set(TypeAdapter(Status).json_schema()["properties"]) == set(Status.__slots__)
