"""Many sites at once: what breaks first, and how much hangs on one maker.

The same judges and the same holdings as for one site, without the sentences: for each counted rule
the days on which a device is broken or undetermined are intervals, exact to the day; sentences are
made only for what is shown. `tests/facts/desk` compares with asking one site day by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from sekisho.desk.counting import contribution
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
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sekisho.desk.assess import Desk
    from sekisho.desk.plan import Ask
    from sekisho.register.model import Match
    from sekisho.rulebook.rule import Rule
    from sekisho.rulebook.statement import Status
    from sekisho.site.model import Identity, Role, Site
    from sekisho.site.topology import Topology
    from sekisho.terms.ids import DeviceId, RuleId, SiteId

Stretch = tuple["date", "date", Verdict]
"""First day, last day (both included), verdict."""


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
    """On the first day of the window."""
    changes: tuple[tuple[date, Verdict], ...]
    """From each day on, the site's verdict; the first entry is the window's first day."""
    first_break: Cause | None
    first_doubt: Cause | None


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one role one maker holds."""

    role: Role
    maker: str
    devices: int
    of_devices: int
    sites: int
    kw: float
    """Rated power of the sites in which the maker has this role."""


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
            (rule, status, rule_days(rule.statement, known_at))
            for rule, status in desk.rules
            if _counts(rule, status, strict=desk.question.strict)
        ]

    def line(self, site: Site) -> SiteLine:
        """One site's answers over the window."""
        found: list[tuple[Stretch, RuleId, DeviceId | None]] = []
        topology = topology_of(site)
        for rule, status, days in self._rules:
            for ask, first, last in self._asks(rule, status, days, site, topology):
                device = ask.device.id if ask.device is not None else None
                found.extend(
                    (stretch, rule.statement.id, device)
                    for stretch in self._answers(ask, rule, status, site, first, last)
                )
        return self._summed(site, found)

    def _asks(
        self, rule: Rule, status: Status, days: tuple[date, ...], site: Site, topology: Topology
    ) -> Iterator[tuple[Ask, date, date]]:
        known_at = self._desk.question.known_at
        plan = plan_rule(rule, status, site, topology, self._first, known_at)
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
                plan = plan_rule(rule, status, site, topology, start, known_at)
            for ask in plan.asks:
                if ask.assumed:
                    yield ask, start, end

    def _answers(
        self, ask: Ask, rule: Rule, status: Status, site: Site, first: date, last: date
    ) -> Iterator[Stretch]:
        demand = ask.demand
        match demand:
            case Out():
                return
            case Unsettled():
                yield first, last, Verdict.UNDETERMINED
            case Fulfilled():
                yield first, last, Verdict.MET
            case Violated():
                yield first, last, self._as_counted(rule, status, Verdict.BROKEN)
            case WantsLabel():
                for start, end, verdict in self._labelled(demand, rule, site, first, last):
                    weaker = demand.without if verdict is Verdict.BROKEN else verdict
                    yield start, end, self._as_counted(rule, status, weaker)
            case WantsAttestation(key=key):
                yield from _attested(site, key, first, last)
            case _ as never:
                assert_never(never)

    def _as_counted(self, rule: Rule, status: Status, verdict: Verdict) -> Verdict:
        part = contribution(
            rule.statement.kind,
            status,
            rule.statement.force,
            verdict,
            strict=self._desk.question.strict,
        )
        return part if part is not None else Verdict.NOT_APPLICABLE

    def _labelled(
        self, demand: WantsLabel, rule: Rule, site: Site, first: date, last: date
    ) -> Iterator[Stretch]:
        """The best of the holders on each day."""
        level = rule.statement.level
        devices = [d for d in site.devices if d.id in demand.holders]
        answers = [self._held(d.identity, level, d.bought) for d in devices]
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
        lists = self._desk.lists
        days = turning_days(found, lists, bought)
        starts = [self._first, *sorted(d for d in days if self._first < d <= self._last)]
        ends = [*(s - ONE_DAY for s in starts[1:]), self._last]
        return tuple(
            (start, end, holding(found, Wanted(start, level, bought), lists).verdict)
            for start, end in zip(starts, ends, strict=True)
        )

    def _summed(self, site: Site, found: list[tuple[Stretch, RuleId, DeviceId | None]]) -> SiteLine:
        starts = sorted(
            {self._first}
            | {s for (s, _, _), _, _ in found}
            | {e + ONE_DAY for (_, e, _), _, _ in found if e < self._last}
        )
        changes: list[tuple[date, Verdict]] = []
        for start in starts:
            here = {v for (s, e, v), _, _ in found if s <= start <= e}
            verdict = _counted_worst(here)
            if not changes or changes[-1][1] is not verdict:
                changes.append((start, verdict))
        return SiteLine(
            site=site.id,
            name=site.name,
            kw=site.rated_kw,
            verdict=changes[0][1],
            changes=tuple(changes),
            first_break=_first(found, Verdict.BROKEN),
            first_doubt=_first(found, Verdict.UNDETERMINED),
        )


def shares(sites: Iterable[Site], unknown: str) -> tuple[Share, ...]:
    """How the devices of each role are spread over makers, largest share first."""
    devices: dict[tuple[Role, str], int] = {}
    where: dict[tuple[Role, str], dict[SiteId, float]] = {}
    totals: dict[Role, int] = {}
    for site in sites:
        for device in site.devices:
            key = (device.role, device.identity.maker or unknown)
            devices[key] = devices.get(key, 0) + 1
            where.setdefault(key, {})[site.id] = site.rated_kw
            totals[device.role] = totals.get(device.role, 0) + 1
    found = (
        Share(
            role,
            maker,
            count,
            totals[role],
            len(where[role, maker]),
            sum(where[role, maker].values()),
        )
        for (role, maker), count in devices.items()
    )
    return tuple(sorted(found, key=lambda s: (s.role.value, -s.devices / s.of_devices, s.maker)))


def _counts(rule: Rule, status: Status, *, strict: bool) -> bool:
    statement = rule.statement
    part = contribution(statement.kind, status, statement.force, Verdict.MET, strict=strict)
    return part is not None


def _attested(site: Site, key: str, first: date, last: date) -> Iterator[Stretch]:
    shown = site.attestations.get(key)
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


def _first(found: list[tuple[Stretch, RuleId, DeviceId | None]], wanted: Verdict) -> Cause | None:
    causes = [
        Cause(start, rule, device)
        for (start, _, verdict), rule, device in found
        if verdict is wanted
    ]
    return min(causes, key=lambda c: (c.day, c.rule, c.device or ""), default=None)
