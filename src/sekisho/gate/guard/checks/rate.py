"""Is there work left for this, before any signature is looked at?

A key id that the trust list does not have costs no signature work: it passes here and is refused by
the next check. Where work becomes scarce, only a command that could still pass gets any: a replay or
a command for another site or session is dropped unverified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.command import class_of
from sekisho.codec.decision import Reason
from sekisho.gate.guard.check import No
from sekisho.gate.guard.checks.sequence import is_next
from sekisho.gate.guard.pressure import CLAIMED, SIGNED, WORK, left

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question


def ask(question: Question, command: Command) -> Finding:
    """RATE, where a bucket is empty."""
    if question.key is None:
        return None
    kid, lane, now = question.envelope.kid, question.lane, question.clock.boot
    pressure = question.pressure
    own = left(pressure.signed.get((kid, class_of(command))), SIGNED, now)
    if own < 1:
        return No(Reason.RATE, "too many commands of this key")
    claimed = left(pressure.claimed.get((kid, lane)), CLAIMED[lane], now)
    work = left(pressure.work.get(lane), WORK[lane], now)
    if claimed < 1 or work < 1:
        return No(Reason.RATE, "too many signatures to verify")
    scarce = claimed < CLAIMED[lane].most / 2 or work < WORK[lane].most / 2
    if scarce and not is_next(question, command):
        return No(Reason.RATE, "verification is kept for commands that can still pass")
    return None
