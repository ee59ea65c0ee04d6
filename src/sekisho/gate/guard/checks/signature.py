"""Is the key known, and did its owner sign this?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.decision import Reason
from sekisho.gate.guard.check import No
from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from sekisho.codec.command import Command
    from sekisho.gate.guard.check import Finding
    from sekisho.gate.guard.question import Question


def ask(question: Question, command: Command) -> Finding:
    """UNKNOWN_KEY, SIGNATURE, KEY_REVOKED, KEY_NOT_VALID or ISSUER.

    The signature comes before the rest: what a revoked key really signed is worth an entry of its
    own. While time is unsure nobody can say whether a key is valid today; the time check then
    refuses all but what makes the plant safer.
    """
    key = question.key
    if key is None:
        return No(Reason.UNKNOWN_KEY)
    if not question.verify(question.envelope, key.public):
        return No(Reason.SIGNATURE)
    if key.revoked:
        return No(Reason.KEY_REVOKED)
    clock = question.clock
    if clock.sure:
        early = WallMs(clock.wall - clock.error_ms)
        late = WallMs(clock.wall + clock.error_ms)
        if not (key.valid_at(early) and key.valid_at(late)):
            return No(Reason.KEY_NOT_VALID)
    if command.envelope.issuer != key.issuer:
        return No(Reason.ISSUER, f"the key is {key.issuer}'s")
    return None
