"""Which members an archive may have: plain files, under their manifest's names, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.strict_json import Flaw, Malformed
from sekisho.gate.update.manifest import FILE, MOST_BYTES, MOST_FILES, NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.gate.update.manifest import Manifest

_DOS = 0
_UNIX = 3
_REGULAR, _KIND = 0o100000, 0o170000
_STORED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What an archive's directory says of one member; nothing of it is believed."""

    name: str
    size: int
    packed: int
    method: int
    """Compression; only 0, stored, is read: what is not packed cannot swell."""
    system: int
    """Which system made it (0 DOS, 3 Unix)."""
    attributes: int
    """External attributes; the upper half is the mode where the system is Unix."""
    flags: int


def plain_members(members: Sequence[Member]) -> None:
    """Refuses a directory that holds anything but plain, stored files with simple names.

    Raises:
        Malformed: a link, a folder, a device, a name that leads elsewhere or stands twice, something
            compressed or encrypted, or too many.
    """
    if len(members) > MOST_FILES + 1:
        raise Malformed(Flaw.SIZE, f"more than {MOST_FILES + 1} members")
    if not members or members[0].name != NAME:
        raise Malformed(Flaw.MEMBER, f"{NAME} is not the first member")
    if members[0].size > MOST_BYTES:
        raise Malformed(Flaw.SIZE, f"{NAME} is too large")
    if len({member.name.casefold() for member in members}) != len(members):
        raise Malformed(Flaw.MEMBER, "a name stands twice")
    for member in members:
        _plain(member)


def agreed(members: Sequence[Member], manifest: Manifest) -> None:
    """Refuses an archive whose directory is not exactly what its manifest names.

    Raises:
        Malformed: one file more or less, or another size.
    """
    named = {part.name: part.size for part in manifest.files}
    there = {member.name: member.size for member in members[1:]}
    if named != there:
        odd = min(set(named.items()) ^ set(there.items()))[0]
        raise Malformed(Flaw.MEMBER, f"the manifest and the archive differ at {odd}")


def _plain(member: Member) -> None:
    if FILE.fullmatch(member.name) is None:
        raise Malformed(Flaw.VALUE, f"a name that is not allowed: {member.name[:60]!r}")
    mode = member.attributes >> 16
    kind = mode & _KIND
    if member.system not in {_DOS, _UNIX} or kind not in {0, _REGULAR}:
        raise Malformed(Flaw.VALUE, f"no plain file: {member.name[:60]}")
    if member.method != _STORED or member.packed != member.size:
        raise Malformed(Flaw.VALUE, f"compressed: {member.name[:60]}")
    if member.flags & ~0x800:  # bit 11: the name is UTF-8
        raise Malformed(Flaw.VALUE, f"encrypted or streamed: {member.name[:60]}")
