"""How long an accepted command lasts, on both clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.command import Schedule
from sekisho.gate.clock import Term, term
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.question import Question


def lasting(question: Question, command: Command) -> Term:
    """The end of the permission: never after its key's validity, nor a schedule's last half-hour.

    While time is unsure (only a curtailment is then asked) the wall clock cannot say how much is
    left: the whole life is counted from now.
    """
    head, clock = command.envelope, question.clock
    expires = head.expires_at
    if question.key is not None:
        expires = min(expires, question.key.valid_until)
    if isinstance(command, Schedule):
        expires = min(expires, command.end)
    boot_id = question.gate.boot_id
    if clock.sure:
        return term(expires, clock, boot_id)
    return Term(wall=expires, boot=BootMs(clock.boot + head.life_ms), boot_id=boot_id)


def beginning(question: Question, command: Command) -> BootMs:
    """`not_before` on CLOCK_BOOTTIME; now, while time is unsure."""
    clock = question.clock
    if not clock.sure:
        return clock.boot
    return BootMs(clock.boot + command.envelope.not_before - clock.wall)
