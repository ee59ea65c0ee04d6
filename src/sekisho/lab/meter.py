"""The meter at the connection point: power, frequency, energy either way."""

from __future__ import annotations

from sekisho.lab.battery import MS_AN_HOUR
from sekisho.lab.noise import noise

COUNTED_WH = 1_000_000.0
"""What it has counted before the story begins; a counter at 0 reads as "not implemented"."""


class Meter:
    """A meter in time. Export is positive."""

    __slots__ = ("_looks", "exported_wh", "frequency", "imported_wh", "power", "seed", "unrest_w")

    def __init__(self, unrest_w: float = 0.0, seed: int = 2) -> None:
        """A meter whose power is unsteady by at most `unrest_w`; energy counts without it."""
        self.unrest_w = unrest_w
        self.seed = seed
        self.power = 0.0
        """What it shows, W."""
        self.frequency = 50.0
        self.exported_wh = COUNTED_WH
        self.imported_wh = COUNTED_WH
        self._looks = 0

    def step(self, power: float, frequency: float, dt_ms: int) -> None:
        """One step with a mean power."""
        energy = power * dt_ms / MS_AN_HOUR
        if energy >= 0.0:
            self.exported_wh += energy
        else:
            self.imported_wh -= energy
        self.frequency = frequency
        if self.unrest_w:
            self._looks += 1
            power += self.unrest_w * noise(self.seed, self._looks)
        self.power = power
