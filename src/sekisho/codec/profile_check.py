"""Whether a profile makes sense as a whole: roles, places, samples, watchdog, wear.

Every question is asked of every point, so that all problems are told at once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sekisho.codec.meanings import STATES, Meaning
from sekisho.codec.points import Pace
from sekisho.codec.profile_points import point_faults
from sekisho.codec.profile_roles import MAY, NEEDED
from sekisho.codec.profile_samples import sample_faults
from sekisho.codec.profile_watchdog import watchdog_faults
from sekisho.site.faults import Fault
from sekisho.terms.texts import Text, listed, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.codec.profile_document import PointTable, ProfileDocument
    from sekisho.codec.profile_draft import Draft
    from sekisho.site.locate import Path


def faults_in(document: ProfileDocument, drafts: Sequence[Draft]) -> Iterator[Fault]:
    """Everything about a profile that cannot be."""
    for n, (table, draft) in enumerate(zip(document.point, drafts, strict=True)):
        path: Path = ("point", n)
        yield from _role_faults(path, table, document)
        yield from point_faults(path, table, draft)
        yield from sample_faults(path, table, draft, document)
    yield from _twice(document)
    yield from _overlaps(drafts)
    yield from _missing(document)
    yield from watchdog_faults(document)


def _role_faults(path: Path, table: PointTable, document: ProfileDocument) -> Iterator[Fault]:
    role = document.device.role
    if table.meaning not in MAY[role]:
        yield Fault(
            (*path, "meaning"),
            Text("{role} に {meaning} は使えません。", "A {role} does not have {meaning}.").fill(
                role=role, meaning=table.meaning
            ),
            Text("使える意味: {words}", "Allowed meanings: {words}").fill(
                words=", ".join(sorted(MAY[role]))
            ),
        )


def _twice(document: ProfileDocument) -> Iterator[Fault]:
    seen: set[Meaning] = set()
    for n, table in enumerate(document.point):
        if table.meaning in seen:
            yield Fault(
                ("point", n, "meaning"),
                Text("{meaning} が2つあります。", "There are two points of {meaning}.").fill(
                    meaning=table.meaning
                ),
                Text("どちらか一方を消してください。", "Delete one of the two."),
            )
        seen.add(table.meaning)


_TOLD_TOGETHER = STATES | {Meaning.ALARMS}
"""Meanings that one status register may hold side by side."""


def _overlaps(drafts: Sequence[Draft]) -> Iterator[Fault]:
    """Points over one another; a status register that is read in several ways is no fault."""
    placed = sorted(
        ((d.point.span, n, d.point.meaning) for n, d in enumerate(drafts)),
        key=lambda p: (p[0].space, p[0].address, p[0].length),
    )
    for (one, _, first), (two, n, second) in pairwise(placed):
        if one.space is not two.space or two.address >= one.end:
            continue
        if one == two and {first, second} <= _TOLD_TOGETHER:
            continue
        yield Fault(
            ("point", n, "address"),
            Text(
                "{space} {address} で別の点と重なっています。",
                "It overlaps another point at {space} {address}.",
            ).fill(space=two.space, address=two.address),
            Text("番地と kind を確かめてください。", "Check the addresses and the kinds."),
        )


def _missing(document: ProfileDocument) -> Iterator[Fault]:
    told = {table.meaning for table in document.point}
    role = document.device.role
    for choice in NEEDED[role]:
        if not told.intersection(choice):
            yield Fault(
                ("device", "role"),
                Text(
                    "{role} に必要な点がありません: {words}", "A {role} needs a point: {words}"
                ).fill(role=role, words=listed(same(m) for m in choice)),
                Text("[[point]] を書き足してください。", "Add it as a [[point]]."),
            )
    currents = told & {Meaning.CHARGE_CURRENT_LIMIT, Meaning.DISCHARGE_CURRENT_LIMIT}
    if currents and Meaning.DC_VOLTAGE not in told:
        yield Fault(
            ("device", "role"),
            Text(
                "電流の上限を電力にするための dc-voltage がありません。",
                "There is no dc-voltage to make power of the limits of current.",
            ),
            Text("dc-voltage の [[point]] を書き足してください。", "Add a [[point]] dc-voltage."),
        )
    paces = {t.meaning: t.pace or Pace.SLOW for t in document.point}
    if len({paces[m] for m in currents | ({Meaning.DC_VOLTAGE} & told)}) > 1 and currents:
        yield Fault(
            ("device", "role"),
            Text(
                "電流の上限と dc-voltage は同じ pace で読みます。",
                "Limits of current and dc-voltage are read at one pace.",
            ),
            Text("pace をそろえてください。", "Give them the same pace."),
        )
