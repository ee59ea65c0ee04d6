"""What the updater's commands print for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import TypedDict

if TYPE_CHECKING:
    from sekisho.gate.update.log import Line
    from sekisho.gate.update.reasons import Reason
    from sekisho.gate.update.steps import Change, Record
    from sekisho.gate.update.version import Version


class ChangeDoc(TypedDict):
    """A switch on its way."""

    phase: str
    old: str | None
    new: str
    why: str | None


class LineDoc(TypedDict):
    """One line of the updater's log."""

    number: int
    wall: int
    kind: str
    what: dict[str, str | None]


class UpdateStatusDoc(TypedDict):
    """What `sekisho update status --format json` prints."""

    model: str
    current: str | None
    previous: str | None
    highest: str | None
    running: str | None
    """Version of the program whose beat was seen; None: none runs."""
    change: ChangeDoc | None
    waiting: bool
    """Whether an update lies in the drop."""
    lines: list[LineDoc]
    """The last of the log, the latest last."""


class UpdateDoc(TypedDict):
    """What `sekisho update check`, `apply`, `rollback` and `resume` print as JSON."""

    outcome: str
    """new, old, unchanged: how a switch ended; offered, refused, nothing."""
    old: str | None
    new: str | None
    digest: str | None
    reason: str | None
    detail: str


def status_doc(
    model: str, record: Record, running: str | None, lines: list[Line], *, waiting: bool
) -> UpdateStatusDoc:
    """The status for programs."""
    return {
        "model": model,
        "current": said(record.current),
        "previous": said(record.previous),
        "highest": said(record.highest),
        "running": running,
        "change": None if record.change is None else _change(record.change),
        "waiting": waiting,
        "lines": [
            {
                "number": line.number,
                "wall": line.wall,
                "kind": line.kind.value,
                "what": {
                    name: None if value is None else str(value) for name, value in line.body.items()
                },
            }
            for line in lines
        ],
    }


def update_doc(
    outcome: str,
    *,
    old: Version | None = None,
    new: Version | None = None,
    digest: str | None = None,
    reason: Reason | None = None,
    detail: str = "",
) -> UpdateDoc:
    """How a command ended, for programs."""
    return {
        "outcome": outcome,
        "old": said(old),
        "new": said(new),
        "digest": digest,
        "reason": None if reason is None else reason.value,
        "detail": detail,
    }


def said(version: Version | None) -> str | None:
    """A version as a word."""
    return None if version is None else str(version)


def _change(change: Change) -> ChangeDoc:
    return {
        "phase": change.phase.value,
        "old": said(change.old),
        "new": str(change.new),
        "why": None if change.why is None else change.why.value,
    }
