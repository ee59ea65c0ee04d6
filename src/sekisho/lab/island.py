"""A synchronous area as one mass: what its frequency does when many plants move at once.

For comparing a guarded fleet with an unguarded one, not for planning a grid: one inertia, one
governor, no control of the area's balance, no load shedding. The defaults are the values usual in
open Japanese models (system constant 10 % of demand for each Hz, load 2 % for each 1 % of frequency,
turbine lag 6.4 s, inertia 3.8 s; governors answer with at most 5 % of the units that have them).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What a synchronous area is."""

    demand_w: float
    nominal: float = 50.0
    constant: float = 0.10
    """Share of demand for each Hz, load and governors together, at rest."""
    load: float = 2.0
    """Share of demand for each share of frequency."""
    synchronous: float = 0.7
    """Share of demand that synchronous machines carry."""
    inertia_s: float = 3.8
    """Of those machines."""
    governed: float = 0.6
    """Share of those machines that answer the frequency."""
    governor_most: float = 0.05
    """Most that they answer, as a share of their own power."""
    lag_s: float = 6.4


class Island:
    """An area in time."""

    __slots__ = ("_governor", "_off", "area")

    def __init__(self, area: Area) -> None:
        """An area in balance, at its nominal frequency."""
        self.area = area
        self._off = 0.0
        """Deviation, a share of the nominal frequency."""
        self._governor = 0.0
        """What governors add, a share of demand."""

    @property
    def frequency(self) -> float:
        """Hz."""
        return self.area.nominal * (1.0 + self._off)

    def step(self, more_w: float, dt_ms: int) -> float:
        """One step; long ones are cut into steps of 100 ms.

        Args:
            more_w: power beyond balance, W: what the fleet gives more than when all was well.
            dt_ms: its length.

        Returns:
            The frequency at its end, Hz.
        """
        left = dt_ms
        while left > 0:
            self._move(more_w / self.area.demand_w, min(left, _STEP_MS) / 1_000.0)
            left -= _STEP_MS
        return self.frequency

    def _move(self, more: float, seconds: float) -> None:
        area = self.area
        gain = area.constant * area.nominal - area.load
        most = area.governor_most * area.governed * area.synchronous
        wanted = max(-most, min(most, -gain * self._off))
        self._governor += (wanted - self._governor) * seconds / area.lag_s
        rest = more + self._governor - area.load * self._off
        self._off += rest * seconds / (2.0 * area.inertia_s * area.synchronous)


_STEP_MS = 100
