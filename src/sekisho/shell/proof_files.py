"""Evidence on disk: bundles, attestation files and the documents that they name, read with bounds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.extras import PROOF
from sekisho.shell.reading import NOT_THERE, bounded
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sekisho.evidence.bundle import Opened
    from sekisho.evidence.observation import Observation, Record
    from sekisho.evidence.observation_paper import DocumentSeen
    from sekisho.evidence.observation_words import DocumentKind
    from sekisho.proof.attestation import Attestation, AttestedDocument
    from sekisho.terms.quantity import WallMs

MOST_DOCUMENT = 64 * 1024 * 1024
"""Largest document that is hashed."""
_NO_BUNDLE = Text("証拠の束として読めません({why})。", "It is no evidence bundle ({why}).")
_AGAIN = Text(
    "sekisho probe が書いたファイルを、手を加えずに指定してください。",
    "Give a file that sekisho probe wrote, unchanged.",
)
_FOLDER = Text("フォルダーです。", "It is a folder.")
_NO_REGULAR = Text("普通のファイルではありません。", "It is not a regular file.")
_PATH = Text("パスを確かめてください。", "Check the path.")
_ONE_FILE = Text("一つのファイルを指定してください。", "Give one file.")
_THE_BUNDLE = Text(
    "その中の、sekisho probe が書いた .sekisho-bundle ファイルを指定してください{names}。",
    "Give the .sekisho-bundle file in it that sekisho probe wrote{names}.",
)
_THE_PACK = Text(
    "sekisho checklist か sekisho pack が書いた .zip ファイルを指定してください{names}。",
    "Give the .zip file that sekisho checklist or sekisho pack wrote{names}.",
)
_NAMES = Text("({names})", ": {names}")
_WRITE_ATTESTATION = Text(
    "[[document]] を並べた TOML を指定してください。", "Give a TOML file of [[document]] tables."
)


class Wanted(Enum):
    """Which file is asked for, by how its name ends."""

    FILE = ""
    BUNDLE = ".sekisho-bundle"
    PACK = ".zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The documents that whoever asks submits beside the bundle."""

    records: tuple[Record, ...]
    files: Mapping[str, bytes]
    """Each document's content, by its name."""


def load_bundle(path: Path, signers: Collection[bytes]) -> tuple[Opened, bytes]:
    """The bundle of a file, and the file's bytes.

    Raises:
        InputError: it is not there or no bundle; a changed byte is enough.
        WorldError: the extra `proof` is missing.
    """
    try:
        from sekisho.evidence import bundle  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        raise PROOF.absent(error) from error
    from sekisho.codec.strict_json import Malformed  # noqa: PLC0415 - only where it is asked for

    data = bounded_bytes(path, bundle.MOST_BYTES, Wanted.BUNDLE)
    try:
        return bundle.opened(data, signers), data
    except Malformed as flaw:
        raise InputError(Problem(str(path), _NO_BUNDLE.fill(why=flaw), _AGAIN)) from None


def load_papers(
    attestations: Sequence[Path],
    given: Sequence[tuple[DocumentKind, Path]],
    items: Collection[str],
    target: str,
    now: WallMs,
) -> Papers:
    """The documents of attestation files, hashed where they lie.

    Args:
        attestations: attestation files.
        given: documents by kind; each stands in for the file that an attestation names for that kind,
            or is submitted without any statement.
        items: the evaluation items that there are.
        target: the product, as the bundle names it.
        now: when they are read.

    Raises:
        InputError: an attestation is not well formed, or a document that was given is not there.
    """
    from sekisho.proof.attestation import read_attestation  # noqa: PLC0415 - only where it is asked for
    from sekisho.shell.site_files import text_of  # noqa: PLC0415 - only where it is asked for

    contents = {kind: (path, bounded_bytes(path, MOST_DOCUMENT)) for kind, path in given}
    seen: list[Observation] = []
    files: dict[str, bytes] = {}
    for path in attestations:
        text = text_of(path, _WRITE_ATTESTATION)
        found = read_attestation(text, str(path), items)
        files[_free(path.name, files)] = text.encode()
        for one in found.documents:
            name, content = _content(one, path.parent, contents)
            if content is not None:
                files[_free(name, files)] = content
            seen.append(_document(name, content, one.kind, one))
        if found.ports is not None:
            seen.append(_port_table(path.name, text.encode(), found))
    named = {one.document for one in seen if isinstance(one, _document_seen())}
    for kind, (path, content) in contents.items():
        if kind not in named:
            files[_free(path.name, files)] = content
            seen.append(_document(path.name, content, kind, None))
    return Papers(records=tuple(_record(one, target, now) for one in seen), files=files)


def bounded_bytes(path: Path, most: int, wanted: Wanted = Wanted.FILE) -> bytes:
    """A file's content.

    Args:
        path: the file.
        most: the largest that is read, in bytes.
        wanted: which file it should be, for whoever names a folder.

    Raises:
        InputError: it is not there, is no file, or is larger than `most` bytes.
    """
    if path.is_dir():
        raise InputError(Problem(str(path), _FOLDER, _wanted_in(path, wanted)))
    if not path.is_file():
        # A link that leads nowhere is no file either, and `exists` says so.
        what = _NO_REGULAR if path.exists() else NOT_THERE
        raise InputError(Problem(str(path), what, _PATH))
    return bounded(path, most)


def _wanted_in(folder: Path, wanted: Wanted) -> Text:
    """Which file is wanted, and the first of that kind that lie in the folder."""
    if wanted is Wanted.FILE:
        return _ONE_FILE
    try:
        found = sorted(str(one) for one in folder.glob(f"*{wanted.value}") if one.is_file())
    except OSError:
        found = []
    names = _NAMES.fill(names=listed(found[:3])) if found else Text("", "")
    return (_THE_BUNDLE if wanted is Wanted.BUNDLE else _THE_PACK).fill(names=names)


def _content(
    one: AttestedDocument, folder: Path, given: Mapping[DocumentKind, tuple[Path, bytes]]
) -> tuple[str, bytes | None]:
    """The document's name and content; no content where the file is not there."""
    if one.kind in given:
        path, content = given[one.kind]
        return path.name, content
    path = folder / one.file
    try:
        return Path(one.file).name, bounded_bytes(path, MOST_DOCUMENT)
    except InputError:
        return Path(one.file).name, None


def _document_seen() -> type[DocumentSeen]:
    from sekisho.evidence.observation_paper import DocumentSeen  # noqa: PLC0415 - pydantic is heavy

    return DocumentSeen


def _document(
    name: str, content: bytes | None, kind: DocumentKind, attested: AttestedDocument | None
) -> Observation:
    """A document as it was found, with what its attestation says; without one nobody says anything."""
    return _document_seen()(
        document=kind,
        file=name,
        sha256=_sha256(content),
        dated=None if attested is None else attested.dated,
        attested_by="" if attested is None else attested.by,
        states=() if attested is None else attested.states,
    )


def _port_table(name: str, data: bytes, attestation: Attestation) -> Observation:
    from sekisho.evidence.observation_paper import PortTable  # noqa: PLC0415 - pydantic is heavy

    return PortTable(
        file=name,
        sha256=_sha256(data),
        dated=attestation.ports_dated,
        ports=attestation.ports or (),
    )


def _record(observed: Observation, target: str, now: WallMs) -> Record:
    from sekisho import __version__  # noqa: PLC0415 - only where it is asked for
    from sekisho.evidence.observation import Record  # noqa: PLC0415 - pydantic is heavy

    return Record(
        at=now,
        program=f"sekisho {__version__}",
        method="file",
        target=target,
        transcript=None,
        observed=observed,
    )


def _sha256(content: bytes | None) -> str | None:
    from sekisho.evidence.bundle import digest_of  # noqa: PLC0415 - needs the extra

    return None if content is None else digest_of(content)


def _free(name: str, taken: Collection[str]) -> str:
    """The name, or one like it that is not taken."""
    stem, dot, suffix = name.rpartition(".")
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{stem}-{number}.{suffix}" if dot else f"{name}-{number}"
    return found
