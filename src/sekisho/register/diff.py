"""What changed from one list to another, by registration number.

A label that is missing from the newer list has vanished, which is not the same as revoked; from an
excerpt nothing vanishes. Rows of one registration are taken together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sekisho.register.history import vanished
from sekisho.register.model import LabelStatus
from sekisho.register.normalise import model_key, version_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sekisho.register.model import Label, Listing


class Kind(StrEnum):
    """One kind of change."""

    NEW = "new"
    STATUS = "status-changed"
    LEVEL = "level-changed"
    MODELS_ADDED = "models-added"
    MODELS_REMOVED = "models-removed"
    VERSIONS_ADDED = "versions-added"
    VERSIONS_REMOVED = "versions-removed"
    EXTENDED = "extended"
    SHORTENED = "shortened"
    EXPIRY_STATED = "expiry-stated"
    EXPIRY_DROPPED = "expiry-dropped"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one registration."""

    kind: Kind
    label: Label
    """As on the newer list; as on the older one where it has vanished."""
    before: str
    after: str

    @property
    def worse(self) -> bool:
        """Whether who relied on the label has something to look into."""
        match self.kind:
            case (
                Kind.VANISHED
                | Kind.SHORTENED
                | Kind.EXPIRY_DROPPED
                | Kind.MODELS_REMOVED
                | Kind.VERSIONS_REMOVED
            ):
                return True
            case Kind.STATUS:
                return self.label.status is not LabelStatus.VALID
            case Kind.LEVEL:
                return self.after < self.before
            case (
                Kind.NEW
                | Kind.MODELS_ADDED
                | Kind.VERSIONS_ADDED
                | Kind.EXTENDED
                | Kind.EXPIRY_STATED
            ):
                return False


def diff(old: Listing, new: Listing) -> tuple[Change, ...]:
    """The changes from `old` to `new`, in the order of the newer list, the vanished last."""
    before, after = _by_key(old.labels), _by_key(new.labels)
    changes: list[Change] = []
    for key, rows in after.items():
        if key in before:
            changes.extend(_changes(before[key], rows))
        else:
            changes.append(Change(kind=Kind.NEW, label=rows[0], before="", after=_statuses(rows)))
    changes.extend(
        Change(kind=Kind.VANISHED, label=gone.label, before=_statuses([gone.label]), after="")
        for gone in vanished([old, new])
    )
    return tuple(changes)


def _by_key(labels: Iterable[Label]) -> dict[str, list[Label]]:
    rows: dict[str, list[Label]] = {}
    for label in labels:
        rows.setdefault(label.key, []).append(label)
    return rows


def _changes(before: Sequence[Label], after: Sequence[Label]) -> Iterator[Change]:
    label = after[0]

    def change(kind: Kind, was: str, now: str) -> Change:
        return Change(kind=kind, label=label, before=was, after=now)

    if {row.status for row in before} != {row.status for row in after} or (
        label.status is LabelStatus.UNKNOWN and _statuses(before) != _statuses(after)
    ):
        yield change(Kind.STATUS, _statuses(before), _statuses(after))
    if (was := _levels(before)) != (now := _levels(after)):
        yield change(Kind.LEVEL, was, now)
    yield from _expiry(_latest(before), _latest(after), change)
    yield from _names(
        {model_key(name): name for row in before for name in row.models},
        {model_key(name): name for row in after for name in row.models},
        lambda more, fewer: change(Kind.MODELS_ADDED if more else Kind.MODELS_REMOVED, fewer, more),
    )
    yield from _names(
        {version_key(name): name for row in before for name in row.versions},
        {version_key(name): name for row in after for name in row.versions},
        lambda more, fewer: change(
            Kind.VERSIONS_ADDED if more else Kind.VERSIONS_REMOVED, fewer, more
        ),
    )


def _names(
    old: Mapping[str, str], new: Mapping[str, str], change: Callable[[str, str], Change]
) -> Iterator[Change]:
    if more := [name for key, name in new.items() if key not in old]:
        yield change(", ".join(more), "")
    if fewer := [name for key, name in old.items() if key not in new]:
        yield change("", ", ".join(fewer))


def _expiry(
    was: date | None, now: date | None, change: Callable[[Kind, str, str], Change]
) -> Iterator[Change]:
    if was == now:
        return
    if was is None:
        kind = Kind.EXPIRY_STATED
    elif now is None:
        kind = Kind.EXPIRY_DROPPED
    else:
        kind = Kind.EXTENDED if now > was else Kind.SHORTENED
    yield change(kind, was.isoformat() if was else "", now.isoformat() if now else "")


def _latest(rows: Sequence[Label]) -> date | None:
    return max((row.expires for row in rows if row.expires is not None), default=None)


def _statuses(rows: Sequence[Label]) -> str:
    return " / ".join(dict.fromkeys(row.status_raw or "—" for row in rows))


def _levels(rows: Sequence[Label]) -> str:
    return " / ".join(sorted({f"★{row.level}" if row.level else "—" for row in rows}))
