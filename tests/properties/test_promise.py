"""The promise to the plant, held by a state machine that is its enemy.

The real guard and the real cycle stand between it and a toy plant of two PCS with watchdogs. It signs,
replays, forges and holds back commands, steps clocks, loses devices and disk, narrows bounds, writes
where it should not, revokes keys, kills the gate and starts it again from what was on the disk.
Failures heal by themselves while orders go on, so that the plant moves most of the time. Now and then
it plays one of the stories (`tests/promise_stories.py`) into whatever state it has made. After every
tick the set-points *at the PCS* are judged (`tests/promised.py`); docs/gate.md has the invariants.
"""

import os

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.promise_play import NOISE, Play, Setting
from tests.promise_stories import STORIES
from tests.promise_world import SIGNERS

EXAMPLES = int(os.environ.get("SEKISHO_PROMISE_EXAMPLES", "60"))
QUICK = "SEKISHO_PROMISE_SHRINK" not in os.environ
POWERS = st.sampled_from([-900_000, -500_000, -200_000, 0, 100_000, 400_000, 700_000, 1_000_000])
ISSUERS = st.sampled_from(sorted(SIGNERS))
SECONDS = st.sampled_from([1, 4, 10, 20])
DEVICES = st.sampled_from(["pcs-1", "pcs-2"])
BROKEN = st.sampled_from(
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
        ("auxiliary", 15_000, 10_000),
    ]
)


class Promise(RuleBasedStateMachine):
    @initialize(
        minute=st.sampled_from([1_200_000, 3_000_000, 8_000_000]),
        narrow=st.booleans(),
        reversals=st.sampled_from([2, 20]),
        export=st.sampled_from([600_000, 800_000]),
        droop=st.booleans(),
        own_droop=st.sampled_from([(), ("pcs-1",), ("pcs-1", "pcs-2")]),
        wide=st.booleans(),
        delay=st.sampled_from([0, 500, 1_500]),
    )
    def build(self, minute, narrow, reversals, export, droop, own_droop, wide, delay):
        self.play = Play(
            Setting(
                minute=minute,
                own=minute // 2 if narrow else None,
                reversals=reversals,
                export=export,
                droop=droop,
                own_droop=own_droop,
                wide=wide,
                delay=delay,
            ),
            sure=False,
        )

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
        play = self.play
        play.send(play.command("setpoint", issuer, power, life=life, later=later, fcr=fcr))
        play.passes(then)

    @rule(issuer=ISSUERS, power=POWERS, fcr=st.booleans(), more=POWERS, then=SECONDS)
    def dispatch_twice(self, issuer, power, fcr, more, then):
        self.play.asks(power, issuer=issuer, fcr=fcr)
        self.play.passes(then)
        self.play.asks(more, issuer=issuer, life=20, fcr=not fcr)
        self.play.passes(then)

    @rule(
        issuer=ISSUERS,
        power=st.sampled_from([0, 50_000, 300_000, 10**7]),
        life=st.sampled_from([10, 40]),
        later=st.sampled_from([0, 0, 5]),
        then=SECONDS,
    )
    def curtail(self, issuer, power, life, later, then):
        # A curtailment that begins later passes when it does.
        play = self.play
        play.send(play.command("curtail", issuer, power, life=life, later=later))
        play.passes(then)

    @rule(issuer=ISSUERS, power=POWERS, then=st.sampled_from([1, 4]))
    def stop_and_release(self, issuer, power, then):
        """A release starts nothing by itself."""
        self.play.asks(power, issuer=issuer)
        self.play.passes(4)
        self.play.asks(0, issuer=issuer, kind="stop")
        self.play.passes(then)
        self.play.asks(0, issuer=issuer, kind="release")
        self.play.passes(4)

    @rule(issuer=ISSUERS, then=st.sampled_from([0, 1, 4]))
    def release(self, issuer, then):
        self.play.asks(0, issuer=issuer, kind="release")
        self.play.passes(then)

    # ---- what an enemy sends -----------------------------------------------------------------

    @rule(how=st.sampled_from(NOISE), issuer=ISSUERS, power=POWERS, then=SECONDS)
    def enemy(self, how, issuer, power, then):
        self.play.enemy(how, issuer, power)
        self.play.passes(then)

    # ---- what fails, and is mended by itself -------------------------------------------------

    @rule(issuer=ISSUERS, then=SECONDS)
    def revoke(self, issuer, then):
        self.play.revoke(issuer)
        self.play.passes(then)

    @rule(name=DEVICES, after=st.sampled_from([2, 15, 30]), fault=st.booleans(), then=SECONDS)
    def lose(self, name, after, fault, then):
        self.play.lose(name, after, fault=fault)
        self.play.passes(then)

    @rule(
        step=st.sampled_from([-3_600_000, -900, 900, 3_600_000]),
        sure=st.booleans(),
        after=st.sampled_from([5, 30]),
        then=SECONDS,
    )
    def clock(self, step, sure, after, then):
        self.play.clock(step, after, sure=sure)
        self.play.passes(then)

    @rule(what=BROKEN, after=st.sampled_from([2, 15]), then=SECONDS)
    def breaks(self, what, after, then):
        name, bad, good = what
        self.play.breaks(name, bad, good, after)
        self.play.passes(then)

    @rule(after=st.sampled_from([1, 4, 20]), then=SECONDS)
    def disk_hangs(self, after, then):
        self.play.disk_hangs(after)
        self.play.passes(then)

    @rule(
        bounds=st.sampled_from(
            [
                {"export_max": 300_000},
                {"import_max": 200_000},
                {"connection_export_max": 250_000},
                {"connection_import_max": 150_000},
            ]
        ),
        after=st.sampled_from([4, 20]),
        then=SECONDS,
    )
    def bounded(self, bounds, after, then):
        self.play.bounded(after, **bounds)
        self.play.passes(then)

    @rule(name=DEVICES, power=st.sampled_from([-500_000, 0, 500_000]))
    def foreign_writer(self, name, power):
        self.play.foreign(name, power)

    @rule(name=DEVICES, broken=st.booleans(), then=SECONDS)
    def own_droop_goes_wrong(self, name, broken, then):
        """Somebody else sets it, or it cannot be switched off for a while."""
        play = self.play
        if broken:
            play.both(lambda world: setattr(world.plant.pcs[name], "never_off", True))
            play.passes(then)
            play.both(lambda world: setattr(world.plant.pcs[name], "never_off", False))
        else:
            play.both(lambda world: world.plant.pcs[name].someone_else_sets(None, world.now))
        play.passes(then)

    @rule(
        gone=st.sampled_from([0, 1, 9, 15]),
        rebooted=st.booleans(),
        hung=st.booleans(),
        then=st.sampled_from([0, 2]),
        seen=st.sampled_from([0, 1]),
    )
    def die_and_start_again(self, gone, rebooted, hung, then, seen):
        self.play.dies(gone, rebooted=rebooted, hung=hung, then=then)
        self.play.passes(seen)  # a gate that has not looked at its plant yet lets nothing grow
        self.play.replays()
        self.play.passes(2)

    @rule(story=st.sampled_from(sorted(STORIES)))
    def story(self, story):
        STORIES[story].told(self.play)

    @rule(seconds=st.sampled_from([4, 20, 50]))
    def wait(self, seconds):
        self.play.passes(seconds)


TestPromise = Promise.TestCase
TestPromise.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    # Making a failure small takes minutes; it is worth them when somebody looks for its cause.
    phases=(Phase.explicit, Phase.generate, *(() if QUICK else (Phase.shrink,))),
)
