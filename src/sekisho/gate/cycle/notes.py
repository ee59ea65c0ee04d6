"""What one tick writes down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.journal.entries import Entry, EntryKind

if TYPE_CHECKING:
    from sekisho.gate.clock import Clock
    from sekisho.gate.journal.entries import Plain


class Notes:
    """Collects the entries of one tick, in order."""

    __slots__ = ("_clock", "entries")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[Entry] = []

    def add(self, kind: EntryKind, /, *, behind: bool = False, **body: Plain) -> None:
        """One more entry."""
        clock = self._clock
        self.entries.append(
            Entry(kind=kind, wall=clock.wall, boot=clock.boot, body=body, behind=behind)
        )

    def changes(
        self, before: frozenset[str], after: frozenset[str], came: EntryKind, went: EntryKind
    ) -> None:
        """An entry for each word that came, and for each that went."""
        for word in sorted(after - before):
            self.add(came, what=str(word))
        for word in sorted(before - after):
            self.add(went, what=str(word))
