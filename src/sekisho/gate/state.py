"""What the gate remembers: the durable part, committed with the journal, and the part of this run.

Both are frozen; every function of the road takes a `Gate` and returns a new one. `Durable` is what a
restart must not forget: the session, high-water marks, standing orders, latches and budgets. It is
committed in the same transaction as the entries that explain it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sekisho.gate.cycle.following import NOWHERE, added
from sekisho.gate.cycle.frequency import Doubt
from sekisho.gate.cycle.meter import MeterWatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.command import CommandClass, Curtail, Rank, Schedule, Setpoint
    from sekisho.codec.decision import Decision
    from sekisho.codec.trust import Trust
    from sekisho.gate.budget import Purse
    from sekisho.gate.clock import Term
    from sekisho.gate.cycle.following import Follower, Reach
    from sekisho.gate.cycle.frequency import Apart, Frequency, Held
    from sekisho.gate.cycle.lingering import Past
    from sekisho.gate.failures import Failure
    from sekisho.gate.image import WatchdogState
    from sekisho.gate.settings import Settings
    from sekisho.terms.ids import CommandId, DeviceId, IssuerId, KeyId, SessionId
    from sekisho.terms.quantity import BootMs, Watts


def _nothing() -> MappingProxyType[Any, Any]:
    return MappingProxyType({})


class Latch(StrEnum):
    """Something that stays until it is released."""

    LOCAL_STOP = "local-stop"
    """A stop or lock-out on the spot; reset locally."""
    REMOTE_STOP = "remote-stop"
    """A signed stop; released by the same or a higher rank."""
    MISMATCH = "mismatch"
    """The meter disagreed with the set-points for a minute; reset locally."""
    TRIPPED = "tripped"
    """The trip device was opened; reset locally."""
    CHARGE_DISPUTED = "charge-disputed"
    """The state of charge disagreed with the energy that flowed; reset locally."""


class Alarm(StrEnum):
    """Something that people must look at; it goes when its cause goes."""

    MISMATCH = "mismatch"
    """The meter has disagreed with the set-points for 10 s."""
    FOREIGN_WRITER = "foreign-writer"
    """Somebody else writes set-points."""
    WATCHDOG = "watchdog"
    """A PCS's watchdog does not hold what was written."""
    JOURNAL = "journal"
    """What happened is not safe on disk."""
    LOCAL_STOP = "local-stop"
    """A unit is stopped or locked out on the spot."""
    OWN_DROOP = "own-droop"
    """A PCS's own droop is not as it was set, cannot be set, or cannot be switched off."""
    STOP_CONTACT = "stop-contact"
    """The plant's own stop contact cannot be read."""


LOCAL_RESET = frozenset({Latch.LOCAL_STOP, Latch.MISMATCH, Latch.TRIPPED, Latch.CHARGE_DISPUTED})
"""Latches that only people on the spot reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An accepted set-point or schedule."""

    order: Setpoint | Schedule
    kid: KeyId
    rank: Rank
    power: Watts
    """What was granted; of a schedule unused (0)."""
    term: Term
    begins: BootMs
    """`not_before` on CLOCK_BOOTTIME of the start in which it was accepted."""
    anchor: int
    """Wall minus boot when it was accepted, in ms: what a schedule's half-hours are counted by."""
    delay_ms: int
    """The schedule's start is spread by this much; 0 for set-points."""
    entry: int
    """Number of the journal entry that accepted it: nothing is raised before that is committed."""
    claims: bytes | None = field(default=None, compare=False)
    """The claims as they came, where the order was granted as asked; spelled anew where they are None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curtailment:
    """An accepted curtailment."""

    order: Curtail
    kid: KeyId
    term: Term
    begins: BootMs
    entry: int
    lifted: int = 0
    """Number of the entry that released it: it binds until that is committed; 0: not released."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteStop:
    """Who stopped the plant from afar."""

    command: CommandId
    issuer: IssuerId
    kid: KeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Durable:
    """What a restart must not forget."""

    session: SessionId
    trust_version: int
    bounds_version: int
    high_water: Mapping[tuple[KeyId, CommandClass], int] = field(default_factory=_nothing)
    standing: tuple[Standing, ...] = ()
    """At most one of each rank, the highest rank first."""
    curtailments: tuple[Curtailment, ...] = ()
    latches: frozenset[Latch] = frozenset()
    stopped_by: RemoteStop | None = None
    purses: Mapping[KeyId, Purse] = field(default_factory=_nothing)
    """Harm budgets, one for each key."""
    purse: Purse | None = None
    """The harm budget of all keys together."""
    side: int = 0
    """On which side of zero dispatch was last: a restart forgets no way back through it."""
    commissioned: str = ""
    """Digest of the configuration that was commissioned; empty: none."""


MOST_CURTAILMENTS = 64
"""Standing curtailments; more are refused."""
MOST_ANSWERS = 1_024
"""Answers that are kept to answer a duplicate; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A decision that was given, for the command's duplicates."""

    digest: bytes
    """SHA-256 of the command as it came."""
    decision: Decision
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What the gate knows of one PCS beyond its image."""

    asked: Watts | None = None
    """The set-point ordered last in this run."""
    exact: float = 0.0
    """The same with its fraction of a W, so that slow ramps move."""
    asked_at: BootMs | None = None
    """When it was ordered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What belongs to this run of the gate only."""

    at: BootMs
    """The last tick."""
    first_entry: int = 0
    """The first journal entry of this run. With it goes to the disk what the start has charged."""
    dispatch: float = 0.0
    """Dispatch in W as released last; fractions are kept so that slow ramps move."""
    droop: float = 0.0
    """Droop in W as released last."""
    total: float = 0.0
    """Set-point of the plant in W as released last."""
    side: int = 0
    """On which side of zero dispatch was last by more than 5 % of the rating."""
    members: frozenset[DeviceId] | None = None
    """The units that could be asked at the last tick; None before the first."""
    noted: float = 0.0
    """The total that was journalled last."""
    noted_dispatch: float = 0.0
    """Dispatch at that moment."""
    noted_at: BootMs | None = None
    """When that was."""
    heading: tuple[str, int] = ("", 0)
    """Cause and power of the goal that was journalled last."""
    units: Mapping[DeviceId, Unit] = field(default_factory=_nothing)
    failures: frozenset[Failure] = frozenset()
    """What counts as failed; what flickers does so for a while longer (`cycle.lingering`)."""
    failing: frozenset[Failure] = frozenset()
    """What the last image showed as failed."""
    alarms: frozenset[Alarm] = frozenset()
    past_failures: Mapping[Failure, Past] = field(default_factory=_nothing)
    past_alarms: Mapping[Alarm, Past] = field(default_factory=_nothing)
    foreign: tuple[BootMs, ...] = ()
    """When foreign values were seen, the last minute of them."""
    meter: MeterWatch = field(default_factory=MeterWatch)
    auxiliary: float = 0.0
    """The plant's own load as the meter shows it, W."""
    hertz: Mapping[DeviceId, Held] = field(default_factory=_nothing)
    """Since when each source of frequency has shown the same value."""
    apart: Apart | None = None
    """Since when the sources of frequency have differed by more than they may."""
    frequency: Frequency = Doubt.ABSENT
    soc_expected: float | None = None
    """State of charge by the energy that flowed."""
    watchdogs: Mapping[DeviceId, WatchdogState] = field(default_factory=_nothing)
    """As journalled last."""
    own_droops: Mapping[DeviceId, Follower] = field(default_factory=_nothing)
    """Units whose own droop the site has the gate use."""
    own_reach: Reach = NOWHERE
    """Between which powers they may be beside their set-points."""

    @property
    def own_droop(self) -> float:
        """W that they are expected to add by themselves now."""
        return added(self.own_droops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Everything a decision depends on, besides the command, the image and the clock."""

    settings: Settings
    trust: Trust
    bounds: Bounds
    boot_id: str
    durable: Durable
    run: Run
    next_entry: int
    """Number that the next journal entry will have."""
    answers: Mapping[tuple[IssuerId, CommandId], Answered] = field(default_factory=_nothing)
