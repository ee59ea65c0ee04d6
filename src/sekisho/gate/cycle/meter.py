"""Meter against command: the only check that sees power which nobody ordered.

What the meter may show follows from the set-points of the last seconds and the range of the plant's
own load. Outside its band for 10 s raises an alarm, 60 s ramps to zero, 30 s more opens the trip.
A meter that is stale, frozen or implausible is itself at fault: no trip, and only reducing commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.image import FAST_MS, fresh

if TYPE_CHECKING:
    from sekisho.gate.image import PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.terms.quantity import BootMs

ALARM_MS = 10_000
REST_MS = 60_000
TRIP_MS = 90_000
REMEMBER_MS = 8_000
"""Set-points of so long ago can still be what the meter shows: response delay and ramps of a PCS."""
GOOD_MS = 10_000
"""A disagreement is over when the meter has been inside its band for so long."""
FROZEN_MS = 30_000
"""A meter that shows the same power for so long while the set-points moved is frozen."""
IMPLAUSIBLE = 2.0
"""Times the rating, beyond which a power is no reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterWatch:
    """What was seen of the meter so far."""

    recent: tuple[tuple[BootMs, float], ...] = ()
    """Sums of set-points of the last seconds, each with the last moment at which it held."""
    value: float | None = None
    """What the meter showed last."""
    same_since: BootMs | None = None
    """Since when it has shown exactly that."""
    moved: float = 0.0
    """By how much the set-points have moved since then."""
    off_since: BootMs | None = None
    """Since when it has been outside its band."""
    good_since: BootMs | None = None
    """Since when it has been inside without a break."""
    at_fault: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterView:
    """What follows from it."""

    watch: MeterWatch
    off_ms: int
    """For how long the meter has disagreed; 0 while it agrees."""
    auxiliary: float
    """The plant's own load as the meter shows it, W within its declared range."""


def watched(
    watch: MeterWatch, settings: Settings, image: PlantImage, total: float, *, latched: bool
) -> MeterView:
    """One more look at the meter.

    Args:
        watch: what was seen so far.
        settings: rating, own load, band.
        image: the meter's power.
        total: what the units are counted with now, W.
        latched: the disagreement has latched; its time runs until somebody on the spot resets it.
    """
    now = image.at
    before = watch.recent[-1][1] if watch.recent else total
    old = 0
    while old < len(watch.recent) and now - watch.recent[old][0] > REMEMBER_MS:
        old += 1
    kept = watch.recent[old:]
    # Of a power that stays only the last moment is kept: the range is the same.
    recent = (*(kept[:-1] if kept and kept[-1][1] == total else kept), (now, total))
    value = shown(image, settings)
    if value is None:
        # Not knowing is no agreement: the time of a disagreement runs on, so that a meter that
        # is silent now and then cannot hide one. Nothing follows from it until the meter is back.
        unknown = MeterWatch(recent=recent, off_since=watch.off_since)
        return MeterView(watch=unknown, off_ms=0, auxiliary=float(settings.auxiliary))
    same = watch.value == value and watch.same_since is not None
    same_since = watch.same_since if same else now
    moved = watch.moved + abs(total - before) if same else 0.0
    frozen = (
        same_since is not None and now - same_since > FROZEN_MS and moved > settings.mismatch_band
    )
    sums = [power for _, power in recent]
    low = min(sums) - settings.auxiliary_most - settings.mismatch_band
    high = max(sums) - settings.auxiliary + settings.mismatch_band
    off = not low <= value <= high and not frozen
    good_since = None if off else (watch.good_since or now)
    # A moment inside the band, such as a ramp passing through, ends no disagreement.
    ended = not latched and good_since is not None and now - good_since > GOOD_MS
    began = watch.off_since if watch.off_since is not None else (now if off else None)
    off_since = None if ended else began
    after = MeterWatch(
        recent=recent,
        value=value,
        same_since=same_since,
        moved=moved,
        off_since=off_since,
        good_since=good_since,
        at_fault=frozen,
    )
    load = min(float(settings.auxiliary_most), max(float(settings.auxiliary), total - value))
    return MeterView(
        watch=after, off_ms=now - off_since if off and off_since is not None else 0, auxiliary=load
    )


def shown(image: PlantImage, settings: Settings) -> float | None:
    """The connection point's power; None where no meter shows a plausible one.

    Several meters stand beside one another on their own feeders: their powers add up.
    """
    if not image.meters:
        return None
    found = 0.0
    for meter in image.meters:
        power = fresh(meter.power, image.at, FAST_MS)
        if power is None:
            return None
        found += power
    return found if abs(found) <= IMPLAUSIBLE * settings.rated else None
