"""What was seen of one device: a closed union of observations, each recorded with when and how.

An observation states what was seen and judges nothing. Absence is an observation of its own
(`FunctionAbsent`), and so is what was not done (`NotDone`): a record that is missing says nothing.
"""

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field

from sekisho.evidence.observation_function import (
    CredentialChanged,
    DefaultCredentials,
    Deletion,
    FirstUse,
    Guessing,
    PowerCycle,
    ProductShown,
    UpdateOffered,
)
from sekisho.evidence.observation_network import (
    LoginFunctions,
    OpenModbus,
    OpenPorts,
    PlaintextService,
    Routes,
    SshOffer,
    TlsOffer,
)
from sekisho.evidence.observation_paper import (
    Components,
    DocumentSeen,
    FunctionAbsent,
    NotDone,
    PortTable,
    ScanReport,
    Vulnerabilities,
)
from sekisho.evidence.observation_words import Digest, Short
from sekisho.terms.quantity import WallMs

Observation: TypeAlias = (
    OpenPorts
    | TlsOffer
    | PlaintextService
    | Routes
    | LoginFunctions
    | DefaultCredentials
    | Guessing
    | CredentialChanged
    | FirstUse
    | ProductShown
    | UpdateOffered
    | PowerCycle
    | Deletion
    | OpenModbus
    | SshOffer
    | ScanReport
    | Components
    | Vulnerabilities
    | DocumentSeen
    | PortTable
    | FunctionAbsent
    | NotDone
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One observation with who, when and how."""

    at: WallMs
    """When it was seen."""
    program: Short
    """What saw it, with its version: `sekisho 0.1.0`."""
    method: Short
    """How: `tcp-connect`, `tls-handshake`, `ssh-audit 3.3.0`, `read by a person`."""
    target: Short
    """Address or name of the device."""
    transcript: Digest | None
    """SHA-256 of bytes kept in the bundle: what was sent and received; None where there are none."""
    observed: Annotated[Observation, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that one visit to one device gave."""

    target: Short
    profile: Short
    """Name of the profile that the device was asked by; empty where none."""
    program: Short
    began: WallMs
    ended: WallMs
    records: tuple[Record, ...]
