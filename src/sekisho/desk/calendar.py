"""Days that a project should have in its calendar: ends of labels, dates of rules, milestones.

Only what is known: an expiry that the list does not state makes no entry, and a rule's date that is
our assumption says so. Entries have identities that stay the same from one export to the next, so
that a calendar program replaces an entry instead of doubling it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from sekisho.register.match import match
from sekisho.register.model import Accepted
from sekisho.rulebook.statement import STATUS_TEXTS
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text, listed, same, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sekisho.register.match import Index
    from sekisho.register.model import Label
    from sekisho.rulebook.statement import Parameter, Statement
    from sekisho.site.model import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One whole day in a calendar."""

    uid: str
    day: date
    title: Text
    detail: Text
    warn_days: int
    """Days before on which to be reminded; 0: no reminder."""


WARN_BEFORE_EXPIRY = 180
"""An extension or a new label takes months; when an extension may be asked for was not found."""


def entries(
    sites: Sequence[Site], index: Index, statements: Iterable[Statement], known_at: date
) -> tuple[Entry, ...]:
    """All entries, by day.

    Args:
        sites: whose labels and milestones to show; none: every label of the register.
        index: the register as known on `known_at`.
        statements: the rules.
        known_at: dates of rules learned later are left out.
    """
    found = [*_labels(sites, index), *_milestones(sites)]
    for statement in statements:
        if not sites or any(_addresses(statement, site) for site in sites):
            found.extend(_rule(statement, known_at))
    unique = {entry.uid: entry for entry in found}
    return tuple(sorted(unique.values(), key=lambda entry: (entry.day, entry.uid)))


def _uid(*parts: object) -> str:
    digest = sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]
    return f"{digest}@sekisho"


def _labels(sites: Sequence[Site], index: Index) -> Iterator[Entry]:
    used: dict[str, tuple[Label, list[str]]] = {}
    if not sites:
        used = {label.key: (label, []) for label in index.register.labels}
    for site in sites:
        for device in site.devices:
            found = match(device.identity, index)
            for label in found.labels if isinstance(found, Accepted) else ():
                used.setdefault(label.key, (label, []))[1].append(f"{site.id}/{device.id}")
    for label, devices in used.values():
        if label.expires is not None:
            yield _expiry(label, label.expires, devices, index)


_ENDS = Text("ラベルの有効期限: {name}", "Label ends: {name}")
_ENDS_DETAIL = Text(
    "{makers} {products}。状態「{status}」。{date} のリストによります。",
    '{makers} {products}. Status "{status}". As on the list of {date}.',
)
_USED_BY = Text("使用する機器: {devices}", "Used by: {devices}")


def _expiry(label: Label, day: date, devices: Sequence[str], index: Index) -> Entry:
    name = label.number or " ".join([*label.makers[:1], *label.products[:1]])
    detail = _ENDS_DETAIL.fill(
        makers=" / ".join(label.makers),
        products=" / ".join(label.products),
        status=label.status_raw or "—",
        date=index.register.info.list_date,
    )
    if devices:
        detail = sentences([detail, _USED_BY.fill(devices=listed(devices))])
    return Entry(
        uid=_uid("label", label.key),
        day=day,
        title=_ENDS.fill(name=name),
        detail=detail,
        warn_days=WARN_BEFORE_EXPIRY,
    )


_MILESTONE = Text("{site}: {milestone}", "{site}: {milestone}")


def _milestones(sites: Iterable[Site]) -> Iterator[Entry]:
    for site in sites:
        for milestone, day in site.dates.items():
            yield Entry(
                uid=_uid("milestone", site.id, milestone.value),
                day=day,
                title=_MILESTONE.fill(site=same(site.id), milestone=MILESTONE_TEXTS[milestone]),
                detail=same(site.name),
                warn_days=0,
            )


def _addresses(statement: Statement, site: Site) -> bool:
    """Whether the rule speaks to such a site at all; what it asks, `assess` says."""
    applies = statement.applies
    return all(
        not wanted or has in wanted
        for wanted, has in (
            (applies.resource, site.resource),
            (applies.voltage, site.voltage),
            (applies.work, site.work),
            (applies.owner, site.owner),
        )
    ) and (not applies.joins or bool(applies.joins & site.joins))


def _rule(statement: Statement, known_at: date) -> Iterator[Entry]:
    for step in statement.steps:
        if step.learned <= known_at:
            yield Entry(
                uid=_uid("rule", statement.id, "status", step.value.value),
                day=step.reached,
                title=_RULE.fill(title=statement.title, what=STATUS_TEXTS[step.value]),
                detail=statement.summary,
                warn_days=0,
            )
    latest: dict[tuple[str, date | None], Parameter] = {}
    for parameter in statement.parameters:
        if parameter.learned <= known_at:
            latest[parameter.name, parameter.since] = parameter
    for parameter in latest.values():
        if isinstance(parameter.value, date):
            what = _PARAMETERS.get(parameter.name, same(parameter.name))
            detail = statement.summary
            if parameter.assumed:
                detail = sentences([_ASSUMED, detail])
            yield Entry(
                uid=_uid("rule", statement.id, parameter.name, parameter.since),
                day=parameter.value,
                title=_RULE.fill(title=statement.title, what=what),
                detail=detail,
                warn_days=0,
            )


_RULE = Text("{title}({what})", "{title} ({what})")
_ASSUMED = Text(
    "資料は月までしか示しておらず、日は仮定です。",
    "The source gives only the month; the day is an assumption.",
)
_PARAMETERS = {
    "opening": Text("制度の運用開始", "the scheme opens"),
    "from": Text("適用開始", "applies from"),
    "grace_until": Text("猶予の期限", "end of grace"),
}
