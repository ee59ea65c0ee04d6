"""A probe profile as people write it: what a product declares of itself, and what its owner agreed to.

Bounds of single values are here; what must fit together is asked in `plan_check`. Secrets are never in
the file: it names a file of its owner alone, or a variable of the environment.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from sekisho.evidence.observation_words import (
    Demanded,
    DocumentKind,
    Kept,
    LoginKind,
    RouteContent,
    Says,
    ShownIn,
    Transport,
    UpdatePackage,
)
from sekisho.site.document import Name, Plain, Table, Word
from sekisho.site.forms import Forms
from sekisho.terms.texts import Text

MOST_TRIES = 100
"""Passwords that one visit may try; a real list is longer, a device's owner should not be surprised."""
MOST_PORTS = 65_535
LastPort = Annotated[int, Field(ge=1, le=MOST_PORTS)]
WebPath = Annotated[str, Field(max_length=500, pattern=r"^/[!-~]*$")]
FileName = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f]+$")]
Sentence = Annotated[str, Field(max_length=2000)]
Status = Annotated[int, Field(ge=100, le=599)]
Ports = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$")]


class Act(StrEnum):
    """Something that changes the device, so that its owner must have agreed to it by name."""

    SET_UP = "set-up"
    """First use: passwords are offered, and one is set."""
    GUESS = "guess"
    """Wrong passwords, at most as many as agreed."""
    CHANGE = "change"
    """The password is changed to another one that the profile names."""
    SETTING = "setting"
    """One setting is given a value that is looked for later."""
    UPDATE = "update"
    POWER_CYCLE = "power-cycle"
    NETWORK_CUT = "network-cut"
    DELETE = "delete"
    MODBUS_WRITE = "modbus-write"
    """One register is written with the value that it holds."""


class Service(StrEnum):
    """What is spoken on a port."""

    HTTPS = "https"
    HTTP = "http"
    SSH = "ssh"
    MODBUS = "modbus"
    MQTT = "mqtt"
    MQTTS = "mqtts"
    TLS = "tls"
    """Something else inside TLS."""
    OTHER = "other"


class Body(StrEnum):
    """How fields are sent."""

    FORM = "form"
    JSON = "json"
    FILE = "file"
    """As multipart, with one file."""


class ReportForm(StrEnum):
    """An output of another program."""

    NMAP = "nmap-xml"
    SSLYZE = "sslyze-json"
    TESTSSL = "testssl-json"
    CYCLONEDX = "cyclonedx"
    VEX = "cyclonedx-vex"
    OPENVEX = "openvex"


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


class WebTable(Table):
    """`[web]`: the pages that users log in to."""

    port: LastPort = Field(description="The port, with TLS.", examples=[443])
    server_name: Name | None = Field(
        default=None,
        description="Name in the certificate; else the address.",
        examples=["kd-100.local"],
    )
    authority: FileName | None = Field(
        default=None,
        description="File with the certificate that must have signed the device's; without it the "
        "certificate is recorded and not verified, and no secret is sent but those of this profile.",
        examples=["ca.pem"],
    )


class RouteTable(Table):
    """One entry of `[[route]]`: a way into the product over HTTP."""

    method: Annotated[str, Field(pattern=r"^(GET|HEAD|OPTIONS)$")] = Field(
        default="GET", description="Only methods that change nothing.", examples=["GET"]
    )
    path: WebPath = Field(description="The path.", examples=["/settings"])
    content: Word[RouteContent] = Field(description="What is behind it.", examples=["settings"])
    open: Name | None = Field(
        default=None, description="Why it needs no login, where it needs none.", examples=["help"]
    )


class SecretTable(Table):
    """Where a secret is: a file that its owner alone can read, or a variable of the environment."""

    file: FileName | None = Field(default=None, description="A file.", examples=["password.txt"])
    env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")] | None = Field(
        default=None, description="A variable.", examples=["DEVICE_PASSWORD"]
    )


class StepTable(Table):
    """One request: `$user $password $new $code $marker $token` in a field stand for their values."""

    path: WebPath = Field(description="Where it is sent.", examples=["/login"])
    method: Annotated[str, Field(pattern=r"^(POST|PUT|PATCH|DELETE)$")] = Field(
        default="POST", description="How.", examples=["POST"]
    )
    body: Word[Body] = Field(default=Body.FORM, description="As what.", examples=["form"])
    fields: dict[Plain, Annotated[str, Field(max_length=500)]] = Field(
        default_factory=dict,
        max_length=20,
        description="The fields.",
        examples=[{"user": "$user", "password": "$password"}],
    )
    file_field: Plain | None = Field(
        default=None, description="Of a file: the name of its field.", examples=["file"]
    )
    page: WebPath | None = Field(
        default=None,
        description="A page that is opened first, and whose hidden field is $token.",
        examples=["/login"],
    )
    token: Plain | None = Field(
        default=None, description="The name of that hidden field.", examples=["csrf"]
    )
    done: Word[tuple[Status, ...]] = Field(
        default=(200, 204, 303),
        min_length=1,
        max_length=10,
        description="Statuses that say: done. Every other one says: refused.",
        examples=[[303]],
    )
    leads_to: WebPath | None = Field(
        default=None,
        description="Where it must send its caller to, if it is done; for products that redirect either way.",
        examples=["/status"],
    )


class LoginTable(Table):
    """`[login]`: how a user logs in."""

    function: Plain = Field(default="web", description="A name for it.", examples=["web"])
    user: Name = Field(description="Whose login is used.", examples=["admin"])
    password: SecretTable = Field(
        description="The password; the one to set, where first use sets it."
    )
    step: StepTable = Field(description="The request that logs in.")
    locked: Word[tuple[Status, ...]] = Field(
        default=(429, 423),
        max_length=10,
        description="Statuses that say: no more words are taken for now.",
        examples=[[429]],
    )
    inside: WebPath = Field(
        description="A page that only a user sees, with status 200.", examples=["/status"]
    )


class FirstUseTable(Table):
    """`[first_use]`: what a new device asks for."""

    demands: Word[Demanded] = Field(description="What it asks for.", examples=["both"])
    code: SecretTable | None = Field(default=None, description="The secret of this one device.")
    step: StepTable = Field(description="The request that sets it up.")


class ChangeTable(Table):
    """`[change]`: how a user changes the password."""

    new: SecretTable = Field(description="The password to change to; it is in force afterwards.")
    step: StepTable = Field(description="The request.")


class SettingTable(Table):
    """`[setting]`: one setting that is given a value and looked for after power loss and deletion."""

    kept: Word[Kept] = Field(
        default=Kept.SETTING, description="Of what kind.", examples=["setting"]
    )
    name: Name = Field(description="Its name.", examples=["site name"])
    shown_at: WebPath = Field(description="The page that shows it.", examples=["/settings"])
    step: StepTable = Field(description="The request that sets it to $marker.")


class ShownTable(Table):
    """`[shown]`: where the model and the version are shown."""

    where: Word[ShownIn] = Field(
        default=ShownIn.USER_INTERFACE, description="To whom.", examples=["user-interface"]
    )
    path: WebPath = Field(description="The page.", examples=["/about"])
    model_after: Name = Field(description="The word before the model.", examples=["Model"])
    version_after: Name = Field(description="The word before the version.", examples=["Version"])
    nothing: Name | None = Field(
        default=None,
        description="What stands there where the product shows none.",
        examples=["not stated"],
    )


class PackageTable(Table):
    """One entry of `[[update.package]]`: a file that is offered."""

    package: Word[UpdatePackage] = Field(
        description="What is wrong with it.", examples=["unsigned"]
    )
    file: FileName = Field(description="The file.", examples=["unsigned.bin"])
    version: Name = Field(description="The version that it states.", examples=["2.0.0"])


class HandTable(Table):
    """Something that is done outside the network: by a program, or by the person who is asked."""

    command: Word[tuple[Annotated[str, Field(max_length=1000)], ...]] = Field(
        default=(),
        max_length=20,
        description="A program and its arguments; no shell reads them.",
        examples=[["./relay", "off-on"]],
    )
    prompt: Name | None = Field(
        default=None,
        description="What a person is asked to do.",
        examples=["Pull the plug for 10 s."],
    )
    only_restart: bool = Field(
        default=False,
        description="It orders a restart, and cuts nothing: it is told as that.",
        examples=[True],
    )
    back_s: float = Field(
        default=60,
        gt=0,
        le=900,
        allow_inf_nan=False,
        description="How long the device may take to come back.",
        examples=[60],
    )


class UpdateTable(Table):
    """`[update]`: how the product is updated."""

    component: Name = Field(
        default="firmware", description="What is updated.", examples=["firmware"]
    )
    step: StepTable = Field(description="The request that takes the file.")
    settle_s: float = Field(
        default=0,
        ge=0,
        le=900,
        allow_inf_nan=False,
        description="How long it may take until the version shown is the new one.",
        examples=[60],
    )
    installs: HandTable | None = Field(
        default=None,
        description="What installs it, where the request only hands the file over; a program ends with 0 "
        "where it did and 1 where it refused.",
    )
    package: Word[tuple[PackageTable, ...]] = Field(
        min_length=1,
        max_length=10,
        description="The files, in the order in which they are offered.",
    )


class DeleteTable(Table):
    """`[delete]`: how a user deletes what the product keeps."""

    step: StepTable | None = Field(default=None, description="A request.")
    by_hand: HandTable | None = Field(default=None, description="Or outside the network.")
    back_s: float = Field(
        default=60, gt=0, le=900, allow_inf_nan=False,
        description="How long the device may take to come back.", examples=[60],
    )  # fmt: skip


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


class StateTable(Table):
    """One entry of `[[document.states]]`: what a document says of one evaluation item."""

    item: Name = Field(description="The evaluation item.", examples=["S1.1-05/1"])
    says: Word[Says] = Field(description="What it says.", examples=["fulfilled"])
    place: Name = Field(description="Page or section.", examples=["section 2"])
    words: Sentence = Field(default="", description="Its words.", examples=["security@example.com"])


class DocumentTable(Table):
    """One entry of `[[document]]`: a document of the maker, beside the profile."""

    kind: Word[DocumentKind] = Field(description="What it is for.", examples=["disclosure-policy"])
    file: FileName = Field(description="The file.", examples=["documents/disclosure.md"])
    dated: date | None = Field(
        default=None, description="The day that it bears.", examples=[date(2026, 10, 1)]
    )
    attested_by: Name = Field(
        description="Who says that it says so.", examples=["maker, quality office"]
    )
    states: Word[tuple[StateTable, ...]] = Field(
        default=(), max_length=100, description="What it says."
    )


class ReportTable(Table):
    """One entry of `[[report]]`: what another program found."""

    form: Word[ReportForm] = Field(
        description="Which program's output it is.", examples=["nmap-xml"]
    )
    file: FileName = Field(description="The file.", examples=["reports/nmap.xml"])


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
