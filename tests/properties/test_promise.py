"""The promise to the plant, held by a state machine that is its enemy.

The real guard and the real cycle stand between it and a toy plant of two PCS with watchdogs. It signs,
replays, forges and holds back commands, steps clocks, loses devices and disk, writes where it should
not, revokes keys, kills the gate and starts it again from what was on the disk. Failures heal by
themselves while orders go on, so that the plant moves most of the time. After every tick the
set-points *at the PCS* are judged (`tests/promised.py`); docs/gate.md has the invariants.
"""

import os
from dataclasses import replace

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sekisho.codec.claims import claims_of
from sekisho.codec.jws import Typ
from sekisho.gate.image import Link
from sekisho.terms.ids import SessionId, SiteId
from sekisho.terms.quantity import Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.promise_world import SIGNERS, TICK_MS, World, made, signed

EXAMPLES = int(os.environ.get("SEKISHO_PROMISE_EXAMPLES", "25"))
QUICK = "SEKISHO_PROMISE_SHRINK" not in os.environ
POWERS = st.sampled_from([-900_000, -500_000, -200_000, 0, 100_000, 400_000, 700_000, 1_000_000])
ISSUERS = st.sampled_from(sorted(SIGNERS))
SECONDS = st.sampled_from([1, 4, 10, 20])
DEVICES = st.sampled_from(["pcs-1", "pcs-2"])
NOISE = ("replay", "stranger", "altered", "session", "site", "early", "late", "unsigned", "garbage")


class Promise(RuleBasedStateMachine):
    @initialize(
        minute=st.sampled_from([1_200_000, 3_000_000, 8_000_000]),
        reversals=st.sampled_from([2, 20]),
        export=st.sampled_from([600_000, 800_000]),
        droop=st.booleans(),
        delay=st.sampled_from([0, 500, 1_500]),
    )
    def build(self, minute, reversals, export, droop, delay):
        budget = replace(
            scene.PLENTY, change_per_minute=Watts(minute), reversals_per_hour=reversals
        )
        bounds = scene.bounds(
            export_max=Watts(export),
            import_max=Watts(700_000),
            connection_export_max=Watts(760_000),
            connection_import_max=Watts(650_000),
            droop=scene.droop() if droop else None,
            reversals_per_hour=20,
        )
        self.world = World(budget, bounds, delay)
        self.twin = None
        self.twin_ticks = 0
        self.number = 0
        self.sent = []
        self.world.pass_time(1)  # a plant that was never looked at is asked nothing

    # ---- both worlds -------------------------------------------------------------------------

    def both(self, act):
        act(self.world)
        if self.twin is not None:
            act(self.twin)

    def passes(self, seconds):
        for _ in range(seconds * 1000 // TICK_MS):
            self.both(World.tick)
            if self.twin is None:
                continue
            ours = [pcs.setpoint for pcs in self.world.plant.pcs.values()]
            theirs = [pcs.setpoint for pcs in self.twin.plant.pcs.values()]
            # 4: what was refused changes nothing: the world where it was never sent does the same.
            assert ours == theirs
            self.twin_ticks += 1
            if self.twin_ticks > 60:
                self.twin = None

    def send(self, raw, *, noise=False):
        """To both worlds, unless it is refused: the twin then never hears of it."""
        if self.world.gate is None:
            return
        before = self.world.clone()
        got = self.world.receive(raw)
        assert not (noise and got.wake), "this must not have passed"
        if got.wake:
            if self.twin is not None:
                assert self.twin.receive(raw).wake
        elif self.twin is None:
            self.twin, self.twin_ticks = before, 0

    def command(self, kind, issuer, power=0, *, life=600, later=0, fcr=False):
        self.number += 1
        head = self.world.envelope(issuer, self.number, life=life * 1000, later=later * 1000)
        head = replace(head, session=self.session)
        raw = signed(made(kind, head, power, fcr), issuer)
        self.sent.append(raw)
        self.sent = self.sent[-12:]
        return raw

    @property
    def session(self):
        gate = self.world.gate
        return gate.durable.session if gate is not None else scene.SESSION

    # ---- what people ask ---------------------------------------------------------------------

    @rule(
        issuer=ISSUERS,
        power=POWERS,
        life=st.sampled_from([2, 15, 60, 600]),
        later=st.sampled_from([0, 0, 0, 5]),
        fcr=st.booleans(),
        then=SECONDS,
    )
    def dispatch(self, issuer, power, life, later, fcr, then):
        self.send(self.command("setpoint", issuer, power, life=life, later=later, fcr=fcr))
        self.passes(then)

    @rule(issuer=ISSUERS, power=POWERS, fcr=st.booleans(), more=POWERS, then=SECONDS)
    def dispatch_twice(self, issuer, power, fcr, more, then):
        self.send(self.command("setpoint", issuer, power, fcr=fcr))
        self.passes(then)
        self.send(self.command("setpoint", issuer, more, life=20, fcr=not fcr))
        self.passes(then)

    @rule(
        issuer=ISSUERS,
        power=st.sampled_from([0, 50_000, 300_000, 10**7]),
        life=st.sampled_from([10, 40]),
        later=st.sampled_from([0, 0, 5]),
        then=SECONDS,
    )
    def curtail(self, issuer, power, life, later, then):
        # A curtailment that begins later passes when it does.
        self.send(self.command("curtail", issuer, power, life=life, later=later))
        self.passes(then)

    @rule(issuer=ISSUERS, power=POWERS, then=st.sampled_from([1, 4]))
    def stop_and_release(self, issuer, power, then):
        """A release starts nothing by itself."""
        self.send(self.command("setpoint", issuer, power))
        self.passes(4)
        self.send(self.command("stop", issuer))
        self.passes(then)
        self.send(self.command("release", issuer))
        self.passes(4)

    @rule(issuer=ISSUERS, then=st.sampled_from([0, 1, 4]))
    def release(self, issuer, then):
        self.send(self.command("release", issuer))
        self.passes(then)

    # ---- what an enemy sends -----------------------------------------------------------------

    @precondition(lambda self: self.world.gate is not None)
    @rule(how=st.sampled_from(NOISE), issuer=ISSUERS, power=POWERS, then=SECONDS)
    def enemy(self, how, issuer, power, then):
        self.send(self._noise(how, issuer, power), noise=how != "replay")
        if how == "replay":
            for raw in self.sent[:-1]:
                self.send(raw)
        self.passes(then)

    def _noise(self, how, issuer, power):
        world = self.world
        number = self.number + 1
        life = 600_000
        head = replace(world.envelope(issuer, number, life=life), session=self.session)
        match how:
            case "replay":
                return self.sent[-1] if self.sent else b"nothing"
            case "stranger":
                return asking.forged(made("setpoint", head, power), SIGNERS[issuer].kid)
            case "altered":
                raw = signed(made("setpoint", head, power), issuer)
                other = signed(made("setpoint", head, power + 1), issuer)
                return b".".join([*raw.split(b".")[:2], other.split(b".")[2]])
            case "session":
                head = replace(head, session=SessionId("f" * 32))
            case "site":
                head = replace(head, site=SiteId("elsewhere-1"))
            case "early":
                head = replace(
                    head, not_before=head.not_before + 10**7, expires_at=head.expires_at + 10**7
                )
            case "late":
                head = replace(
                    head, not_before=head.not_before - 10**7, expires_at=head.expires_at - 10**7
                )
            case "unsigned":
                raw = signed(made("setpoint", head, power), issuer)
                return raw.rpartition(b".")[0] + b"."
            case _:
                return claims_of(made("setpoint", head, power))
        self.number = number
        return SIGNERS[issuer].sign(claims_of(made("setpoint", head, power)), Typ.COMMAND)

    # ---- what fails, and is mended by itself -------------------------------------------------

    @rule(issuer=ISSUERS, then=SECONDS)
    def revoke(self, issuer, then):
        self.both(lambda world: world.trusts((issuer,)))
        self.both(lambda world: world.heal(8_000, "trust"))
        self.passes(then)

    @rule(name=DEVICES, after=st.sampled_from([2, 15, 30]), fault=st.booleans(), then=SECONDS)
    def lose(self, name, after, fault, then):
        def act(world):
            pcs = world.plant.pcs[name]
            if not pcs.able:
                return
            if fault:
                pcs.faulted, pcs.given, pcs.setpoint = True, 0, 0
                # Its link is old: right after a connection it is counted as if it still worked.
                pcs.since = world.now - 20_000
            else:
                pcs.link, pcs.since = Link.LOST, world.now
            world.heal(after * 1000, "pcs", name)

        self.both(act)
        self.passes(then)

    @rule(
        step=st.sampled_from([-3_600_000, -900, 900, 3_600_000]),
        sure=st.booleans(),
        after=st.sampled_from([5, 30]),
        then=SECONDS,
    )
    def clock(self, step, sure, after, then):
        def act(world):
            world.step, world.sure = step, sure
            world.heal(after * 1000, "clock")

        self.both(act)
        self.passes(then)

    @rule(
        what=st.sampled_from(
            [
                ("hertz", 49.0, 50.0),
                ("hertz", 49.9, 50.0),
                ("hertz", 50.3, 50.0),
                ("hertz", 60.0, 50.0),
                ("hertz_known", False, True),
                ("soc_told", 0.04, 0.0),
                ("soc_told", -0.3, 0.0),
                ("meter_lost", True, False),
                ("battery_lost", True, False),
                ("pressed", True, False),
                ("hidden_radio", 300_000, 0),
            ]
        ),
        after=st.sampled_from([2, 15]),
        then=SECONDS,
    )
    def breaks(self, what, after, then):
        name, bad, good = what

        def act(world):
            setattr(world.plant, name, bad)
            world.heal(after * 1000, name, good)
            world.heal(after * 1000 + 1_000, "reset")

        self.both(act)
        self.passes(then)

    @rule()
    def hidden_radio(self):
        """Power that nobody ordered, for so long that the plant must be at rest."""
        self.passes(31)  # what else is broken is mended first
        self.both(lambda world: setattr(world.plant, "hidden_radio", 300_000))
        self.passes(75)
        assert self.world.plant.given == 0
        self.both(lambda world: setattr(world.plant, "hidden_radio", 0))
        self.both(lambda world: world.heal(2_000, "reset"))

    @rule(after=st.sampled_from([1, 4, 20]), then=SECONDS)
    def disk_hangs(self, after, then):
        def act(world):
            world.disk.stuck = True
            world.heal(after * 1000, "stuck")

        self.both(act)
        self.passes(then)

    @rule(name=DEVICES, power=st.sampled_from([-500_000, 0, 500_000]))
    def foreign_writer(self, name, power):
        def act(world):
            if world.plant.pcs[name].able:
                world.plant.pcs[name].setpoint = power

        self.both(act)
        self.passes(4)
        world = self.world
        pcs = world.plant.pcs[name]
        if world.gate is not None and pcs.able:
            assert pcs.setpoint == pcs.given

    @rule(
        gone=st.sampled_from([0, 1, 9, 15]),
        rebooted=st.booleans(),
        hung=st.booleans(),
        then=st.sampled_from([0, 2]),
    )
    def die_and_start_again(self, gone, rebooted, hung, then):
        """A kill; what was not on the disk yet is lost."""
        self.twin = None
        self.world.disk.stuck = hung
        self.passes(then)
        self.world.die()
        self.passes(gone)
        self.world.disk.stuck = False
        self.world.start(rebooted=rebooted)
        for raw in self.sent:
            self.send(raw)
        self.passes(2)

    @rule(seconds=st.sampled_from([4, 20, 40]))
    def wait(self, seconds):
        self.passes(seconds)


TestPromise = Promise.TestCase
TestPromise.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    # Making a failure small takes minutes; it is worth them when somebody looks for its cause.
    phases=(Phase.explicit, Phase.generate, *(() if QUICK else (Phase.shrink,))),
)
