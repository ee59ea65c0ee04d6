"""The answer to one question, as values. Every report, JSON and picture is made from these.

`SiteResult` is the whole answer; `as_json` (in `desk.document`) is its published form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.rulebook.statement import Kind
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from datetime import date

    from sekisho.register.model import Label, Match
    from sekisho.rulebook.statement import Statement, Status
    from sekisho.site.model import Milestone, Site
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """Which list the answer rests on."""

    list_date: date
    sha256: str
    source: str
    complete: bool
    age_days: int
    """Days between the list and the day the program runs (or `--known-at`)."""
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFinding:
    """What one rule says of one device (or of the site as a whole, where `device` is None)."""

    device: DeviceId | None
    verdict: Verdict
    label: Label | None
    """The label the verdict rests on, where there is one."""
    match: Match | None
    """How the device was looked up; None where no label is wanted."""
    reason: Text
    remedy: Text | None
    """What to do; None only where the verdict is `met` or `not-applicable`."""
    asked: Text | None = None
    """Why the rule asks this device for a label; None where it asks none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerDate:
    """The date by which a rule applies."""

    name: str
    date: date
    assumed: bool
    """True where the site gives no such date and the day of the question stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """One rule's answer for the site."""

    statement: Statement
    status: Status
    trigger: TriggerDate
    verdict: Verdict
    counts: bool
    """Whether the verdict enters the site's verdict (table in docs/reference/exit-codes.md)."""
    devices: tuple[DeviceFinding, ...]
    assumptions: tuple[Text, ...]
    """Dates taken as the first day of a month, and other readings the answer rests on."""

    @property
    def is_open_duty(self) -> bool:
        """Whether it is a duty that no document shows fulfilled."""
        return self.statement.kind is Kind.DUTY and self.verdict in {
            Verdict.BROKEN,
            Verdict.UNDETERMINED,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFinding:
    """The same question asked for another date of the site."""

    name: Milestone
    date: date
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteResult:
    """The whole answer for one site."""

    site: Site
    as_of: date
    known_at: date
    register: RegisterFacts
    verdict: Verdict
    rules: tuple[RuleFinding, ...]
    open_duties: int
    advice: tuple[Text, ...]
    milestones: tuple[MilestoneFinding, ...]
