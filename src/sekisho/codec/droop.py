"""Frequency droop of the PCS itself, as SunSpec model 711 has it.

A device stores several controls. The first one is the active one and can only be read; another one
is written and then adopted. All is read back from the active one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.batch import Batch
from sekisho.codec.points import Meaning, Point, Write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.codec.registers import Value
    from sekisho.terms.quantity import Hertz, Share

ADOPTED = 1
"""COMPLETED of AdptCtlRslt."""


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

    def items(self) -> Iterator[tuple[Meaning, float]]:
        """The values by their meaning."""
        yield Meaning.DROOP_DEADBAND_OVER, self.deadband_over
        yield Meaning.DROOP_DEADBAND_UNDER, self.deadband_under
        yield Meaning.DROOP_SLOPE_OVER, self.slope_over
        yield Meaning.DROOP_SLOPE_UNDER, self.slope_under
        yield Meaning.DROOP_RESPONSE, self.response_s


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

    @property
    def check(self) -> Batch:
        """What to read to verify it."""
        return Batch(self.active)

    def holds(self, values: Mapping[Meaning, Value | None], settings: DroopSettings) -> bool:
        """Whether what was read is enabled, adopted and as set; absent is never yes.

        Raises:
            UnfitError: the device cannot hold a value.
        """
        wanted: dict[Meaning, Value | None] = {
            Meaning.DROOP_ENABLE: 1,
            Meaning.DROOP_ADOPTED: ADOPTED,
        }
        settings_by = dict(settings.items())
        for point in self.stored:
            wanted[point.meaning] = point.value(point.words(settings_by[point.meaning]))
        return all(values.get(meaning) == value for meaning, value in wanted.items())
