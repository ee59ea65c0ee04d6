"""What the gate does when the admin process asks: one method for each question of the set."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, assert_never

from sekisho.codec.bounds_document import bounds_payload
from sekisho.codec.jws import Typ, open_document
from sekisho.codec.signed_document import read_bounds, read_trust
from sekisho.codec.strict_json import Malformed
from sekisho.codec.trust_document import trust_payload
from sekisho.gate.admin import approval
from sekisho.gate.admin.approval import InForce, No
from sekisho.gate.admin.messages import (
    AskApprove,
    AskDevices,
    AskDocuments,
    AskJournal,
    AskNote,
    AskPropose,
    AskReset,
    AskStatus,
    AskVerify,
    AskWithdraw,
)
from sekisho.gate.admin.notes import NoteKind
from sekisho.gate.admin.roles import Permission, may
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.journal.pages import shown_data
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.keys import load_public
from sekisho.shell.sealing import write_sealed
from sekisho.terms.errors import SekishoError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Trust
    from sekisho.gate.admin.approval import Proposal, Waiting
    from sekisho.gate.admin.messages import Asker, Change, Question
    from sekisho.gate.admin.notes import Note
    from sekisho.shell.gate.cycle import Cycle
    from sekisho.shell.gate.engine import Engine
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.terms.ids import DeviceId

REMEMBERED = 1_024
"""Notes whose ids are known: one that is told twice is written once."""
VERIFY_S = 240.0
"""Longest check of the journal, in a process of its own at the lowest priority."""
VERIFIED_MS = 60_000
"""A check that ended within so long is the latest; nobody makes the machine check all the time."""
_LOWEST = 19
_NOT_YET = Text("ゲートは起動したばかりです。", "The gate has only just started.")
_NO_DOCUMENT = Text(
    "trust.json でも bounds.json でもありません。", "It is neither a trust.json nor a bounds.json."
)


class AdminDesk:
    """See the module's text."""

    def __init__(
        self,
        folder: StateFolder,
        engine: Engine,
        cycle: Cycle,
        nameplates: Callable[[], Mapping[DeviceId, Mapping[str, str | None]]],
    ) -> None:
        """A desk of a running gate.

        Args:
            folder: the gate's own.
            engine: its memory.
            cycle: its image of the plant.
            nameplates: of the devices, as they were read last.
        """
        self._folder = folder
        self._engine = engine
        self._cycle = cycle
        self._nameplates = nameplates
        self._authority = load_public(folder.file(names.AUTHORITY))
        self._known: deque[str] = deque(maxlen=REMEMBERED)
        self._waiting: Waiting = ()
        self._raw: dict[str, bytes] = {}
        """Bytes of the documents that wait."""
        self._verifying: asyncio.Task[None] | None = None
        self._found: object = None
        """What the latest check of the journal printed; None before there is one."""
        self._found_at = 0

    async def done(self, question: Question) -> Mapping[str, object] | Text:
        """The answer to a question; a `Text` says why there is none."""
        match question:
            case AskStatus():
                return _NOT_YET
            case AskNote(note=note):
                return self._noted(note)
            case AskDevices():
                plates = self._nameplates()
                return {"devices": [{"device": str(d), **plate} for d, plate in plates.items()]}
            case AskDocuments():
                return self._documents()
            case AskJournal(before=before, count=count):
                return await asyncio.to_thread(self._rows, before, count)
            case AskVerify():
                return self._verified()
            case AskReset() | AskPropose() | AskApprove() | AskWithdraw():
                return await self._changed(question)
            case _:
                assert_never(question)

    async def _changed(self, change: Change) -> Mapping[str, object] | Text:
        match change:
            case AskReset(asker=asker):
                return self._reset(asker)
            case AskPropose(asker=asker, content=content):
                return await self._proposed(asker, content)
            case AskApprove(asker=asker, digest=digest):
                return await self._approved(asker, digest)
            case AskWithdraw(asker=asker, digest=digest):
                return await self._withdrawn(asker, digest)
            case _:
                assert_never(change)

    # ---- asking ------------------------------------------------------------------------------

    def _documents(self) -> Mapping[str, object]:
        gate = self._engine.gate
        self._waiting = approval.lasting(self._waiting, self._engine.clock().boot)
        return {
            "trust": json.loads(trust_payload(gate.trust)),
            "kids": [key.kid for key in gate.trust.keys],
            "bounds": json.loads(bounds_payload(gate.bounds)),
            "waiting": [_published(one) for one in self._waiting],
        }

    def _rows(self, before: int, count: int) -> Mapping[str, object]:
        with opened_journal(self._folder.file(names.STORE)) as log:
            last = min(log.last, before - 1) if before else log.last
            first = max(log.base.number + 1, last - count + 1)
            rows = list(log.rows(first, last)) if count and last >= first else []
            return shown_data(rows, last - log.base.number) | {"first": log.base.number + 1}

    def _verified(self) -> Mapping[str, object]:
        """Starts a check unless one runs or has just ended, and tells what the latest found."""
        age = self._engine.clock().wall - self._found_at
        running = self._verifying is not None and not self._verifying.done()
        if not running and not 0 <= age < VERIFIED_MS:
            self._verifying, running = asyncio.create_task(self._verify()), True
        return {"running": running, "latest": self._found, "at": self._found_at}

    def close(self) -> None:
        """Ends a check that runs."""
        if self._verifying is not None:
            self._verifying.cancel()

    async def _verify(self) -> None:
        """`sekisho journal verify` as a person would run it: nothing of it weighs on the cycle."""
        code = "from sekisho.shell.cli.main import run; run()"
        asked = ("journal", "verify", str(self._folder.path), "--format", "json")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            code,
            *asked,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _LOWEST)
        try:
            async with asyncio.timeout(VERIFY_S):
                told, _ = await process.communicate()
        except TimeoutError:
            told = b""
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        with suppress(ValueError):
            self._found, self._found_at = json.loads(told), self._engine.clock().wall

    # ---- doing -------------------------------------------------------------------------------

    def _noted(self, note: Note) -> Mapping[str, object]:
        if note.id not in self._known:
            self._known.append(note.id)
            self._engine.note(EntryKind.ADMIN, dict(note.body()))
        return {}

    def _reset(self, asker: Asker) -> Mapping[str, object] | Text:
        """As a person at the machine; a stop that is still pressed latches again."""
        if not may(asker.person.role, Permission.RESET_LATCHES):
            return approval.MAY_NOT
        self._tell(NoteKind.RESET_ASKED, asker)
        self._engine.reset(self._cycle.image(), asker.person.name)
        self._cycle.wake()
        return {"latches": sorted(self._engine.gate.durable.latches)}

    async def _proposed(self, asker: Asker, raw: bytes) -> Mapping[str, object] | Text:
        try:
            content = await asyncio.to_thread(self._read, raw)
        except Malformed:
            return _NO_DOCUMENT
        except SekishoError as error:
            problem = error.problems[0]
            where = Text(f"{problem.where}: ", f"{problem.where}: ")
            return Text(where.ja + problem.what.ja, where.en + problem.what.en)
        clock = self._engine.clock()
        digest = hashlib.sha256(raw).hexdigest()
        known = approval.found(self._waiting, digest)
        self._waiting, found = approval.proposed(
            self._waiting, digest, content, self._in_force(), asker.person, clock.boot
        )
        if isinstance(found, No):
            return found.why
        if known is None:
            self._raw = {one.digest: self._raw.get(one.digest, raw) for one in self._waiting}
            self._tell(NoteKind.PROPOSED, asker, about=_about(found))
        return _published(found)

    async def _approved(self, asker: Asker, digest: str) -> Mapping[str, object] | Text:
        raw = self._raw.get(digest, b"")
        clock = self._engine.clock()
        self._waiting, found = approval.approved(
            self._waiting, digest, self._in_force(), asker.person, clock.boot
        )
        if isinstance(found, No):
            return found.why
        self._tell(NoteKind.APPROVED, asker, about=_about(found.proposal))
        if found.enough:
            # Written before it is taken: the watch reads it from there, and checks it once more.
            await asyncio.to_thread(write_sealed, self._folder, found.proposal.document.value, raw)
            self._tell(NoteKind.APPLIED, asker, about=_about(found.proposal))
        return _published(found.proposal) | {"applied": found.enough}

    async def _withdrawn(self, asker: Asker, digest: str) -> Mapping[str, object] | Text:
        proposal = approval.found(self._waiting, digest)
        if proposal is None:
            return approval.GONE
        if not approval.may_withdraw(asker.person, proposal):
            return approval.MAY_NOT
        self._waiting = approval.withdrawn(self._waiting, digest)
        self._tell(NoteKind.WITHDRAWN, asker, about=_about(proposal))
        return {}

    # ---- parts -------------------------------------------------------------------------------

    def _in_force(self) -> InForce:
        gate = self._engine.gate
        curtailing = frozenset(one.kid for one in gate.durable.curtailments)
        return InForce(trust=gate.trust, bounds=gate.bounds, curtailing=curtailing)

    def _read(self, raw: bytes) -> Trust | Bounds:
        """What the site's authority signed.

        Raises:
            Malformed: it is neither document.
            InputError: its signature or its content is wrong.
        """
        try:
            open_document(raw, Typ.BOUNDS)
        except Malformed:
            open_document(raw, Typ.TRUST)
            return read_trust(raw, self._authority, names.TRUST)
        return read_bounds(raw, self._authority, names.BOUNDS)

    def _tell(self, kind: NoteKind, asker: Asker, about: str = "") -> None:
        body = {"what": kind.value, "user": asker.person.name, "source": asker.source}
        self._engine.note(EntryKind.ADMIN, body | ({"about": about} if about else {}))


def _about(proposal: Proposal) -> str:
    return f"{proposal.document.value} {proposal.content.version} {proposal.digest[:16]}"


def _published(proposal: Proposal) -> dict[str, object]:
    return {
        "digest": proposal.digest,
        "document": proposal.document.value,
        "version": proposal.content.version,
        "proposer": proposal.proposer,
        "approvals": list(proposal.approvals),
        "needed": proposal.needed,
        "differences": [
            {"member": d.member, "before": d.before, "after": d.after, "raises": d.raises}
            for d in proposal.differences
        ],
    }
