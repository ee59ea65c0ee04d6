"""Is it meant for this site?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.decision import Reason
from sekisho.gate.guard.check import No

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question


def ask(question: Question, command: Command) -> Finding:
    """OTHER_SITE."""
    if command.envelope.site != question.gate.settings.site:
        return No(Reason.OTHER_SITE)
    return None
