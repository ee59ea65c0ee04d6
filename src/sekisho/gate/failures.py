"""What stays of each activity when something fails: the table of failures.

The default of each cell is written here; `[fallback]` of the site file may make a cell stricter,
never looser. Where several things have failed, the strictest response counts.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sekisho.terms.quantity import WallMs


class Failure(StrEnum):
    """Something that can be lost."""

    CLOUD = "cloud"
    METER = "meter"
    BMS = "bms"
    FREQUENCY = "frequency"
    ONE_PCS = "one-pcs"
    ALL_PCS = "all-pcs"
    CLOCK = "clock"
    DISK = "disk"
    BROKER_CERTIFICATE = "broker-certificate"
    """The certificate for the broker is near its end."""
    TRUST_EXPIRED = "trust-expired"
    """No key that may dispatch is valid."""


class Activity(StrEnum):
    """Something the plant does."""

    MARKET = "market"
    """Set-points of balancing and market."""
    SCHEDULE = "schedule"
    CURTAILMENT = "curtailment"
    DROOP = "droop"


class Response(IntEnum):
    """What stays of an activity, the loosest first."""

    KEEP = 0
    REDUCE_ONLY = 1
    """Power may shrink towards zero and does not grow."""
    REST = 2
    """Its power goes to zero at the ramp of dispatch."""
    STOP = 3
    """The whole plant goes to zero at its largest ramp."""


_K, _R, _Z, _S = Response.KEEP, Response.REDUCE_ONLY, Response.REST, Response.STOP

DEFAULTS: Mapping[Failure, tuple[Response, Response, Response, Response]] = MappingProxyType({
    #                            market, schedule, curtailment, droop
    Failure.CLOUD:              (_K, _K, _K, _K),  # each to its own end, then rest
    Failure.METER:              (_R, _R, _K, _K),
    Failure.BMS:                (_Z, _Z, _K, _Z),
    Failure.FREQUENCY:          (_R, _R, _K, _Z),
    Failure.ONE_PCS:            (_K, _K, _K, _K),  # the lost unit is counted at its last power
    Failure.ALL_PCS:            (_S, _S, _K, _S),
    Failure.CLOCK:              (_K, _K, _K, _K),  # accepted ones end on CLOCK_BOOTTIME
    Failure.DISK:               (_R, _R, _K, _K),  # what cannot be journalled is not begun
    Failure.BROKER_CERTIFICATE: (_K, _K, _K, _K),
    Failure.TRUST_EXPIRED:      (_Z, _Z, _K, _K),
})  # fmt: skip

_COLUMN = {activity: place for place, activity in enumerate(Activity)}


CERTIFICATE_SOON_MS = 14 * 86_400_000
"""A certificate that ends within two weeks is near its end: time enough for people to renew it."""


def certificate_ends_soon(ends: WallMs | None, now: WallMs) -> bool:
    """Whether the certificate for the broker, ours or its own, is near its end or past it."""
    return ends is not None and ends - now < CERTIFICATE_SOON_MS


def default(failure: Failure, activity: Activity) -> Response:
    """The default of one cell."""
    return DEFAULTS[failure][_COLUMN[activity]]


def response(
    failures: Iterable[Failure],
    activity: Activity,
    stricter: Mapping[tuple[Failure, Activity], Response],
) -> Response:
    """The strictest response to everything that has failed."""
    found = Response.KEEP
    for failure in failures:
        found = max(found, default(failure, activity), stricter.get((failure, activity), found))
    return found
