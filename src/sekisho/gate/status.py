"""What the running gate says of itself each second: power against command, links, orders, latches.

The runtime fills it (`status_now`) and writes it as `status.json` into the state folder; `gate status`,
`gate top` and programs read it there. Powers are W at the connection point, export positive; times are
milliseconds since 1970 UTC unless they are ages. None is what is not known.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter

from sekisho.gate.renewal import Renewal

FORMAT = 1
"""Version of this form."""
OLD_MS = 5_000
"""A status older than this is not that of a running gate."""
MOST_DECISIONS = 20
"""Decisions that are shown; the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PcsStatus:
    """One power conversion system."""

    device: str
    link: str
    power: int | None
    setpoint: int | None
    """As read back from the device."""
    asked: int | None
    """As ordered by the gate."""
    watchdog: str
    no_watchdog: str | None
    """Why a PCS without a watchdog is accepted."""
    stopped_locally: bool
    faulted: bool
    own_droop: str | None = None
    """Its own droop (SunSpec 711): changing, off, on, not-off; None: the gate leaves it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BmsStatus:
    """One battery management system."""

    device: str
    link: str
    soc: float | None
    """State of charge, 0 to 1."""
    charge_limit: int | None
    discharge_limit: int | None
    temperature_min: float | None
    """°C."""
    temperature_max: float | None
    faulted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStatus:
    """The meter at the connection point."""

    device: str
    link: str
    power: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """A standing order: set-point, schedule or curtailment."""

    kind: str
    command: str
    issuer: str
    rank: int
    """0 local schedule, 1 market, 2 balancing, 3 curtailment."""
    power: int | None
    """Of a set-point: what was granted."""
    export_max: int | None = None
    """Of a curtailment."""
    import_max: int | None = None
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStatus:
    """A decision that was given."""

    at: int
    command: str | None
    kid: str | None
    outcome: str
    reason: str | None
    power: int | None
    limits: list[str]
    """Names of the bounds that bind."""
    entry: int
    """Number of its journal entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStatus:
    """The way to the broker."""

    connected: bool
    since: int
    """Since when it is as it is."""
    waiting: int
    """Messages that the head-end has not acknowledged."""
    certificate_ends: int | None
    renewal: str | None = None
    """How far the next certificate is: asked, trying, refused; None: none is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalStatus:
    """The journal."""

    entries: int
    head: str
    """Hash of the last entry, hexadecimal."""
    behind_ms: int
    """Age of the oldest entry that is not safe on disk; 0: none."""
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that a person asks a running gate."""

    format: int = FORMAT
    program: str
    """Version of sekisho."""
    site: str
    digest: str
    """Of the configuration."""
    commissioned: bool
    """Whether this configuration was commissioned."""
    at: int
    boot: int
    """Milliseconds of CLOCK_BOOTTIME."""
    time_sure: bool
    time_error_ms: int
    session: str
    trust_version: int
    bounds_version: int
    rated: int
    power: int | None
    """At the connection point, as the meter shows it."""
    setpoint: int
    """Of the whole plant: dispatch and droop."""
    dispatch: int
    droop: int
    frequency: float | None
    """Hz; None where it cannot be acted on."""
    frequency_doubt: str | None
    soc: float | None
    """Mean of all batteries that tell it."""
    soc_min: float | None = None
    """Bounds in force of the state of charge; None in a status of an older version."""
    soc_max: float | None = None
    nominal: float | None = None
    """Nominal frequency in Hz."""
    own_droop: int | None = None
    """W that PCS are expected to add by themselves; None where none does."""
    pcs: list[PcsStatus]
    bms: list[BmsStatus]
    meters: list[MeterStatus]
    north: NorthStatus
    journal: JournalStatus
    orders: list[OrderStatus]
    latches: list[str]
    alarms: list[str]
    failures: list[str]
    decisions: list[DecisionStatus]

    @property
    def calm(self) -> bool:
        """Whether nothing calls for a person."""
        carried = self.north.renewal in {Renewal.ASKED, Renewal.REFUSED}  # by a person
        return not (self.latches or self.alarms or self.failures or carried)


_FORM = TypeAdapter(Status)


def status_bytes(status: Status) -> bytes:
    """The status as JSON."""
    return json.dumps(asdict(status), ensure_ascii=False, allow_nan=False, indent=1).encode()


def read_status(content: bytes) -> Status:
    """A status as it was written.

    Raises:
        ValueError: the bytes are no status of this form.
    """
    status = _FORM.validate_json(content)
    if status.format != FORMAT:
        raise ValueError(f"a status of format {status.format}")
    return status
