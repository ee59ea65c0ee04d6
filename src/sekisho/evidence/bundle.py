"""The evidence bundle as one file: records, the bytes they point to, one signature over all.

    {"blobs":{sha256: base64url, …},"payload":…,"protected":…,"signature":…}⏎

Payload, protected and signature are those of a flattened JWS (RFC 7515 section 7.2.2) of typ
`sekisho-bundle+jws`. The payload is canonical JSON (`evidence.canonical`) with the bundle, the size of
each blob by its SHA-256, and the signer's public key, of which `kid` is the thumbprint. So each byte of
the file is signed, hashed into what is signed, or fixed by the one spelling that is read; the signature
proves itself, and whether its signer is known is a question of its own. An unsigned bundle has neither
`protected` nor `signature`. The format is documented in docs/reference/evidence-bundle-format.md.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias, assert_never

from pydantic import TypeAdapter, ValidationError

from sekisho.codec.jws import Signer, Typ, open_envelope, verify
from sekisho.codec.strict_json import Flaw, Malformed, base64url, canonical, parse, unbase64
from sekisho.codec.thumbprint import PUBLIC_BYTES, thumbprint
from sekisho.evidence.canonical import written
from sekisho.evidence.observation import Bundle
from sekisho.terms.ids import KeyId

FORMAT: Literal["sekisho-bundle/1"] = "sekisho-bundle/1"
MOST_BYTES = 64 * 1024 * 1024
"""Largest bundle as a file."""
MOST_PAYLOAD = 8 * 1024 * 1024
"""Largest payload, before base64url."""
MOST_BLOB = 16 * 1024 * 1024
MOST_BLOBS = 4_096
MOST_RECORDS = 4_096
_MOST_TOKEN = MOST_PAYLOAD * 4 // 3 + 1_024
_SIGNED = {"blobs", "payload", "protected", "signature"}
_UNSIGNED = {"blobs", "payload"}


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Nobody stands for the bundle: any part of it may have been written by anyone."""


@dataclass(frozen=True, slots=True)
class UnknownSigner:
    """The signature holds, by a key that is not among the known ones."""

    kid: KeyId


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """The signature holds, by a known key."""

    kid: KeyId


Signature: TypeAlias = Unsigned | UnknownSigner | KnownSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a bundle's payload spells."""

    format: Literal["sekisho-bundle/1"] = FORMAT
    signer: str | None
    """Public key (32 bytes) in base64url; None in an unsigned bundle."""
    blobs: dict[str, int]
    """Bytes of each blob, by its SHA-256."""
    bundle: Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A bundle as it was read."""

    bundle: Bundle
    blobs: Mapping[str, bytes]
    """Each transcript's bytes by SHA-256."""
    signature: Signature
    sha256: str
    """Of the whole file."""


def digest_of(data: bytes) -> str:
    """SHA-256 as records name it."""
    return hashlib.sha256(data).hexdigest()


def sealed(bundle: Bundle, blobs: Collection[bytes], signer: Signer | None) -> bytes:
    """The bundle as a file; `signer` None leaves it unsigned, and every reader says so.

    Raises:
        Malformed: it is larger than a reader takes, or records and blobs do not belong together.
    """
    held = {digest_of(blob): blob for blob in blobs}
    manifest = Manifest(
        signer=None if signer is None else base64url(signer.public).decode("ascii"),
        blobs={name: len(blob) for name, blob in held.items()},
        bundle=bundle,
    )
    payload = _payload(manifest)
    if _manifest(payload) != manifest:
        raise Malformed(Flaw.VALUE, "it does not read as it was written")
    _belong(manifest, held)
    outer: dict[str, object] = {
        "blobs": {name: base64url(blob).decode("ascii") for name, blob in held.items()}
    }
    if signer is None:
        outer["payload"] = base64url(payload).decode("ascii")
    else:
        parts = signer.sign(payload, Typ.BUNDLE).decode("ascii").split(".")
        outer["protected"], outer["payload"], outer["signature"] = parts
    data = canonical(outer) + b"\n"
    if len(data) > MOST_BYTES:
        raise Malformed(Flaw.SIZE, f"{len(data)} bytes, most {MOST_BYTES}")
    return data


def opened(data: bytes, known: Collection[bytes]) -> Opened:
    """The bundle that a file holds.

    Args:
        data: the file's bytes.
        known: Ed25519 public keys (32 bytes) whose signature counts.

    Raises:
        Malformed: too large, another form or spelling, a signature that does not hold, a blob whose hash
            differs, a blob missing or added.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(Flaw.SIZE, f"{len(data)} bytes, most {MOST_BYTES}")
    outer = parse(data, 2)
    if not isinstance(outer, dict) or canonical(outer) + b"\n" != data:
        raise Malformed(Flaw.FORM, "another spelling")
    if set(outer) not in (_SIGNED, _UNSIGNED):
        raise Malformed(Flaw.MEMBER, "not exactly blobs, payload, protected and signature")
    blobs = _blobs(outer["blobs"])
    if set(outer) == _UNSIGNED:
        payload = unbase64(_text(outer["payload"], "payload"))
        manifest = _manifest(payload)
        if manifest.signer is not None:
            raise Malformed(Flaw.MEMBER, "it names a signer and bears no signature")
        signature: Signature = Unsigned()
    else:
        manifest, signature = _proven(outer, known)
    _belong(manifest, blobs)
    return Opened(bundle=manifest.bundle, blobs=blobs, signature=signature, sha256=digest_of(data))


def counts(signature: Signature) -> bool:
    """Whether what a bundle states may count without more said."""
    match signature:
        case KnownSigner():
            return True
        case UnknownSigner() | Unsigned():
            return False
        case _:
            assert_never(signature)


def _proven(outer: Mapping[str, object], known: Collection[bytes]) -> tuple[Manifest, Signature]:
    token = b".".join(_text(outer[name], name) for name in ("protected", "payload", "signature"))
    envelope = open_envelope(token, Typ.BUNDLE, _MOST_TOKEN)
    manifest = _manifest(envelope.payload)
    public = b"" if manifest.signer is None else unbase64(manifest.signer.encode())
    if len(public) != PUBLIC_BYTES or thumbprint(public) != envelope.kid:
        raise Malformed(Flaw.HEADER, "kid is not the thumbprint of the signer's key")
    if not verify(envelope, public):
        raise Malformed(Flaw.VALUE, "the signature does not hold")
    if public in set(known):
        return manifest, KnownSigner(envelope.kid)
    return manifest, UnknownSigner(envelope.kid)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _payload(manifest: Manifest) -> bytes:
    return written(_adapter().dump_python(manifest, mode="json"))


def _manifest(payload: bytes) -> Manifest:
    if len(payload) > MOST_PAYLOAD:
        raise Malformed(Flaw.SIZE, f"a payload of {len(payload)} bytes, most {MOST_PAYLOAD}")
    try:
        manifest = _adapter().validate_json(payload, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Malformed(Flaw.VALUE, f"{place}: {first['msg']}"[:300]) from None
    if _payload(manifest) != payload:  # also: a key twice, a float, another spelling
        raise Malformed(Flaw.MEMBER, "a member is unknown, or left out")
    return manifest


def _blobs(value: object) -> dict[str, bytes]:
    if not isinstance(value, dict) or len(value) > MOST_BLOBS:
        raise Malformed(Flaw.VALUE, f"blobs is no table of at most {MOST_BLOBS}")
    found: dict[str, bytes] = {}
    for name, text in value.items():
        blob = unbase64(_text(text, "a blob"))
        if digest_of(blob) != name:
            raise Malformed(Flaw.VALUE, f"a blob is not what its hash says: {name[:64]}")
        found[name] = blob
    return found


def _belong(manifest: Manifest, blobs: Mapping[str, bytes]) -> None:
    if len(manifest.bundle.records) > MOST_RECORDS:
        raise Malformed(Flaw.SIZE, f"more than {MOST_RECORDS} records")
    if any(record.target != manifest.bundle.target for record in manifest.bundle.records):
        raise Malformed(Flaw.VALUE, "a record is about another device")
    sizes = {name: len(blob) for name, blob in blobs.items()}
    if len(sizes) > MOST_BLOBS or any(size > MOST_BLOB for size in sizes.values()):
        raise Malformed(Flaw.SIZE, f"more than {MOST_BLOBS} blobs or one above {MOST_BLOB} bytes")
    if sizes != manifest.blobs:
        raise Malformed(Flaw.VALUE, "blobs are missing or added")
    named = {r.transcript for r in manifest.bundle.records if r.transcript is not None}
    if named != set(blobs):
        raise Malformed(Flaw.VALUE, "records and blobs do not belong together")


def _text(value: object, name: str) -> bytes:
    if not isinstance(value, str) or not value.isascii():
        raise Malformed(Flaw.FORM, f"{name} is not base64url")
    return value.encode("ascii")
