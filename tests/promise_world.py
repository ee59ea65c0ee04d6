"""The world of the promise: the real guard and the real cycle between an enemy and a toy plant."""

import copy
from dataclasses import replace
from typing import Any

from sekisho.codec.claims import claims_of, read_claims
from sekisho.codec.command import Curtail, Envelope, Product, Release, Schedule, Setpoint, Stop
from sekisho.codec.jws import Typ, open_envelope, verify
from sekisho.gate.clock import Clock
from sekisho.gate.cycle import foreign, protect
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.notes import Notes
from sekisho.gate.cycle.tick import tick
from sekisho.gate.guard.changes import bounded, trusted
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.receive import receive
from sekisho.gate.image import Link
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.restart import Found, resumed
from sekisho.terms.ids import CommandId, IssuerId, SessionId
from sekisho.terms.quantity import BootMs, WallMs, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.plant_toy import WATCHDOG_MS, Disk, Plant
from tests.promised import Judge, Promised

TICK_MS = 500
SIGNERS = {"agg": asking.AGG, "operator": asking.OPERATOR}
LONGEST_MS = 1_000
"""A tick that is later moves no further than this allows."""
CALM_MS = 45_000
"""After a disturbance of the frequency, until primary control is out of the way for certain."""


class World:
    """A gate that lives and dies, its disk, its plant, and the judge of them."""

    def __init__(self, budget, bounds, delay, own=None, own_droop=()):
        self.settings = scene.own_droop(scene.SETTINGS, *own_droop)
        self.budget, self.bounds = budget, bounds
        self.own = own or budget
        """The budget of each key; `budget` is that of all together."""
        self.now = 0
        self.zero = 0
        """When the machine was switched on."""
        self.boots = 1
        self.step = 0
        """By how much the wall clock is wrong."""
        self.sure = True
        self.plant = Plant(own_droop)
        self.disk = Disk(delay)
        self.judge = Judge(budget, self.own, bounds)
        self.promised = Promised()
        self.pressure = Pressure()
        self.trust = self._trust(1)
        self.sessions = 0
        self.dead_since: Any = None
        self.gate: Any = None
        self.first = True
        self.each_before: Any = {}
        self.lived_under = 0
        """Version of the bounds that the gate knew when it died."""
        self.disturbed_at = self.hung_at = self.foreign_at = -(10**9)
        self.foreign: list[int] = []
        """When somebody else's value stood."""
        self.heals = []
        self.acted: dict[bytes, Any] = {}
        """Messages that passed, and the entry of each."""
        gate = scene.gate(trust=self.trust, bounds=bounds, boot_id="boot-1", settings=self.settings)
        self.disk.durable, self.disk.model = gate.durable, self.promised
        self.gate = gate

    def clone(self):
        """The same world once more: where something did not happen."""
        other = copy.copy(self)
        other.plant = copy.deepcopy(self.plant)
        disk = self.disk
        other.disk = replace(disk, entries=list(disk.entries), waiting=disk.waiting.copy())
        other.judge = self.judge.clone()
        other.heals = list(self.heals)
        other.foreign = list(self.foreign)
        other.acted = dict(self.acted)
        return other

    # ---- clocks, keys ------------------------------------------------------------------------

    @property
    def boot(self):
        return self.now - self.zero

    def clock(self):
        wall = WallMs(scene.EPOCH + self.now + self.step)
        return Clock(wall=wall, boot=BootMs(self.boot), sure=self.sure)

    def image(self):
        return self.plant.image(self.boot, self.zero)

    def _trust(self, version, revoked=()):
        keys = [
            asking.key(signer, issuer, budget=self.own, revoked=issuer in revoked)
            for issuer, signer in SIGNERS.items()
        ]
        return replace(scene.trust(*keys, all_keys=self.budget), version=version)

    def trusts(self, revoked):
        """Another trust.json; a gate that is dead finds it at its start."""
        self.trust = self._trust(self.trust.version + 1, revoked)
        for issuer in revoked:
            self.promised = self.promised.without(SIGNERS[issuer].kid)
        if self.gate is not None:
            self._new_trust()

    def _new_trust(self):
        self.sessions += 1
        session = SessionId(f"{self.sessions:032x}")
        changed = trusted(self.gate, self.trust, session, self.clock())
        for key in self.trust.keys:
            if key.revoked:
                self.promised = self.promised.without(key.kid)
        self._keep(changed.gate, changed.entries)

    def bounded(self, **changes):
        """Another bounds.json; a gate that is dead finds it at its start."""
        self.bounds = replace(self.bounds, version=self.bounds.version + 1, **changes)
        self.judge.bounded(self.bounds)
        if self.gate is not None:
            changed = bounded(self.gate, self.bounds, self.clock())
            self._keep(changed.gate, changed.entries)

    # ---- messages ----------------------------------------------------------------------------

    def envelope(self, issuer, number, *, life, later=0, session=None, site=scene.SITE):
        wall = scene.EPOCH + self.now
        return Envelope(
            id=CommandId(f"{issuer}-{number}"),
            site=site,
            session=session or self.disk.durable.session,
            issuer=IssuerId(issuer),
            issued_at=WallMs(wall),
            not_before=WallMs(wall + later),
            expires_at=WallMs(wall + later + life),
            sequence=number,
        )

    def receive(self, raw):
        """One message; what passed is promised from here on."""
        before = self.gate
        clock = self.clock()
        got = receive(before, self.pressure, raw, self.image(), clock, verify, CHECKS)
        self.pressure = got.pressure
        if got.wake:
            assert raw not in self.acted, "one message acts at most once"
            self.acted[raw] = got.entry
            self._promise(got, clock)
        self._keep(got.gate, got.entries)
        return got

    def _promise(self, got, clock):
        answered = got.decision
        durable = got.gate.durable
        stand = (*durable.standing, *durable.curtailments)
        found = [one for one in stand if one.order.envelope.id == answered.command]
        raw = got.entries[0].body["signed"].encode()
        command = asking_of(raw)
        if isinstance(command, Setpoint | Schedule | Curtail):
            (one,) = found
            _narrower(one.order, command)
            command = one.order
        self.promised = self.promised.after(command, answered.kid, self.now, clock, got.entry)

    def _keep(self, gate, entries):
        assert gate.next_entry == len(self.disk.entries) + 1 + len(entries)
        self.gate = gate
        self.disk.submit(self.now, entries, gate.durable, self.promised)

    def reset(self):
        """Somebody on the spot resets what has latched."""
        if self.gate is None:
            return
        notes = Notes(self.clock())
        gate = protect.reset_locally(self.gate, self.image(), notes)
        if not self.plant.pressed:
            self.promised = replace(self.promised, pressed=False)
        self._keep(replace(gate, next_entry=gate.next_entry + len(notes.entries)), notes.entries)

    # ---- life and death ----------------------------------------------------------------------

    def die(self):
        if self.gate is not None:
            self.gate, self.dead_since = None, self.now
            self.lived_under = self.bounds.version

    def start(self, *, rebooted):
        """From what the disk has."""
        durable, model = self.disk.crash()
        committed = self.disk.committed
        self.acted = {raw: entry for raw, entry in self.acted.items() if entry <= committed}
        if rebooted:
            self.boots, self.zero = self.boots + 1, self.now - 5_000
        found = Found(
            settings=self.settings,
            trust=self.trust,
            bounds=self.bounds,
            boot_id=f"boot-{self.boots}",
            next_entry=self.disk.committed + 1,
        )
        clock = self.clock()
        for pcs in self.plant.pcs.values():
            pcs.connected()
        self.gate = resumed(found, durable, clock)
        self.promised = model.restarted(self.now, clock, rebooted=rebooted)
        self.judge.crashed(self.disk.committed)
        self.pressure = Pressure()
        self.dead_since, self.first = None, True
        # As the shell does it: the start is the first thing that is written down.
        body = {"boots": self.boots}
        begins = Entry(kind=EntryKind.START, wall=clock.wall, boot=clock.boot, body=body)
        self._keep(replace(self.gate, next_entry=self.gate.next_entry + 1), [begins])
        if self.trust.version > durable.trust_version:
            self._new_trust()

    # ---- time --------------------------------------------------------------------------------

    def heal(self, after, name, *values):
        """Something is mended a while later."""
        self.heals.append((self.now + after, name, values))

    def mended(self, name, *values):
        match name:
            case "pcs":
                pcs = self.plant.pcs[values[0]]
                again = pcs.link is Link.LOST
                pcs.link, pcs.since, pcs.faulted = Link.UP, self.now, False
                if again:
                    pcs.connected()
                pcs.given = pcs.setpoint
            case "start":
                if self.gate is None:
                    self.start(rebooted=values[0])
            case "trust":
                self.trusts(())
            case "reset":
                self.reset()
            case "stuck":
                self.disk.stuck = False
            case "bounds":
                self.bounded(**values[0])
            case "clock":
                self.step, self.sure = 0, True
            case _:
                setattr(self.plant, name, values[0])

    def tick(self, ms=TICK_MS):
        self.now += ms
        due = [one for one in self.heals if one[0] <= self.now]
        self.heals = [one for one in self.heals if one[0] > self.now]
        for _, name, values in due:
            self.mended(name, *values)
        plant = self.plant
        plant.pass_time(self.now, ms)
        self.disk.pass_time(self.now)
        if self.first:
            # A start goes on from what it finds, whoever wrote it.
            for pcs in plant.pcs.values():
                pcs.given = pcs.setpoint
        if abs(plant.hertz - 50.0) > 0.01 or not plant.hertz_known:
            self.disturbed_at = self.now
        if self.gate is None:
            self._dead()
            return
        committed, behind = self.disk.committed, self.disk.behind_ms(self.now)
        around = Surroundings(committed=committed, behind_ms=behind)
        clock = self.clock()
        gate, turn = tick(self.gate, self.image(), clock, around)
        if plant.power != plant.given:
            self.foreign_at = self.now
            self.foreign.append(self.now)
        for device in turn.rewrite:
            plant.pcs[device].taken_back()
        base, level, each = plant.given, plant.level, plant.each
        for device, power in turn.orders.items():
            plant.pcs[device].ordered(power, self.now, force=device in turn.rewrite)
        for device, line in turn.own_droop.items():
            plant.pcs[device].told(line)
        if plant.pressed:
            self.promised = replace(self.promised, pressed=True)
        self.promised = self.promised.at(self.now, clock, committed)
        self._keep(gate, turn.entries)
        self._judged(base, each, clock, committed, behind, min(ms, LONGEST_MS), level=level)
        self.first = False

    def _dead(self):
        if self.now - self.dead_since > WATCHDOG_MS + TICK_MS:
            assert self.plant.power == 0
        if self.bounds.version == self.lived_under:
            self.judge.follows(self.plant, self.promised.limits, {})

    def _judged(self, base, each, clock, committed, behind, ms, *, level):
        judge, plant, promised = self.judge, self.plant, self.promised
        total = plant.given
        droop = self.bounds.droop is not None
        calm = not droop or self.now - self.disturbed_at > CALM_MS
        judge.follows(plant, promised.limits, self.each_before)
        self.each_before = plant.each
        if not plant.each:
            return
        judge.bounds_hold(base, total, self._load(), ms, level=level)
        wall = scene.EPOCH + self.now
        order = promised.asks(self.now, wall, committed)
        asked = None if order is None else order.power(self.now, wall)
        hampered = (
            plant.meter_lost or plant.battery_lost or not plant.hertz_known or behind > 2_000
        ) or abs(plant.soc_told) > 0.12
        low, high = promised.ends(self.now)
        forced = plant.pressed or hampered or bool(self.gate.durable.latches)
        forced = forced or not low <= base <= high or judge.outside(base)
        # A unit that follows and cannot be asked may take any room: the others leave it that.
        forced = forced or any(p.follows is not None and not p.able for p in plant.pcs.values())
        if plant.pressed:
            assert not plant.whole or total == 0
        elif not self.first:
            # Where primary control is contracted, dispatch makes room for it as fast as it must.
            judge.ramps(base, total, ms, calm=calm, forced=forced or droop)
            judge.units(each, plant.each, ms)
            if level:
                judge.curtailed(base, total, (low, high), ms)
        if behind > 2_000:
            self.hung_at = self.now
        if calm:
            judge.permitted(base, total, None if hampered else asked)
            # While a new order is on its way to the disk it holds what is, but not for long.
            new = promised.asks(self.now, wall, 10**9)
            waiting = new is not None and behind <= 2_000
            if waiting and new.entry > committed and not forced and not self._doubt_of_disk():
                judge.holds(base, total)
            if asked is None and not waiting and level and plant.whole and not self.first:
                judge.rests(base, total, ms)
        judge.explained(self.disk.entries, self.boot, base, total, committed, calm=calm)
        if not droop:
            # With another master market commands rest: that is no key's move.
            mastered = sum(self.now - at <= 60_000 for at in self.foreign) >= foreign.MOST
            kid = None if order is None or mastered else order.kid
            judge.spends(self.now, base, total, forced=forced, kid=kid)
            judge.reverses(self.now, total)

    def _doubt_of_disk(self):
        """The disk hung lately: an order that waits for it may be given up."""
        return self.now - self.hung_at < 60_000

    def _load(self):
        """The plant's own load, as far as it can be known: least and most."""
        plant = self.plant
        known = plant.whole and not plant.meter_lost and not plant.hidden_radio
        # While somebody else's value stands, what the meter shows is not what was asked.
        known = known and self.now - self.foreign_at > 1_000
        settings = scene.SETTINGS
        if known and not self.first:
            return plant.auxiliary, plant.auxiliary
        return settings.auxiliary, settings.auxiliary_most

    def pass_time(self, seconds):
        for _ in range(seconds * 1000 // TICK_MS):
            self.tick()


def asking_of(raw):
    """The command that a journalled message holds."""
    return read_claims(open_envelope(raw).payload)


def _narrower(granted, asked):
    """A granted order is the one that was asked, or less of it."""
    assert granted.envelope == asked.envelope
    match asked:
        case Setpoint():
            assert abs(granted.power) <= abs(asked.power)
            assert granted.power * asked.power >= 0
        case Schedule():
            for less, more in zip(granted.powers, asked.powers, strict=True):
                assert abs(less) <= abs(more)
        case Curtail():
            assert granted.export_max <= asked.export_max
            assert granted.import_max <= asked.import_max
        case _:
            raise AssertionError(asked)


def signed(command, issuer):
    return SIGNERS[issuer].sign(claims_of(command), Typ.COMMAND)


def made(kind, head, power, fcr=False):
    product = Product.FCR if fcr else Product.JEPX_SPOT
    match kind:
        case "setpoint":
            return Setpoint(envelope=head, power=Watts(power), product=product)
        case "curtail":
            return Curtail(
                envelope=head, export_max=Watts(abs(power)), import_max=Watts(abs(power) // 2)
            )
        case "stop":
            return Stop(envelope=head)
        case _:
            return Release(envelope=head)
