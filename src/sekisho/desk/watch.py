"""What a new list changes for given sites.

Two registers are compared: what was known with the last list, and with the new one. For each
device three questions are asked: has anything changed about the label that it rested on, has the
way it is found changed, and does its label end before a date of the site. An alert that was already
there with the last list is shown and is not news: only news can be a change for the worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.desk.register_page import KIND_TEXTS
from sekisho.register.diff import diff
from sekisho.register.match import match
from sekisho.register.model import (
    Accepted,
    Candidates,
    Conflict,
    Gone,
    Label,
    Match,
    Unlisted,
    Unnamed,
)
from sekisho.site.words import MILESTONE_TEXTS
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sekisho.register.diff import Change
    from sekisho.register.match import Index
    from sekisho.register.model import Listing
    from sekisho.site.model import Device, Identity, Site
    from sekisho.terms.ids import DeviceId, SiteId


class Kind(StrEnum):
    """What an alert is about."""

    LIST = "list"
    """The list says something else about a label."""
    FOUND = "found"
    """A device is found in another way than before."""
    ENDS = "ends"
    """A label ends before a date of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing that somebody should know about one site."""

    site: SiteId
    devices: tuple[DeviceId, ...]
    kind: Kind
    what: Text
    label: Label | None
    news: bool
    """False where it was already so with the last list."""
    worse: bool

    @property
    def counts(self) -> bool:
        """Whether something has changed for the worse."""
        return self.news and self.worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The lists that are compared, and the register that each of them gives."""

    last: Listing
    new: Listing
    before: Index
    after: Index
    today: date


def watch(sites: Iterable[Site], lists: Watched) -> tuple[Alert, ...]:
    """All alerts, site by site in the order given; what is news and worse comes first."""
    changes = diff(lists.last, lists.new)
    alerts: list[Alert] = []
    for site in sites:
        alerts.extend(sorted(_site(site, lists, changes), key=lambda a: not a.counts))
    return tuple(alerts)


def _site(site: Site, lists: Watched, changes: Sequence[Change]) -> list[Alert]:
    alerts: list[Alert] = []
    for identity, devices in _products(site.devices):
        names = tuple(device.id for device in devices)
        was, now = match(identity, lists.before), match(identity, lists.after)
        alerts.extend(said := list(_listed(site, names, changes, was, now)))
        if not (said and isinstance(now, Gone)):  # that it vanished has just been said
            alerts.extend(_found(site, names, lists, was, now))
        alerts.extend(_ends(site, names, lists, was, now))
    return alerts


def _products(devices: Iterable[Device]) -> list[tuple[Identity, list[Device]]]:
    """Devices of one product are one question."""
    alike: dict[Identity, list[Device]] = {}
    for device in devices:
        alike.setdefault(device.identity, []).append(device)
    return list(alike.items())


def _listed(
    site: Site, names: tuple[DeviceId, ...], changes: Sequence[Change], was: Match, now: Match
) -> Iterator[Alert]:
    keys = _keys(was) | _keys(now)
    for change in changes:
        if change.label.key in keys:
            yield Alert(
                site=site.id,
                devices=names,
                kind=Kind.LIST,
                what=_CHANGED.fill(
                    change=KIND_TEXTS[change.kind],
                    before=change.before or "—",
                    after=change.after or "—",
                ),
                label=change.label,
                news=True,
                worse=change.worse,
            )


_CHANGED = Text("{change}: {before} → {after}", "{change}: {before} → {after}")


def _keys(found: Match) -> set[str]:
    """Labels that an answer rests on or points at."""
    match found:
        case Accepted(labels=labels):
            return {label.key for label in labels}
        case Conflict(label=label):
            return {label.key}
        case Gone(vanished=vanished):
            return {vanished.label.key}
        case Candidates() | Unlisted() | Unnamed():
            return set()


_FOUND_TEXTS = {
    Accepted: Text("一致", "matched"),
    Conflict: Text("食い違い", "conflict"),
    Candidates: Text("候補のみ", "candidates only"),
    Gone: Text("リストから消えた", "vanished"),
    Unlisted: Text("リストにない", "not on the list"),
    Unnamed: Text("製品の記載なし", "no product stated"),
}
_FOUND = Text("照合の結果: {was} → {now}", "found: {was} → {now}")


def _found(
    site: Site, names: tuple[DeviceId, ...], lists: Watched, was: Match, now: Match
) -> Iterator[Alert]:
    before, after = (
        _rank(was, complete=lists.last.info.complete),
        _rank(now, complete=lists.new.info.complete),
    )
    if before == after:
        return
    yield Alert(
        site=site.id,
        devices=names,
        kind=Kind.FOUND,
        what=_FOUND.fill(was=_FOUND_TEXTS[type(was)], now=_FOUND_TEXTS[type(now)]),
        label=next(iter(now.labels), None) if isinstance(now, Accepted) else None,
        news=True,
        worse=after < before,
    )


def _rank(found: Match, *, complete: bool) -> int:
    """How much an answer is worth; absence from an excerpt says nothing."""
    match found:
        case Accepted():
            return 2
        case Candidates() | Conflict() | Gone() | Unnamed():
            return 1
        case Unlisted():
            return 0 if complete else 1


_ENDS = Text(
    "ラベルの有効期限 {expires} が{milestone}({day})より前です",
    "the label ends on {expires}, before {milestone} ({day})",
)


def _ends(
    site: Site, names: tuple[DeviceId, ...], lists: Watched, was: Match, now: Match
) -> Iterator[Alert]:
    last = _last(now)
    if last is None or last.expires is None:
        return
    former = _last(was)
    for milestone, day in sorted(site.dates.items(), key=lambda item: item[1]):
        if day < lists.today or day <= last.expires:
            continue
        already = former is not None and former.expires is not None and day > former.expires
        yield Alert(
            site=site.id,
            devices=names,
            kind=Kind.ENDS,
            what=_ENDS.fill(expires=last.expires, milestone=MILESTONE_TEXTS[milestone], day=day),
            label=last,
            news=not already,
            worse=True,
        )


def _last(found: Match) -> Label | None:
    """The label that lasts longest; None where one of them does not state its end."""
    if not isinstance(found, Accepted) or any(label.expires is None for label in found.labels):
        return None
    return max(found.labels, key=lambda label: (str(label.expires), label.key))
