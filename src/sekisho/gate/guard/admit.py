"""What a decision changes: marks, standing orders, curtailments, the remote stop, answers, entries.

A command that was really new uses up its sequence number whatever the answer is: what was refused
today cannot be played back tomorrow, when it might pass.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import (
    Curtail,
    Release,
    Schedule,
    Setpoint,
    Stop,
    class_of,
    rank_of,
)
from sekisho.gate.guard.answers import Answers
from sekisho.gate.guard.checks.curtailment import kept_beside
from sekisho.gate.guard.checks.interlock import liftable
from sekisho.gate.guard.checks.sequence import is_next
from sekisho.gate.guard.decide import Passed
from sekisho.gate.guard.lasting import beginning, lasting
from sekisho.gate.guard.telling import decision_entry, entry
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import (
    Answered,
    Curtailment,
    Latch,
    RemoteStop,
    Standing,
)
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from sekisho.codec.command import Dispatch
    from sekisho.codec.decision import Decision
    from sekisho.gate.guard.decide import Refused
    from sekisho.gate.guard.question import Question
    from sekisho.gate.journal.entries import Entry
    from sekisho.gate.state import Durable, Gate
    from sekisho.terms.ids import SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """What is written down of a decision, and what follows."""

    decision: Decision
    entry: int
    """Number of the decision's entry."""
    entries: tuple[Entry, ...]
    """The decision's first."""
    wake: bool
    """Whether the cycle has something new to do."""


def admit(gate: Gate, verdict: Passed | Refused, question: Question) -> tuple[Gate, Admitted]:
    """The gate after a decision on validly signed input, and what the journal is told."""
    number = gate.next_entry
    entries = [decision_entry(question, verdict.decision)]
    durable = gate.durable
    answers = gate.answers
    if is_next(question, question.command):
        durable = _marked(durable, question)
        answers = _remembered(gate, verdict.decision, question, number)
    passed = isinstance(verdict, Passed)
    if isinstance(verdict, Passed):
        durable, more = _changed(durable, verdict, question, number)
        entries.extend(more)
    after = replace(
        gate, durable=durable, answers=answers, next_entry=gate.next_entry + len(entries)
    )
    return after, Admitted(
        decision=verdict.decision, entry=number, entries=tuple(entries), wake=passed
    )


def start_delay_ms(site: SiteId, most_s: int) -> int:
    """By how much the schedules of this site start later than they say, 0 to `most_s`.

    It follows from the site alone: who holds a stolen key can choose a command's id, and must not
    be able to choose ids that make every site start at once.
    """
    digest = hashlib.sha256(b"sekisho start delay\0" + site.encode()).digest()
    return int.from_bytes(digest[:8], "big") % (most_s * 1000 + 1)


def _marked(durable: Durable, question: Question) -> Durable:
    head = question.command.envelope
    mark = (question.envelope.kid, class_of(question.command))
    return replace(
        durable, high_water=MappingProxyType({**durable.high_water, mark: head.sequence})
    )


def _remembered(gate: Gate, decision: Decision, question: Question, number: int) -> Answers:
    head = question.command.envelope
    answered = Answered(digest=question.digest, decision=decision, entry=number)
    return Answers.of(gate.answers).remembering((head.issuer, head.id), answered)


def _changed(
    durable: Durable, verdict: Passed, question: Question, number: int
) -> tuple[Durable, list[Entry]]:
    command = verdict.command
    match command:
        case Setpoint() | Schedule():
            return _standing(durable, command, question, number), []
        case Curtail():
            new = Curtailment(
                order=command,
                kid=question.envelope.kid,
                term=lasting(question, command),
                begins=beginning(question, command),
                entry=number,
            )
            kept = kept_beside(question, command)
            return replace(durable, curtailments=(*kept, new)), []
        case Stop():
            return _stopped(durable, question)
        case Release():
            return _released(durable, question, number)
        case _:
            assert_never(command)


def _standing(durable: Durable, order: Dispatch, question: Question, number: int) -> Durable:
    key, clock = question.key, question.clock
    rank = rank_of(order)
    schedule = isinstance(order, Schedule)
    most_s = key.start_delay_max_s if key is not None and schedule else 0
    new = Standing(
        order=order,
        kid=question.envelope.kid,
        rank=rank,
        power=Watts(0) if isinstance(order, Schedule) else order.power,
        term=lasting(question, order),
        begins=beginning(question, order),
        anchor=clock.wall - clock.boot,
        delay_ms=start_delay_ms(question.gate.settings.site, most_s),
        entry=number,
        claims=question.envelope.payload if order is question.command else None,
    )
    others = [one for one in durable.standing if one.rank is not rank]
    standing = sorted([*others, new], key=lambda one: one.rank, reverse=True)
    return replace(durable, standing=tuple(standing))


def _stopped(durable: Durable, question: Question) -> tuple[Durable, list[Entry]]:
    """A stop ends every standing dispatch: a release must not start anything by itself."""
    head = question.command.envelope
    entries: list[Entry] = []
    if Latch.REMOTE_STOP not in durable.latches:
        body = {"what": str(Latch.REMOTE_STOP), "command": str(head.id)}
        entries.append(entry(EntryKind.LATCHED, question.clock, {**body}, behind=True))
    for one in durable.standing:
        body = {"command": str(one.order.envelope.id), "kid": str(one.kid), "why": "stopped"}
        entries.append(entry(EntryKind.ENDED, question.clock, {**body}, behind=True))
    after = replace(
        durable,
        latches=durable.latches | {Latch.REMOTE_STOP},
        stopped_by=RemoteStop(command=head.id, issuer=head.issuer, kid=question.envelope.kid),
        standing=(),
    )
    return after, entries


def _released(durable: Durable, question: Question, number: int) -> tuple[Durable, list[Entry]]:
    """The remote stop, where this key may lift it, and the issuer's own curtailments."""
    issuer = question.command.envelope.issuer
    entries: list[Entry] = []
    if Latch.REMOTE_STOP in durable.latches and liftable(question):
        durable = replace(durable, latches=durable.latches - {Latch.REMOTE_STOP}, stopped_by=None)
        body = {"what": str(Latch.REMOTE_STOP), "by": str(issuer)}
        entries.append(entry(EntryKind.RELEASED, question.clock, {**body}))
    # They bind until this release is safe on disk: the cycle then ends them.
    lifted = tuple(
        replace(one, lifted=one.lifted or number) if one.order.envelope.issuer == issuer else one
        for one in durable.curtailments
    )
    return replace(durable, curtailments=lifted), entries
