"""The pages' folder carried to another box: its book, under a passphrase; keys stay where they are.

Device key and certificate are made anew there. What of the book counts on another box is the core's
to say (`gate.admin.carried`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.gate.admin.book_form import UnreadableBookError, book_bytes, book_of
from sekisho.gate.admin.carried import carried
from sekisho.gate.admin.words import code_digest
from sekisho.shell.admin.console import moment_here, person_here
from sekisho.shell.admin.folder import keep_book, load_book, new_code
from sekisho.shell.clock import stamp
from sekisho.shell.gate.backing_up import bytes_of
from sekisho.shell.gate.state_folder import new_state
from sekisho.shell.keys import write_private
from sekisho.shell.passphrase import decrypted, encrypted, head_of
from sekisho.shell.sealing import ensure_device_key
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.shell.gate.state_folder import StateFolder

FORMAT = "admin-1"
"""A gate's own backup has a number here; neither is taken for the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What was put back."""

    at: str
    """When the backup was made."""
    users: tuple[str, ...]
    without_password: tuple[str, ...]
    """Those whose one-time code was open: they get a new one at the machine."""
    code: str | None
    """A new set-up code, where the book has no user."""


def back_up_book(folder: StateFolder, out: Path, passphrase: str) -> None:
    """Writes the book to a new file of its owner alone; the pages may be served meanwhile.

    Raises:
        InputError: there is something of this name, the book cannot be read, or the passphrase is
            too short.
        WorldError: the disk failed.
    """
    head = {
        "format": FORMAT,
        "at": stamp(),
        "program": __version__,
    }
    write_private(out, encrypted(head, book_bytes(load_book(folder)), passphrase))


def restore_book(place: Path, passphrase: str, state: Path) -> Carried:
    """A new state folder of the pages, whole under its name or not there at all.

    Raises:
        InputError: it is no such backup, was changed, the passphrase is another one, or there is
            something of the folder's name already.
        WorldError: the disk failed.
    """
    data, where = bytes_of(place), str(place)
    head = head_of(data, where)
    if head.get("format") != FORMAT:
        raise InputError(Problem(where, _NOT_OURS, _GIVE))
    try:
        book = book_of(decrypted(data, passphrase, where))
    except UnreadableBookError as error:
        raise InputError(Problem(where, _NOT_OURS, _GIVE)) from error
    code, at = new_code(), str(head.get("at"))
    book = carried(book, at, person_here(), code_digest(code), moment_here())
    with new_state(state) as folder:
        ensure_device_key(folder)
        keep_book(folder, book)
    return Carried(
        at=at,
        users=tuple(sorted(book.users)),
        without_password=tuple(sorted(n for n, u in book.users.items() if u.password is None)),
        code=None if book.setup is None else code,
    )


_NOT_OURS = Text(
    "この版が読める、管理画面のバックアップではありません。",
    "It is no backup of the pages that this version reads.",
)
_GIVE = Text(
    "sekisho admin backup が書いたファイルを指定してください。",
    "Give a file that sekisho admin backup wrote.",
)
