"""How a client behaves, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How fast and how patiently one device is asked. All in seconds."""

    timeout: float = 1.0
    """From the sending of a request to the last byte of its answer."""
    gap: float = 0.0
    """Between an answer and the next request; a serial line has its own least gap besides."""
    pause: float = 0.0
    """Between connecting and the first request."""
    connect: float = 3.0
    """How long connecting may take."""
    hold_off: float | None = None
    """Serial: how long the line must be quiet after something went wrong; None: `timeout`."""
    failure_limit: int = 3
    """After so many requests in a row without an answer that fits, the connection counts as lost."""
    most_waiting: int = 64
    """Requests that may wait for their turn; further ones are told that the device is busy."""


@unique
class State(StrEnum):
    """Where a client stands."""

    CLOSED = "closed"
    """Not connected, as its user wished."""
    CONNECTING = "connecting"
    OPEN = "open"
    LOST = "lost"
    """The connection ended without our wish, or could not be made; `lost_because` says why."""
