"""The stage of the benchmark: the plant in a process of its own, with as many devices as asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sekisho.gate.settings import SouthDevice, SouthRole, TcpEnd
from sekisho.lab import sample
from sekisho.lab.build import PLAIN_PLATE, BlockPlan, PcsPlan, PlantPlan
from sekisho.lab.registers import SunSpec
from sekisho.shell.lab.plant import LivePlant
from sekisho.shell.lab.plant_process import PlantProcess, Service
from sekisho.shell.lab.stage import Script, now_ms
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import WattHours, Watts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.settings import Settings

UNIT_W = 1_000_000
BLOCK_WH = 4_000_000


class PlantElsewhere(LivePlant):
    """A plant that a stage uses as its own, and that runs in another process."""

    def __init__(self, plan: PlantPlan) -> None:
        super().__init__(plan)
        self._plan = plan
        self._process: PlantProcess | None = None
        self._addresses: Mapping[str, str] = {}

    @override
    async def start(self, ports: Mapping[DeviceId, int] | None = None) -> None:
        service = Service(plan=self._plan, ports=ports or {})
        self._process = await asyncio.to_thread(PlantProcess, service)
        self._addresses = self._process.control.addresses()

    @override
    async def close(self) -> None:
        if self._process is not None:
            await asyncio.to_thread(self._process.close)
            self._process = None

    @override
    def address(self, name: str) -> str:
        return self._addresses[name]

    def port(self, device: DeviceId) -> int:
        """Where a device listens."""
        return int(self.address(device).rsplit(":", 1)[1])


def plan_of(devices: int) -> PlantPlan:
    """A plant of so many devices, at least 5: a meter, a relay, batteries, each with a PCS or two."""
    units = (devices - 2 + 1) // 2
    batteries = devices - 2 - units
    numbers = [range(1 + n, units + 1, batteries) for n in range(batteries)]
    layout = SunSpec()
    blocks = tuple(
        BlockPlan(
            device=DeviceId(f"bms-{n + 1}"),
            plate=PLAIN_PLATE,
            energy_wh=float(BLOCK_WH),
            layout=layout,
            pcs=tuple(
                PcsPlan(
                    device=DeviceId(f"pcs-{k}"),
                    plate=PLAIN_PLATE,
                    rated_w=UNIT_W,
                    layout=layout,
                )
                for k in mine
            ),
        )
        for n, mine in enumerate(numbers)
    )
    return PlantPlan(
        blocks=blocks,
        meter=DeviceId("meter-1"),
        meter_plate=PLAIN_PLATE,
        meter_layout=layout,
        trip=DeviceId("trip-1"),
        auxiliary_w=20_000.0,
    )


def script_of(devices: int) -> Script:
    """A stage with so many devices; one tick may move what the commands of the benchmark ask."""
    plan = plan_of(devices)
    plant = PlantElsewhere(plan)
    units = [pcs.device for block in plan.blocks for pcs in block.pcs]
    rated = Watts(UNIT_W * len(units))

    def settings(made: Settings) -> Settings:
        own = {one.device: one for one in made.south}
        souths = [
            replace(own[DeviceId("pcs-1")], device=unit, end=_end(plant, unit)) for unit in units
        ]
        souths += [
            replace(own[DeviceId("bms-1")], device=block.device, end=_end(plant, block.device))
            for block in plan.blocks
        ]
        souths += [own[DeviceId("meter-1")], own[DeviceId("trip-1")]]
        return replace(
            made,
            south=tuple(souths),
            rated=rated,
            energy=WattHours(BLOCK_WH * len(plan.blocks)),
            mismatch_band=Watts(rated // 20),
        )

    limits = sample.bounds(
        now_ms(),
        export_max=rated,
        import_max=rated,
        connection_export_max=rated,
        connection_import_max=rated,
        ramp_dispatch=rated // 5,
        ramp_max=2 * rated // 5,
    )
    return Script(plant=plant, settings=settings, bounds=limits)


def _end(plant: PlantElsewhere, device: DeviceId) -> TcpEnd:
    return TcpEnd(host="127.0.0.1", port=plant.port(device))


def declared(name: str, port: int, **paces: Any) -> SouthDevice:
    """A PCS of the Modbus benchmark as a site file would have it."""
    return SouthDevice(
        device=DeviceId(name),
        role=SouthRole.PCS,
        end=TcpEnd(host="127.0.0.1", port=port),
        unit=1,
        profile=None,
        rated=Watts(UNIT_W),
        no_watchdog="the benchmark's",
        **paces,
    )
