"""A rule as stated: who asks what of whom, since when, and how we know.

Read from `statement.toml` in the rule's folder. Law is dated data: status and parameters carry the
day they take effect and the day they were learned, and an amendment adds a line, never a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.site.model import Owner, Programme, Resource, Role, Voltage, Work
    from sekisho.terms.citation import Citation
    from sekisho.terms.ids import RuleId


class Kind(StrEnum):
    """Whether a rule asks for a label or for something else that a document must show."""

    LABEL = "label"
    DUTY = "duty"


class Force(StrEnum):
    """How strongly a programme asks."""

    MANDATORY = "mandatory"
    KANKOKU = "kankoku"
    """勧告 of the ERAB guideline: a must in practice."""
    SUISHO = "suisho"
    """推奨 of the ERAB guideline: best effort; a broken one is advice."""
    UNKNOWN = "unknown"
    """Not known from what was read, or different from call to call."""


class Status(StrEnum):
    """How far a rule has come."""

    REPORTED = "reported"
    DECIDED = "decided"
    PROMULGATED = "promulgated"
    IN_FORCE = "in-force"


FORCE_TEXTS = {
    Force.MANDATORY: Text("必須", "mandatory"),
    Force.KANKOKU: Text("勧告", "勧告 (must in practice)"),
    Force.SUISHO: Text("推奨", "推奨 (best effort)"),
    Force.UNKNOWN: Text("強さ不明", "force unknown"),
}

STATUS_TEXTS = {
    Status.REPORTED: Text("報道・検討段階", "reported"),
    Status.DECIDED: Text("決定済(未公布)", "decided, not promulgated"),
    Status.PROMULGATED: Text("公布済", "promulgated"),
    Status.IN_FORCE: Text("施行中", "in force"),
}


@dataclass(frozen=True, slots=True)
class StatusStep:
    """The day a rule reached a status, and the day that was learned."""

    value: Status
    reached: date
    learned: date


Scalar = date | float | str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of one legal quantity."""

    name: str
    value: Scalar
    since: date | None
    """Trigger dates from this day on see this value; None: always."""
    learned: date
    assumed: bool
    """True where the source gives a month and its first day is our assumption."""


class Trigger(StrEnum):
    """Which date decides whether a rule applies; each but the last is a date of `[dates]`."""

    CONTRACT_APPLICATION = "contract_application"
    AUCTION_REGISTRATION = "auction_registration"
    SUBSIDY_APPLICATION = "subsidy_application"
    PROCUREMENT = "procurement"
    COMMISSIONING = "commissioning"
    CONTROL_RENEWAL = "control_renewal"
    INTRODUCED = "introduced"
    """The device's own date of introduction (ERAB)."""
    TODAY = "today"
    """A duty that binds at all times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """Whom a rule addresses at all; an empty set means any."""

    resource: frozenset[Resource]
    voltage: frozenset[Voltage]
    work: frozenset[Work]
    owner: frozenset[Owner]
    joins: frozenset[Programme]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One rule as its `statement.toml` states it."""

    id: RuleId
    row: str
    """Id of the rule in the written table of rules, for example `GC-1`."""
    title: Text
    summary: Text
    """What is asked of whom, in our own words."""
    programme: Text
    """The programme's name."""
    kind: Kind
    force: Force
    level: int
    """Label wanted: at least this many stars; 0 for duties."""
    trigger: Trigger
    applies: Applies
    needs: tuple[frozenset[Role], ...]
    """Roles without which the answer has a hole: what the programme's form has a field for, and what no
    such plant is without. One of each set must be declared."""
    attestation: str
    """Key of `[attestations]` that shows a duty fulfilled; empty for labels."""
    steps: tuple[StatusStep, ...]
    parameters: tuple[Parameter, ...]
    sources: tuple[Citation, ...]

    def status(self, known_at: date) -> Status | None:
        """The furthest status known on that day; None when the rule was not known yet."""
        known = [s for s in self.steps if s.learned <= known_at]
        return max(known, key=lambda s: (s.reached, s.learned)).value if known else None
