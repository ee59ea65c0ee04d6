"""TUF's client workflow, by python-tuf: which update is signed, newest, and whole.

Every check of signatures, thresholds, expiry and versions of metadata is the library's. Added is what
it cannot know: the versions of metadata that were seen are also kept in the updater's own record, so
that a torn or removed cache does not forget them; and a failure gets its reason here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuf.api import exceptions as tuf
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.ngclient import Updater, UpdaterConfig

from sekisho.gate.update.manifest import MOST_BYTES, MOST_WHOLE_BYTES, target_version
from sekisho.gate.update.reasons import Reason, Refused
from sekisho.shell.writing import sync_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuf.api.metadata import TargetFile
    from tuf.ngclient import FetcherInterface

    from sekisho.gate.update.version import Version

MOST_TARGET = MOST_WHOLE_BYTES + 2 * MOST_BYTES
ROLES = ("root", "timestamp", "snapshot", "targets")
_OTHER_MOMENT = ("Expected snapshot version", "Expected targets v")
"""How the library begins where snapshot or targets are not those that were signed with the rest."""
_CONFIG = UpdaterConfig(
    max_root_rotations=64,
    max_delegations=0,  # nobody may sign for the holders of the targets' keys
    root_max_length=256 * 1024,
    timestamp_max_length=16 * 1024,
    snapshot_max_length=64 * 1024,
    targets_max_length=1024 * 1024,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What the client stands on."""

    root: bytes
    """The first root, as it came with the machine."""
    cache: Path
    """Metadata that was seen."""
    seen: Mapping[str, int]
    """Its versions as the record has them; empty: none was seen."""


class Client:
    """One look at one repository."""

    def __init__(self, trust: Trust, base: str, fetcher: FetcherInterface) -> None:
        self._trust = trust
        slash = "" if base.endswith((":", "/")) else "/"
        self._targets_at = f"{base}{slash}targets/"
        try:
            self._updater = Updater(
                metadata_dir=str(trust.cache),
                metadata_base_url=f"{base}{slash}metadata/",
                fetcher=fetcher,
                config=_CONFIG,
                bootstrap=trust.root,
            )
        except tuf.RepositoryError as error:
            raise Refused(Reason.ROOT_CHAIN, _short(error)) from error

    def refresh(self) -> Mapping[str, int]:
        """Reads and verifies the metadata; their versions.

        Raises:
            Refused: something does not hold.
        """
        try:
            self._updater.refresh()
        except (tuf.RepositoryError, tuf.DownloadError) as error:
            raise Refused(_reason(error), _short(error)) from error
        self._sync()
        found = {role: self._version(role) for role in ROLES}
        older = [role for role in ROLES if found[role] < self._trust.seen.get(role, 0)]
        if older:
            role = older[0]
            detail = f"{role} {found[role]} < {self._trust.seen[role]}"
            raise Refused(Reason.METADATA_OLDER, detail)
        return found

    def newest(self, model: str) -> tuple[Version, TargetFile]:
        """The highest version for a model that the repository offers.

        Raises:
            Refused: there is none, or it is larger than any update.
        """
        targets = Metadata[Targets].from_file(str(self._trust.cache / "targets.json")).signed
        found = {
            version: name
            for name in targets.targets
            if (version := target_version(name, model)) is not None
        }
        if not found:
            raise Refused(Reason.NOTHING, model)
        version = max(found)
        info = self._updater.get_targetinfo(found[version])
        if info is None:
            raise Refused(Reason.NOTHING, model)
        if info.length > MOST_TARGET:
            raise Refused(Reason.TOO_LARGE, f"{info.length} bytes")
        if "sha256" not in info.hashes:
            raise Refused(Reason.MALFORMED, "no sha256")
        return version, info

    def fetch(self, info: TargetFile, into: Path) -> Path:
        """The archive, verified and on the disk.

        Raises:
            Refused: it is not what was signed, or does not arrive.
        """
        place = into / "target.zip"
        try:
            self._updater.download_target(info, str(place), self._targets_at)
        except tuf.LengthOrHashMismatchError as error:
            raise Refused(Reason.CHANGED, _short(error)) from error
        except (tuf.RepositoryError, tuf.DownloadError) as error:
            raise Refused(_reason(error), _short(error)) from error
        return place

    def _version(self, role: str) -> int:
        path = str(self._trust.cache / f"{role}.json")
        match role:
            case "root":
                return Metadata[Root].from_file(path).signed.version
            case "timestamp":
                return Metadata[Timestamp].from_file(path).signed.version
            case "snapshot":
                return Metadata[Snapshot].from_file(path).signed.version
            case _:
                return Metadata[Targets].from_file(path).signed.version

    def _sync(self) -> None:
        """The library renames without syncing: the files must be on the disk before they count."""
        for path in sorted(self._trust.cache.rglob("*.json")):
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        sync_names(self._trust.cache)


def _reason(error: Exception) -> Reason:  # noqa: C901 - a table, an error a line
    """The reason of a failure; where the library has one class for several, its words tell."""
    said = str(error)
    about_root = said.startswith(("root ", "Expected root version"))
    match error:
        case tuf.ExpiredMetadataError():
            return Reason.EXPIRED
        case tuf.UnsignedMetadataError() | tuf.BadVersionNumberError() if about_root:
            return Reason.ROOT_CHAIN
        case tuf.BadVersionNumberError() if said.startswith(_OTHER_MOMENT):
            return Reason.MIXED
        case tuf.BadVersionNumberError():
            return Reason.METADATA_OLDER
        case tuf.LengthOrHashMismatchError():
            return Reason.MIXED
        case tuf.UnsignedMetadataError():
            return Reason.SIGNATURES
        case tuf.DownloadLengthMismatchError():
            return Reason.TOO_LARGE
        case tuf.SlowRetrievalError():
            return Reason.TOO_SLOW
        case tuf.DownloadHTTPError():
            return Reason.INCOMPLETE
        case tuf.DownloadError():
            return Reason.UNREADABLE
        case _:
            return Reason.MALFORMED


def _short(error: Exception) -> str:
    return str(error)[:200]
