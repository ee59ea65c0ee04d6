"""Growing delays against guessing, for each account and for each source.

A guess is charged when it begins, so that many at once gain nothing; a right one takes the charge
back. While a delay runs nothing is compared and nothing is charged, so whoever knocks on a shut door
does not keep it shut. After `MOST_FAILURES` wrong guesses in a row an account is shut to the network
(NIST SP 800-63B section 5.2.2: at most 100) until somebody at the machine opens it. The machine
itself is no account of this: `sekisho admin unlock` and `reset-password` ask no password.

A source is an IPv4 address or an IPv6 /64: whoever has one address of a /64 has them all (RFC 4291
section 2.5.4, RFC 8981).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Network, ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from collections.abc import Mapping

FREE_OF_ACCOUNT = 5
"""Wrong guesses at one account before the first delay."""
FREE_OF_SOURCE = 10
"""Wrong guesses from one source before the first delay: people share addresses."""
FIRST_MS, LONGEST_MS = 1_000, 15 * 60_000
MOST_FAILURES = 100
MOST_KEPT = 1_024
"""Names that are no accounts, and sources; beyond it those are forgotten whose delay ends first."""
FORGIVEN_MS = 24 * 3_600_000
"""A source that was quiet so long begins anew."""
_HOST_BITS = 64
"""Of an IPv6 address: what a machine chooses itself."""
_LOCKED_MS = 24 * 3_600_000
"""What a shut account is told to wait; it stays shut."""


@dataclass(frozen=True, slots=True)
class Strikes:
    """Wrong guesses in a row, and when the next may be made."""

    failures: int
    until: BootMs
    at: BootMs


def _nothing() -> MappingProxyType[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """Every account, stranger's name and source with a wrong guess."""

    accounts: Mapping[str, Strikes] = field(default_factory=_nothing)
    """Real accounts: as many as there are users, and never forgotten."""
    strangers: Mapping[str, Strikes] = field(default_factory=_nothing)
    """Digests of names that are no accounts; delayed alike, so that nobody learns which exist."""
    sources: Mapping[str, Strikes] = field(default_factory=_nothing)


def counted_as(source: str) -> str:
    """The source that an address is counted as; what is no address is its own.

    The zone of a link-local address stays: it names the machine's own line, which no guesser chooses.
    """
    try:
        address = ip_address(source)
    except ValueError:
        return source
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    network = IPv6Network((int(address) >> _HOST_BITS << _HOST_BITS, _HOST_BITS))
    return f"{network}%{address.scope_id}" if address.scope_id else str(network)


def delay_ms(failures: int, free: int) -> int:
    """How long after so many wrong guesses the next must wait."""
    over = failures - free
    if over < 0:
        return 0
    return min(LONGEST_MS, FIRST_MS << min(over, 20))


def resumed(failures: Mapping[str, int], now: BootMs) -> Throttle:
    """After a restart: counts go on, and each delay begins anew."""
    return Throttle(
        accounts=MappingProxyType(
            {
                name: Strikes(count, BootMs(now + delay_ms(count, FREE_OF_ACCOUNT)), now)
                for name, count in failures.items()
                if count
            }
        )
    )


def wait_ms(throttle: Throttle, name: str, source: str, now: BootMs) -> int:
    """How long this account and source have to wait; 0: a guess may be made."""
    strikes = throttle.accounts.get(name) or throttle.strangers.get(name)
    waits = [0]
    if strikes is not None:
        if strikes.failures >= MOST_FAILURES:
            return _LOCKED_MS
        waits.append(strikes.until - now)
    if (from_there := throttle.sources.get(counted_as(source))) is not None:
        waits.append(from_there.until - now)
    return max(waits)


def charged(throttle: Throttle, name: str, source: str, now: BootMs, *, known: bool) -> Throttle:
    """A guess begins."""
    held = throttle.accounts if known else throttle.strangers
    more = {**held, name: _struck(held.get(name), FREE_OF_ACCOUNT, now)}
    source = counted_as(source)
    sources = {
        **throttle.sources,
        source: _struck(_recent(throttle.sources.get(source), now), FREE_OF_SOURCE, now),
    }
    throttle = replace(throttle, sources=MappingProxyType(_fewer(sources)))
    if known:
        return replace(throttle, accounts=MappingProxyType(more))
    return replace(throttle, strangers=MappingProxyType(_fewer(more)))


def taken_back(throttle: Throttle, name: str, source: str) -> Throttle:
    """The password was right and the code is awaited: this charge goes, the earlier ones stay."""
    accounts, sources = dict(throttle.accounts), dict(throttle.sources)
    for held, key in ((accounts, name), (sources, counted_as(source))):
        if (strikes := held.get(key)) is not None:
            held[key] = Strikes(max(0, strikes.failures - 1), strikes.at, strikes.at)
    return replace(throttle, accounts=MappingProxyType(accounts), sources=MappingProxyType(sources))


def cleared(throttle: Throttle, name: str, source: str) -> Throttle:
    """The guess was right: the account begins anew, and its source gets this one charge back."""
    return unlocked(taken_back(throttle, name, source), name)


def unlocked(throttle: Throttle, name: str) -> Throttle:
    """Somebody at the machine opened the account."""
    accounts = {key: held for key, held in throttle.accounts.items() if key != name}
    return replace(throttle, accounts=MappingProxyType(accounts))


def failures(throttle: Throttle, name: str) -> int:
    """Wrong guesses in a row at an account."""
    held = throttle.accounts.get(name)
    return 0 if held is None else held.failures


def _struck(held: Strikes | None, free: int, now: BootMs) -> Strikes:
    count = (0 if held is None else held.failures) + 1
    return Strikes(count, BootMs(now + delay_ms(count, free)), now)


def _recent(held: Strikes | None, now: BootMs) -> Strikes | None:
    return None if held is None or now - held.at > FORGIVEN_MS else held


def _fewer(held: dict[str, Strikes]) -> dict[str, Strikes]:
    if len(held) <= MOST_KEPT:
        return held
    newest = sorted(held.items(), key=lambda pair: (pair[1].until, pair[1].at))
    return dict(newest[len(held) - MOST_KEPT :])
