"""A whole stage on loopback: authority, broker, plant, gate and head-end, made and unmade together.

    async with Stage(folder) as stage:
        await stage.ready()
        answer = await stage.head_end.ask(...)
        stage.plant.truth().power

Everything is real: Modbus TCP, MQTT over mutual TLS, signed commands, the gate as a site runs it.
Only the laboratory can build a gate with fewer questions (`checks`) or another clock (`time`).
"""

from __future__ import annotations

import asyncio
import time as wall
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from sekisho.codec.asked import For
from sekisho.codec.command import Setpoint
from sekisho.codec.profile import read_profile
from sekisho.gate.clock import KernelTime
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.image import Link
from sekisho.gate.tables import read_gated, sealed
from sekisho.lab import sample
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate import state_folder as names
from sekisho.shell.gate.kernel_time import KernelClock
from sekisho.shell.gate.run import Site, prepare
from sekisho.shell.gate.state_folder import make_state, open_state
from sekisho.shell.keys import load_public, new_key, public_pem, write_private
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.broker import Nats, gate_account, head_end_account
from sekisho.shell.lab.plant import LivePlant
from sekisho.shell.mqtt.head_end import Desk, HeadEnd, head_end
from sekisho.shell.mqtt.tls import Broker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.command import Product
    from sekisho.codec.jws import Signer
    from sekisho.codec.trust import Budget, Trust
    from sekisho.gate.guard.check import Check
    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.admin_socket import AdminEnd
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.gate.run import Running
    from sekisho.shell.lab.authority import Identity
    from sekisho.shell.lab.broker import Account, BrokerProcess
    from sekisho.shell.mqtt.head_end import Sent
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs, Watts

READY_S = 20.0


class LabTime:
    """The kernel's clocks, said to be synchronised; a test may step the wall clock or doubt it."""

    def __init__(self) -> None:
        self._kernel = KernelClock()
        self.step_ms = 0
        self.synchronised = True

    def __call__(self) -> KernelTime:
        """Both clocks now."""
        now = self._kernel()
        return KernelTime(
            wall=type(now.wall)(now.wall + self.step_ms),
            boot=now.boot,
            synchronised=self.synchronised,
            error_ms=10,
        )

    def boot(self) -> BootMs:
        """CLOCK_BOOTTIME alone."""
        return boot_ms()


@dataclass(slots=True)
class Script:
    """What is played."""

    checks: tuple[Check, ...] = CHECKS
    bounds: Bounds | None = None
    trust: Trust | None = None
    """None: one key of the aggregator that may ask everything."""
    commissioned: bool = True
    cycle_ms: int = 100
    broker: type[BrokerProcess] = Nats
    time: LabTime | None = None
    plant: LivePlant = field(default_factory=lambda: LivePlant(sample.plan()))
    settings: Callable[[Settings], Settings] | None = None
    """What becomes of the settings that the readers gave; None: they stay."""
    beat: Path | None = None
    told: Path | None = None
    """Where gate and updater leave their words for one another."""
    admin: AdminEnd | None = None
    """Where the gate's pages may ask; None: nowhere."""
    budget: Budget = sample.PLENTY
    """Of that one key, and of all keys together."""
    guests: tuple[Account, ...] = ()
    """Who else may come to the broker."""


class Stage:
    """See the module's text."""

    def __init__(self, folder: Path, script: Script | None = None) -> None:
        """A stage that is not set up yet; `folder` is empty or does not exist."""
        self.folder = folder
        self.script = script or Script()
        self.plant = self.script.plant
        self.time = self.script.time or LabTime()
        self.authority: Authority
        self.broker: BrokerProcess
        self.running: Running
        self.head_end: HeadEnd
        self.signer: Signer
        self.site_file = folder / "site" / "site.toml"
        self.state_path = folder / "state"
        self._stack = AsyncExitStack()
        self._gate_stack = ExitStack()
        self._task: asyncio.Task[None] | None = None
        self._identities: dict[str, Identity] = {}

    # ---- set up and strike -------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Everything but the gate's readiness: see `ready`."""
        try:
            await self._set_up()
        except BaseException:
            await self._strike()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._strike()

    async def _set_up(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.authority = Authority(self.folder / "authority")
        own = (gate_account("gate", sample.SITE), head_end_account("agg", sample.SITE))
        accounts = own + self.script.guests
        self.broker = self.script.broker(self.folder / "broker", self.authority, accounts)
        await asyncio.to_thread(self.broker.start)
        self._stack.callback(self.broker.stop)
        await self.plant.start()
        self._stack.push_async_callback(self.plant.close)
        self._write_site()
        self._write_state()
        self.start_gate()
        desk = self.desk("agg", self.signer)
        self.head_end = await self._stack.enter_async_context(head_end(desk))

    async def _strike(self) -> None:
        await self.stop_gate()
        await self._stack.aclose()

    def _write_site(self) -> None:
        devices = {str(name): self.plant.address(name) for name in self.plant.devices}
        ends = sample.Ends(
            devices=devices, broker=self.broker.port, fingerprint=self.authority.fingerprint
        )
        self.site_file.parent.mkdir(parents=True, exist_ok=True)
        text = sample.site_text(ends, cycle_ms=self.script.cycle_ms)
        self.site_file.write_text(text, encoding="utf-8")
        (self.site_file.parent / "relay.toml").write_text(sample.RELAY, encoding="utf-8")

    def _write_state(self) -> None:
        folder = make_state(self.state_path)
        signer = new_key(folder.file(names.KEY))
        write_private(folder.file(names.PUBLIC), public_pem(signer.public))
        write_private(folder.file(names.AUTHORITY), self.authority.public.read_bytes())
        identity = self.identity("gate")
        for name, source in (
            ("north-ca.pem", self.authority.ca),
            ("north.pem", identity.certificate),
            ("north.key", identity.key),
        ):
            write_private(folder.file(name), source.read_bytes())
        self.signer = new_key(self.folder / "agg.key")
        now = now_ms()
        budget = self.script.budget
        key = sample.key(self.signer.public, now, budget=budget)
        own = sample.trust(now, key, all_keys=budget)
        self.authority.sign_trust(self.script.trust or own, folder.file(names.TRUST))
        limits = self.script.bounds or sample.bounds(now)
        self.authority.sign_bounds(limits, folder.file(names.BOUNDS))

    # ---- the gate ----------------------------------------------------------------------------

    def start_gate(self) -> None:
        """Starts the gate, as after a power cut if it ran before."""
        gated = read_gated(self.site_file.read_text(encoding="utf-8"), "site.toml")
        settings = sealed(gated.settings, {"relay.toml": sample.RELAY.encode()})
        if self.script.settings is not None:
            settings = self.script.settings(settings)
        profiles = {"relay.toml": read_profile(sample.RELAY, "relay.toml")}
        site = Site(
            settings=settings,
            profiles=profiles,
            state=open_state(self.state_path),
            admin=self.script.admin,
            beat=self.script.beat,
            told=self.script.told,
        )
        self._gate_stack = ExitStack()
        self.running = prepare(site, self._source, self.script.checks, self._gate_stack)
        self.running.boot = self.time.boot
        if self.script.commissioned and not self.running.engine.gate.durable.commissioned:
            self.running.engine.commissioned({"by": "laboratory"})
        self._task = asyncio.get_running_loop().create_task(self.running.serve(lambda: None))

    @property
    def _source(self) -> TimeSource:
        return self.time

    async def stop_gate(self) -> None:
        """Ends the gate in order."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError, ExceptionGroup):
                await self._task
            self._task = None
        self._gate_stack.close()

    async def ready(self, wait_s: float = READY_S) -> None:
        """Until every device answers, every watchdog is armed and the line north is up.

        Raises:
            TimeoutError: something does not come up; the message says what.
        """
        end = asyncio.get_running_loop().time() + wait_s
        while missing := self.missing():
            if self._task is not None and self._task.done():
                await self._task
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(missing)
            await asyncio.sleep(0.02)
        await self.head_end.session(wait_s)

    def missing(self) -> str:
        """What is not up yet."""
        workers, north = self.running.workers, self.running.north
        if not workers or north is None:
            return "gate"
        for name, worker in workers.items():
            if worker.seen.link is not Link.UP:
                return f"{name}: {worker.trouble}"
        if self.running.engine.gate.run.failures:
            return ", ".join(sorted(self.running.engine.gate.run.failures))
        if not north.line.up:
            return f"north: {north.line.trouble}"
        return "" if self.head_end.line.up else "head-end"

    # ---- who else is there -------------------------------------------------------------------

    def identity(self, name: str) -> Identity:
        """A client certificate of this authority; the same one for the same name."""
        found = self._identities.get(name)
        if found is None:
            found = self._identities[name] = self.authority.client(name)
        return found

    def desk(self, name: str, signer: Signer) -> Desk:
        """A head-end with a certificate of that name and a signing key."""
        identity = self.identity(name)
        return Desk(
            site=sample.SITE,
            issuer=sample.ISSUER,
            broker=Broker(
                host="127.0.0.1",
                port=self.broker.port,
                ca=self.authority.ca,
                certificate=identity.certificate,
                key=identity.key,
            ),
            signer=signer,
            gate=load_public(self.state_path / names.PUBLIC),
            sequences=self.folder / f"{name}.sequences.json",
        )

    async def setpoint(
        self, power: Watts, product: Product, *, life_s: float = 60.0, wait_s: float = 5.0
    ) -> Sent:
        """The head-end asks a set-point, and waits for the answer."""
        return await self.head_end.ask(
            lambda envelope: Setpoint(envelope=envelope, power=power, product=product),
            lasts=For(int(life_s * 1000)),
            wait_s=wait_s,
        )

    async def until_power(self, low: float, high: float, wait_s: float = 30.0) -> float:
        """Until the plant's true power lies between these; what it was when time ran out else."""
        end = asyncio.get_running_loop().time() + wait_s
        while asyncio.get_running_loop().time() < end:
            power = float(self.plant.truth().power)
            if low <= power <= high:
                return power
            await asyncio.sleep(0.05)
        return float(self.plant.truth().power)

    def setpoints(self) -> dict[DeviceId, float]:
        """The set-points that the PCS hold."""
        return {pcs.device: pcs.setpoint for pcs in self.plant.truth().pcs}


def now_ms() -> int:
    """The wall clock."""
    return wall.time_ns() // 1_000_000
