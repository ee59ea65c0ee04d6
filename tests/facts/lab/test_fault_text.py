"""Switches as names and plain values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.pdu import ExceptionCode
from sekisho.lab import faults
from sekisho.lab.fault_text import KINDS, as_plain, from_plain

if TYPE_CHECKING:
    from sekisho.lab.faults import Fault

SAMPLES: dict[str, Fault] = {
    "lie": faults.Lie(Meaning.STATE_OF_CHARGE, add=0.3),
    "absent": faults.Absent(Meaning.FREQUENCY),
    "scale-changed": faults.ScaleChanged(Meaning.ACTIVE_POWER, -1),
    "foreign-writer": faults.ForeignWriter(5),
    "side-channel": faults.SideChannel(-5),
    "late": faults.Late(7),
    "refused": faults.Refused(ExceptionCode.DEVICE_FAILURE),
    "corrupt": faults.Corrupt(0.01),
    "other-nameplate": faults.OtherNameplate(maker="X"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_switch_survives_text(name: str) -> None:
    fault = SAMPLES[name] if name in SAMPLES else from_plain({"fault": name})
    assert from_plain(json.loads(json.dumps(as_plain(fault)))) == fault


@pytest.mark.parametrize(
    ("plain", "why"),
    [
        ({"fault": "rust"}, "no fault is called 'rust'"),
        ({"fault": "late", "ms": 5, "colour": 1}, "late has no colour"),
        ({"fault": "late"}, "missing"),
        ({"fault": "late", "ms": "soon"}, "'soon' is no int"),
        ({"fault": "lie", "meaning": "weather"}, "weather"),
        ({"fault": "refused", "code": 99}, "99"),
    ],
)
def test_what_is_no_switch_is_refused(plain: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        from_plain(plain)
