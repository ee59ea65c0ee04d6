"""A probe profile as people write it: what a product declares of itself, and what its owner agreed to.

Bounds of single values are here and in the tables that it is made of (`plan_requests`, `plan_lasting`,
`plan_papers`); what must fit together is asked in `plan_check`.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from sekisho.evidence.observation_words import LoginKind, Transport
from sekisho.proof.plan_lasting import DeleteTable, HandTable, UpdateTable
from sekisho.proof.plan_papers import DocumentTable, ReportTable
from sekisho.proof.plan_requests import (
    ChangeTable,
    FirstUseTable,
    LoginTable,
    RouteTable,
    SettingTable,
    ShownTable,
    WebTable,
)
from sekisho.proof.plan_words import MOST_TRIES, Act, LastPort, Ports, Service
from sekisho.site.document import Name, Table, Word
from sekisho.site.forms import Forms
from sekisho.terms.texts import Text


class ProductTable(Table):
    """`[product]`: what is asked."""

    title: Name = Field(description="The product, as a person names it.", examples=["KD-100"])
    maker: Name = Field(description="Who makes it.", examples=["Kanda Works"])
    model: Name = Field(description="Its model number, as it should be shown.", examples=["KD-100"])
    dated: date | None = Field(
        default=None, description="The day of this declaration.", examples=[date(2026, 10, 1)]
    )
    invented: bool = Field(default=False, description="It is no real product.", examples=[True])


class AgreedTable(Table):
    """`[agreed]`: what may be done that changes the device; without it nothing of the kind is done."""

    by: Name = Field(
        description="Who agreed, and where it is written.", examples=["order 12, section 3"]
    )
    tries: int = Field(
        default=0,
        ge=0,
        le=MOST_TRIES,
        description="Passwords that may be tried in one visit, on all functions together.",
        examples=[12],
    )
    acts: Word[tuple[Word[Act], ...]] = Field(
        default=(),
        max_length=len(Act),
        description="What may be done, by name.",
        examples=[["guess", "change", "update"]],
    )


class PaceTable(Table):
    """`[pace]`: how fast, and how patiently."""

    per_second: int = Field(
        default=10, ge=1, le=100_000, description="Connections a second, at most.", examples=[10]
    )
    timeout_s: float = Field(
        default=3.0, gt=0, le=60, allow_inf_nan=False, description="For one answer.", examples=[3.0]
    )
    connect_s: float = Field(
        default=1.0,
        gt=0,
        le=60,
        allow_inf_nan=False,
        description="For one connection.",
        examples=[1.0],
    )


class ScanTable(Table):
    """`[scan]`: the ports that are asked for; those of `[[port]]` always are."""

    tcp: Word[tuple[Ports, ...]] = Field(
        default=("1-65535",), max_length=50, description="Ports and ranges.", examples=[["1-65535"]]
    )
    udp: bool = Field(
        default=True,
        description="Whether the short list of UDP services is asked.",
        examples=[True],
    )


class PortTable(Table):
    """One entry of `[[port]]`: a port that the product opens, and why."""

    number: LastPort = Field(description="The port.", examples=[443])
    transport: Word[Transport] = Field(
        default=Transport.TCP, description="TCP or UDP.", examples=["tcp"]
    )
    service: Word[Service] = Field(description="What is spoken there.", examples=["https"])
    reason: Name = Field(description="What it is needed for.", examples=["pages of the operator"])


class ModbusTable(Table):
    """`[modbus]`: a Modbus server."""

    port: LastPort = Field(description="The port.", examples=[502])
    unit: int = Field(default=1, ge=1, le=247, description="The unit.", examples=[1])
    address: int = Field(
        default=0, ge=0, le=0xFFFF, description="A holding register that is read.", examples=[0]
    )


class SshTable(Table):
    """`[ssh]`: an SSH server."""

    port: LastPort = Field(description="The port.", examples=[22])
    login: Word[LoginKind] = Field(
        default=LoginKind.UNKNOWN, description="By what it knows its users.", examples=["key"]
    )
    no_login: Name | None = Field(
        default=None,
        description="Why nobody can log in there, if so.",
        examples=["key exchange only"],
    )


class ProbeDocument(Table):
    """A probe profile."""

    product: ProductTable
    agreed: AgreedTable | None = None
    pace: PaceTable = PaceTable()
    scan: ScanTable = ScanTable()
    port: list[PortTable] = Field(default_factory=list, max_length=200)
    web: WebTable | None = None
    route: list[RouteTable] = Field(default_factory=list, max_length=500)
    routes_complete: bool = Field(
        default=False, description="[[route]] names every route of the product.", examples=[True]
    )
    login: LoginTable | None = None
    first_use: FirstUseTable | None = None
    change: ChangeTable | None = None
    setting: SettingTable | None = None
    shown: ShownTable | None = None
    update: UpdateTable | None = None
    power: HandTable | None = None
    network: HandTable | None = None
    delete: DeleteTable | None = None
    modbus: ModbusTable | None = None
    ssh: SshTable | None = None
    document: list[DocumentTable] = Field(default_factory=list, max_length=200)
    report: list[ReportTable] = Field(default_factory=list, max_length=50)


FORMS = Forms(
    tables={
        "product": ProductTable,
        "agreed": AgreedTable,
        "pace": PaceTable,
        "scan": ScanTable,
        "port": PortTable,
        "web": WebTable,
        "route": RouteTable,
        "login": LoginTable,
        "first_use": FirstUseTable,
        "change": ChangeTable,
        "setting": SettingTable,
        "shown": ShownTable,
        "update": UpdateTable,
        "power": HandTable,
        "network": HandTable,
        "delete": DeleteTable,
        "modbus": ModbusTable,
        "ssh": SshTable,
        "document": DocumentTable,
        "report": ReportTable,
    },
    arrays=frozenset({"port", "route", "document", "report"}),
    known=tuple(ProbeDocument.model_fields),
    whole=Text(
        "docs/how-to/probe-a-device.md の見本から写してください。",
        "Copy it from the sample in docs/how-to/probe-a-device.md.",
    ),
)
"""How a probe profile's tables are written."""
