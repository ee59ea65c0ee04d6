"""Looking for known secrets in the files that are left, as bytes, in hex and in base64.

What is looked for is held in memory alone. Files of other users cannot be read and are counted;
what is not a plain file is left out. The search is bounded and says where it stopped.
"""

from __future__ import annotations

import base64
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.device_key import DEVICE_KEY, NEXT_KEY, device_keys
from sekisho.shell.gate.state_folder import BOUNDS, TRUST
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import SekishoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sekisho.shell.gate.state_folder import StateFolder

MOST_FILES = 20_000
MOST_BYTES = 2 * 1024 * 1024 * 1024
MOST_DEPTH = 6
_CHUNK = 1024 * 1024
_PIECE = 48
_SHORTEST = 24
"""Shorter pieces would be found by chance."""
_NOT_SECRET = frozenset({TRUST, BOUNDS})
"""Settings that the authority signed; the operator keeps copies, as it should."""
_KEY_MARK = b"PRIVATE KEY-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a search saw."""

    files: int
    bytes: int
    found: tuple[Path, ...]
    """Files that hold a known secret."""
    unread: int
    """Files that could not be read."""
    whole: bool
    """False: a bound was reached before the end."""


@dataclass(slots=True)
class _Tally:
    files: int = 0
    bytes: int = 0
    unread: int = 0
    whole: bool = True
    found: list[Path] = field(default_factory=list)


def secrets_of(folder: StateFolder) -> frozenset[bytes]:
    """Every form in which a secret of this folder could stand in another file.

    What cannot be opened any more cannot be looked for; its key is what is looked for instead.
    """
    raw: set[bytes] = set()
    with suppress(SekishoError):
        raw |= {key.secret for key in device_keys(folder)}
    for place in sorted(folder.path.iterdir()):
        name = place.name
        if not place.is_file() or name in _NOT_SECRET or name in {DEVICE_KEY, NEXT_KEY}:
            continue
        try:
            content = folder.read(name)
            kept = read_kept(folder, name)
        except SekishoError:
            continue
        if kept != content or _KEY_MARK in content:  # sealed, or a key that stands clear
            raw |= _pieces(kept)
    return frozenset(form for piece in raw if len(piece) >= _SHORTEST for form in _forms(piece))


def search(folders: Iterable[Path], secrets: frozenset[bytes]) -> Searched:
    """Looks through every plain file below these folders."""
    tally = _Tally()
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        for place in _files(folder, 0, tally):
            _look(place, secrets, tally, seen)
    return Searched(
        files=tally.files,
        bytes=tally.bytes,
        found=tuple(tally.found),
        unread=tally.unread,
        whole=tally.whole,
    )


def _files(folder: Path, depth: int, tally: _Tally) -> Iterator[Path]:
    if depth > MOST_DEPTH:
        tally.whole = False
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        tally.unread += 1
        return
    for entry in entries:
        if entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _files(Path(entry.path), depth + 1, tally)
        else:
            yield Path(entry.path)


def _look(
    place: Path, secrets: frozenset[bytes], tally: _Tally, seen: set[tuple[int, int]]
) -> None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        with os.fdopen(os.open(place, flags), "rb") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode) or (found.st_dev, found.st_ino) in seen:
                return
            if tally.files >= MOST_FILES or tally.bytes + found.st_size > MOST_BYTES:
                tally.whole = False
                return
            seen.add((found.st_dev, found.st_ino))
            tally.files += 1
            tally.bytes += found.st_size
            longest, tail = max(map(len, secrets), default=1), b""
            while chunk := stream.read(_CHUNK):
                window = tail + chunk
                if any(secret in window for secret in secrets):
                    tally.found.append(place)
                    return
                tail = window[-longest:]
    except OSError:
        tally.unread += 1


def _pieces(content: bytes) -> set[bytes]:
    """What of a secret file is looked for: a key's own bytes and lines, or three pieces of others."""
    if _KEY_MARK in content:
        return _key_parts(content)
    middle = max(0, len(content) // 2 - _PIECE // 2)
    return {content[:_PIECE], content[middle : middle + _PIECE], content[-_PIECE:]}


def _key_parts(pem: bytes) -> set[bytes]:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  the extra
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519  # noqa: PLC0415 - the extra, asked for before

    lines = {line for line in pem.splitlines() if b"-----" not in line}
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        return lines
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {*lines, key.private_bytes_raw()}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = (key.curve.key_size + 7) // 8
        return {*lines, key.private_numbers().private_value.to_bytes(size, "big")}
    return lines


def _forms(piece: bytes) -> set[bytes]:
    return {
        piece,
        piece.hex().encode(),
        base64.b64encode(piece).rstrip(b"="),
        base64.urlsafe_b64encode(piece).rstrip(b"="),
    }
