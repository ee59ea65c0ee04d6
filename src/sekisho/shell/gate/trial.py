"""A rehearsal before a switch: this program reads a copy of a gate's state, and the state is not touched.

The database is copied by its own means, so that a gate may run on it meanwhile.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.gate.restart import Why
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.starting import restored
from sekisho.shell.gate.state_folder import StateFolder, open_state
from sekisho.shell.gate.store import Store
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.shell.gate.configuration import Configuration
    from sekisho.shell.gate.kernel_time import TimeSource

_BASES = frozenset({names.STORE, names.OUTBOX})
_BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def copied(state: StateFolder) -> Iterator[StateFolder]:
    """A copy of a state folder, which is gone afterwards.

    Raises:
        WorldError: it cannot be copied.
    """
    with tempfile.TemporaryDirectory(prefix="sekisho-trial-") as folder:
        try:
            _copy(state.path, Path(folder))
        except (OSError, sqlite3.Error) as error:
            what = _UNCOPIED.fill(why=error)
            raise WorldError(Problem(str(state.path), what, _ROOM)) from error
        yield open_state(Path(folder))


def read_by_this_program(configuration: Configuration, copy: StateFolder, time: TimeSource) -> None:
    """Reads journal, durable state and signed documents as a start does.

    Raises:
        InputError: one of them would not be read.
    """
    with ExitStack() as stack:
        stack.enter_context(copy.held())
        store = stack.enter_context(Store(copy.path))
        _, why = restored(configuration.settings, copy, store, time)
    if why == Why.STATE_LOST.value:
        raise InputError(Problem(str(copy.path), _LOST, _KEEP))


def _copy(source: Path, target: Path) -> None:
    for path in sorted(source.iterdir()):
        if path.name == names.LOCK or path.name.endswith(_BESIDE) or not path.is_file():
            continue
        place = target / path.name
        if path.name in _BASES:
            with (
                closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as old,
                closing(sqlite3.connect(place)) as new,
            ):
                old.backup(new)
        else:
            shutil.copyfile(path, place)
        place.chmod(0o600)


_UNCOPIED = Text("状態を写せません({why})。", "The state cannot be copied ({why}).")
_ROOM = Text(
    "読み取りの権限とディスクの空きを確かめてください。",
    "Check that it may be read, and that there is room.",
)
_LOST = Text(
    "このプログラムはゲートの状態を読めません。", "This program cannot read the gate's state."
)
_KEEP = Text("いまの版を使い続けてください。", "Keep the present version.")
