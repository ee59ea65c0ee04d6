"""Whom the site trusts: its keys, what each may ask, and how much it may move.

`trust.json` is signed by the site's authority. Its version only rises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.command import Kind, kind_of, product_of

if TYPE_CHECKING:
    from sekisho.codec.command import Command, Product
    from sekisho.terms.ids import IssuerId, KeyId, SiteId
    from sekisho.terms.quantity import WallMs, WattHours, Watts

DEFAULT_START_DELAY_S = 120
"""Schedules of one fleet do not start in the same second."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that a key may ask: a kind, and for dispatch its product."""

    kind: Kind
    product: Product | None = None
    """None exactly for curtail, stop and release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much harm may be done: token buckets over what is really released, after clamps."""

    change_per_minute: Watts
    """Σ|Δ dispatch| in any 60 s, W."""
    change_per_hour: Watts
    """Σ|Δ dispatch| in any 3600 s, W."""
    reversals_per_hour: int
    """Passages through zero by more than 5 % of the rating."""
    energy_per_day: WattHours
    """Energy moved in either direction in any 24 h, Wh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """One key that may sign commands."""

    kid: KeyId
    """RFC 7638 thumbprint of `public`."""
    issuer: IssuerId
    public: bytes
    """Ed25519 public key, 32 bytes."""
    may: frozenset[Grant]
    power_max: Watts | None
    """Largest power, either way, that its dispatch may ask; None: the plant's bounds alone."""
    budget: Budget
    valid_from: WallMs
    valid_until: WallMs
    """End of validity, not included."""
    revoked: bool
    start_delay_max_s: int
    """Schedule starts are spread over so many seconds; 0 only where every dispatch is balancing."""

    def permits(self, command: Command) -> bool:
        """Whether this key may ask this kind and product; power is asked separately."""
        return Grant(kind_of(command), product_of(command)) in self.may

    def valid_at(self, now: WallMs) -> bool:
        """Whether `now` lies in its time of validity; revocation is asked separately."""
        return self.valid_from <= now < self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """`trust.json` after reading."""

    site: SiteId
    version: int
    """≥ 1; only rises."""
    issued_at: WallMs
    keys: tuple[TrustedKey, ...]
    all_keys: Budget
    """For all keys together."""

    def key(self, kid: KeyId) -> TrustedKey | None:
        """The key of that name, revoked or not."""
        return next((key for key in self.keys if key.kid == kid), None)
