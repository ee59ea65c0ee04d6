"""Names of keys: a key is called by its own digest, so a name cannot belong to two keys."""

from __future__ import annotations

import hashlib

from sekisho.codec.strict_json import base64url, canonical
from sekisho.terms.ids import KeyId

PUBLIC_BYTES = 32
"""An Ed25519 public key (RFC 8032 section 5.1.5)."""
_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before an Ed25519 public key in its SubjectPublicKeyInfo (RFC 8410 section 4)."""


def thumbprint(public: bytes) -> KeyId:
    """The key's JWK thumbprint with SHA-256 (RFC 7638, RFC 8037 appendix A.3)."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": base64url(public).decode()}
    return KeyId(base64url(hashlib.sha256(canonical(jwk)).digest()).decode())


def fingerprint(public: bytes) -> str:
    """`sha256:` and the digest of the key's SubjectPublicKeyInfo, as the site file names it."""
    return f"sha256:{hashlib.sha256(_SPKI + public).hexdigest()}"
