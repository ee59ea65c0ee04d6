"""When verdicts change: per rule and device, exact to the day, over years.

The question for a day D is: if the papers were looked at on D, what would the answer be? A rule whose
trigger date the site gives applies by that date, whatever D; one whose trigger date is not given
applies as if D were it. Labels are looked at on D. Between two neighbouring turning days nothing can
change, so only those are judged (tests compare with the naive daily loop).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.desk.assess import find
from sekisho.desk.holding import turning_days as label_days
from sekisho.desk.plan import Ask, RulePlan, plan_rule
from sekisho.rulebook.demand import WantsAttestation, WantsLabel
from sekisho.rulebook.parameters import turning_days as rule_days
from sekisho.site.model import Milestone
from sekisho.site.topology import topology_of
from sekisho.terms.dates import ONE_DAY, Span, plus_years
from sekisho.terms.verdict import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sekisho.desk.assess import Desk, Looked
    from sekisho.register.model import Label
    from sekisho.rulebook.rule import Rule
    from sekisho.rulebook.statement import Statement, Status
    from sekisho.site.model import Device, Site
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.texts import Text


@dataclass(frozen=True, slots=True)
class Piece:
    """Days on which one answer stands, first and last included."""

    first: date
    last: date
    verdict: Verdict
    reason: Text


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device's answers over the years; `device` is None for the site as a whole."""

    device: DeviceId | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule's answers over the years."""

    statement: Statement
    status: Status
    trigger_given: bool
    pieces: tuple[Piece, ...]
    """Of the rule as a whole: the worst of its devices."""
    devices: tuple[DeviceLine, ...]


class Need(StrEnum):
    """What must happen to a label for a milestone."""

    EXIST = "exist"
    """It must be issued, and known to be, by then."""
    EXTEND = "extend"
    """It ends before the milestone and must be extended before it ends."""
    HOLDS = "holds"
    """It is valid on the milestone's day."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which a label must exist, or be extended, for one milestone."""

    device: DeviceId
    milestone: Milestone
    day: date
    need: Need
    last_day: date
    label: Label | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture for one site."""

    site: Site
    span: Span
    first: date
    last: date
    rules: tuple[RuleLine, ...]
    deadlines: tuple[Deadline, ...]


def timeline(desk: Desk, looked: Looked, first: date, years: int = 10) -> Timeline:
    """Every change of every verdict from `first` on, for `years` years."""
    last = plus_years(first, years) - ONE_DAY
    site = looked.site
    lines = tuple(
        rule_line(desk, looked, rule, status, (first, last)) for rule, status in desk.rules
    )
    return Timeline(
        site=site,
        span=Span(first, last),
        first=first,
        last=last,
        rules=lines,
        deadlines=tuple(deadlines(desk, looked)),
    )


def rule_line(
    desk: Desk, looked: Looked, rule: Rule, status: Status, window: tuple[date, date]
) -> RuleLine:
    """One rule's answers over the window."""
    site = looked.site
    last = window[1]
    topology = topology_of(site)
    known_at = desk.question.known_at
    starts = _within(rule_days(rule.statement, known_at), window)
    raw: dict[tuple[DeviceId | None, int], list[Piece]] = {}
    given = True
    for start, end in zip(starts, [*[s - ONE_DAY for s in starts[1:]], last], strict=True):
        plan = plan_rule(rule, status, site, topology, start, known_at)
        given = not plan.trigger.assumed
        of_the_site = 0
        for ask in plan.asks:
            # Several questions may be asked of the site as a whole: a line for each.
            name, place = (ask.device.id, 0) if ask.device else (None, of_the_site)
            of_the_site += ask.device is None
            pieces = _ask_pieces(desk, looked, plan, ask, (start, end))
            raw.setdefault((name, place), []).extend(pieces)
    devices = tuple(DeviceLine(name, _merged(pieces)) for (name, _), pieces in raw.items())
    return RuleLine(rule.statement, status, given, _worst_pieces(devices, window), devices)


def _ask_pieces(
    desk: Desk, looked: Looked, plan: RulePlan, ask: Ask, window: tuple[date, date]
) -> list[Piece]:
    last = window[1]
    days: set[date] = set()
    match ask.demand:
        case WantsLabel(holders=holders):
            by_id = {d.id: d for d in looked.site.devices}
            for holder in holders:
                days |= label_days(looked.matches[holder], desk.lists, by_id[holder].bought)
        case WantsAttestation(key=key) if key in looked.site.attestations:
            days.add(looked.site.attestations[key].date)
        case _:
            pass
    starts = _within(days, window)
    pieces = []
    for start, end in zip(starts, [*[s - ONE_DAY for s in starts[1:]], last], strict=True):
        found = find(desk, looked, plan, ask, start)
        pieces.append(Piece(start, end, found.verdict, found.reason))
    return pieces


def _within(days: Iterable[date], window: tuple[date, date]) -> list[date]:
    """The window's first day and every later day of `days` inside it, in order."""
    first, last = window
    return [first, *sorted({d for d in days if first < d <= last})]


def _merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours with the same verdict as one piece; a gap between them stays a gap."""
    merged: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.first):
        before = merged[-1] if merged else None
        if (
            before is not None
            and before.verdict is piece.verdict
            and before.last + ONE_DAY == piece.first
        ):
            merged[-1] = Piece(before.first, piece.last, before.verdict, before.reason)
        else:
            merged.append(piece)
    return tuple(merged)


def _worst_pieces(lines: Sequence[DeviceLine], window: tuple[date, date]) -> tuple[Piece, ...]:
    starts = _within((p.first for line in lines for p in line.pieces), window)
    ends = [*[s - ONE_DAY for s in starts[1:]], window[1]]
    whole = []
    for start, end in zip(starts, ends, strict=True):
        here = [p for line in lines for p in line.pieces if p.first <= start <= p.last]
        verdict = worst(p.verdict for p in here)
        reason = next(p.reason for p in here if p.verdict is verdict)
        whole.append(Piece(start, end, verdict, reason))
    return _merged(whole)


def deadlines(desk: Desk, looked: Looked) -> Iterable[Deadline]:
    """For each milestone and each device of which a label is asked: by when, and what."""
    asked = _asked(looked)
    for milestone in Milestone:
        day = looked.site.dates.get(milestone)
        if day is None:
            continue
        for device, (plan, ask) in asked.items():
            found = find(desk, looked, plan, ask, day)
            label = found.label
            need, last_day = Need.EXIST, day
            if found.verdict is Verdict.MET:
                need = Need.HOLDS
            elif label is not None and label.expires is not None and label.expires < day:
                need, last_day = Need.EXTEND, label.expires
            if need is Need.HOLDS and label is not None and label.expires is not None:
                last_day = label.expires
            yield Deadline(device.id, milestone, day, need, last_day, label)


def _asked(looked: Looked) -> dict[Device, tuple[RulePlan, Ask]]:
    """The devices of which a counted rule asks a label, each with the first rule that does."""
    asked: dict[Device, tuple[RulePlan, Ask]] = {}
    for plan in looked.plans:
        for ask in plan.asks:
            if ask.device is not None and isinstance(ask.demand, WantsLabel):
                asked.setdefault(ask.device, (plan, ask))
    return asked
