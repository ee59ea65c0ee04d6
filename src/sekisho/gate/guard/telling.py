"""What the journal is told of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sekisho.codec.command import (
    Curtail,
    Release,
    Schedule,
    Setpoint,
    Stop,
    kind_of,
    product_of,
)
from sekisho.codec.decision import Outcome
from sekisho.gate.journal.entries import Entry, EntryKind

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.codec.decision import Decision
    from sekisho.gate.clock import Clock
    from sekisho.gate.guard.question import Question
    from sekisho.gate.journal.entries import Plain


def decision_entry(question: Question, decision: Decision) -> Entry:
    """The entry of one decision.

    What was accepted is kept as it was signed, so that anybody can verify who asked for it; what was
    refused is kept as its digest.
    """
    command = question.command
    head = command.envelope
    done = decision.outcome is not Outcome.REFUSED
    body: dict[str, Plain | tuple[Plain, ...]] = {
        "command": str(head.id),
        "issuer": str(head.issuer),
        "kid": str(question.envelope.kid),
        "asked": str(kind_of(command)),
        "product": str(product_of(command) or "") or None,
        "sequence": head.sequence,
        "not_before": head.not_before,
        "expires_at": head.expires_at,
        "outcome": str(decision.outcome),
        "reason": str(decision.reason) if decision.reason is not None else None,
        "detail": decision.detail,
        "limits": tuple(f"{x.bound} {x.value} ({x.where})" for x in decision.limits),
        "power": decision.power,
        "digest": question.digest.hex(),
    }
    body |= _asked(command)
    if done:
        body["signed"] = question.envelope.raw.decode("ascii", "replace")
    behind = done and isinstance(command, Stop | Curtail)
    return entry(EntryKind.DECISION, question.clock, body, behind=behind)


def entry(
    kind: EntryKind,
    clock: Clock,
    body: dict[str, Plain | tuple[Plain, ...]],
    *,
    behind: bool = False,
) -> Entry:
    """One entry of this moment."""
    return Entry(kind=kind, wall=clock.wall, boot=clock.boot, body=body, behind=behind)


def _asked(command: Command) -> dict[str, Plain | tuple[Plain, ...]]:
    match command:
        case Setpoint(power=power):
            return {"asked_power": power}
        case Schedule(start=start, powers=powers):
            return {"start": start, "powers": powers}
        case Curtail():
            return {"export_max": command.export_max, "import_max": command.import_max}
        case Stop() | Release():
            return {}
        case _:
            assert_never(command)
