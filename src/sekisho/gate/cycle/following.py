"""What is remembered of units that follow the frequency by themselves (`cycle.own_droop`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.droop import DroopSettings
    from sekisho.gate.image import OwnDroop
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs


class Against(StrEnum):
    """Why a unit's own droop is off; the first that holds."""

    NO_DROOP = "no-droop"
    """bounds.json has none, or one that is too slow for it."""
    NOT_COMMISSIONED = "not-commissioned"
    STOPPED = "stopped"
    """Something has latched, or the plant goes to rest for safety."""
    FAILED = "plant-failed"
    """The table of failures leaves less than the whole of primary control."""
    FREQUENCY = "frequency"
    """It is not sure."""
    RESERVE = "reserve"
    """The frequency asks for all of the contracted reserve: beyond it the line would go on."""
    MISMATCH = "mismatch"
    """The meter disagrees with what is expected."""
    FOREIGN = "foreign-writer"
    """Somebody else has set it, or set-points, lately."""
    UNFIT = "unfit"
    """The device does not do it."""
    UNIT = "unit"
    """The unit cannot be asked."""
    ROOM = "room"
    """The whole room that it could move in by itself is not inside every bound."""
    CHANGED = "changed"
    """Its line has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Between which powers units may be beside their set-points, W; zero is in it."""

    low: float = 0.0
    high: float = 0.0


NOWHERE = Reach()


def added(followers: Mapping[DeviceId, Follower]) -> float:
    """What all units are expected to add by themselves now, W."""
    return sum(one.adds for one in followers.values()) if followers else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """What is remembered of one unit."""

    line: DroopSettings | None = None
    """What it was told to follow; None: off."""
    entry: int = 0
    """Number of the journal entry that says so: nothing is switched on before it is committed."""
    since: BootMs | None = None
    """Since when nothing has spoken against it."""
    asked_at: BootMs | None = None
    """Since when it is told what it is told now."""
    up_since: BootMs | None = None
    """Since when it had its connection: one that was made again begins anew."""
    unfit_at: BootMs | None = None
    """When it last did not do what it was told."""
    adds: float = 0.0
    """W that it is expected to add now; a response of first order."""
    on_since: BootMs | None = None
    """Since when it has been seen to follow."""
    counted_on: float = 0.0
    """W of primary control that the gate's loop leaves to it."""
    state: OwnDroop | None = None
    """As journalled last."""
