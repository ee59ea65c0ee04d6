"""A battery: energy, efficiency, what it takes and gives, and its temperature.

Power here is what stands at the terminals of the inverter, export positive. What is stored is less
than what was taken, and more than what will be given, by the efficiency of either way.
"""

from __future__ import annotations

from dataclasses import dataclass

MS_AN_HOUR = 3_600_000
DC_VOLTS = 1_200.0
"""Between battery and PCS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryPlate:
    """What a battery is."""

    energy_wh: float
    charge_w: float
    """Most power it takes, ≥ 0, in good condition."""
    discharge_w: float
    """Most power it gives, ≥ 0, in good condition."""
    charge_efficiency: float = 0.965
    discharge_efficiency: float = 0.965
    soc_min: float = 0.02
    soc_max: float = 0.98
    """Where the battery itself ends; it never goes beyond them."""
    taper_s: float = 300.0
    """Near an end it takes and gives no more than brings it there within so long."""
    ambient: float = 20.0
    """°C around it."""
    derate_from: float = 40.0
    """°C from which it takes and gives less."""
    derate_to: float = 55.0
    """°C at which it takes and gives nothing."""
    cold_to: float = 0.0
    """°C below which it takes nothing; up to 10 °C more it takes less."""
    heat_capacity: float | None = None
    """Wh that warm it by 1 °C; None: as lithium cells have it, 1.5 Wh for each kWh of energy."""
    cooling: float | None = None
    """W that leave it for each °C above ambient; None: so that full power warms it by 25 °C."""


_COLD_SPAN = 10.0
_WARMTH_AT_FULL = 25.0


class Battery:
    """A battery in time."""

    __slots__ = ("_capacity", "_cooling", "ambient", "plate", "stored", "temperature")

    def __init__(self, plate: BatteryPlate, soc: float, temperature: float | None = None) -> None:
        """A battery that holds `soc`, a share of its energy."""
        self.plate = plate
        self.stored = soc * plate.energy_wh
        """Wh in the cells."""
        self.ambient = plate.ambient
        self.temperature = plate.ambient if temperature is None else temperature
        lost = (1.0 / plate.discharge_efficiency - 1.0) * plate.discharge_w
        self._capacity = plate.heat_capacity or 0.0015 * plate.energy_wh
        self._cooling = plate.cooling or max(1e-9, lost / _WARMTH_AT_FULL)

    @property
    def soc(self) -> float:
        """State of charge, a share."""
        return self.stored / self.plate.energy_wh

    def condition(self) -> float:
        """Share of its power that its warmth leaves, 1 to 0."""
        plate = self.plate
        if self.temperature <= plate.derate_from:
            return 1.0
        left = (plate.derate_to - self.temperature) / (plate.derate_to - plate.derate_from)
        return max(0.0, left)

    def takes(self) -> float:
        """Most power it takes now, W ≥ 0."""
        plate = self.plate
        room = plate.soc_max * plate.energy_wh - self.stored
        if room <= 0.0:
            return 0.0
        most = plate.charge_w * self.condition()
        cold = (self.temperature - plate.cold_to) / _COLD_SPAN
        if cold < 1.0:
            most *= max(0.0, cold)
        return min(most, room * 3600.0 / (plate.taper_s * plate.charge_efficiency))

    def gives(self) -> float:
        """Most power it gives now, W ≥ 0."""
        plate = self.plate
        left = self.stored - plate.soc_min * plate.energy_wh
        if left <= 0.0:
            return 0.0
        most = plate.discharge_w * self.condition()
        return min(most, left * 3600.0 * plate.discharge_efficiency / plate.taper_s)

    def within(self, dt_ms: int) -> tuple[float, float]:
        """What it takes and gives over a whole step without passing an end, W ≥ 0."""
        plate = self.plate
        hours = dt_ms / MS_AN_HOUR
        room = (plate.soc_max * plate.energy_wh - self.stored) / (plate.charge_efficiency * hours)
        left = (self.stored - plate.soc_min * plate.energy_wh) * plate.discharge_efficiency / hours
        return max(0.0, min(self.takes(), room)), max(0.0, min(self.gives(), left))

    def step(self, power: float, dt_ms: int) -> None:
        """Takes or gives a power for a time; the caller keeps it within `within`.

        Args:
            power: W at the inverter's terminals, export positive.
            dt_ms: for how long.
        """
        plate = self.plate
        hours = dt_ms / MS_AN_HOUR
        if power >= 0.0:
            inside = power / plate.discharge_efficiency
        else:
            inside = power * plate.charge_efficiency
        self.stored -= inside * hours
        warmed = abs(inside - power) - self._cooling * (self.temperature - self.ambient)
        change = warmed * hours / self._capacity
        # a step longer than the battery's own time constant ends at rest instead of swinging
        rest = self.ambient + abs(inside - power) / self._cooling
        after = self.temperature + change
        over = (after - rest) * (self.temperature - rest) < 0.0
        self.temperature = rest if over else after
