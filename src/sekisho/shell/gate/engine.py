"""The gate's memory in motion: every change of it goes through here, and to the journal.

One object, used by one event loop, that holds the current `Gate`, calls the pure functions of the
road, and hands what they write down to the store. It decides nothing itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.decision import Outcome, Reason
from sekisho.gate.acknowledged import APART_MS, acknowledged
from sekisho.gate.clock import TimeSense, told
from sekisho.gate.cycle import protect
from sekisho.gate.cycle.failing import Surroundings
from sekisho.gate.cycle.notes import Notes
from sekisho.gate.cycle.tick import tick
from sekisho.gate.durable_form import to_bytes
from sekisho.gate.guard.changes import bounded, trusted
from sekisho.gate.guard.pressure import Pressure
from sekisho.gate.guard.receive import receive
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.restart import Why, without_orders
from sekisho.shell.gate.store import Room, Submitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.decision import Decision
    from sekisho.codec.trust import Trust
    from sekisho.gate.clock import Clock
    from sekisho.gate.cycle.turn import Turn
    from sekisho.gate.guard.check import Check
    from sekisho.gate.guard.question import Verify
    from sekisho.gate.image import PlantImage
    from sekisho.gate.journal.entries import Body
    from sekisho.gate.state import Gate
    from sekisho.shell.gate.kernel_time import TimeSource
    from sekisho.shell.gate.store import Store
    from sekisho.terms.ids import SessionId

KEPT_EVERY_MS = 5_000
"""Without any entry the durable state (budgets) is kept so often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A decision, and when it may be told."""

    decision: Decision
    entry: int
    digest: str
    safe: Submitted | None
    """To be told once this is on the disk; None: it was told before, or cannot be kept."""
    wake: bool
    """The cycle has something new to do."""
    behind: bool
    """It has it at once (a stop, a curtailment: written behind); else once `safe` is done."""


class Engine:
    """See the module's text."""

    def __init__(
        self,
        gate: Gate,
        store: Store,
        time: TimeSource,
        verify: Verify,
        checks: tuple[Check, ...],
    ) -> None:
        """An engine that goes on from a gate's state.

        Args:
            gate: what a start made of the disk (`gate.restart`).
            store: takes entries and durable state.
            time: the kernel's clocks.
            verify: the port that verifies a signature.
            checks: the guard's questions; `shell.gate.run` gives `CHECKS` and takes none.
        """
        self.gate = gate
        self.counted: Counter[str] = Counter()
        """What was refused without an entry since the last minute's line, by reason."""
        self.decided: Counter[tuple[Outcome, Reason | None]] = Counter()
        """What was asked and how it was answered since the start, with an entry or without; the same
        bytes again are no decision."""
        self.lost_entries = 0
        """Entries that the quota left no room for."""
        self.cloud_lost = False
        self.certificate_ends_soon = False
        self._store = store
        self._time = time
        self._verify = verify
        self._checks = checks
        self._sense = TimeSense()
        self._pressure = Pressure()
        self._kept_at = gate.run.at
        self._looked_at = gate.run.at - APART_MS
        self._owed: tuple[Sequence[Entry], Clock] | None = None

    def clock(self) -> Clock:
        """Both clocks now, and how sure they are."""
        self._sense, clock = told(self._sense, self._time())
        return clock

    # ---- the road ----------------------------------------------------------------------------

    def tick(self, image: PlantImage, clock: Clock) -> Turn:
        """One cycle; what it writes down is owed until `settle`, so that orders leave first."""
        self.settle()
        self.gate, turn = tick(self.gate, image, clock, self._around(clock))
        self._owed = (turn.entries, clock)
        return turn

    def settle(self) -> None:
        """Sends what the last tick wrote down to the disk.

        Nothing else changes the gate before this: each state is committed with the entries that
        explain it, in their order.
        """
        if self._owed is not None:
            self._keep(*self._owed)
            self._owed = None

    def receive(self, raw: bytes, image: PlantImage) -> Answer | None:
        """One message from the command topic; None where it is only counted."""
        self.settle()
        clock = self.clock()
        found = receive(self.gate, self._pressure, raw, image, clock, self._verify, self._checks)
        self._pressure = found.pressure
        if not self._can_keep(found.entries):
            # What cannot be written down is not begun: nobody asked.
            self.counted[str(Reason.JOURNAL_BEHIND)] += 1
            self.decided[Outcome.REFUSED, Reason.JOURNAL_BEHIND] += 1
            return None
        self.gate = found.gate
        safe = self._keep(found.entries, clock) if found.entries else None
        if found.counted is not None:
            self.counted[str(found.counted)] += 1
            self.decided[Outcome.REFUSED, found.counted] += 1
        elif found.decision is not None and found.entries:
            self.decided[found.decision.outcome, found.decision.reason] += 1
        if found.decision is None or found.entry is None:
            return None
        if not found.entries and found.entry > self._store.committed.number:
            # A repeat of what is on its way to the disk: it is told when the first is safe, too.
            safe = self._after_all(clock)
            if safe is None:
                return None
        return Answer(
            decision=found.decision,
            entry=found.entry,
            digest=_hex(raw),
            safe=safe,
            wake=found.wake,
            behind=any(one.behind for one in found.entries),
        )

    def acknowledged(self, raw: bytes) -> int | None:
        """Up to where the head-end holds telemetry; None where nobody trusted says so, or too often."""
        clock = self.clock()
        if clock.boot - self._looked_at < APART_MS:
            return None
        self._looked_at = clock.boot
        found = acknowledged(raw, self.gate.trust, clock, self._verify)
        if found is None:
            self.counted["ack"] += 1
        return found

    def trust(self, trust: Trust, session: SessionId) -> None:
        """Another trust.json is in force, and with it a new session."""
        self.settle()
        clock = self.clock()
        changed = trusted(self.gate, trust, session, clock)
        self.gate = changed.gate
        self._keep(changed.entries, clock)

    def bounds(self, bounds: Bounds) -> None:
        """Another bounds.json is in force."""
        self.settle()
        clock = self.clock()
        changed = bounded(self.gate, bounds, clock)
        self.gate = changed.gate
        self._keep(changed.entries, clock)

    def new_session(self, session: SessionId, why: str) -> None:
        """Commands for the old session are refused from here on."""
        self.settle()
        durable = replace(self.gate.durable, session=session, high_water=MappingProxyType({}))
        self.gate = replace(self.gate, durable=durable)
        self.note(EntryKind.SESSION, {"session": str(session), "why": why})

    def restored(self, session: SessionId) -> None:
        """The state on this disk is older than what this gate has done: nothing of it is followed.

        What is left of the budgets is not known either; what they allow within an hour is spent.
        """
        self.settle()
        for one in self.gate.durable.standing:
            body = {"command": str(one.order.envelope.id), "kid": str(one.kid), "why": "restored"}
            self.note(EntryKind.ENDED, body)
        self.gate = without_orders(self.gate)
        self.new_session(session, Why.RESTORED.value)

    def reset(self, image: PlantImage, person: str = "") -> None:
        """Somebody on the spot resets what has latched."""
        self.settle()
        clock = self.clock()
        notes = Notes(clock)
        self.gate = protect.reset_locally(self.gate, image, notes, person)
        self._keep(notes.entries, clock)

    def commissioned(self, body: Body) -> None:
        """This configuration was commissioned."""
        self.settle()
        durable = replace(self.gate.durable, commissioned=self.gate.settings.digest)
        self.gate = replace(self.gate, durable=durable)
        self.note(EntryKind.COMMISSIONED, body)

    def note(self, kind: EntryKind, body: Body) -> None:
        """One entry that the shell knows of: a start, an end, a nameplate."""
        self.settle()
        clock = self.clock()
        self._keep([Entry(kind=kind, wall=clock.wall, boot=clock.boot, body=body)], clock)

    def minute(self) -> None:
        """What was refused without an entry, one line for each reason."""
        self.settle()
        counted, self.counted = self.counted, Counter()
        clock = self.clock()
        body = {"seconds": 60}
        self._keep(
            [
                Entry(
                    kind=EntryKind.COUNTED,
                    wall=clock.wall,
                    boot=clock.boot,
                    body={"reason": reason, "count": count, **body},
                )
                for reason, count in sorted(counted.items())
            ],
            clock,
        )

    # ---- the disk ----------------------------------------------------------------------------

    def _after_all(self, clock: Clock) -> Submitted | None:
        """Done when everything that was sent so far is on the disk; None where too much waits."""
        sent = self._store.submit((), None, clock.boot)
        return None if isinstance(sent, Room) else sent

    def _around(self, clock: Clock) -> Surroundings:
        store = self._store
        return Surroundings(
            committed=store.committed.number,
            behind_ms=store.uncommitted_ms(clock.boot),
            disk_failed=store.trouble is not None or store.room is not Room.ANY,
            cloud_lost=self.cloud_lost,
            certificate_ends_soon=self.certificate_ends_soon,
        )

    def _can_keep(self, entries: Sequence[Entry]) -> bool:
        """Whether the journal takes them; what only lowers risk is done in any case."""
        room = self._store.room
        return all(one.behind or room.takes(one) for one in entries)

    def _keep(self, entries: Sequence[Entry], clock: Clock) -> Submitted | None:
        """Sends entries and the state that they explain to the disk, without waiting for it."""
        if not entries and clock.boot - self._kept_at < KEPT_EVERY_MS:
            return None
        room = self._store.room
        fitting = [one for one in entries if room.takes(one)]
        self.lost_entries += len(entries) - len(fitting)
        sent = self._store.submit(fitting, to_bytes(self.gate.durable), clock.boot)
        self.gate = replace(self.gate, next_entry=self._store.next_number)
        if isinstance(sent, Room):
            self.lost_entries += len(fitting)
            return None
        self._kept_at = clock.boot
        return sent


def _hex(raw: bytes) -> str:

    return hashlib.sha256(raw).hexdigest()
