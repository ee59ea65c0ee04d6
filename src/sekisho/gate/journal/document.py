"""What `sekisho journal verify` and `journal show` print with `--format json`, as published."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict


class SaysDoc(TypedDict):
    """One sentence in both languages."""

    ja: str
    en: str


class LinkDoc(TypedDict):
    """An entry does not follow from the one before, or stands in the wrong place."""

    what: Literal["broken-link", "out-of-order"]
    number: int


class MissingDoc(TypedDict):
    """Entries are missing."""

    what: Literal["missing"]
    first: int
    last: int


class CutTailDoc(TypedDict):
    """Entries at the end, which a checkpoint covers, are gone."""

    what: Literal["cut-tail"]
    last: int
    count: int
    source: str


class RechainedDoc(TypedDict):
    """The log is another one than the checkpoint speaks of."""

    what: Literal["rechained"]
    count: int
    source: str


class BadCheckpointDoc(TypedDict):
    """A checkpoint cannot be read, or its signature does not verify."""

    what: Literal["bad-checkpoint"]
    place: int
    source: str
    why: str


FindingDoc: TypeAlias = LinkDoc | MissingDoc | CutTailDoc | RechainedDoc | BadCheckpointDoc


class VerifiedDoc(TypedDict):
    """The outcome of `journal verify`."""

    file: str
    verdict: Literal["verified", "tampered", "undetermined"]
    first: int
    """Number of the first entry that was looked at; one more than `last` where there is none."""
    last: int
    head: str
    """Digest of the last entry, hexadecimal."""
    signed_to: int | None
    """Up to which entry the gate's own checkpoints reach; null without its key."""
    witnessed_to: int | None
    """Up to which entry a witness's checkpoints reach; null without a witness."""
    findings: list[FindingDoc]
    findings_unsaid: int
    """Findings beyond those that are told one by one."""
    remarks: list[SaysDoc]


class EntryDoc(TypedDict):
    """An entry of a kind that this version knows."""

    kind: str
    wall: int
    """Milliseconds since 1970 by the wall clock."""
    boot: int
    """Milliseconds of CLOCK_BOOTTIME."""
    behind: bool
    """It was done first and written after, because it only lowered risk."""
    body: dict[str, Any]


class ShownEntryDoc(TypedDict):
    """One row of the journal."""

    n: int
    digest: str
    at: NotRequired[str]
    """Japan time, for people."""
    says: NotRequired[SaysDoc]
    entry: EntryDoc | dict[str, Any] | None
    """As it is chained, where this version does not know its kind; null where it cannot be read."""


class ShownDoc(TypedDict):
    """What `journal show` prints."""

    wanted: int
    """How many there are; more than are shown where only the last ones are."""
    entries: list[ShownEntryDoc]
