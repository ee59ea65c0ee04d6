"""Is it new? Session, id and sequence: the defence against replay.

The same bytes again get the stored answer and do nothing. Everything else must carry the gate's
session and a sequence that rises, per key and class, by 1 to 10⁶.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from sekisho.codec.command import class_of
from sekisho.codec.decision import Reason
from sekisho.gate.guard.check import Known, No

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question

MOST_STEP = 1_000_000
"""A key's sequence may rise by so much at once: a slip cannot use up all numbers."""


def ask(question: Question, command: Command) -> Finding:
    """The stored answer, or OTHER_SESSION, ID_REUSED or SEQUENCE."""
    head = command.envelope
    before = question.gate.answers.get((head.issuer, head.id))
    if before is not None and hmac.compare_digest(before.digest, question.digest):
        return Known(before)
    if not of_session(question, command):
        return No(Reason.OTHER_SESSION)
    if before is not None:
        return No(Reason.ID_REUSED)
    mark = high_water(question, command)
    if not mark < head.sequence <= mark + MOST_STEP:
        wanted = f"{mark + 1} to {mark + MOST_STEP}"
        return No(Reason.SEQUENCE, f"{head.sequence}, wanted {wanted}")
    return None


def of_session(question: Question, command: Command) -> bool:
    """Whether it carries the gate's session."""
    mine = question.gate.durable.session.encode()
    return hmac.compare_digest(command.envelope.session.encode(), mine)


def high_water(question: Question, command: Command) -> int:
    """The highest sequence that this key has used in this class and session; 0: none."""
    marks = question.gate.durable.high_water
    return marks.get((question.envelope.kid, class_of(command)), 0)


def is_next(question: Question, command: Command) -> bool:
    """Whether site, session and sequence would let it pass; nothing is proven of it."""
    head = command.envelope
    if head.site != question.gate.settings.site or not of_session(question, command):
        return False
    mark = high_water(question, command)
    return mark < head.sequence <= mark + MOST_STEP
