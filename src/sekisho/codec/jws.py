"""Signed bytes: JWS with Ed25519 (RFC 7515, RFC 8037, RFC 9864), read strictly and in two steps.

First the form, which costs little and needs no key; then the signature. Between the two the guard
asks for the rate, so that nobody can buy signature work with rubbish. The protected header has
exactly `alg`, `kid` and `typ`: what could choose a key or an algorithm has no place there.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from sekisho.codec.strict_json import Flaw, Malformed, base64url, canonical, parse, unbase64
from sekisho.codec.thumbprint import thumbprint
from sekisho.terms.ids import KeyId

MOST_COMMAND_BYTES = 16 * 1024
"""Largest command."""
MOST_DOCUMENT_BYTES = 1024 * 1024
"""Largest trust.json or bounds.json."""
SIGNATURE_BYTES = 64
"""An Ed25519 signature (RFC 8032 section 5.1.6)."""
_ALG = "Ed25519"
_MOST_HEADER = 256
_KID = re.compile(r"[A-Za-z0-9_-]{43}")
_HEADER_MEMBERS = {"alg", "kid", "typ"}
_DOCUMENT_MEMBERS = {"payload", "protected", "signature"}


class Typ(StrEnum):
    """What is signed; a signature for one thing is none for another."""

    COMMAND = "sekisho-cmd+jws"
    DECISION = "sekisho-decision+jws"
    SESSION = "sekisho-session+jws"
    ACK = "sekisho-ack+jws"
    CHECKPOINT = "sekisho-checkpoint+jws"
    TRUST = "sekisho-trust+jws"
    BOUNDS = "sekisho-bounds+jws"
    BUNDLE = "sekisho-bundle+jws"
    UPDATE = "sekisho-update+jws"
    WIPE = "sekisho-wipe+jws"
    PACK = "sekisho-pack+jws"


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

    @property
    def digest(self) -> bytes:
        """SHA-256 of the bytes as received."""
        return hashlib.sha256(self.raw).digest()


def open_envelope(
    raw: bytes, typ: Typ = Typ.COMMAND, most_bytes: int = MOST_COMMAND_BYTES
) -> Unverified:
    """The parts of a compact JWS, by size and form only.

    Raises:
        Malformed: it is too large, no compact JWS, or its header is not exactly ours.
    """
    if len(raw) > most_bytes:
        raise Malformed(Flaw.SIZE, f"{len(raw)} bytes, most {most_bytes}")
    parts = raw.split(b".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise Malformed(Flaw.FORM, "not three parts")
    return _opened(parts[0], parts[1], parts[2], raw, typ)


def open_document(data: bytes, typ: Typ) -> Unverified:
    """The parts of a signed document: a flattened JWS (RFC 7515 section 7.2.2).

    Raises:
        Malformed: it is too large, no flattened JWS, or its header is not exactly ours.
    """
    if len(data) > MOST_DOCUMENT_BYTES:
        raise Malformed(Flaw.SIZE, f"{len(data)} bytes, most {MOST_DOCUMENT_BYTES}")
    found = parse(data, 1)
    if not isinstance(found, dict) or set(found) != _DOCUMENT_MEMBERS:
        raise Malformed(Flaw.FORM, "not exactly payload, protected and signature")
    parts: list[bytes] = []
    for name in ("protected", "payload", "signature"):
        part = found[name]
        if not isinstance(part, str) or not part.isascii():
            raise Malformed(Flaw.FORM, f"{name} is not base64url")
        parts.append(part.encode("ascii"))
    return _opened(parts[0], parts[1], parts[2], data, typ)


def _opened(header: bytes, payload: bytes, signature: bytes, raw: bytes, typ: Typ) -> Unverified:
    if len(header) > _MOST_HEADER:
        raise Malformed(Flaw.HEADER, "too long")
    kid = _named(header, typ)
    mark = unbase64(signature)
    if len(mark) != SIGNATURE_BYTES:
        raise Malformed(Flaw.FORM, f"the signature has {len(mark)} bytes, not {SIGNATURE_BYTES}")
    return Unverified(
        typ=typ,
        kid=kid,
        payload=unbase64(payload),
        signed=header + b"." + payload,
        signature=mark,
        raw=raw,
    )


@lru_cache(maxsize=1024)
def _named(header: bytes, typ: Typ) -> KeyId:
    """Whose key a header names. One key's headers are all the same bytes, and are read once."""
    stated = parse(unbase64(header), 1)
    if not isinstance(stated, dict) or set(stated) != _HEADER_MEMBERS:
        raise Malformed(Flaw.HEADER, "not exactly alg, kid and typ")
    kid = stated["kid"]
    if stated["alg"] != _ALG:
        raise Malformed(Flaw.HEADER, f"alg is not {_ALG}")
    if stated["typ"] != typ.value:
        raise Malformed(Flaw.HEADER, f"typ is not {typ.value}")
    if not isinstance(kid, str) or _KID.fullmatch(kid) is None:
        raise Malformed(Flaw.HEADER, "kid is no thumbprint")
    return KeyId(kid)


def verify(unverified: Unverified, public: bytes) -> bool:
    """Whether the signature was made by the owner of this Ed25519 public key (32 bytes)."""
    try:
        _verifier(public).verify(unverified.signature, unverified.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


class Signer:
    """An Ed25519 private key that signs and shows nothing of itself."""

    __slots__ = ("_headers", "_private", "kid", "public")

    def __init__(self, seed: bytes) -> None:
        """Takes the private key's 32 bytes (RFC 8032 section 5.1.5)."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: bytes = private.public_key().public_bytes_raw()
        self.kid: KeyId = thumbprint(self.public)
        self._private = private
        self._headers: dict[Typ, bytes] = {}

    def sign(self, payload: bytes, typ: Typ) -> bytes:
        """A compact JWS."""
        header = self._headers.get(typ)
        if header is None:
            stated = {"alg": _ALG, "kid": self.kid, "typ": typ.value}
            header = self._headers[typ] = base64url(canonical(stated))
        signed = header + b"." + base64url(payload)
        return signed + b"." + base64url(self._private.sign(signed))

    def sign_document(self, payload: bytes, typ: Typ) -> bytes:
        """A flattened JWS, as a file."""
        protected, body, signature = self.sign(payload, typ).decode("ascii").split(".")
        flat = {"payload": body, "protected": protected, "signature": signature}
        return canonical(flat) + b"\n"


@lru_cache(maxsize=1024)
def _verifier(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)
