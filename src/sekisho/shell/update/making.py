"""A new updater's folder: the first root of trust, the key of the log, settings to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from sekisho.gate.update.log import Kind
from sekisho.shell.keys import new_key
from sekisho.shell.update.log_file import LogFile
from sekisho.shell.update.place import KEY, ROOT, SETTINGS, make_place
from sekisho.shell.update.settings import starter
from sekisho.shell.writing import write_whole
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.shell.update.place import Place

_MOST_ROOT = 256 * 1024


def make(path: Path, root: Path, model: str, wall: int) -> Place:
    """A folder with nothing installed.

    Args:
        path: where; there is nothing yet.
        root: the first root of trust, metadata of TUF as the maker published it.
        model: of the machine.
        wall: the time, for the log's first line.

    Raises:
        InputError: the root is none, or there is something at the place.
        WorldError: something cannot be read or written.
    """
    content = _root(root)
    place = make_place(path)
    write_whole(place.path / ROOT, content)
    write_whole(place.path / SETTINGS, starter(model).encode())
    new_key(place.private.file(KEY))
    LogFile(place).add(Kind.MADE, wall, {"model": model})
    return place


def _root(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_ROOT)
    except OSError as error:
        what = _UNREADABLE.fill(why=error.strerror or error)
        raise WorldError(Problem(str(path), what, _GIVE)) from error
    try:
        found = Metadata[Root].from_bytes(content)
        found.verify_delegate(Root.type, found)
    except (RepositoryError, ValueError) as error:
        raise InputError(Problem(str(path), _NO_ROOT, _GIVE)) from error
    return content


_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
_NO_ROOT = Text(
    "署名のそろった根の目録(root.json)ではありません。",
    "It is no root metadata with the signatures that it asks for.",
)
_GIVE = Text(
    "製造者が公開した root.json を、信頼できる道で受け取って指定してください。",
    "Give the root.json that the maker published, got by a way that you trust.",
)
