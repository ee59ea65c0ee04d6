"""What an updater reads: manifests, archives, records, and the words between it and the gate."""

from __future__ import annotations

import contextlib
import io
import zipfile
from typing import TYPE_CHECKING, Final

from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.beat import Beat, beat_bytes, read_beat
from sekisho.gate.update.manifest import (
    Manifest,
    Part,
    Program,
    manifest_bytes,
    read_manifest,
)
from sekisho.gate.update.reasons import Refused
from sekisho.gate.update.record import read_record, record_bytes
from sekisho.gate.update.steps import Record, begun
from sekisho.gate.update.told import Told, read_told, told_bytes
from sekisho.gate.update.version import Version
from sekisho.shell.update.archive import opened
from tools.fuzz import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
_MANIFEST = Manifest(
    model="made-up-gate",
    version=Version(1, 2, 3),
    minimum=Version(1, 0, 0),
    program=Program.FILE,
    beat_s=60,
    files=(Part(name="program", size=1, sha256=_OF_X),),
)
_RECORD = begun(Record(current=Version(1, 0, 0), seen={"root": 1}), Version(1, 2, 3), _OF_X, 5)
_BEAT = Beat(
    program="1.2.3",
    started=1,
    boot=2,
    ticks=3,
    entries=4,
    behind_ms=0,
    at_rest=True,
    time_floor=5,
)
_TOLD = Told(number=1, old="1.0.0", new="1.2.3", digest=_OF_X, why=None)


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("manifest.json"), manifest_bytes(_MANIFEST))
        archive.writestr(zipfile.ZipInfo("program"), b"x")
    return out.getvalue()


def _words(data: bytes) -> None:
    """Nothing but `Malformed`, and what is read is written back as it was."""
    for again in (_manifest, _record, _beat):
        with contextlib.suppress(Malformed):
            if again(data) != data:
                raise AssertionError(again)
    with contextlib.suppress(Malformed):
        read_told(data)


def _manifest(data: bytes) -> bytes:
    return manifest_bytes(read_manifest(data))


def _record(data: bytes) -> bytes:
    return record_bytes(read_record(data))


def _beat(data: bytes) -> bytes:
    return beat_bytes(read_beat(data))


def _archives(data: bytes) -> None:
    """Nothing but `Refused`, and never another content than the manifest's."""
    with contextlib.suppress(Refused), opened(io.BytesIO(data)) as archive:
        archive.verify()


TARGETS: Final[Mapping[str, Target]] = {
    "update-words": Target(
        _words,
        (
            manifest_bytes(_MANIFEST),
            record_bytes(_RECORD),
            beat_bytes(_BEAT),
            told_bytes(_TOLD),
        ),
    ),
    "update-archive": Target(_archives, (_archive(),)),
}
