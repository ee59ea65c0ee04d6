"""Packs as files: a checklist pack, written in one way only, and one for a form; read member by member."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from sekisho.proof.hash_list import check_list, is_for_forms
from sekisho.proof.pack import (
    MANIFEST,
    MOST_MANIFEST,
    MOST_MEMBERS,
    SUMS,
    OtherBytes,
    check,
    manifest,
    sums,
)
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sekisho.codec.jws import Signer
    from sekisho.proof.pack import CheckedPack

MOST_PACK = 512 * 1024 * 1024
"""Largest pack that is read, and the most that all members of one may unpack to."""
_PIECE = 64 * 1024
_ENTRY = b"PK\x01\x02"
"""Begins each entry of a ZIP's directory (APPNOTE 4.3.12), also of the ZIPs and workbooks in it."""
_MOST_ENTRIES = 32 * MOST_MEMBERS
"""More are not read at all: the library would make an object of each before they can be counted."""
_UNIX = 3
_UNREADABLE = (
    zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError, OSError, zlib.error,
)  # fmt: skip
"""What reading a member of a damaged or hostile ZIP raises; RuntimeError is an encrypted one."""
_NO_PACK = Text("ZIP として読めません({why})。", "It cannot be read as a ZIP ({why}).")
_AGAIN = Text(
    "sekisho checklist か sekisho pack が書いた .zip を、手を加えずに指定してください。",
    "Give a .zip that sekisho checklist or sekisho pack wrote, unchanged.",
)
_MANY = Text("ファイルが多すぎます。", "too many members")
_LARGE = Text("展開すると大きすぎます", "too large when unpacked")
_FOLDERS = Text("一つのフォルダーではありません。", "not one folder")


def pack_bytes(files: Mapping[str, bytes], folder: str, day: date, signer: Signer | None) -> bytes:
    """A pack of these files, with the list of their hashes and the signed manifest."""
    whole = {**files, SUMS: sums(files)}
    stated = manifest(whole, folder, day.isoformat(), signer)
    return _zip_of({MANIFEST: stated, **dict(sorted(whole.items()))}, folder, day)


def check_pack(data: bytes, where: str, known: Collection[bytes]) -> CheckedPack:
    """What is wrong with a pack, member by member and byte by byte.

    Args:
        data: the file's bytes.
        where: its name, for messages.
        known: Ed25519 public keys whose signature counts.

    Raises:
        InputError: it is no ZIP of one folder; nothing can be said of its members.
    """
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise InputError(Problem(where, _NO_PACK.fill(why=_MANY), _AGAIN))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            folder, entries = _entries(archive, where)
            if is_for_forms({name for name, _ in entries}):
                return _of_forms(archive, entries, folder, where)
            if sum(entry.file_size for _, entry in entries) > MOST_PACK:
                raise InputError(Problem(where, _NO_PACK.fill(why=_LARGE), _AGAIN))
            members = _members(archive, entries)
    # What opening a damaged directory raises; of single members `_UNREADABLE` is caught where they
    # are read, so that a RuntimeError here is a fault of ours and is told as one.
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise InputError(Problem(where, _NO_PACK.fill(why=str(error)[:80]), _AGAIN)) from None
    found = check(members, known)
    if found.findings:
        return found
    whole = {name: content for name, content in members.items() if content is not None}
    rest = {name: content for name, content in sorted(whole.items()) if name != MANIFEST}
    again = _zip_of({MANIFEST: whole[MANIFEST], **rest}, found.folder, _day(found.day))
    if again == data and folder == found.folder:
        return found
    return replace(found, findings=(OtherBytes(),))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date(1980, 1, 1)  # the first that a ZIP can say; the bytes will then differ


def _zip_of(files: Mapping[str, bytes], folder: str, day: date) -> bytes:
    """Uncompressed, in this order, with the day as every member's time: one spelling for all."""
    sink = BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return sink.getvalue()


def _entries(archive: zipfile.ZipFile, where: str) -> tuple[str, list[tuple[str, zipfile.ZipInfo]]]:
    """The one folder, and every member by its name in it, twice where it stands twice."""
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise InputError(Problem(where, _NO_PACK.fill(why=_MANY), _AGAIN))
    folders = {entry.filename.partition("/")[0] for entry in entries}
    outside = not folders.isdisjoint({"", ".", ".."})
    if len(folders) != 1 or outside or any("/" not in entry.filename for entry in entries):
        raise InputError(Problem(where, _NO_PACK.fill(why=_FOLDERS), _AGAIN))
    return folders.pop(), [(entry.filename.partition("/")[2], entry) for entry in entries]


def _members(
    archive: zipfile.ZipFile, entries: list[tuple[str, zipfile.ZipInfo]]
) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    for name, entry in entries:
        found[name] = None if name in found else _content(archive, entry)
    return found


def _of_forms(
    archive: zipfile.ZipFile, entries: list[tuple[str, zipfile.ZipInfo]], folder: str, where: str
) -> CheckedPack:
    """A pack for a form: compressed, so its members are hashed piece by piece and never held whole."""
    digests: dict[str, str | None] = {}
    listed: bytes | None = None
    left = MOST_PACK
    for name, entry in entries:
        if not name and entry.is_dir() and not entry.file_size:
            continue  # whoever unpacks and packs again gets an entry for the folder itself
        digest, size, start = _hashed(archive, entry, left)
        left -= size
        if left < 0:
            raise InputError(Problem(where, _NO_PACK.fill(why=_LARGE), _AGAIN))
        digests[name] = None if name in digests else digest
        if name == SUMS:
            listed = None if digests[name] is None or size > MOST_MANIFEST else start
    return check_list(listed, digests, folder)


def _hashed(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int
) -> tuple[str | None, int, bytes]:
    """A member's SHA-256, its size and its start; no hash where it cannot be read.

    It is not read further than `most` bytes, whatever size the ZIP states.
    """
    digest, size, start = hashlib.sha256(), 0, b""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return None, 0, b""
    try:
        with archive.open(entry) as stream:
            while size <= most and (piece := stream.read(_PIECE)):
                size += len(piece)
                digest.update(piece)
                if len(start) <= MOST_MANIFEST:
                    start += piece
    except _UNREADABLE:
        return None, size, b""
    return digest.hexdigest(), size, start


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """A member's content; None where it is compressed, encrypted or does not fit its checksum."""
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > MOST_PACK:
        return None
    try:
        return archive.read(entry)
    except _UNREADABLE:
        return None
