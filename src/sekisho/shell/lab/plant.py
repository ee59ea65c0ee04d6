"""A simulated plant in real time, behind real Modbus servers on loopback.

    plant = LivePlant(plain_plan())
    await plant.start()
    plant.address("pcs-1")                    # tcp://127.0.0.1:40123
    plant.switch_on("pcs-1", Silent())
    plant.truth().power
    plant.seen("pcs-1").most_connections      # what a well-behaved client keeps at 1
    await plant.close()

Each device has a server of its own, or shares one with others as units; some may stand on a pty as a
serial line. The physics follow the loop's clock in steps of `tick_ms`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho.lab.bank import Units
from sekisho.lab.build import built, layouts
from sekisho.lab.registers import registers
from sekisho.shell.device_data import load_catalogue
from sekisho.shell.lab.wire import set_wire
from sekisho.shell.modbus.server import RtuServer, TcpServer
from sekisho.terms.ids import DeviceId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sekisho.lab.bank import RegisterBank
    from sekisho.lab.build import PlantPlan
    from sekisho.lab.faults import Fault
    from sekisho.lab.plant import Truth
    from sekisho.shell.modbus.server import Seen

TICK_MS = 20
MOST_BEHIND_MS = 5_000
"""When the machine stood still for longer, the plant's time stood still with it."""


class LivePlant:
    """See the module's text."""

    def __init__(
        self,
        plan: PlantPlan,
        *,
        tick_ms: int = TICK_MS,
        together: Collection[Collection[DeviceId]] = (),
        serial: Collection[DeviceId] = (),
    ) -> None:
        """A plant that does not run yet.

        Args:
            plan: what to build.
            tick_ms: step of the physics.
            together: devices that share one address, told apart by their units.
            serial: devices that stand on a pty instead of TCP.
        """
        self.plant, self.devices = built(plan)
        self.tick_ms = tick_ms
        self._serial = frozenset(serial)
        laid, catalogue = layouts(plan), load_catalogue()
        self.banks: Mapping[DeviceId, RegisterBank] = {
            name: registers(device, laid[name], catalogue) for name, device in self.devices.items()
        }
        grouped = {name for group in together for name in group}
        groups = [tuple(group) for group in together]
        groups += [(name,) for name in self.devices if name not in grouped]
        self._groups = tuple(groups)
        self._servers: dict[DeviceId, TcpServer | RtuServer] = {}
        self._ports: dict[DeviceId, int] = {}
        self._clock: asyncio.Task[None] | None = None

    # ---- running -----------------------------------------------------------------------------

    async def start(self, ports: Mapping[DeviceId, int] | None = None) -> None:
        """Serves and runs.

        Args:
            ports: where devices are to listen; others take any free port.
        """
        for group in self._groups:
            bank = Units(self.banks[name] for name in group)
            server: TcpServer | RtuServer
            if group[0] in self._serial:
                server = RtuServer.on_pty(bank)
                server.start()
            else:
                wanted = (ports or {}).get(group[0], 0)
                server = await TcpServer(bank).start(port=wanted)
                self._ports.update(dict.fromkeys(group, server.port))
            self._servers.update(dict.fromkeys(group, server))
        self._clock = asyncio.create_task(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        began, step, plant = loop.time(), self.tick_ms, self.plant
        start = plant.now_ms
        while True:
            due = start + int((loop.time() - began) * 1_000)
            if due - plant.now_ms > MOST_BEHIND_MS:
                began += (due - plant.now_ms) / 1_000
                due = plant.now_ms
            while plant.now_ms + step <= due:
                plant.step(step)
            await asyncio.sleep((plant.now_ms + step - due) / 1_000)

    async def close(self) -> None:
        """Stops, and closes every server."""
        if self._clock is not None:
            self._clock.cancel()
            with suppress(asyncio.CancelledError):
                await self._clock
            self._clock = None
        for server in set(self._servers.values()):
            if isinstance(server, TcpServer):
                await server.close()
            else:
                server.close()
        self._servers.clear()

    # ---- from outside ------------------------------------------------------------------------

    def address(self, name: str) -> str:
        """Where a device is reached, as `[[south]] connect` writes it."""
        device = DeviceId(name)
        server = self._servers[device]
        if isinstance(server, RtuServer):
            return f"rtu://{server.path}?baud=115200&parity=N"
        return f"tcp://127.0.0.1:{self._ports[device]}"

    def addresses(self) -> dict[str, str]:
        """All of them."""
        return {str(name): self.address(name) for name in self._servers}

    def seen(self, name: str) -> Seen:
        """What clients did to a device's server."""
        return self._servers[DeviceId(name)].seen

    def truth(self) -> Truth:
        """What is true now."""
        return self.plant.truth()

    def switch_on(self, name: str, fault: Fault) -> None:
        """Something goes wrong with a device.

        Raises:
            KeyError: there is no such device.
        """
        self.devices[DeviceId(name)].switch_on(fault)
        self._wire(DeviceId(name))

    def switch_off(self, name: str, fault: Fault | type[Fault] | None = None) -> None:
        """It is mended: one switch, all of a kind, or everything.

        Raises:
            KeyError: there is no such device.
        """
        device = self.devices[DeviceId(name)]
        if fault is None:
            device.all_well()
        else:
            device.switch_off(fault)
        self._wire(DeviceId(name))

    def _wire(self, name: DeviceId) -> None:
        """Carries the faults of a server's devices over to its wire."""
        server = self._servers[name]
        sharing = (other for other, theirs in self._servers.items() if theirs is server)
        faults = frozenset(f for other in sharing for f in self.devices[other].faults)
        if set_wire(faults, server.faults) and isinstance(server, TcpServer):
            server.drop_connections()

    async def unplug(self, name: str) -> None:
        """A device on TCP disappears: its connections end, and it does not listen.

        Raises:
            KeyError: there is no such device on TCP.
        """
        server = self._servers[DeviceId(name)]
        if not isinstance(server, TcpServer):
            raise KeyError(name)
        await server.close()

    async def plug(self, name: str) -> None:
        """It is back where it was.

        Raises:
            KeyError: there is no such device on TCP.
        """
        server = self._servers[DeviceId(name)]
        if not isinstance(server, TcpServer):
            raise KeyError(name)
        await server.start(port=self._ports[DeviceId(name)])
