"""Sealing at rest: AES-256-GCM under a key of this device, each blob bound to its name.

A sealed blob is `SKSEAL`, the format's version (1), the key's id (8 bytes), a nonce (12 bytes), and
the ciphertext with its tag. Everything before the ciphertext, and the name, is associated data:
a blob that was changed, moved to another name or sealed by another device is refused. An *older*
blob of the same name is not: who can write the folder can put yesterday's there.

A nonce is random; NIST SP 800-38D section 8.3 bounds that to 2^32 blobs under one key, which files
that people change do not reach.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.shell.device_key import (
    DEVICE_KEY,
    ID_BYTES,
    KEY_BYTES,
    DeviceKey,
    device_keys,
    world,
)
from sekisho.shell.keys import gate_parts_missing
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from sekisho.shell.gate.state_folder import StateFolder

LOCK = "device.lock"
"""Held shared by who seals, alone by who rotates."""
MAGIC = b"SKSEAL\x01"
"""Begins every sealed blob; its last byte is the format's version."""
_NONCE_BYTES, _TAG_BYTES = 12, 16
_HEAD_BYTES = len(MAGIC) + ID_BYTES
OVERHEAD_BYTES = _HEAD_BYTES + _NONCE_BYTES + _TAG_BYTES

_NO_KEY = Text("デバイス鍵がありません。", "There is no device key.")
_LOST = Text(
    "封じたファイルがあるのに、デバイス鍵がありません。",
    "There are sealed files, and no device key.",
)
_WHERE_KEY = Text(
    "サービスが systemd の認証情報で鍵を受け取るなら、このコマンドにも同じ認証情報"
    "(sekisho-device.key)を渡してください。鍵が失われたなら、バックアップから復元するか、"
    "初期化からやり直してください。",
    "If the service gets its key as a systemd credential, give this command the same one "
    "(sekisho-device.key). If the key is lost, restore a backup or begin anew.",
)
_NOT_SEALED = Text("封じたファイルではありません。", "It is not sealed.")
_SEAL = Text("sekisho gate seal を実行してください。", "Run sekisho gate seal.")
_OTHER_KEY = Text("別のデバイス鍵で封じられています。", "It is sealed under another device's key.")
_CHANGED = Text(
    "書き換えられたか、別の名前から移されています。", "It was changed, or moved from another name."
)
_RESTORE = Text("バックアップから復元してください。", "Restore it from a backup.")


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals under the first key, opens what any of them has sealed."""

    keys: tuple[DeviceKey, ...]

    @property
    def key(self) -> DeviceKey:
        """The key under which is sealed now."""
        return self.keys[0]

    def seal(self, name: str, content: bytes) -> bytes:
        """A blob that only this device opens, and only under this name."""
        head = MAGIC + self.key.id
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return head + nonce + _cipher(self.key).encrypt(nonce, content, _bound(head, name))

    def open(self, name: str, blob: bytes) -> bytes:
        """What was sealed under this name.

        Raises:
            InputError: it is no sealed blob, is sealed by another key, was changed or moved.
            WorldError: the extra `gate` is missing.
        """
        try:
            from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - the extra, where it is there
        except ImportError as error:
            raise gate_parts_missing(error) from error

        if not is_sealed(blob):
            raise InputError(Problem(name, _NOT_SEALED, _SEAL))
        if len(blob) < OVERHEAD_BYTES:
            raise InputError(Problem(name, _CHANGED, _RESTORE))
        head, nonce = blob[:_HEAD_BYTES], blob[_HEAD_BYTES : _HEAD_BYTES + _NONCE_BYTES]
        key = next((k for k in self.keys if hmac.compare_digest(k.id, head[len(MAGIC) :])), None)
        if key is None:
            raise InputError(Problem(name, _OTHER_KEY, _WHERE_KEY))
        try:
            sealed = blob[_HEAD_BYTES + _NONCE_BYTES :]
            return _cipher(key).decrypt(nonce, sealed, _bound(head, name))
        except InvalidTag:
            raise InputError(Problem(name, _CHANGED, _RESTORE)) from None

    def is_current(self, blob: bytes) -> bool:
        """Whether a blob is sealed under the key of now."""
        return is_sealed(blob) and blob[len(MAGIC) : _HEAD_BYTES] == self.key.id


def is_sealed(content: bytes) -> bool:
    """Whether these bytes begin as a sealed blob does."""
    return content.startswith(MAGIC)


def sealer_of(folder: StateFolder) -> Sealer:
    """The sealer of a state folder, with the keys as they stand now.

    Raises:
        InputError: there is no key, or it is open to others or damaged.
        WorldError: the disk failed.
    """
    keys = device_keys(folder)
    if not keys:
        raise InputError(Problem(str(folder.file(DEVICE_KEY)), _NO_KEY, _WHERE_KEY))
    return Sealer(keys)


def ensure_device_key(folder: StateFolder) -> Sealer:
    """The sealer of a state folder; its key is made where there is none.

    Raises:
        InputError: the key is missing and something was sealed under it, or it is damaged.
        WorldError: the disk failed.
    """
    with locked(folder, fcntl.LOCK_EX):
        keys = device_keys(folder)
        if not keys:
            if sealed_names(folder):
                raise InputError(Problem(str(folder.file(DEVICE_KEY)), _LOST, _WHERE_KEY))
            folder.write(DEVICE_KEY, secrets.token_bytes(KEY_BYTES))
            keys = device_keys(folder)
        return Sealer(keys)


def write_sealed(folder: StateFolder, name: str, content: bytes) -> None:
    """Replace one file of the folder by sealed content, whole and synced.

    Raises:
        InputError: there is no device key.
        WorldError: it cannot be written; the old one stays.
    """
    with locked(folder, fcntl.LOCK_SH):  # a rotation would not see what is sealed meanwhile
        folder.write(name, sealer_of(folder).seal(name, content))


def read_sealed(folder: StateFolder, name: str) -> bytes:
    """What was sealed into a file of the folder.

    Raises:
        InputError: there is none, it is not sealed, or not by this device under this name.
        WorldError: the disk failed.
    """
    with locked(folder, fcntl.LOCK_SH):  # blob and keys of the same moment
        return sealer_of(folder).open(name, folder.read(name))


def read_kept(folder: StateFolder, name: str) -> bytes:
    """The content of a file of the folder, opened where it is sealed.

    What the authority signed and was put there by hand is clear until the next `seal_all`.

    Raises:
        InputError: there is none, or it is sealed and cannot be opened.
        WorldError: the disk failed.
    """
    content = folder.read(name)
    return read_sealed(folder, name) if is_sealed(content) else content


def sealed_names(folder: StateFolder) -> tuple[str, ...]:
    """The sealed files of a folder, by name."""
    return tuple(
        place.name
        for place in sorted(folder.path.iterdir())
        if place.is_file() and not place.name.startswith(".") and _begins_sealed(place)
    )


def destroy(place: Path) -> None:
    """Overwrite a file, then remove it. Flash memory may keep what stood there all the same.

    Raises:
        OSError: the disk failed.
    """
    with place.open("r+b", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        place.unlink()  # first: a half overwritten key under its name would be a riddle
        stream.write(secrets.token_bytes(size))
        os.fsync(stream.fileno())


def _cipher(key: DeviceKey) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM as Aead  # noqa: PLC0415, N811 - the extra; a name of a type
    except ImportError as error:
        raise gate_parts_missing(error) from error
    return Aead(key.secret)


def _bound(head: bytes, name: str) -> bytes:
    return head + name.encode()


def _begins_sealed(place: Path) -> bool:
    with place.open("rb") as stream:
        return is_sealed(stream.read(len(MAGIC)))


@contextmanager
def locked(folder: StateFolder, how: int) -> Iterator[None]:
    """Hold the folder's sealing: shared (`LOCK_SH`) by who seals, alone (`LOCK_EX`) by who rotates.

    Raises:
        WorldError: the disk failed.
    """
    place = folder.file(LOCK)
    try:
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, how)
            yield
        finally:
            os.close(handle)
    except OSError as error:
        raise world(place, error) from error
