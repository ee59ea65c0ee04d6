"""Reading a file that somebody named: bounded, and with words where it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem, SekishoError, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

NOT_THERE = Text("ファイルがありません。", "There is no such file.")
_CHECK_PLACE = Text("場所を確かめてください。", "Check the place.")
_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
_PLACE = Text("場所と権限を確かめてください。", "Check the place and its permissions.")
_TOO_LARGE = Text("大きすぎます({most} バイトまで)。", "It is too large (at most {most} bytes).")
_ANOTHER = Text("ファイルが正しいか確かめてください。", "Check that it is the right file.")


def bounded(path: Path, most: int) -> bytes:
    """A file's content, whole.

    Raises:
        InputError: it is larger than `most` bytes.
        WorldError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(content) > most:
        raise InputError(Problem(str(path), _TOO_LARGE.fill(most=most), _ANOTHER))
    return content


def bounded_or_none(path: Path, most: int) -> bytes | None:
    """A file's content; None where it cannot be read, or is larger than `most` bytes."""
    try:
        return bounded(path, most)
    except SekishoError:
        return None


def unreadable(path: Path, error: OSError) -> WorldError:
    """It cannot be read, and why."""
    if isinstance(error, FileNotFoundError):
        return WorldError(Problem(str(path), NOT_THERE, _CHECK_PLACE))
    return WorldError(
        Problem(str(path), _UNREADABLE.fill(why=error.strerror or str(error)), _PLACE)
    )
