"""The cycle in long virtual time: what it remembers does not grow.

Two hours here; `SEKISHO_LONG_HOURS=24` runs a day.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

from sekisho.codec.jws import verify
from sekisho.gate.clock import Clock
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.tick import tick
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.receive import receive
from sekisho.gate.state import MOST_ANSWERS
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import BootMs, WallMs, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.plant_toy import Plant

HOURS = int(os.environ.get("SEKISHO_LONG_HOURS", "2"))
MOST = 120
"""Things that a gate with two PCS, one key and one schedule remembers, its answers aside."""


def things(value):
    """How many values hang below one."""
    if is_dataclass(value):
        return sum(things(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, Mapping):
        return sum(1 + things(one) for one in value.values())
    if isinstance(value, tuple | frozenset | list):
        return sum(1 + things(one) for one in value)
    return 0


def asked_anew(gate, pressure, plant, clock, number):
    """A set-point for half a minute, beside the schedule."""
    wall = clock.wall
    order = asking.setpoint(
        150_000 if number % 2 else 50_000,
        id=CommandId(f"long-{number}"),
        sequence=number,
        issued_at=wall,
        not_before=wall,
        expires_at=WallMs(wall + 30_000),
    )
    image = plant.image(clock.boot, 0)
    got = receive(gate, pressure, asking.signed(order), image, clock, verify, CHECKS)
    return got.gate, got.pressure


def test_what_the_gate_remembers_does_not_grow():
    plant, pressure = Plant(), Pressure()
    gate = scene.gate(
        trust=scene.trust(asking.key()), bounds=scene.bounds(droop=scene.droop()), boot_id="boot-1"
    )
    powers = [100_000, -100_000] * HOURS
    standing = replace(scene.schedule(powers), kid=asking.AGG.kid)
    standing = replace(standing, term=replace(standing.term, boot_id="boot-1"))
    gate = scene.durable(gate, standing=(standing,))
    most = moved = 0
    for second in range(1, HOURS * 3_600):
        now = second * 1_000
        clock = Clock(wall=WallMs(scene.EPOCH + now), boot=BootMs(now), sure=True)
        plant.hertz = 50.0 + 0.06 * math.sin(second / 40)
        plant.pass_time(now, 1_000)
        if second % 60 == 0:
            gate, pressure = asked_anew(gate, pressure, plant, clock, second // 60)
        before = plant.given
        around = Surroundings(committed=gate.next_entry - 1)
        gate, turn = tick(gate, plant.image(now, 0), clock, around)
        for device, power in turn.orders.items():
            plant.pcs[device].write(Watts(power), now)
        moved += plant.given != before
        most = max(most, things(replace(gate.run)) + things(gate.durable))
        assert most <= MOST
        assert len(turn.entries) < 10
    assert len(gate.answers) <= MOST_ANSWERS
    assert len(pressure.signed) <= 2
    assert moved > HOURS * 1_800, "the plant was at work"
    assert not gate.durable.latches
