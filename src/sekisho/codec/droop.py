"""Frequency droop of the PCS itself, as SunSpec model 711 has it.

A device stores several controls. The first one is the active one and can only be read; another one
is written and then adopted. All is read back from the active one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.codec.batch import Batch
from sekisho.codec.meanings import Meaning
from sekisho.codec.registers import UnfitError
from sekisho.terms.quantity import Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.codec.points import Point, Write
    from sekisho.codec.registers import Value
    from sekisho.terms.quantity import Hertz

ADOPTED = 1
"""COMPLETED of AdptCtlRslt."""
FULL_CHARGE = Share(-1.0)
APART = 0.02
"""Share of a dead band or a slope by which a device may round it."""
RESPONSE_APART_S = 0.5
"""By how much it may round the response time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroopSettings:
    """A droop line, both ways."""

    deadband_over: Hertz
    """Above the nominal frequency, within which nothing is done."""
    deadband_under: Hertz
    slope_over: Share
    """Change of frequency, as a share of the nominal one, that moves power by the whole rating."""
    slope_under: Share
    response_s: float
    """Open-loop response time."""
    power_min: Share = FULL_CHARGE
    """Power below which it does not take the device, where the device has such an end."""

    def items(self) -> Iterator[tuple[Meaning, float]]:
        """The values by their meaning."""
        yield Meaning.DROOP_DEADBAND_OVER, self.deadband_over
        yield Meaning.DROOP_DEADBAND_UNDER, self.deadband_under
        yield Meaning.DROOP_SLOPE_OVER, self.slope_over
        yield Meaning.DROOP_SLOPE_UNDER, self.slope_under
        yield Meaning.DROOP_RESPONSE, self.response_s
        yield Meaning.DROOP_POWER_MIN, self.power_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Droop:
    """How a device's own droop is set and verified."""

    active: tuple[Point, ...]
    """The active control, and whether it is enabled and adopted."""
    stored: tuple[Point, ...]
    """The control that is written."""
    number: int
    """Which control that is, counted from 1."""
    adopt: Point
    enable: Point
    check: Batch = field(init=False, repr=False, compare=False)
    """What to read to verify it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "check", Batch(self.active))

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point that is read or written."""
        return (*self.active, *self.stored, self.adopt, self.enable)

    def writes(self, settings: DroopSettings) -> tuple[Write, ...]:
        """Values, then adoption, then enable.

        Raises:
            UnfitError: the device cannot hold a value.
        """
        wanted = dict(settings.items())
        values = (point.write(wanted[point.meaning]) for point in self.stored)
        return (*values, self.adopt.write_raw(self.number), self.enable.write_raw(1))

    def stores(self, settings: DroopSettings) -> tuple[Write, ...]:
        """Values, then adoption; whether it is enabled stays as it is.

        Raises:
            UnfitError: the device cannot hold a value.
        """
        return self.writes(settings)[:-1]

    @property
    def switch_on(self) -> Write:
        """The write that enables it."""
        return self.enable.write_raw(1)

    @property
    def switch_off(self) -> Write:
        """The write that disables it."""
        return self.enable.write_raw(0)

    def holds(self, values: Mapping[Meaning, Value | None], settings: DroopSettings) -> bool:
        """Whether what was read is enabled, adopted and as set; absent is never yes.

        Raises:
            UnfitError: the device cannot hold a value.
        """
        return values.get(Meaning.DROOP_ENABLE) == 1 and self.lies(values, settings)

    def lies(self, values: Mapping[Meaning, Value | None], settings: DroopSettings) -> bool:
        """Whether what was read is adopted and as set, enabled or not; absent is never yes.

        Raises:
            UnfitError: the device cannot hold a value.
        """
        if values.get(Meaning.DROOP_ADOPTED) != ADOPTED:
            return False
        return all(values.get(meaning) == held for meaning, held in self._held(settings).items())

    @staticmethod
    def off(values: Mapping[Meaning, Value | None]) -> bool:
        """Whether what was read is disabled; absent is never yes."""
        return values.get(Meaning.DROOP_ENABLE) == 0

    def fits(self, settings: DroopSettings) -> bool:
        """Whether the device can hold the line closely enough to be counted by it."""
        try:
            held = self._held(settings)
        except UnfitError:
            return False
        for meaning, wanted in settings.items():
            if meaning is Meaning.DROOP_POWER_MIN and meaning not in held:
                continue  # not every device has that end
            value = held.get(meaning)
            apart = RESPONSE_APART_S if meaning is Meaning.DROOP_RESPONSE else APART * abs(wanted)
            if not isinstance(value, int | float) or abs(value - wanted) > apart:
                return False
        return True

    def _held(self, settings: DroopSettings) -> dict[Meaning, Value | None]:
        """What the device will show once it has adopted these."""
        wanted = dict(settings.items())
        return {p.meaning: p.value(p.words(wanted[p.meaning])) for p in self.stored}
