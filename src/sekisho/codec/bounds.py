"""What this plant may ever do, whoever asks.

`bounds.json` is signed by the site's authority. Its version only rises. On the wire every number is
an integer (W, Wh, ‰, tenths of °C, mHz, s); inside, the quantities that the plant's image is
compared with have its types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import Kind

if TYPE_CHECKING:
    from sekisho.terms.ids import SiteId
    from sekisho.terms.quantity import Celsius, Hertz, Share, WallMs, Watts


@dataclass(frozen=True, slots=True, kw_only=True)
class Droop:
    """Primary control: power against frequency, on top of dispatch."""

    deadband: Hertz
    """No response this close to nominal."""
    slope: Watts
    """W for each Hz beyond the dead band."""
    power_max: Watts
    """Largest response either way; dispatch leaves this room."""
    reserve_minutes: int
    """The battery keeps energy for the largest response for so long, either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """Longest life of each kind of command, in seconds; the defaults are the ceilings."""

    setpoint: int = 1_800
    schedule: int = 172_800
    curtail: int = 172_800
    stop: int = 1_800
    release: int = 1_800

    def of(self, kind: Kind) -> int:
        """Longest life of one kind, in milliseconds."""
        match kind:
            case Kind.SETPOINT:
                seconds = self.setpoint
            case Kind.SCHEDULE:
                seconds = self.schedule
            case Kind.CURTAIL:
                seconds = self.curtail
            case Kind.STOP:
                seconds = self.stop
            case Kind.RELEASE:
                seconds = self.release
            case _:
                assert_never(kind)
        return seconds * 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`bounds.json` after reading."""

    site: SiteId
    version: int
    """≥ 1; only rises."""
    issued_at: WallMs
    export_max: Watts
    """Largest discharge of all PCS together, ≥ 0."""
    import_max: Watts
    """Largest charge of all PCS together, ≥ 0."""
    connection_export_max: Watts
    """Largest export at the connection point (auxiliary load counted), ≥ 0."""
    connection_import_max: Watts
    """Largest import at the connection point, ≥ 0."""
    soc_min: Share
    soc_max: Share
    soc_reserve: Share
    """Kept above `soc_min` and below `soc_max` for what is not dispatch; 0 to 0.5."""
    temperature_min: Celsius
    temperature_max: Celsius
    ramp_dispatch: int
    """Fastest change of dispatch, W/s."""
    ramp_max: int
    """Fastest change of the sum of dispatch and droop, W/s; ≥ `ramp_dispatch`."""
    reversals_per_hour: int
    """Passages through zero by more than 5 % of the rating, all keys together."""
    frequency_nominal: Hertz
    """50 or 60."""
    frequency_min: Hertz
    """Below it a reading is implausible."""
    frequency_max: Hertz
    """Above it a reading is implausible."""
    frequency_disturbed: Hertz
    """This far from nominal the frequency is disturbed: market commands may not push it further."""
    droop: Droop | None
    """None: no primary control here."""
    life: Lives
