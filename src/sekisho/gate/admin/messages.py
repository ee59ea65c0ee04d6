"""The socket between the admin process and the gate: a closed set of questions, one line of JSON each.

    {"ask": "status"}                         → {"ok": {...}}
    {"ask": "note", "note": {...}}            → {"ok": {}}
    …                                         → {"no": {"ja": "…", "en": "…"}}

The gate answers only the admin process's user (the kernel tells who connects) and believes nothing
else of it: who may raise a bound is asked again at the gate's end. There is no question that moves
the plant: the most that may be asked is a reset, which no stop that is still pressed obeys.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.strict_json import Flaw, Malformed, base64url, canonical, parse, unbase64
from sekisho.gate.admin.approval import Person
from sekisho.gate.admin.notes import BY_GATE, MOST_WORD, Note, NoteKind, printable
from sekisho.gate.admin.roles import Role
from sekisho.gate.admin.words import name_fault
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


MOST_DOCUMENT = 256 * 1024
"""Bytes of a signed document that the pages take."""
MOST_QUESTION = 512 * 1024
"""Bytes of a question; a signed document is the largest."""
MOST_ROWS = 100
"""Entries of the journal in one answer."""
MOST_ANSWER = 4 * 1024 * 1024
_MOST_OPENINGS = 4
_MOST_ID = 32
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AskStatus:
    """What the gate says of itself."""


@dataclass(frozen=True, slots=True)
class AskNote:
    """Write this into the journal."""

    note: Note


@dataclass(frozen=True, slots=True)
class AskDevices:
    """The nameplates that the devices show."""


@dataclass(frozen=True, slots=True)
class AskDocuments:
    """What is in force, and what waits for approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskJournal:
    """Entries of the journal, the newest last."""

    before: int
    """Only those with a smaller number; 0: the newest."""
    count: int


@dataclass(frozen=True, slots=True)
class AskVerify:
    """Start a check of the journal, and tell what the latest found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks for a change, as the admin process says, and from where."""

    person: Person
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReset:
    """Reset what has latched."""

    asker: Asker


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPropose:
    """Hand in a signed document."""

    asker: Asker
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AskApprove:
    """Approve a document that waits."""

    asker: Asker
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWithdraw:
    """Take back a document that waits."""

    asker: Asker
    digest: str


Look: TypeAlias = AskStatus | AskDevices | AskDocuments | AskJournal | AskVerify
"""What changes nothing."""
Change: TypeAlias = AskReset | AskPropose | AskApprove | AskWithdraw
"""What somebody has to answer for."""
Question: TypeAlias = Look | AskNote | Change


def question_bytes(question: Question) -> bytes:
    """A question as one line."""
    return canonical(_form(question)) + b"\n"


def question_of(line: bytes) -> Question:
    """The question of a line.

    Raises:
        Malformed: it is none of the set.
    """
    if len(line) > MOST_QUESTION:
        raise Malformed(Flaw.SIZE, "a question of more bytes than are read")
    form = parse(line, _MOST_OPENINGS)
    if not isinstance(form, dict):
        raise Malformed(Flaw.FORM, "no object")
    question = _question(form.pop("ask", None), form)
    if form:
        raise Malformed(Flaw.MEMBER, "unknown members")
    return question


def _question(asked: object, form: dict[str, object]) -> Question:
    """The question that `ask` names, with the members that it takes out of `form`."""
    match asked:
        case "status":
            return AskStatus()
        case "note":
            return AskNote(_note_of(form.pop("note", None)))
        case "devices":
            return AskDevices()
        case "documents":
            return AskDocuments()
        case "journal":
            before = _number(form.pop("before", None), 2**53)
            return AskJournal(before=before, count=_number(form.pop("count", None), MOST_ROWS))
        case "verify":
            return AskVerify()
        case _:
            return _change(asked, form)


def _change(asked: object, form: dict[str, object]) -> Change:
    match asked:
        case "reset":
            return AskReset(asker=_asker_of(form))
        case "propose":
            content = form.pop("content", None)
            if not isinstance(content, str):
                raise Malformed(Flaw.VALUE, "no content")
            raw = unbase64(content.encode("ascii", "replace"))
            return AskPropose(asker=_asker_of(form), content=raw)
        case "approve":
            return AskApprove(digest=_digest(form), asker=_asker_of(form))
        case "withdraw":
            return AskWithdraw(digest=_digest(form), asker=_asker_of(form))
        case _:
            raise Malformed(Flaw.VALUE, "no question of the set")


def answer_bytes(answer: Mapping[str, object] | Text, *, busy: bool = False) -> bytes:
    """An answer as one line: what was asked for, or why not; `busy` where it may be asked again."""
    if isinstance(answer, Text):
        return canonical({"no": {"ja": answer.ja, "en": answer.en}, "busy": busy}) + b"\n"
    return json.dumps({"ok": answer}, separators=(",", ":")).encode() + b"\n"


def _form(question: Question) -> dict[str, object]:
    match question:
        case AskStatus():
            return {"ask": "status"}
        case AskNote(note=note):
            return {"ask": "note", "note": _note(note)}
        case AskDevices():
            return {"ask": "devices"}
        case AskDocuments():
            return {"ask": "documents"}
        case AskJournal(before=before, count=count):
            return {"ask": "journal", "before": before, "count": count}
        case AskVerify():
            return {"ask": "verify"}
        case AskReset() | AskPropose() | AskApprove() | AskWithdraw():
            return _change_form(question) | _asker(question.asker)


def _change_form(change: Change) -> dict[str, object]:
    match change:
        case AskReset():
            return {"ask": "reset"}
        case AskPropose(content=content):
            return {"ask": "propose", "content": base64url(content).decode()}
        case AskApprove(digest=digest):
            return {"ask": "approve", "digest": digest}
        case AskWithdraw(digest=digest):
            return {"ask": "withdraw", "digest": digest}


def _asker(asker: Asker) -> dict[str, object]:
    return {"person": asker.person.name, "role": asker.person.role.value, "source": asker.source}


def _asker_of(form: dict[str, object]) -> Asker:
    name = _word(form.pop("person", None))
    if name_fault(name) is not None:
        raise Malformed(Flaw.VALUE, "no name of a user")
    given = form.pop("role", None)
    role = next((one for one in Role if one.value == given), None)
    if role is None:
        raise Malformed(Flaw.VALUE, "no role")
    return Asker(person=Person(name=name, role=role), source=_word(form.pop("source", None)))


def _digest(form: dict[str, object]) -> str:
    given = form.pop("digest", None)
    if not isinstance(given, str) or DIGEST.fullmatch(given) is None:
        raise Malformed(Flaw.VALUE, "no digest")
    return given


def _number(value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise Malformed(Flaw.VALUE, "no number that is taken")
    return value


def _note(note: Note) -> dict[str, object]:
    """Its words cut to what the other end takes: a note that is refused would never be written."""
    return {
        "id": note.id,
        "kind": note.kind.value,
        "at": note.at,
        "user": printable(note.user),
        "source": printable(note.source),
        "about": printable(note.about),
        "reason": printable(note.reason),
        "count": note.count,
    }


def _note_of(form: object) -> Note:
    members = {"id", "kind", "at", "user", "source", "about", "reason", "count"}
    if not isinstance(form, dict) or set(form) != members:
        raise Malformed(Flaw.MEMBER, "no note")
    kind = next((one for one in NoteKind if one.value == form["kind"]), None)
    if kind is None or kind in BY_GATE:
        raise Malformed(Flaw.VALUE, "no kind of note that may be told")
    at, count = form["at"], form["count"]
    if type(at) is not int or type(count) is not int or at < 0 or count < 1:
        raise Malformed(Flaw.VALUE, "at and count are whole numbers")
    words = {name: _word(form[name]) for name in ("user", "source", "about", "reason")}
    return Note(id=_word(form["id"], _MOST_ID), kind=kind, at=WallMs(at), count=count, **words)


def _word(value: object, most: int = MOST_WORD) -> str:
    if not isinstance(value, str) or len(value) > most or not (value.isprintable() or not value):
        raise Malformed(Flaw.VALUE, "no word that is written down")
    return value
