"""A repository in the making: drafts that wait for signatures, and what is published.

    REPOSITORY/
      draft/root.json, draft/targets.json     wait for signatures of their holders
      draft/targets/                          archives of the draft
      published/metadata, published/targets   a TUF repository as machines read it

Holders of keys sit at different machines: the folder (or `draft/` alone) goes from one to the next,
and each adds one signature. Nothing is published under its threshold. With the days of expiry given,
the same steps give the same bytes.
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from sekisho.shell.release.holders import entrust
from sekisho.shell.writing import write_whole
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from securesystemslib.signer import CryptoSigner

    from sekisho.shell.release.holders import Holders

_HASHES = ["sha256"]
_EPOCH = (1980, 1, 1, 0, 0, 0)
S = TypeVar("S", Root, Targets)
_Draft: TypeAlias = Metadata[Root] | Metadata[Targets]


@dataclass(frozen=True, slots=True)
class Waits:
    """A draft, and how many signatures it lacks."""

    name: str
    version: int
    signed: tuple[str, ...]
    """Key ids."""
    missing: int


class Repository:
    """See the module's text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.draft = path / "draft"
        self.published = path / "published"
        self._metadata = self.published / "metadata"

    # ---- drafts --------------------------------------------------------------------------------

    def init(self, holders: Holders, root_expires: datetime, targets_expires: datetime) -> None:
        """A new repository with a first root and no targets, both waiting for signatures.

        Raises:
            InputError: there is one already, or the holders are too few.
        """
        if self.draft.exists() or self.published.exists():
            raise InputError(Problem(str(self.path), _THERE, _ELSEWHERE))
        root = Root(version=1, expires=root_expires, consistent_snapshot=True)
        entrust(root, holders)
        self._save("root", Metadata(root))
        self._save("targets", Metadata(Targets(version=1, expires=targets_expires)))

    def rotate(self, holders: Holders, expires: datetime) -> None:
        """A draft of the next root with other holders; old and new ones must sign it.

        Raises:
            InputError: nothing is published yet, a draft waits, or the holders are too few.
        """
        if self._drafted("root"):
            raise InputError(Problem(str(self.draft), _WAITS, _SIGN_FIRST))
        before = self._root()
        root = Root(version=before.version + 1, expires=expires, consistent_snapshot=True)
        entrust(root, holders)
        self._save("root", Metadata(root))
        if not self._drafted("targets"):  # its signatures may be of holders that are gone
            self._save("targets", Metadata(self._drafted_targets()))

    def add(self, archive: Path, name: str, expires: datetime) -> None:
        """Puts an archive into the draft of the targets; signatures that it had are void.

        Raises:
            InputError: there is no repository.
        """
        targets = self._drafted_targets()
        place = self.draft / "targets" / name
        write_whole(place, archive.read_bytes())
        targets.targets[name] = TargetFile.from_file(name, str(place), _HASHES)
        targets.targets = dict(sorted(targets.targets.items()))
        targets.expires = expires
        self._save("targets", Metadata(targets))

    def remove(self, name: str) -> None:
        """Takes an archive out of the draft of the targets; machines that have it keep it.

        Raises:
            InputError: there is no repository, or no such archive.
        """
        targets = self._drafted_targets()
        if targets.targets.pop(name, None) is None:
            raise InputError(Problem(name, _NONE, _INIT))
        self._save("targets", Metadata(targets))

    def sign(self, signer: CryptoSigner) -> list[str]:
        """Adds one signature to every draft that this key may sign; their names.

        Raises:
            InputError: no draft waits for this key.
        """
        keyid, signed = signer.public_key.keyid, []
        for name in ("root", "targets"):
            if not self._drafted(name):
                continue
            draft = self._read(name, self.draft / f"{name}.json")
            if any(keyid in root.roles[name].keyids for root in self._roots()):
                draft.sign(signer, append=True)
                self._save(name, draft)
                signed.append(name)
        if not signed:
            raise InputError(Problem(str(self.draft), _NOT_YOURS.fill(key=keyid[:12]), _WHOSE))
        return signed

    def waits(self) -> list[Waits]:
        """The drafts, and what they lack."""
        found = []
        for name in ("root", "targets"):
            if self._drafted(name):
                draft = self._read(name, self.draft / f"{name}.json")
                signed, missing = self._lacks(name, draft)
                found.append(Waits(name, draft.signed.version, signed, missing))
        return found

    # ---- publishing ----------------------------------------------------------------------------

    def publish(self, signer: CryptoSigner, expires: datetime) -> None:
        """Publishes the drafts and says anew what is newest; without drafts, only the latter.

        Raises:
            InputError: a draft lacks signatures, or the key is not an online one.
        """
        for waiting in self.waits():
            if waiting.missing:
                what = _LACKS.fill(name=same(waiting.name), missing=waiting.missing)
                raise InputError(Problem(str(self.draft / f"{waiting.name}.json"), what, _SIGN))
        root = self._roots()[-1]
        if signer.public_key.keyid not in root.roles["timestamp"].keyids:
            keyid = signer.public_key.keyid[:12]
            raise InputError(Problem(str(self.path), _NOT_YOURS.fill(key=keyid), _WHOSE))
        self._publish_drafts()
        self._publish_newest(signer, expires)

    def archive(self, out: Path) -> None:
        """The published repository as one archive, for a stick."""
        beside = out.with_name(f".{out.name}.partial")
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(self.published.rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    info = zipfile.ZipInfo(str(path.relative_to(self.published)), _EPOCH)
                    info.create_system, info.external_attr = 3, 0o100644 << 16
                    with path.open("rb") as stream, archive.open(info, "w") as member:
                        shutil.copyfileobj(stream, member)
        beside.replace(out)

    def _publish_drafts(self) -> None:
        if self._drafted("targets"):
            for path in sorted((self.draft / "targets").glob("*")):
                hashed = TargetFile.from_file(path.name, str(path), _HASHES).hashes["sha256"]
                write_whole(self.published / "targets" / f"{hashed}.{path.name}", path.read_bytes())
        for name in ("root", "targets"):
            if self._drafted(name):
                draft = self._read(name, self.draft / f"{name}.json")
                write_whole(
                    self._metadata / f"{draft.signed.version}.{name}.json",
                    (self.draft / f"{name}.json").read_bytes(),
                )
        shutil.rmtree(self.draft, ignore_errors=True)

    def _publish_newest(self, signer: CryptoSigner, expires: datetime) -> None:
        targets = self._latest("targets")
        listed = MetaFile.from_data(
            self._read("targets", targets).signed.version, targets.read_bytes(), _HASHES
        )
        before = self._any("snapshot")
        version = 1 if before is None else int(before.name.partition(".")[0]) + 1
        snapshot = Snapshot(version=version, expires=expires, meta={"targets.json": listed})
        content = _signed(Metadata(snapshot), signer)
        write_whole(self._metadata / f"{version}.snapshot.json", content)
        newest = MetaFile.from_data(version, content, _HASHES)
        timestamp = Timestamp(version=version, expires=expires, snapshot_meta=newest)
        write_whole(self._metadata / "timestamp.json", _signed(Metadata(timestamp), signer))

    # ---- parts ---------------------------------------------------------------------------------

    def _roots(self) -> list[Root]:
        """The roots that count for a draft: the published one, and the drafted one."""
        found = []
        if self._any("root") is not None:
            found.append(self._root())
        if self._drafted("root"):
            found.append(self._read_root(self.draft / "root.json").signed)
        if not found:
            raise InputError(Problem(str(self.path), _NONE, _INIT))
        return found

    def _lacks(self, name: str, draft: _Draft) -> tuple[tuple[str, ...], int]:
        """Who has signed a draft, and how many signatures are missing."""
        roots = self._roots() if name == "root" else self._roots()[-1:]
        found = [
            root.get_verification_result(name, draft.signed_bytes, draft.signatures)
            for root in roots
        ]
        signed = {keyid for one in found for keyid in one.signed}
        return tuple(sorted(signed)), max(one.missing for one in found)

    def _drafted(self, name: str) -> bool:
        return (self.draft / f"{name}.json").is_file()

    def _save(self, name: str, draft: _Draft) -> None:
        draft.signatures = dict(sorted(draft.signatures.items()))
        write_whole(self.draft / f"{name}.json", draft.to_bytes(JSONSerializer()))

    def _root(self) -> Root:
        return self._read_root(self._latest("root")).signed

    def _drafted_targets(self) -> Targets:
        """The draft of the targets, or the beginning of the next one."""
        if self._drafted("targets"):
            return self._read_targets(self.draft / "targets.json")
        targets = self._published_targets()
        targets.version += 1
        return targets

    def _published_targets(self) -> Targets:
        return self._read_targets(self._latest("targets"))

    def _read(self, name: str, path: Path) -> _Draft:
        if name == "root":
            return self._read_root(path)
        return _metadata(Targets, path)

    def _read_root(self, path: Path) -> Metadata[Root]:
        return _metadata(Root, path)

    def _read_targets(self, path: Path) -> Targets:
        return _metadata(Targets, path).signed

    def _latest(self, name: str) -> Path:
        found = self._any(name)
        if found is None:
            raise InputError(Problem(str(self.path), _NONE, _INIT))
        return found

    def _any(self, name: str) -> Path | None:
        """The published metadata of a role with the highest version."""
        found = list(self._metadata.glob(f"*.{name}.json"))
        return max(found, key=lambda path: int(path.name.partition(".")[0]), default=None)


def _metadata(kind: type[S], path: Path) -> Metadata[S]:
    try:
        found = Metadata[S].from_bytes(path.read_bytes())
    except (RepositoryError, OSError, ValueError) as error:
        raise InputError(Problem(str(path), _BROKEN, _INIT)) from error
    if not isinstance(found.signed, kind):
        raise InputError(Problem(str(path), _BROKEN, _INIT))
    return found


def _signed(metadata: Metadata, signer: CryptoSigner) -> bytes:  # type: ignore[type-arg]  # of any role
    metadata.sign(signer)
    return metadata.to_bytes(JSONSerializer())


_THERE = Text("既に公開庫があります。", "There is a repository already.")
_ELSEWHERE = Text("別の場所を指定してください。", "Give another place.")
_WAITS = Text("署名を待つ根の下書きがあります。", "A draft of a root waits for signatures.")
_SIGN_FIRST = Text("先に署名して公開してください。", "Sign and publish it first.")
_NOT_YOURS = Text(
    "この鍵({key}…)に求められる署名はありません。",
    "Nothing asks for a signature of this key ({key}…).",
)
_WHOSE = Text("その役の鍵を使ってください。", "Use a key of that role.")
_LACKS = Text("{name} に署名があと {missing} つ要ります。", "{name} lacks {missing} signature(s).")
_SIGN = Text(
    "ほかの鍵の持ち主が sekisho release sign を実行してください。",
    "Another holder of a key runs sekisho release sign.",
)
_NONE = Text(
    "公開庫がないか、まだ何も公開していません。", "There is no repository, or nothing is published."
)
_INIT = Text("sekisho release init から始めてください。", "Begin with sekisho release init.")
_BROKEN = Text("この目録を読めません。", "This metadata cannot be read.")
