"""Primary control: power against frequency, and its way out when the frequency is in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.cycle.frequency import Sure

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.gate.cycle.frequency import Frequency

OUT_MS = 30_000
"""Without a sure frequency, droop has ramped out after so long."""


def wanted(bounds: Bounds, frequency: Frequency) -> float | None:
    """Droop for a frequency, in W, export positive; None where it must ramp out.

    Low frequency asks for export. Beyond the dead band the response grows by `slope` and ends at
    `power_max`.
    """
    droop = bounds.droop
    if droop is None:
        return 0.0
    if not isinstance(frequency, Sure):
        return None
    off = frequency.hertz - bounds.frequency_nominal
    beyond = max(0.0, abs(off) - droop.deadband)
    size = min(beyond * droop.slope, float(droop.power_max))
    return -size if off > 0 else size


def moved(before: float, to: float | None, bounds: Bounds, elapsed_ms: int) -> float:
    """Droop after a tick: where it is wanted, or on its way out."""
    if to is not None:
        return to
    most = float(bounds.droop.power_max) if bounds.droop else abs(before)
    step = most * elapsed_ms / OUT_MS
    return max(0.0, before - step) if before > 0 else min(0.0, before + step)
