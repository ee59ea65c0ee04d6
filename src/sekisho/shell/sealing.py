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
    CREDENTIAL,
    DEVICE_KEY,
    ID_BYTES,
    KEY_BYTES,
    NEXT_KEY,
    DeviceKey,
    credential,
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
_CREDENTIAL_STAYS = Text(
    "鍵は systemd の認証情報です。ここでは替えられません。",
    "The key is a systemd credential; it is not changed from here.",
)
_CHANGE_CREDENTIAL = Text(
    "新しい鍵を sekisho-device.key、今の鍵を sekisho-device.key.old として渡し、"
    "sekisho gate seal を実行してください。",
    "Give the new one as sekisho-device.key and the present one as sekisho-device.key.old, "
    "then run sekisho gate seal.",
)


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
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415  the extra

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
    with _locked(folder, fcntl.LOCK_EX):
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
    with _locked(folder, fcntl.LOCK_SH):  # a rotation would not see what is sealed meanwhile
        folder.write(name, sealer_of(folder).seal(name, content))


def read_sealed(folder: StateFolder, name: str) -> bytes:
    """What was sealed into a file of the folder.

    Raises:
        InputError: there is none, it is not sealed, or not by this device under this name.
        WorldError: the disk failed.
    """
    with _locked(folder, fcntl.LOCK_SH):  # blob and keys of the same moment
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


def seal_all(folder: StateFolder, names: tuple[str, ...]) -> tuple[str, ...]:
    """Seal what stands clear under these names, and everything sealed under an older key.

    Each file is clear, or sealed, and never half of it: it can end anywhere and be done again.

    Returns:
        The names that were sealed now.

    Raises:
        InputError: a file cannot be opened, or the device key is lost.
        WorldError: the disk failed; what was sealed until then stays sealed.
    """
    ensure_device_key(folder)
    with _locked(folder, fcntl.LOCK_EX):
        sealer = Sealer(device_keys(folder))
        clear = [n for n in names if folder.has(n) and not is_sealed(folder.read(n))]
        older = [n for n in sealed_names(folder) if not sealer.is_current(folder.read(n))]
        for name in clear:
            _replace_clear(folder, name, sealer)
        for name in older:
            folder.write(name, sealer.seal(name, sealer.open(name, folder.read(name))))
        _settle(folder, sealer)
        return tuple(sorted({*clear, *older}))


def rotate(folder: StateFolder) -> tuple[str, ...]:
    """Give the folder a new device key, seal everything under it, and destroy the old key.

    A rotation that was interrupted goes on: until it has ended both keys open.

    Returns:
        The names that were sealed anew.

    Raises:
        InputError: the key is a credential, or a file cannot be opened.
        WorldError: the disk failed; both keys stay.
    """
    with _locked(folder, fcntl.LOCK_EX):
        if (given := credential(CREDENTIAL)) is not None:
            raise InputError(Problem(str(given), _CREDENTIAL_STAYS, _CHANGE_CREDENTIAL))
        sealer_of(folder)
        if not folder.has(NEXT_KEY):
            folder.write(NEXT_KEY, secrets.token_bytes(KEY_BYTES))
    return seal_all(folder, ())


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


def _replace_clear(folder: StateFolder, name: str, sealer: Sealer) -> None:
    """Puts a sealed file in the place of a clear one, and overwrites the clear bytes."""
    with folder.file(name).open("r+b", buffering=0) as clear:
        content = folder.read(name)
        folder.write(name, sealer.seal(name, content))
        clear.write(secrets.token_bytes(len(content)))
        os.fsync(clear.fileno())


def _settle(folder: StateFolder, sealer: Sealer) -> None:
    """Leaves the key of now alone in the folder, once everything is sealed under it."""
    own, following = folder.file(DEVICE_KEY), folder.file(NEXT_KEY)
    try:
        if sealer.key.where == following:
            _take_place(following, own)
        elif sealer.key.where != own:
            for place in (own, following):
                if place.exists():
                    destroy(place)
        _sync(folder.path)
    except OSError as error:
        raise world(own, error) from error


def _take_place(following: Path, own: Path) -> None:
    if not own.exists():
        following.replace(own)
        return
    with own.open("r+b", buffering=0) as old:
        following.replace(own)
        old.write(secrets.token_bytes(KEY_BYTES))
        os.fsync(old.fileno())


def _cipher(key: DeviceKey) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM as Aead  # noqa: PLC0415, N811
    except ImportError as error:
        raise gate_parts_missing(error) from error
    return Aead(key.secret)


def _bound(head: bytes, name: str) -> bytes:
    return head + name.encode()


def _begins_sealed(place: Path) -> bool:
    with place.open("rb") as stream:
        return is_sealed(stream.read(len(MAGIC)))


@contextmanager
def _locked(folder: StateFolder, how: int) -> Iterator[None]:
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


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
