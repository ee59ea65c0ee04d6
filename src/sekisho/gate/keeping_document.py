"""What the commands that keep a gate's keys and state print as JSON."""

from __future__ import annotations

from typing_extensions import TypedDict


class SealedDoc(TypedDict):
    """`gate seal`."""

    sealed: list[str]
    """Files that were sealed now."""
    device_key: str
    """Where the device key stands."""


class CertifiedDoc(TypedDict):
    """`trust certify`."""

    certificate: str
    serial: str
    """In hex."""
    name: str
    not_after: str
    """RFC 3339."""


class RevokedDoc(TypedDict):
    """`trust revoke`; null where the list was only made anew."""

    list: str
    serial: str | None
    name: str | None
    nats_user: str | None
    """What to remove from the users of a NATS server."""


class EnrolledDoc(TypedDict):
    """`gate enrol`."""

    certificate: str
    """The file of the state folder that holds it."""
    in_force: bool
    """False: a running gate tries it first, and keeps the present one until it has connected."""
    serial: str
    not_after: str


class RequestedDoc(TypedDict):
    """`gate request`."""

    request: str
    fresh: bool
    """False: the request that waits for the operator's answer stood there already."""


class WipedDoc(TypedDict):
    """`gate wipe`."""

    record: str
    signed: bool
    removed: int
    """Files."""
    resumed: bool
    """It went on with a wipe that was cut off."""
    credential_left: bool
    """The device key is a systemd credential, which only the operator can destroy."""
    searched_files: int
    searched_bytes: int
    unread: int
    search_whole: bool
    found: list[str]
    """Other files in which a removed secret stands."""


class BackupDoc(TypedDict):
    """`gate backup`."""

    backup: str
    site: str
    kid: str
    at: str
    with_keys: bool
    files: list[str]
    entries: int | None
    """Length of the journal, which itself is not in it; null where the gate never ran."""


class RestoredDoc(TypedDict):
    """`gate restore`."""

    state: str
    kid: str
    new_keys: bool
    """The backup held none: a certificate must be asked for, and gate.pub be handed out."""
    at: str
    """When the backup was made."""
    trust_version: int | None
    bounds_version: int | None
