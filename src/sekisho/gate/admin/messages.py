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
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.strict_json import Flaw, Malformed, canonical, parse
from sekisho.gate.admin.notes import BY_GATE, MOST_WORD, Note, NoteKind
from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.terms.texts import Text

MOST_QUESTION = 512 * 1024
"""Bytes of a question; a signed document is the largest."""
MOST_ANSWER = 4 * 1024 * 1024
_MOST_OPENINGS = 4
_MOST_ID = 32


@dataclass(frozen=True, slots=True)
class AskStatus:
    """What the gate says of itself."""


@dataclass(frozen=True, slots=True)
class AskNote:
    """Write this into the journal."""

    note: Note


Question: TypeAlias = AskStatus | AskNote


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
    match form.pop("ask", None):
        case "status":
            return _whole(AskStatus(), form)
        case "note":
            note = _note_of(form.pop("note", None))
            return _whole(AskNote(note), form)
        case _:
            raise Malformed(Flaw.VALUE, "no question of the set")


def answer_bytes(answer: Mapping[str, object] | Text) -> bytes:
    """An answer as one line: what was asked for, or why not."""
    if isinstance(answer, dict):
        return json.dumps({"ok": answer}, separators=(",", ":")).encode() + b"\n"
    told: Text = answer  # type: ignore[assignment]
    return canonical({"no": {"ja": told.ja, "en": told.en}}) + b"\n"


def _form(question: Question) -> dict[str, object]:
    match question:
        case AskStatus():
            return {"ask": "status"}
        case AskNote(note=note):
            return {"ask": "note", "note": _note(note)}


def _whole(question: Question, rest: Mapping[str, object]) -> Question:
    if rest:
        raise Malformed(Flaw.MEMBER, "unknown members")
    return question


def _note(note: Note) -> dict[str, object]:
    return {
        "id": note.id,
        "kind": note.kind.value,
        "at": note.at,
        "user": note.user,
        "source": note.source,
        "about": note.about,
        "reason": note.reason,
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
