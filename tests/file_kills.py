"""What changes files, killed at each of its write points in turn.

A write point is an opening for writing, a rename, a removal, a new folder, a change of mode, or a
sync; the victim is a forked process that ends itself by SIGKILL just before the nth of them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from _typeshed import HasFileno

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "os.link"}
_MOST_POINTS = 2_000


def killed_everywhere(
    start: Path,
    place: Path,
    act: Callable[[Path], object],
    look: Callable[[Path], object],
) -> int:
    """Kills `act` at its first write point, its second and so on, until it comes to its end.

    Args:
        start: a folder as it is before; copied to `place` anew for each life.
        place: where the victim works.
        act: what is done to `place`.
        look: asserts what must hold after each death, and after the undisturbed end.

    Returns:
        How many times it was killed.
    """
    for turn in range(_MOST_POINTS):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(start, place)
        ended = _life(act, place, turn)
        look(place)
        if ended:
            return turn
    raise AssertionError("it has too many write points")


def _life(act: Callable[[Path], object], place: Path, turn: int) -> bool:
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            _die_at(turn)
            act(place)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, -signal.SIGKILL}, f"the victim ended with {code}"
    return code == 0


def _die_at(turn: int) -> None:
    left = turn
    sync = os.fsync

    def reached() -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def heard(event: str, given: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(given[2], int) and given[2] & _WRITING
        if writes or event in _EVENTS:
            reached()

    def synced(fd: int | HasFileno) -> None:
        reached()
        sync(fd)

    os.fsync = synced  # this process is about to die
    sys.addaudithook(heard)
