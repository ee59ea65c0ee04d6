"""What other tools reported and what documents state."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sekisho.evidence.observation_words import (
    Count,
    Digest,
    DocumentKind,
    Exploitability,
    Function,
    Long,
    ObservationKind,
    Port,
    Says,
    ScanOf,
    Severity,
    Short,
    Transport,
    WhyNot,
)
from sekisho.terms.quantity import WallMs


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFinding:
    """One finding as a tool reports it."""

    id: Short
    """The tool's own id, or a CVE number."""
    severity: Severity
    port: Port | None
    exploitable: bool | None
    """The tool says that an attack can use it; None: it does not say."""
    text: Long


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReport:
    """The report of another tool; its bytes are the record's transcript."""

    kind: Literal["scan-report"] = "scan-report"
    tool: Short
    tool_version: Short
    scan_of: ScanOf
    made: WallMs
    """When the tool ran, as its report says."""
    database: date | None
    """Day of the vulnerability data that it used; None: the report does not say."""
    complete: bool
    """The report says that the scan ran to its end."""
    findings: tuple[ScanFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One software component of the product."""

    name: Short
    version: Short
    purl: Short
    """Package URL; empty where none is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """A bill of materials (SBOM)."""

    kind: Literal["components"] = "components"
    form: Short
    """`CycloneDX 1.6`."""
    made: WallMs
    product: Short
    version: Short
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVulnerability:
    """A known vulnerability of a component, and what is said of it in this product."""

    id: Short
    component: Short
    state: Exploitability
    why: Long
    """Justification of the state, as its author gives it; empty where none."""


CYCLONEDX_VEX, OPENVEX = "CycloneDX VEX", "OpenVEX"
STATED: Final = frozenset({CYCLONEDX_VEX, OPENVEX})
"""Sources that hold what somebody states of vulnerabilities, and not what a look-up gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vulnerabilities:
    """What a vulnerability database and the maker's VEX say of the components."""

    kind: Literal["vulnerabilities"] = "vulnerabilities"
    source: Short
    """`OSV`, `CycloneDX VEX`."""
    database: date
    """Day of the data; how old it is decides what "none known" is worth."""
    checked: Count
    """How many components were looked up."""
    unreadable: Count
    """Components whose version could not be compared."""
    known: tuple[KnownVulnerability, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a document states of one evaluation item."""

    item: Short
    """Evaluation item, `S1.1-05/1`."""
    says: Says
    place: Short
    """Page or section."""
    words: Long
    """In the document's words, or shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSeen:
    """A document, and what whoever submits it says that it states (an attestation)."""

    kind: Literal["document-seen"] = "document-seen"
    document: DocumentKind
    file: Short
    """Name without a folder."""
    sha256: Digest | None
    """Of the file's bytes; None: the file was not there, and nothing it states counts."""
    dated: date | None
    """The day that the document bears; None: it bears none, and nothing it states counts."""
    attested_by: Short
    """Who says so; empty where nobody is named."""
    states: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredPort:
    """One port that the maker declares open, and what for."""

    transport: Transport
    port: Port
    service: Short
    reason: Long
    """Why it is needed; empty where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortTable:
    """The ports that the maker declares; every other open one is unexpected."""

    kind: Literal["port-table"] = "port-table"
    file: Short
    sha256: Digest | None
    dated: date | None
    ports: tuple[DeclaredPort, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAbsent:
    """A function was looked for and is not there."""

    kind: Literal["function-absent"] = "function-absent"
    function: Function
    seen: Long
    """What was looked at: `ports 1-65535: none answers`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """An observation that was not made."""

    kind: Literal["not-done"] = "not-done"
    what: ObservationKind
    why: WhyNot
    detail: Long = ""
    """What would be needed, or the error's words."""
