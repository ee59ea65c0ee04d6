"""Is it the time for it?

Fresh means `not_before` ≤ now − u and now + u ≤ `expires_at`, u being the clock's error. While time
is unsure only a stop and a tighter curtailment pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.command import Curtail, Schedule, Stop, kind_of
from sekisho.codec.decision import Reason
from sekisho.gate.guard.check import No
from sekisho.gate.guard.checks.curtailment import tightens

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question


def ask(question: Question, command: Command) -> Finding:
    """TIME_UNSURE, EXPIRED, NOT_YET or LIFE_TOO_LONG."""
    head, clock = command.envelope, question.clock
    if not clock.sure:
        safer = isinstance(command, Stop) or (
            isinstance(command, Curtail) and tightens(question, command)
        )
        if not safer:
            return No(Reason.TIME_UNSURE)
    else:
        late = clock.wall + clock.error_ms
        if late > head.expires_at:
            return No(Reason.EXPIRED, f"{late - head.expires_at} ms late")
        if isinstance(command, Schedule) and late >= command.end:
            return No(Reason.EXPIRED, "its last half-hour is over")
        if isinstance(command, Schedule) and command.start >= head.expires_at:
            return No(Reason.EXPIRED, "it expires before its first half-hour")
        early = clock.wall - clock.error_ms
        if head.not_before > early:
            return No(Reason.NOT_YET, f"{head.not_before - early} ms early")
    most = question.gate.bounds.life.of(kind_of(command))
    if head.life_ms > most:
        return No(Reason.LIFE_TOO_LONG, f"{head.life_ms} ms, most {most} ms")
    return None
