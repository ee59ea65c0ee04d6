"""The gate's tables of the site file as people write them: every key, allowed word and bound.

`[gate] [authority] [north] [[south]] [fallback] [trip] [stop_contact]` stand in the same file as the papers'
tables. The bounds of a value alone are here; what must fit together is asked in `tables_sense`.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from sekisho.gate.failures import Activity, Failure
from sekisho.gate.settings import DroopBy
from sekisho.site.document import MAX_DEVICES, DeviceName, Name, Table, Word
from sekisho.site.forms import Forms
from sekisho.terms.texts import Text

MOST_KW = 10_000_000
"""Largest power that a table may state."""
MOST_WATCHDOG_S = 300
"""Longest watchdog, and only where output control applies."""
WATCHDOG_S = 10
"""Longest watchdog elsewhere."""
SUNSPEC = "sunspec"
"""The profile that asks the device itself."""


class Stays(StrEnum):
    """What stays of an activity when something fails, as `[fallback]` says it."""

    KEEP = "keep"
    REDUCE_ONLY = "reduce-only"
    REST = "rest"
    STOP = "stop"


class Positive(StrEnum):
    """What a meter counts positive."""

    EXPORT = "export"
    IMPORT = "import"


_STAYS = [Stays.REST.value]


class GateTable(Table):
    """`[gate]`: the cycle, and the plant's own load."""

    cycle_ms: int = Field(
        default=100, ge=50, le=1_000, description="Period of the control cycle.", examples=[100]
    )
    auxiliary_kw: float = Field(
        default=0,
        ge=0,
        le=MOST_KW,
        allow_inf_nan=False,
        description="Load of the plant itself at rest, in kW.",
        examples=[120],
    )
    auxiliary_most_kw: float | None = Field(
        default=None,
        ge=0,
        le=MOST_KW,
        allow_inf_nan=False,
        description="Largest load of the plant itself, in kW; left out: as at rest.",
        examples=[300],
    )
    mismatch_band_kw: float | None = Field(
        default=None,
        gt=0,
        le=MOST_KW,
        allow_inf_nan=False,
        description="How far the meter may be from the set-points; left out: 5 % of rated_kw.",
        examples=[2_500],
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1_024,
        le=65_535,
        description="Port of the metrics on the loopback address; left out: no metrics.",
        examples=[9_464],
    )
    hardware: Name | None = Field(
        default=None,
        description="Model on which the gate is delivered; left out: what is about hardware stays open.",
        examples=["BOX-1000"],
    )


class AuthorityTable(Table):
    """`[authority]`: who may say which keys the gate trusts."""

    fingerprint: Name = Field(
        description="SHA-256 of the authority's public key (SPKI).",
        examples=["sha256:" + "0123456789abcdef" * 4],
    )


class NorthTable(Table):
    """`[north]`: the broker of the aggregator."""

    broker: Name = Field(
        description="Address of the broker, MQTT over TLS.",
        examples=["mqtts://broker.example.jp:8883"],
    )
    server_name: Name | None = Field(
        default=None,
        description="Name in the broker's certificate, where it is not the address.",
        examples=["broker.example.jp"],
    )
    ca: Name = Field(
        default="north-ca.pem",
        description="File in the state folder: who certifies the broker.",
        examples=["north-ca.pem"],
    )
    certificate: Name = Field(
        default="north.pem",
        description="File in the state folder: the gate's certificate.",
        examples=["north.pem"],
    )
    key: Name = Field(
        default="north.key",
        description="File in the state folder: the gate's key for that certificate.",
        examples=["north.key"],
    )
    telemetry_ms: int = Field(
        default=1_000, ge=100, le=60_000, description="Period of telemetry.", examples=[1_000]
    )
    lost_s: int = Field(
        default=30,
        ge=5,
        le=3_600,
        description="Without the broker for so long, the cloud counts as lost.",
        examples=[30],
    )


class SouthTable(Table):
    """One `[[south]]`: a device of the plant, and how it is spoken to."""

    device: DeviceName = Field(description="Its id in [[device]].", examples=["pcs-1"])
    connect: Name = Field(
        description="Modbus TCP or RTU: the address of the device.",
        examples=["tcp://192.0.2.10:502", "rtu:///dev/ttyS0?baud=19200&parity=E"],
    )
    unit: int = Field(ge=1, le=247, description="Modbus unit.", examples=[1])
    profile: Name = Field(
        default="sunspec",
        description="sunspec, the name of a shipped profile, or a .toml file beside the site file.",
        examples=["sunspec"],
    )
    rated_kw: float | None = Field(
        default=None,
        gt=0,
        le=MOST_KW,
        allow_inf_nan=False,
        description="Rated power of a PCS, in kW.",
        examples=[12_500],
    )
    positive: Word[Positive | None] = Field(
        default=None,
        description="What a SunSpec meter counts positive; left out: export.",
        examples=[Positive.IMPORT.value],
    )
    timeout_ms: int = Field(
        default=1_000, ge=50, le=10_000, description="Longest wait for an answer.", examples=[1_000]
    )
    gap_ms: int = Field(
        default=0, ge=0, le=1_000, description="Rest between two requests.", examples=[20]
    )
    settle_ms: int = Field(
        default=0, ge=0, le=10_000, description="Rest after connecting.", examples=[500]
    )
    fast_ms: int = Field(
        default=200,
        ge=50,
        le=500,
        description="Period of the fast group: power, frequency, status.",
        examples=[200],
    )
    slow_ms: int = Field(
        default=2_000, ge=500, le=10_000, description="Period of the slow group.", examples=[2_000]
    )
    watchdog_s: int | None = Field(
        default=None,
        ge=1,
        le=MOST_WATCHDOG_S,
        description="Time-out that the gate arms in the PCS; left out: 10.",
        examples=[10],
    )
    no_watchdog: Name | None = Field(
        default=None,
        description="Why a PCS without a watchdog is accepted; shown on every screen.",
        examples=["PCS の停止接点を保護継電器が開く"],
    )
    droop: Word[DroopBy | None] = Field(
        default=None,
        description="Who answers the frequency at a PCS: the gate, or its own droop (SunSpec 711).",
        examples=[DroopBy.OWN.value],
    )


class CellsTable(Table):
    """What stays of each activity when one thing has failed."""

    market: Word[Stays | None] = Field(default=None, examples=_STAYS)
    schedule: Word[Stays | None] = Field(default=None, examples=_STAYS)
    curtailment: Word[Stays | None] = Field(default=None, examples=_STAYS)
    droop: Word[Stays | None] = Field(default=None, examples=_STAYS)


class FallbackTable(Table):
    """`[fallback]`: cells of the table of failures that this site makes stricter."""

    cloud: CellsTable = CellsTable()
    meter: CellsTable = CellsTable()
    bms: CellsTable = CellsTable()
    frequency: CellsTable = CellsTable()
    one_pcs: CellsTable = CellsTable()
    all_pcs: CellsTable = CellsTable()
    clock: CellsTable = CellsTable()
    disk: CellsTable = CellsTable()
    broker_certificate: CellsTable = CellsTable()
    trust_expired: CellsTable = CellsTable()


class TripTable(Table):
    """`[trip]`: the breaker that opens where meter and set-points stay apart."""

    device: DeviceName = Field(
        description="A device of its own: neither PCS, BMS nor meter.", examples=["relay-1"]
    )
    coil: int = Field(
        ge=0, le=65_535, description="Coil, counted from 0, that opens the breaker.", examples=[0]
    )


class BitSpace(StrEnum):
    """Where a bit is read."""

    DISCRETE = "discrete"
    COIL = "coil"


class StopContactTable(Table):
    """`[stop_contact]`: the bit by which somebody on the spot stops the whole plant."""

    device: DeviceName = Field(
        description="A device of [[south]] that the contact is wired to.", examples=["relay-1"]
    )
    space: Word[BitSpace] = Field(
        default=BitSpace.DISCRETE,
        description="discrete: a discrete input. coil: a coil.",
        examples=["discrete"],
    )
    address: int = Field(ge=0, le=65_535, description="Which bit, counted from 0.", examples=[1])
    pressed: int = Field(
        ge=0,
        le=1,
        description="What it shows when pressed; 0 for a circuit that pressing opens.",
        examples=[0],
    )


class GateDocument(Table):
    """The gate's tables of a site file."""

    gate: GateTable = GateTable()
    authority: AuthorityTable
    north: NorthTable
    south: list[SouthTable] = Field(min_length=1, max_length=MAX_DEVICES)
    fallback: FallbackTable = FallbackTable()
    trip: TripTable | None = None
    stop_contact: StopContactTable | None = None


FORMS = Forms(
    tables={
        "gate": GateTable,
        "authority": AuthorityTable,
        "north": NorthTable,
        "south": SouthTable,
        "fallback": FallbackTable,
        "trip": TripTable,
        "stop_contact": StopContactTable,
    },
    arrays=frozenset({"south"}),
    known=tuple(GateDocument.model_fields),
    whole=Text(
        "docs/reference/gate-tables.md の見本から写してください。",
        "Copy it from the sample in docs/reference/gate-tables.md.",
    ),
)
"""How the gate's tables are written."""


def failure_key(failure: Failure) -> str:
    """The key of `[fallback]` under which a failure's cells stand."""
    return failure.value.replace("-", "_")


def cells(table: FallbackTable) -> dict[tuple[Failure, Activity], Stays]:
    """Every cell that the file states."""
    return {
        (failure, activity): stays
        for failure in Failure
        for activity in Activity
        if (stays := getattr(getattr(table, failure_key(failure)), activity.value)) is not None
    }
