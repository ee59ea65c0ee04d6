"""What no sequence of messages, restarts and clock jumps can make the guard do."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Product, class_of
from sekisho.codec.decision import Outcome, Reason
from sekisho.codec.jws import Typ, verify
from sekisho.codec.strict_json import base64url
from sekisho.gate.clock import Clock
from sekisho.gate.cycle import share
from sekisho.gate.cycle.frequency import Doubt, Sure
from sekisho.gate.cycle.window import window
from sekisho.gate.durable_form import from_bytes, to_bytes
from sekisho.gate.failures import Failure
from sekisho.gate.guard.changes import trusted
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.receive import receive
from sekisho.gate.image import Link, Reading, WatchdogState
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.state import Latch
from sekisho.terms.ids import CommandId, IssuerId, SessionId
from sekisho.terms.quantity import BootMs, Celsius, Hertz, Share, WallMs, Watts
from tests.facts.gate import scene
from tests.facts.gate.guard import asking
from tests.facts.gate.guard.asking import AGG, MINUTE, NOW, OPERATOR, START, STRANGER

SIGNERS = {"agg": AGG, "operator": OPERATOR}
KINDS = ("setpoint", "schedule", "curtail", "stop", "release")


def made(kind, power, **head):
    match kind:
        case "setpoint":
            return asking.setpoint(power, **head)
        case "schedule":
            return asking.schedule(power, -power, **head)
        case "curtail":
            return asking.curtail(abs(power), abs(power) // 2, **head)
        case "stop":
            return asking.stop(**head)
        case _:
            return asking.release(**head)


def no_verification(unverified, public):
    """Stands for the signature: the tests sign with the key's own public bytes."""
    return unverified.signature == (public * 2)[:64]


def sealed(command, signer):
    """A message of the right form whose signature only this test's verifier knows."""
    raw = signer.sign(claims_of(command), Typ.COMMAND)
    head, payload, _ = raw.split(b".")
    return head + b"." + payload + b"." + base64url((signer.public * 2)[:64])


class Replay(RuleBasedStateMachine):
    """No interleaving of duplicates, replays, restarts and resets makes one command act twice."""

    messages = Bundle("messages")

    def __init__(self):
        super().__init__()
        self.gate = asking.gate()
        self.pressure = Pressure()
        self.now = 0
        self.sure = True
        self.number = dict.fromkeys(SIGNERS, 0)
        self.made = 0
        self.acted = []
        self.answered = {}
        self.sessions = 0

    def send(self, raw):
        clock = Clock(
            wall=WallMs(NOW + self.now), boot=BootMs(START + self.now), sure=self.sure, error_ms=0
        )
        self.gate = replace(self.gate, run=replace(self.gate.run, at=clock.boot))
        before = self.gate
        got = receive(
            before, self.pressure, raw, asking.image(self.now), clock, no_verification, CHECKS
        )
        self.gate, self.pressure = got.gate, got.pressure
        if got.wake:
            self.acted.append(raw)
            assert got.decision is not None
            assert got.decision.outcome is not Outcome.REFUSED
            assert any(e.kind is EntryKind.DECISION for e in got.entries)
        else:
            assert got.gate.durable == replace(
                before.durable, high_water=got.gate.durable.high_water
            )
        return got

    @rule(
        target=messages,
        issuer=st.sampled_from(sorted(SIGNERS)),
        kind=st.sampled_from(KINDS),
        power=st.integers(-2_000_000, 2_000_000),
        step=st.integers(1, 3),
        life=st.integers(1, 29),
        sent=st.booleans(),
    )
    def ask(self, issuer, kind, power, step, life, sent):
        """A new command; it may be delivered now, or be held back by somebody for later."""
        self.made += 1
        self.number[issuer] += step
        head = {
            "id": CommandId(f"{issuer}-{self.made}"),
            "session": self.gate.durable.session,
            "issuer": IssuerId(issuer),
            "not_before": WallMs(NOW + self.now),
            "issued_at": WallMs(NOW + self.now),
            "expires_at": WallMs(NOW + self.now + life * MINUTE),
            "sequence": self.number[issuer],
        }
        raw = sealed(made(kind, power, **head), SIGNERS[issuer])
        if sent:
            self.send(raw)
        return raw

    @rule(raw=messages, times=st.integers(1, 3))
    def again(self, raw, times):
        """A duplicate, a replay, or a message that somebody held back."""
        for _ in range(times):
            self.send(raw)

    @rule(raw=messages, signer=st.sampled_from([*SIGNERS.values(), STRANGER]))
    def forge(self, raw, signer):
        """The same claims under another signature act only if that signature is right."""
        head, payload, _ = raw.split(b".")
        other = head + b"." + payload + b"." + base64url((signer.public * 2)[:64])
        if other != raw:
            assert not self.send(other).wake

    @rule()
    def restart(self):
        """A kill: only what was committed is left."""
        durable = from_bytes(to_bytes(self.gate.durable))
        self.gate = replace(self.gate, durable=durable, answers=MappingProxyType({}))
        self.pressure = Pressure()

    @rule()
    def new_session(self):
        """A change of trust."""
        self.sessions += 1
        trust = replace(self.gate.trust, version=self.gate.trust.version + 1)
        session = SessionId(f"{self.sessions:032x}")
        clock = Clock(wall=WallMs(NOW), boot=BootMs(START + self.now), sure=True)
        self.gate = trusted(self.gate, trust, session, clock).gate
        self.number = dict.fromkeys(SIGNERS, 0)

    @rule(ms=st.integers(0, 40 * MINUTE))
    def wait(self, ms):
        """Time passes; buckets fill again."""
        self.now += ms

    @rule(sure=st.booleans())
    def clock_doubt(self, sure):
        """The kernel's time becomes unsure, or sure again."""
        self.sure = sure

    @rule(latch=st.sampled_from([None, Latch.LOCAL_STOP, Latch.MISMATCH]))
    def latch(self, latch):
        """Something latches, or people on the spot reset everything local."""
        latches = self.gate.durable.latches & {Latch.REMOTE_STOP}
        self.gate = scene.durable(self.gate, latches=latches | ({latch} if latch else set()))

    @invariant()
    def no_command_acted_twice(self):
        assert len(self.acted) == len(set(self.acted))

    @invariant()
    def at_most_one_order_of_each_rank_stands_the_highest_first(self):
        ranks = [standing.rank for standing in self.gate.durable.standing]
        assert ranks == sorted(set(ranks), reverse=True)

    @invariant()
    def nothing_stands_while_a_remote_stop_is_latched(self):
        if Latch.REMOTE_STOP in self.gate.durable.latches:
            assert self.gate.durable.standing == ()


TestReplay = Replay.TestCase
TestReplay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def fresh(values):
    return values.map(lambda v: Reading(v, BootMs(START)))


READINGS = ("soc", "charge_limit", "discharge_limit", "temperature_min", "temperature_max")
FLAWS = (
    *("none",) * 12,
    *READINGS,
    *(f"old {name}" for name in READINGS),
    "lost",
    "faulted",
    "unarmed",
    "battery lost",
)


@st.composite
def plants(draw):
    """A plant with any values, and mostly without a flaw."""
    image = asking.image(0)
    powers = st.integers(-10, 1_200_000).map(Watts)
    bms = replace(
        image.bms[0],
        soc=draw(fresh(st.floats(0, 1).map(Share))),
        charge_limit=draw(fresh(powers)),
        discharge_limit=draw(fresh(powers)),
        temperature_min=draw(fresh(st.sampled_from([20.0, 0.0, -0.1]).map(Celsius))),
        temperature_max=draw(fresh(st.sampled_from([20.0, 45.0, 45.1]).map(Celsius))),
    )
    flaw = draw(st.sampled_from(FLAWS))
    first, second = image.pcs
    if flaw in READINGS:
        bms = replace(bms, **{flaw: None})
    elif flaw.startswith("old "):
        name = flaw.removeprefix("old ")
        old = Reading(getattr(bms, name).value, BootMs(START - 15_001))
        bms = replace(bms, **{name: old})
    elif flaw == "battery lost":
        bms = replace(bms, link=Link.LOST)
    elif flaw == "lost":
        power = Reading(Watts(draw(st.integers(-500_000, 500_000))), BootMs(START))
        first = replace(first, link=Link.LOST, since=BootMs(START), power=power)
    elif flaw == "faulted":
        first = replace(first, faulted=True)
    elif flaw == "unarmed":
        second = replace(second, watchdog=WatchdogState.UNARMED)
    return replace(image, pcs=(first, second), bms=(bms,))


@st.composite
def gates(draw):
    """A gate with any bounds, and curtailments that stand."""
    watts = st.integers(0, 1_200_000).map(Watts)
    bounds = scene.bounds(
        export_max=draw(watts),
        import_max=draw(watts),
        connection_export_max=draw(watts),
        connection_import_max=draw(watts),
        soc_reserve=Share(draw(st.sampled_from([0.0, 0.05]))),
        droop=draw(st.none() | st.just(scene.droop())),
    )
    curtailments = tuple(
        scene.curtailment(draw(watts), draw(watts), number=n, end=10**9)
        for n in range(draw(st.integers(0, 2)))
    )
    dispatch = draw(st.sampled_from([0.0, 0.0, 400_000.4, -300_000.7]))
    failures = draw(st.sampled_from([(), (), (), *((one,) for one in Failure)]))
    calm = Sure(Hertz(50.0))
    hertz = draw(st.sampled_from([calm, calm, calm, Sure(Hertz(50.3)), Doubt.STALE]))
    run = asking.run(
        auxiliary=float(draw(st.integers(5_000, 15_000))),
        dispatch=dispatch,
        failures=frozenset(failures),
        frequency=hertz,
    )
    return scene.durable(asking.gate(bounds=bounds, run=run), curtailments=curtailments)


def answer(gate, image, command):
    raw = sealed(command, AGG)
    got = receive(gate, Pressure(), raw, image, asking.clock(), no_verification, CHECKS)
    assert got.decision is not None
    return got


def shrinks(power, dispatch):
    return min(0.0, dispatch) - 1 < power < max(0.0, dispatch) + 1


@settings(max_examples=300, deadline=None)
@given(gates(), plants(), st.integers(-1_500_000, 1_500_000), st.sampled_from(Product))
def test_no_set_point_is_granted_that_the_cycle_would_not_release(gate, image, power, product):
    got = answer(gate, image, asking.setpoint(power, product))
    if not got.wake:
        return
    granted = got.decision.power
    assert abs(granted) <= abs(power)
    assert granted * power >= 0
    if shrinks(granted, gate.run.dispatch):
        return
    assert not gate.run.failures & {Failure.METER, Failure.BMS, Failure.DISK, Failure.ALL_PCS}
    counted = share.base(gate.settings, image, gate.run.units)
    hidden = sum(counted[pcs.device] for pcs in image.pcs if not share.able(pcs))
    allowed = window(gate, image, asking.clock(), gate.run.auxiliary, hidden)
    assert allowed.low - 1 <= granted <= allowed.high + 1
    bms = image.bms[0]
    for reading in (bms.soc, bms.charge_limit, bms.temperature_min, bms.temperature_max):
        assert reading is not None
        assert reading.at == START
    energy = granted / 6 / gate.settings.energy
    assert 0.1 - 1e-6 <= bms.soc.value - energy <= 0.9 + 1e-6


@settings(max_examples=200, deadline=None)
@given(gates(), plants(), st.lists(st.integers(-1_500_000, 1_500_000), min_size=1, max_size=12))
def test_an_accepted_schedule_fits_slot_by_slot(gate, image, powers):
    got = answer(gate, image, asking.schedule(*powers))
    if not got.wake or all(shrinks(power, gate.run.dispatch) for power in powers):
        return
    (standing,) = got.gate.durable.standing
    soc = image.bms[0].soc.value
    for power in standing.order.powers:
        soc -= power / 2 / gate.settings.energy
        assert power <= 0 or soc >= 0.1 - 1e-9
        assert power >= 0 or soc <= 0.9 + 1e-9
        assert power <= gate.bounds.export_max
        assert -power <= gate.bounds.import_max


@settings(max_examples=150, deadline=None)
@given(
    gates(), plants(), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans(), st.booleans()
)
def test_no_curtailment_ever_loosens_what_stands(gate, image, export, imports, sure, disk):
    if disk:
        run = replace(gate.run, failures=frozenset({Failure.DISK}))
        gate = replace(gate, run=run)
    raw = sealed(asking.curtail(export, imports, sequence=50), AGG)
    clock = asking.clock(sure=sure)
    got = receive(gate, Pressure(), raw, image, clock, no_verification, CHECKS)
    assert got.decision is not None
    if got.decision.reason is not None:
        assert not sure
        assert got.decision.reason is Reason.TIME_UNSURE

    def left(of, way):
        return min((getattr(c.order, way) for c in of.durable.curtailments), default=10**10)

    for way in ("export_max", "import_max"):
        assert left(got.gate, way) <= left(gate, way)


@settings(max_examples=100, deadline=None)
@given(gates(), plants(), st.sets(st.sampled_from(Latch)), st.booleans())
def test_a_stop_always_passes(gate, image, latches, sure):
    gate = scene.durable(gate, latches=frozenset(latches))
    raw = sealed(asking.stop(), AGG)
    clock = asking.clock(sure=sure)
    got = receive(gate, Pressure(), raw, image, clock, no_verification, CHECKS)
    assert got.decision is not None
    assert got.decision.outcome is Outcome.ACCEPTED
    assert got.gate.durable.standing == ()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_bytes_of_any_kind_are_refused_and_change_nothing(raw):
    gate = asking.gate()
    got = receive(gate, Pressure(), raw, asking.image(), asking.clock(), no_verification, CHECKS)
    assert got.gate is gate
    assert got.counted is Reason.FORM
    assert got.decision is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 5)), max_size=20))
def test_high_water_marks_only_rise_and_each_class_by_itself(asked):
    gate, pressure = asking.gate(), Pressure()
    for place, (kind, number) in enumerate(asked):
        command = made(kind, 1000, sequence=number, id=CommandId(f"c-{place}"))
        before = dict(gate.durable.high_water)
        got = receive(
            gate,
            pressure,
            sealed(command, AGG),
            asking.image(),
            asking.clock(),
            no_verification,
            CHECKS,
        )
        gate, pressure = got.gate, got.pressure
        after = dict(gate.durable.high_water)
        mine = (AGG.kid, class_of(command))
        assert {k: v for k, v in after.items() if k != mine} == {
            k: v for k, v in before.items() if k != mine
        }
        assert after.get(mine, 0) == max(before.get(mine, 0), number)


GENUINE = asking.signed(asking.setpoint())


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(GENUINE) - 1), st.integers(1, 255))
def test_no_changed_byte_of_a_signed_command_acts(place, change):
    raw = bytearray(GENUINE)
    raw[place] ^= change
    gate = asking.gate()
    got = receive(gate, Pressure(), bytes(raw), asking.image(), asking.clock(), verify, CHECKS)
    assert got.gate is gate
    assert got.decision is None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GENUINE)), st.binary(min_size=1, max_size=4))
def test_nothing_put_into_a_signed_command_acts(place, more):
    raw = GENUINE[:place] + more + GENUINE[place:]
    gate = asking.gate()
    got = receive(gate, Pressure(), raw, asking.image(), asking.clock(), verify, CHECKS)
    assert got.gate is gate


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GENUINE) - 1))
def test_no_beginning_of_a_signed_command_acts(length):
    gate = asking.gate()
    got = receive(
        gate, Pressure(), GENUINE[:length], asking.image(), asking.clock(), verify, CHECKS
    )
    assert got.gate is gate
