"""The admin process's own state folder: its book, its certificate, requests from the console."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sekisho.gate.admin.book import Book
from sekisho.gate.admin.book_form import UnreadableBookError, book_bytes, book_of
from sekisho.gate.admin.words import code_digest, code_of
from sekisho.shell.gate.state_folder import make_state, open_state
from sekisho.shell.sealing import ensure_device_key, read_sealed, write_sealed
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.shell.gate.state_folder import StateFolder

BOOK = "admin.book"
"""Sealed: people, tokens, notes that wait."""
CERTIFICATE = "admin.pem"
KEY = "admin.key"
REQUEST = "console.request"
"""Sealed: somebody at the machine opens an account."""

_NO_FOLDER = Text(
    "管理画面の状態フォルダーがありません。", "There is no state folder of the pages."
)
_INIT = Text("sekisho admin init で作ってください。", "Make it with sekisho admin init.")
_NO_BOOK = Text(
    "利用者の記録を読めません。初期パスワードに戻ることはありません。",
    "The record of users cannot be read. There is no default password to fall back to.",
)
_RESTORE = Text(
    "バックアップから復元するか、別のフォルダーで sekisho admin init からやり直してください。",
    "Restore it from a backup, or begin anew with sekisho admin init in another folder.",
)


def new_folder(path: Path) -> tuple[StateFolder, str]:
    """A new state folder, and the set-up code of this device: random, and shown only now.

    Raises:
        InputError: there is something already; it is kept.
        WorldError: the place cannot be written.
    """
    folder = make_state(path)
    ensure_device_key(folder)
    code = new_code()
    keep_book(folder, Book(setup=code_digest(code)))
    return folder, code


def open_folder(path: Path) -> StateFolder:
    """The folder, if nobody else can read or change what it holds.

    Raises:
        InputError: there is none, or it is open to others.
        WorldError: the disk failed.
    """
    if not path.exists():
        raise InputError(Problem(str(path), _NO_FOLDER, _INIT))
    return open_state(path)


def load_book(folder: StateFolder) -> Book:
    """The book as it was kept last.

    Raises:
        InputError: there is none or it was changed: never an empty one instead.
        WorldError: the disk failed.
    """
    try:
        return book_of(read_sealed(folder, BOOK))
    except UnreadableBookError as error:
        raise InputError(Problem(str(folder.file(BOOK)), _NO_BOOK, _RESTORE)) from error


def keep_book(folder: StateFolder, book: Book) -> None:
    """Replaces the book, whole and synced.

    Raises:
        WorldError: it cannot be written; the old one stays.
    """
    write_sealed(folder, BOOK, book_bytes(book))


def new_code() -> str:
    """A one-time code of 100 random bits, for people to type."""
    return code_of(secrets.choice)
