"""The checklist pack: a ZIP whose every byte is signed, hashed, or fixed by the one way it is written.

The members stand uncompressed in one folder, in the order of their names; `PACK.jws` has size and SHA-256
of every other member and the signature over them. Format: docs/reference/evidence-pack-format.md.
What a pack says is never a verdict to take over: the bundle is in it, to be judged anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.jws import Typ, open_envelope, verify
from sekisho.codec.strict_json import Flaw, Malformed, base64url, canonical, parse, unbase64
from sekisho.codec.thumbprint import PUBLIC_BYTES, thumbprint
from sekisho.evidence.bundle import KnownSigner, Signature, UnknownSigner, Unsigned
from sekisho.evidence.canonical import read, written

if TYPE_CHECKING:
    from collections.abc import Collection

    from sekisho.codec.jws import Signer

FORMAT = "sekisho-pack/1"
MANIFEST = "PACK.jws"
"""The member that names the others; it is written first."""
SUMS = "SHA256SUMS"
"""The same hashes in the form that `sha256sum --check` reads."""
MOST_MANIFEST = 1024 * 1024
MOST_MEMBERS = 1_024
_SIGNED = {"payload", "protected", "signature"}


@dataclass(frozen=True, slots=True)
class Changed:
    """A member is not what the manifest says."""

    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A member that the manifest names is not there."""

    name: str


@dataclass(frozen=True, slots=True)
class Added:
    """A member that the manifest does not name."""

    name: str


@dataclass(frozen=True, slots=True)
class BadManifest:
    """The manifest cannot be read, or its signature does not hold."""

    why: str


@dataclass(frozen=True, slots=True)
class OtherBytes:
    """The members are as named, and the file around them is not as it is written."""


@dataclass(frozen=True, slots=True)
class BadList:
    """The list of hashes, which is all that a pack for a form has, cannot be read."""


PackFinding: TypeAlias = Changed | Missing | Added | BadManifest | OtherBytes | BadList


class PackKind(StrEnum):
    """Which command writes such a pack."""

    CHECKLIST = "checklist"
    FORMS = "forms"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPack:
    """What a check of a pack found."""

    kind: PackKind = PackKind.CHECKLIST
    folder: str
    day: str
    """The day that the pack bears, as the manifest says; empty where there is none."""
    signature: Signature
    members: int
    findings: tuple[PackFinding, ...]
    """Empty: the pack is what was written, or at least what its list of hashes says."""


def manifest(files: Mapping[str, bytes], folder: str, day: str, signer: Signer | None) -> bytes:
    """The manifest of a pack's files.

    Args:
        files: every other member, by its name.
        folder: the folder that holds them.
        day: ISO date that the pack bears.
        signer: who stands for it; None leaves it unsigned, and every reader says so.
    """
    payload = written(
        {
            "format": FORMAT,
            "folder": folder,
            "day": day,
            "signer": None if signer is None else base64url(signer.public).decode("ascii"),
            "files": {
                name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                for name, data in files.items()
            },
        }
    )
    if signer is None:
        return canonical({"payload": base64url(payload).decode("ascii")}) + b"\n"
    return signer.sign_document(payload, Typ.PACK)


def sums(files: Mapping[str, bytes]) -> bytes:
    """The hash list for `sha256sum --check`."""
    lines = (
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    )
    return "".join(lines).encode()


def check(members: Mapping[str, bytes | None], known: Collection[bytes]) -> CheckedPack:
    """Hold the members of a pack against its manifest.

    Args:
        members: content by name without the folder; None where a member cannot be read.
        known: Ed25519 public keys whose signature counts.
    """
    try:
        said, signature = _opened(members.get(MANIFEST) or b"", known)
    except Malformed as flaw:
        return CheckedPack(
            folder="",
            day="",
            signature=Unsigned(),
            members=len(members),
            findings=(BadManifest(str(flaw)),),
        )
    files = _files(said)
    findings: list[PackFinding] = [Missing(name) for name in files if name not in members]
    findings += [Added(name) for name in members if name not in files and name != MANIFEST]
    for name, (size, digest) in files.items():
        data = members.get(name)
        if name in members and (data is None or _other(data, size, digest)):
            findings.append(Changed(name))
    return CheckedPack(
        folder=str(said["folder"]),
        day=str(said["day"]),
        signature=signature,
        members=len(members),
        findings=tuple(sorted(findings, key=lambda one: (type(one).__name__, str(one)))),
    )


def _other(data: bytes, size: int, digest: str) -> bool:
    return len(data) != size or hashlib.sha256(data).hexdigest() != digest


def _opened(token: bytes, known: Collection[bytes]) -> tuple[dict[str, object], Signature]:
    if len(token) > MOST_MANIFEST:
        raise Malformed(Flaw.FORM, "the manifest is too large")
    outer = parse(token, 1)
    if not isinstance(outer, dict) or canonical(outer) + b"\n" != token:
        raise Malformed(Flaw.FORM, "another spelling of the manifest")
    if set(outer) == {"payload"}:
        said = _said(unbase64(_ascii(outer["payload"])))
        if said["signer"] is not None:
            raise Malformed(Flaw.FORM, "it names a signer and bears no signature")
        return said, Unsigned()
    if set(outer) != _SIGNED:
        raise Malformed(Flaw.FORM, "not exactly payload, protected and signature")
    parts = b".".join(_ascii(outer[name]) for name in ("protected", "payload", "signature"))
    envelope = open_envelope(parts, Typ.PACK, MOST_MANIFEST * 2)
    said = _said(envelope.payload)
    public = unbase64(_ascii(said["signer"]))
    if len(public) != PUBLIC_BYTES or thumbprint(public) != envelope.kid:
        raise Malformed(Flaw.FORM, "kid is not the thumbprint of the signer's key")
    if not verify(envelope, public):
        raise Malformed(Flaw.FORM, "the signature does not hold")
    if public in set(known):
        return said, KnownSigner(envelope.kid)
    return said, UnknownSigner(envelope.kid)


def _said(payload: bytes) -> dict[str, object]:
    said = read(payload)
    if set(said) != {"format", "folder", "day", "signer", "files"} or said["format"] != FORMAT:
        raise Malformed(Flaw.FORM, "not a manifest of this format")
    _files(said)
    return said


def _files(said: Mapping[str, object]) -> dict[str, tuple[int, str]]:
    files = said["files"]
    if not isinstance(files, Mapping) or len(files) > MOST_MEMBERS:
        raise Malformed(Flaw.FORM, "files is no table, or too long")
    found = {}
    for name, one in files.items():
        if not isinstance(one, Mapping) or set(one) != {"bytes", "sha256"}:
            raise Malformed(Flaw.FORM, "a file is not exactly bytes and sha256")
        size, digest = one["bytes"], one["sha256"]
        if type(size) is not int or not isinstance(digest, str):
            raise Malformed(Flaw.FORM, "bytes is a whole number, sha256 a text")
        found[str(name)] = (size, digest)
    return found


def _ascii(value: object) -> bytes:
    if not isinstance(value, str) or not value.isascii():
        raise Malformed(Flaw.FORM, "not base64url")
    return value.encode("ascii")
