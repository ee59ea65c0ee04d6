"""What the updater tells the gate's next start: old and new version, and the digest of the update."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from sekisho.codec.strict_json import Flaw, Malformed, parse
from sekisho.gate.update.reasons import Reason

MOST_BYTES = 4 * 1024
_MEMBERS = {"digest", "new", "number", "old", "why"}
_DIGEST = re.compile(r"(?:[0-9a-f]{64})?", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was done last."""

    number: int
    """Of the updater's log; the gate journals each number once."""
    old: str | None
    """Version before; None: nothing was installed."""
    new: str | None
    """Version that `current` points at."""
    digest: str
    """SHA-256 of the update's archive; empty where a person asked to go back."""
    why: str | None
    """Why it went back; None: it went forwards."""


def told_bytes(told: Told) -> bytes:
    """It as JSON."""
    members = {
        "number": told.number,
        "old": told.old,
        "new": told.new,
        "digest": told.digest,
        "why": told.why,
    }
    return json.dumps(members, sort_keys=True).encode() + b"\n"


def read_told(data: bytes) -> Told:
    """It of its bytes.

    Raises:
        Malformed: they are nothing that an updater writes.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(Flaw.SIZE, "told")
    found = parse(data, 1)
    if not isinstance(found, dict) or set(found) != _MEMBERS:
        raise Malformed(Flaw.MEMBER, "not exactly the members of what is told")
    number, digest, why = found["number"], found["digest"], found["why"]
    if type(number) is not int or number < 1:
        raise Malformed(Flaw.VALUE, "number")
    if not isinstance(digest, str) or _DIGEST.fullmatch(digest) is None:
        raise Malformed(Flaw.VALUE, "digest")
    if why is not None and why not in set(Reason):
        raise Malformed(Flaw.VALUE, "why")
    return Told(
        number=number,
        old=_version(found["old"]),
        new=_version(found["new"]),
        digest=digest,
        why=why,
    )


def _version(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or _VERSION.fullmatch(value) is None:
        raise Malformed(Flaw.VALUE, "a version")
    return value
