"""Whom a rule addresses at all: the part of a rule that is data, not judgement."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text, listed, same

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from sekisho.rulebook.statement import Applies
    from sekisho.site.model import Owner, Programme, Resource, Site, Voltage, Work

_RESOURCE = Text(
    "この規則の対象電源は{wanted}で、本件は{given}です。",
    "The rule addresses {wanted}; this site is {given}.",
)
_VOLTAGE = Text(
    "この規則の対象電圧区分は{wanted}で、本件は{given}です。",
    "The rule addresses voltage class {wanted}; this site is {given}.",
)
_WORK = Text(
    "この規則は{wanted}の工事が対象で、本件は{given}です。",
    "The rule addresses work of kind {wanted}; this site is {given}.",
)
_OWNER = Text(
    "この規則の対象者は{wanted}で、本件は{given}です。",
    "The rule addresses owners of kind {wanted}; this one is {given}.",
)
_JOINS = Text(
    "本件は{wanted}に参加しません([programmes] joins)。",
    "The site does not join {wanted} ([programmes] joins).",
)

WORDS: dict[str, Text] = {
    "battery": Text("蓄電池", "battery"),
    "solar": Text("太陽光", "solar"),
    "wind": Text("風力", "wind"),
    "fuel-cell": Text("燃料電池", "fuel cell"),
    "low": Text("低圧", "low"),
    "high": Text("高圧", "high"),
    "extra-high": Text("特別高圧", "extra-high"),
    "new": Text("新設", "new"),
    "replacement": Text("更新", "replacement"),
    "private": Text("民間", "private"),
    "government": Text("政府機関等", "government"),
}
"""The words of the site file as a person reads them."""


def not_addressed(applies: Applies, site: Site) -> Text | None:
    """Why a rule asks nothing of this site, or None where it may ask something."""
    return _not_addressed(applies, site.joins, site.resource, site.voltage, (site.work, site.owner))


@lru_cache(maxsize=4096)
def _not_addressed(
    applies: Applies,
    joins: frozenset[Programme],
    resource: Resource,
    voltage: Voltage,
    who: tuple[Work, Owner],
) -> Text | None:
    """Remembered, because the sites of a portfolio are alike in these words."""
    work, owner = who
    if applies.joins and not applies.joins & joins:
        return _JOINS.fill(wanted=_words(applies.joins))
    if applies.resource and resource not in applies.resource:
        return _said(_RESOURCE, applies.resource, resource)
    if applies.voltage and voltage not in applies.voltage:
        return _said(_VOLTAGE, applies.voltage, voltage)
    if applies.work and work not in applies.work:
        return _said(_WORK, applies.work, work)
    if applies.owner and owner not in applies.owner:
        return _said(_OWNER, applies.owner, owner)
    return None


def _said(text: Text, wanted: Iterable[StrEnum], given: StrEnum) -> Text:
    return text.fill(wanted=_words(wanted), given=WORDS[given.value])


def _words(values: Iterable[StrEnum]) -> Text:
    return listed(WORDS.get(v, same(v)) for v in sorted(v.value for v in values))
