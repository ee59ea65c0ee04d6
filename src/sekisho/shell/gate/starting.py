"""What a start finds on the disk, and the gate that goes on from it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.signed_document import check_authority, read_bounds, read_trust
from sekisho.gate.clock import TimeSense, told
from sekisho.gate.durable_form import UnreadableError, from_bytes
from sekisho.gate.guard.recalled import answers_of
from sekisho.gate.restart import Found, Why, new, resumed
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.kernel_time import boot_id
from sekisho.shell.keys import load_public
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import InputError, Problem
from sekisho.terms.ids import SessionId
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.gate.guard.answers import Answers
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Durable, Gate
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.shell.gate.store import Store

LOOKED_BACK = 20_000
"""Newest journal entries that a start asks for answers."""
_OTHER_SITE = Text("サイト {site} のものです。", "It is of the site {site}.")
_OWN_SITE = Text("このサイトの文書を置いてください。", "Put the document of this site there.")
_OLDER = Text(
    "バージョン {version} は、有効だったバージョン {before} より古いものです。",
    "Version {version} is older than version {before}, which was in force.",
)
_NEWEST = Text(
    "最新の文書を trust apply で適用してください。", "Apply the newest with trust apply."
)


def restored(
    settings: Settings, folder: StateFolder, store: Store, time: TimeSource
) -> tuple[Gate, str | None]:
    """The gate as the disk has it, and why its session is new, if it is.

    Raises:
        InputError: a document is not the authority's, of another site, or older than one in force.
        WorldError: one cannot be read.
    """
    authority = load_public(folder.file(names.AUTHORITY))
    check_authority(authority, settings.authority, names.AUTHORITY)
    _, clock = told(TimeSense(), time())
    found = Found(
        settings=settings,
        trust=read_trust(read_kept(folder, names.TRUST), authority, names.TRUST),
        bounds=read_bounds(read_kept(folder, names.BOUNDS), authority, names.BOUNDS),
        boot_id=boot_id(),
        next_entry=store.next_number,
    )
    _refuse_foreign(found)
    kept = store.loaded.durable
    if kept is None:
        return new(found, new_session(), clock), Why.INIT.value
    try:
        durable = from_bytes(kept)
    except UnreadableError:
        return new(found, new_session(), clock), Why.STATE_LOST.value
    _refuse_older(found, durable)
    gate = resumed(found, durable, clock)
    return replace(gate, answers=_answers(store)), None


def _answers(store: Store) -> Answers:
    """The answers of earlier runs, for duplicates."""
    with opened_journal(store.path) as log:
        rows = log.rows(max(log.base.number, log.last - LOOKED_BACK) + 1, log.last)
        return answers_of((row.number, row.entry or b"") for row in rows)


def _refuse_foreign(found: Found) -> None:
    for name, site in ((names.TRUST, found.trust.site), (names.BOUNDS, found.bounds.site)):
        if site != found.settings.site:
            raise InputError(Problem(name, _OTHER_SITE.fill(site=site), _OWN_SITE))


def _refuse_older(found: Found, durable: Durable) -> None:
    """Versions only rise: an older document than the one that was in force is not taken."""
    for name, version, before in (
        (names.TRUST, found.trust.version, durable.trust_version),
        (names.BOUNDS, found.bounds.version, durable.bounds_version),
    ):
        if version < before:
            what = _OLDER.fill(version=version, before=before)
            raise InputError(Problem(name, what, _NEWEST))


def new_session() -> SessionId:
    """128 random bits."""
    return SessionId(secrets.token_hex(16))
