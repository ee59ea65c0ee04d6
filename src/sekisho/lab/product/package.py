r"""The made-up product's updates: an Ed25519 signature, one line that describes, and the content.

    64 bytes signature over all that follows
    {"content":"<SHA-256>","model":"…","version":"2.0.0"}\n
    content

An update of other making would do as well; what matters is that one can be changed, left unsigned, or old.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sekisho.codec.strict_json import Malformed, canonical, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNATURE = 64
_LONGEST_HEAD = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An update as it was read; `signed` and `whole` say what is wrong with it."""

    model: str
    version: str
    signed: bool
    """Whether the signature is the maker's, over the description."""
    whole: bool
    """Whether the content is the described one."""


def packed(model: str, version: str, content: bytes, seed: bytes | None) -> bytes:
    """An update; without a seed it has 64 zero bytes where the signature belongs."""
    digest = hashlib.sha256(content).hexdigest()
    head = canonical({"model": model, "version": version, "content": digest}) + b"\n"
    signature = (
        bytes(SIGNATURE) if seed is None else Ed25519PrivateKey.from_private_bytes(seed).sign(head)
    )
    return signature + head + content


def opened(data: bytes, public: bytes) -> Package | None:
    """What an update is; None where it is none."""
    end = data.find(b"\n", SIGNATURE, SIGNATURE + _LONGEST_HEAD)
    if end < 0:
        return None
    head, content = data[SIGNATURE : end + 1], data[end + 1 :]
    try:
        told = parse(head[:-1], 1)
    except Malformed:
        return None
    if not isinstance(told, dict) or set(told) != {"model", "version", "content"}:
        return None
    model, version = told["model"], told["version"]
    if not isinstance(model, str) or not isinstance(version, str):
        return None
    return Package(
        model=model,
        version=version,
        signed=_holds(data[:SIGNATURE], head, public),
        whole=_digest(told) == hashlib.sha256(content).hexdigest(),
    )


def _digest(told: Mapping[str, object]) -> object:
    return told["content"]


def _holds(signature: bytes, head: bytes, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, head)
    except InvalidSignature:
        return False
    return True
