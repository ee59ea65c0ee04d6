"""Advisories of known vulnerabilities in the OSV form (OSV schema 1.x), read strictly.

The form is open: members that are not read here may stand in it. What is read must have the type that
the schema gives it, no key may stand twice, and times are RFC 3339. An advisory that cannot be read is a
`Malformed`: the caller counts it, so that it is never taken for "does not concern us".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from sekisho.codec.strict_json import Flaw, Malformed, parse_foreign
from sekisho.gate.inventory import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

ECOSYSTEM: Final = "PyPI"
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of one advisory; the largest published ones list a few thousand versions."""
_MOST_ITEMS = 50_000

_Short = Annotated[str, Field(min_length=1, max_length=300)]


class RangeKind(StrEnum):
    """How a range's versions are compared."""

    ECOSYSTEM = "ECOSYSTEM"
    SEMVER = "SEMVER"
    GIT = "GIT"


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Event(_Part):
    introduced: _Short | None = None
    fixed: _Short | None = None
    last_affected: _Short | None = None
    limit: _Short | None = None


class _Range(_Part):
    type: RangeKind
    events: Annotated[list[_Event], Field(min_length=1, max_length=_MOST_ITEMS)]


class _Package(_Part):
    ecosystem: _Short
    name: _Short


class _Affected(_Part):
    package: _Package | None = None
    ranges: Annotated[list[_Range], Field(max_length=_MOST_ITEMS)] = []
    versions: Annotated[list[_Short], Field(max_length=_MOST_ITEMS)] = []


class _Document(_Part):
    id: _Short
    modified: AwareDatetime
    withdrawn: AwareDatetime | None = None
    aliases: Annotated[list[_Short], Field(max_length=1_000)] = []
    summary: Annotated[str, Field(max_length=100_000)] = ""
    affected: Annotated[list[_Affected], Field(max_length=_MOST_ITEMS)] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A point of a range: from here on affected, or no more."""

    kind: Literal["introduced", "fixed", "last_affected", "limit"]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """What an advisory says of one package of our ecosystem."""

    package: str
    """Normalised."""
    ranges: tuple[tuple[Event, ...], ...]
    """Of versions that can be compared."""
    commits: bool
    """Whether ranges of commits stand beside, which a version cannot be compared with."""
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One advisory."""

    id: str
    modified: datetime
    withdrawn: bool
    aliases: tuple[str, ...]
    summary: str
    affected: tuple[Affected, ...]
    """Our ecosystem's packages alone."""

    @property
    def names(self) -> frozenset[str]:
        """Every name it is known by."""
        return frozenset({self.id, *self.aliases})


def read_advisory(content: bytes) -> Advisory:
    """An advisory from its JSON.

    Raises:
        Malformed: it is no advisory, or too large.
    """
    if len(content) > MOST_BYTES:
        raise Malformed(Flaw.SIZE, f"more than {MOST_BYTES} bytes")
    try:
        document = _Document.model_validate(parse_foreign(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Malformed(Flaw.VALUE, f"{where}: {first['msg']}"[:200]) from None
    return Advisory(
        id=document.id,
        modified=document.modified.astimezone(UTC),
        withdrawn=document.withdrawn is not None,
        aliases=tuple(document.aliases),
        summary=document.summary,
        affected=tuple(_affected(document)),
    )


def _affected(document: _Document) -> Iterator[Affected]:
    for affected in document.affected:
        package = affected.package
        if package is None or package.ecosystem.partition(":")[0] != ECOSYSTEM:
            continue
        compared = [r for r in affected.ranges if r.type is not RangeKind.GIT]
        yield Affected(
            package=normalised(package.name),
            ranges=tuple(tuple(_events(r)) for r in compared),
            commits=len(compared) < len(affected.ranges),
            versions=tuple(affected.versions),
        )


def _events(stated: _Range) -> Iterator[Event]:
    for event in stated.events:
        if event.introduced is not None:
            yield Event(kind="introduced", version=event.introduced)
        if event.fixed is not None:
            yield Event(kind="fixed", version=event.fixed)
        if event.last_affected is not None:
            yield Event(kind="last_affected", version=event.last_affected)
        if event.limit is not None:
            yield Event(kind="limit", version=event.limit)
