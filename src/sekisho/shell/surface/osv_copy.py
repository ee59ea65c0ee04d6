"""A copy of the advisories of OSV for PyPI on this machine: a folder of JSON files, or the published zip.

Bounded: files, their sizes, and the whole. Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed
from sekisho.gate.advisories import MOST_BYTES, read_advisory
from sekisho.gate.vulnerabilities import Copy, by_package
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sekisho.gate.advisories import Advisory

MOST_FILES = 200_000
MOST_WHOLE = 4 * 1024 * 1024 * 1024
_SUFFIX = ".json"

_ABSENT = Text("ありません。", "It is not there.")
_ODD = Text("OSV の写しとして読めません({why})。", "It cannot be read as a copy of OSV ({why}).")
_GET = Text(
    "osv.dev が公開している PyPI の all.zip か、それを展開したフォルダーを指定してください。",
    "Give PyPI's all.zip as published at osv.dev, or the folder that it was unpacked into.",
)
_TOO_MANY = Text("大きすぎます。", "It is too large.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A copy, read."""

    copy: Copy
    advisories: Mapping[str, list[Advisory]]
    """Those of the wanted packages, by package."""


def read_copy(path: Path, wanted: Callable[[str], bool]) -> Read:
    """Reads a copy.

    Args:
        path: a zip file or a folder.
        wanted: whether a package's advisories are asked for.

    Raises:
        InputError: there is none, it is too large, or it is no zip.
        WorldError: the disk failed.
    """
    kept: list[Advisory] = []
    unread: list[str] = []
    count, newest = 0, None
    digest = hashlib.sha256()
    try:
        for name, content in _files(path):
            digest.update(hashlib.sha256(name.encode()).digest())
            digest.update(hashlib.sha256(content).digest())
            try:
                found = read_advisory(content)
            except Malformed:
                unread.append(name)
                continue
            if not found.affected:
                continue
            count += 1
            newest = found.modified.date() if newest is None else max(newest, found.modified.date())
            if any(wanted(a.package) for a in found.affected):
                kept.append(found)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        raise InputError(Problem(str(path), _ODD.fill(why=error), _GET)) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise WorldError(Problem(str(path), _ODD.fill(why=why), _GET)) from error
    copy = Copy(
        advisories=count, newest=newest, unread=tuple(sorted(unread)), sha256=digest.hexdigest()
    )
    return Read(copy=copy, advisories=by_package(kept, wanted))


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every JSON file of the copy, in the order of names."""
    if path.is_dir():
        yield from _of_folder(path)
    elif path.is_file():
        yield from _of_zip(path)
    else:
        raise InputError(Problem(str(path), _ABSENT, _GET))


def _of_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    names = sorted(p for p in path.rglob(f"*{_SUFFIX}") if p.is_file())
    _refuse_more(len(names), sum(p.stat().st_size for p in names), path)
    for place in names:
        with place.open("rb") as stream:
            yield place.relative_to(path).as_posix(), stream.read(MOST_BYTES + 1)


def _of_zip(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        members = sorted(
            (m for m in archive.infolist() if m.filename.endswith(_SUFFIX)),
            key=lambda member: member.filename,
        )
        _refuse_more(len(members), sum(m.file_size for m in members), path)
        for member in members:
            with archive.open(member) as stream:  # what a member says of its size binds nobody
                yield member.filename, stream.read(MOST_BYTES + 1)


def _refuse_more(files: int, whole: int, path: Path) -> None:
    if files > MOST_FILES or whole > MOST_WHOLE:
        raise InputError(Problem(str(path), _TOO_MANY, _GET))
