"""Structured logs: one JSON line for each thing that the shell sees change.

A thread of its own looks once a second and writes; a reader that takes nothing stops this thread and
nothing else. The journal is the record; these lines are for whoever watches the machine. Every value
comes from a closed set, a device's id, or a message of ours; no command, key or secret is in them.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING

from structlog.processors import JSONRenderer, TimeStamper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sekisho.shell.gate.run import Running
    from sekisho.terms.ids import DeviceId

EVERY_S = 1.0
MOST_TEXT = 300
"""Longest text of one value."""

Fields = dict[str, object]


class Event(StrEnum):
    """What a line tells; a closed set."""

    STARTED = "started"
    ENDED = "ended"
    DEVICE_UP = "device-up"
    DEVICE_LOST = "device-lost"
    WATCHDOG = "watchdog"
    NORTH_UP = "north-up"
    NORTH_DOWN = "north-down"
    DOCUMENT_REFUSED = "document-refused"
    STORE_TROUBLE = "store-trouble"
    STORE_WELL = "store-well"
    RAISED = "raised"
    """A latch, an alarm or a failure came."""
    CLEARED = "cleared"
    CYCLES_MISSED = "cycles-missed"


_BAD = frozenset(
    {
        Event.DEVICE_LOST,
        Event.NORTH_DOWN,
        Event.DOCUMENT_REFUSED,
        Event.STORE_TROUBLE,
        Event.RAISED,
        Event.CYCLES_MISSED,
    }
)


class Look:
    """What was seen last, and the lines that follow from what is seen now."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._links: dict[DeviceId, str] = {}
        self._dogs: dict[DeviceId, str] = {}
        self._north: bool | None = None
        self._document = ""
        self._store: str | None = None
        self._standing: frozenset[str] = frozenset()
        self._missed = 0

    def lines(self) -> Iterator[tuple[Event, Fields]]:
        """One for each thing that changed since the last look."""
        yield from self._devices()
        yield from self._line_north()
        yield from self._disk()
        yield from self._plant()

    def _devices(self) -> Iterator[tuple[Event, Fields]]:
        for device, worker in list(self._running.workers.items()):
            link, dog = worker.seen.link.value, worker.seen.watchdog.value
            if self._links.get(device) != link:
                self._links[device] = link
                event = Event.DEVICE_UP if link == "up" else Event.DEVICE_LOST
                yield event, {"device": str(device), "why": worker.trouble}
            if self._dogs.get(device, "unarmed") != dog:
                self._dogs[device] = dog
                yield Event.WATCHDOG, {"device": str(device), "state": dog}

    def _line_north(self) -> Iterator[tuple[Event, Fields]]:
        north, watch = self._running.north, self._running.watch
        if north is not None and north.line.up is not self._north:
            self._north = north.line.up
            trouble = north.line.trouble
            why = "" if trouble is None else trouble.what.en
            yield (Event.NORTH_UP if self._north else Event.NORTH_DOWN), {"why": why}
        if watch is not None and watch.document_trouble != self._document:
            self._document = watch.document_trouble
            if self._document:
                yield Event.DOCUMENT_REFUSED, {"why": self._document}

    def _disk(self) -> Iterator[tuple[Event, Fields]]:
        trouble = self._running.store.trouble
        if trouble != self._store:
            self._store = trouble
            yield (Event.STORE_WELL if trouble is None else Event.STORE_TROUBLE), {"why": trouble}

    def _plant(self) -> Iterator[tuple[Event, Fields]]:
        gate = self._running.engine.gate
        groups: Mapping[str, frozenset[str]] = {
            "latch": frozenset(map(str, gate.durable.latches)),
            "alarm": frozenset(map(str, gate.run.alarms)),
            "failure": frozenset(map(str, gate.run.failures)),
        }
        now = frozenset(f"{group}:{word}" for group, words in groups.items() for word in words)
        for what in sorted(now - self._standing):
            yield Event.RAISED, {"what": what}
        for what in sorted(self._standing - now):
            yield Event.CLEARED, {"what": what}
        self._standing = now
        missed = self._running.cycle.missed if self._running.cycle is not None else 0
        if missed > self._missed:
            yield Event.CYCLES_MISSED, {"count": missed - self._missed}
            self._missed = missed


def rendered(event: Event, fields: Fields) -> str:
    """One line of JSON in ASCII, so that no terminal is told anything by it."""
    level = "warning" if event in _BAD else "info"
    short = {k: v[:MOST_TEXT] if isinstance(v, str) else v for k, v in fields.items()}
    line: Fields = {"event": event.value, "level": level, **short}
    stamped = TimeStamper(fmt="iso", utc=True)(None, "", line)
    return str(JSONRenderer(sort_keys=True)(None, "", stamped))


class Log:
    """The thread that looks and writes."""

    def __init__(self, running: Running, write: Callable[[str], object]) -> None:
        """Not running yet.

        Args:
            running: the gate; only read.
            write: takes one line; it may block, and may fail.
        """
        self._look = Look(running)
        self._site = str(running.site.settings.site)
        self._write = write
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def __enter__(self) -> None:
        """Begins."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Ends; waits for a slow reader no longer than a second."""
        self._ended.set()
        self._thread.join(EVERY_S)

    def _run(self) -> None:
        with suppress(OSError, ValueError):  # nobody reads any more
            self._tell(Event.STARTED, {"site": self._site})
            while not self._ended.wait(EVERY_S):
                for event, fields in self._look.lines():
                    self._tell(event, fields)
            self._tell(Event.ENDED, {"site": self._site})

    def _tell(self, event: Event, fields: Fields) -> None:
        self._write(rendered(event, fields) + "\n")
