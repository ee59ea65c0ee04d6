"""Signed bytes: JWS with Ed25519 (RFC 7515, RFC 8037, RFC 9864), read strictly and in two steps.

First the form, which costs little and needs no key; then the signature. Between the two the guard
asks for the rate, so that nobody can buy signature work with rubbish. The protected header has
exactly `alg`, `kid` and `typ`: what could choose a key or an algorithm has no place there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.terms.ids import KeyId

MOST_COMMAND_BYTES = 16 * 1024
"""Largest command."""


class Typ(StrEnum):
    """What is signed; a signature for one thing is none for another."""

    COMMAND = "sekisho-cmd+jws"
    DECISION = "sekisho-decision+jws"
    SESSION = "sekisho-session+jws"
    CHECKPOINT = "sekisho-checkpoint+jws"
    TRUST = "sekisho-trust+jws"
    BOUNDS = "sekisho-bounds+jws"


class Flaw(StrEnum):
    """What is wrong with bytes that cannot be read; the first one found."""

    SIZE = "size"
    FORM = "form"
    """Not a compact JWS, or base64url with padding, foreign letters or trailing bits."""
    HEADER = "header"
    """Not exactly alg, kid and typ with the values wanted."""
    JSON = "json"
    """Not strict JSON: duplicate key, float, NaN, too deep, not UTF-8."""
    MEMBER = "member"
    """A member is missing or unknown."""
    VALUE = "value"
    """A member's type, range or form is wrong."""


class Malformed(Exception):  # noqa: N818 - it says what the bytes are
    """The bytes are no signed value of ours."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        super().__init__(f"{flaw.value}: {detail}")
        self.flaw = flaw
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """A JWS of the right form; nothing in it is to be believed yet."""

    typ: Typ
    kid: KeyId
    payload: bytes
    signed: bytes
    """What the signature is over: `header.payload` as received."""
    signature: bytes
    """64 bytes."""
    raw: bytes
    """The whole as received; the digest of these bytes tells a repeat from another command."""
