"""The published form of `statement.toml` as a JSON Schema, for editors and for those who add rules.

Written by hand beside the reader; a test holds every shipped statement against both. TOML dates are
validated as their ISO text (`format: date`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.rulebook.statement import Force, Kind, Status, Trigger
from sekisho.site.model import Owner, Programme, Resource, Role, Voltage, Work
from sekisho.terms.certainty import Certainty

if TYPE_CHECKING:
    from enum import StrEnum

Json = dict[str, object]

_LINE: Json = {"type": "string", "minLength": 1}
_DATE: Json = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def statement_schema() -> Json:
    """The schema of one rule's statement (JSON Schema 2020-12)."""
    optional = ("attestation", "applies", "needs", "parameter")
    properties: Json = {
        "row": {**_LINE, "description": "Id in the written table of rules."},
        "kind": _word(Kind),
        "force": _word(Force),
        "level": {
            "type": "integer",
            "minimum": 0,
            "maximum": 4,
            "description": "Label wanted: at least this many stars; 0 for duties.",
        },
        "trigger": _word(Trigger),
        "attestation": _LINE,
        "title": _both(),
        "summary": _both(),
        "programme": _both(),
        "applies": _applies(),
        "needs": {"type": "array", "items": _words(Role)},
        "status": _rows({"value": _word(Status), "reached": _DATE, "learned": _DATE}),
        "parameter": {"type": "array", "items": _parameter()},
        "source": _sources(),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sekisho rule statement",
        "description": "One rule: who asks what of whom, since when, and how we know.",
        **_table(properties, needed=tuple(name for name in properties if name not in optional)),
    }


def _applies() -> Json:
    """The sites that a rule is about; what is left out is not asked."""
    return _table(
        {
            "resource": _words(Resource),
            "voltage": _words(Voltage),
            "work": _words(Work),
            "owner": _words(Owner),
            "joins": _words(Programme),
        },
        needed=(),
    )


def _parameter() -> Json:
    return _table(
        {
            "name": _LINE,
            "value": {"type": ["string", "number"]},
            "since": _DATE,
            "learned": _DATE,
            "assumed": {
                "type": "boolean",
                "description": "The source gives a month; its first day is ours.",
            },
        },
        needed=("name", "value", "learned"),
    )


def _sources() -> Json:
    return _rows(
        {
            "title": _both(),
            "url": {"type": "string", "pattern": "^https?://"},
            "page": _LINE,
            "certainty": _word(Certainty),
            "learned": _DATE,
        },
        optional=("page",),
    )


def _table(properties: Json, needed: tuple[str, ...]) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(needed),
        "additionalProperties": False,
    }


def _rows(properties: Json, optional: tuple[str, ...] = ()) -> Json:
    needed = tuple(name for name in properties if name not in optional)
    return {"type": "array", "minItems": 1, "items": _table(properties, needed)}


def _both() -> Json:
    return _table({"ja": _LINE, "en": _LINE}, ("ja", "en"))


def _word(words: type[StrEnum]) -> Json:
    return {"enum": [str(word) for word in words]}


def _words(words: type[StrEnum]) -> Json:
    return {"type": "array", "items": _word(words), "uniqueItems": True}
