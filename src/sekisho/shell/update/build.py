"""A version is put beside the running one: its own folder, its own environment, nothing fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from sekisho.gate.update.manifest import Program
from sekisho.gate.update.reasons import Reason, Refused
from sekisho.shell.update.place import COMPLETE, PROGRAM
from sekisho.shell.writing import sync_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sekisho.shell.update.archive import Archive
    from sekisho.shell.update.place import Place

_ROOM = 4
"""How many times the archive's files a version may take: unpacked, installed, compiled, spare."""
_BUILD_S = 900.0
_TOLD = 300


def build(place: Place, archive: Archive) -> None:
    """Puts a version in its folder; what was left of an earlier try is removed first.

    Raises:
        Refused: it cannot be built; its folder may be left and is removed by whoever goes on.
    """
    manifest = archive.manifest
    whole = sum(part.size for part in manifest.files)
    if shutil.disk_usage(place.path).free < _ROOM * whole:
        raise Refused(Reason.NO_ROOM, f"{_ROOM * whole // 1024 // 1024} MiB")
    place.remove(manifest.version)
    folder = place.version(manifest.version)
    try:
        match manifest.program:
            case Program.FILE:
                (folder / PROGRAM).parent.mkdir(parents=True)
                archive.unpack(manifest.files[0], folder / PROGRAM, 0o755)
            case Program.WHEELS:
                _environment(folder, _wheels(place, archive))
    except OSError as error:
        raise Refused(Reason.BUILD, error.strerror or type(error).__name__) from error
    os.sync()  # an environment is thousands of files: all of them before the mark
    (folder / COMPLETE).write_text(f"{manifest.version}\n", encoding="ascii")
    for one in (folder, folder.parent):
        sync_names(one)
    os.sync()


def _wheels(place: Place, archive: Archive) -> Path:
    folder = place.work / "wheels"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    for part in archive.manifest.files:
        archive.unpack(part, folder / part.name)
    return folder


def _environment(folder: Path, wheels: Path) -> None:
    """An environment from wheels alone: no index, every file by its hash."""
    _run([sys.executable, "-I", "-m", "venv", "--copies", str(folder)])
    arguments = ["--no-index", "--require-hashes", "--no-cache-dir", "--disable-pip-version-check"]
    where = ["--find-links", str(wheels / "wheels"), "-r", str(wheels / "requirements.txt")]
    _run([str(folder / "bin/python"), "-I", "-m", "pip", "install", *arguments, *where])


def _run(words: Sequence[str]) -> None:
    bare = {"PATH": os.defpath, "LANG": "C.UTF-8", "PIP_CONFIG_FILE": os.devnull}
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            words,
            env=bare,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_BUILD_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Reason.BUILD, "it takes too long") from error
    if done.returncode:
        raise Refused(Reason.BUILD, done.stderr[-_TOLD:].decode("utf-8", "replace").strip())
