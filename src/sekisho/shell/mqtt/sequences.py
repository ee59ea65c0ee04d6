"""The last sequence number of each key, session and class, so that the next one is higher.

Kept in a file of its owner alone, written before the command is sent: a number that was perhaps
used is never used again.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sekisho.codec.command import MOST_SEQUENCE
from sekisho.shell.keys import read_private, replace_private
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sekisho.codec.command import CommandClass
    from sekisho.terms.ids import KeyId, SessionId

_MOST_KEPT = 64
"""Old sessions never come back; the latest numbers are enough."""
_MOST_BYTES = 64 * 1024

_NOT_OURS = Text("通し番号の記録として読めません。", "It is no record of sequence numbers.")
_AWAY = Text(
    "別の場所へ移し、--sequence で前より大きい番号を指定してください。",
    "Move it away, and give a number above the last one with --sequence.",
)
_CANNOT = Text("使えません({why})。", "It cannot be used ({why}).")
_PLACE = Text("場所と権限を確かめてください。", "Check the place and its permissions.")


def next_sequence(
    path: Path, kid: KeyId, session: SessionId, group: CommandClass, given: int | None = None
) -> int:
    """A number that was never used for this key, session and class; it is on disk by now.

    Args:
        path: the record.
        kid: the signing key.
        session: the gate's session.
        group: the command's class.
        given: use this one instead of the one after the last.

    Raises:
        InputError: the record cannot be understood, or others can read it.
        WorldError: it cannot be read or written.
    """
    name = f"{kid} {session} {group.value}"
    with _held(path):
        known = _read(path) if path.exists() else {}
        number = known.pop(name, 0) + 1 if given is None else given
        kept = dict([*known.items(), (name, number)][-_MOST_KEPT:])
        replace_private(path, json.dumps(kept, indent=1).encode())
    return number


def _read(path: Path) -> dict[str, int]:
    try:
        found = json.loads(read_private(path, _MOST_BYTES))
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(
        type(number) is int and 0 < number < MOST_SEQUENCE for number in found.values()
    ):
        return found
    raise InputError(Problem(str(path), _NOT_OURS, _AWAY))


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Two commands at once wait for one another."""
    try:
        handle = os.open(
            path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError as error:
        what = _CANNOT.fill(why=error.strerror or str(error))
        raise WorldError(Problem(str(path), what, _PLACE)) from error
    try:
        yield
    finally:
        os.close(handle)
