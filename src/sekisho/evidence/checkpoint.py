"""Checkpoints: how many entries a log has and the digest of the last one, signed by who keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.jws import Typ, open_envelope, verify
from sekisho.codec.members import FIRST_MS, LAST_MS
from sekisho.codec.north import CheckpointMessage
from sekisho.codec.north_form import checkpoint_payload, read_checkpoint
from sekisho.codec.strict_json import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sekisho.evidence.chain import Tip
    from sekisho.terms.ids import SiteId
    from sekisho.terms.quantity import WallMs

Sign: TypeAlias = Callable[[bytes, Typ], bytes]
"""`codec.jws.Signer.sign`."""
Unproven: TypeAlias = str
"""Why a checkpoint cannot be believed: `form`, `signature`, `payload`."""

MOST_BYTES = 1_024
"""Longest checkpoint as a compact JWS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log as somebody vouched for it."""

    site: SiteId
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


def make(tip: Tip, wall: WallMs, site: SiteId, sign: Sign) -> Checkpoint:
    """A checkpoint of a site's log that ends in `tip`.

    A clock that was never set says a time that no message can carry; the nearest one that can stands
    in, so that the checkpoint can be read.
    """
    wall = min(max(wall, FIRST_MS), LAST_MS)
    message = CheckpointMessage(site=site, at=wall, entries=tip.number, head=tip.digest.hex())
    token = sign(checkpoint_payload(message), Typ.CHECKPOINT)
    return Checkpoint(site=site, count=tip.number, head=tip.digest, wall=wall, token=token)


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
        message = read_checkpoint(envelope.payload)
    except Malformed:
        return "payload"
    return Checkpoint(
        site=message.site,
        count=message.entries,
        head=bytes.fromhex(message.head),
        wall=message.at,
        token=token,
        verified=public is not None,
    )


def opened_each(tokens: Iterable[bytes], public: bytes | None) -> Iterator[Checkpoint | Unproven]:
    """Each of many (see `opened`)."""
    return (opened(token, public) for token in tokens)
