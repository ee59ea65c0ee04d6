"""What a start makes of what the last run left.

A gate that finds no readable state, an older one than its witness has seen, or that was restored,
begins a new session: commands for the old one are refused. Budgets are carried, and pay for what
could have moved after the last commit. Standing orders stay while their terms are known to run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.budget import carried, charged, full
from sekisho.gate.clock import term
from sekisho.gate.state import Durable, Gate, Run, Standing
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.gate.budget import Purse
    from sekisho.gate.clock import Clock
    from sekisho.gate.settings import Settings
    from sekisho.terms.ids import SessionId

UNSEEN_S = 3
"""Dispatch may have moved for so long, at its ramp, after the last commit of a run that was killed."""


class Why(StrEnum):
    """Why a session is new."""

    INIT = "init"
    STATE_LOST = "state-lost"
    RESTORED = "restored"
    TRUST_CHANGED = "trust-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a start finds on its disk."""

    settings: Settings
    trust: Trust
    bounds: Bounds
    boot_id: str
    next_entry: int


def new(found: Found, session: SessionId, clock: Clock) -> Gate:
    """A gate that has nothing to remember."""
    durable = Durable(
        session=session,
        trust_version=found.trust.version,
        bounds_version=found.bounds.version,
        purse=full(found.trust.all_keys, clock, found.boot_id),
        purses=MappingProxyType(
            {key.kid: full(key.budget, clock, found.boot_id) for key in found.trust.keys}
        ),
    )
    return _gate(found, durable, clock)


def resumed(found: Found, durable: Durable, clock: Clock) -> Gate:
    """A gate that goes on where the last run ended."""
    unseen = float(found.bounds.ramp_dispatch * UNSEEN_S)
    trust = found.trust
    purses = {
        key.kid: charged(
            carried(durable.purses[key.kid], key.budget, clock, found.boot_id), change=unseen
        )
        if key.kid in durable.purses
        else full(key.budget, clock, found.boot_id)
        for key in trust.keys
    }
    every = durable.purse or full(trust.all_keys, clock, found.boot_id)
    durable = replace(
        durable,
        purses=MappingProxyType(purses),
        purse=charged(carried(every, trust.all_keys, clock, found.boot_id), change=unseen),
        # Dispatch that stood over a restart is over while time is unsure; curtailments stay.
        standing=tuple(
            one
            for one in (_moved(s, clock, found.boot_id) for s in durable.standing)
            if clock.sure and not one.term.over(clock, found.boot_id)
        ),
        # What was released was committed with this state; what stands had begun, whatever this
        # start of the machine has counted so far.
        curtailments=tuple(
            replace(one, begins=min(one.begins, clock.boot))
            for one in durable.curtailments
            if not one.term.surely_over(clock, found.boot_id) and not one.lifted
        ),
    )
    return _gate(found, durable, clock)


def without_orders(gate: Gate) -> Gate:
    """A gate whose state turned out to be an older one: no dispatch stands.

    Nobody knows what was spent since; what a budget allows within an hour counts as spent.
    """
    durable = gate.durable
    purses = {kid: _spent(purse) for kid, purse in durable.purses.items()}
    after = replace(
        durable,
        standing=(),
        purses=MappingProxyType(purses),
        purse=_spent(durable.purse) if durable.purse is not None else None,
    )
    return replace(gate, durable=after)


def _spent(purse: Purse) -> Purse:
    return replace(purse, minute=0.0, hour=0.0, reversals=0.0)


def _moved(one: Standing, clock: Clock, boot_id: str) -> Standing:
    """An order counted by the clocks of this start of the machine."""
    if one.term.boot_id == boot_id or not clock.sure:
        return one
    begins = BootMs(clock.boot + max(0, one.order.envelope.not_before - clock.wall))
    return replace(
        one,
        term=term(one.term.wall, clock, boot_id),
        anchor=clock.wall - clock.boot,
        begins=begins,
    )


def _gate(found: Found, durable: Durable, clock: Clock) -> Gate:
    return Gate(
        settings=found.settings,
        trust=found.trust,
        bounds=found.bounds,
        boot_id=found.boot_id,
        durable=durable,
        run=Run(at=clock.boot, side=durable.side, first_entry=found.next_entry),
        next_entry=found.next_entry,
    )
