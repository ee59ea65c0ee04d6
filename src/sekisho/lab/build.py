"""From a plan to a plant and its devices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.device_map import Refresh
from sekisho.codec.meanings import Meaning
from sekisho.lab.battery import Battery, BatteryPlate
from sekisho.lab.bms import Bms
from sekisho.lab.boxes import bms_device, meter_device, relay_device
from sekisho.lab.device import LabDevice, Plate
from sekisho.lab.grid import Course, FrequencyNoise, Grid
from sekisho.lab.meter import Meter
from sekisho.lab.own_droop import OwnDroop
from sekisho.lab.pcs import Pcs, PcsPlate
from sekisho.lab.pcs_box import ForeignHand, pcs_device
from sekisho.lab.plant import Block, Plant
from sekisho.lab.registers import Layout, OfPoints, Plain, SunSpec
from sekisho.lab.relay import Relay
from sekisho.terms.ids import DeviceId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

PLAIN = Plain()
UNREST = 0.002
"""Share of the rating by which the meter's power is unsteady."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PcsPlan:
    """One PCS to build."""

    device: DeviceId
    plate: Plate
    rated_w: int
    ramp_w_s: float | None = None
    """None: its rating in 5 s."""
    delay_ms: int = 100
    refreshed_by: frozenset[Refresh] = frozenset(
        {Refresh.HEARTBEAT, Refresh.TIMEOUT, Refresh.ENABLE}
    )
    fixed_timeout_s: float | None = None
    fallback_w: int = 0
    """What its watchdog falls back to until something else is written."""
    own_droop: bool = False
    """It has droop of its own (SunSpec 711)."""
    unit: int = 1
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPlan:
    """One battery with its BMS and PCS to build."""

    device: DeviceId
    """The BMS."""
    plate: Plate
    energy_wh: float
    pcs: tuple[PcsPlan, ...]
    soc: float = 0.5
    temperature: float | None = None
    power_w: float | None = None
    """Most power either way; None: what its PCS can, and a tenth."""
    efficiency: float = 0.965
    """Of either way."""
    unit: int = 1
    layout: Layout = PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantPlan:
    """A plant to build."""

    blocks: tuple[BlockPlan, ...]
    meter: DeviceId
    meter_plate: Plate
    meter_unit: int = 1
    meter_layout: Layout = PLAIN
    trip: DeviceId | None = None
    trip_plate: Plate | None = None
    trip_unit: int = 1
    trip_layout: Layout = PLAIN
    auxiliary_w: float = 0.0
    nominal: float = 50.0
    courses: tuple[Course, ...] = (FrequencyNoise(),)
    seed: int = 1


def built(plan: PlantPlan) -> tuple[Plant, Mapping[DeviceId, LabDevice]]:
    """The physics of a plan, and its devices by their ids."""
    grid = Grid(plan.nominal, plan.courses)
    rated = sum(pcs.rated_w for block in plan.blocks for pcs in block.pcs)
    meter = Meter(UNREST * rated, plan.seed)
    relay = Relay()
    blocks: list[Block] = []
    for block in plan.blocks:
        battery = _battery(block)
        pcs = tuple((p.device, _pcs(p, plan.nominal), ForeignHand()) for p in block.pcs)
        blocks.append(Block(block.device, battery, Bms(battery), pcs))
    plant = Plant(tuple(blocks), grid, meter, relay, plan.auxiliary_w)
    devices: dict[DeviceId, LabDevice] = {}
    for block, made in zip(plan.blocks, blocks, strict=True):
        for unit, (device, pcs_physics, hand) in zip(block.pcs, made.pcs, strict=True):
            devices[device] = pcs_device(
                device, unit.plate, pcs_physics, hand, lambda: plant.frequency, unit.unit
            )
        devices[block.device] = bms_device(block.device, block.plate, made.bms, block.unit)
    devices[plan.meter] = meter_device(plan.meter, plan.meter_plate, meter, rated, plan.meter_unit)
    if plan.trip is not None:
        plate = plan.trip_plate or plan.meter_plate
        devices[plan.trip] = relay_device(plan.trip, plate, relay, plan.trip_unit)
    return plant, devices


def layouts(plan: PlantPlan) -> dict[DeviceId, Layout]:
    """How the registers of each device lie."""
    found = {block.device: block.layout for block in plan.blocks}
    found |= {pcs.device: pcs.layout for block in plan.blocks for pcs in block.pcs}
    found[plan.meter] = plan.meter_layout
    if plan.trip is not None:
        found[plan.trip] = plan.trip_layout
    return found


def _battery(plan: BlockPlan) -> Battery:
    power = plan.power_w or 1.1 * sum(pcs.rated_w for pcs in plan.pcs)
    plate = BatteryPlate(
        energy_wh=plan.energy_wh,
        charge_w=power,
        discharge_w=power,
        charge_efficiency=plan.efficiency,
        discharge_efficiency=plan.efficiency,
    )
    return Battery(plate, plan.soc, plan.temperature)


def _pcs(plan: PcsPlan, nominal: float) -> Pcs:
    pcs = Pcs(
        PcsPlate(
            rated_w=plan.rated_w,
            ramp_w_s=plan.ramp_w_s or plan.rated_w / 5,
            delay_ms=plan.delay_ms,
            refreshed_by=plan.refreshed_by,
            fixed_timeout_s=plan.fixed_timeout_s,
            enable_reverts=isinstance(plan.layout, SunSpec),
        )
    )
    points = plan.layout.points if isinstance(plan.layout, OfPoints) else None
    has = None if points is None else {point.meaning for point in points}
    # as delivered: where there is a mode or an enable, whoever commands it sets that first
    pcs.mode_right = has is not None and Meaning.SETPOINT_MODE not in has
    pcs.enabled = has is not None and Meaning.SETPOINT_ENABLE not in has
    pcs.fallback = plan.fallback_w
    pcs.hertz = pcs.nominal = nominal
    pcs.droop = OwnDroop() if plan.own_droop else None
    return pcs


PLAIN_PLATE = Plate(maker="架空電機", model="LAB-1", version="1.0")


def plain_plan(
    pcs: int = 2,
    rated_w: int = 1_000_000,
    energy_wh: float = 4_000_000.0,
    layout: Layout = PLAIN,
    own_droop: Collection[str] = (),
    **changes: float,
) -> PlantPlan:
    """A made-up plant: one battery, some PCS on it, a meter, a trip relay.

    Args:
        pcs: how many.
        rated_w: of each.
        energy_wh: of the battery.
        layout: of the registers of PCS, BMS and meter.
        own_droop: PCS that have droop of their own.
        changes: `soc` or `temperature` of the battery, `auxiliary_w` of the plant.
    """
    units = tuple(
        PcsPlan(
            device=DeviceId(f"pcs-{n}"),
            plate=PLAIN_PLATE,
            rated_w=rated_w,
            layout=layout,
            own_droop=f"pcs-{n}" in own_droop,
        )
        for n in range(1, pcs + 1)
    )
    block = BlockPlan(
        device=DeviceId("bms-1"),
        plate=PLAIN_PLATE,
        energy_wh=energy_wh,
        pcs=units,
        soc=changes.get("soc", 0.5),
        temperature=changes.get("temperature"),
        layout=layout,
    )
    return PlantPlan(
        blocks=(block,),
        meter=DeviceId("meter-1"),
        meter_plate=PLAIN_PLATE,
        meter_layout=layout,
        trip=DeviceId("trip-1"),
        auxiliary_w=changes.get("auxiliary_w", 20_000.0),
    )
