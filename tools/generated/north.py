"""JSON Schemas of what passes on the topics and of the signed documents.

The numbers come from the code that reads; that schema and reader agree is held by property tests.
A schema cannot say everything (the order of two times, duplicate keys): the reader is stricter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sekisho.codec import forms
from sekisho.codec import north_form as form
from sekisho.codec import trust_document as trust
from sekisho.codec.bounds import Lives
from sekisho.codec.command import MOST_HALF_HOURS, MOST_SEQUENCE, MOST_WATTS, Kind, Product
from sekisho.codec.decision import Outcome, Reason

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MOST_NUMBER = 2**53 - 1


def _whole(least: int, most: int, said: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return made | ({"description": said} if said else {})


def _form(pattern: re.Pattern[str], said: str = "") -> dict[str, Any]:
    made: dict[str, Any] = {"type": "string", "pattern": f"^{pattern.pattern}$"}
    return made | ({"description": said} if said else {})


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _object(
    members: Mapping[str, Any], optional: tuple[str, ...] = (), said: str = ""
) -> dict[str, Any]:
    made = {
        "type": "object",
        "properties": dict(members),
        "required": [name for name in members if name not in optional],
        "additionalProperties": False,
    }
    return made | ({"description": said} if said else {})


def _list(of: Any, least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least, "maxItems": most}


_FLAG = {"type": "boolean"}
_TIME = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,3})?Z$",
    "description": "RFC 3339 in UTC with Z, at most milliseconds.",
}
_SITE = _form(forms.SITE, "[site] id of the site file.")
_SESSION = _form(forms.SESSION, "The gate's session.")
_POWER = _whole(-MOST_WATTS, MOST_WATTS, "W at the connection point; export (discharge) positive.")
_LIMIT = _whole(0, MOST_WATTS, "W, not negative.")
_PRODUCT = {"enum": [product.value for product in Product]}
_DIGEST = _form(form.DIGEST, "SHA-256, hexadecimal.")


def _command(kind: Kind, members: Mapping[str, Any]) -> dict[str, Any]:
    envelope = {
        "id": _form(forms.COMMAND, "Unique for its issuer."),
        "site": _SITE,
        "session": _SESSION,
        "issuer": _form(forms.ISSUER, "Who asks, as trust.json names the key's owner."),
        "issued_at": _TIME,
        "not_before": _TIME,
        "expires_at": _TIME,
        "sequence": _whole(1, MOST_SEQUENCE, "Rises per key, session and class."),
        "kind": {"const": kind.value},
    }
    return _object(envelope | dict(members))


_COMMAND: Final = {
    "oneOf": [
        _command(Kind.SETPOINT, {"power": _POWER, "product": _PRODUCT}),
        _command(
            Kind.SCHEDULE,
            {
                "start": _TIME | {"description": "Start of the first half-hour, on a boundary."},
                "powers": _list(_POWER, 1, MOST_HALF_HOURS),
                "product": _PRODUCT,
            },
        ),
        _command(Kind.CURTAIL, {"export_max": _LIMIT, "import_max": _LIMIT}),
        _command(Kind.STOP, {}),
        _command(Kind.RELEASE, {}),
    ]
}

_BUDGET = _object(
    {
        "change_per_minute": _whole(0, MOST_WATTS, "Σ|Δ dispatch| in any 60 s, W."),
        "change_per_hour": _whole(0, MOST_WATTS * 60, "Σ|Δ dispatch| in any 3600 s, W."),
        "reversals_per_hour": _whole(0, 3_600, "Passages through zero."),
        "energy_per_day": _whole(0, 10**12, "Energy moved in any 24 h, Wh."),
    }
)

_TRUST = _object(
    {
        "site": _SITE,
        "version": _whole(1, trust.MOST_VERSION, "Only rises."),
        "issued_at": _TIME,
        "all_keys": _BUDGET | {"description": "For all keys together."},
        "keys": _list(
            _object(
                {
                    "issuer": _form(forms.ISSUER),
                    "public": _form(forms.KEY, "Ed25519 public key, base64url."),
                    "may": _list({"enum": list(trust.GRANTS)}, 1, len(trust.GRANTS)),
                    "power_max": _LIMIT,
                    "budget": _BUDGET,
                    "valid_from": _TIME,
                    "valid_until": _TIME,
                    "revoked": _FLAG,
                    "start_delay_max_s": _whole(0, 3_600, "Spread of schedule starts, s."),
                },
                optional=("power_max", "revoked", "start_delay_max_s"),
            ),
            0,
            trust.MOST_KEYS,
        ),
    }
)

_CEILING = Lives()
_BOUNDS = _object(
    {
        "site": _SITE,
        "version": _whole(1, trust.MOST_VERSION, "Only rises."),
        "issued_at": _TIME,
        "export_max": _LIMIT | {"description": "Largest discharge of all PCS together, W."},
        "import_max": _LIMIT | {"description": "Largest charge of all PCS together, W."},
        "connection_export_max": _LIMIT,
        "connection_import_max": _LIMIT,
        "soc_min": _whole(0, 1_000, "‰"),
        "soc_max": _whole(0, 1_000, "‰"),
        "soc_reserve": _whole(0, 500, "‰, kept at both ends."),
        "temperature_min": _whole(-600, 1_200, "Tenths of °C."),
        "temperature_max": _whole(-600, 1_200, "Tenths of °C."),
        "ramp_dispatch": _whole(1, MOST_WATTS, "W/s"),
        "ramp_max": _whole(1, MOST_WATTS, "W/s, dispatch and droop together."),
        "reversals_per_hour": _whole(0, 3_600),
        "frequency_nominal": {"enum": [50_000, 60_000], "description": "mHz"},
        "frequency_min": _whole(1, 100_000, "mHz; below it a reading is implausible."),
        "frequency_max": _whole(1, 100_000, "mHz; above it a reading is implausible."),
        "frequency_disturbed": _whole(1, 5_000, "mHz from nominal."),
        "droop": _object(
            {
                "deadband": _whole(0, 1_000, "mHz"),
                "slope": _whole(1, MOST_WATTS, "W for each Hz beyond the dead band."),
                "power_max": _LIMIT,
                "reserve_minutes": _whole(0, 1_440),
            },
            said="Primary control; left out: none.",
        ),
        "life": _object(
            {
                "setpoint": _whole(1, _CEILING.setpoint),
                "schedule": _whole(1, _CEILING.schedule),
                "curtail": _whole(1, _CEILING.curtail),
                "stop": _whole(1, _CEILING.stop),
                "release": _whole(1, _CEILING.release),
            },
            optional=("setpoint", "schedule", "curtail", "stop", "release"),
            said="Longest life of each kind of command, s; the largest values are the defaults.",
        ),
    },
    optional=("soc_reserve", "frequency_disturbed", "droop", "life"),
)

_POINTS = {
    "type": "object",
    "additionalProperties": _whole(-_MOST_NUMBER, _MOST_NUMBER),
    "maxProperties": form.MOST_POINTS,
}
_WORDS = {"type": "array", "items": {"type": "string"}, "maxItems": 64}

SCHEMAS: Final[Mapping[str, dict[str, Any]]] = {
    "command": _COMMAND,
    "trust": _TRUST,
    "bounds": _BOUNDS,
    "session": _object(
        {
            "site": _SITE,
            "session": _SESSION,
            "at": _TIME,
            "trust_version": _whole(1, trust.MOST_VERSION),
            "bounds_version": _whole(1, trust.MOST_VERSION),
        }
    ),
    "decision": _object(
        {
            "site": _SITE,
            "at": _TIME,
            "command": _form(forms.COMMAND, "Left out where the command could not be read."),
            "kid": _form(forms.KEY, "Key that signed the command."),
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "reason": {"enum": [reason.value for reason in Reason]},
            "said": _object({"ja": _text(form.MOST_DETAIL), "en": _text(form.MOST_DETAIL)}),
            "limits": _list(
                _object(
                    {
                        "bound": _text(128),
                        "value": _whole(-_MOST_NUMBER, _MOST_NUMBER),
                        "where": _text(128),
                    }
                ),
                0,
                form.MOST_LIMITS,
            ),
            "power": _POWER | {"description": "Of a set-point: what is granted, W."},
            "detail": _text(form.MOST_DETAIL),
            "digest": _DIGEST | {"description": "SHA-256 of the command's bytes."},
            "journal": _whole(0, _MOST_NUMBER, "Number of the journal entry."),
        },
        optional=("command", "kid", "reason", "power"),
    ),
    "telemetry": _object(
        {
            "site": _SITE,
            "session": _SESSION,
            "sequence": _whole(1, MOST_SEQUENCE),
            "at": _TIME,
            "live": _FLAG,
            "gap": _whole(1, MOST_SEQUENCE, "numbers right before that do not exist"),
            "power": _POWER,
            "setpoint": _POWER,
            "frequency": _whole(0, 100_000, "mHz"),
            "soc": _whole(0, 1_000, "‰"),
            "devices": {
                "type": "object",
                "additionalProperties": _POINTS,
                "maxProperties": form.MOST_DEVICES,
            },
        },
        optional=("gap", "power", "setpoint", "frequency", "soc"),
    ),
    "state": _object(
        {
            "site": _SITE,
            "online": _FLAG,
            "at": _TIME,
            "time_sure": _FLAG,
            "commissioned": _FLAG,
            "latches": _WORDS,
            "alarms": _WORDS,
            "failures": _WORDS,
        },
        optional=("at",),
    ),
    "checkpoint": _object(
        {"site": _SITE, "at": _TIME, "entries": _whole(0, _MOST_NUMBER), "head": _DIGEST}
    ),
    "ack": _object({"site": _SITE, "session": _SESSION, "sequence": _whole(1, MOST_SEQUENCE)}),
}
"""By the name of the channel or document."""

_TITLES: Final = {
    "command": "Payload of a command (JWS, typ sekisho-cmd+jws)",
    "trust": "Payload of trust.json (flattened JWS, typ sekisho-trust+jws)",
    "bounds": "Payload of bounds.json (flattened JWS, typ sekisho-bounds+jws)",
    "session": "Payload of a session (JWS, typ sekisho-session+jws)",
    "decision": "Payload of a decision (JWS, typ sekisho-decision+jws)",
    "telemetry": "Telemetry",
    "state": "State, and the last will",
    "checkpoint": "Payload of a checkpoint (JWS, typ sekisho-checkpoint+jws)",
    "ack": "Acknowledgement of telemetry",
}


def files() -> Mapping[str, str]:
    """The schemas, by path."""
    return {
        f"schemas/north/{name}.schema.json": json.dumps(
            {"$schema": _DIALECT, **schema, "title": _TITLES[name]},
            ensure_ascii=False,
            indent=2,
            sort_keys=True,
        )
        + "\n"
        for name, schema in SCHEMAS.items()
    }
