"""What the programming interface answers, as documents: the schemas of the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSaid:
    """Why there is no answer."""

    status: int
    ja: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorDoc:
    """An answer that is none."""

    error: ErrorSaid


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDoc:
    """A device as it names itself; null where it does not say."""

    device: str
    """Its id in the site file."""
    maker: str | None
    model: str | None
    version: str | None
    serial: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesDoc:
    """Every device that has told its nameplate."""

    devices: list[DeviceDoc]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDoc:
    """Entries of the journal, the oldest first."""

    wanted: int
    """How many there are up to the last of these."""
    first: int
    """Number of the oldest entry that is kept."""
    entries: list[dict[str, Any]]
    """As `sekisho journal show --format json` prints them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceDoc:
    """One member that a document changes."""

    member: str
    before: int | str | bool | None
    after: int | str | bool | None
    raises: bool
    """Whether more may happen after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalDoc:
    """A signed document that waits for approval."""

    digest: str
    """SHA-256 of its bytes."""
    document: str
    version: int
    proposer: str
    approvals: list[str]
    needed: int
    differences: list[DifferenceDoc]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDoc:
    """Bounds and trust in force, and what waits."""

    trust: dict[str, Any]
    kids: list[str]
    bounds: dict[str, Any]
    waiting: list[ProposalDoc]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDoc:
    """The token that asked."""

    id: str
    name: str
    owner: str
    carries: list[str]
    """What it may now."""
    ends: str
    """RFC 3339, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDoc:
    """An update that was handed over."""

    digest: str
    """SHA-256 of its bytes."""
