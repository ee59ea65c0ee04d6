"""A battery management system: what it says of its battery, and how often it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.lab.battery import Battery

SPREAD = 1.5
"""°C between the mean of the battery and its coldest or warmest module."""


class Bms:
    """A BMS in time. It looks at its battery every `every_ms`; what it tells is that old."""

    __slots__ = (
        "_next",
        "battery",
        "beat",
        "broken",
        "charge_limit",
        "discharge_limit",
        "every_ms",
        "power",
        "soc",
        "temperature_max",
        "temperature_min",
    )

    def __init__(self, battery: Battery, every_ms: int = 1_000) -> None:
        """A BMS of one battery."""
        self.battery = battery
        self.every_ms = every_ms
        self.beat = 0
        self.broken = False
        """It reports a fault, and opens its contactors."""
        self.power = 0.0
        self._next = 0
        self._look()

    def step(self, now_ms: int, power: float) -> None:
        """One step, at whose end the battery's power is `power`."""
        if now_ms < self._next:
            return
        self._next = now_ms + self.every_ms
        self.power = power
        self.beat = self.beat % 0xFFFE + 1
        self._look()

    def _look(self) -> None:
        battery = self.battery
        self.soc = battery.soc
        self.charge_limit = 0 if self.broken else int(battery.takes())
        self.discharge_limit = 0 if self.broken else int(battery.gives())
        self.temperature_min = battery.temperature - SPREAD
        self.temperature_max = battery.temperature + SPREAD
