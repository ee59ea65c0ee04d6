"""The gate's two words with the updater: the beat that it writes, and what it is told at its start."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.codec.strict_json import Malformed
from sekisho.gate.update.beat import Beat, beat_bytes
from sekisho.gate.update.told import MOST_BYTES, read_told
from sekisho.terms.errors import SekishoError

if TYPE_CHECKING:
    from sekisho.gate.journal.entries import Body
    from sekisho.shell.gate.cycle import Cycle
    from sekisho.shell.gate.engine import Engine
    from sekisho.shell.gate.state_folder import StateFolder
    from sekisho.shell.gate.store import Store

EVERY_S = 0.5
_JOURNALLED = "update.told"
"""Number of the last telling that was journalled, in the state folder."""
_MOST_DIGITS = 20


class Beats:
    """Writes the beat twice a second, beside the cycle and never in its way."""

    def __init__(self, place: Path, engine: Engine, store: Store, cycle: Cycle) -> None:
        self._place = place
        self._engine = engine
        self._store = store
        self._cycle = cycle
        self._started = engine.clock().boot
        self._floor = 0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            data = beat_bytes(self.beat())
            with suppress(OSError):  # a beat that is not written is one that is not seen
                await asyncio.to_thread(self._write, data)
            await asyncio.sleep(EVERY_S)

    def beat(self) -> Beat:
        """The beat as it is now."""
        clock, gate = self._engine.clock(), self._engine.gate
        if clock.sure:
            self._floor = max(self._floor, clock.wall)
        return Beat(
            program=__version__,
            started=self._started,
            boot=clock.boot,
            ticks=self._cycle.ticks,
            entries=self._store.committed.number,
            behind_ms=self._store.uncommitted_ms(clock.boot),
            at_rest=round(gate.run.total) == 0 and not gate.durable.standing,
            time_floor=self._floor,
        )

    def _write(self, data: bytes) -> None:
        beside = self._place.with_name(f".{self._place.name}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(beside, flags, 0o644), "wb") as stream:
            stream.write(data)
            os.fchmod(stream.fileno(), 0o644)  # the updater is another user, whatever the umask
        beside.replace(self._place)


def own_telling() -> Path | None:
    """Where the updater tells a program that runs from its `versions/`; None: it runs from elsewhere."""
    folder = Path(sys.prefix)
    return folder.parent.parent / "told.json" if folder.parent.name == "versions" else None


def news(place: Path | None, state: StateFolder) -> tuple[int, Body] | None:
    """What the updater did since this gate last journalled it, for an entry.

    What cannot be read is no reason not to run.
    """
    if place is None:
        return None
    try:
        with place.open("rb") as stream:
            told = read_told(stream.read(MOST_BYTES + 1))
    except (OSError, Malformed):
        return None
    if told.number == _journalled(state):
        return None
    body: Body = {
        "old": told.old,
        "new": told.new,
        "digest": told.digest,
        "why": told.why,
        "line": told.number,
    }
    return told.number, body


def journalled(state: StateFolder, number: int) -> None:
    """It was journalled; where this is not kept, it is journalled once more, which does no harm."""
    with suppress(SekishoError):
        state.write(_JOURNALLED, b"%d\n" % number)


def _journalled(state: StateFolder) -> int:
    try:
        return int(state.read(_JOURNALLED)[:_MOST_DIGITS])
    except (SekishoError, ValueError):
        return 0
