"""The plant's own stop contact, read with the device that it is wired to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning
from sekisho.codec.points import Pace, Point
from sekisho.codec.registers import Kind

if TYPE_CHECKING:
    from sekisho.codec.device_map import DeviceMap
    from sekisho.gate.settings import StopContact


def with_stop(device_map: DeviceMap, contact: StopContact) -> DeviceMap:
    """The device's map with the contact among what is read at the fast pace."""
    point = Point(
        meaning=Meaning.STOP_CONTACT,
        space=contact.space,
        address=contact.address,
        kind=Kind.BIT,
        pace=Pace.FAST,
    )
    return replace(device_map, points=(*device_map.points, point))
