"""Makes the archive of a version; the same files give the same bytes on every machine and day."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.manifest import (
    NAME,
    Manifest,
    Part,
    Program,
    manifest_bytes,
    read_manifest,
)
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sekisho.gate.update.version import Version

_WHEEL = re.compile(r"([A-Za-z0-9_.]+)-([A-Za-z0-9_.!+]+)-[^-]+-[^-]+-[^-]+\.whl", re.ASCII)
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP archive can name."""
_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a version says of itself."""

    model: str
    version: Version
    minimum: Version
    """The least version that it may follow on."""
    beat_s: int
    """How long the gate may take to run well after the switch."""


def of_wheels(folder: Path, about: About) -> bytes:
    """The archive of a folder of wheels, with requirements that name each by its hash.

    Raises:
        InputError: there is no wheel, or a name is none.
        WorldError: it cannot be read.
    """
    wheels = {path.name: _read(path) for path in sorted(folder.glob("*.whl"))}
    lines = []
    for name, content in wheels.items():
        found = _WHEEL.fullmatch(name)
        if found is None:
            raise InputError(Problem(str(folder / name), _NO_WHEEL, _WHEELS))
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"{found[1].replace('_', '-')}=={found[2]} --hash=sha256:{digest}\n")
    if not lines:
        raise InputError(Problem(str(folder), _NO_WHEEL, _WHEELS))
    files = {f"wheels/{name}": content for name, content in wheels.items()}
    files["requirements.txt"] = "".join(sorted(lines)).encode()
    return packed(_manifest(about, Program.WHEELS), files)


def of_program(path: Path, about: About) -> bytes:
    """The archive of one executable file.

    Raises:
        WorldError: it cannot be read.
    """
    return packed(_manifest(about, Program.FILE), {"program": _read(path)})


def packed(manifest: Manifest, files: Mapping[str, bytes]) -> bytes:
    """The archive of a manifest and its files.

    Raises:
        InputError: no reader would take it.
    """
    parts = tuple(
        Part(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name, content in sorted(files.items())
    )
    first = manifest_bytes(replace(manifest, files=parts))
    try:
        read_manifest(first)
    except Malformed as error:
        raise InputError(Problem(NAME, _UNFIT.fill(why=error.detail), _FIT)) from error
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in [(NAME, first), *sorted(files.items())]:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = _UNIX, _MODE
            archive.writestr(info, content)
    return out.getvalue()


def _manifest(about: About, program: Program) -> Manifest:
    return Manifest(
        model=about.model,
        version=about.version,
        minimum=about.minimum,
        program=program,
        beat_s=about.beat_s,
        files=(),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        what = _UNREADABLE.fill(why=error.strerror or error)
        raise WorldError(Problem(str(path), what, _FIT)) from error


_NO_WHEEL = Text("wheel がありません。", "There is no wheel.")
_WHEELS = Text(
    "pip download や pip wheel で集めたフォルダーを指定してください。",
    "Give a folder that pip download or pip wheel filled.",
)
_UNFIT = Text("どの機械も受け取らない内容です({why})。", "No machine would take it ({why}).")
_FIT = Text("名前、大きさ、機種名、版を直してください。", "Mend names, sizes, model or version.")
_UNREADABLE = Text("読めません({why})。", "It cannot be read ({why}).")
