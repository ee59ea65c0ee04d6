"""An evidence pack as a file: written in one way only, read back member by member."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from sekisho.proof.pack import MANIFEST, MOST_MEMBERS, SUMS, OtherBytes, check, manifest, sums
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sekisho.codec.jws import Signer
    from sekisho.proof.pack import CheckedPack

MOST_PACK = 512 * 1024 * 1024
"""Largest pack that is read."""
_UNIX = 3
_NO_PACK = Text("ZIP として読めません({why})。", "It cannot be read as a ZIP ({why}).")
_AGAIN = Text(
    "sekisho checklist が書いた .zip を、手を加えずに指定してください。",
    "Give a .zip that sekisho checklist wrote, unchanged.",
)
_MANY = Text("ファイルが多すぎます。", "too many members")
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
    folder, members = _members(data, where)
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


def _members(data: bytes, where: str) -> tuple[str, dict[str, bytes | None]]:
    found: dict[str, bytes | None] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_MEMBERS:
                raise InputError(Problem(where, _NO_PACK.fill(why=_MANY), _AGAIN))
            folders = {entry.filename.partition("/")[0] for entry in entries}
            if len(folders) != 1 or any("/" not in entry.filename for entry in entries):
                raise InputError(Problem(where, _NO_PACK.fill(why=_FOLDERS), _AGAIN))
            for entry in entries:
                name = entry.filename.partition("/")[2]
                found[name] = None if name in found else _content(archive, entry)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise InputError(Problem(where, _NO_PACK.fill(why=str(error)[:80]), _AGAIN)) from None
    return folders.pop(), found


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """A member's content; None where it is compressed, encrypted or does not fit its checksum."""
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > MOST_PACK:
        return None
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError, EOFError, OSError):
        return None
