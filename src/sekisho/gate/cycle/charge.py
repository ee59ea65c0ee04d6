"""State of charge against energy: a forged one is found by the energy that flowed.

From an anchor on, the state of charge must follow what the meter, or failing that the PCS, measured.
More than ten points apart, the plant ramps to rest. The anchor follows slowly, so that losses and
small errors of a healthy battery never add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.image import SLOW_MS, fresh

if TYPE_CHECKING:
    from sekisho.gate.image import PlantImage
    from sekisho.gate.settings import Settings

APART = 0.10
"""Points of charge between the two that are no error any more."""
FOLLOW_MS = 6 * 3_600_000
"""Time constant with which the expectation follows a healthy battery."""


def shown(image: PlantImage) -> float | None:
    """Mean state of charge of all batteries; None unless every one is known."""
    found = [fresh(bms.soc, image.at, SLOW_MS) for bms in image.bms]
    known = [soc for soc in found if soc is not None]
    return sum(known) / len(known) if known and len(known) == len(found) else None


def expected(
    before: float | None, image: PlantImage, settings: Settings, power: float, elapsed_ms: int
) -> float | None:
    """What the state of charge should be after this tick; None until one was seen.

    Args:
        before: what it should have been at the last tick.
        image: what the batteries show.
        settings: rated energy.
        power: what flowed since, W, export positive.
        elapsed_ms: for how long.
    """
    seen = shown(image)
    if before is None:
        return seen
    flowed = power * elapsed_ms / 3_600_000 / settings.energy if settings.energy else 0.0
    after = before - flowed
    if seen is not None and abs(seen - after) < APART:
        after += (seen - after) * min(1.0, elapsed_ms / FOLLOW_MS)
    return after


def disputed(expectation: float | None, image: PlantImage) -> bool:
    """Whether the batteries show a charge that cannot be."""
    seen = shown(image)
    return seen is not None and expectation is not None and abs(seen - expectation) > APART
