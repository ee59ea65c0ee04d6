"""The plant as declared, after reading: frozen values with no unknown words left.

Booleans about devices are three-valued: None means the owner has not said, and what is not said
makes an answer `undetermined`, never false.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sekisho.terms.ids import DeviceId, ExternalId, SiteId
    from sekisho.terms.quantity import KilowattHours, Kilowatts


class Area(StrEnum):
    """Area of OCCTO (広域機関), by its general transmission operator."""

    HOKKAIDO = "hokkaido"
    TOHOKU = "tohoku"
    TOKYO = "tokyo"
    CHUBU = "chubu"
    HOKURIKU = "hokuriku"
    KANSAI = "kansai"
    CHUGOKU = "chugoku"
    SHIKOKU = "shikoku"
    KYUSHU = "kyushu"
    OKINAWA = "okinawa"


class Resource(StrEnum):
    """What is connected."""

    BATTERY = "battery"
    SOLAR = "solar"
    WIND = "wind"
    FUEL_CELL = "fuel-cell"


class Voltage(StrEnum):
    """Voltage class of the connection: 低圧, 高圧, 特別高圧."""

    LOW = "low"
    HIGH = "high"
    EXTRA_HIGH = "extra-high"


class Owner(StrEnum):
    """Who buys: a private party, or a body bound by the government's procurement standards."""

    PRIVATE = "private"
    GOVERNMENT = "government"


class Work(StrEnum):
    """A new connection, or the renewal of equipment at an existing plant."""

    NEW = "new"
    REPLACEMENT = "replacement"


class WorksClass(StrEnum):
    """Class of electrical works: 事業用電気工作物 or 一般用電気工作物."""

    BUSINESS = "business"
    GENERAL = "general"


class Programme(StrEnum):
    """Programmes that a site may join; a closed set."""

    LONG_TERM_AUCTION_2026 = "long-term-auction-2026"
    SII_STORAGE_R7 = "sii-storage-r7"
    SII_STORAGE_R7_SUPPLEMENT = "sii-storage-r7-supplement"
    DR_VPP_SUBSIDY = "dr-vpp-subsidy"
    STORAGE_PARITY_2026 = "storage-parity-2026"
    AGGREGATION = "aggregation"
    GOVERNMENT_PROCUREMENT = "government-procurement"
    BALANCING_PRIMARY = "balancing-primary"


class Role(StrEnum):
    """What a device does in the control system."""

    PCS = "pcs"
    BMS = "bms"
    LOCAL_EMS = "local-ems"
    UPPER_EMS = "upper-ems"
    GATEWAY = "gateway"
    PROTOCOL_CONVERTER = "protocol-converter"
    OUTPUT_CONTROL_UNIT = "output-control-unit"
    REMOTE_MONITOR = "remote-monitor"
    ROUTER = "router"
    FIREWALL = "firewall"
    METER = "meter"
    CAMERA = "camera"
    CELL_PACK = "cell-pack"


class ExternalKind(StrEnum):
    """What the site talks to."""

    AGGREGATOR = "aggregator"
    TSO = "tso"
    MAKER_CLOUD = "maker-cloud"
    REMOTE_MAINTENANCE = "remote-maintenance"
    INTERNET = "internet"


class Medium(StrEnum):
    """What a link runs on."""

    IP = "ip"
    SERIAL = "serial"
    CAN = "can"


class Route(StrEnum):
    """Which way a link takes."""

    LOCAL = "local"
    INTERNET = "internet"
    VPN = "vpn"
    DEDICATED_LINE = "dedicated-line"


class PcsClass(StrEnum):
    """Class of a PCS where it differs from the connection's: a low-voltage type (低圧用)."""

    LV = "lv"


class Place(StrEnum):
    """Where a function runs: on a box at the site, or in somebody's cloud."""

    SITE = "site"
    CLOUD = "cloud"


class Milestone(StrEnum):
    """The dates of `[dates]`, in the order in which a project usually meets them."""

    STUDY_APPLICATION = "study_application"
    AUCTION_REGISTRATION = "auction_registration"
    SUBSIDY_APPLICATION = "subsidy_application"
    CONTRACT_APPLICATION = "contract_application"
    PROCUREMENT = "procurement"
    EQUIPMENT_ORDER = "equipment_order"
    CONTROL_RENEWAL = "control_renewal"
    COMMISSIONING = "commissioning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What is stated about which product a device is; None where the owner has not said."""

    maker: str | None = None
    product: str | None = None
    model: str | None = None
    """Model number (型番) as on the nameplate."""
    version: str | None = None
    """Firmware version."""
    label: str | None = None
    """JC-STAR registration number (登録番号), once the maker has given it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One box or software unit in the control system."""

    id: DeviceId
    role: Role
    identity: Identity
    speaks_ip: bool | None = None
    controls: bool | None = None
    """Whether it has a control function."""
    introduced: date | None = None
    """Day on which it is newly taken under an aggregator's control (ERAB)."""
    bought: date | None = None
    pcs_class: PcsClass | None = None
    place: Place = Place.SITE
    jet: str | None = None
    """A JET certificate, shown and never counted as a label."""
    contains: tuple[str, ...] = ()
    """Labelled parts inside; a labelled part does not label the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """Something outside the site that the site talks to."""

    id: ExternalId
    kind: ExternalKind
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A connection between two ends, each the id of a device or of an external."""

    between: tuple[str, str]
    medium: Medium
    route: Route = Route.LOCAL
    protocol: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A document that shows a duty fulfilled."""

    date: date
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One point of connection and all behind it."""

    id: SiteId
    name: str
    area: Area
    resource: Resource
    voltage: Voltage
    rated_kw: Kilowatts
    rated_kwh: KilowattHours | None
    owner: Owner
    work: Work
    works_class: WorksClass
    self_consumption: bool | None
    dates: Mapping[Milestone, date]
    joins: frozenset[Programme]
    attestations: Mapping[str, Attestation]
    externals: tuple[External, ...]
    devices: tuple[Device, ...]
    links: tuple[Link, ...]
