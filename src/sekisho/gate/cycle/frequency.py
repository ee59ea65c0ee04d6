"""The grid's frequency: sure, or not to be acted on and why.

A frequency older than 500 ms, frozen, implausible or disputed between two sources is no frequency:
primary control ramps out, and market commands may only reduce power.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from sekisho.gate.image import FREQUENCY_MS, fresh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.bounds import Bounds
    from sekisho.gate.image import MeterImage, PcsImage, PlantImage, Reading
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs, Hertz

FROZEN_MS = 60_000
"""A live frequency does not hold the same value for so long, even in steps of 10 mHz."""
DISPUTE_HZ = 0.1
"""Two sources at one connection point do not differ by more."""
DISPUTE_MS = 1_000
"""While the frequency moves, sources that are read one after the other differ for less than this."""


class Doubt(StrEnum):
    """Why a frequency cannot be acted on."""

    ABSENT = "absent"
    STALE = "stale"
    FROZEN = "frozen"
    IMPLAUSIBLE = "implausible"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Sure:
    """A frequency that can be acted on."""

    hertz: Hertz


Frequency: TypeAlias = Sure | Doubt


@dataclass(frozen=True, slots=True)
class Held:
    """A value, and since when it has been the same."""

    value: float
    since: BootMs


@dataclass(frozen=True, slots=True)
class Apart:
    """Sources that differ; moments in which they agree, or one is silent, do not end it."""

    since: BootMs
    last: BootMs


def sources(image: PlantImage) -> dict[DeviceId, Reading[Hertz]]:
    """Every frequency of the plant, the meters' first."""
    found: dict[DeviceId, Reading[Hertz]] = {}
    devices: tuple[MeterImage | PcsImage, ...] = (*image.meters, *image.pcs)
    for device in devices:
        if device.frequency is not None:
            found[device.device] = device.frequency
    return found


def held(
    before: Mapping[DeviceId, Held], read: Mapping[DeviceId, Reading[Hertz]]
) -> dict[DeviceId, Held]:
    """Since when each source has shown the same value."""
    after: dict[DeviceId, Held] = {}
    for device, reading in read.items():
        known = before.get(device)
        same = known is not None and known.value == reading.value
        after[device] = known if known and same else Held(reading.value, reading.at)
    return after


def apart_since(
    before: Apart | None, read: Mapping[DeviceId, Reading[Hertz]], now: BootMs
) -> Apart | None:
    """Since when the sources have differed by more than they may; None: they agree."""
    live = [v for v in (fresh(r, now, FREQUENCY_MS) for r in read.values()) if v is not None]
    if len(live) >= 2 and max(live) - min(live) > DISPUTE_HZ:  # noqa: PLR2004 - one has no other
        return Apart(now if before is None else before.since, now)
    # A source that agrees now and then, or falls silent, cannot hide a dispute.
    return before if before is not None and now - before.last < DISPUTE_MS else None


def judged(
    bounds: Bounds,
    read: Mapping[DeviceId, Reading[Hertz]],
    seen: Mapping[DeviceId, Held],
    apart: Apart | None,
    now: BootMs,
) -> Frequency:
    """The frequency, or the first doubt about it.

    Args:
        bounds: what is plausible.
        read: every source.
        seen: since when each has shown the same value.
        apart: since when they have differed.
        now: this moment.
    """
    if not read:
        return Doubt.ABSENT
    if apart is not None and apart.last - apart.since >= DISPUTE_MS:
        return Doubt.DISPUTED
    doubt = Doubt.STALE
    for device, reading in read.items():
        value = fresh(reading, now, FREQUENCY_MS)
        if value is None:
            continue
        if not bounds.frequency_min <= value <= bounds.frequency_max:
            doubt = Doubt.IMPLAUSIBLE
        elif now - seen[device].since > FROZEN_MS:
            doubt = Doubt.FROZEN
        else:
            return Sure(value)
    return doubt
