"""How many decisions a second the guard makes: medians of five, on one core.

The plant has forty devices (twenty PCS, nineteen batteries, a meter), a plan of 48 half-hours stands,
and every command is new: nothing can be answered from memory. "Decided" is the whole tuple of checks
with a verifier that says yes, "verified" with the real one; "admitted" adds what follows (marks,
standing orders, answers, the journal's entry); "received" is everything from the bytes of a really
signed command.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.bounds import Bounds, Lives
from sekisho.codec.claims import claims_of
from sekisho.codec.command import (
    HALF_HOUR_MS,
    Command,
    Envelope,
    Kind,
    Product,
    Rank,
    Schedule,
    Setpoint,
)
from sekisho.codec.jws import Signer, Typ, Unverified, open_envelope, verify
from sekisho.codec.trust import Budget, Grant, Trust, TrustedKey
from sekisho.gate.budget import full
from sekisho.gate.clock import Clock, term
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.guard.admit import admit
from sekisho.gate.guard.decide import CHECKS, Passed, decide
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.question import Question
from sekisho.gate.guard.receive import receive
from sekisho.gate.image import (
    BmsImage,
    Link,
    MeterImage,
    PcsImage,
    PlantImage,
    Reading,
    WatchdogState,
)
from sekisho.gate.settings import North, Settings, SouthDevice, SouthRole, TcpEnd
from sekisho.gate.state import Durable, Gate, Run, Standing
from sekisho.terms.ids import CommandId, DeviceId, IssuerId, SessionId, SiteId
from sekisho.terms.quantity import (
    BootMs,
    Celsius,
    Hertz,
    Share,
    WallMs,
    WattHours,
    Watts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SITE = SiteId("bench-1")
SESSION = SessionId("0123456789abcdef0123456789abcdef")
SIGNER = Signer(b"the benchmark's own signing seed")
BOOT = BootMs(3_600_000)
WALL = WallMs(1_800_000_000_000)
RATED = 2_000_000
PCS, BMS = 20, 19
RUNS = 5
COUNT = 2_000


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure: decisions a second, and the least that is wanted."""

    name: str
    per_second: float
    least: float

    @property
    def kept(self) -> bool:
        """Whether it is reached."""
        return self.per_second >= self.least


def figures() -> tuple[Rate, ...]:
    """Every figure of the guard."""
    gate = bench_gate()
    setpoints = [_setpoint(n) for n in range(1, COUNT + 1)]
    schedules = [_schedule(n) for n in range(1, COUNT // 4 + 1)]
    signed = [SIGNER.sign(claims_of(command), Typ.COMMAND) for command in setpoints]
    return (
        Rate("set-point, decided", _median(lambda: _decided(gate, setpoints)), 20_000),
        Rate("set-point, decided and admitted", _median(lambda: _admitted(gate, setpoints)), 0),
        Rate("schedule of 48, decided", _median(lambda: _decided(gate, schedules)), 5_000),
        Rate(
            "schedule of 48, decided and admitted", _median(lambda: _admitted(gate, schedules)), 0
        ),
        Rate("set-point, verified and decided", _median(lambda: _verified(gate, signed)), 3_000),
        Rate("set-point, received whole", _median(lambda: _received(gate, signed)), 0),
    )


def _median(run: Callable[[], float]) -> float:
    run()
    return statistics.median(run() for _ in range(RUNS))


def _rate(count: int, begun: float) -> float:
    return count / (time.process_time() - begun)


def _decided(gate: Gate, commands: Sequence[Command]) -> float:
    questions = _questions(gate, commands)
    begun = time.process_time()
    verdicts = [decide(CHECKS, question) for question in questions]
    rate = _rate(len(commands), begun)
    if not all(isinstance(verdict, Passed) for verdict in verdicts):
        raise AssertionError(verdicts[0])
    return rate


def _admitted(gate: Gate, commands: Sequence[Command]) -> float:
    questions = _questions(gate, commands)
    begun = time.process_time()
    for question in questions:
        asked = replace(question, gate=gate)
        verdict = decide(CHECKS, asked)
        if not isinstance(verdict, Passed):
            raise TypeError(verdict)
        gate, _ = admit(gate, verdict, asked)
    return _rate(len(commands), begun)


def _verified(gate: Gate, signed: list[bytes]) -> float:
    questions = [
        replace(question, envelope=open_envelope(raw), verify=verify)
        for raw, question in zip(
            signed, _questions(gate, [_setpoint(n) for n in range(1, COUNT + 1)]), strict=True
        )
    ]
    begun = time.process_time()
    verdicts = [decide(CHECKS, question) for question in questions]
    rate = _rate(len(questions), begun)
    if not all(isinstance(verdict, Passed) for verdict in verdicts):
        raise AssertionError(verdicts[0])
    return rate


def _received(gate: Gate, signed: list[bytes]) -> float:
    image, clock = bench_image(), _clock()
    begun = time.process_time()
    for raw in signed:
        # Nothing was asked lately: this is the speed of one answer, not of the limits on a flood.
        got = receive(gate, Pressure(), raw, image, clock, verify, CHECKS)
        if got.decision is None or got.decision.reason is not None:
            raise AssertionError(got)
        gate = got.gate
    return _rate(len(signed), begun)


def _clock() -> Clock:
    return Clock(wall=WALL, boot=BOOT, sure=True, error_ms=3)


def _questions(gate: Gate, commands: Sequence[Command]) -> list[Question]:
    envelope, image = open_envelope(SIGNER.sign(b"{}", Typ.COMMAND)), bench_image()
    return [_question(gate, command, envelope, image) for command in commands]


def _question(gate: Gate, command: Command, envelope: Unverified, image: PlantImage) -> Question:
    return Question(
        envelope=envelope,
        digest=b"",
        command=command,
        key=gate.trust.key(SIGNER.kid),
        verify=_yes,
        gate=gate,
        image=image,
        clock=_clock(),
        pressure=Pressure(),
    )


def _yes(unverified: Unverified, public: bytes) -> bool:
    return bool(unverified.signature and public)


def envelope(number: int, life_ms: int) -> Envelope:
    """Of the nth command; a new one each time."""
    return Envelope(
        id=CommandId(f"bench-{number}"),
        site=SITE,
        session=SESSION,
        issuer=IssuerId("bench"),
        issued_at=WALL,
        not_before=WallMs(WALL - 1_000),
        expires_at=WallMs(WALL + life_ms),
        sequence=number,
    )


def _setpoint(number: int) -> Setpoint:
    power = Watts(1_000_000 + number)
    return Setpoint(envelope=envelope(number, 60_000), power=power, product=Product.FRR)


def _schedule(number: int) -> Schedule:
    """Four half-hours in, four out, six times."""
    powers = tuple(Watts(800_000 if place // 4 % 2 else -800_000) for place in range(48))
    return Schedule(
        envelope=envelope(number, 48 * HALF_HOUR_MS),
        start=WALL,
        powers=powers,
        product=Product.JEPX_SPOT,
    )


def bench_gate(pcs: int = PCS, bms: int = BMS) -> Gate:
    """A gate with one key and a standing plan of 48 half-hours."""
    plenty = Budget(
        change_per_minute=Watts(10**9),
        change_per_hour=Watts(10**10),
        reversals_per_hour=100,
        energy_per_day=WattHours(10**10),
    )
    key = TrustedKey(
        kid=SIGNER.kid,
        issuer=IssuerId("bench"),
        public=SIGNER.public,
        may=frozenset(
            {Grant(kind, product) for kind in (Kind.SETPOINT, Kind.SCHEDULE) for product in Product}
        ),
        power_max=None,
        budget=plenty,
        valid_from=WALL,
        valid_until=WallMs(WALL + 10**10),
        revoked=False,
        start_delay_max_s=120,
    )
    key = replace(key, valid_from=WallMs(WALL - 10**9))
    order = _schedule(1)
    plan = Standing(
        order=order,
        kid=key.kid,
        rank=Rank.MARKET,
        power=Watts(0),
        term=term(order.envelope.expires_at, _clock(), "boot"),
        begins=BOOT,
        anchor=WALL - BOOT,
        delay_ms=0,
        entry=1,
    )
    digest = "d" * 64
    trust = Trust(site=SITE, version=1, issued_at=WALL, keys=(key,), all_keys=plenty)
    durable = Durable(
        session=SESSION,
        trust_version=1,
        bounds_version=1,
        standing=(plan,),
        commissioned=digest,
        purses=MappingProxyType({key.kid: full(plenty, _clock(), "boot")}),
        purse=full(plenty, _clock(), "boot"),
    )
    run = Run(at=BOOT, members=frozenset(), frequency=Sure(Hertz(50.0)), auxiliary=20_000.0)
    return Gate(
        settings=_settings(digest, pcs, bms),
        trust=trust,
        bounds=_bounds(pcs),
        boot_id="boot",
        durable=durable,
        run=run,
        next_entry=2,
    )


def _settings(digest: str, pcs: int, bms: int) -> Settings:
    roles = [
        *((SouthRole.PCS, f"pcs-{n}", RATED) for n in range(pcs)),
        *((SouthRole.BMS, f"bms-{n}", 0) for n in range(bms)),
        (SouthRole.METER, "meter", 0),
    ]
    south = tuple(
        SouthDevice(
            device=DeviceId(name),
            role=role,
            end=TcpEnd(host="127.0.0.1", port=502),
            unit=1,
            profile=None,
            rated=Watts(rated),
        )
        for role, name, rated in roles
    )
    return Settings(
        site=SITE,
        rated=Watts(pcs * RATED),
        energy=WattHours(160_000_000),
        authority="sha256:" + "0" * 64,
        north=North(host="127.0.0.1", port=8883),
        south=south,
        trip=None,
        stricter=MappingProxyType({}),
        cycle_ms=100,
        auxiliary=Watts(20_000),
        auxiliary_most=Watts(60_000),
        mismatch_band=Watts(2_000_000),
        digest=digest,
    )


def _bounds(pcs: int) -> Bounds:
    most = Watts(pcs * RATED)
    return Bounds(
        site=SITE,
        version=1,
        issued_at=WALL,
        export_max=most,
        import_max=most,
        connection_export_max=most,
        connection_import_max=most,
        soc_min=Share(0.1),
        soc_max=Share(0.9),
        soc_reserve=Share(0.02),
        temperature_min=Celsius(0.0),
        temperature_max=Celsius(45.0),
        ramp_dispatch=4_000_000,
        ramp_max=8_000_000,
        reversals_per_hour=20,
        frequency_nominal=Hertz(50.0),
        frequency_min=Hertz(45.0),
        frequency_max=Hertz(55.0),
        frequency_disturbed=Hertz(0.2),
        droop=None,
        life=Lives(),
    )


def bench_image(pcs: int = PCS, bms: int = BMS) -> PlantImage:
    """Its plant at rest."""

    def read(value: Watts) -> Reading[Watts]:
        return Reading(value, BOOT)

    units = tuple(
        PcsImage(
            device=DeviceId(f"pcs-{n}"),
            rated=Watts(RATED),
            link=Link.UP,
            since=BootMs(0),
            power=read(Watts(0)),
            setpoint=read(Watts(0)),
            watchdog=WatchdogState.ARMED,
        )
        for n in range(pcs)
    )
    batteries = tuple(
        BmsImage(
            device=DeviceId(f"bms-{n}"),
            link=Link.UP,
            soc=Reading(Share(0.5), BOOT),
            charge_limit=read(Watts(RATED)),
            discharge_limit=read(Watts(RATED)),
            temperature_min=Reading(Celsius(20.0), BOOT),
            temperature_max=Reading(Celsius(30.0), BOOT),
        )
        for n in range(bms)
    )
    meter = MeterImage(
        device=DeviceId("meter"),
        link=Link.UP,
        power=read(Watts(0)),
        frequency=Reading(Hertz(50.0), BOOT),
    )
    return PlantImage(at=BOOT, pcs=units, bms=batteries, meters=(meter,))


def main() -> int:
    """Print every figure; 1 where one is missed."""
    found = figures()
    for rate in found:
        wanted = f", at least {rate.least:,.0f}" if rate.least else ""
        print(f"{rate.name}: {rate.per_second:,.0f} a second{wanted}")
    return int(not all(rate.kept for rate in found))


if __name__ == "__main__":
    raise SystemExit(main())
