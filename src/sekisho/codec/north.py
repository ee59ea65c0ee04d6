"""What passes between gate and head-end besides commands: values, without their spelling.

`Decision` is answered in a `DecisionMessage`; sessions, decisions and checkpoints are signed by the
gate, telemetry and state are not: they are told on a line that only this gate may write to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.decision import Decision
    from sekisho.terms.ids import SessionId, SiteId
    from sekisho.terms.quantity import Hertz, Share, WallMs, Watts


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMessage:
    """The session that commands must carry; retained and signed."""

    site: SiteId
    session: SessionId
    at: WallMs
    """When the session began."""
    trust_version: int
    bounds_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMessage:
    """The answer to a command; signed."""

    site: SiteId
    at: WallMs
    decision: Decision
    digest: str
    """SHA-256 of the command's bytes, hexadecimal: exactly what was answered."""
    journal: int
    """Number of its journal entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointMessage:
    """Length and head of the journal; signed. Whoever keeps it can tell a cut or rewritten one."""

    site: SiteId
    at: WallMs
    entries: int
    head: str
    """Hash of the last entry, 64 hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """The plant at one moment.

    What was not acknowledged is sent again: a message with the same sequence is the same message.
    """

    site: SiteId
    session: SessionId
    """The session in which it was measured."""
    sequence: int
    """Rises for as long as the gate exists, in every session; no number comes twice."""
    at: WallMs
    live: bool
    """False: sent later, from the store."""
    gap: int = 0
    """So many numbers right before this one do not exist (any more): nothing is to be waited for."""
    power: Watts | None = None
    """At the connection point; None is what is not known, here and below."""
    setpoint: Watts | None = None
    frequency: Hertz | None = None
    soc: Share | None = None
    devices: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Point values of each device, in the unit that the point's name ends with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whether the gate is there and what it accepts; retained, and the last will."""

    site: SiteId
    online: bool
    at: WallMs | None = None
    """None in the last will: the broker says it, at a time that nobody knew before."""
    time_sure: bool = False
    commissioned: bool = False
    latches: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """The head-end holds all telemetry of the gate up to this sequence number."""

    site: SiteId
    session: SessionId
    sequence: int
