"""A small plant to ask questions of: two PCS of 500 kW, a battery, a meter; one trusted key."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sekisho.codec.bounds import Bounds, Droop, Lives
from sekisho.codec.command import (
    Curtail,
    Envelope,
    Kind,
    Product,
    Rank,
    Schedule,
    Setpoint,
)
from sekisho.codec.trust import Budget, Grant, Trust, TrustedKey
from sekisho.gate.clock import Clock, term
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.image import (
    BmsImage,
    Link,
    MeterImage,
    PcsImage,
    PlantImage,
    Reading,
    WatchdogState,
)
from sekisho.gate.settings import DroopBy, North, Settings, SouthDevice, SouthRole, TcpEnd, Trip
from sekisho.gate.state import Curtailment, Durable, Gate, Run, Standing
from sekisho.terms.ids import CommandId, DeviceId, IssuerId, KeyId, SessionId, SiteId
from sekisho.terms.quantity import BootMs, Celsius, Hertz, Share, WallMs, WattHours, Watts

SITE = SiteId("kushiro-1")
SESSION = SessionId("0" * 32)
KID = KeyId("agg-key")
BOOT = "boot-1"
EPOCH = 1_764_000_000_000
"""Wall clock at the start of the machine, on a half-hour boundary."""
RATED = Watts(1_000_000)
PLENTY = Budget(
    change_per_minute=Watts(4_000_000),
    change_per_hour=Watts(40_000_000),
    reversals_per_hour=20,
    energy_per_day=WattHours(20_000_000),
)
EVERYTHING = frozenset(
    {Grant(kind, product) for kind in (Kind.SETPOINT, Kind.SCHEDULE) for product in Product}
    | {Grant(kind) for kind in (Kind.CURTAIL, Kind.STOP, Kind.RELEASE)}
)


def clock(boot, *, sure=True, drift=0):
    return Clock(wall=WallMs(EPOCH + boot + drift), boot=BootMs(boot), sure=sure)


def key(**changes):
    fields: dict[str, Any] = {
        "kid": KID,
        "issuer": IssuerId("agg"),
        "public": bytes(32),
        "may": EVERYTHING,
        "power_max": None,
        "budget": PLENTY,
        "valid_from": WallMs(EPOCH - 1),
        "valid_until": WallMs(EPOCH + 10**10),
        "revoked": False,
        "start_delay_max_s": 0,
    }
    return TrustedKey(**(fields | changes))


def trust(*keys, all_keys=PLENTY):
    return Trust(
        site=SITE, version=1, issued_at=WallMs(EPOCH), keys=keys or (key(),), all_keys=all_keys
    )


def bounds(**changes):
    fields: dict[str, Any] = {
        "site": SITE,
        "version": 1,
        "issued_at": WallMs(EPOCH),
        "export_max": RATED,
        "import_max": RATED,
        "connection_export_max": RATED,
        "connection_import_max": RATED,
        "soc_min": Share(0.1),
        "soc_max": Share(0.9),
        "soc_reserve": Share(0.0),
        "temperature_min": Celsius(0.0),
        "temperature_max": Celsius(45.0),
        "ramp_dispatch": 50_000,
        "ramp_max": 100_000,
        "reversals_per_hour": 20,
        "frequency_nominal": Hertz(50.0),
        "frequency_min": Hertz(45.0),
        "frequency_max": Hertz(55.0),
        "frequency_disturbed": Hertz(0.2),
        "droop": None,
        "life": Lives(),
    }
    return Bounds(**(fields | changes))


def droop(**changes):
    fields: dict[str, Any] = {
        "deadband": Hertz(0.02),
        "slope": Watts(500_000),
        "power_max": Watts(200_000),
        "reserve_minutes": 5,
    }
    return Droop(**(fields | changes))


def south(device, role, port, rated=0):
    return SouthDevice(
        device=DeviceId(device),
        role=role,
        end=TcpEnd(host="127.0.0.1", port=port),
        unit=1,
        profile=None,
        rated=Watts(rated),
    )


SETTINGS = Settings(
    site=SITE,
    rated=RATED,
    energy=WattHours(2_000_000),
    authority="sha256:" + "0" * 64,
    north=North(host="127.0.0.1", port=8883),
    south=(
        south("pcs-1", SouthRole.PCS, 5021, 500_000),
        south("pcs-2", SouthRole.PCS, 5022, 500_000),
        south("bms-1", SouthRole.BMS, 5023),
        south("meter-1", SouthRole.METER, 5024),
        south("relay-1", SouthRole.TRIP, 5025),
    ),
    trip=Trip(device=DeviceId("relay-1"), coil=0),
    stricter=MappingProxyType({}),
    cycle_ms=100,
    auxiliary=Watts(5_000),
    auxiliary_most=Watts(15_000),
    mismatch_band=Watts(50_000),
    digest="d" * 64,
)


def own_droop(settings, *names):
    """The same site, where these PCS follow the frequency by themselves."""
    south = (
        replace(one, droop_by=DroopBy.OWN) if one.device in names else one for one in settings.south
    )
    return replace(settings, south=tuple(south)) if names else settings


def gate(**changes):
    fields: dict[str, Any] = {
        "settings": SETTINGS,
        "trust": trust(),
        "bounds": bounds(),
        "boot_id": BOOT,
        "durable": Durable(
            session=SESSION, trust_version=1, bounds_version=1, commissioned="d" * 64
        ),
        "run": Run(at=BootMs(0)),
        "next_entry": 1,
    }
    return Gate(**(fields | changes))


def durable(of, **changes):
    return replace(of, durable=replace(of.durable, **changes))


def envelope(number, start, end, site=SITE):
    return Envelope(
        id=CommandId(f"cmd-{number}"),
        site=site,
        session=SESSION,
        issuer=IssuerId("agg"),
        issued_at=WallMs(EPOCH + start),
        not_before=WallMs(EPOCH + start),
        expires_at=WallMs(EPOCH + end),
        sequence=number,
    )


def setpoint(power, *, number=1, start=0, end=1_800_000, product=Product.JEPX_SPOT, entry=1):
    order = Setpoint(envelope=envelope(number, start, end), power=Watts(power), product=product)
    return Standing(
        order=order,
        kid=KID,
        rank=Rank.BALANCING if product is Product.FCR else Rank.MARKET,
        power=Watts(power),
        term=term(order.envelope.expires_at, clock(start), BOOT),
        begins=BootMs(start),
        anchor=EPOCH,
        delay_ms=0,
        entry=entry,
    )


def schedule(powers, *, number=1, start=0, delay=0, entry=1):
    end = start + len(powers) * 1_800_000
    order = Schedule(
        envelope=envelope(number, start, end),
        start=WallMs(EPOCH + start),
        powers=tuple(Watts(p) for p in powers),
        product=Product.JEPX_SPOT,
    )
    return Standing(
        order=order,
        kid=KID,
        rank=Rank.MARKET,
        power=Watts(0),
        term=term(order.envelope.expires_at, clock(start), BOOT),
        begins=BootMs(start),
        anchor=EPOCH,
        delay_ms=delay,
        entry=entry,
    )


def curtailment(export, import_, *, number=1, start=0, end=1_800_000):
    order = Curtail(
        envelope=envelope(number, start, end),
        export_max=Watts(export),
        import_max=Watts(import_),
    )
    return Curtailment(
        order=order,
        kid=KID,
        term=term(order.envelope.expires_at, clock(start), BOOT),
        begins=BootMs(start),
        entry=1,
    )


def image(at, *, units=(0, 0), soc=0.5, meter=None, hertz=50.0, **changes):
    """The plant as read at `at`; the meter shows the units less 10 kW unless it is said."""
    now = BootMs(at)
    pcs = tuple(
        PcsImage(
            device=DeviceId(f"pcs-{n}"),
            rated=Watts(500_000),
            link=Link.UP,
            since=BootMs(0),
            power=Reading(Watts(power), now),
            setpoint=Reading(Watts(power), now),
            watchdog=WatchdogState.ARMED,
        )
        for n, power in enumerate(units, start=1)
    )
    bms = BmsImage(
        device=DeviceId("bms-1"),
        link=Link.UP,
        soc=Reading(Share(soc), now),
        charge_limit=Reading(Watts(1_000_000), now),
        discharge_limit=Reading(Watts(1_000_000), now),
        temperature_min=Reading(Celsius(20.0), now),
        temperature_max=Reading(Celsius(30.0), now),
    )
    shown = sum(units) - 10_000 if meter is None else meter
    # A live frequency never stands still.
    live = hertz + (at // 100 % 7) * 0.001
    measured = MeterImage(
        device=DeviceId("meter-1"),
        link=Link.UP,
        power=Reading(Watts(shown), now),
        frequency=Reading(Hertz(live), now),
    )
    fields: dict[str, Any] = {"at": now, "pcs": pcs, "bms": (bms,), "meters": (measured,)}
    return PlantImage(**(fields | changes))


SAFE = Surroundings(committed=10**9)
