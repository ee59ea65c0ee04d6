"""What happens once a second and once a minute: documents, resets, status, telemetry, checkpoints."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.codec.signed_document import read_bounds, read_trust
from sekisho.gate.failures import certificate_ends_soon
from sekisho.gate.status import JournalStatus, NorthStatus, status_bytes
from sekisho.gate.status_now import Runtime, status_of
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.identities import Identities
from sekisho.shell.gate.resetting import taken_reset
from sekisho.shell.keys import load_public
from sekisho.shell.sealing import read_kept
from sekisho.terms.errors import SekishoError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.gate.renewal import Renewal
    from sekisho.shell.gate.cycle import Cycle
    from sekisho.shell.gate.engine import Engine
    from sekisho.shell.gate.north import North
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.shell.gate.store import Store
    from sekisho.terms.ids import DeviceId, SessionId

MINUTE_S = 60.0


class Watch:
    """See the module's text."""

    def __init__(
        self,
        folder: StateFolder,
        engine: Engine,
        store: Store,
        north: North,
        cycle: Cycle,
        new_session: Callable[[], SessionId],
        renewal: Callable[[], Renewal | None],
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._store = store
        self._north = north
        self._cycle = cycle
        self._new_session = new_session
        self._renewal = renewal
        self._identities = Identities(engine)
        self._authority = load_public(folder.file(names.AUTHORITY))
        self._stamps = {name: self._stamp(name) for name in (names.TRUST, names.BOUNDS)}
        self._told: tuple[object, ...] = ()
        self._telling: asyncio.Task[None] | None = None
        self._changed = False
        self._up_at = 0.0
        self.latest = b""
        """The status of a second ago, as JSON; empty before there is one."""
        self.document_trouble = ""
        """Why a document in the state folder was not taken, for people."""

    def nameplates(self) -> dict[DeviceId, dict[str, str | None]]:
        """What each device called itself last; those that never did are left out."""
        return {
            device: {
                "maker": common.maker,
                "model": common.model,
                "version": common.version,
                "serial": common.serial,
            }
            for device, common in self._identities.noted.items()
        }

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._each(1.0, self._second))
            group.create_task(self._each(MINUTE_S, self._minute))
            every = self._engine.gate.settings.north.telemetry_ms / 1000
            group.create_task(self._each(every, self._telemetry))

    async def _each(self, seconds: float, act: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            done = act()
            if asyncio.iscoroutine(done):
                await done
            due = max(due + seconds, loop.time())
            await asyncio.sleep(due - loop.time())

    async def _second(self) -> None:
        self._identities.look(self._cycle.workers)
        changed = self._documents()
        self._reset()
        self._cloud()
        gate = self._engine.gate
        told = (gate.durable.latches, gate.run.alarms, gate.run.failures, gate.durable.session)
        self._tell(told, changed=changed)
        await self._status()

    async def _minute(self) -> None:
        self._engine.minute()
        await self._north.checkpoint()

    def _telemetry(self) -> None:
        self._north.tell(self._north.telemetry(self._cycle.image()))

    def _tell(self, told: tuple[object, ...], *, changed: bool) -> None:
        """Session and state, where they changed.

        Nothing here waits for the broker: resets and revocations come in the same second's round.
        """
        self._changed = self._changed or changed
        if self._telling is not None and not self._telling.done():
            return
        fresh = self._changed or told[3] != (self._told[3] if self._told else None)
        self._telling = asyncio.create_task(self._send(fresh=fresh, moved=told != self._told))
        self._told, self._changed = told, False

    async def _send(self, *, fresh: bool, moved: bool) -> None:
        if fresh:
            await self._north.introduce()
        elif moved:
            await self._north.tell_state()
        if self._north.owes_checkpoint:
            await self._north.checkpoint()

    # ---- parts -------------------------------------------------------------------------------

    def _reset(self) -> None:
        """What a person on the machine asked for; a request that others could write is not theirs."""
        try:
            asked = taken_reset(self._folder)
        except SekishoError as error:
            self.document_trouble = str(error)
            return
        if asked is not None:
            self._engine.reset(self._cycle.image(), asked.user)
            self._cycle.wake()

    def _cloud(self) -> None:
        """Whether the cloud counts as lost."""
        now = asyncio.get_running_loop().time()
        if self._north.line.up or not self._up_at:
            self._up_at = now
        lost_s = self._engine.gate.settings.north.lost_ms / 1000
        self._engine.cloud_lost = now - self._up_at > lost_s
        ends = self._north.line.certificate_ends
        self._engine.certificate_ends_soon = certificate_ends_soon(ends, self._engine.clock().wall)

    def _stamp(self, name: str) -> int:
        with suppress(OSError):
            return self._folder.file(name).stat().st_mtime_ns
        return 0

    def _documents(self) -> bool:
        """Takes a newer trust.json or bounds.json; whether there was one."""
        changed = False
        for name in (names.TRUST, names.BOUNDS):
            stamp = self._stamp(name)
            if stamp == self._stamps[name]:
                continue
            self._stamps[name] = stamp
            try:
                changed = self._take(name) or changed
                self.document_trouble = ""
            except SekishoError as error:
                self.document_trouble = str(error)
        return changed

    def _take(self, name: str) -> bool:
        content = read_kept(self._folder, name)
        durable, site = self._engine.gate.durable, self._engine.gate.settings.site
        if name == names.TRUST:
            trust = read_trust(content, self._authority, name)
            if trust.version <= durable.trust_version or trust.site != site:
                return False
            self._engine.trust(trust, self._new_session())
        else:
            bounds = read_bounds(content, self._authority, name)
            if bounds.version <= durable.bounds_version or bounds.site != site:
                return False
            self._engine.bounds(bounds)
        self._cycle.wake()
        return True

    async def _status(self) -> None:
        clock = self._engine.clock()
        tip = self._store.committed
        with suppress(SekishoError, OSError):
            runtime = Runtime(
                north=NorthStatus(
                    connected=self._north.line.up,
                    since=self._north.remembered.since,
                    waiting=self._north.waiting,
                    certificate_ends=self._north.line.certificate_ends,
                    renewal=self._renewal(),
                ),
                journal=JournalStatus(
                    entries=tip.number,
                    head=tip.digest.hex(),
                    behind_ms=self._store.uncommitted_ms(clock.boot),
                    free_bytes=self._folder.free_bytes(),
                ),
                decisions=tuple(self._north.remembered.decisions),
                program=__version__,
            )
            status = status_of(self._engine.gate, self._cycle.image(), clock, runtime)
            # Writing waits for the disk; the cycle must not.
            self.latest = status_bytes(status)
            await asyncio.to_thread(self._folder.write, names.STATUS, self.latest)
