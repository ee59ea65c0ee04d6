"""Checkpoints: how many entries a log has and the digest of the last one, signed by who keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.jws import Typ, open_envelope, verify
from sekisho.codec.strict_json import Malformed
from sekisho.evidence.canonical import MOST_INTEGER, read, written
from sekisho.evidence.chain import DIGEST_BYTES, Tip
from sekisho.terms.quantity import WallMs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Sign: TypeAlias = Callable[[bytes, Typ], bytes]
"""`codec.jws.Signer.sign`."""
Unproven: TypeAlias = str
"""Why a checkpoint cannot be believed: `form`, `signature`, `payload`."""

MOST_BYTES = 1_024
"""Longest checkpoint as a compact JWS."""
_MEMBERS = {"count", "head", "wall"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log as somebody vouched for it."""

    count: int
    """Number of the last entry."""
    head: bytes
    """Digest of the last entry."""
    wall: WallMs
    """When it was signed."""
    token: bytes
    """The whole as a compact JWS of typ `sekisho-checkpoint+jws`."""
    verified: bool = False
    """Its signature was held against a public key."""


def make(tip: Tip, wall: WallMs, sign: Sign) -> Checkpoint:
    """A checkpoint of a log that ends in `tip`."""
    payload = written({"count": tip.number, "head": tip.digest.hex(), "wall": wall})
    token = sign(payload, Typ.CHECKPOINT)
    return Checkpoint(count=tip.number, head=tip.digest, wall=wall, token=token)


def opened(token: bytes, public: bytes | None) -> Checkpoint | Unproven:
    """A checkpoint from its compact JWS, or why it is none.

    Args:
        token: as it was kept.
        public: the Ed25519 public key (32 bytes) that must have signed it; None: the signature is
            not looked at, and the checkpoint says so.
    """
    try:
        envelope = open_envelope(token, Typ.CHECKPOINT, MOST_BYTES)
    except Malformed:
        return "form"
    if public is not None and not verify(envelope, public):
        return "signature"
    try:
        value = read(envelope.payload)
    except Malformed:
        return "payload"
    return _of(value, token, verified=public is not None) or "payload"


def opened_each(tokens: Iterable[bytes], public: bytes | None) -> Iterator[Checkpoint | Unproven]:
    """Each of many (see `opened`)."""
    return (opened(token, public) for token in tokens)


def _of(value: dict[str, object], token: bytes, *, verified: bool) -> Checkpoint | None:
    if set(value) != _MEMBERS:
        return None
    count, head, wall = _natural(value["count"]), _digest(value["head"]), _natural(value["wall"])
    if count is None or head is None or wall is None:
        return None
    return Checkpoint(count=count, head=head, wall=WallMs(wall), token=token, verified=verified)


def _natural(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= MOST_INTEGER else None


def _digest(value: object) -> bytes | None:
    if not isinstance(value, str):
        return None
    try:
        digest = bytes.fromhex(value)
    except ValueError:
        return None
    return digest if len(digest) == DIGEST_BYTES and digest.hex() == value else None
