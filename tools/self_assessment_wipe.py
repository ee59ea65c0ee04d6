"""A real `gate wipe` on the gate that was assessed, and what was there before and is there afterwards.

The pages have no function that deletes a gate: whoever may press it could leave a plant without its
gate. The function is the command, so it is driven here as an operator drives it, once everything else was
asked: both processes ended, one wipe of both folders, then a new gate and new pages in the same
places. Looked at is what the gate itself would read, and whether the pages still take the old password.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from sekisho.evidence.observation_function import Datum, Deletion
from sekisho.evidence.observation_words import Kept, ObservationKind, WhyNot
from sekisho.shell.admin.folder import CERTIFICATE, load_book, new_folder, open_folder
from sekisho.shell.device_key import DEVICE_KEY
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import BOUNDS, KEY, OUTBOX, STORE, TRUST, open_state
from sekisho.shell.probe.access import Access
from sekisho.shell.probe.caller import Caller
from sekisho.shell.probe.diary import Diary
from sekisho.shell.probe.wire import Pace, Wire
from sekisho.shell.sealing import read_kept

if TYPE_CHECKING:
    from sekisho.proof.plan_requests import LoginTable
    from sekisho.shell.probe.run import Visited
    from tools.whole_product import WholeProduct

_DONE = frozenset({0, 1, 3})
"""Wiped; 1 and 3 say more about other files, which the transcript holds."""
_FILES = (
    (KEY, Kept.KEY),
    (DEVICE_KEY, Kept.KEY),
    (TRUST, Kept.SETTING),
    (BOUNDS, Kept.SETTING),
    (OUTBOX, Kept.RECORD),
)
"""Of the gate's folder, and what each is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What there is of the product's data at one time."""

    files: dict[str, bytes]
    """As the gate reads them, opened where they are sealed."""
    entries: int
    """Of the journal."""
    users: frozenset[str]
    password: bool | None
    """Whether the pages take it; None: they do not say."""
    version: str
    """Of the program that runs as the gate."""


async def with_deletion(found: Visited, product: WholeProduct, login: LoginTable) -> Visited:
    """A visit's evidence, and the deletion's besides; the product is another one afterwards.

    Args:
        found: what the visit gave.
        product: its gate and pages run.
        login: how a user logs in, with the password that is in force.
    """
    diary = Diary(found.bundle.target, found.bundle.profile)
    password = os.environ["SEKISHO_NEW_PASSWORD"]
    diary.hide(password)
    before = await _look(product, login, password)
    for name in tuple(product.processes):
        await product.end(name)
    code, said = await _wiped(product)
    if code not in _DONE:
        diary.not_done(ObservationKind.DELETION, WhyNot.FAILED, said)
    else:
        await _made_anew(product)
        after = await _look(product, login, password)
        diary.note("gate wipe", deletion(before, after, login.user), said)
    bundle = replace(
        found.bundle,
        records=(*found.bundle.records, *diary.records),
        ended=diary.bundle().ended,
    )
    return replace(found, bundle=bundle, blobs=(*found.blobs, *diary.blobs.values()))


def deletion(before: Seen, after: Seen, user: str) -> Deletion:
    """What went, by comparing: a new gate has files of the same names, and none of the same content."""
    data = [
        Datum(
            kept=kept,
            name=name,
            before=bool(before.files.get(name)),
            after=name in before.files and after.files.get(name) == before.files[name],
        )
        for name, kept in _FILES
    ]
    return Deletion(
        deleted_by="sekisho gate wipe --admin",
        data=(
            Datum(
                kept=Kept.CREDENTIAL,
                name=f"password of {user}",
                before=before.password is True,
                after=after.password,
            ),
            Datum(
                kept=Kept.PERSONAL,
                name=f"user {user}",
                before=user in before.users,
                after=user in after.users,
            ),
            Datum(
                kept=Kept.RECORD,
                name="journal",
                before=before.entries > 0,
                after=after.entries > 0,
            ),
            *data,
        ),
        version_before=before.version,
        version_after=after.version,
    )


async def _look(product: WholeProduct, login: LoginTable, password: str) -> Seen:
    folder = open_state(product.stage.state_path)
    entries = 0
    if folder.has(STORE):
        with opened_journal(folder.file(STORE)) as log:
            entries = log.last
    _, version = await _said(str(product.gate_program), "--version")
    return Seen(
        files={name: read_kept(folder, name) for name, _ in _FILES if folder.has(name)},
        entries=entries,
        users=frozenset(load_book(open_folder(product.admin_folder)).users),
        password=await _accepted(product, login, password),
        version=version.strip(),
    )


async def _accepted(product: WholeProduct, login: LoginTable, password: str) -> bool | None:
    """Over TLS that believes the pages' own certificate alone."""
    trusted = ssl.create_default_context(cafile=str(product.admin_folder / CERTIFICATE))
    here = ip_address(product.host)
    wire = Wire(here, [here], Pace(per_second=100, connect_s=5, timeout_s=10))
    diary = Diary(product.host, "")
    access = Access(lambda: Caller(wire, product.port, trusted, None), diary, login, password)
    return await access.accepts(password)


async def _wiped(product: WholeProduct) -> tuple[int, str]:
    record = product.stage.state_path.parent / "wiped.json"
    return await _said(
        str(product.gate_program), "gate", "wipe",
        "--state", str(product.stage.state_path), "--admin", str(product.admin_folder),
        "--record", str(record), "--yes", "--format", "json",
    )  # fmt: skip


async def _made_anew(product: WholeProduct) -> None:
    """What is gone is made as the next owner makes it; without trust and bounds the gate cannot run yet."""
    state = product.stage.state_path
    if not state.exists():
        code, said = await _said(
            str(product.gate_program), "gate", "init", str(product.stage.site_file),
            "--state", str(state), "--authority", str(product.stage.authority.public),
        )  # fmt: skip
        if code != 0:
            raise RuntimeError(said)
    if not product.admin_folder.exists():
        _, product.code = await asyncio.to_thread(new_folder, product.admin_folder)
    await product.start_pages()


async def _said(*words: str) -> tuple[int, str]:
    """Exit code and output of a program."""
    process = await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "SEKISHO_LANG": "en"},
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode(errors="replace")
