"""The state folder: everything that one gate owns on its machine, readable by nobody else.

The folder is 0700 and its files are 0600, owned by the gate's own user; a folder or a file that
others could read or change is refused rather than mended, because what it held may be known.
Files are replaced whole: written beside, synced, renamed, and the folder synced.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.gate.privacy import FILE_MODE, FOLDER_MODE, refuse_public
from sekisho.shell.writing import sync_names
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "gate.key"
"""The gate's own Ed25519 key, PKCS #8 PEM; made here, never leaves."""
PUBLIC = "gate.pub"
"""Its public half, PEM: what verifies decisions and checkpoints."""
AUTHORITY = "authority.pem"
"""Public key of the site's authority; its fingerprint stands in the site file."""
TRUST = "trust.json"
"""Signed by the authority: whose commands count."""
BOUNDS = "bounds.json"
"""Signed by the authority: what this plant may ever do."""
STORE = "gate.db"
"""Journal and durable state."""
OUTBOX = "outbox.db"
"""What has not been acknowledged by the north."""
NORTH_REQUEST = "north.csr"
"""Request for the gate's certificate at the broker."""
STATUS = "status.json"
"""What the running gate says of itself each second."""
RESET = "reset.request"
"""A person on the spot asks that latches be reset."""
WIPE = "wipe.mark"
"""A wipe was begun: no gate starts here, and the wipe goes on."""
RESTORED = "restored.mark"
"""The folder came from a backup: its first start begins a new session."""
LOCK = "gate.lock"
"""Held by the one gate that runs."""

MOST_BYTES = 4 * 1024 * 1024
"""Largest file that is read whole."""
_MOST_DIGITS = 20
"""Of a process's number."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """A state folder that was found private."""

    path: Path

    def file(self, name: str) -> Path:
        """Where a file of the folder stands."""
        return self.path / name

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self.file(name).is_file()

    def read(self, name: str) -> bytes:
        """The content of one of its files.

        Raises:
            InputError: there is none, or others could read or change it.
            WorldError: the disk failed.
        """
        place = self.file(name)
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            with os.fdopen(os.open(place, flags), "rb") as stream:
                refuse_public(place, os.fstat(stream.fileno()), is_folder=False)
                content = stream.read(MOST_BYTES + 1)
        except FileNotFoundError as error:
            raise InputError(Problem(str(place), _NO_FILE, _INIT)) from error
        except OSError as error:
            raise _world(place, error) from error
        if len(content) > MOST_BYTES:
            raise InputError(Problem(str(place), _TOO_LARGE, _INIT))
        return content

    def write(self, name: str, content: bytes) -> None:
        """Replace one of its files, whole and synced.

        Raises:
            WorldError: it cannot be written; the old one stays.
        """
        place = self.file(name)
        try:
            handle, beside = tempfile.mkstemp(dir=self.path, prefix=f".{name}.")  # mode 0600
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(beside).replace(place)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
            sync_names(self.path)
        except OSError as error:
            raise _world(place, error) from error

    def take(self, name: str) -> bytes | None:
        """Read a file and remove it; None where there is none.

        Raises:
            InputError: others could read or change it.
            WorldError: the disk failed.
        """
        if not os.path.lexists(self.file(name)):
            return None
        content = self.read(name)
        try:
            self.file(name).unlink()
        except OSError as error:
            raise _world(self.file(name), error) from error
        return content

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for the one gate that runs; it is free again when the process ends.

        Raises:
            InputError: another gate holds it.
            WorldError: the disk failed.
        """
        place = self.file(LOCK)
        try:
            handle = os.open(
                place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE
            )
        except OSError as error:
            raise _world(place, error) from error
        try:
            lock(handle, place)
            with suppress(OSError):  # who holds it is told where the disk allows
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)

    def is_held(self) -> bool:
        """Whether a gate runs on this folder now."""
        try:
            with self.held():
                return False
        except InputError:
            return True

    def holder(self) -> int | None:
        """The process of the gate that runs on this folder now; None: none does, or it is not told."""
        if not self.is_held():
            return None
        told = self.read(LOCK)[:_MOST_DIGITS].strip()
        return int(told) if told.isdigit() else None

    def free_bytes(self) -> int:
        """What the disk has left for a user without privileges."""
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize


@contextmanager
def new_state(path: Path) -> Iterator[StateFolder]:
    """A new state folder that stands under its name once the block has filled it, or not at all.

    Raises:
        InputError: there is something already; it is kept.
        WorldError: the place cannot be written.
    """
    if os.path.lexists(path):
        make_state(path)  # says why not
    half = path.with_name(f".{path.name}.half")
    shutil.rmtree(half, ignore_errors=True)  # of one that was interrupted
    folder = make_state(half)
    try:
        yield folder
        half.rename(path)  # refused where something of this name has content by now
        sync_names(path.parent)
    except OSError as error:
        raise _world(path, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def make_state(path: Path) -> StateFolder:
    """A new state folder.

    Raises:
        InputError: there is something already; it is kept.
        WorldError: the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=FOLDER_MODE)
    except FileExistsError as error:
        problem = Problem(
            str(path),
            Text("既にあります。上書きしません。", "There is something already; it is kept."),
            Text(
                "別の名前を指定してください。このゲートの鍵が中にあるなら、そのまま使えます。",
                "Give another name; if it holds this gate's key, it can be used as it is.",
            ),
        )
        raise InputError(problem) from error
    except OSError as error:
        raise _world(path, error) from error
    path.chmod(FOLDER_MODE)  # whatever the umask takes away
    return StateFolder(path)


def open_state(path: Path) -> StateFolder:
    """The state folder, if nobody else can read or change what it holds.

    Raises:
        InputError: there is none, it or one of its files is open to others, or a wipe was begun.
        WorldError: the disk failed.
    """
    folder = open_to_wipe(path)
    if folder.has(WIPE):
        raise InputError(Problem(str(path), _WIPING, _WIPE_ON))
    return folder


def open_to_wipe(path: Path) -> StateFolder:
    """The same where a wipe may have been begun, for the wipe itself.

    Raises:
        InputError: there is none, or it or one of its files is open to others.
        WorldError: the disk failed.
    """
    problems: list[Problem] = []
    try:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise InputError(Problem(str(path), _NO_FOLDER, _INIT))
        refuse_public(path, found, is_folder=True)
        for place in sorted(path.iterdir()):
            with suppress(FileNotFoundError):  # another process tidies up
                try:
                    refuse_public(place, place.lstat(), is_folder=False)
                except InputError as error:
                    problems += error.problems
    except FileNotFoundError as error:
        raise InputError(Problem(str(path), _NO_FOLDER, _INIT)) from error
    except OSError as error:
        raise _world(path, error) from error
    if problems:
        raise InputError(*problems)
    return StateFolder(path)


def lock(handle: int, place: Path) -> None:
    """Holds a folder's lock for as long as its handle is open.

    Raises:
        InputError: another process holds it.
        WorldError: it cannot be held.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
            raise _world(place, error) from error
        holder = os.pread(handle, _MOST_DIGITS, 0).decode("ascii", "replace").strip()
        problem = Problem(
            str(place.parent),
            Text(
                "別のゲート(プロセス {pid})がこのフォルダーで動いています。",
                "Another gate (process {pid}) is running on this folder.",
            ).fill(pid=holder or "?"),
            Text(
                "1つの設備のゲートは1つだけです。動いているゲートを止めてから始めてください。",
                "One plant has one gate: end the running one first.",
            ),
        )
        raise InputError(problem) from error


def _world(place: Path, error: OSError) -> WorldError:
    return WorldError(
        Problem(
            str(place),
            Text("使えません({why})。", "It cannot be used ({why}).").fill(
                why=error.strerror or error
            ),
            Text(
                "ゲートの利用者が読み書きできる場所か、ディスクに空きがあるか確かめてください。",
                "Check that the gate's user may read and write there, and that the disk has room.",
            ),
        )
    )


_INIT = Text(
    "sekisho gate init で状態フォルダーを作るか、正しい場所を指定してください。",
    "Make the state folder with sekisho gate init, or give the right place.",
)
_WIPING = Text(
    "消去の途中です。ここではゲートを動かせません。",
    "A wipe was begun: no gate runs here any more.",
)
_WIPE_ON = Text(
    "sekisho gate wipe をもう一度実行すると、最後まで消します。",
    "Run sekisho gate wipe again: it goes on to the end.",
)
_NO_FOLDER = Text("状態フォルダーがありません。", "There is no state folder.")
_NO_FILE = Text("状態フォルダーにこのファイルがありません。", "The state folder lacks this file.")
_TOO_LARGE = Text("ファイルが 4 MiB を超えています。", "The file is larger than 4 MiB.")
