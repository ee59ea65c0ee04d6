"""Evidence on disk: bundles, attestation files and the documents that they name, read with bounds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.extras import PROOF
from sekisho.shell.reading import bounded
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

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
_NOT_THERE = Text("読めません({why})。", "It cannot be read ({why}).")
_CHECK = Text("パスと権限を確かめてください。", "Check the path and its permissions.")
_WRITE_ATTESTATION = Text(
    "[[document]] を並べた TOML を指定してください。", "Give a TOML file of [[document]] tables."
)


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

    data = bounded_bytes(path, bundle.MOST_BYTES)
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


def bounded_bytes(path: Path, most: int) -> bytes:
    """A file's content.

    Raises:
        InputError: it cannot be read, or is larger than `most` bytes.
    """
    if not path.is_file():
        why = Text("普通のファイルではありません", "not a regular file")
        raise InputError(Problem(str(path), _NOT_THERE.fill(why=why), _CHECK))
    return bounded(path, most)


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
