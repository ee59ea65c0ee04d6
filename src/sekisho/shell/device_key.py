"""The device key: 256 random bits that every sealed blob of one device stands under.

`sekisho-device.key` in the folder of systemd credentials (`$CREDENTIALS_DIRECTORY`) wins where it is
given, because it can be bound to a TPM and then does not stand on the disk that holds the blobs.
Otherwise it is the file `device.key` of the state folder, its owner's alone: that protects copies
made without it, and makes destroying it destroy the rest; it does not protect from who takes the
whole disk.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho.shell.keys import read_private
from sekisho.terms.errors import InputError, Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.gate.state_folder import StateFolder

DEVICE_KEY = "device.key"
"""The device key where no credential is given: 32 bytes, its owner's alone."""
NEXT_KEY = "device.key.next"
"""The key that a rotation leads to, until everything is sealed under it."""
CREDENTIAL = "sekisho-device.key"
"""Name of the systemd credential; `sekisho-device.key.old` opens and does not seal."""
OLD_CREDENTIAL = f"{CREDENTIAL}.old"
CREDENTIALS = "CREDENTIALS_DIRECTORY"
KEY_BYTES = 32
ID_BYTES = 8

_SHORT = Text("デバイス鍵は32バイトです。", "A device key has 32 bytes.")
_OPEN = Text("ほかの利用者が読めます。", "Others can read it.")
_CLOSE = Text(
    "systemd の LoadCredential= か LoadCredentialEncrypted= で渡してください。",
    "Give it with systemd's LoadCredential= or LoadCredentialEncrypted=.",
)
_RESTORE = Text("バックアップから復元してください。", "Restore it from a backup.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKey:
    """One device key, and where it came from."""

    secret: bytes = field(repr=False)
    where: Path

    @property
    def id(self) -> bytes:
        """What a blob names it by; says nothing of the key."""
        return hmac.digest(self.secret, b"sekisho device key id", hashlib.sha256)[:ID_BYTES]


def device_keys(folder: StateFolder) -> tuple[DeviceKey, ...]:
    """Every key of the folder, the one that seals first; none where there is none.

    Raises:
        InputError: a key is open to others, or damaged.
        WorldError: the disk failed.
    """
    given = []
    if credential(CREDENTIAL) is not None:
        given = [credential(CREDENTIAL), credential(OLD_CREDENTIAL)]
    own = [folder.file(name) for name in (NEXT_KEY, DEVICE_KEY) if folder.has(name)]
    return (
        *(_key(place, _read_credential(place)) for place in given if place is not None),
        *(_key(place, read_private(place)) for place in own),
    )


def credential(name: str) -> Path | None:
    """Where a systemd credential of this name stands; None where none is given."""
    given = os.environ.get(CREDENTIALS)
    place = Path(given) / name if given else None
    return place if place is not None and place.is_file() else None


def _read_credential(place: Path) -> bytes:
    """A credential; systemd lets the service's user read it through an access list, not by owner."""
    try:
        with place.open("rb") as stream:
            if os.fstat(stream.fileno()).st_mode & stat.S_IRWXO:
                raise InputError(Problem(str(place), _OPEN, _CLOSE))
            return stream.read(KEY_BYTES + 1)
    except OSError as error:
        raise world(place, error) from error


def _key(place: Path, secret: bytes) -> DeviceKey:
    if len(secret) != KEY_BYTES:
        raise InputError(Problem(str(place), _SHORT, _RESTORE))
    return DeviceKey(secret=secret, where=place)


def world(place: Path, error: OSError) -> WorldError:
    """What to tell where the disk fails under a sealed folder."""
    why = error.strerror or str(error)
    return WorldError(
        Problem(
            str(place),
            Text("使えません({why})。", "It cannot be used ({why}).").fill(why=why),
            Text(
                "場所と権限、ディスクの空きを確かめてください。",
                "Check the place, its permissions, and that the disk has room.",
            ),
        )
    )
