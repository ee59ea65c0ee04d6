"""The answers of earlier runs, as the journal tells them: duplicates are answered after a restart too.

Only the answers that used up a sequence number are remembered while the gate runs; an answer that
said that a command was old says nothing new, and is left out here as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sekisho.codec.decision import Decision, Limit, Outcome, Reason
from sekisho.codec.strict_json import Malformed
from sekisho.gate.guard.answers import Answers
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.gate.state import Answered
from sekisho.terms.ids import CommandId, IssuerId, KeyId
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sekisho.gate.guard.answers import Name

_MARK = b'"kind":"decision"'
_LIMIT = re.compile(r"(\S+) (-?\d+) \((.*)\)", re.DOTALL)
_OLD = frozenset({Reason.OTHER_SITE, Reason.OTHER_SESSION, Reason.ID_REUSED, Reason.SEQUENCE})


def answers_of(rows: Iterable[tuple[int, bytes]]) -> Answers:
    """The answers that journal entries tell.

    Args:
        rows: numbers and canonical bytes, the oldest first; what is no decision is passed over.
    """
    found = Answers()
    for number, data in rows:
        if _MARK not in data:
            continue
        try:
            entry = read_entry(data)
            told = _told(entry, number) if isinstance(entry, Entry) else None
        except (Malformed, ValueError, KeyError, TypeError):
            continue  # of another version; its duplicates are refused by their sequence
        if told is not None:
            found = found.remembering(*told)
    return found


def _told(entry: Entry, number: int) -> tuple[Name, Answered] | None:
    body = entry.body
    if entry.kind is not EntryKind.DECISION:
        return None
    said, power, limits = body["reason"], body["power"], body["limits"]
    reason = None if said is None else Reason(str(said))
    if reason in _OLD:
        return None
    command = CommandId(str(body["command"]))
    decision = Decision(
        outcome=Outcome(str(body["outcome"])),
        command=command,
        kid=KeyId(str(body["kid"])),
        reason=reason,
        limits=tuple(_limit(str(one)) for one in limits)
        if isinstance(limits, list | tuple)
        else (),
        power=Watts(power) if isinstance(power, int) else None,
        detail=str(body["detail"]),
    )
    digest = bytes.fromhex(str(body["digest"]))
    name = (IssuerId(str(body["issuer"])), command)
    return name, Answered(digest=digest, decision=decision, entry=number)


def _limit(text: str) -> Limit:
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Limit(bound=found[1], value=int(found[2]), where=found[3])
