"""Reads the gate's memory beside it: what is committed, without writing and without waiting."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.durable_form import UnreadableError, from_bytes
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.gate.store_file import APPLICATION, VERSION, cannot_open, not_ours, tip_of

if TYPE_CHECKING:
    from sekisho.evidence.chain import Tip
    from sekisho.gate.state import Durable
    from sekisho.shell.gate.state_folder import StateFolder


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the store holds."""

    durable: Durable | None
    """None in a store that has no state yet."""
    tip: Tip
    """The journal's last entry."""


def recalled(folder: StateFolder) -> Recalled | None:
    """What is committed in a state folder's store; None where the gate has never run.

    Raises:
        WorldError: it cannot be read, or is another version's.
    """
    path = folder.file(STORE)
    if not path.exists():
        return None
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if (application, version) != (APPLICATION, VERSION):
                raise not_ours(path)
            row = connection.execute("SELECT state FROM durable").fetchone()
            durable = None if row is None else from_bytes(bytes(row[0]))
            return Recalled(durable, tip_of(connection))
    except (sqlite3.Error, UnreadableError, TypeError) as problem:
        raise cannot_open(path, problem) from problem
