"""From bytes to an answer: the whole guard as one pure function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.claims import read_claims
from sekisho.codec.command import class_of
from sekisho.codec.decision import Reason
from sekisho.codec.jws import open_envelope
from sekisho.codec.strict_json import Malformed
from sekisho.gate.guard.admit import admit
from sekisho.gate.guard.checks.sequence import is_next
from sekisho.gate.guard.decide import Again, Passed, decide
from sekisho.gate.guard.pressure import STALE, left, was_signed, was_stale, worked
from sekisho.gate.guard.question import Question

if TYPE_CHECKING:
    from sekisho.codec.decision import Decision
    from sekisho.gate.clock import Clock
    from sekisho.gate.guard.check import Check
    from sekisho.gate.guard.decide import Refused
    from sekisho.gate.guard.pressure import Pressure
    from sekisho.gate.guard.question import Verify
    from sekisho.gate.image import PlantImage
    from sekisho.gate.journal.entries import Entry
    from sekisho.gate.state import Gate

_FREE = frozenset({Reason.RATE, Reason.UNKNOWN_KEY})
"""Refused before a signature was verified."""
_UNSIGNED = _FREE | {Reason.SIGNATURE}
"""Refused without proof that the key's owner sent it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What came of one message on the command topic."""

    gate: Gate
    pressure: Pressure
    decision: Decision | None = None
    """The answer to send; None: nobody is proven to have asked, or answers would be a flood."""
    entry: int | None = None
    """Number of the decision's journal entry."""
    entries: tuple[Entry, ...] = ()
    """New ones, to be committed in this order, together with the gate's durable part."""
    counted: Reason | None = None
    """Refused without an entry of its own: one line per reason and minute."""
    wake: bool = False
    """The cycle has something new to do."""


def receive(
    gate: Gate,
    pressure: Pressure,
    raw: bytes,
    image: PlantImage,
    clock: Clock,
    verify: Verify,
    checks: tuple[Check, ...],
) -> Received:
    """The answer to one message, and the gate after it.

    Args:
        gate: everything remembered.
        pressure: how much was asked lately.
        raw: the message as it came.
        image: the plant as read.
        clock: both clocks.
        verify: the port that verifies a signature.
        checks: at a site always `decide.CHECKS`.
    """
    try:
        envelope = open_envelope(raw)
        command = read_claims(envelope.payload)
    except Malformed:
        return Received(gate=gate, pressure=pressure, counted=Reason.FORM)
    question = Question(
        envelope=envelope,
        digest=envelope.digest,
        command=command,
        key=gate.trust.key(envelope.kid),
        verify=verify,
        gate=gate,
        image=image,
        clock=clock,
        pressure=pressure,
    )
    verdict = decide(checks, question)
    if isinstance(verdict, Again):
        again = verdict.answered
        pressure = worked(pressure, envelope.kid, question.lane, clock.boot)
        return Received(gate=gate, pressure=pressure, decision=again.decision, entry=again.entry)
    return _answered(question, verdict)


def _answered(question: Question, verdict: Passed | Refused) -> Received:
    gate, pressure = question.gate, question.pressure
    kid, now = question.envelope.kid, question.clock.boot
    reason = verdict.decision.reason
    if reason not in _FREE:
        pressure = worked(pressure, kid, question.lane, now)
    if reason in _UNSIGNED:
        return Received(gate=gate, pressure=pressure, counted=reason)
    if is_next(question, question.command) and reason is not Reason.KEY_REVOKED:
        pressure = was_signed(pressure, kid, class_of(question.command), now)
    elif left(pressure.stale.get(kid), STALE, now) >= 1:
        pressure = was_stale(pressure, kid, now)
    else:
        return Received(gate=gate, pressure=pressure, counted=reason)
    gate, admitted = admit(gate, verdict, question)
    return Received(
        gate=gate,
        pressure=pressure,
        decision=admitted.decision,
        entry=admitted.entry,
        entries=admitted.entries,
        wake=admitted.wake,
    )
