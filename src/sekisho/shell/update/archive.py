"""The archive of a version: looked at whole, then written out file by file, each with its hash."""

from __future__ import annotations

import hashlib
import os
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.manifest import MOST_BYTES, NAME, read_manifest
from sekisho.gate.update.members import Member, agreed, plain_members
from sekisho.gate.update.reasons import Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from sekisho.gate.update.manifest import Manifest, Part

_CHUNK = 64 * 1024
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class Archive:
    """An archive whose directory and manifest hold."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def verify(self) -> None:
        """Reads every file to its end.

        Raises:
            Refused: one is not what the manifest says.
        """
        for part in self.manifest.files:
            for _ in self._chunks(part):
                pass

    def unpack(self, part: Part, into: Path, mode: int = 0o644) -> None:
        """Writes one file; it is new, and exactly what the manifest says.

        Raises:
            Refused: it is not.
            OSError: it cannot be written.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(into, flags, mode), "wb") as out:
            for chunk in self._chunks(part):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        into.chmod(mode)

    def _chunks(self, part: Part) -> Iterator[bytes]:
        """A file's content; its end is reached only where size and hash are right."""
        digest, left = hashlib.sha256(), part.size
        try:
            stream = self._archive.open(part.name)
        except (KeyError, *_BROKEN) as error:
            raise Refused(Reason.ARCHIVE, f"{part.name}: {type(error).__name__}") from error
        with stream:
            while left:
                chunk = _chunk(stream, min(_CHUNK, left), part)
                digest.update(chunk)
                left -= len(chunk)
                yield chunk
        if digest.hexdigest() != part.sha256:
            raise Refused(Reason.ARCHIVE, f"{part.name}: another hash")


@contextmanager
def opened(path: Path | IO[bytes]) -> Iterator[Archive]:
    """An archive, if it holds plain files under its manifest's names and nothing else.

    Raises:
        Refused: it does not.
    """
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise Refused(Reason.ARCHIVE, type(error).__name__) from error
    with archive:
        yield Archive(archive, _manifest(archive))


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    members = [_member(info) for info in archive.infolist()]
    try:
        plain_members(members)
    except Malformed as error:
        raise Refused(Reason.ARCHIVE, error.detail) from error
    try:
        with archive.open(NAME) as stream:
            data = stream.read(MOST_BYTES + 1)
    except (KeyError, *_BROKEN) as error:
        raise Refused(Reason.ARCHIVE, f"{NAME}: {type(error).__name__}") from error
    try:
        manifest = read_manifest(data)
    except Malformed as error:
        raise Refused(Reason.MANIFEST, error.detail) from error
    try:
        agreed(members, manifest)
    except Malformed as error:
        raise Refused(Reason.ARCHIVE, error.detail) from error
    return manifest


def _member(info: zipfile.ZipInfo) -> Member:
    return Member(
        name=info.orig_filename,  # as it stands in the archive, before the library mends it
        size=info.file_size,
        packed=info.compress_size,
        method=info.compress_type,
        system=info.create_system,
        attributes=info.external_attr,
        flags=info.flag_bits,
    )


def _chunk(stream: IO[bytes], most: int, part: Part) -> bytes:
    try:
        chunk = stream.read(most)
    except _BROKEN as error:
        raise Refused(Reason.ARCHIVE, f"{part.name}: {type(error).__name__}") from error
    if not chunk:
        raise Refused(Reason.ARCHIVE, f"{part.name}: it breaks off")
    return chunk
