"""A new state folder from a backup: whole under its name, or not there at all.

The box has a device key of its own. Its first start begins a new session, ends what stood and counts
an hour's budgets as spent, because nobody knows what the old box did after the backup was made.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.signed_document import check_authority, read_bounds, read_trust
from sekisho.codec.thumbprint import thumbprint
from sekisho.gate.durable_form import UnreadableError, from_bytes
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.enrolment import certificate_request
from sekisho.shell.gate.holdings import (
    CERTIFICATE,
    CERTIFICATE_KEY,
    HOLDINGS,
    AtRest,
    InBackup,
    named,
)
from sekisho.shell.gate.state_folder import StateFolder, new_state
from sekisho.shell.gate.store_file import cannot_open, opened_for_writing
from sekisho.shell.keys import made_key, public_of, public_pem, signer_of
from sekisho.shell.sealing import ensure_device_key, write_sealed
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.backing_up import Backup, Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A gate that was put back."""

    folder: StateFolder
    kid: str
    """Of its key: the old one, or a new one where the backup holds none."""
    new_keys: bool
    trust_version: int | None
    bounds_version: int | None


def restore(backup: Backup, settings: Settings, state: Path, where: str) -> Restored:
    """A new state folder with what a backup holds.

    Raises:
        InputError: what it holds is not this site's or not its authority's, or the folder exists.
        WorldError: the folder cannot be written.
    """
    trust, bounds = _checked(backup, settings, where)
    with new_state(state) as folder:
        ensure_device_key(folder)
        for holding, own in zip(HOLDINGS, named(settings.north), strict=True):
            content = backup.files.get(holding.name)
            if content is None or holding.backup is InBackup.NEVER:
                continue
            if holding.at_rest is AtRest.SEALED:
                write_sealed(folder, own.name, content)
            else:
                folder.write(own.name, content)
        kid = backup.kid
        if not backup.with_keys:
            kid = _new_keys(folder, settings)
        if backup.memory is not None:
            _store(folder, backup.memory, backup)
        folder.write(names.RESTORED, f"{backup.at}\n".encode())
    return Restored(
        folder=StateFolder(state),
        kid=kid,
        new_keys=not backup.with_keys,
        trust_version=trust,
        bounds_version=bounds,
    )


def _checked(backup: Backup, settings: Settings, where: str) -> tuple[int | None, int | None]:
    """Versions of trust and bounds, once everything was found to belong together."""
    files = backup.files
    known = {holding.name for holding in HOLDINGS}
    if not set(files) <= known or names.AUTHORITY not in files or names.PUBLIC not in files:
        raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER))
    authority = public_of(files[names.AUTHORITY], where)
    check_authority(authority, settings.authority, where)
    if thumbprint(public_of(files[names.PUBLIC], where)) != backup.kid:
        raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER))
    _check_keys(backup, where)
    if backup.memory is not None and backup.memory.durable is not None:
        try:
            from_bytes(backup.memory.durable)
        except UnreadableError as error:
            raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER)) from error
    trust = bounds = None
    if names.TRUST in files:
        found = read_trust(files[names.TRUST], authority, where)
        trust = found.version
        _same_site(found.site, settings, where)
    if names.BOUNDS in files:
        limits = read_bounds(files[names.BOUNDS], authority, where)
        bounds = limits.version
        _same_site(limits.site, settings, where)
    return trust, bounds


def _check_keys(backup: Backup, where: str) -> None:
    """Private keys where the backup says so, and the gate's own; none where it does not."""
    files = backup.files
    keys = {names.KEY, CERTIFICATE_KEY, CERTIFICATE} & set(files)
    if backup.with_keys:
        if names.KEY not in keys or CERTIFICATE_KEY not in keys:
            raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER))
        if signer_of(files[names.KEY], where).kid != backup.kid:
            raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER))
    elif keys:
        raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER))


def _same_site(said: str, settings: Settings, where: str) -> None:
    if said != settings.site:
        raise InputError(Problem(where, _NOT_WHOLE, _ANOTHER))


def _new_keys(folder: StateFolder, settings: Settings) -> str:
    signer, pem = made_key()
    write_sealed(folder, names.KEY, pem)
    folder.write(names.PUBLIC, public_pem(signer.public))
    key, request = certificate_request(settings.site)
    write_sealed(folder, settings.north.key, key)
    folder.write(names.NORTH_REQUEST, request)
    return thumbprint(signer.public)


def _store(folder: StateFolder, memory: Memory, backup: Backup) -> None:
    """A journal that goes on after the backup's last entry, with its durable state."""
    path = folder.file(names.STORE)
    try:
        with closing(opened_for_writing(path, create=True, base=memory.tip)) as base:
            base.execute("BEGIN IMMEDIATE")
            if memory.durable is not None:
                base.execute("INSERT INTO durable VALUES (1, ?)", (memory.durable,))
            if backup.with_keys:  # another key's checkpoints are none of this gate's
                base.executemany("INSERT INTO checkpoint VALUES (?, ?, ?)", memory.marks)
            base.execute("COMMIT")
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise cannot_open(path, error) from error


_NOT_WHOLE = Text(
    "バックアップの中身が揃っていないか、組になっていません。",
    "What it holds is not whole, or does not belong together.",
)
_ANOTHER = Text("別のバックアップを指定してください。", "Give another backup.")
