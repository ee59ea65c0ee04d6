"""Foreign values: somebody else writes the set-point.

A value read back that was not ordered is overwritten once, journalled and alarmed; three within a
minute mean another master, and market commands stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.gate.image import PcsImage
    from sekisho.gate.state import Unit
    from sekisho.terms.quantity import BootMs

SETTLE_MS = 2_000
"""After an order a device may still show the old value for so long."""
WINDOW_MS = 60_000
MOST = 3
"""So many within a minute stop market commands."""
ROUNDING = 0.002
"""Share of the unit's rating by which a device may round a set-point."""


def is_foreign(pcs: PcsImage, unit: Unit | None) -> bool:
    """Whether a unit holds a set-point that it was not given."""
    if unit is None or unit.asked is None or unit.asked_at is None or pcs.setpoint is None:
        return False
    if pcs.setpoint.at - unit.asked_at < SETTLE_MS:
        return False
    return abs(pcs.setpoint.value - unit.asked) > max(1.0, ROUNDING * pcs.rated)


def start(found: float, asked: float) -> float:
    """From where a unit is taken back to what it was asked, W.

    A device whose own watchdog has run out shows less than it was asked; to write the whole again at
    once would be a step that no ramp has.
    """
    lowered = found * asked >= 0 and abs(found) < abs(asked)
    return found if lowered else asked


def remembered(seen: tuple[BootMs, ...], now: BootMs) -> tuple[BootMs, ...]:
    """Those of the last minute."""
    return tuple(at for at in seen if now - at <= WINDOW_MS)
