"""A toy plant and a toy disk, deterministic and fast: what the promise of the gate is judged by.

The plant has PCS with watchdogs of their own, a battery, a meter with the plant's own load. The disk
takes what the gate writes down and has it safe a little later, or never.
"""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from sekisho.gate.durable_form import from_bytes, to_bytes
from sekisho.gate.image import Link, OwnDroop, Reading
from sekisho.terms.quantity import BootMs, Watts
from tests.facts.gate import scene

WATCHDOG_MS = 10_000
RATED = 500_000
"""Of each PCS, W."""
AUXILIARY = 10_000
"""The plant's own load, W."""


class Pcs:
    """Holds what was written last; without a refresh it falls back to zero by itself."""

    def __init__(self):
        self.given = 0
        """What the gate wrote last, or what the unit fell back to."""
        self.setpoint = 0
        """What the unit does: the same, unless somebody else wrote there."""
        self.written: Any = None
        """What the gate has written on this connection last: the same is not written again."""
        self.refreshed = 0
        self.link = Link.UP
        self.since = -2 * WATCHDOG_MS
        self.faulted = False
        self.own = None
        """Of its own droop: what is known; None where the site leaves that alone."""
        self.follows: Any = None
        """The line that it follows by itself, whoever is dead."""
        self.setting: Any = None
        """A line that is on its way to the device: between two ticks it is enabled."""
        self.never_off = False
        """Its own droop cannot be switched off."""
        self.foreign_at: Any = None

    @property
    def able(self):
        up = self.link is Link.UP and not self.faulted
        return up and self.own is not OwnDroop.FAILED

    def told(self, line):
        """As a worker does it: off at once; on in steps, while the cycle goes on."""
        if self.link is not Link.UP or self.own is None:
            return
        if line is None:
            self.setting = None
            if not self.never_off:
                self.follows = None
            self.own = OwnDroop.OFF if self.follows is None else OwnDroop.FAILED
        elif self.follows == line:
            self.own = OwnDroop.ON
        elif self.own is OwnDroop.OFF:
            self.setting = line

    def switched(self):
        """The line's last frame: on, and not read back yet."""
        if self.setting is not None and self.link is Link.UP:
            self.follows, self.own = self.setting, OwnDroop.UNSURE
        self.setting = None

    def connected(self):
        """Off before anything else is asked."""
        self.written = None
        self.told(None)

    def someone_else_sets(self, line, now):
        """Found as it is read the next time, and switched off."""
        if self.own is not None and self.link is Link.UP:
            self.follows, self.foreign_at = line, now
            self.told(None)

    def adds(self, hertz):
        """W that it adds by itself, between its ratings."""
        line = self.follows
        if line is None or self.faulted:
            return 0
        off = hertz - 50.0
        beyond = max(0.0, abs(off) - line.deadband_over)
        answer = beyond / 50.0 / line.slope_over * RATED
        power = self.setpoint - answer if off > 0 else self.setpoint + answer
        return round(max(-RATED, min(RATED, power))) - self.setpoint

    def pass_time(self, now):
        if now - self.refreshed > WATCHDOG_MS:
            self.given = self.setpoint = 0
        self.switched()

    def write(self, power, now):
        assert self.link is Link.UP
        self.given = self.setpoint = power
        self.refreshed = now

    def taken_back(self):
        """From what somebody else wrote: where that is less, from there, at the ramp."""
        if self.setpoint * self.given >= 0 and abs(self.setpoint) < abs(self.given):
            self.given = self.setpoint

    def ordered(self, power, now, *, force):
        """As a worker does it: a value is written when it is another, or when somebody else wrote."""
        assert self.link is Link.UP
        self.refreshed = now
        if force or power != self.written:
            self.write(power, now)
            self.written = power


class Plant:
    """Two PCS of 500 kW and a battery of 2 MWh; time in ms since the machine began."""

    def __init__(self, own=()):
        """A plant; `own` are the units with droop of their own."""
        self.pcs = {"pcs-1": Pcs(), "pcs-2": Pcs()}
        for name in own:
            self.pcs[name].own = OwnDroop.OFF
        self.soc = 0.5
        self.soc_told = 0.0
        """By how much the state of charge that is told is wrong."""
        self.hertz = 50.0
        self.hertz_known = True
        self.pressed = False
        self.auxiliary = AUXILIARY
        self.hidden_radio = 0
        """W that flow although nobody ordered them here."""
        self.meter_lost = False
        self.battery_lost = False

    @property
    def given(self):
        return sum(pcs.given for pcs in self.pcs.values())

    @property
    def power(self):
        return sum(pcs.setpoint for pcs in self.pcs.values())

    @property
    def flows(self):
        """What really flows: set-points, and what units add by themselves."""
        return self.power + sum(pcs.adds(self.hertz) for pcs in self.pcs.values())

    @property
    def whole(self):
        """Whether every unit can be asked."""
        return all(pcs.able for pcs in self.pcs.values())

    @property
    def each(self):
        """What each unit that can be asked was given."""
        return {name: pcs.given for name, pcs in self.pcs.items() if pcs.able}

    @property
    def level(self):
        """Whether all units do the same, or some cannot be asked; else they level out first."""
        powers = [pcs.given for pcs in self.pcs.values()]
        return not self.whole or max(powers) - min(powers) <= 1

    def pass_time(self, now, ms):
        for pcs in self.pcs.values():
            pcs.pass_time(now)
        self.soc -= self.flows * ms / 3_600_000 / scene.SETTINGS.energy

    def image(self, boot, boot_zero):
        """As the gate reads it; `boot_zero`: when the machine of the gate was switched on."""
        shown = tuple(pcs.setpoint for pcs in self.pcs.values())
        meter = self.flows - self.auxiliary + self.hidden_radio
        # No two readings of a live meter are the same.
        meter += boot // 100 % 3
        soc = min(1.0, max(0.0, self.soc + self.soc_told))
        image = scene.image(
            boot, units=shown, soc=soc, hertz=self.hertz, meter=meter, stop_pressed=self.pressed
        )
        old = BootMs(boot - 60_000)
        pcs = tuple(
            replace(
                one,
                link=real.link,
                faulted=real.faulted,
                since=BootMs(real.since - boot_zero),
                power=Reading(Watts(real.setpoint + real.adds(self.hertz)), BootMs(boot)),
                own_droop=real.own,
                own_droop_foreign=_since(real.foreign_at, boot_zero),
            )
            for one, real in zip(image.pcs, self.pcs.values(), strict=True)
        )
        (measured,), (battery,) = image.meters, image.bms
        if self.meter_lost:
            measured = replace(measured, link=Link.LOST, power=Reading(Watts(0), old))
        if not self.hertz_known:
            measured = replace(measured, frequency=None)
        if self.battery_lost:
            battery = replace(battery, link=Link.LOST)
        return replace(image, pcs=pcs, meters=(measured,), bms=(battery,))


def _since(at, zero):
    return None if at is None else BootMs(at - zero)


@dataclass
class Disk:
    """What was submitted is safe after `delay`, in order; while it is stuck, nothing is."""

    delay: int
    durable: Any = None
    model: Any = None
    committed: int = 0
    entries: list[Any] = field(default_factory=list)
    """All entries of this run of the gate and those committed before; number n is at n - 1."""
    waiting: deque[Any] = field(default_factory=deque)
    stuck: bool = False
    kept_at: int = 0

    def submit(self, now, entries, durable, model):
        """As the shell does it: with every entry, and every five seconds without one."""
        if not entries and now - self.kept_at < 5_000:
            return
        self.kept_at = now
        self.entries.extend(entries)
        self.waiting.append((now, len(self.entries), durable, model))

    def pass_time(self, now):
        while self.waiting and not self.stuck and now - self.waiting[0][0] >= self.delay:
            _, self.committed, self.durable, self.model = self.waiting.popleft()

    def behind_ms(self, now):
        return now - self.waiting[0][0] if self.waiting else 0

    def crash(self):
        """Only what was committed is left."""
        self.waiting.clear()
        del self.entries[self.committed :]
        return from_bytes(to_bytes(self.durable)), self.model
