"""From rows to one verdict: the whole answer for one site.

Two questions are kept apart: *does the rule ask this device for a label* (`desk.plan`, by the trigger
date), and *is there one on that day* (`desk.holding`, by the register). So the same plan answers for
the trigger date, for every milestone, and for every day of a timeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from typing_extensions import override

from sekisho.desk.advice import advise
from sekisho.desk.counting import contribution, site_verdict
from sekisho.desk.holding import STALE_AFTER_DAYS, Holding, ListFacts, Wanted, holding
from sekisho.desk.plan import Ask, RulePlan, plan_rule
from sekisho.desk.result import (
    DeviceFinding,
    MilestoneFinding,
    RegisterFacts,
    RuleFinding,
    SiteResult,
)
from sekisho.register.match import match
from sekisho.rulebook.demand import (
    Fulfilled,
    Out,
    Unsettled,
    Violated,
    WantsAttestation,
    WantsLabel,
)
from sekisho.site.model import Milestone
from sekisho.site.topology import topology_of
from sekisho.terms.ids import DeviceId
from sekisho.terms.texts import Text, sentences
from sekisho.terms.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sekisho.register.match import Index
    from sekisho.register.model import Match, Register
    from sekisho.rulebook.rule import Rule
    from sekisho.rulebook.statement import Status
    from sekisho.site.model import Site

_AS_ONE = Text("{device} と組み合わせた一つの構成として: ", "As one configuration with {device}: ")
_ATTESTED = Text(
    "{date} 付の文書「{document}」があります。", 'There is a document of {date}: "{document}".'
)
_ATTESTED_LATER = Text(
    "文書「{document}」の日付 {date} は、問われている {day} より後です。",
    'The document "{document}" is dated {date}, after the day asked about, {day}.',
)
_MONTH = Text(
    "資料は日まで示しておらず、{day} はその期間の初日とした仮定です。",
    "The source gives no exact day; {day} assumes the first day of the period it names.",
)
_TRIGGER_ASSUMED = Text(
    "[dates] {name} がないため、基準日 {day} で判定しました。",
    "[dates] {name} is not given, so the day of the question, {day}, stands in.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked."""

    as_of: date
    """Stands in for a trigger date that the site does not give."""
    known_at: date
    """Only what was learned by then counts; also the day on which the list's age is measured."""
    accept_stale: bool = False
    strict: bool = False
    """Whether open duties enter the verdict."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Rules and register, prepared once for many sites."""

    question: Question
    rules: tuple[tuple[Rule, Status], ...]
    index: Index
    lists: ListFacts

    @staticmethod
    def prepare(
        question: Question, rules: Sequence[Rule], register: Register, index: Index
    ) -> Desk:
        """Keep the rules known by then, and work out how old the list is."""
        info = register.info
        age = (question.known_at - info.list_date).days
        facts = RegisterFacts(
            list_date=info.list_date,
            sha256=info.sha256,
            source=info.source,
            complete=info.complete,
            age_days=age,
            stale=age > STALE_AFTER_DAYS and not question.accept_stale,
        )
        known = (
            (rule, status)
            for rule in rules
            if (status := rule.statement.status(question.known_at)) is not None
        )
        return Desk(question, tuple(known), index, ListFacts.of(register, facts))


class Matches(Mapping[DeviceId, "Match"]):
    """The devices of one site, looked up when they are first asked for.

    Cells and other devices of which no rule asks a label are never looked up.
    """

    def __init__(self, site: Site, index: Index) -> None:
        self._identities = {d.id: d.identity for d in site.devices}
        self._index = index
        self._found: dict[DeviceId, Match] = {}

    @override
    def __iter__(self) -> Iterator[DeviceId]:
        return iter(self._identities)

    @override
    def __len__(self) -> int:
        return len(self._identities)

    @override
    def __getitem__(self, device: DeviceId) -> Match:
        """How one device was looked up."""
        if device not in self._found:
            self._found[device] = match(self._identities[device], self._index)
        return self._found[device]


@dataclass(frozen=True, slots=True)
class Looked:
    """One site with its matches: everything that no longer depends on a day."""

    site: Site
    plans: tuple[RulePlan, ...]
    matches: Matches


def look(desk: Desk, site: Site, as_of: date) -> Looked:
    """Ask every rule about every device, and look every device up."""
    topology = topology_of(site)
    plans = tuple(
        plan_rule(rule, status, site, topology, as_of, desk.question.known_at)
        for rule, status in desk.rules
    )
    return Looked(site, plans, Matches(site, desk.index))


def assess(desk: Desk, site: Site) -> SiteResult:
    """The whole answer for one site."""
    question = desk.question
    looked = look(desk, site, question.as_of)
    rules = tuple(_rule_finding(desk, looked, plan) for plan in looked.plans)
    return SiteResult(
        site=site,
        as_of=question.as_of,
        known_at=question.known_at,
        register=desk.lists.facts,
        verdict=site_verdict(_contribution(desk, r) for r in rules),
        rules=rules,
        open_duties=sum(1 for r in rules if r.is_open_duty),
        advice=advise(site, rules),
        milestones=tuple(
            MilestoneFinding(name=name, date=day, verdict=verdict_on(desk, looked, day))
            for name in Milestone
            if (day := site.dates.get(name)) is not None
        ),
    )


def verdict_on(desk: Desk, looked: Looked, day: date) -> Verdict:
    """The site's verdict if the labels are looked at on another day; the rules apply as before."""
    return site_verdict(
        contribution(
            plan.statement.kind,
            plan.status,
            plan.statement.force,
            worst(find(desk, looked, plan, ask, day).verdict for ask in plan.asks),
            strict=desk.question.strict,
        )
        for plan in looked.plans
    )


def find(desk: Desk, looked: Looked, plan: RulePlan, ask: Ask, day: date) -> DeviceFinding:
    """What one rule says of one device, with labels looked at on `day`."""
    device = ask.device.id if ask.device is not None else None

    def finding(verdict: Verdict, reason: Text, remedy: Text | None = None) -> DeviceFinding:
        return DeviceFinding(
            device=device, verdict=verdict, label=None, match=None, reason=reason, remedy=remedy
        )

    demand = ask.demand
    match demand:
        case Out(reason):
            return finding(Verdict.NOT_APPLICABLE, reason)
        case Unsettled(reason, remedy):
            return finding(Verdict.UNDETERMINED, reason, remedy)
        case Fulfilled(reason):
            return finding(Verdict.MET, reason)
        case Violated(reason, remedy):
            return finding(Verdict.BROKEN, reason, remedy)
        case WantsAttestation():
            return _attested(looked.site, demand, day)
        case WantsLabel():
            return _labelled(desk, looked, plan, ask, demand, day)
        case _ as never:
            assert_never(never)


def _labelled(
    desk: Desk, looked: Looked, plan: RulePlan, ask: Ask, demand: WantsLabel, day: date
) -> DeviceFinding:
    by_id = {d.id: d for d in looked.site.devices}
    device = ask.device
    answers: list[tuple[DeviceId, Holding]] = []
    for holder in demand.holders:
        bought = by_id[holder].bought
        wanted = Wanted(day, plan.statement.level, bought)
        answers.append((holder, holding(looked.matches[holder], wanted, desk.lists)))
    order = {Verdict.MET: 2, Verdict.UNDETERMINED: 1}
    holder, best = max(answers, key=lambda a: (order.get(a[1].verdict, 0), a[0]))
    verdict, reason, remedy = best.verdict, best.reason, best.remedy
    if device is None or holder != device.id:
        reason = _joined(_AS_ONE.fill(device=holder), reason)
    if verdict is Verdict.BROKEN and demand.without is not Verdict.BROKEN:
        verdict = demand.without
    if verdict is not Verdict.MET and demand.doubt is not None:
        reason = sentences([reason, demand.doubt])
    return DeviceFinding(
        device=device.id if device is not None else None,
        verdict=verdict,
        label=best.label,
        match=looked.matches[holder],
        reason=reason,
        remedy=remedy,
        asked=demand.reason,
    )


def _joined(first: Text, second: Text) -> Text:
    return Text(first.ja + second.ja, first.en + second.en)


def _attested(site: Site, demand: WantsAttestation, day: date) -> DeviceFinding:
    shown = site.attestations.get(demand.key)
    if shown is None:
        verdict, reason, remedy = Verdict.UNDETERMINED, demand.reason, demand.remedy
    elif shown.date > day:
        reason = _ATTESTED_LATER.fill(document=shown.document, date=shown.date, day=day)
        verdict, remedy = Verdict.UNDETERMINED, demand.remedy
    else:
        reason = _ATTESTED.fill(document=shown.document, date=shown.date)
        return DeviceFinding(
            device=None, verdict=Verdict.MET, label=None, match=None, reason=reason, remedy=None
        )
    return DeviceFinding(
        device=None, verdict=verdict, label=None, match=None, reason=reason, remedy=remedy
    )


def _rule_finding(desk: Desk, looked: Looked, plan: RulePlan) -> RuleFinding:
    devices = tuple(find(desk, looked, plan, ask, ask.day) for ask in plan.asks)
    statement = plan.statement
    verdict = worst(d.verdict for d in devices)
    counted = contribution(
        statement.kind, plan.status, statement.force, verdict, strict=desk.question.strict
    )
    return RuleFinding(
        statement=statement,
        status=plan.status,
        trigger=plan.trigger,
        verdict=verdict,
        counts=counted is not None,
        devices=devices,
        assumptions=_assumptions(desk, plan),
    )


def _assumptions(desk: Desk, plan: RulePlan) -> tuple[Text, ...]:
    said = []
    if not plan.addressed or all(
        isinstance(ask.demand, Out) and ask.demand.on_every_day for ask in plan.asks
    ):
        return ()
    if plan.trigger.assumed and plan.trigger.name in set(Milestone) | {"introduced"}:
        said.append(_TRIGGER_ASSUMED.fill(name=plan.trigger.name, day=plan.trigger.date))
    days = {
        str(p.value)
        for p in plan.statement.parameters
        if p.assumed and p.learned <= desk.question.known_at
    }
    said.extend(_MONTH.fill(day=day) for day in sorted(days))
    return tuple(said)


def _contribution(desk: Desk, rule: RuleFinding) -> Verdict | None:
    return contribution(
        rule.statement.kind,
        rule.status,
        rule.statement.force,
        rule.verdict,
        strict=desk.question.strict,
    )
