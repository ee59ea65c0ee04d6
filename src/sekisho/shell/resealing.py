"""Sealing what stands clear, and changing the device key under everything that is sealed.

Each file is clear, sealed under the old key, or sealed under the new one, and never half of it; until
the end both keys open. So both can be cut off anywhere, and done again.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from typing import TYPE_CHECKING

from sekisho.shell.device_key import (
    CREDENTIAL,
    DEVICE_KEY,
    KEY_BYTES,
    NEXT_KEY,
    credential,
    device_keys,
    world,
)
from sekisho.shell.sealing import (
    Sealer,
    destroy,
    ensure_device_key,
    is_sealed,
    locked,
    sealed_names,
    sealer_of,
)
from sekisho.shell.writing import sync_names
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.shell.gate.state_folder import StateFolder

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
    with locked(folder, fcntl.LOCK_EX):
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
    with locked(folder, fcntl.LOCK_EX):
        if (given := credential(CREDENTIAL)) is not None:
            raise InputError(Problem(str(given), _CREDENTIAL_STAYS, _CHANGE_CREDENTIAL))
        sealer_of(folder)
        if not folder.has(NEXT_KEY):
            folder.write(NEXT_KEY, secrets.token_bytes(KEY_BYTES))
    return seal_all(folder, ())


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
        sync_names(folder.path)
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
