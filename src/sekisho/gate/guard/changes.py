"""Another trust.json or bounds.json: what it means for what stands.

Whether a document is signed, newer and of this site is asked where it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from sekisho.gate.clock import Term
from sekisho.gate.guard.telling import entry
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import Curtailment, Standing
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.gate.clock import Clock
    from sekisho.gate.journal.entries import Entry
    from sekisho.gate.state import Gate
    from sekisho.terms.ids import SessionId

Order = TypeVar("Order", Standing, Curtailment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The gate under another document, and what the journal is told."""

    gate: Gate
    entries: tuple[Entry, ...]


def trusted(gate: Gate, trust: Trust, session: SessionId, clock: Clock) -> Changed:
    """The gate under another trust.json, in a new session.

    What stands by a key that is gone, revoked, or may no longer ask it ends at once; a remote stop
    stays, since lifting it would be a start. High-water marks begin anew with the session; budgets
    of keys that stay are carried.
    """
    durable = gate.durable
    standing = [_under(one, trust) for one in durable.standing]
    limits = [_under(one, trust) for one in durable.curtailments]
    entries = [
        entry(EntryKind.TRUST, clock, {"version": trust.version, "keys": len(trust.keys)}),
        entry(EntryKind.SESSION, clock, {"session": str(session), "why": "trust-changed"}),
    ]
    everything: tuple[Standing | Curtailment, ...] = (*durable.standing, *durable.curtailments)
    for one, left in zip(everything, (*standing, *limits), strict=True):
        if left is None:
            command = str(one.order.envelope.id)
            body = {"command": command, "kid": str(one.kid), "why": "trust-changed"}
            entries.append(entry(EntryKind.ENDED, clock, {**body}, behind=True))
    kids = {key.kid for key in trust.keys}
    after = replace(
        durable,
        session=session,
        trust_version=trust.version,
        high_water=MappingProxyType({}),
        standing=tuple(one for one in standing if one is not None),
        curtailments=tuple(one for one in limits if one is not None),
        purses=MappingProxyType({k: p for k, p in durable.purses.items() if k in kids}),
    )
    return _changed(replace(gate, trust=trust, durable=after), entries)


def bounded(gate: Gate, bounds: Bounds, clock: Clock) -> Changed:
    """The gate under another bounds.json; the cycle holds what stands to it from the next tick."""
    after = replace(gate.durable, bounds_version=bounds.version)
    told = entry(EntryKind.BOUNDS, clock, {"version": bounds.version})
    return _changed(replace(gate, bounds=bounds, durable=after), [told])


def _changed(gate: Gate, entries: list[Entry]) -> Changed:
    after = replace(gate, next_entry=gate.next_entry + len(entries))
    return Changed(gate=after, entries=tuple(entries))


def _under(one: Order, trust: Trust) -> Order | None:
    """A standing order under new trust; None: it ends."""
    key = trust.key(one.kid)
    if key is None or key.revoked or key.issuer != one.order.envelope.issuer:
        return None
    if not key.permits(one.order):
        return None
    early = one.term.wall - key.valid_until
    if early <= 0:
        return one
    # The key now ends earlier: what it asked ends with it, on both clocks.
    ends = Term(wall=key.valid_until, boot=BootMs(one.term.boot - early), boot_id=one.term.boot_id)
    return replace(one, term=ends)
