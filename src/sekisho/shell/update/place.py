"""Where the updater keeps things: one folder, of which everybody may read the programs and no more.

FOLDER/
  versions/1.2.3/     a version: its program is bin/sekisho; `complete` is written last
  current             a link to the version that runs; replaced in one rename
  told.json           what was done last, for the gate to journal at its start
  update.d/           the drop: who may hand in an update may write here and nowhere else
  update.toml         what the machine is, and how its gate is ended and started
  root.json           the first root of trust, as it came with the machine
  private/            record, log, key, metadata, copies at work: nobody else reads it
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.gate.state_folder import StateFolder, make_state, open_state
from sekisho.shell.writing import sync_names
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sekisho.gate.update.version import Version

CURRENT = "current"
TOLD = "told.json"
ROOT = "root.json"
SETTINGS = "update.toml"
DROP = "update.d"
DROPPED = "update.zip"
"""The one name that is looked for in the drop."""
PROGRAM = "bin/sekisho"
COMPLETE = "complete"
RECORD = "record.json"
LOG = "log.jsonl"
KEY = "update.key"
METADATA = "metadata"
WORK = "work"
_VERSIONS = "versions"
_OPEN_MODE, _DROP_MODE = 0o755, 0o1733


@dataclass(frozen=True, slots=True)
class Place:
    """The updater's folder."""

    path: Path

    @property
    def private(self) -> StateFolder:
        """What nobody else may read."""
        return StateFolder(self.path / "private")

    @property
    def metadata(self) -> Path:
        """The metadata that was seen, kept by TUF."""
        return self.path / "private" / METADATA

    @property
    def work(self) -> Path:
        """Copies that are worked on; may be removed whenever nothing is on its way."""
        return self.path / "private" / WORK

    @property
    def current(self) -> Path:
        """The link to the version that runs."""
        return self.path / CURRENT

    @property
    def dropped(self) -> Path:
        """Where an update is handed in."""
        return self.path / DROP / DROPPED

    def version(self, version: Version) -> Path:
        """Where a version is, or would be."""
        return self.path / _VERSIONS / str(version)

    def program(self, version: Version) -> Path:
        """A version's program."""
        return self.version(version) / PROGRAM

    def is_complete(self, version: Version) -> bool:
        """Whether a version was put there to its end."""
        return (self.version(version) / COMPLETE).is_file()

    def pointed(self) -> str | None:
        """The name of the version that `current` points at."""
        try:
            return self.current.readlink().name
        except FileNotFoundError:
            return None

    def point(self, version: Version | None) -> None:
        """Points `current` at a version in one rename that is on the disk when this returns."""
        if version is None:
            self.current.unlink(missing_ok=True)
        else:
            beside = self.path / f".{CURRENT}"
            beside.unlink(missing_ok=True)
            beside.symlink_to(f"{_VERSIONS}/{version}", target_is_directory=True)
            beside.replace(self.current)
        sync_names(self.path)

    def remove(self, version: Version) -> None:
        """Removes a version; its mark of completeness goes first."""
        (self.version(version) / COMPLETE).unlink(missing_ok=True)
        shutil.rmtree(self.version(version), ignore_errors=True)

    def versions(self) -> list[str]:
        """Names of the versions that are there, whole or not."""
        return sorted(one.name for one in (self.path / _VERSIONS).iterdir())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for the one updater that works.

        Raises:
            InputError: another one works.
        """
        handle = os.open(
            self.private.file("lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                    raise
                raise InputError(Problem(str(self.path), _BUSY, _WAIT)) from error
            yield
        finally:
            os.close(handle)


def make_place(path: Path) -> Place:
    """A new folder with nothing installed.

    Raises:
        InputError: there is something already.
        WorldError: it cannot be written.
    """
    place = Place(path)
    try:
        path.mkdir(mode=_OPEN_MODE, parents=True)
        path.chmod(_OPEN_MODE)
        (path / _VERSIONS).mkdir(mode=_OPEN_MODE)
        (path / DROP).mkdir()
        (path / DROP).chmod(_DROP_MODE)
        make_state(place.private.path)
        place.metadata.mkdir(mode=0o700)
        place.work.mkdir(mode=0o700)
    except FileExistsError as error:
        raise InputError(Problem(str(path), _THERE, _ELSEWHERE)) from error
    except OSError as error:
        raise _world(path, error) from error
    return place


def open_place(path: Path) -> Place:
    """The folder, if its private part is private.

    Raises:
        InputError: it is none, or its private part is open to others.
    """
    if not (path / "private").is_dir():
        raise InputError(Problem(str(path), _NONE, _MAKE))
    open_state(path / "private")
    return Place(path)


def _world(path: Path, error: OSError) -> WorldError:
    what = _UNUSABLE.fill(why=error.strerror or error)
    return WorldError(Problem(str(path), what, _CHECK))


_BUSY = Text("別の更新が進んでいます。", "Another update is on its way.")
_WAIT = Text("それが終わるまで待ってください。", "Wait until it has ended.")
_THERE = Text("既にあります。上書きしません。", "There is something already; it is kept.")
_ELSEWHERE = Text("別の名前を指定してください。", "Give another name.")
_NONE = Text("更新用のフォルダーではありません。", "It is no updater's folder.")
_MAKE = Text(
    "sekisho update init で作るか、正しい場所を指定してください。",
    "Make it with sekisho update init, or give the right place.",
)
_UNUSABLE = Text("使えません({why})。", "It cannot be used ({why}).")
_CHECK = Text(
    "場所と権限、ディスクの空きを確かめてください。",
    "Check the place, its permissions, and that the disk has room.",
)
