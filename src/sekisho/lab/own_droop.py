"""The droop of a simulated PCS itself, as SunSpec model 711 has it: a line, adopted, and followed.

It answers the frequency as a share of the PCS's rating, with a lag of first order, and knows no
largest power of its own: what it adds ends where the rating of the PCS does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from sekisho.codec.droop import ADOPTED

ACTIVE, STORED = 1, 2
"""The control that counts and can only be read; the one that is written."""
_IN_PROGRESS, _REFUSED = 0, 2
_TO_NINE_TENTHS = math.log(10)


class Flaw(StrEnum):
    """What is wrong with it."""

    NEVER_ADOPTS = "never-adopts"
    ADOPTS_ANOTHER = "adopts-another"
    """It shows another slope than it was told."""
    NEVER_ON = "never-on"
    """It takes the enable and stays off."""
    NEVER_OFF = "never-off"
    """It takes the disable and stays on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A control: dead bands in Hz, slopes as shares, response in seconds."""

    deadband_over: float = 0.036
    deadband_under: float = 0.036
    slope_over: float = 0.05
    slope_under: float = 0.05
    response_s: float = 5.0
    power_min: float = 0.0
    """Share of the rating below which it does not take the power; a device as delivered: 0."""


class OwnDroop:
    """Model 711 in time."""

    __slots__ = ("active", "adds", "flaws", "on", "requested", "result", "stored", "times_on")

    def __init__(self) -> None:
        """As delivered: off."""
        self.on = False
        self.active = Line()
        self.stored = Line()
        self.requested = 0
        self.result = ADOPTED
        self.flaws: frozenset[Flaw] = frozenset()
        self.times_on = 0
        """How often it was enabled."""
        self.adds = 0.0
        """W that it adds to what the set-point gives."""

    def write_on(self, on: float) -> bool:
        """The enable."""
        stuck = Flaw.NEVER_ON if on else Flaw.NEVER_OFF
        if stuck not in self.flaws:
            self.times_on += bool(on) and not self.on
            self.on = bool(on)
        return True

    def write_stored(self, part: str, value: float) -> bool:
        """One value of the control that is written; False: refused."""
        if value < 0 and part != "power_min":
            return False
        self.stored = replace(self.stored, **{part: value})
        return True

    def adopt(self, number: float) -> bool:
        """The stored control becomes the active one."""
        self.requested = int(number)
        if self.requested != STORED:
            self.result = _REFUSED
        elif Flaw.NEVER_ADOPTS in self.flaws:
            self.result = _IN_PROGRESS
        else:
            self.active, self.result = self.stored, ADOPTED
            if Flaw.ADOPTS_ANOTHER in self.flaws:
                self.active = replace(self.stored, slope_over=2 * self.stored.slope_over)
        return True

    def step(self, hertz: float, nominal: float, rated_w: int, dt_ms: int) -> float:
        """What it adds after one more step, W."""
        goal = self._goal(hertz, nominal) * rated_w if self.on else 0.0
        seconds = self.active.response_s / _TO_NINE_TENTHS
        way = 1.0 - math.exp(-dt_ms / 1_000 / seconds) if seconds > 0 else 1.0
        self.adds += (goal - self.adds) * way
        return self.adds

    def _goal(self, hertz: float, nominal: float) -> float:
        line, off = self.active, hertz - nominal
        if off > line.deadband_over and line.slope_over > 0:
            return -(off - line.deadband_over) / nominal / line.slope_over
        if off < -line.deadband_under and line.slope_under > 0:
            return -(off + line.deadband_under) / nominal / line.slope_under
        return 0.0
