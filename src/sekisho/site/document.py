"""The site file as people write it: every table, key, allowed word and bound, read strictly.

These models are the one description of the file; the JSON Schema is generated from them. An unknown
key is an error, a value is never converted (text is not a number, a date-time is not a date), and
text is bounded and free of characters that cannot be seen: a hidden one would make two model
numbers look alike that are not.

The gate's tables (`[gate] [authority] [north] [[south]] [fallback] [trip] [stop_contact]`) are accepted here, so that one
file serves papers and gate, and go no further: `Site` has no place for them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from sekisho.site.model import (
    Area,
    ExternalKind,
    Medium,
    Owner,
    PcsClass,
    Place,
    Programme,
    Resource,
    Role,
    Route,
    Voltage,
    Work,
    WorksClass,
)

MAX_DEVICES = 1000
"""Devices of one site after `count` is expanded."""
MAX_LINKS = 10_000
"""Links of one site after `count` is expanded."""

_HIDDEN = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_VISIBLE = rf"^[^{_HIDDEN}]*[^{_HIDDEN}\s][^{_HIDDEN}]*$"
_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
_DEVICE_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*(\.[1-9][0-9]{0,3})?$"

T = TypeVar("T")

Word = Annotated[T, Field(strict=False)]
"""A word of a closed set (TOML gives text), or a list taken as a tuple or set."""
Name = Annotated[str, Field(max_length=200, pattern=_VISIBLE)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A calendar date of Japan, bare (2027-05-10); years outside this century are slips."""
Plain = Annotated[str, Field(max_length=64, pattern=_ID)]
DeviceName = Annotated[str, Field(max_length=64, pattern=_DEVICE_ID)]
Gate = Annotated[
    dict[str, Any],
    Field(description="Read by the gate; never shown in reports or packs."),
]


class Table(BaseModel):
    """One table of the file: no unknown keys, no conversions, no changes."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SiteTable(Table):
    """`[site]`: the point of connection."""

    id: Plain = Field(
        description="Short name used in file names and reports: letters, digits, - and _.",
        examples=["kushiro-1"],
    )
    name: Name = Field(description="Name as on the forms.", examples=["釧路蓄電所"])
    area: Word[Area] = Field(description="Area of OCCTO.", examples=["hokkaido"])
    resource: Word[Resource] = Field(description="What is connected.", examples=["battery"])
    voltage: Word[Voltage] = Field(
        description="Voltage class of the connection.", examples=["extra-high"]
    )
    rated_kw: float = Field(
        gt=0,
        le=10_000_000,
        allow_inf_nan=False,
        description="Rated output at the connection point, in kW.",
        examples=[50_000],
    )
    rated_kwh: float | None = Field(
        default=None,
        gt=0,
        le=100_000_000,
        allow_inf_nan=False,
        description="Rated energy, in kWh.",
        examples=[200_000],
    )
    owner: Word[Owner] = Field(
        description="Who buys: a private party or a government body.", examples=["private"]
    )
    work: Word[Work] = Field(
        description="A new connection, or the replacement of equipment.", examples=["new"]
    )
    works_class: Word[WorksClass] = Field(
        description="Class of electrical works: business or general.", examples=["business"]
    )
    self_consumption: bool | None = Field(
        default=None, description="Whether the output is for own use.", examples=[False]
    )


class DatesTable(Table):
    """`[dates]`: the days by which rules apply; what is not known is left out."""

    study_application: Day | None = Field(default=None, examples=["2026-10-01"])
    auction_registration: Day | None = Field(default=None, examples=["2026-12-01"])
    subsidy_application: Day | None = Field(default=None, examples=["2026-12-15"])
    contract_application: Day | None = Field(
        default=None,
        description="The trigger of the grid code.",
        examples=["2027-05-10"],
    )
    procurement: Day | None = Field(default=None, examples=["2027-06-01"])
    equipment_order: Day | None = Field(default=None, examples=["2027-09-01"])
    control_renewal: Day | None = Field(default=None, examples=["2027-09-01"])
    commissioning: Day | None = Field(default=None, examples=["2028-10-01"])


class ProgrammesTable(Table):
    """`[programmes]`: what the site joins."""

    joins: Word[tuple[Word[Programme], ...]] = Field(
        default=(), max_length=50, examples=[["aggregation"]]
    )


class AttestationTable(Table):
    """One entry of `[attestations]`: the document that shows a duty fulfilled."""

    date: Annotated[Day, Field(description="Day of the document.", examples=["2026-10-01"])]
    document: Name = Field(
        description="Path of the document, within the site file's folder.",
        examples=["docs/manager.pdf"],
    )


class ExternalTable(Table):
    """`[[external]]`: something outside the site that the site talks to."""

    id: Plain = Field(description="Name used in links.", examples=["agg"])
    kind: Word[ExternalKind] = Field(description="What it is.", examples=["aggregator"])
    name: Name | None = Field(default=None, examples=["北斗アグリゲーション"])


class DeviceTable(Table):
    """`[[device]]`: one box or software unit in the control system."""

    id: DeviceName = Field(
        description="Name used in links and reports. With count, devices are id.1, id.2 …",
        examples=["gw-1"],
    )
    role: Word[Role] = Field(description="What it does.", examples=["gateway"])
    maker: Name | None = Field(default=None, examples=["北斗ゲート"])
    product: Name | None = Field(default=None, examples=["HokutoGate"])
    model: Name | None = Field(
        default=None, description="Model number as on the nameplate.", examples=["HG-200"]
    )
    version: Name | None = Field(default=None, description="Firmware.", examples=["2.1.0"])
    label: Name | None = Field(
        default=None,
        description="JC-STAR registration number, once the maker has given it.",
        examples=["JC-00001"],
    )
    speaks_ip: bool | None = Field(
        default=None, description="Communicates over IP; omitted: unknown.", examples=[True]
    )
    controls: bool | None = Field(
        default=None, description="Has a control function; omitted: unknown.", examples=[True]
    )
    introduced: Day | None = Field(
        default=None,
        description="Day on which it is newly taken under an aggregator's control (ERAB).",
        examples=["2027-12-01"],
    )
    bought: Day | None = Field(default=None, examples=["2027-09-01"])
    count: int = Field(
        default=1, ge=1, le=MAX_DEVICES, description="Identical devices.", examples=[4]
    )
    pcs_class: Word[PcsClass | None] = Field(
        default=None, description="lv: a low-voltage type of PCS.", examples=["lv"]
    )
    place: Word[Place] = Field(
        default=Place.SITE, description="Where the function runs.", examples=["site"]
    )
    jet: Name | None = Field(
        default=None,
        description="JET certificate; shown, never counted as a label.",
        examples=["MP-0001"],
    )
    contains: Word[tuple[Name, ...]] = Field(
        default=(),
        max_length=100,
        description="Labelled parts inside; they do not label the whole.",
        examples=[["通信モジュール CM-1"]],
    )


class LinkTable(Table):
    """`[[link]]`: a connection between two ends."""

    between: Word[tuple[DeviceName, DeviceName]] = Field(
        description="The ids of both ends.", examples=[["gw-1", "agg"]]
    )
    medium: Word[Medium] = Field(description="What it runs on.", examples=["ip"])
    route: Word[Route] = Field(
        default=Route.LOCAL, description="Which way it takes.", examples=["internet"]
    )
    protocol: Name | None = Field(default=None, examples=["mqtt"])


class SiteDocument(Table):
    """A whole site file."""

    site: SiteTable
    dates: DatesTable = DatesTable()
    programmes: ProgrammesTable = ProgrammesTable()
    attestations: dict[Plain, AttestationTable] = Field(default={}, max_length=200)
    external: list[ExternalTable] = Field(default=[], max_length=200)
    device: list[DeviceTable] = Field(default=[], max_length=MAX_DEVICES)
    link: list[LinkTable] = Field(default=[], max_length=MAX_LINKS)
    gate: Gate | None = None
    north: Gate | None = None
    south: list[Gate] = Field(default=[], max_length=MAX_DEVICES)
    fallback: Gate | None = None
    trip: Gate | None = None
    stop_contact: Gate | None = None
    authority: Gate | None = None
