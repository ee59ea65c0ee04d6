"""What a backup of a gate holds: enough to put another box in the place of a broken one.

The journal's entries are not in it: they are evidence, put away by `journal archive` and witnessed by
checkpoints. Its length and last digest are, so that the new box's journal goes on from there. Private
keys are in it only where that was asked for. The device key never is.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sekisho import __version__
from sekisho.evidence.chain import Tip
from sekisho.shell.clock import stamp
from sekisho.shell.gate.holdings import HOLDINGS, InBackup, named
from sekisho.shell.gate.state_folder import PUBLIC, STORE
from sekisho.shell.gate.store_file import cannot_open, tip_of
from sekisho.shell.keys import load_public, write_private
from sekisho.shell.passphrase import decrypted, encrypted, head_of
from sekisho.shell.reading import bounded
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.state_folder import StateFolder

FORMAT = 1
MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the store remembered: where its journal stands, and the durable state."""

    tip: Tip
    durable: bytes | None
    marks: tuple[tuple[int, int, bytes], ...]
    """The checkpoint of the tip, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds."""

    site: str
    kid: str
    """Thumbprint of the gate's key, whether or not the key itself is in it."""
    at: str
    """When it was made, RFC 3339."""
    program: str
    with_keys: bool
    files: Mapping[str, bytes]
    """By the names of `HOLDINGS`."""
    memory: Memory | None


def back_up(folder: StateFolder, settings: Settings, *, with_keys: bool) -> Backup:
    """What a gate is now; it may run meanwhile.

    Args:
        folder: its state folder.
        settings: from its site file.
        with_keys: also the gate's private keys: who opens such a backup can be this gate.

    Raises:
        InputError: a file cannot be opened.
        WorldError: the disk failed.
    """
    from sekisho.codec.thumbprint import thumbprint  # noqa: PLC0415  the extra

    wanted = {InBackup.ALWAYS, *([InBackup.ASKED] if with_keys else [])}
    files = {
        holding.name: read_kept(folder, own.name)
        for holding, own in zip(HOLDINGS, named(settings.north), strict=True)
        if holding.backup in wanted and holding.name != STORE and folder.has(own.name)
    }
    return Backup(
        site=settings.site,
        kid=thumbprint(load_public(folder.file(PUBLIC))),
        at=stamp(),
        program=__version__,
        with_keys=with_keys,
        files=files,
        memory=_memory(folder),
    )


def write_backup(backup: Backup, out: Path, passphrase: str) -> None:
    """Writes a backup to a new file of its owner alone.

    Raises:
        InputError: there is something of this name, or the passphrase is too short.
        WorldError: it cannot be written.
    """
    body: dict[str, Any] = {
        "files": {name: _text(content) for name, content in backup.files.items()},
        "memory": None,
    }
    if (memory := backup.memory) is not None:
        body["memory"] = {
            "entries": memory.tip.number,
            "head": memory.tip.digest.hex(),
            "durable": None if memory.durable is None else _text(memory.durable),
            "marks": [[count, hour, _text(token)] for count, hour, token in memory.marks],
        }
    write_private(out, encrypted(_head(backup), json.dumps(body).encode(), passphrase))


def read_backup(place: Path, passphrase: str, settings: Settings) -> Backup:
    """The backup that a file holds.

    Raises:
        InputError: it is none, is of another site, was changed, or the passphrase is another one.
        WorldError: it cannot be read.
    """
    data, where = bytes_of(place), str(place)
    head = head_of(data, where)
    if head.get("format") != FORMAT:
        raise InputError(Problem(where, _OTHER_FORMAT, _SAME_VERSION))
    if head.get("site") != settings.site:
        what = _OTHER_SITE.fill(said=head.get("site"), site=settings.site)
        raise InputError(Problem(where, what, _THIS_SITE))
    try:
        body = json.loads(decrypted(data, passphrase, where))
        return Backup(
            site=str(head["site"]),
            kid=str(head["kid"]),
            at=str(head["at"]),
            program=str(head["program"]),
            with_keys=bool(head["with_keys"]),
            files={str(name): _raw(text) for name, text in body["files"].items()},
            memory=None if body["memory"] is None else _read_memory(body["memory"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(Problem(where, _OTHER_FORMAT, _SAME_VERSION)) from error


def _head(backup: Backup) -> dict[str, object]:
    return {
        "format": FORMAT,
        "site": backup.site,
        "kid": backup.kid,
        "at": backup.at,
        "program": backup.program,
        "with_keys": backup.with_keys,
    }


def _memory(folder: StateFolder) -> Memory | None:
    """Journal's end and durable state of one commit; None where the gate never ran."""
    path = folder.file(STORE)
    if not path.exists():
        return None
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("BEGIN")
            tip = tip_of(base)
            row = base.execute("SELECT state FROM durable").fetchone()
            marks = base.execute(
                "SELECT count, hour, token FROM checkpoint WHERE count = ?", (tip.number,)
            )
            return Memory(
                tip=tip,
                durable=None if row is None else bytes(row[0]),
                marks=tuple((int(c), int(h), bytes(t)) for c, h, t in marks.fetchall()),
            )
    except sqlite3.Error as error:
        raise cannot_open(path, error) from error


def _read_memory(form: Mapping[str, Any]) -> Memory:
    return Memory(
        tip=Tip(int(form["entries"]), bytes.fromhex(form["head"])),
        durable=None if form["durable"] is None else _raw(form["durable"]),
        marks=tuple((int(c), int(h), _raw(t)) for c, h, t in form["marks"]),
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def bytes_of(place: Path) -> bytes:
    """A backup's file, whole.

    Raises:
        InputError: it is too large.
        WorldError: it cannot be read.
    """
    return bounded(place, MOST_BYTES)


_OTHER_FORMAT = Text(
    "この版では読めないバックアップです。", "It is a backup that this version does not read."
)
_SAME_VERSION = Text(
    "同じ版か新しい版の sekisho で復元してください。",
    "Restore it with the same or a newer version of sekisho.",
)
_OTHER_SITE = Text(
    "サイト {said} のもので、{site} のものではありません。",
    "It is of the site {said}, not of {site}.",
)
_THIS_SITE = Text(
    "このサイトのバックアップか、そのサイトのサイトファイルを指定してください。",
    "Give a backup of this site, or that site's site file.",
)
