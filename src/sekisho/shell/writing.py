"""Writing results: whole or not at all; and names, kept through a loss of power."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

_CANNOT = Text("書き込めません({why})。", "It cannot be written ({why}).")
_REMEDY = Text(
    "書き込める場所を --out で指定してください。", "Give a place that can be written with --out."
)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of either.

    A link is followed, and what is no file (a pipe, `/dev/stdout`) is written to and stays.

    Raises:
        WorldError: the place cannot be written.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            # mkstemp makes files private; a report is for its readers, as the umask allows.
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o666 & ~mask)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        why = error.strerror or str(error)
        raise WorldError(Problem(str(path), _CANNOT.fill(why=why), _REMEDY)) from error


def sync_names(folder: Path) -> None:
    """Waits until a folder's names are on the disk.

    Raises:
        OSError: the disk failed.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
