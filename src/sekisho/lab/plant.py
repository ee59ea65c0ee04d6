"""A whole plant in virtual time: batteries, PCS, BMS, meter, breaker, and what is true of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sekisho.lab.battery import Battery
    from sekisho.lab.bms import Bms
    from sekisho.lab.grid import Grid
    from sekisho.lab.meter import Meter
    from sekisho.lab.pcs import Pcs
    from sekisho.lab.pcs_box import ForeignHand
    from sekisho.lab.relay import Relay
    from sekisho.terms.ids import DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class PcsTruth:
    """What is true of a PCS, whatever it says."""

    device: DeviceId
    power: float
    """W that really flow, export positive."""
    setpoint: int
    """As it stands in the device."""
    enabled: bool
    target: float
    """Where its power goes."""
    watchdog_s: float
    """Left until its watchdog runs out; 0 while it does not count."""
    expired: bool
    local: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryTruth:
    """What is true of a battery."""

    device: DeviceId
    """Its BMS."""
    soc: float
    temperature: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of a plant at one moment."""

    at_ms: int
    power: float
    """W at the connection point, export positive."""
    auxiliary: float
    frequency: float
    breaker_open: bool
    pcs: tuple[PcsTruth, ...]
    batteries: tuple[BatteryTruth, ...]


@dataclass(slots=True)
class Block:
    """One battery, its BMS, and the PCS on it."""

    bms_id: DeviceId
    battery: Battery
    bms: Bms
    pcs: tuple[tuple[DeviceId, Pcs, ForeignHand], ...]


class Plant:
    """Physics only; `lab.virtual` and the laboratory's servers put registers before it."""

    def __init__(
        self, blocks: tuple[Block, ...], grid: Grid, meter: Meter, relay: Relay, auxiliary_w: float
    ) -> None:
        """A plant.

        Args:
            blocks: batteries and what stands on them.
            grid: what it is connected to.
            meter: at the connection point.
            relay: the breaker there.
            auxiliary_w: its own load, ≥ 0.
        """
        self.blocks = blocks
        self.grid = grid
        self.meter = meter
        self.relay = relay
        self.auxiliary_w = auxiliary_w
        self.now_ms = 0
        self.frequency = grid.frequency(0)
        self.power = 0.0
        """At the connection point."""

    def step(self, dt_ms: int) -> None:
        """Lets time pass."""
        now = self.now_ms = self.now_ms + dt_ms
        closed = not self.relay.open
        total = 0.0
        for block in self.blocks:
            battery = block.battery
            takes = gives = flow = 0.0
            if closed and not block.bms.broken:
                takes, gives = battery.within(dt_ms)
            for _, pcs, hand in block.pcs:
                if hand.watts is not None:
                    hand.step(now, pcs)
                pcs.hertz = self.frequency
                power = pcs.step(now, dt_ms, takes, gives)
                pcs.beat_out = now // 1000 % 0xFFFFFFFE + 1
                flow += power
                if power > 0.0:
                    gives -= power
                else:
                    takes += power
            battery.step(flow, dt_ms)
            block.bms.step(now, flow)
            total += flow
        self.frequency = self.grid.frequency(now)
        self.power = total - self.auxiliary_w if closed else 0.0
        self.meter.step(self.power, self.frequency, dt_ms)

    def truth(self) -> Truth:
        """What is true now."""
        return Truth(
            at_ms=self.now_ms,
            power=self.power,
            auxiliary=self.auxiliary_w,
            frequency=self.frequency,
            breaker_open=self.relay.open,
            pcs=tuple(
                PcsTruth(
                    device=device,
                    power=pcs.power,
                    setpoint=pcs.setpoint,
                    enabled=pcs.enabled,
                    target=pcs.target,
                    watchdog_s=pcs.remaining_s,
                    expired=pcs.expired,
                    local=not pcs.remote,
                )
                for block in self.blocks
                for device, pcs, _ in block.pcs
            ),
            batteries=tuple(
                BatteryTruth(
                    device=block.bms_id,
                    soc=block.battery.soc,
                    temperature=block.battery.temperature,
                )
                for block in self.blocks
            ),
        )
