"""Many sites at once: what breaks first.

The same judges and the same holdings as for one site, without the sentences: for each counted rule
the days on which a device is broken or undetermined are intervals, exact to the day; sentences are
made only for what is shown. `tests/facts/desk` compares with asking one site day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, assert_never

from sekisho.desk.counting import contribution, site_verdict
from sekisho.desk.holding import Wanted, holding, turning_days
from sekisho.desk.plan import plan_rule
from sekisho.register.match import match
from sekisho.rulebook.demand import (
    Fulfilled,
    Out,
    Unsettled,
    Violated,
    WantsAttestation,
    WantsLabel,
)
from sekisho.rulebook.parameters import turning_days as rule_days
from sekisho.site.topology import topology_of
from sekisho.terms.dates import ONE_DAY, plus_years
from sekisho.terms.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.desk.assess import Desk
    from sekisho.desk.plan import Ask, RulePlan
    from sekisho.register.model import Match
    from sekisho.rulebook.rule import Rule
    from sekisho.rulebook.statement import Status
    from sekisho.site.model import Attestation, Identity, Site
    from sekisho.site.topology import Topology
    from sekisho.terms.ids import DeviceId, RuleId, SiteId

Stretch = tuple[date, date, Verdict]
"""First day, last day (both included), verdict."""

Changes = tuple[tuple[date, Verdict], ...]
"""From each day on, a verdict; the first entry is the window's first day."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a site's verdict turns bad on a day."""

    day: date
    rule: RuleId
    device: DeviceId | None


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site of a portfolio."""

    site: SiteId
    name: str
    kw: float
    verdict: Verdict
    """The one of `assess`: each rule on its own date, the first day standing in where none is given."""
    changes: Changes
    """From each day on, the site's verdict if the labels are looked at on that day; the first entry is
    the window's first day."""
    first_break: Cause | None
    first_doubt: Cause | None
    rules: tuple[RuleChanges, ...]
    """Every rule, counted or not."""


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """One rule's verdict for one site, from each day on."""

    rule: RuleId
    counts: bool
    changes: Changes


class Surveyor:
    """Looks at many sites with one desk; remembers what many of them share."""

    def __init__(self, desk: Desk, first: date, years: int = 10) -> None:
        self._desk = desk
        self._first = first
        self._last = plus_years(first, years) - ONE_DAY
        self._matches: dict[Identity, Match] = {}
        self._stretches: dict[tuple[int, int, date | None], tuple[Stretch, ...]] = {}
        known_at = desk.question.known_at
        self._rules: list[tuple[Rule, Status, tuple[date, ...]]] = [
            (rule, status, rule_days(rule.statement, known_at)) for rule, status in desk.rules
        ]

    def line(self, site: Site) -> SiteLine:
        """One site's answers over the window."""
        counted: list[Stretch] = []
        rules = []
        first: dict[Verdict, Cause] = {}
        topology = topology_of(site)
        known_at = self._desk.question.known_at
        decided: list[Verdict | None] = []
        for rule, status, days in self._rules:
            plan = plan_rule(rule, status, site, topology, self._first, known_at)
            decided.append(self._decided(plan, rule, site, topology))
            found: list[Stretch] = []
            for ask, start, end in self._asks(plan, rule, days, site, topology):
                answers = list(self._answers(ask, rule, site, topology, (start, end)))
                found += answers
                self._note(first, answers, rule, status, ask)
            changes = self._folded(found)
            counts = self._contribution(rule, status, Verdict.MET) is not None
            rules.append(RuleChanges(rule.statement.id, counts, changes))
            if counts:
                counted += self._counted(rule, status, changes)
        summed = self._folded(counted)
        return SiteLine(
            site=site.id,
            name=site.name,
            kw=site.rated_kw,
            verdict=site_verdict(decided),
            changes=summed,
            first_break=first.get(Verdict.BROKEN),
            first_doubt=first.get(Verdict.UNDETERMINED),
            rules=tuple(rules),
        )

    def _note(
        self,
        first: dict[Verdict, Cause],
        answers: list[Stretch],
        rule: Rule,
        status: Status,
        ask: Ask,
    ) -> None:
        """Remember the earliest counted trouble of each kind, and its cause."""
        for start, _, verdict in answers:
            if verdict is not Verdict.BROKEN and verdict is not Verdict.UNDETERMINED:
                continue
            part = self._contribution(rule, status, verdict)
            if part is not Verdict.BROKEN and part is not Verdict.UNDETERMINED:
                continue
            device = ask.device.id if ask.device is not None else None
            cause = Cause(start, rule.statement.id, device)
            known = first.get(part)
            if known is None or _rank(cause) < _rank(known):
                first[part] = cause

    def _counted(self, rule: Rule, status: Status, changes: Changes) -> Iterator[Stretch]:
        ends = [*(day - ONE_DAY for day, _ in changes[1:]), self._last]
        for (start, verdict), end in zip(changes, ends, strict=True):
            part = self._contribution(rule, status, verdict)
            if part is not None:
                yield start, end, part

    def _contribution(self, rule: Rule, status: Status, verdict: Verdict) -> Verdict | None:
        statement = rule.statement
        strict = self._desk.question.strict
        return contribution(statement.kind, status, statement.force, verdict, strict=strict)

    def _decided(
        self, plan: RulePlan, rule: Rule, site: Site, topology: Topology
    ) -> Verdict | None:
        """What the rule contributes on its own date, which may lie outside the window."""
        found = {Verdict.NOT_APPLICABLE}
        for ask in plan.asks:
            if not isinstance(ask.demand, Out):
                answers = self._answers(ask, rule, site, topology, (ask.day, ask.day))
                found.update(verdict for _, _, verdict in answers)
        return self._contribution(rule, plan.status, worst(found))

    def _asks(
        self, plan: RulePlan, rule: Rule, days: tuple[date, ...], site: Site, topology: Topology
    ) -> Iterator[tuple[Ask, date, date]]:
        known_at = self._desk.question.known_at
        fixed = [ask for ask in plan.asks if not ask.assumed]
        for ask in fixed:
            yield ask, self._first, self._last
        if len(fixed) == len(plan.asks):
            return
        starts = [self._first, *(d for d in days if self._first < d <= self._last)]
        for start, end in zip(
            starts, [*(s - ONE_DAY for s in starts[1:]), self._last], strict=True
        ):
            if start != self._first:
                plan = plan_rule(rule, plan.status, site, topology, start, known_at)
            for ask in plan.asks:
                if ask.assumed:
                    yield ask, start, end

    def _answers(
        self, ask: Ask, rule: Rule, site: Site, topology: Topology, window: tuple[date, date]
    ) -> Iterator[Stretch]:
        first, last = window
        demand = ask.demand
        match demand:
            case Out():
                return
            case Unsettled():
                yield first, last, Verdict.UNDETERMINED
            case Fulfilled():
                yield first, last, Verdict.MET
            case Violated():
                yield first, last, Verdict.BROKEN
            case WantsLabel():
                for start, end, verdict in self._labelled(demand, rule, topology, first, last):
                    yield start, end, demand.without if verdict is Verdict.BROKEN else verdict
            case WantsAttestation(key=key):
                yield from _attested(site.attestations, key, first, last)
            case _ as never:
                assert_never(never)

    def _labelled(
        self, demand: WantsLabel, rule: Rule, topology: Topology, first: date, last: date
    ) -> Iterator[Stretch]:
        """The best of the holders on each day."""
        level = rule.statement.level
        holders = [topology.devices[holder] for holder in demand.holders]
        answers = [self._held(d.identity, level, d.bought) for d in holders]
        if len(answers) == 1:
            for start, end, verdict in answers[0]:
                if start <= last and end >= first:
                    yield max(start, first), min(end, last), verdict
            return
        starts = sorted({first, *(s for a in answers for s, _, _ in a if first < s <= last)})
        for start, end in zip(starts, [*(s - ONE_DAY for s in starts[1:]), last], strict=True):
            here = {v for a in answers for s, e, v in a if s <= start <= e}
            yield start, end, _best(here)

    def _held(self, identity: Identity, level: int, bought: date | None) -> tuple[Stretch, ...]:
        found = self._matches.get(identity)
        if found is None:
            found = self._matches[identity] = match(identity, self._desk.index)
        key = (id(found), level, bought)
        stretches = self._stretches.get(key)
        if stretches is None:
            stretches = self._stretches[key] = self._stretched(found, level, bought)
        return stretches

    def _stretched(self, found: Match, level: int, bought: date | None) -> tuple[Stretch, ...]:
        """Over all time: a rule's own date may lie outside the window."""
        lists = self._desk.lists
        starts = [date.min, *sorted(turning_days(found, lists, bought) - {date.min})]
        ends = [*(s - ONE_DAY for s in starts[1:]), date.max]
        return tuple(
            (start, end, holding(found, Wanted(start, level, bought), lists).verdict)
            for start, end in zip(starts, ends, strict=True)
        )

    def _folded(self, found: list[Stretch]) -> Changes:
        """The worst of the stretches on each day, as changes."""
        if len(found) == 1 and found[0][:2] == (self._first, self._last):
            return ((self._first, found[0][2]),)
        starts = {self._first}
        for start, end, _ in found:
            starts.add(start)
            if end < self._last:
                starts.add(end + ONE_DAY)
        changes: list[tuple[date, Verdict]] = []
        for day in sorted(starts):
            verdict = _counted_worst({v for s, e, v in found if s <= day <= e})
            if not changes or changes[-1][1] is not verdict:
                changes.append((day, verdict))
        return tuple(changes)


def _rank(cause: Cause) -> tuple[date, str, str]:
    return (cause.day, cause.rule, cause.device or "")


def _attested(
    attested: Mapping[str, Attestation], key: str, first: date, last: date
) -> Iterator[Stretch]:
    shown = attested.get(key)
    if shown is None or shown.date > last:
        yield first, last, Verdict.UNDETERMINED
        return
    if shown.date > first:
        yield first, shown.date - ONE_DAY, Verdict.UNDETERMINED
    yield max(first, shown.date), last, Verdict.MET


def _best(verdicts: set[Verdict]) -> Verdict:
    for verdict in (Verdict.MET, Verdict.UNDETERMINED):
        if verdict in verdicts:
            return verdict
    return Verdict.BROKEN


def _counted_worst(verdicts: set[Verdict]) -> Verdict:
    for verdict in (Verdict.BROKEN, Verdict.UNDETERMINED, Verdict.MET):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_APPLICABLE
