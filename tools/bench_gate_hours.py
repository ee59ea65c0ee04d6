"""The pure cycle over simulated hours: real time taken, and memory that grows.

A toy plant of two PCS, a battery and a meter obeys at once. A plan of 48 half-hours stands, and every
ten minutes a signed command comes through the whole guard; where a tick has entries the durable state
is put into bytes, as the running gate does.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Product, Setpoint
from sekisho.codec.jws import Typ, verify
from sekisho.gate.clock import Clock
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.tick import tick
from sekisho.gate.durable_form import to_bytes
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.receive import receive
from sekisho.gate.image import PlantImage, Reading
from sekisho.terms.quantity import BootMs, Hertz, Share, WallMs, Watts
from tools.bench_gate_figure import Found
from tools.bench_guard import BOOT, SIGNER, WALL, bench_gate, bench_image, envelope

HOUR_MS = 3_600_000
COMMAND_MS = 600_000
_PAGE = 4_096
AUXILIARY = 20_000
ENERGY_WH = 8_000_000
MIB = 1024 * 1024


@dataclass(slots=True)
class _Plant:
    """Obeys at once."""

    powers: dict[str, Watts]
    soc: float = 0.5

    def image(self, like: PlantImage, at: BootMs, elapsed: int) -> PlantImage:
        total = sum(self.powers.values())
        self.soc = min(0.9, max(0.1, self.soc - total * elapsed / HOUR_MS / ENERGY_WH))
        pcs = tuple(
            replace(
                one,
                power=Reading(self.powers[one.device], at),
                setpoint=Reading(self.powers[one.device], at),
            )
            for one in like.pcs
        )
        limit = Reading(Watts(10_000_000), at)
        bms = tuple(
            replace(
                one,
                soc=Reading(Share(self.soc), at),
                charge_limit=limit,
                discharge_limit=limit,
                temperature_min=one.temperature_min and Reading(one.temperature_min.value, at),
                temperature_max=one.temperature_max and Reading(one.temperature_max.value, at),
            )
            for one in like.bms
        )
        flow = Reading(Watts(round(total) - AUXILIARY), at)
        hertz = Reading(Hertz(50.0 + (at // 1_000 % 7) / 1_000), at)
        meters = tuple(replace(one, power=flow, frequency=hertz) for one in like.meters)
        return PlantImage(at=at, pcs=pcs, bms=bms, meters=meters)


@dataclass(frozen=True, slots=True)
class Ran:
    """What some hours took."""

    seconds: float
    """Processor seconds."""
    ticks: int
    grown: float
    """MiB of resident memory between the twelfth part of the time and its end."""
    entries: int
    moved: int
    """Ticks in which the set-point changed: nothing was measured where it is 0."""


def run(hours: float, cycle_ms: int) -> Ran:
    """Hours of the cycle."""
    gate = bench_gate(pcs=2, bms=1)
    like = bench_image(pcs=2, bms=1)
    plant = _Plant({one.device: Watts(0) for one in like.pcs})
    ticks = max(1, round(hours * HOUR_MS / cycle_ms))
    settled, resident, entries, moved, pressure = ticks // 12, 0.0, 0, 0, Pressure()
    begun = time.process_time()
    for number in range(1, ticks + 1):
        now = BootMs(BOOT + number * cycle_ms)
        clock = Clock(wall=WallMs(WALL + number * cycle_ms), boot=now, sure=True, error_ms=3)
        image = plant.image(like, now, cycle_ms)
        if number * cycle_ms % COMMAND_MS == 0:
            raw = SIGNER.sign(claims_of(_command(number, clock.wall)), Typ.COMMAND)
            got = receive(gate, pressure, raw, image, clock, verify, CHECKS)
            gate, pressure, entries = got.gate, got.pressure, entries + len(got.entries)
        gate, turn = tick(gate, image, clock, Surroundings(committed=gate.next_entry))
        if turn.entries:
            entries += len(turn.entries)
            to_bytes(gate.durable)
        for device, power in turn.orders.items():
            moved += plant.powers[device] != power
            plant.powers[device] = power
        if number == settled:
            resident = _resident()
    seconds = time.process_time() - begun
    grown = _resident() - resident if settled else 0.0
    return Ran(seconds, ticks, grown, entries, moved)


def _command(number: int, wall: WallMs) -> Setpoint:
    head = replace(
        envelope(number, 60_000),
        issued_at=wall,
        not_before=WallMs(wall - 1_000),
        expires_at=WallMs(wall + 300_000),
    )
    power = Watts(1_000_000 + number % 1_000 * 100)
    return Setpoint(envelope=head, power=power, product=Product.FRR)


def _resident() -> float:
    """MiB that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / MIB


def figures(share: float = 1.0) -> list[Found]:
    """A day at a cycle of 1 s, an hour at 100 ms; `share` of each where a test asks for less."""
    day, hour = run(24 * share, 1_000), run(share, 100)
    told = f" ({day.ticks:,} ticks, {day.entries:,} entries, {day.moved:,} set-points moved)"
    return [
        Found(what="f: a day at 1 s", value=day.seconds, unit=" s", most=30, note=told),
        Found(
            what="f: memory from hour 2 to hour 24", value=day.grown, unit=" MiB", most=5,
            note=" more",
        ),
        Found(
            what="f: an hour at 100 ms", value=hour.seconds, unit=" s", most=15,
            note=f" ({hour.ticks:,} ticks)",
        ),
    ]  # fmt: skip
