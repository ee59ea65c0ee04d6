"""What the site file says to the gate, after reading: frozen values, every one of them checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.modbus.pdu import Space
    from sekisho.gate.failures import Activity, Failure, Response
    from sekisho.terms.ids import DeviceId, SiteId
    from sekisho.terms.quantity import WattHours, Watts


class SouthRole(StrEnum):
    """What a device in the plant is to the gate."""

    PCS = "pcs"
    BMS = "bms"
    METER = "meter"
    TRIP = "trip"


class DroopBy(StrEnum):
    """Who answers the frequency at a PCS."""

    GATE = "gate"
    """The gate's loop, by set-points."""
    OWN = "own"
    """Its own droop (SunSpec 711), which the gate sets, verifies and switches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpEnd:
    """A device reached over Modbus TCP."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialEnd:
    """A device reached over Modbus RTU."""

    path: str
    baud: int
    parity: str
    """N, E or O."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SouthDevice:
    """One `[[south]]`: a device, how it is reached, and how it is spoken to."""

    device: DeviceId
    role: SouthRole
    end: TcpEnd | SerialEnd
    unit: int
    """Modbus unit, 1 to 247; 0 (everybody) is never used."""
    profile: str | None
    """A profile's name or file; None: SunSpec discovery."""
    rated: Watts
    """Rated power of a PCS; 0 for others."""
    timeout_ms: int = 1_000
    gap_ms: int = 0
    """Rest between two requests."""
    settle_ms: int = 0
    """Rest after the connection is made."""
    fast_ms: int = 200
    slow_ms: int = 2_000
    watchdog_s: int = 10
    """Time-out that the gate arms in the PCS."""
    meter_sign: int = 1
    """-1 where a SunSpec meter counts import positive."""
    no_watchdog: str | None = None
    """Why a PCS without a watchdog is accepted; shown on every screen."""
    droop_by: DroopBy = DroopBy.GATE
    """Of a PCS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class North:
    """`[north]`: the broker; files are named from the state folder."""

    host: str
    port: int
    ca: str = "north-ca.pem"
    certificate: str = "north.pem"
    key: str = "north.key"
    server_name: str | None = None
    telemetry_ms: int = 1_000
    lost_ms: int = 30_000
    """Without the broker for so long, the cloud counts as lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """`[trip]`: the breaker that a mismatch opens; another device than the PCS."""

    device: DeviceId
    coil: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopContact:
    """`[stop_contact]`: the bit by which somebody on the spot stops the whole plant."""

    device: DeviceId
    """Any device of the plant that the bit is wired to."""
    space: Space
    address: int
    pressed: int
    """0 or 1: what it shows when it is pressed; 0 for a circuit that pressing opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the site file says to the gate."""

    site: SiteId
    rated: Watts
    """Rated output at the connection point."""
    energy: WattHours
    """Rated energy."""
    authority: str
    """Fingerprint of the site's authority: `sha256:` and the SHA-256 of its public key (SPKI)."""
    north: North
    south: tuple[SouthDevice, ...]
    trip: Trip | None
    stop_contact: StopContact | None = None
    stricter: Mapping[tuple[Failure, Activity], Response]
    """`[fallback]`: cells of the table of failures that this site makes stricter."""
    cycle_ms: int
    auxiliary: Watts
    """Load of the plant itself at rest, ≥ 0."""
    auxiliary_most: Watts
    """Largest load of the plant itself, ≥ auxiliary."""
    mismatch_band: Watts
    """How far the meter may be from the set-points; 5 % of the rating unless stated."""
    digest: str
    """SHA-256 of what the gate was configured with: site file and profiles."""
    metrics_port: int | None = None
    """Port of the metrics on the loopback address; None: there are none. Not in the digest: it
    reaches nothing that the gate acts on."""
    hardware: str = ""
    """Model on which the gate is delivered; empty where nobody says. It changes nothing that runs."""
    followers: frozenset[DeviceId] = field(init=False, repr=False, compare=False)
    """PCS that follow the frequency by themselves; most plants have none."""

    def __post_init__(self) -> None:
        """Picks out what every tick asks."""
        own = frozenset(d.device for d in self.south if d.droop_by is DroopBy.OWN)
        object.__setattr__(self, "followers", own)

    @property
    def pcs(self) -> tuple[SouthDevice, ...]:
        """The power conversion systems, in the file's order."""
        return tuple(d for d in self.south if d.role is SouthRole.PCS)
