"""An entry to its canonical bytes and back."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.evidence.canonical import read, written
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.terms.quantity import BootMs, WallMs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.journal.entries import Body

MOST_ENTRY_BYTES = 64 * 1024
"""Largest entry."""
_MEMBERS = {"behind", "body", "boot", "kind", "wall"}
_KINDS = frozenset(kind.value for kind in EntryKind)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Canonical bytes of an entry that this version does not know; the chain covers it all the same."""

    value: Mapping[str, object]


def entry_bytes(entry: Entry) -> bytes:
    """The canonical bytes of an entry.

    Raises:
        Malformed: its body holds something else than whole numbers, words, yes, no and nothing, or it
            is larger than `MOST_ENTRY_BYTES`; a fault of ours.
    """
    data = written(
        {
            "behind": entry.behind,
            "body": entry.body,
            "boot": entry.boot,
            "kind": entry.kind.value,
            "wall": entry.wall,
        }
    )
    if len(data) > MOST_ENTRY_BYTES:
        raise Malformed(Flaw.SIZE, f"an entry of {len(data)} bytes, most {MOST_ENTRY_BYTES}")
    return data


def read_entry(data: bytes) -> Entry | Unknown:
    """The entry of canonical bytes.

    Raises:
        Malformed: they are not canonical.
    """
    return entry_of(read(data))


def entry_of(value: Mapping[str, object]) -> Entry | Unknown:
    """The entry that a JSON object stands for."""
    if set(value) != _MEMBERS:
        return Unknown(value)
    wall, boot, body, behind = value["wall"], value["boot"], value["body"], value["behind"]
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in _KINDS:
        return Unknown(value)
    if type(wall) is not int or type(boot) is not int:
        return Unknown(value)
    if not isinstance(body, dict) or type(behind) is not bool:
        return Unknown(value)
    return Entry(
        kind=EntryKind(kind),
        wall=WallMs(wall),
        boot=BootMs(boot),
        body=cast("Body", MappingProxyType(body)),
        behind=behind,
    )
