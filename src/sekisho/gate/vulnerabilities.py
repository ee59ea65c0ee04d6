"""Whether what is installed is known to be vulnerable, by a copy of the advisories.

"None known" is an answer only where the copy could have known: it is not older than a number of days,
it is as large as the published one at least roughly, every advisory in it was read, and every version
could be compared. Else the answer is undetermined. A hit stays a hit however old the copy is.

Versions are compared by `univers` in PyPI's order (PEP 440), by the algorithm of the OSV schema
("Evaluation"): listed versions, and ranges whose events are put in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from univers.version_constraint import VersionConstraint
from univers.version_range import PypiVersionRange
from univers.versions import InvalidVersion, PypiVersion

from sekisho.terms.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from sekisho.gate.advisories import Advisory, Affected, Event

MOST_AGE_DAYS: Final = 14
"""The published copy of PyPI changes every day; two weeks is a slow update of a plant's machine."""
LEAST_ADVISORIES: Final = 1_000
"""The published copy of PyPI holds many times more; a smaller one is a part of it at best."""
_BEGINNING = "0"
_EVERYTHING = "*"
_TURNS = ("fixed", "introduced", "last_affected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What is asked about."""

    name: str
    """Normalised."""
    version: str

    @property
    def purl(self) -> str:
        """Its package URL, by which a statement names it."""
        return f"pkg:pypi/{self.name}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The copy of the advisories, as a whole."""

    advisories: int
    """Those of our ecosystem that were read."""
    newest: date | None
    """Day of the newest change in it: it cannot be older than that."""
    unread: tuple[str, ...]
    """Names of those that could not be read."""
    sha256: str
    """Of the copy, to say which one was asked."""


class Stands(StrEnum):
    """What a VEX statement says, in CycloneDX's words; only these settle a hit."""

    NOT_AFFECTED = "not_affected"
    FALSE_POSITIVE = "false_positive"
    RESOLVED_WITH_PEDIGREE = "resolved_with_pedigree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A VEX statement that settles a hit, with its reason."""

    vulnerability: str
    purl: str
    stands: Stands
    reason: str
    """The justification, and the words beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A package that an advisory speaks of."""

    advisory: Advisory
    package: Package
    fixed: tuple[str, ...]
    """Versions that end the ranges."""
    statement: Statement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """A package that an advisory names, and a version that could not be compared."""

    advisory: Advisory
    package: Package


class Doubt(StrEnum):
    """Why "none known" cannot be said."""

    EMPTY = "empty"
    """No advisory of our ecosystem was read."""
    SMALL = "small"
    STALE = "stale"
    FUTURE = "future"
    """It holds changes of a day to come: this machine's clock, or the copy, is wrong."""
    UNREAD = "unread"
    UNSURE = "unsure"
    NOTHING_ASKED = "nothing-asked"
    """The list of what is installed is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The answer."""

    hits: tuple[Hit, ...]
    unsure: tuple[Unsure, ...]
    doubts: tuple[Doubt, ...]
    age_days: int | None
    """Of the copy; None where it is empty."""

    @property
    def open(self) -> tuple[Hit, ...]:
        """Hits that no statement settles."""
        return tuple(hit for hit in self.hits if hit.statement is None)

    @property
    def code(self) -> int:
        """1 an open hit, 3 it cannot be said, 0 none known."""
        if self.open:
            return ExitCode.FOUND_BAD
        return ExitCode.UNDETERMINED if self.doubts else ExitCode.GOOD


def findings(
    packages: Sequence[Package],
    advisories: Mapping[str, Sequence[Advisory]],
    copy: Copy,
    statements: Sequence[Statement],
    today: date,
    most_age_days: int = MOST_AGE_DAYS,
    least: int = LEAST_ADVISORIES,
) -> Findings:
    """What the copy says of the packages.

    Args:
        packages: what is installed.
        advisories: those of the copy, by normalised package name.
        copy: the copy as a whole.
        statements: what the maker says of single hits.
        today: the day that the copy's age is reckoned from.
        most_age_days: an older copy does not say "none known".
        least: nor does one with fewer advisories.
    """
    hits: list[Hit] = []
    unsure: list[Unsure] = []
    for package in packages:
        for advisory in advisories.get(package.name, ()):
            found = _asked(package, advisory)
            if found is None:
                unsure.append(Unsure(advisory=advisory, package=package))
            elif found:
                statement = _statement(advisory, package, statements)
                fixed = tuple(_fixed(package, advisory))
                hits.append(
                    Hit(advisory=advisory, package=package, fixed=fixed, statement=statement)
                )
    age = None if copy.newest is None else (today - copy.newest).days
    doubts: dict[Doubt, bool] = {
        Doubt.EMPTY: copy.advisories == 0,
        Doubt.SMALL: 0 < copy.advisories < least,
        Doubt.STALE: age is not None and age > most_age_days,
        Doubt.FUTURE: age is not None and age < -1,  # a day ahead is another time zone
        Doubt.UNREAD: bool(copy.unread),
        Doubt.UNSURE: bool(unsure),
        Doubt.NOTHING_ASKED: not packages,
    }
    return Findings(
        hits=tuple(hits),
        unsure=tuple(unsure),
        doubts=tuple(doubt for doubt, holds in doubts.items() if holds),
        age_days=age,
    )


def _asked(package: Package, advisory: Advisory) -> bool | None:
    """Whether the advisory concerns this version; None: it cannot be said."""
    if advisory.withdrawn:
        return False
    answers = [_concerns(package, a) for a in advisory.affected if a.package == package.name]
    if True in answers:
        return True
    return None if None in answers else False


def _concerns(package: Package, affected: Affected) -> bool | None:
    try:
        version = PypiVersion(package.version.partition("+")[0])  # a local build is no repair
    except InvalidVersion:
        return True if package.version in affected.versions else None
    if any(_same(version, listed) for listed in affected.versions):
        return True
    answers = [_within(version, events) for events in affected.ranges]
    if True in answers:
        return True
    if None in answers:
        return None
    # Ranges of commits alone say nothing that a version could be compared with.
    return None if affected.commits and not affected.ranges and not affected.versions else False


def _same(version: PypiVersion, listed: str) -> bool:
    try:
        return bool(PypiVersion(listed) == version)
    except InvalidVersion:
        return False  # no version of today's index is spelt so


def _within(version: PypiVersion, events: Sequence[Event]) -> bool | None:
    """Whether a version lies in a range; None where an event's version cannot be compared."""
    try:
        limits = [PypiVersion(e.version) for e in events if _limits(e)]
        spans = list(_spans(events))
    except InvalidVersion:
        return None
    below = not limits or any(version < limit for limit in limits)
    return below and any(version in span for span in spans)


def _limits(event: Event) -> bool:
    return event.kind == "limit" and event.version != _EVERYTHING


def _spans(events: Sequence[Event]) -> Iterator[PypiVersionRange]:
    """The stretches of versions that the events, put in order, say are affected."""
    comparators: Mapping[str, str] = {"fixed": "<", "last_affected": "<="}
    begins: tuple[VersionConstraint, ...] | None = None
    for event in sorted((e for e in events if e.kind != "limit"), key=_place):
        if event.kind == "introduced":
            begins = begins if begins is not None else _from(event.version)
        elif begins is not None:
            last = PypiVersion(event.version)
            end = VersionConstraint(comparators[event.kind], last)
            # A range of the library holds each version once: one that begins and ends at the same
            # version is that version.
            alone = any(begin.version == last for begin in begins)
            yield PypiVersionRange((VersionConstraint("=", last),) if alone else (*begins, end))
            begins = None
    if begins is not None:
        yield PypiVersionRange(begins or (VersionConstraint(">=", PypiVersion("0.dev0")),))


def _from(version: str) -> tuple[VersionConstraint, ...]:
    """`0` stands before every version, pre-releases of 0 included."""
    if version == _BEGINNING:
        return ()
    return (VersionConstraint(">=", PypiVersion(version)),)


def _place(event: Event) -> tuple[bool, PypiVersion, int]:
    """By version; of one version, the order that leaves more affected."""
    first = event.kind == "introduced" and event.version == _BEGINNING
    return not first, PypiVersion(event.version), _TURNS.index(event.kind)


def _fixed(package: Package, advisory: Advisory) -> Iterator[str]:
    named = [a for a in advisory.affected if a.package == package.name]
    yield from dict.fromkeys(
        e.version for a in named for events in a.ranges for e in events if e.kind == "fixed"
    )


def _statement(
    advisory: Advisory, package: Package, statements: Sequence[Statement]
) -> Statement | None:
    names = advisory.names
    return next(
        (s for s in statements if s.vulnerability in names and s.purl == package.purl), None
    )


def by_package(
    advisories: Sequence[Advisory], wanted: Callable[[str], bool]
) -> Mapping[str, list[Advisory]]:
    """The advisories of the packages that are wanted, by package."""
    found: dict[str, list[Advisory]] = {}
    for advisory in advisories:
        for name in dict.fromkeys(a.package for a in advisory.affected if wanted(a.package)):
            found.setdefault(name, []).append(advisory)
    return found
