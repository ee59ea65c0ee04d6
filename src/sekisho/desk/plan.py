"""What every rule asks of every device of one site: the half of the answer that needs no register.

A rule applies by its trigger date. A trigger date that the site does not give is replaced by the
day of the question, and is marked as assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sekisho.desk.result import TriggerDate
from sekisho.rulebook.addressed import not_addressed
from sekisho.rulebook.demand import Case, Out, Unsettled
from sekisho.rulebook.parameters import values
from sekisho.rulebook.statement import Kind, Trigger
from sekisho.site.model import Device, Identity, Milestone
from sekisho.site.words import ROLE_TEXTS
from sekisho.terms.ids import DeviceId
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from datetime import date

    from sekisho.rulebook.demand import Demand
    from sekisho.rulebook.rule import Rule
    from sekisho.rulebook.statement import Statement, Status
    from sekisho.site.model import Role, Site
    from sekisho.site.topology import Topology

_NO_DEVICE = Text("機器が1台も書かれていません。", "The site file declares no device.")
_NO_DEVICE_REMEDY = Text(
    "site.toml に [[device]] を書いてください。", "Declare the devices of the control system."
)
_ROLE_MISSING = Text(
    "{roles}が書かれていません。この規則で問われる機器です。",
    "No {roles} is declared; the rule asks about it.",
)
_ROLE_MISSING_REMEDY = Text(
    "機器を [[device]] に書き足してください。存在しないなら、その扱いを提出先に照会してください。",
    "Declare the device; if there is none, ask the office that will receive the papers.",
)
_OR = Text("{one}または{other}", "{one} or {other}")


@dataclass(frozen=True, slots=True)
class Ask:
    """What one rule asks of one device, or of the site where `device` is None."""

    device: Device | None
    day: date
    """The trigger date; the label must be valid on it."""
    assumed: bool
    demand: Demand


@dataclass(frozen=True, slots=True)
class RulePlan:
    """What one rule asks of one site."""

    statement: Statement
    status: Status
    trigger: TriggerDate
    asks: tuple[Ask, ...]
    addressed: bool = True
    """False where the rule is not about such a site at all, whatever the day."""


def plan_rule(
    rule: Rule, status: Status, site: Site, topology: Topology, as_of: date, known_at: date
) -> RulePlan:
    """What the rule asks of each device of the site."""
    statement = rule.statement
    trigger = trigger_date(statement.trigger, site, as_of)
    out = not_addressed(statement.applies, site)
    if out is not None:
        ask = Ask(None, trigger.date, trigger.assumed, Out(out))
        return RulePlan(statement, status, trigger, (ask,), addressed=False)
    held = values(statement, trigger.date, known_at)
    if statement.kind is Kind.DUTY:
        case = Case(site=site, device=None, day=trigger.date, topology=topology, parameters=held)
        ask = Ask(None, trigger.date, trigger.assumed, rule.judge(case))
        return RulePlan(statement, status, trigger, (ask,))
    asks = []
    for device in topology.devices.values():
        day, assumed, now = trigger.date, trigger.assumed, held
        if statement.trigger is Trigger.INTRODUCED:
            day, assumed = device.introduced or as_of, device.introduced is None
            now = held if day == trigger.date else values(statement, day, known_at)
        case = Case(site=site, device=device, day=day, topology=topology, parameters=now)
        asks.append(Ask(device, day, assumed, rule.judge(case)))
    if not asks:
        unsettled = Unsettled(_NO_DEVICE, _NO_DEVICE_REMEDY)
        asks.append(Ask(None, trigger.date, trigger.assumed, unsettled))
    else:
        case = Case(site=site, device=None, day=trigger.date, topology=topology, parameters=held)
        asks.extend(
            Ask(None, trigger.date, trigger.assumed, _missing(roles))
            for roles in _undeclared(rule, case)
        )
    return RulePlan(statement, status, trigger, tuple(asks))


def trigger_date(trigger: Trigger, site: Site, as_of: date) -> TriggerDate:
    """The date by which a rule applies to the site."""
    match trigger:
        case Trigger.TODAY:
            return TriggerDate(name=trigger.value, date=as_of, assumed=False)
        case Trigger.INTRODUCED:
            days = [d.introduced for d in site.devices if d.introduced is not None]
            return TriggerDate(name=trigger.value, date=min(days, default=as_of), assumed=not days)
        case _:
            given = site.dates.get(Milestone(trigger.value))
            return TriggerDate(name=trigger.value, date=given or as_of, assumed=given is None)


def _undeclared(rule: Rule, case: Case) -> list[frozenset[Role]]:
    """Roles that must be declared and are not.

    A role is wanted where the rule would ask something of a device of that role of which nothing
    is stated: before a rule starts it asks nothing, and nothing is missing.
    """
    present = {d.role for d in case.site.devices}
    return [
        roles
        for roles in rule.statement.needs
        if not roles & present
        and not any(isinstance(rule.judge(replace(case, device=_bare(r))), Out) for r in roles)
    ]


def _bare(role: Role) -> Device:
    return Device(id=DeviceId(""), role=role, identity=Identity(), speaks_ip=None, controls=None)


def _missing(roles: frozenset[Role]) -> Unsettled:
    first, *more = [ROLE_TEXTS[role] for role in sorted(roles)]
    names = first
    for name in more:
        names = _OR.fill(one=names, other=name)
    return Unsettled(_ROLE_MISSING.fill(roles=names), _ROLE_MISSING_REMEDY)
