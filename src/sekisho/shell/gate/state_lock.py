"""One gate per plant: the state folder belongs to one process.

The kernel lets the lock go when its holder dies in whatever way, so a lock is never left over.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

NAME = "gate.lock"
_MOST_DIGITS = 20


class StateLock:
    """The hold on a state folder, until it is released."""

    __slots__ = ("_handle",)

    def __init__(self, folder: Path) -> None:
        """Takes the folder for this process.

        Raises:
            InputError: another process has it; the message says which.
            WorldError: the folder cannot be written.
        """
        path = folder / NAME
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _cannot(path, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, _MOST_DIGITS, 0).decode("ascii", "replace").strip()
            os.close(handle)
            raise _taken(folder, holder) from error
        except OSError as error:
            os.close(handle)
            raise _cannot(path, error) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle: int | None = handle

    def release(self) -> None:
        """Gives the folder back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _taken(folder: Path, holder: str) -> InputError:
    return InputError(
        Problem(
            str(folder),
            Text(
                "プロセス {pid} のゲートがこのフォルダーを使っています。",
                "The gate of process {pid} uses this folder.",
            ).fill(pid=holder or "?"),
            Text(
                "1つの設備にゲートは1つです。動いているゲートを先に終えてください。",
                "There is one gate for one plant: end the running one first.",
            ),
        )
    )


def _cannot(path: Path, error: OSError) -> WorldError:
    return WorldError(
        Problem(
            str(path),
            Text(
                "状態フォルダーに書き込めません({why})。",
                "The state folder cannot be written ({why}).",
            ).fill(why=error.strerror or str(error)),
            Text(
                "フォルダーと権限、ディスクの空きを確かめてください。",
                "Check the folder, your rights and the free space.",
            ),
        )
    )
