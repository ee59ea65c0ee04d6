"""Root makes a folder of another user its own, so that it can be wiped; that user may be hostile.

Root follows only names that nobody else can turn: every folder on the way is root's, is no link, and
nobody else may change what is in it; the last one is made so for as long as it takes. Then the folder itself is taken before anything in it is looked
at: from there on its user cannot change it any more, and what was found in it stays so.
"""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.device_key import world
from sekisho.shell.gate.handles import (
    READ,
    TAKE_AWAY,
    found_at,
    names_in,
    opened,
    refuse_strange,
)
from sekisho.shell.gate.state_folder import LOCK, WIPE, lock
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.shell.gate.handles import Handle

ROOT = 0
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_PRIVATE = 0o700
_UID_MAP = Path("/proc/self/uid_map")
"""Three numbers in a line, the third of them how many users (user_namespaces(7))."""


def is_root() -> bool:
    """Whether this process is root over other users; the root of a namespace of one user is that user."""
    if os.geteuid() != ROOT:
        return False
    try:
        mapped = _UID_MAP.read_text(encoding="ascii").split()
    except OSError:
        return True
    return sum(int(count) for count in mapped[2::3]) != 1


def refuse_turned(place: Path) -> None:
    """Refuses a name that somebody else than root could let lead elsewhere.

    Args:
        place: the last part of it need not be there, and may be anybody's.

    Raises:
        InputError: a folder on the way is a link, is another user's, or is open to others.
        WorldError: there is no such way.
    """
    path = Path(os.path.abspath(place))  # noqa: PTH100  a link is to be seen, not followed
    way = [*reversed(path.parents)]
    try:
        for folder, child in zip(way, [*way[1:], path], strict=True):
            found = folder.lstat()
            sticky = bool(found.st_mode & stat.S_ISVTX) and _roots(child)
            open_to_others = bool(found.st_mode & _OTHERS_WRITE) and not sticky
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != ROOT or open_to_others:
                raise InputError(Problem(str(folder), _TURNED, _ROOTS_OWN))
    except OSError as error:
        raise world(path, error) from error


def _roots(place: Path) -> bool:
    """Whether nobody but root can rename it in a folder where each renames only what is his."""
    try:
        return place.lstat().st_uid == ROOT
    except FileNotFoundError:
        return False


def refuse_anothers(place: Path) -> None:
    """Refuses where root would make anew what another user must own and could not use then.

    Raises:
        InputError: it is another user's.
    """
    if is_root() and os.path.lexists(place) and place.lstat().st_uid != ROOT:
        raise InputError(Problem(str(place), _ANOTHERS, _AS_THEM))


@contextmanager
def taken_over(places: list[Path]) -> Iterator[None]:
    """Makes folders of other users root's own: two users' folders end in one wipe.

    All of them are taken only when nobody runs on any; where one is refused, each is given back. The
    folder in which one lies may be the same user's, as systemd makes them (`StateDirectory=`): it is
    root's until the block ends.

    Raises:
        InputError: a gate or the pages run on one, a name could lead elsewhere, or a folder holds
            what a wipe must not touch.
        WorldError: the disk failed.
    """
    with ExitStack() as ways:
        try:
            for place in places:
                ways.enter_context(_way_held(place))
            with ExitStack() as stack:
                folders = [
                    stack.enter_context(opened(place)) for place in places if os.path.lexists(place)
                ]
                foreign = [folder for folder in folders if _is_foreign(folder)]
                for folder in foreign:
                    stack.enter_context(_nobody_runs(folder))
                _take(foreign)
        except OSError as error:
            raise world(places[0], error) from error
        yield


@contextmanager
def _way_held(place: Path) -> Iterator[None]:
    """Nobody but root turns the name meanwhile; a parent of the folder's own user is given back."""
    path = Path(os.path.abspath(place))  # noqa: PTH100  a link is to be seen, not followed
    refuse_turned(path.parent)
    if path.parent.is_symlink():
        raise InputError(Problem(str(path.parent), _TURNED, _ROOTS_OWN))
    with opened(path.parent) as parent:
        if parent.owner == ROOT or path.name not in names_in(parent):
            refuse_turned(path)
            yield
            return
        if found_at(parent, path.name).st_uid not in {ROOT, parent.owner}:
            raise InputError(Problem(str(path.parent), _TURNED, _ROOTS_OWN))
        before = os.fstat(parent.fd)
        try:
            os.fchown(parent.fd, ROOT, ROOT)
            os.fchmod(parent.fd, _PRIVATE)
            yield
        finally:
            os.fchown(parent.fd, before.st_uid, before.st_gid)
            os.fchmod(parent.fd, stat.S_IMODE(before.st_mode))


def _is_foreign(folder: Handle) -> bool:
    """Whether it, or a file of it after a take-over that was cut off, is another user's."""
    return folder.owner != ROOT or any(
        found_at(folder, name).st_uid != ROOT for name in names_in(folder)
    )


def _take(folders: list[Handle]) -> None:
    """Each folder first, then a look at all that they hold, then what they hold."""
    before = [os.fstat(folder.fd) for folder in folders]
    try:
        for folder in folders:
            os.fchmod(folder.fd, _PRIVATE)
            os.fchown(folder.fd, ROOT, ROOT)
        for folder in folders:
            _refuse_folders(folder)
            refuse_strange(folder, _owners(folder))
    except BaseException:
        for folder, found in zip(folders, before, strict=True):
            os.fchown(folder.fd, found.st_uid, found.st_gid)
            os.fchmod(folder.fd, stat.S_IMODE(found.st_mode))
        raise
    for folder in folders:
        _own(folder)


def _refuse_folders(folder: Handle) -> None:
    """A folder in it could still be changed by whoever holds it open."""
    inside = [n for n in names_in(folder) if stat.S_ISDIR(found_at(folder, n).st_mode)]
    if inside:
        raise InputError(*(Problem(str(folder.path / n), _INSIDE, TAKE_AWAY) for n in inside))


def _owners(folder: Handle) -> frozenset[int]:
    """Whose files may be in it: its user's; of one that was taken already, root's and one user's."""
    if folder.owner != ROOT:
        return frozenset({folder.owner})
    others = {found_at(folder, name).st_uid for name in names_in(folder)} - {ROOT}
    return frozenset({ROOT, *sorted(others)[:1]})


def _own(folder: Handle) -> None:
    """Root's from here on; a mark that the user left is none, because it names what else to wipe."""
    for name in names_in(folder):
        if name == WIPE and found_at(folder, name).st_uid != ROOT:
            os.unlink(name, dir_fd=folder.fd)
        else:
            os.chown(name, ROOT, ROOT, dir_fd=folder.fd, follow_symlinks=False)


@contextmanager
def _nobody_runs(folder: Handle) -> Iterator[None]:
    """Holds the folder's lock; nothing is written to it, because its user may have put any file there.

    A folder without one was never run on, and gets none of root's.
    """
    if LOCK not in names_in(folder):
        yield
        return
    fd = os.open(LOCK, READ, dir_fd=folder.fd)
    try:
        lock(fd, folder.path / LOCK)
        yield
    finally:
        os.close(fd)


_TURNED = Text(
    "root 以外の利用者が、この名前を別の場所に向けられます。",
    "A user other than root could let this name lead elsewhere.",
)
_ROOTS_OWN = Text(
    "途中のフォルダーがすべて root のもので、リンクでも、ほかの利用者が書けるものでもない場所を指定してください。"
    "または、そのフォルダーの利用者として実行してください。",
    "Give a place whose folders on the way are all root's, are no links and are writable by nobody else; "
    "or run this as the user whose folder it is.",
)
_ANOTHERS = Text(
    "別の利用者のフォルダーです。root が作り直すと、その利用者は使えません。",
    "It is another user's folder; made anew by root, that user could not use it.",
)
_AS_THEM = Text(
    "そのフォルダーの利用者として実行してください。", "Run this as the user whose folder it is."
)
_INSIDE = Text("状態フォルダーの中のフォルダーです。", "It is a folder in a state folder.")
