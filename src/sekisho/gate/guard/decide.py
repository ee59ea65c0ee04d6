"""The decision: every check in its order; the first "no" is the answer.

`CHECKS` is the whole guard and the only tuple that runs at a site. No parameter of a file, of the
command line or of the environment changes it; the laboratory builds shorter ones to show what each
check is good for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

from sekisho.codec.command import Setpoint
from sekisho.codec.decision import Decision, Outcome
from sekisho.gate.guard.check import Check, Known, Narrowed, No
from sekisho.gate.guard.checks import (
    bounds,
    budget,
    destination,
    freshness,
    interlock,
    permission,
    rate,
    sequence,
    signature,
)

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.codec.decision import Limit
    from sekisho.gate.guard.question import Question
    from sekisho.gate.state import Answered

CHECKS: tuple[Check, ...] = (
    Check("rate", rate.ask),
    Check("signature", signature.ask),
    Check("site", destination.ask),
    Check("session_sequence", sequence.ask),
    Check("time", freshness.ask),
    Check("permission", permission.ask),
    Check("interlock", interlock.ask),
    Check("bounds", bounds.ask),
    Check("budget", budget.ask),
)
"""The order of questions; form and size are asked where the bytes are read."""


@dataclass(frozen=True, slots=True)
class Again:
    """A duplicate: the answer that was given already, and no effect."""

    answered: Answered


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing changes."""

    decision: Decision
    check: str
    """Name of the check that said no."""


@dataclass(frozen=True, slots=True)
class Passed:
    """It may take effect, as narrowed."""

    decision: Decision
    command: Command


Verdict: TypeAlias = Again | Refused | Passed


def decide(checks: tuple[Check, ...], question: Question) -> Verdict:
    """The answer to one question."""
    command = question.command
    limits: tuple[Limit, ...] = ()
    for check in checks:
        finding = check.ask(question, command)
        if finding is None:
            continue
        match finding:
            case No():
                return Refused(refusal(question, finding), check.name)
            case Known(answered=answered):
                return Again(answered)
            case Narrowed():
                command = finding.command
                limits = (*limits, *finding.limits)
            case _:
                assert_never(finding)
    decision = Decision(
        outcome=Outcome.LIMITED if limits else Outcome.ACCEPTED,
        command=command.envelope.id,
        kid=question.envelope.kid,
        limits=limits,
        power=command.power if isinstance(command, Setpoint) else None,
    )
    return Passed(decision, command)


def refusal(question: Question, finding: No) -> Decision:
    """The decision that refuses a command."""
    return Decision(
        outcome=Outcome.REFUSED,
        command=question.command.envelope.id,
        kid=question.envelope.kid,
        reason=finding.reason,
        detail=finding.detail,
    )
