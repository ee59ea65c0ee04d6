"""A command: what the cloud may ask of one site.

A closed union. Each kind carries the same envelope (who asks, of which site and session, from when
to when, in which order) and its own question. Power is in whole W at the connection point, export
positive; times are milliseconds of UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, assert_never

from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.ids import CommandId, IssuerId, SessionId, SiteId
    from sekisho.terms.quantity import Watts

HALF_HOUR_MS = 1_800_000
"""The market's slot: 30 minutes, on the UTC clock."""
MOST_HALF_HOURS = 96
"""Longest schedule: 48 hours."""
MOST_SEQUENCE = 2**53 - 1
"""Largest sequence number: what every JSON reader can hold exactly (RFC 8259 section 6)."""
MOST_WATTS = 10_000_000_000
"""Largest power that a command can name: 10 GW, above every plant."""


class Kind(StrEnum):
    """What a command asks."""

    SETPOINT = "setpoint"
    SCHEDULE = "schedule"
    CURTAIL = "curtail"
    STOP = "stop"
    RELEASE = "release"


class CommandClass(StrEnum):
    """Sequences rise separately in each class, so that dispatch cannot hold up safety."""

    SAFETY = "safety"
    """Stop, curtail, release."""
    DISPATCH = "dispatch"
    """Set-point, schedule."""


class Rank(IntEnum):
    """Who goes first; the higher one wins."""

    LOCAL_SCHEDULE = 0
    MARKET = 1
    BALANCING = 2
    CURTAILMENT = 3
    REMOTE_STOP = 4
    LOCAL_STOP = 5
    """Emergency stop and lock-out on the spot; no command has this rank."""


class Product(StrEnum):
    """What a dispatch is sold as."""

    FCR = "fcr"
    """一次調整力."""
    S_FRR = "s-frr"
    """二次調整力①."""
    FRR = "frr"
    """二次調整力②."""
    RR = "rr"
    """三次調整力①."""
    RR_FIT = "rr-fit"
    """三次調整力②."""
    COMPOUND = "compound"
    """複合商品."""
    JEPX_SPOT = "jepx-spot"
    JEPX_INTRADAY = "jepx-intraday"
    CAPACITY = "capacity"
    """発動指令電源."""
    LOCAL = "local"
    """The owner's own plan."""


_RANK_OF: Mapping[Product, Rank] = MappingProxyType(
    {
        Product.FCR: Rank.BALANCING,
        Product.S_FRR: Rank.BALANCING,
        Product.FRR: Rank.BALANCING,
        Product.RR: Rank.BALANCING,
        Product.RR_FIT: Rank.BALANCING,
        Product.COMPOUND: Rank.BALANCING,
        Product.JEPX_SPOT: Rank.MARKET,
        Product.JEPX_INTRADAY: Rank.MARKET,
        Product.CAPACITY: Rank.MARKET,
        Product.LOCAL: Rank.LOCAL_SCHEDULE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What every command states of itself."""

    id: CommandId
    site: SiteId
    session: SessionId
    """The gate's session that the issuer saw; a command of another one is refused."""
    issuer: IssuerId
    issued_at: WallMs
    not_before: WallMs
    expires_at: WallMs
    """End of the permission, after `not_before`; the set-point does not outlive it."""
    sequence: int
    """1 to `MOST_SEQUENCE`; rises strictly per key, session and class."""

    @property
    def life_ms(self) -> int:
        """How long the permission lasts."""
        return self.expires_at - self.not_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Setpoint:
    """Hold this power from now until the command expires."""

    envelope: Envelope
    power: Watts
    product: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Hold these powers, one for each half-hour."""

    envelope: Envelope
    start: WallMs
    """Start of the first half-hour, on a half-hour boundary of UTC."""
    powers: tuple[Watts, ...]
    """1 to `MOST_HALF_HOURS` powers."""
    product: Product

    @property
    def end(self) -> WallMs:
        """End of the last half-hour."""
        return WallMs(self.start + len(self.powers) * HALF_HOUR_MS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curtail:
    """Stay under these powers, both ≥ 0, until the command expires."""

    envelope: Envelope
    export_max: Watts
    import_max: Watts
    """Size of the largest import; ≥ 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Ramp to zero and stay there until a release."""

    envelope: Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Lift the standing remote stop."""

    envelope: Envelope


Command: TypeAlias = Setpoint | Schedule | Curtail | Stop | Release
Dispatch: TypeAlias = Setpoint | Schedule


def kind_of(command: Command) -> Kind:
    """What the command asks."""
    match command:
        case Setpoint():
            return Kind.SETPOINT
        case Schedule():
            return Kind.SCHEDULE
        case Curtail():
            return Kind.CURTAIL
        case Stop():
            return Kind.STOP
        case Release():
            return Kind.RELEASE
        case _:
            assert_never(command)


def class_of(command: Command) -> CommandClass:
    """In which class the command's sequence rises."""
    match command:
        case Setpoint() | Schedule():
            return CommandClass.DISPATCH
        case Curtail() | Stop() | Release():
            return CommandClass.SAFETY
        case _:
            assert_never(command)


def product_of(command: Command) -> Product | None:
    """What a dispatch is sold as; None for the safety class."""
    match command:
        case Setpoint() | Schedule():
            return command.product
        case Curtail() | Stop() | Release():
            return None
        case _:
            assert_never(command)


def rank_of_product(product: Product) -> Rank:
    """The rank of a product's dispatch."""
    return _RANK_OF[product]


def rank_of(command: Command) -> Rank:
    """The rank with which the command stands; a release has that of what it lifts."""
    match command:
        case Setpoint() | Schedule():
            return _RANK_OF[command.product]
        case Curtail():
            return Rank.CURTAILMENT
        case Stop() | Release():
            return Rank.REMOTE_STOP
        case _:
            assert_never(command)
