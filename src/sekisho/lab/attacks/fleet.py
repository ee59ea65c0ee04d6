"""Class 15: one stolen key, twenty sites, full charge to full discharge at once; in virtual time.

Each site is the guard and the cycle as they run at a site, before a plant that follows its set-points
at once. What is measured is the sum of all plants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Envelope, Product, Setpoint
from sekisho.codec.jws import Signer, Typ, verify
from sekisho.gate.clock import Clock
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.tick import tick
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.guard.pressure import Pressure
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
from sekisho.gate.restart import Found, new
from sekisho.gate.tables import read_gated
from sekisho.lab import sample
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.lab.attacks.trace import Sample, steepest
from sekisho.lab.attacks.weaker import without
from sekisho.lab.noise import noise
from sekisho.terms.ids import CommandId, SessionId, SiteId
from sekisho.terms.quantity import BootMs, Celsius, Hertz, Share, WallMs, Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.codec.trust import Budget
    from sekisho.gate.guard.check import Check
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Gate
    from sekisho.terms.ids import DeviceId

SITES = 20
TICK_MS = 500
MINUTE_MS = 60_000
CHARGE_AT_MS = 5_000
DISCHARGE_AT_MS = 150_000
END_MS = 270_000
EPOCH = 1_764_000_000_000
LIFE_MS = 600_000
SESSION = SessionId("0" * 32)
BOOT = "virtual"
AUXILIARY_W = 20_000
PER_MINUTE = Watts(sample.RATED_W // 2)
"""What the key may move at one site in any minute."""
GUARDED = replace(sample.PLENTY, change_per_minute=PER_MINUTE)
UNGUARDED = replace(sample.PLENTY, change_per_minute=Watts(10**9), change_per_hour=Watts(10**10))

_TRIED = Text(
    "仮想時間で、盗んだ 1 本の鍵により {sites} サイトに同時に全力の充電を、次に全力の放電を指令しました。",
    "In virtual time, with one stolen key, ordered full charge of {sites} sites at once, then full "
    "discharge.",
)
_DID = Text(
    "全体の変化は 60 秒で最大 {most} MW でした(予算がなければ {bare} MW)。ジャーナルは最初のサイトのものです。",
    "Together they moved by {most} MW in 60 s at most ({bare} MW without the budget). The journal "
    "entries are those of the first site.",
)
_BARE = Text(
    "全体の変化は 60 秒で最大 {most} MW でした。",
    "Together they moved by {most} MW in 60 s at most.",
)
_BOUND = Text(
    "60 秒で {allowed} MW({sites} サイトの予算の和)",
    "{allowed} MW in 60 s (the sum of {sites} budgets)",
)


@dataclass(slots=True)
class _Site:
    """One site in virtual time."""

    number: int
    gate: Gate
    pressure: Pressure
    setpoints: dict[DeviceId, int]
    entries: list[int]

    def power(self) -> int:
        return sum(self.setpoints.values())


@dataclass(frozen=True, slots=True)
class Course:
    """What a fleet did."""

    steepest_w: float
    """Largest difference of the sum within any 60 s."""
    entries: tuple[int, ...]
    """Entries of the first site that answer the attacker."""


def attacked(*, guarded: bool = True) -> Finding:
    """The attack on a fleet, with or without the harm budget."""
    bare = played(UNGUARDED, without("budget"))
    course = played(GUARDED, CHECKS) if guarded else bare
    allowed = SITES * PER_MINUTE
    did = _DID if guarded else _BARE
    held = course.steepest_w <= allowed and bool(course.entries)
    return Finding(
        tried=_TRIED.fill(sites=SITES),
        did=did.fill(most=_mw(course.steepest_w), bare=_mw(bare.steepest_w)),
        verdict=Verdict.CONTAINED if held else Verdict.SUCCEEDED,
        entries=course.entries,
        bound=_BOUND.fill(allowed=_mw(allowed), sites=SITES),
    )


def played(budget: Budget, checks: tuple[Check, ...]) -> Course:
    """Twenty gates with this budget of the stolen key, and these questions."""
    stolen = Signer(b"\x0f" * 32)
    fleet = [_site(number, stolen, budget) for number in range(SITES)]
    trace: list[Sample] = []
    for now in range(TICK_MS, END_MS, TICK_MS):
        for at, sequence, power in (
            (CHARGE_AT_MS, 1, -sample.RATED_W),
            (DISCHARGE_AT_MS, 2, sample.RATED_W),
        ):
            if now == at:
                for site in fleet:
                    _asked(site, stolen, now, sequence, power, checks)
        for site in fleet:
            _ticked(site, now)
        trace.append(Sample(now, float(sum(site.power() for site in fleet))))
    return Course(steepest(trace, MINUTE_MS), tuple(fleet[0].entries))


def _site(number: int, stolen: Signer, budget: Budget) -> _Site:
    name = SiteId(f"lab-{number + 1}")
    settings = replace(_settings(), site=name)
    key = sample.key(stolen.public, EPOCH, budget=budget)
    found = Found(
        settings=settings,
        trust=replace(sample.trust(EPOCH, key, all_keys=budget), site=name),
        bounds=replace(sample.bounds(EPOCH), site=name),
        boot_id=BOOT,
        next_entry=1,
    )
    gate = new(found, SESSION, _clock(0))
    gate = replace(gate, durable=replace(gate.durable, commissioned=settings.digest))
    return _Site(number, gate, Pressure(), dict.fromkeys((p.device for p in settings.pcs), 0), [])


def _settings() -> Settings:
    names = (*sample.PCS, "bms-1", "meter-1", "trip-1")
    devices = {name: f"tcp://10.0.0.{place + 1}:502" for place, name in enumerate(names)}
    ends = sample.Ends(devices=devices, broker=8883, fingerprint="sha256:" + "0" * 64)
    return read_gated(sample.site_text(ends), "site.toml").settings


def _clock(now: int) -> Clock:
    return Clock(wall=WallMs(EPOCH + now), boot=BootMs(now), sure=True)


def _asked(
    site: _Site, stolen: Signer, now: int, sequence: int, power: int, checks: tuple[Check, ...]
) -> None:
    envelope = Envelope(
        id=CommandId(f"stolen-{sequence}"),
        site=site.gate.settings.site,
        session=SESSION,
        issuer=sample.ISSUER,
        issued_at=WallMs(EPOCH + now),
        not_before=WallMs(EPOCH + now),
        expires_at=WallMs(EPOCH + now + LIFE_MS),
        sequence=sequence,
    )
    command = Setpoint(envelope=envelope, power=Watts(power), product=Product.JEPX_SPOT)
    raw = stolen.sign(claims_of(command), Typ.COMMAND)
    found = receive(site.gate, site.pressure, raw, _image(site, now), _clock(now), verify, checks)
    site.gate, site.pressure = found.gate, found.pressure
    if found.entry is not None:
        site.entries.append(found.entry)


def _ticked(site: _Site, now: int) -> None:
    around = Surroundings(committed=site.gate.next_entry - 1)
    site.gate, turn = tick(site.gate, _image(site, now), _clock(now), around)
    site.setpoints.update({device: int(power) for device, power in turn.orders.items()})


def _image(site: _Site, now: int) -> PlantImage:
    at = BootMs(now)
    hertz = Reading(Hertz(50.0 + 0.01 * noise(site.number, now)), at)
    rated = Watts(sample.RATED_W // len(sample.PCS))
    unrest = round(1_000 * noise(site.number + 100, now))
    plenty = Reading(Watts(2 * sample.RATED_W), at)
    mild = Reading(Celsius(25.0), at)
    return PlantImage(
        at=at,
        pcs=tuple(
            PcsImage(
                device=device,
                rated=rated,
                link=Link.UP,
                since=BootMs(0),
                power=Reading(Watts(power), at),
                setpoint=Reading(Watts(power), at),
                frequency=hertz,
                watchdog=WatchdogState.ARMED,
            )
            for device, power in site.setpoints.items()
        ),
        bms=tuple(
            BmsImage(
                device=one.device,
                link=Link.UP,
                soc=Reading(Share(_soc(site)), at),
                charge_limit=plenty,
                discharge_limit=plenty,
                temperature_min=mild,
                temperature_max=mild,
            )
            for one in site.gate.settings.south
            if one.role == "bms"
        ),
        meters=tuple(
            MeterImage(
                device=one.device,
                link=Link.UP,
                power=Reading(Watts(site.power() - AUXILIARY_W + unrest), at),
                frequency=hertz,
            )
            for one in site.gate.settings.south
            if one.role == "meter"
        ),
    )


def _soc(site: _Site) -> float:
    """As the energy that flowed says: the battery is sound here."""
    expected = site.gate.run.soc_expected
    return 0.5 if expected is None else expected


def _mw(power: float) -> str:
    return f"{power / 1e6:,.1f}"
