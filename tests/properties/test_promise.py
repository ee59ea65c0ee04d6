"""The promise to the plant, held by a state machine that is its enemy.

A toy plant of two PCS with watchdogs follows what the gate writes. The machine gives and revokes
orders, steps clocks, loses devices and disk, kills the gate and starts it again, in any order, and
after every tick looks at the set-points *at the PCS*.
"""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sekisho.codec.command import Product
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.tick import tick
from sekisho.gate.durable_form import from_bytes, to_bytes
from sekisho.gate.image import Link
from sekisho.gate.restart import Found, resumed
from sekisho.gate.state import LOCAL_RESET, Gate, Latch
from sekisho.terms.quantity import BootMs, Watts
from tests.facts.gate import scene

WATCHDOG_MS = 10_000
TICK_MS = 200
RATED = 1_000_000
BUDGET = replace(scene.PLENTY, change_per_minute=Watts(8_000_000), reversals_per_hour=200)
POWERS = st.integers(-1_500_000, 1_500_000).map(Watts)


class Pcs:
    """Holds what was written last; without a refresh it falls back to zero."""

    def __init__(self):
        self.setpoint = 0
        self.refreshed = 0
        self.link = Link.UP
        self.since = 0

    def pass_time(self, now):
        if now - self.refreshed > WATCHDOG_MS:
            self.setpoint = 0


class Promise(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.now = 0
        self.drift = 0
        self.sure = True
        self.behind = 0
        self.pcs = {"pcs-1": Pcs(), "pcs-2": Pcs()}
        trust = scene.trust(scene.key(budget=BUDGET), all_keys=BUDGET)
        bounds = scene.bounds(
            export_max=Watts(800_000), import_max=Watts(700_000), droop=scene.droop()
        )
        self.found = Found(
            settings=scene.SETTINGS,
            trust=trust,
            bounds=bounds,
            boot_id=scene.BOOT,
            next_entry=1,
        )
        self.gate: Gate | None = scene.gate(trust=trust, bounds=bounds)
        self.disk = to_bytes(self.gate.durable)
        self.number = 0
        self.hertz = 50.0
        self.soc = 0.5
        self.pressed = False
        self.meter_off = 0
        self.moves: list[tuple[int, float]] = []
        self.last = 0.0
        self.fell = 0
        self.ceiling = 10.0**9
        self.floor = -(10.0**9)
        self.dead_since: int | None = None

    # ---- what the world does ------------------------------------------------------------------

    @rule(
        power=POWERS,
        life=st.sampled_from([1_000, 20_000, 600_000]),
        fcr=st.booleans(),
        calm=st.booleans(),
        then=st.sampled_from([2, 8, 20]),
    )
    def set_point(self, power, life, fcr, calm, then):
        assert self.gate is not None
        if calm:
            self.release()
        self.number += 1
        order = scene.setpoint(
            power,
            number=self.number,
            start=self.now,
            end=self.now + life,
            product=Product.FCR if fcr else Product.JEPX_SPOT,
            entry=self.gate.next_entry,
        )
        kept = tuple(s for s in self.gate.durable.standing if s.rank is not order.rank)
        both = tuple(sorted((*kept, order), key=lambda s: -s.rank))
        self.gate = scene.durable(
            replace(self.gate, next_entry=self.gate.next_entry + 1), standing=both
        )
        self.pass_time(then)

    @rule(export=st.integers(0, 900_000), life=st.sampled_from([5_000, 60_000]))
    def curtail(self, export, life):
        assert self.gate is not None
        self.number += 1
        order = scene.curtailment(
            export, export // 2, number=self.number, start=self.now, end=self.now + life
        )
        both = (*self.gate.durable.curtailments, order)[-8:]
        self.gate = scene.durable(self.gate, curtailments=both)
        self.pass_time(3)

    @rule(seconds=st.sampled_from([1, 8]))
    def stop(self, seconds):
        if self.gate is not None:
            both = self.gate.durable.latches | {Latch.REMOTE_STOP}
            self.gate = scene.durable(self.gate, latches=both)
            self.pass_time(seconds)
            self.release()

    @rule()
    def release(self):
        if self.gate is not None:
            left = self.gate.durable.latches - {Latch.REMOTE_STOP} - LOCAL_RESET
            run = replace(self.gate.run, soc_expected=None)
            self.gate = scene.durable(replace(self.gate, run=run), latches=left)

    @rule(drift=st.sampled_from([-3_600_000, 0, 3_600_000]), sure=st.booleans())
    def clock(self, drift, sure):
        self.drift, self.sure = drift, sure
        self.pass_time(5)
        self.drift, self.sure = 0, True

    @rule(name=st.sampled_from(["pcs-1", "pcs-2"]), seconds=st.sampled_from([2, 15]))
    def lose(self, name, seconds):
        pcs = self.pcs[name]
        pcs.link, pcs.since = Link.LOST, self.now
        self.pass_time(seconds)
        pcs.link, pcs.since = Link.UP, self.now

    @rule(hertz=st.sampled_from([49.0, 49.9, 50.0, 50.3, 60.0]))
    def frequency(self, hertz):
        self.hertz = hertz
        self.pass_time(5)
        self.hertz = 50.0

    @rule(soc=st.sampled_from([0.45, 0.5, 0.55, 0.9]))
    def charge(self, soc):
        self.soc = soc
        self.pass_time(5)
        self.soc = 0.5
        self.release()

    @rule(seconds=st.sampled_from([0, 5]))
    def emergency(self, seconds):
        self.pressed = True
        self._tick()
        self.pass_time(seconds)
        self.pressed = False
        self.release()

    @rule(behind=st.sampled_from([0, 3_000]))
    def disk_is(self, behind):
        self.behind = behind
        self.pass_time(3)
        self.behind = 0

    @rule(power=st.sampled_from([300_000]))
    def side_channel(self, power):
        self.meter_off = power
        self.pass_time(65)
        self.meter_off = 0

    @rule(seconds=st.sampled_from([1, 9, 15]))
    def die_and_start_again(self, seconds):
        self.gate = None
        self.dead_since = self.now
        self.pass_time(seconds)
        clock = scene.clock(self.now, sure=self.sure, drift=self.drift)
        self.gate = resumed(self.found, from_bytes(self.disk), clock)
        self.dead_since = None

    @rule(seconds=st.sampled_from([1, 5, 20]))
    def pass_time(self, seconds):
        for _ in range(seconds * 1000 // TICK_MS):
            self._tick()

    # ---- one tick ---------------------------------------------------------------------------

    def _image(self):
        shown = tuple(pcs.setpoint for pcs in self.pcs.values())
        image = scene.image(
            self.now,
            units=shown,
            soc=self.soc,
            hertz=self.hertz,
            meter=sum(shown) - 10_000 + self.meter_off,
            stop_pressed=self.pressed,
        )
        pcs = tuple(
            replace(one, link=real.link, since=BootMs(real.since))
            for one, real in zip(image.pcs, self.pcs.values(), strict=True)
        )
        return replace(image, pcs=pcs)

    def _tick(self):
        self.now += TICK_MS
        forced = 0.0
        for pcs in self.pcs.values():
            held = pcs.setpoint
            pcs.pass_time(self.now)
            forced += abs(pcs.setpoint - held)
        curtailed = self.gate.durable.curtailments if self.gate else ()
        pressed = self.pressed and self.gate is not None
        if self.gate is not None:
            clock = scene.clock(self.now, sure=self.sure, drift=self.drift)
            around = Surroundings(committed=self.gate.next_entry - 1, behind_ms=self.behind)
            before = self.gate.run.dispatch
            self.gate, turn = tick(self.gate, self._image(), clock, around)
            self.moves.append((self.now, abs(self.gate.run.dispatch - before)))
            for name, power in turn.orders.items():
                self.pcs[name].setpoint = power
                self.pcs[name].refreshed = self.now
            self.disk = to_bytes(self.gate.durable)
            curtailed = self.gate.durable.curtailments
        self._check_tick(forced, curtailed, pressed=pressed)

    def _check_tick(self, forced, curtailed, *, pressed):
        total = sum(pcs.setpoint for pcs in self.pcs.values())
        step = 100_000 * TICK_MS / 1000
        # 2: no faster than its ramp, unless a PCS fell back by itself or somebody pressed stop.
        assert pressed or abs(total - self.last) <= step + forced + 2, (self.last, total)
        # 1: under every curtailment, from the moment the ramp has had time to get there.
        ceiling = min((c.order.export_max for c in curtailed), default=10**9)
        self.ceiling = max(ceiling, min(self.ceiling, max(self.last, total)) - step)
        if self.dead_since is None and all(p.link is Link.UP for p in self.pcs.values()):
            assert total <= max(self.ceiling, 0) + step + 2, (total, self.ceiling)
        else:
            self.ceiling = 10.0**9
        # 3: a dead gate's set-point dies with it.
        if self.dead_since is not None and self.now - self.dead_since > WATCHDOG_MS + TICK_MS:
            assert total == 0
        self.last = total

    @invariant()
    def in_bounds(self):
        total = sum(pcs.setpoint for pcs in self.pcs.values())
        assert -700_000 <= total <= 800_000

    @invariant()
    def nothing_stands_without_permission(self):
        if self.gate is not None and self.now:
            orders = self.gate.durable.standing
            assert all(s.term.boot + TICK_MS > self.gate.run.at for s in orders)


PromiseCase = Promise.TestCase
PromiseCase.settings = settings(max_examples=80, stateful_step_count=20, deadline=None)
