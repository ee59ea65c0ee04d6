"""What people, enemies and chance do to the gate of the promise: one act after another.

The state machine draws the acts, the stories write them down. Beside the world runs a *twin*, in
which what was refused was never sent: the plant of both must do the same.
"""

from dataclasses import dataclass, replace

from sekisho.codec.claims import claims_of
from sekisho.codec.jws import Typ
from sekisho.gate.image import Link
from sekisho.terms.ids import SessionId, SiteId
from sekisho.terms.quantity import Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.promise_world import SIGNERS, TICK_MS, World, made, signed

NOISE = ("replay", "stranger", "altered", "session", "site", "early", "late", "unsigned", "garbage")
TWIN_TICKS = 60


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A small world: its budgets, bounds and disk."""

    minute: int = 8_000_000
    """`change_per_minute` of all keys, W."""
    own: int | None = None
    """The same of each key, where it is another."""
    reversals: int = 20
    export: int = 800_000
    droop: bool = False
    own_droop: tuple[str, ...] = ()
    """PCS with droop of their own."""
    wide: bool = False
    """Every bound leaves room for the whole rating."""
    delay: int = 0
    """ms until what was written is on the disk."""

    def world(self):
        """The world at its beginning."""
        budget = replace(
            scene.PLENTY,
            change_per_minute=Watts(self.minute),
            reversals_per_hour=self.reversals,
        )
        own = budget if self.own is None else replace(budget, change_per_minute=Watts(self.own))
        narrow = {
            "export_max": Watts(self.export),
            "import_max": Watts(700_000),
            "connection_export_max": Watts(760_000),
            "connection_import_max": Watts(650_000),
        }
        wide = {"connection_import_max": Watts(1_020_000)}
        bounds = scene.bounds(
            **(wide if self.wide else narrow),
            droop=scene.droop() if self.droop else None,
            reversals_per_hour=20,
        )
        return World(budget, bounds, self.delay, own, self.own_droop)


class Play:
    """A world, its twin, and what can be done to them."""

    def __init__(self, setting, *, sure=True):
        """A plant at rest.

        Args:
            setting: the world.
            sure: whether nothing else happens, so that what is awaited must come.
        """
        self.setting = setting
        self.sure = sure
        self.world = setting.world()
        self.twin = None
        self.twin_ticks = 0
        self.number = 0
        self.sent = []
        self.world.pass_time(1)  # a plant that was never looked at is asked nothing

    # ---- both worlds -------------------------------------------------------------------------

    @property
    def total(self):
        return self.world.plant.given

    def both(self, act):
        act(self.world)
        if self.twin is not None:
            act(self.twin)

    def sets(self, name, value):
        """Something of the plant is otherwise from now on."""
        self.both(lambda world: setattr(world.plant, name, value))

    def passes(self, seconds):
        for _ in range(int(seconds * 1000) // TICK_MS):
            self.both(World.tick)
            if self.twin is None:
                continue
            ours = [pcs.setpoint for pcs in self.world.plant.pcs.values()]
            theirs = [pcs.setpoint for pcs in self.twin.plant.pcs.values()]
            # 4: what was refused changes nothing: the world where it was never sent does the same.
            assert ours == theirs
            self.twin_ticks += 1
            if self.twin_ticks > TWIN_TICKS:
                self.twin = None

    def reaches(self, power, within):
        """Wait until the plant does something; a story in which it does not proves nothing."""
        for _ in range(within * 1000 // TICK_MS):
            if abs(self.total - power) <= 3:
                return
            self.passes(TICK_MS / 1000)
        assert not self.sure or abs(self.total - power) <= 3, (self.total, power)

    def follows(self, name, *, on, within=33):
        """Wait until a unit follows the frequency by itself, or does not."""
        for _ in range(within * 1000 // TICK_MS):
            if (self.world.plant.pcs[name].follows is not None) is on:
                return
            self.passes(TICK_MS / 1000)
        assert not self.sure or (self.world.plant.pcs[name].follows is not None) is on

    # ---- what people ask ---------------------------------------------------------------------

    def send(self, raw, *, noise=False):
        """To both worlds, unless it is refused: the twin then never hears of it."""
        if self.world.gate is None:
            return False
        before = self.world.clone()
        got = self.world.receive(raw)
        assert not (noise and got.wake), "this must not have passed"
        if got.wake:
            if self.twin is not None:
                assert self.twin.receive(raw).wake
        elif self.twin is None:
            self.twin, self.twin_ticks = before, 0
        return got.wake

    def command(self, kind, issuer, power=0, *, life=600, later=0, fcr=False):
        self.number += 1
        head = self.world.envelope(issuer, self.number, life=life * 1000, later=later * 1000)
        head = replace(head, session=self.session)
        raw = signed(made(kind, head, power, fcr), issuer)
        self.sent.append(raw)
        self.sent = self.sent[-12:]
        return raw

    def asks(self, power, *, issuer="agg", life=600, fcr=False, kind="setpoint"):
        """Make it and send it; whether it passed."""
        return self.send(self.command(kind, issuer, power, life=life, fcr=fcr))

    def must(self, power=0, **what):
        """The same, and it must pass where nothing else happens."""
        passed = self.asks(power, **what)
        assert passed or not self.sure, what

    @property
    def session(self):
        gate = self.world.gate
        return gate.durable.session if gate is not None else scene.SESSION

    # ---- what an enemy sends -----------------------------------------------------------------

    def enemy(self, how, issuer="agg", power=700_000):
        if self.world.gate is None:
            return
        self.send(self._noise(how, issuer, power), noise=how != "replay")
        if how == "replay":
            self.replays()

    def replays(self):
        """Everything of before once more."""
        for raw in self.sent:
            self.send(raw)

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
                    head,
                    issued_at=head.issued_at - 10**7,
                    not_before=head.not_before - 10**7,
                    expires_at=head.expires_at - 10**7,
                )
            case "unsigned":
                raw = signed(made("setpoint", head, power), issuer)
                return raw.rpartition(b".")[0] + b"."
            case _:
                return claims_of(made("setpoint", head, power))
        self.number = number
        return SIGNERS[issuer].sign(claims_of(made("setpoint", head, power)), Typ.COMMAND)

    # ---- what fails, and is mended by itself -------------------------------------------------

    def revoke(self, issuer, after=8):
        self.both(lambda world: world.trusts((issuer,)))
        self.both(lambda world: world.heal(after * 1000, "trust"))

    def lose(self, name, after, *, fault):
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

    def clock(self, step, after, *, sure):
        def act(world):
            world.step, world.sure = step, sure
            world.heal(after * 1000, "clock")

        self.both(act)

    def breaks(self, name, bad, good, after):
        def act(world):
            setattr(world.plant, name, bad)
            world.heal(after * 1000, name, good)
            world.heal(after * 1000 + 1_000, "reset")

        self.both(act)

    def disk_hangs(self, after):
        def act(world):
            world.disk.stuck = True
            world.heal(after * 1000, "stuck")

        self.both(act)

    def bounded(self, after=None, **bounds):
        """Another bounds.json; the one of before comes back a while later."""
        before = {name: getattr(self.world.bounds, name) for name in bounds}
        self.both(lambda world: world.bounded(**bounds))
        if after is not None:
            self.both(lambda world: world.heal(after * 1000, "bounds", before))

    def foreign(self, name, power):
        """Somebody else writes a set-point; some seconds later it must be gone."""

        def act(world):
            if world.plant.pcs[name].able:
                world.plant.pcs[name].setpoint = power

        self.both(act)
        self.passes(4)
        pcs = self.world.plant.pcs[name]
        if self.world.gate is not None and pcs.able:
            assert pcs.setpoint == pcs.given

    def dies(self, gone=1, *, rebooted=False, hung=False, then=0):
        """A kill, and a start; what was not on the disk yet is lost."""
        self.twin = None
        if hung:
            self.world.disk.stuck = True
        self.passes(then)
        self.world.die()
        self.passes(gone)
        self.world.disk.stuck = False
        self.world.start(rebooted=rebooted)
