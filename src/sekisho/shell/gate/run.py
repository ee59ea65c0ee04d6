"""The running gate, put together: store, engine, a worker for each device, north, cycle, watch.

`run_gate` is what a site runs. It has no parameter, and there is no file key or variable, that takes
a question from the guard: `CHECKS` is named here and nowhere else in the shipped program.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.codec.jws import verify
from sekisho.evidence.checkpoint import make
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.journal.entries import EntryKind
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.admin_desk import AdminDesk
from sekisho.shell.gate.admin_socket import AdminSocket
from sekisho.shell.gate.beating import Beats, journalled, news
from sekisho.shell.gate.broker_papers import absent
from sekisho.shell.gate.certification import Papers
from sekisho.shell.gate.cycle import Cycle
from sekisho.shell.gate.describe import Describe, clients_of
from sekisho.shell.gate.engine import Engine
from sekisho.shell.gate.holdings import sealed_at_rest
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.logs import Log
from sekisho.shell.gate.metrics import Metrics, page
from sekisho.shell.gate.north import North
from sekisho.shell.gate.outbox import Outbox
from sekisho.shell.gate.own_key import own_signer
from sekisho.shell.gate.renewal import Renewer
from sekisho.shell.gate.service_notices import Notices
from sekisho.shell.gate.starting import new_session, restored
from sekisho.shell.gate.store import Room, Store
from sekisho.shell.gate.watch import Watch
from sekisho.shell.gate.worker import Worker
from sekisho.shell.mqtt.tls import Broker
from sekisho.shell.resealing import seal_all
from sekisho.terms.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from sekisho.codec.profile import Profile
    from sekisho.gate.guard.check import Check
    from sekisho.gate.settings import Settings, SouthDevice
    from sekisho.shell.gate.admin_socket import AdminEnd
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.gate.requests import Client
    from sekisho.shell.gate.service_notices import ServiceManager
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs

SWITCH_S = 0.0001
"""Longest time for which one of the gate's threads keeps another from running; Python's own is 5 ms,
ten times what a cycle needs of the processor."""
_SIGN_OFF_S = 2.0
"""Longest wait for the disk at the end of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a gate is run with."""

    settings: Settings
    """From the site file, sealed with its profiles."""
    profiles: Mapping[str, Profile]
    """Of the devices without SunSpec, by the names that the site file uses."""
    state: StateFolder
    admin: AdminEnd | None = None
    """Where the process of the pages may ask; None: nowhere."""
    beat: Path | None = None
    """Where the gate shows the updater that it runs; None: nowhere."""
    told: Path | None = None
    """Where the updater tells what it did; None: no updater installed this program."""
    manager: ServiceManager | None = None
    """Who started this process and wants to be told that it turns; None: nobody."""


def run_gate(
    site: Site, begun: Callable[[], None], log: Callable[[str], object] | None = None
) -> None:
    """Runs the gate of a site until it is asked to end (SIGTERM, SIGINT).

    Args:
        site: settings and state folder.
        begun: called once every task has been started.
        log: takes the lines of the structured log, in a thread of its own; None: no log.

    Raises:
        InputError: the folder is held by another gate, a document is not the authority's, or a
            certificate for the broker is not there.
        WorldError: a file cannot be read, or the kernel does not tell the time.
    """
    with ExitStack() as stack:
        running = opened(site, KernelClock(), stack)
        if log is not None:
            stack.enter_context(Log(running, log))
        _run(running.run(begun))


def _run(main: Coroutine[None, None, None]) -> None:
    """Runs a coroutine on uvloop where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not everywhere there, and asyncio's own loop does as well
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def opened(site: Site, time: TimeSource, stack: ExitStack) -> Running:
    """The gate with every question of the guard; arguments and errors as for `prepare`."""
    return prepare(site, time, CHECKS, stack)


def prepare(site: Site, time: TimeSource, checks: tuple[Check, ...], stack: ExitStack) -> Running:
    """A gate that is ready to run.

    Args:
        site: settings and state folder.
        time: the kernel's clocks.
        checks: the guard's questions.
        stack: closes what was opened.

    Raises:
        InputError, WorldError: see `run_gate`.
    """
    folder = site.state
    stack.enter_context(folder.held())
    seal_all(folder, sealed_at_rest(site.settings.north))  # a folder of an older version is clear
    store = stack.enter_context(Store(folder.path))
    gate, why = restored(site.settings, folder, store, time)
    engine = Engine(gate, store, time, verify, checks)
    outbox = stack.enter_context(Outbox(folder.path, engine.clock().wall))
    return Running(site, store, outbox, engine, why)


class Running:
    """Everything of one run."""

    def __init__(
        self, site: Site, store: Store, outbox: Outbox, engine: Engine, why: str | None
    ) -> None:
        self.site = site
        self.store = store
        self.outbox = outbox
        self.engine = engine
        self._why = why
        self.signer = own_signer(site.state)
        self.papers = Papers(site.state, site.settings)
        self.boot: Callable[[], BootMs] = boot_ms
        """What the workers ask for the time: the same CLOCK_BOOTTIME as the engine's, at less cost."""
        self.workers: dict[DeviceId, Worker] = {}
        """One for each device; empty until the tasks are started."""
        self.north: North | None = None
        self.cycle: Cycle | None = None
        self.watch: Watch | None = None
        self.renewer: Renewer | None = None

    async def run(self, begun: Callable[[], None]) -> None:
        """Until SIGTERM or SIGINT."""
        # What start-up made stays; to look through it again and again would make ticks late.
        gc.collect()
        gc.freeze()
        sys.setswitchinterval(SWITCH_S)
        loop = asyncio.get_running_loop()
        end = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Beside a main thread of somebody else's (the laboratory) no signal can be taken; whoever
            # runs us there ends us by cancelling.
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, end.set)
        task = loop.create_task(self.serve(begun))
        ended = loop.create_task(end.wait())
        await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not task.done():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def serve(self, begun: Callable[[], None]) -> None:
        """Every task of the gate, until cancelled; its start and its end stand in the journal.

        Raises:
            InputError: a certificate for the broker is not there, or cannot be used.
        """
        self.begun()
        try:
            await self._serve(begun)
        finally:
            self.engine.note(EntryKind.END, {"version": __version__})
            await self._sign_off()

    async def _serve(self, begun: Callable[[], None]) -> None:
        engine, settings = self.engine, self.site.settings
        if missing := absent(self.site.state, settings.north):
            raise InputError(*missing)
        self.workers = workers = self.new_workers()
        self.cycle = cycle = Cycle(engine, settings, workers, self.boot)
        self.north = north = North(
            self._broker(),
            settings.site,
            engine,
            self.store,
            self.outbox,
            self.signer,
            cycle.image,
            cycle.expect,
            cycle.wake,
            cycle.acted,
            new_session,
        )
        self.renewer = renewer = Renewer(
            self.papers, north.line, self._broker, lambda: engine.clock().wall, engine.note
        )
        self.watch = watch = Watch(
            self.site.state, engine, self.store, north, cycle, new_session, lambda: renewer.state
        )
        async with asyncio.TaskGroup() as group:
            for worker in workers.values():
                group.create_task(worker.run())
            group.create_task(cycle.run())
            group.create_task(north.run())
            group.create_task(watch.run())
            group.create_task(renewer.run())
            group.create_task(self._settle_restore())
            if settings.metrics_port is not None:
                metrics = Metrics(settings.metrics_port, lambda: page(self))
                group.create_task(metrics.run())
            if self.site.beat is not None:
                beats = Beats(self.site.beat, engine, self.store, cycle)
                group.create_task(beats.run())
            if self.site.manager is not None:
                group.create_task(Notices(self.site.manager, cycle).run())
            if self.site.admin is not None:
                desk = AdminDesk(self.site.state, engine, cycle, watch.nameplates)
                admin = AdminSocket(self.site.admin, engine, desk, lambda: watch.latest)
                group.create_task(admin.run())
            begun()

    async def _sign_off(self) -> None:
        """A checkpoint of the whole run, once its last entry is on the disk; nobody waits for long."""
        clock = self.engine.clock()
        sent = self.store.submit((), None, clock.boot)
        if isinstance(sent, Room):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_SIGN_OFF_S):
                await asyncio.wrap_future(sent.done)
            site = self.site.settings.site
            self.store.keep_checkpoint(
                make(self.store.committed, clock.wall, site, self.signer.sign)
            )

    async def _settle_restore(self) -> None:
        """Takes the mark of a restored folder away, once the new session is on the disk."""
        mark = self.site.state.file(names.RESTORED)
        if not mark.exists():
            return
        sent = self.store.submit((), None, self.engine.clock().boot)
        if isinstance(sent, Room):
            return  # the next start begins another session
        await asyncio.wrap_future(sent.done)
        with suppress(OSError):
            mark.unlink()

    def begun(self) -> None:
        """The first entries of a run: its configuration, and a session that is new."""
        engine = self.engine
        engine.note(
            EntryKind.START,
            {
                "digest": self.site.settings.digest,
                "version": __version__,
                "trust": engine.gate.durable.trust_version,
                "bounds": engine.gate.durable.bounds_version,
            },
        )
        found = news(self.site.told, self.site.state)
        if found is not None:
            engine.note(EntryKind.UPDATE, found[1])
            journalled(self.site.state, found[0])
        if self._why is not None:
            body = {"session": str(engine.gate.durable.session), "why": self._why}
            engine.note(EntryKind.SESSION, body)
        self._take_newer()
        if self.site.state.has(names.RESTORED):
            engine.restored(new_session())

    def _take_newer(self) -> None:
        """Documents that were put there while the gate was down."""
        gate = self.engine.gate
        if gate.trust.version > gate.durable.trust_version:
            self.engine.trust(gate.trust, new_session())
        if gate.bounds.version > gate.durable.bounds_version:
            self.engine.bounds(gate.bounds)

    def new_workers(self) -> dict[DeviceId, Worker]:
        """A worker for each device, not running yet."""
        south = self.site.settings.south
        clients = clients_of(south)
        return {d.device: self._worker(d, clients[d.device]) for d in south}

    def _worker(self, declared: SouthDevice, client: Client) -> Worker:
        return Worker(
            declared,
            client,
            Describe(
                self.site.profiles,
                self.site.settings.trip,
                self.site.settings.stop_contact,
            ),
            self.boot,
        )

    def _broker(self) -> Broker:
        north, folder = self.site.settings.north, self.site.state
        return Broker(
            host=north.host,
            port=north.port,
            ca=folder.file(north.ca),
            certificate=folder.file(north.certificate),
            key=folder.file(north.key),
            server_name=north.server_name,
            open_key=lambda _: self.papers.key_in_force(),
        )
