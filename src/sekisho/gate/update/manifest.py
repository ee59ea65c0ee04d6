"""The manifest of a version: what the archive of an update says of itself, read strictly.

The archive is one file of a TUF repository, so what stands here was signed by the makers' keys. It is
read as an enemy's all the same: a signed mistake must not reach outside its folder either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.evidence.canonical import read, written
from sekisho.gate.update.version import Version, read_version

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
NAME = "manifest.json"
"""Its name in the archive; it is the first member."""
MOST_BYTES = 1024 * 1024
MOST_FILES = 1_000
MOST_FILE_BYTES = 512 * 1024 * 1024
MOST_WHOLE_BYTES = 1024 * 1024 * 1024
"""Of all files together."""
BEAT_S = range(5, 601)
"""How long the gate may take to run well after the switch."""
MODEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
FILE = re.compile(r"(?:wheels/)?[A-Za-z0-9][A-Za-z0-9._+-]{0,199}", re.ASCII)
"""A name: one level deep at most, no dot in front, nothing that a file system reads in another way."""
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEMBERS = {"beat_s", "files", "format", "minimum", "model", "program", "version"}
_FILE_MEMBERS = {"bytes", "name", "sha256"}


class Program(StrEnum):
    """How the version becomes a program."""

    WHEELS = "wheels"
    """`requirements.txt` with hashes, and the wheels it names; an environment is built of them."""
    FILE = "file"
    """One executable file, `program`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of the archive."""

    name: str
    size: int
    sha256: str
    """Hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself."""

    model: str
    """Of the product; an update for another one is refused."""
    version: Version
    minimum: Version
    """The least version that it may follow on."""
    program: Program
    beat_s: int
    """How long, in s, the gate may take to run well after the switch."""
    files: tuple[Part, ...]
    """Everything else in the archive, sorted by name."""


def read_manifest(data: bytes) -> Manifest:
    """The manifest of its one spelling.

    Raises:
        Malformed: it is too large, not canonical JSON, or says something that no manifest says.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(Flaw.SIZE, f"{len(data)} bytes, most {MOST_BYTES}")
    found = read(data)
    if set(found) != _MEMBERS:
        raise Malformed(Flaw.MEMBER, "not exactly the members of a manifest")
    if found["format"] != FORMAT or type(found["format"]) is not int:
        raise Malformed(Flaw.VALUE, "format")
    files = _files(found["files"])
    program = _program(_text(found, "program"), {part.name for part in files})
    version, minimum = _version(found, "version"), _version(found, "minimum")
    if minimum > version:
        raise Malformed(Flaw.VALUE, "minimum is above version")
    return Manifest(
        model=_matching(_text(found, "model"), MODEL, "model"),
        version=version,
        minimum=minimum,
        program=program,
        beat_s=_whole(found["beat_s"], BEAT_S, "beat_s"),
        files=files,
    )


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest's one spelling."""
    return written(
        {
            "format": FORMAT,
            "model": manifest.model,
            "version": str(manifest.version),
            "minimum": str(manifest.minimum),
            "program": manifest.program.value,
            "beat_s": manifest.beat_s,
            "files": [
                {"name": part.name, "bytes": part.size, "sha256": part.sha256}
                for part in manifest.files
            ],
        }
    )


def target_name(model: str, version: Version) -> str:
    """The name of an archive in the repository."""
    return f"{model}-{version}.zip"


def target_version(name: str, model: str) -> Version | None:
    """The version of a target of this model; None where it is something else."""
    if not (name.startswith(f"{model}-") and name.endswith(".zip")):
        return None
    try:
        return read_version(name.removeprefix(f"{model}-").removesuffix(".zip"))
    except ValueError:
        return None


def _files(value: object) -> tuple[Part, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_FILES:
        raise Malformed(Flaw.VALUE, "files")
    files = tuple(_part(one) for one in value)
    names = [part.name for part in files]
    if names != sorted(names) or len({name.casefold() for name in names}) != len(names):
        raise Malformed(Flaw.VALUE, "files are not sorted, or one stands twice")
    if sum(part.size for part in files) > MOST_WHOLE_BYTES:
        raise Malformed(Flaw.SIZE, "all files together are too large")
    return files


def _part(value: object) -> Part:
    if not isinstance(value, dict) or set(value) != _FILE_MEMBERS:
        raise Malformed(Flaw.MEMBER, "not exactly the members of a file")
    name = _matching(_text(value, "name"), FILE, "name")
    if name == NAME:
        raise Malformed(Flaw.VALUE, "the manifest names itself")
    return Part(
        name=name,
        size=_whole(value["bytes"], range(MOST_FILE_BYTES + 1), "bytes"),
        sha256=_matching(_text(value, "sha256"), _SHA256, "sha256"),
    )


def _program(word: str, names: set[str]) -> Program:
    if word not in set(Program):
        raise Malformed(Flaw.VALUE, "program")
    program = Program(word)
    match program:
        case Program.FILE if names != {"program"}:
            raise Malformed(Flaw.VALUE, "not exactly one file named program")
        case Program.WHEELS if "requirements.txt" not in names or not all(
            name == "requirements.txt" or (name.startswith("wheels/") and name.endswith(".whl"))
            for name in names
        ):
            raise Malformed(Flaw.VALUE, "not requirements.txt and wheels alone")
        case Program.FILE | Program.WHEELS:
            return program


def _version(found: Mapping[str, object], name: str) -> Version:
    try:
        return read_version(_text(found, name))
    except ValueError:
        raise Malformed(Flaw.VALUE, name) from None


def _text(found: Mapping[str, object], name: str) -> str:
    value = found[name]
    if not isinstance(value, str):
        raise Malformed(Flaw.VALUE, name)
    return value


def _matching(value: str, form: re.Pattern[str], name: str) -> str:
    if form.fullmatch(value) is None:
        raise Malformed(Flaw.VALUE, name)
    return value


def _whole(value: object, within: range, name: str) -> int:
    if type(value) is not int or value not in within:
        raise Malformed(Flaw.VALUE, name)
    return value
