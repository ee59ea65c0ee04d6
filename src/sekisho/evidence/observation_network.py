"""What was seen on the network side of a device."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sekisho.evidence.observation_words import (
    Count,
    Digest,
    LoginKind,
    Long,
    Plaintext,
    Port,
    RouteContent,
    Severity,
    Short,
    TlsVersion,
    Transport,
    Tried,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPorts:
    """A range of ports that was asked for, both ends included."""

    transport: Transport
    first: Port
    last: Port


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPort:
    """One port that answered."""

    transport: Transport
    port: Port
    service: Short
    """What it speaks, as it was recognised: `https`, `ssh`, `modbus`; empty where it was not."""
    detail: Long = ""
    """Product, version or banner as the service gave it."""
    certain: bool = True
    """False for a UDP port that may only be filtered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPorts:
    """The ports that answered, of those that were asked."""

    kind: Literal["open-ports"] = "open-ports"
    asked: tuple[AskedPorts, ...]
    complete: bool
    """Every asked port gave an answer that says open or closed; False: some did not, or were left."""
    ports: tuple[SeenPort, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Facts of a server's certificate."""

    subject: Short
    issuer: Short
    first_day: date
    last_day: date
    key: Short
    """Kind and size: `EC secp256r1`, `RSA 2048`."""
    signature: Short
    """Signature algorithm: `ecdsa-with-SHA256`."""
    self_signed: bool
    sha256: Digest
    """Of the certificate in DER."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsOffer:
    """Which TLS versions and cipher suites a port accepted and refused; what is in neither was not asked."""

    kind: Literal["tls-offer"] = "tls-offer"
    port: Port
    accepted_versions: tuple[TlsVersion, ...]
    refused_versions: tuple[TlsVersion, ...]
    accepted_suites: tuple[Short, ...]
    """IANA names, `TLS_AES_128_GCM_SHA256`."""
    refused_suites: tuple[Short, ...]
    certificate: Certificate | None
    client_certificate_asked: bool = False
    """The server asked its caller for a certificate (mutual TLS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaintextService:
    """A service that speaks without encryption."""

    kind: Literal["plaintext-service"] = "plaintext-service"
    transport: Transport
    port: Port
    service: Short
    """`http`, `telnet`, `ftp`, `mqtt`, `modbus`, `snmp`."""
    does: Plaintext


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way into a service and how it answers a caller without credentials."""

    method: Short
    path: Short
    answer: Count
    """HTTP status; 0 where the connection was closed or nothing came."""
    needs_authentication: bool | None
    """None: the answer does not tell."""
    content: RouteContent = RouteContent.UNKNOWN
    note: Long = ""
    """Why a route is open, where the profile states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The routes of one service, asked without credentials."""

    kind: Literal["routes"] = "routes"
    port: Port
    service: Short
    routes: tuple[Route, ...]
    complete: bool
    """The list is every route that the product's own description names; False: those that were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFunction:
    """One function that authenticates users over the network."""

    name: Short
    """Stable within the bundle: `web`, `api`, `ssh`, `wifi-ap`."""
    port: Port
    login: LoginKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFunctions:
    """Every function seen that authenticates users over the network; others refer to these names."""

    kind: Literal["login-functions"] = "login-functions"
    functions: tuple[LoginFunction, ...]
    complete: bool
    """All open services were looked at for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenModbus:
    """What a Modbus server does for a caller without authentication."""

    kind: Literal["open-modbus"] = "open-modbus"
    port: Port
    unit: Count
    read: bool
    """It answered a read with values."""
    write: Tried
    """Tried only where it was allowed by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshFinding:
    """One finding of ssh-audit."""

    severity: Severity
    algorithm: Short
    note: Long


@dataclass(frozen=True, slots=True, kw_only=True)
class SshOffer:
    """What an SSH server offers."""

    kind: Literal["ssh-offer"] = "ssh-offer"
    port: Port
    banner: Long
    key_exchanges: tuple[Short, ...]
    host_keys: tuple[Short, ...]
    ciphers: tuple[Short, ...]
    macs: tuple[Short, ...]
    audited: bool
    """ssh-audit ran; False: only the banner and the lists were read."""
    findings: tuple[SshFinding, ...]
