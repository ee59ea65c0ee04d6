"""A maker of updates with all its holders of keys in one folder, as no real maker has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sekisho.gate.update.manifest import target_name
from sekisho.gate.update.version import Version, read_version
from sekisho.shell.release import keys
from sekisho.shell.release.archive import About, of_program
from sekisho.shell.release.holders import Holders
from sekisho.shell.release.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from securesystemslib.signer import CryptoSigner, SSlibKey

MODEL = "made-up-gate"
ROOTS, TARGETS, ONLINE = ("root-1", "root-2", "root-3"), ("targets-1", "targets-2"), "online"
_PROGRAM = "#!/bin/sh\n# A made-up program.\necho {version}\n"


class Maker:
    """Three holders of the root, two who sign versions, one key that publishes."""

    def __init__(self, folder: Path, model: str = MODEL) -> None:
        """A maker whose first root is published; `folder` does not exist yet."""
        self.folder, self.model = folder, model
        self.expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
        folder.mkdir(parents=True)
        for name in (*ROOTS, *TARGETS, ONLINE):
            keys.new_key(folder / f"{name}.pem", None)
        self.repository = Repository(folder / "repository")
        self.repository.init(self.holders(), self.expires, self.expires)
        self.sign(*ROOTS[:2], *TARGETS)
        self.publish()

    @property
    def published(self) -> Path:
        """The repository as machines read it."""
        return self.repository.published

    @property
    def root(self) -> Path:
        """The first root."""
        return self.published / "metadata" / "1.root.json"

    def signer(self, name: str) -> CryptoSigner:
        """A holder's key."""
        return keys.load_signer(self.folder / f"{name}.pem", str)

    def publics(self, *names: str) -> list[SSlibKey]:
        """Holders' public keys."""
        return keys.load_publics([self.folder / f"{name}.pub" for name in names])

    def holders(self, **changes: Any) -> Holders:
        """Whose signatures count."""
        held = Holders(
            root=self.publics(*ROOTS), targets=self.publics(*TARGETS), online=self.publics(ONLINE)
        )
        return replace(held, **changes)

    def sign(self, *names: str) -> None:
        """Each of these adds a signature."""
        for name in names:
            self.repository.sign(self.signer(name))

    def publish(self, expires: datetime | None = None) -> None:
        """Publishes, with its own online key."""
        self.repository.publish(self.signer(ONLINE), expires or self.expires)

    def program(self, version: str, **how: Any) -> str:  # noqa: ARG002 - for makers of others
        """The text of a made-up program."""
        return _PROGRAM.format(version=version)

    def archive(
        self, version: str, *, minimum: str = "0.0.0", beat_s: int = 5, **how: Any
    ) -> bytes:
        """The bytes of an archive of a made-up program."""
        path = self.folder / "program"
        path.write_text(self.program(version, **how), encoding="utf-8")
        about = About(
            model=self.model,
            version=read_version(version),
            minimum=read_version(minimum),
            beat_s=beat_s,
        )
        return of_program(path, about)

    def add(
        self,
        version: str,
        content: bytes | None = None,
        expires: datetime | None = None,
        **how: Any,
    ) -> None:
        """Adds a version to the draft."""
        path = self.folder / "archive.zip"
        path.write_bytes(self.archive(version, **how) if content is None else content)
        name = target_name(self.model, read_version(version))
        self.repository.add(path, name, expires or self.expires)

    def offer(self, version: str, content: bytes | None = None, **how: Any) -> Path:
        """Adds a version, signs it, publishes it."""
        self.add(version, content, **how)
        self.sign(*TARGETS)
        self.publish()
        return self.published

    def withdraw(self, version: Version) -> Path:
        """Takes a version back: what is newest then is an older one, as validly signed."""
        self.repository.remove(target_name(self.model, version))
        self.sign(*TARGETS)
        self.publish()
        return self.published
