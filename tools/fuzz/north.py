"""What comes from the north: commands, messages, trust and bounds."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Final

from sekisho.codec import north_form as form
from sekisho.codec.bounds_document import bounds_of, bounds_payload
from sekisho.codec.claims import claims_of, read_claims
from sekisho.codec.draft import read_draft
from sekisho.codec.jws import Signer, Typ, open_document, open_envelope, verify
from sekisho.codec.signed_document import read_bounds, read_trust
from sekisho.codec.strict_json import Malformed, parse
from sekisho.codec.trust_document import trust_of, trust_payload
from sekisho.terms.errors import InputError
from sekisho.terms.quantity import WallMs
from tools.fuzz import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.site.faults import Fault

_SIGNER = Signer(b"a seed of the fuzzers, no secret")
_CLAIMS = json.dumps(
    {
        "id": "c-1",
        "site": "kushiro-1",
        "session": "0" * 32,
        "issuer": "agg",
        "issued_at": "2027-01-15T08:00:00Z",
        "not_before": "2027-01-15T08:00:00Z",
        "expires_at": "2027-01-15T08:10:00.5Z",
        "sequence": 1,
        "kind": "schedule",
        "start": "2027-01-15T08:00:00Z",
        "powers": [1, -2],
        "product": "jepx-spot",
    }
).encode()
_BUDGET = {
    "change_per_minute": 1,
    "change_per_hour": 1,
    "reversals_per_hour": 1,
    "energy_per_day": 1,
}
_TRUST = {
    "site": "kushiro-1",
    "version": 1,
    "issued_at": "2027-01-15T08:00:00Z",
    "all_keys": _BUDGET,
    "keys": [
        {
            "issuer": "agg",
            "public": "A" * 43,
            "may": ["setpoint:fcr", "stop"],
            "valid_from": "2027-01-15T08:00:00Z",
            "valid_until": "2028-01-15T08:00:00Z",
            "revoked": False,
            "start_delay_max_s": 1,
            "power_max": 5,
            "budget": _BUDGET,
        }
    ],
}
_BOUNDS = {
    "site": "kushiro-1",
    "version": 1,
    "issued_at": "2027-01-15T08:00:00Z",
    "export_max": 1,
    "import_max": 1,
    "connection_export_max": 1,
    "connection_import_max": 1,
    "soc_min": 1,
    "soc_max": 900,
    "temperature_min": 1,
    "temperature_max": 400,
    "ramp_dispatch": 1,
    "ramp_max": 1,
    "reversals_per_hour": 1,
    "frequency_nominal": 50_000,
    "frequency_min": 45_000,
    "frequency_max": 55_000,
    "droop": {"deadband": 1, "slope": 1, "power_max": 1, "reserve_minutes": 1},
    "life": {"setpoint": 60},
}


def envelope(data: bytes) -> None:
    """Bytes from the broker: opened, and never believed unless the signature holds."""
    with contextlib.suppress(Malformed):
        opened = open_envelope(data)
        if verify(opened, _SIGNER.public) and data not in _SIGNED:
            raise AssertionError("a forged command was believed")


def claims(data: bytes) -> None:
    """A payload: malformed, or a command that is written and read back the same."""
    with contextlib.suppress(Malformed):
        command = read_claims(data)
        _same(read_claims(claims_of(command)), command)


def messages(data: bytes) -> None:
    """A payload of any message."""
    for read in (
        form.read_session,
        form.read_decision,
        form.read_telemetry,
        form.read_state,
        form.read_checkpoint,
        form.read_ack,
    ):
        with contextlib.suppress(Malformed):
            read(data)


def documents(data: bytes) -> None:
    """A file: never believed unless the authority signed it."""
    with contextlib.suppress(Malformed):
        open_document(data, Typ.TRUST)
    for read in (read_trust, read_bounds):
        with contextlib.suppress(InputError):
            read(data, _SIGNER.public, "file")


def trust(data: bytes) -> None:
    """A payload of trust.json: faults, or a trust that is written and read back the same."""
    table = _table(data)
    faults: list[Fault] = []
    found = trust_of(table, faults)
    if not faults:
        _same(trust_of(_table(trust_payload(found)), faults), found)


def bounds(data: bytes) -> None:
    """A payload of bounds.json: faults, or bounds that are written and read back the same."""
    table = _table(data)
    faults: list[Fault] = []
    found = bounds_of(table, faults)
    if not faults:
        _same(bounds_of(_table(bounds_payload(found)), faults), found)


def draft(data: bytes) -> None:
    """A draft that a person wrote."""
    with contextlib.suppress(InputError):
        read_draft(data.decode(errors="replace"), "draft.toml", WallMs(1_800_000_000_000))


def _same(again: object, first: object) -> None:
    if again != first:
        raise AssertionError(f"{first} was read back as {again}")


def _table(data: bytes) -> dict[str, object]:
    with contextlib.suppress(Malformed):
        found = parse(data, 2_000)
        if isinstance(found, dict):
            return found
    return {}


_SIGNED = (_SIGNER.sign(_CLAIMS, Typ.COMMAND), _SIGNER.sign(b"{}", Typ.COMMAND))
_TRUST_BYTES = json.dumps(_TRUST).encode()
_BOUNDS_BYTES = json.dumps(_BOUNDS).encode()
_DRAFT = (
    b'document = "bounds"\nsite = "kushiro-1"\nversion = 1\nexport_max = 1\n[droop]\nslope = 1\n'
)
_SESSION = {
    "site": "kushiro-1",
    "session": "0" * 32,
    "at": "2027-01-15T08:00:00Z",
    "trust_version": 1,
    "bounds_version": 1,
}

TARGETS: Final[Mapping[str, Target]] = {
    "command-envelope": Target(envelope, _SIGNED),
    "command-claims": Target(claims, (_CLAIMS,)),
    "north-messages": Target(messages, (json.dumps(_SESSION).encode(),)),
    "signed-documents": Target(
        documents,
        (
            _SIGNER.sign_document(_TRUST_BYTES, Typ.TRUST),
            _SIGNER.sign_document(_BOUNDS_BYTES, Typ.BOUNDS),
        ),
    ),
    "trust": Target(trust, (_TRUST_BYTES,)),
    "bounds": Target(bounds, (_BOUNDS_BYTES,)),
    "draft": Target(draft, (_DRAFT,), 4_000),
}
