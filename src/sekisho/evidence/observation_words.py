"""The closed sets of words that observations are written in, and the bounds of their texts."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

MOST_SHORT = 200
MOST_LONG = 2_000
MOST_LISTED = 4_096
"""Members of one list."""

Short: TypeAlias = Annotated[str, StringConstraints(max_length=MOST_SHORT)]
"""A name, a version, an address: one line."""
Long: TypeAlias = Annotated[str, StringConstraints(max_length=MOST_LONG)]
"""A banner, a sentence, a finding as its tool words it."""
Digest: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 as 64 lower-case hexadecimal digits."""
Port: TypeAlias = Annotated[int, Field(ge=0, le=65_535)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=10_000_000)]


def shown(text: str, most: int = MOST_SHORT) -> str:
    """What a device said, fit for an observation: control characters become U+FFFD, the rest is cut."""
    cut = text[:most]
    return "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in cut)


class ObservationKind(StrEnum):
    """What can be observed; `kind` of each observation."""

    OPEN_PORTS = "open-ports"
    TLS_OFFER = "tls-offer"
    PLAINTEXT_SERVICE = "plaintext-service"
    ROUTES = "routes"
    LOGIN_FUNCTIONS = "login-functions"
    DEFAULT_CREDENTIALS = "default-credentials"
    GUESSING = "guessing"
    CREDENTIAL_CHANGED = "credential-changed"
    FIRST_USE = "first-use"
    PRODUCT_SHOWN = "product-shown"
    UPDATE_OFFERED = "update-offered"
    POWER_CYCLE = "power-cycle"
    DELETION = "deletion"
    OPEN_MODBUS = "open-modbus"
    SSH_OFFER = "ssh-offer"
    SCAN_REPORT = "scan-report"
    COMPONENTS = "components"
    VULNERABILITIES = "vulnerabilities"
    DOCUMENT_SEEN = "document-seen"
    PORT_TABLE = "port-table"
    FUNCTION_ABSENT = "function-absent"
    NOT_DONE = "not-done"


class Transport(StrEnum):
    """The transport of a port."""

    TCP = "tcp"
    UDP = "udp"


class TlsVersion(StrEnum):
    """A version of SSL or TLS."""

    SSL_2 = "ssl-2"
    SSL_3 = "ssl-3"
    TLS_1_0 = "tls-1.0"
    TLS_1_1 = "tls-1.1"
    TLS_1_2 = "tls-1.2"
    TLS_1_3 = "tls-1.3"


class Plaintext(StrEnum):
    """What an unencrypted service was seen to do."""

    REDIRECTS = "redirects"
    """It only sends its caller to an encrypted one."""
    SERVES = "serves"
    """It gives or takes content."""
    LOGS_IN = "logs-in"
    """It takes credentials."""
    UNKNOWN = "unknown"


class RouteContent(StrEnum):
    """What stands behind a route that answers."""

    LOGIN = "login"
    """The way to log in itself, or what it needs to be shown."""
    STATIC = "static"
    """Style sheets, scripts, help: the same for everyone and nothing of this device."""
    INFORMATION = "information"
    """Data of this device or of people."""
    SETTINGS = "settings"
    CONTROL = "control"
    UNKNOWN = "unknown"


class LoginKind(StrEnum):
    """By what a login function knows its user."""

    PASSWORD = "password"  # noqa: S105 - a word of the format
    TOKEN = "token"  # noqa: S105 - a word of the format
    KEY = "key"
    CERTIFICATE = "certificate"
    UNKNOWN = "unknown"


class Demanded(StrEnum):
    """What a device asked for before its first use."""

    OWN_SECRET = "own-secret"  # noqa: S105 - a word of the format
    """That the user sets a secret."""
    DEVICE_SECRET = "device-secret"  # noqa: S105 - a word of the format
    """A secret that came with this one device."""
    BOTH = "both"
    """The secret that came with this one device, and then one that the user sets."""
    COMMON_SECRET = "common-secret"  # noqa: S105 - a word of the format
    """A secret that stands in a public manual or list."""
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class ShownIn(StrEnum):
    """Where a model or version is shown."""

    BODY = "body"
    """On the device's body (seen by a person, or in a picture)."""
    USER_INTERFACE = "user-interface"
    """A page or screen of the product or of its app."""
    PROTOCOL = "protocol"
    """Only machine to machine: SunSpec, function 43/14, a header."""


class UpdatePackage(StrEnum):
    """The package that a device was offered."""

    GENUINE = "genuine"
    CHANGED = "changed"
    """A genuine one with changed bytes."""
    UNSIGNED = "unsigned"
    OLDER = "older"
    """A genuine one of an earlier version."""
    EXPIRED = "expired"
    """A genuine one whose metadata has expired."""


class UpdateAnswer(StrEnum):
    """What a device did with a package."""

    INSTALLED = "installed"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"


class Cut(StrEnum):
    """What was cut."""

    POWER = "power"
    NETWORK = "network"
    RESTART = "restart"
    """Only an ordered restart: no loss of power."""


class Kept(StrEnum):
    """What kind of thing a device keeps."""

    CREDENTIAL = "credential"
    KEY = "key"
    SETTING = "setting"
    VERSION = "version"
    PERSONAL = "personal"
    """Personal or otherwise confidential data."""
    RECORD = "record"
    """Telemetry and logs."""


class Tried(StrEnum):
    """What came of something that may change a device."""

    NOT_TRIED = "not-tried"
    REFUSED = "refused"
    ACCEPTED = "accepted"


class Severity(StrEnum):
    """How grave a tool calls its finding."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class ScanOf(StrEnum):
    """What a report of another tool is about."""

    PORTS = "ports"
    TLS = "tls"
    SSH = "ssh"
    VULNERABILITIES = "vulnerabilities"


class Exploitability(StrEnum):
    """What is known of a vulnerability in this product (the states of VEX, and none)."""

    NOT_AFFECTED = "not-affected"
    FIXED = "fixed"
    AFFECTED = "affected"
    UNDER_INVESTIGATION = "under-investigation"
    UNASSESSED = "unassessed"
    """A database lists it for a component, and nobody has said more."""


class DocumentKind(StrEnum):
    """What a document is for."""

    TECHNICAL = "technical"
    """Design or technical documents of the maker: routes, authentication, storage, transmission."""
    USER_MANUAL = "user-manual"
    DISCLOSURE_POLICY = "disclosure-policy"
    UPDATE_POLICY = "update-policy"
    """How security updates are prioritised and delivered."""
    SUPPORT_NOTICE = "support-notice"
    """The security support period and what users are told."""
    PORT_TABLE = "port-table"
    TEST_REPORT = "test-report"
    NAMEPLATE = "nameplate"
    """A drawing or picture of what stands on the body."""
    ATTESTATION = "attestation"
    """A signed declaration that points to other documents."""


class Says(StrEnum):
    """What a document states of one evaluation item."""

    FULFILLED = "fulfilled"
    NOT_FULFILLED = "not-fulfilled"
    ABSENT = "absent"
    """The product has no such function."""


class Function(StrEnum):
    """A function whose absence takes an evaluation item out of the question."""

    IP_ACCESS = "ip-access"
    NETWORK_LOGIN = "network-login"
    """Authentication of users over the network."""
    NETWORK_PASSWORD = "network-password"  # noqa: S105 - a word of the format
    """Passwords that are used over the network."""
    PRESET_PASSWORD = "preset-password"  # noqa: S105 - a word of the format
    """Passwords that are set when the product is delivered."""
    STORED_ASSETS = "stored-assets"
    TRANSMITTED_ASSETS = "transmitted-assets"
    UPDATABLE_SOFTWARE = "updatable-software"
    """Software that can be changed at all."""
    BLUETOOTH = "bluetooth"
    USB = "usb"


class WhyNot(StrEnum):
    """Why something was not done."""

    DRY_RUN = "dry-run"
    NOT_ALLOWED = "not-allowed"
    """The address, or what would change the device, was not allowed by name."""
    BUDGET_SPENT = "budget-spent"
    FUNCTION_ABSENT = "function-absent"
    """There was nothing to ask; a `function-absent` observation may say what was seen."""
    NO_ANSWER = "no-answer"
    TOOL_MISSING = "tool-missing"
    NOT_IN_PROFILE = "not-in-profile"
    """The profile does not say how to ask this device."""
    FAILED = "failed"
