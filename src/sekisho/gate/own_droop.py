"""The droop of a PCS itself: its line, as the signed bounds state it.

Nothing but bounds.json and the ratings of the site file is in it. Every unit gets the same line as a
share of its own rating, so that together they give the slope of the plant.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sekisho.codec.droop import DroopSettings
from sekisho.gate.settings import DroopBy
from sekisho.terms.quantity import Hertz, Share

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.gate.settings import Settings

_TO_NINE_TENTHS = math.log(10)
"""Time constants until a response of first order has come nine tenths of its way, as SunSpec counts."""
SLOWEST_S = 6.0
"""A response beyond it is slower than meter against command waits for one."""
_FIRM = 1 + 1e-9
"""Registers drop what they cannot resolve: a value that is one of theirs must not fall below it."""


def line_of(bounds: Bounds, settings: Settings) -> DroopSettings | None:
    """The line that each unit follows by itself; None where there is none, or none fast enough.

    Its response is as slow as the largest one, `power_max`, must be to begin no faster than
    `ramp_max`.
    """
    droop = bounds.droop
    if droop is None:
        return None
    rated = sum(device.rated for device in settings.pcs)
    slope = rated / (droop.slope * bounds.frequency_nominal)
    response = _TO_NINE_TENTHS * droop.power_max / bounds.ramp_max
    if response > SLOWEST_S:
        return None
    return DroopSettings(
        deadband_over=Hertz(droop.deadband * _FIRM),
        deadband_under=Hertz(droop.deadband * _FIRM),
        slope_over=Share(slope * _FIRM),
        slope_under=Share(slope * _FIRM),
        response_s=response * _FIRM,
    )


def leaves_room(bounds: Bounds, settings: Settings) -> bool:
    """Whether the plant at rest has room for all that its units with droop of their own could do.

    Their whole rating both ways, with the gate's own part of primary control at the others on top.
    """
    droop = bounds.droop
    rated = sum(device.rated for device in settings.pcs)
    mine = sum(device.rated for device in settings.pcs if device.droop_by is DroopBy.OWN)
    if droop is None or not rated:
        return False
    most = mine + droop.power_max * (rated - mine) / rated
    export = min(bounds.export_max, bounds.connection_export_max + settings.auxiliary)
    import_ = min(bounds.import_max, bounds.connection_import_max - settings.auxiliary_most)
    return most <= min(export, import_)
