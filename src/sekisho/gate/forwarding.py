"""When stored telemetry is sent.

The newest at once, what is behind in order and throttled, all of it until it is acknowledged. A pass goes over everything that was put before it began and is not acknowledged. The first one begins
when the line comes up; another one when some time has passed since the last one ended, because a
message that the broker acknowledged may never have reached the head-end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.terms.quantity import BootMs

STEP_MS = 100
"""How often a part of what is behind is sent."""
MOST_RECORDS = 20
"""Records of one step: 200 a second."""
MOST_BYTES = 64 * 1024
"""Bytes of one step, so that live telemetry is not held up on a thin line."""
AGAIN_MS = 30_000
"""After so long without an acknowledgement it is sent again; twice as long each time that none came."""
MOST_AGAIN_MS = 3_600_000
"""A head-end that never acknowledges gets everything again once an hour at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """Where sending stands; one for each time that the line comes up."""

    cursor: int
    """Everything up to this number was sent in this pass."""
    edge: int
    """The pass ends with this number; what comes after it was sent live."""
    ended: BootMs | None = None
    """When the pass ended."""
    next_edge: int = 0
    """The last number that was put when it ended."""
    oldest: int = 0
    """The first number that was sent in this pass, or in the one before; 0: none."""
    wait_ms: int = 0
    """After so long another pass begins; 0 stands for `AGAIN_MS`."""


def begun(next_sequence: int) -> Forwarding:
    """The line came up: everything put until now is behind, the rest will be sent live."""
    return Forwarding(cursor=0, edge=next_sequence - 1)


def after(state: Forwarding) -> int | None:
    """After which number the next part begins; None where nothing is to be sent now."""
    return state.cursor if state.ended is None else None


def sent(
    state: Forwarding, numbers: tuple[int, ...], next_sequence: int, now: BootMs
) -> Forwarding:
    """A part was sent.

    Args:
        state: before.
        numbers: what was sent; empty where nothing is left.
        next_sequence: number of the next record that will be put.
        now: by CLOCK_BOOTTIME.
    """
    state = _begun_with(state, numbers)
    if numbers and numbers[-1] < state.edge:
        return replace(state, cursor=numbers[-1])
    return replace(state, cursor=state.edge, ended=now, next_edge=next_sequence - 1)


def ticked(state: Forwarding, now: BootMs) -> Forwarding:
    """A new pass, when it is time for one."""
    if state.ended is None or now - state.ended < (state.wait_ms or AGAIN_MS):
        return state
    return replace(state, cursor=0, edge=state.next_edge, ended=None)


def _begun_with(state: Forwarding, numbers: tuple[int, ...]) -> Forwarding:
    """Where the pass begins with the same record as the last one, nobody acknowledges."""
    if state.cursor:
        return state
    first = numbers[0] if numbers else 0
    if first and first == state.oldest:
        return replace(state, wait_ms=min(2 * (state.wait_ms or AGAIN_MS), MOST_AGAIN_MS))
    return replace(state, oldest=first, wait_ms=0)


def due(state: Forwarding, numbers: tuple[int, ...]) -> int:
    """How many of the stored records that follow belong to this pass."""
    return sum(number <= state.edge for number in numbers)
