"""A folder that is destroyed by its handle: no name of it, or in it, is followed anywhere else.

Whoever owns a folder can put links, other names of one file and special files into it, and can put
another folder in its place. So it is opened once, what is in it is opened below that handle and never
through a link, and a file that has a second name is not written to.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_DEPTH = 8
"""Folders in folders; a gate makes none."""
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""How a name is opened that may be a link or a pipe."""
_FOLDER = READ | os.O_DIRECTORY
_KEY_MARK = b"PRIVATE KEY-----"
_MARK_WITHIN = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """A folder that is held open."""

    path: Path
    """Under which name it was opened; for people, and for taking that name away at the end."""
    fd: int
    device: int
    """Number of its file system."""
    inode: int
    owner: int


@contextmanager
def opened(path: Path) -> Iterator[Handle]:
    """Holds a folder that is no link.

    Raises:
        OSError: there is none of this name.
    """
    fd = os.open(path, _FOLDER)
    try:
        found = os.fstat(fd)
        yield Handle(path=path, fd=fd, device=found.st_dev, inode=found.st_ino, owner=found.st_uid)
    finally:
        os.close(fd)


@contextmanager
def inner(folder: Handle, name: str) -> Iterator[Handle]:
    """Holds a folder in a folder.

    Raises:
        InputError: it is on another file system.
        OSError: it is no folder.
    """
    fd = os.open(name, _FOLDER, dir_fd=folder.fd)
    try:
        found = os.fstat(fd)
        place = folder.path / name
        if found.st_dev != folder.device:
            raise InputError(Problem(str(place), _OTHER_DISK, TAKE_AWAY))
        yield Handle(path=place, fd=fd, device=found.st_dev, inode=found.st_ino, owner=found.st_uid)
    finally:
        os.close(fd)


def names_in(folder: Handle) -> list[str]:
    """What is in it now."""
    return sorted(os.listdir(folder.fd))  # noqa: PTH208  of the handle, not of a name


def found_at(folder: Handle, name: str) -> os.stat_result:
    """What stands under a name; of a link the link."""
    return os.stat(name, dir_fd=folder.fd, follow_symlinks=False)


def refuse_strange(folder: Handle, owners: frozenset[int], depth: int = 0) -> None:
    """Refuses a folder that holds what a wipe must not touch; nothing has been changed then.

    Args:
        folder: all of it is looked at.
        owners: whose files may be in it.
        depth: how deep it lies.

    Raises:
        InputError: a link, a special file, a file with a second name, another user's, or one of
            another file system.
        OSError: the disk failed.
    """
    problems: list[Problem] = []
    for name in names_in(folder):
        found, place = found_at(folder, name), str(folder.path / name)
        if (what := _strange(found, folder.device, owners)) is not None:
            problems.append(Problem(place, what, TAKE_AWAY))
        elif stat.S_ISDIR(found.st_mode):
            if depth >= MOST_DEPTH:
                problems.append(Problem(place, _TOO_DEEP, TAKE_AWAY))
                continue
            with inner(folder, name) as below:
                refuse_strange(below, owners, depth + 1)
    if problems:
        raise InputError(*problems)


def _strange(found: os.stat_result, device: int, owners: frozenset[int]) -> Text | None:
    kind = found.st_mode
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind) or stat.S_ISSOCK(kind)):
        return _ODD
    if found.st_uid not in owners:
        return _FOREIGN
    if found.st_dev != device:
        return _OTHER_DISK
    if stat.S_ISREG(kind) and found.st_nlink > 1:
        return _SECOND_NAME
    return None


def read_in(folder: Handle, name: str, most: int) -> bytes:
    """The first bytes of a file.

    Raises:
        OSError: there is none, or it is a link or a special file.
    """
    with os.fdopen(os.open(name, READ, dir_fd=folder.fd), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return stream.read(most)


def overwrite(folder: Handle, name: str) -> None:
    """New bytes over a file in place, on the disk, then it is removed: half of a key is no key.

    Raises:
        InputError: it is no file with this one name.
        OSError: the disk failed.
    """
    fd = os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder.fd)
    with os.fdopen(fd, "r+b", buffering=0) as stream:
        found = os.fstat(stream.fileno())
        strange = _strange(found, folder.device, frozenset({found.st_uid}))
        if strange is not None:
            raise InputError(Problem(str(folder.path / name), strange, TAKE_AWAY))
        stream.write(os.urandom(found.st_size))
        os.fsync(stream.fileno())
    os.unlink(name, dir_fd=folder.fd)
    os.fsync(folder.fd)


def remove(folder: Handle, name: str, depth: int = 0) -> int:
    """Removes a file, or a folder with all it holds; how many files.

    A link is removed and not followed; a file with a second name loses this one and keeps its content.

    Raises:
        InputError: it is of another file system, or lies too deep.
        OSError: the disk failed.
    """
    found = found_at(folder, name)
    if stat.S_ISDIR(found.st_mode):
        if depth >= MOST_DEPTH:
            raise InputError(Problem(str(folder.path / name), _TOO_DEEP, TAKE_AWAY))
        with inner(folder, name) as below:
            count = sum(remove(below, one, depth + 1) for one in names_in(below))
        os.rmdir(name, dir_fd=folder.fd)
        return count
    if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and _is_key(folder, name):
        overwrite(folder, name)
    else:
        os.unlink(name, dir_fd=folder.fd)
    return 1


def _is_key(folder: Handle, name: str) -> bool:
    return _KEY_MARK in read_in(folder, name, _MARK_WITHIN)


def remove_folder(folder: Handle) -> None:
    """Takes the empty folder's name away, where the name is still this folder's.

    Raises:
        InputError: another folder stands in its place by now; it is left as it is.
        OSError: it is not empty, or the disk failed.
    """
    with opened(folder.path.parent.resolve()) as parent:
        found = found_at(parent, folder.path.name)
        if (found.st_dev, found.st_ino) != (folder.device, folder.inode):
            raise InputError(Problem(str(folder.path), _SWAPPED, _LOOK))
        os.rmdir(folder.path.name, dir_fd=parent.fd)
        os.fsync(parent.fd)


_ODD = Text("リンクか特別なファイルです。", "It is a link or a special file.")
_FOREIGN = Text("別の利用者のものです。", "It belongs to another user.")
_OTHER_DISK = Text("別のファイルシステムにあります。", "It is of another file system.")
_SECOND_NAME = Text(
    "同じファイルが別の名前でもどこかにあります。", "The same file has a second name elsewhere."
)
_TOO_DEEP = Text("フォルダーが深すぎます。", "It lies too deep in folders.")
TAKE_AWAY = Text(
    "誰が置いたのかを確かめて取り除き、もう一度実行してください。",
    "Find out who put it there, take it away, and do it again.",
)
_SWAPPED = Text(
    "消去の途中で別のフォルダーに置き換えられました。元の中身は消しました。",
    "Another folder was put in its place during the wipe. What it held is destroyed.",
)
_LOOK = Text(
    "誰が置いたのかを確かめてください。ここにあるものには触れていません。",
    "Find out who put it there: what stands here now was not touched.",
)
