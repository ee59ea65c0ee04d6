"""How much was asked lately: what bounds the work that strangers can cause.

Before a signature is verified nothing in a command is proven, its key id included: who floods the
gate writes whatever id and kind he likes. Therefore nothing that only a claim fills can shut out the
owner of a key for long, and four buckets bound four different things:

- `work`: signatures verified in each class, whoever is named: processor time. Safety has its own;
- `claimed`: signatures verified under one key id, so that one flooded id leaves work for the others;
- `signed`: new commands that a key really signed. Only its holder can empty it;
- `stale`: signed commands that had no chance, replays above all: entries they may still cause.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from sekisho.codec.command import CommandClass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.ids import KeyId
    from sekisho.terms.quantity import BootMs

K = TypeVar("K")

MOST_BUCKETS = 1_024
"""Beyond so many, buckets that are full again are forgotten; a full one and none are the same."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket's size."""

    per_second: float
    most: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was left at a moment."""

    left: float
    at: BootMs


WORK: Mapping[CommandClass, Rate] = MappingProxyType(
    {CommandClass.SAFETY: Rate(1_000, 1_000), CommandClass.DISPATCH: Rate(500, 500)}
)
CLAIMED: Mapping[CommandClass, Rate] = MappingProxyType(
    {CommandClass.SAFETY: Rate(500, 500), CommandClass.DISPATCH: Rate(100, 200)}
)
SIGNED = Rate(20, 100)
STALE = Rate(1, 20)


def _nothing() -> MappingProxyType[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    """Every bucket that is not full; only keys of the trust list have any."""

    work: Mapping[CommandClass, Bucket] = field(default_factory=_nothing)
    claimed: Mapping[tuple[KeyId, CommandClass], Bucket] = field(default_factory=_nothing)
    signed: Mapping[tuple[KeyId, CommandClass], Bucket] = field(default_factory=_nothing)
    stale: Mapping[KeyId, Bucket] = field(default_factory=_nothing)


def left(bucket: Bucket | None, rate: Rate, now: BootMs) -> float:
    """Tokens in a bucket now."""
    if bucket is None:
        return rate.most
    return min(rate.most, bucket.left + max(0, now - bucket.at) * rate.per_second / 1000)


def worked(pressure: Pressure, kid: KeyId, lane: CommandClass, now: BootMs) -> Pressure:
    """A signature was verified."""
    return replace(
        pressure,
        work=_taken(pressure.work, lane, WORK[lane], now),
        claimed=_taken(pressure.claimed, (kid, lane), CLAIMED[lane], now),
    )


def was_signed(pressure: Pressure, kid: KeyId, lane: CommandClass, now: BootMs) -> Pressure:
    """A new command was really signed by this key."""
    return replace(pressure, signed=_taken(pressure.signed, (kid, lane), SIGNED, now))


def was_stale(pressure: Pressure, kid: KeyId, now: BootMs) -> Pressure:
    """A signed command came that had no chance."""
    return replace(pressure, stale=_taken(pressure.stale, kid, STALE, now))


def _taken(buckets: Mapping[K, Bucket], name: K, rate: Rate, now: BootMs) -> Mapping[K, Bucket]:
    after = dict(buckets)
    if len(after) >= MOST_BUCKETS:
        after = {k: b for k, b in after.items() if left(b, rate, now) < rate.most}
    after[name] = Bucket(max(0.0, left(buckets.get(name), rate, now) - 1), now)
    return MappingProxyType(after)
