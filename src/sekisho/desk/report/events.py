"""What happens to a project's verdicts, day by day, for a reader who wants only what matters.

Of the timeline, the days on which a counted rule changes for the worse or for the better, and the
last days on which a label must have been extended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.desk.counting import contribution
from sekisho.desk.report.investor import Event
from sekisho.desk.report.pieces import ids_words, rule_name
from sekisho.desk.timeline import Need
from sekisho.rulebook.statement import Kind
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text, listed
from sekisho.terms.verdict import VERDICT_TEXTS, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.desk.timeline import RuleLine, Timeline

_CHANGE = Text("{rule}: {before}から{after}へ", "{rule}: from {before} to {after}")
_EXTEND = Text(
    "ラベルの延長期限: {devices}({milestones}より前に終わる)",
    "Labels to be extended by this day: {devices} (they end before {milestones})",
)


def events_of(line: Timeline) -> tuple[Event, ...]:
    """The events of a timeline, in the order of days."""
    found = [event for rule in line.rules for event in _changes(rule)]
    return tuple(sorted([*found, *_extensions(line)], key=lambda event: event.day))


def _changes(rule: RuleLine) -> Iterator[Event]:
    statement = rule.statement
    if statement.kind is not Kind.LABEL:
        return
    for before, after in zip(rule.pieces, rule.pieces[1:], strict=False):
        counted = contribution(
            statement.kind, rule.status, statement.force, after.verdict, strict=False
        )
        if counted is None:
            continue
        words = _CHANGE.fill(
            rule=rule_name(rule),
            before=VERDICT_TEXTS[before.verdict],
            after=VERDICT_TEXTS[after.verdict],
        )
        yield Event(after.first, words, after.verdict)


def _extensions(line: Timeline) -> Iterator[Event]:
    """One event for each day by which labels must be extended."""
    days = sorted({d.last_day for d in line.deadlines if d.need is Need.EXTEND})
    for day in days:
        due = [d for d in line.deadlines if d.need is Need.EXTEND and d.last_day == day]
        words = _EXTEND.fill(
            devices=ids_words(list(dict.fromkeys(d.device for d in due))),
            milestones=listed(MILESTONE_TEXTS[m] for m in dict.fromkeys(d.milestone for d in due)),
        )
        yield Event(day, words, Verdict.BROKEN if day < line.first else None)
