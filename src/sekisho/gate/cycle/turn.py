"""What a tick asks of the tasks around the cycle."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.droop import DroopSettings
    from sekisho.gate.cycle.goal import Goal
    from sekisho.gate.cycle.window import Window
    from sekisho.gate.journal.entries import Entry
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import Watts


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One tick's orders to the plant and lines for the journal."""

    orders: Mapping[DeviceId, Watts]
    """The set-point of each unit that can be asked; written where it differs from the last."""
    rewrite: frozenset[DeviceId]
    """Units whose set-point is written although it is the same: somebody else wrote there, or they
    have just come back."""
    trip: bool
    """The trip device must stand open."""
    entries: tuple[Entry, ...]
    goal: Goal
    window: Window
    own_droop: Mapping[DeviceId, DroopSettings | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """The line that each unit with droop of its own shall follow; None: off."""
