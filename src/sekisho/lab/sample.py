"""The sample plant of the laboratory: its site file, its bounds, its trust; consistent by making.

Two PCS of 1 MW on one battery of 4 MWh, a BMS and a meter that speak SunSpec, and a relay with a
profile of its own. Nothing in it exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.bounds import Bounds, Lives
from sekisho.codec.command import Kind, Product
from sekisho.codec.thumbprint import thumbprint
from sekisho.codec.trust import Budget, Grant, Trust, TrustedKey
from sekisho.lab.build import plain_plan
from sekisho.lab.registers import SunSpec
from sekisho.terms.ids import IssuerId, SiteId
from sekisho.terms.quantity import Celsius, Hertz, Share, WallMs, WattHours, Watts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sekisho.lab.build import PlantPlan

SITE = SiteId("lab-1")
ISSUER = IssuerId("agg")
GRID = IssuerId("tso")
RATED_W = 2_000_000
ENERGY_WH = 4_000_000
DAY_MS = 86_400_000
PCS = ("pcs-1", "pcs-2")

PLENTY = Budget(
    change_per_minute=Watts(4 * RATED_W),
    change_per_hour=Watts(40 * RATED_W),
    reversals_per_hour=20,
    energy_per_day=WattHours(4 * ENERGY_WH),
)
DISPATCH = frozenset(
    Grant(kind, product) for kind in (Kind.SETPOINT, Kind.SCHEDULE) for product in Product
)
SAFETY = frozenset(Grant(kind) for kind in (Kind.CURTAIL, Kind.STOP, Kind.RELEASE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where everything listens."""

    devices: Mapping[str, str]
    """Each device's `connect`."""
    broker: int
    """The broker's port on loopback."""
    fingerprint: str
    """The authority's."""


def plan(own_droop: Collection[str] = ()) -> PlantPlan:
    """The plant to build; these PCS have droop of their own (SunSpec 711)."""
    return plain_plan(
        pcs=len(PCS),
        rated_w=RATED_W // len(PCS),
        energy_wh=float(ENERGY_WH),
        layout=SunSpec(),
        own_droop=own_droop,
        auxiliary_w=20_000.0,
    )


def site_text(ends: Ends, *, cycle_ms: int = 100) -> str:
    """The site file of the sample."""
    souths = "".join(
        f'\n[[south]]\ndevice = "{name}"\nconnect = "{ends.devices[name]}"\nunit = 1\n{extra}'
        for name, extra in (
            *((name, f"rated_kw = {RATED_W // len(PCS) // 1000}\nfast_ms = 100\n") for name in PCS),
            ("bms-1", "slow_ms = 1_000\n"),
            ("meter-1", "fast_ms = 100\n"),
            ("trip-1", 'profile = "relay.toml"\n'),
        )
    )
    return (
        _HEAD
        + f"[gate]\ncycle_ms = {cycle_ms}\nauxiliary_kw = 10\nauxiliary_most_kw = 40\n"
        + f'\n[authority]\nfingerprint = "{ends.fingerprint}"\n'
        + f'\n[north]\nbroker = "mqtts://127.0.0.1:{ends.broker}"\n'
        + souths
        + '\n[trip]\ndevice = "trip-1"\ncoil = 0\n'
    )


def bounds(at: int, **changes: object) -> Bounds:
    """What the sample plant may ever do."""
    fields: dict[str, object] = {
        "site": SITE,
        "version": 1,
        "issued_at": WallMs(at),
        "export_max": Watts(RATED_W),
        "import_max": Watts(RATED_W),
        "connection_export_max": Watts(RATED_W),
        "connection_import_max": Watts(RATED_W),
        "soc_min": Share(0.1),
        "soc_max": Share(0.9),
        "soc_reserve": Share(0.0),
        "temperature_min": Celsius(0.0),
        "temperature_max": Celsius(45.0),
        "ramp_dispatch": RATED_W // 10,
        "ramp_max": RATED_W // 5,
        "reversals_per_hour": 20,
        "frequency_nominal": Hertz(50.0),
        "frequency_min": Hertz(45.0),
        "frequency_max": Hertz(55.0),
        "frequency_disturbed": Hertz(0.2),
        "droop": None,
        "life": Lives(),
    }
    return Bounds(**(fields | changes))  # type: ignore[arg-type]  # members by their names


def key(public: bytes, at: int, **changes: object) -> TrustedKey:
    """A key that may ask everything."""
    fields: dict[str, object] = {
        "kid": thumbprint(public),
        "issuer": ISSUER,
        "public": public,
        "may": DISPATCH | SAFETY,
        "power_max": None,
        "budget": PLENTY,
        "valid_from": WallMs(at - DAY_MS),
        "valid_until": WallMs(at + DAY_MS),
        "revoked": False,
        "start_delay_max_s": 1,
    }
    return TrustedKey(**(fields | changes))  # type: ignore[arg-type]  # members by their names


def trust(at: int, *keys: TrustedKey, version: int = 1, all_keys: Budget = PLENTY) -> Trust:
    """Whose commands count."""
    return Trust(site=SITE, version=version, issued_at=WallMs(at), keys=keys, all_keys=all_keys)


RELAY = """\
# INVENTED: the trip relay of the laboratory; no such device exists.

[device]
role = "trip"
title = "Laboratory trip relay (invented)"
source = "none: invented for Sekisho"
invented = true

[[point]]
meaning = "trip"
space = "coil"
address = 0
kind = "bit"
keeping = "volatile"
write = 1
samples = [{ words = [1], value = 1 }]

[[point]]
meaning = "trip-state"
space = "discrete"
address = 0
kind = "bit"
pace = "fast"
"""
"""The relay's profile, beside the site file."""

_HEAD = f"""\
# MADE UP: the plant of the laboratory. No such site, maker or product exists.

[site]
id = "{SITE}"
name = "実験室の蓄電所"
area = "hokkaido"
resource = "battery"
voltage = "high"
rated_kw = {RATED_W // 1000}
rated_kwh = {ENERGY_WH // 1000}
owner = "private"
work = "new"
works_class = "business"
self_consumption = false

[dates]
contract_application = 2027-05-10

[programmes]
joins = ["aggregation"]

[[external]]
id = "agg"
kind = "aggregator"

[[device]]
id = "gw-1"
role = "gateway"
speaks_ip = true
controls = true

[[device]]
id = "pcs-1"
role = "pcs"
speaks_ip = true
controls = true

[[device]]
id = "pcs-2"
role = "pcs"
speaks_ip = true
controls = true

[[device]]
id = "bms-1"
role = "bms"
speaks_ip = true
controls = true

[[device]]
id = "meter-1"
role = "meter"
speaks_ip = true
controls = false

[[device]]
id = "trip-1"
role = "protocol-converter"
speaks_ip = true
controls = true

[[link]]
between = ["agg", "gw-1"]
medium = "ip"
route = "internet"
protocol = "mqtt"

[[link]]
between = ["gw-1", "pcs-1"]
medium = "ip"

[[link]]
between = ["gw-1", "pcs-2"]
medium = "ip"

[[link]]
between = ["gw-1", "bms-1"]
medium = "ip"

[[link]]
between = ["gw-1", "meter-1"]
medium = "ip"

[[link]]
between = ["gw-1", "trip-1"]
medium = "ip"

"""
