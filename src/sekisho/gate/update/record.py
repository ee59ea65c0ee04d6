"""The updater's record to its bytes and back."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.evidence.canonical import read, written
from sekisho.gate.update.reasons import Reason
from sekisho.gate.update.steps import TRIES, Change, Phase, Record
from sekisho.gate.update.version import Version, read_version

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
_MEMBERS = {"change", "current", "failed", "format", "highest", "previous", "seen"}
_CHANGE = {"beat_s", "digest", "new", "old", "phase", "tries", "why"}


def record_bytes(record: Record) -> bytes:
    """The record's one spelling."""
    return written(
        {
            "format": FORMAT,
            "current": _said(record.current),
            "previous": _said(record.previous),
            "highest": _said(record.highest),
            "failed": record.failed,
            "seen": None if record.seen is None else dict(record.seen),
            "change": None if record.change is None else _change_doc(record.change),
        }
    )


def read_record(data: bytes) -> Record:
    """The record of its bytes.

    Raises:
        Malformed: they are no record of this format.
    """
    found = read(data)
    if set(found) != _MEMBERS or found["format"] != FORMAT:
        raise Malformed(Flaw.MEMBER, "not exactly the members of a record")
    change = found["change"]
    return Record(
        current=_version(found["current"]),
        previous=_version(found["previous"]),
        highest=_version(found["highest"]),
        failed=_text(found["failed"]),
        seen=_seen(found["seen"]),
        change=None if change is None else _change(change),
    )


def _change_doc(change: Change) -> Mapping[str, object]:
    return {
        "phase": change.phase.value,
        "old": _said(change.old),
        "new": str(change.new),
        "digest": change.digest,
        "beat_s": change.beat_s,
        "why": None if change.why is None else change.why.value,
        "tries": change.tries,
    }


def _change(value: object) -> Change:
    if not isinstance(value, dict) or set(value) != _CHANGE:
        raise Malformed(Flaw.MEMBER, "not exactly the members of a change")
    phase, why, new = value["phase"], value["why"], _version(value["new"])
    tries, beat_s, digest = value["tries"], value["beat_s"], value["digest"]
    if phase not in set(Phase) or new is None or not isinstance(digest, str):
        raise Malformed(Flaw.VALUE, "change")
    if why is not None and why not in set(Reason):
        raise Malformed(Flaw.VALUE, "why")
    if type(tries) is not int or not 0 <= tries <= TRIES or type(beat_s) is not int or beat_s < 0:
        raise Malformed(Flaw.VALUE, "tries, beat_s")
    return Change(
        phase=Phase(phase),
        old=_version(value["old"]),
        new=new,
        digest=digest,
        beat_s=beat_s,
        why=None if why is None else Reason(why),
        tries=tries,
    )


def _said(version: Version | None) -> str | None:
    return None if version is None else str(version)


def _version(value: object) -> Version | None:
    if value is None:
        return None
    try:
        return read_version(_text(value) or "")
    except ValueError:
        raise Malformed(Flaw.VALUE, "a version") from None


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Malformed(Flaw.VALUE, "a text")
    return value


def _seen(value: object) -> Mapping[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not all(type(one) is int for one in value.values()):
        raise Malformed(Flaw.VALUE, "seen")
    return MappingProxyType(dict(value))
