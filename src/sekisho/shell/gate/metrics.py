"""Metrics of the running gate in Prometheus' text form, over HTTP on the loopback address alone.

One page, `GET /metrics`. Requests are bounded in size, time and number, and a page is made at most
once a second, so that whoever asks cannot disturb the cycle. Labels come from closed sets and from
the site file's devices; no name that the north sent and no secret is among them.

Reference: the Prometheus text exposition format 0.0.4.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho import __version__
from sekisho.codec.decision import Outcome, Reason
from sekisho.codec.modbus.errors import Fault
from sekisho.gate.cycle.charge import shown
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.cycle.meter import shown as metered
from sekisho.gate.failures import Failure
from sekisho.gate.image import Link, OwnDroop, WatchdogState
from sekisho.gate.settings import DroopBy
from sekisho.gate.state import Alarm, Latch
from sekisho.shell.keys import gate_parts_missing
from sekisho.terms.errors import SekishoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from prometheus_client.core import Metric

    from sekisho.shell.gate.run import Running

HOST = "127.0.0.1"
"""There is no way to listen elsewhere."""
MOST_REQUEST = 4_096
MOST_OPEN = 8
ANSWER_S = 3.0
FRESH_S = 1.0
_KIND = "text/plain; version=0.0.4; charset=utf-8"


class Gathered:
    """What `prometheus_client` asks for the metrics: this run's, nothing of the process."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def collect(self) -> Iterator[Metric]:
        """Every metric as it is now."""
        yield from self._plant()
        yield from self._devices()
        yield from self._road()
        yield from self._north()

    def _plant(self) -> Iterator[Metric]:
        engine, cycle = self._running.engine, self._running.cycle
        run, settings = engine.gate.run, engine.gate.settings
        power = soc = None
        if cycle is not None:
            image = cycle.image()
            power, soc = metered(image, settings), shown(image)
        yield _gauge("power_watts", "Power at the connection point, export positive.", power)
        yield _gauge("setpoint_watts", "Set-point of the plant.", run.total)
        yield _gauge("dispatch_watts", "Part of it that was ordered.", run.dispatch)
        yield _gauge("droop_watts", "Part of it that answers the frequency.", run.droop)
        said = "What PCS with droop of their own are expected to add to it."
        yield _gauge("own_droop_watts", said, run.own_droop)
        yield _gauge("state_of_charge_ratio", "State of charge, 0 to 1.", soc)
        hertz = run.frequency.hertz if isinstance(run.frequency, Sure) else None
        yield _gauge("frequency_hertz", "Frequency; absent where it is in doubt.", hertz)
        for name, closed, present in (
            ("latch", Latch, engine.gate.durable.latches),
            ("alarm", Alarm, run.alarms),
            ("failure", Failure, run.failures),
        ):
            values = {str(one): float(one in present) for one in closed}
            yield _gauges(name, f"1 where this {name} is present.", "what", values)

    def _devices(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - an extra part

        up = GaugeMetricFamily("sekisho_link_up", "1 where it answers.", labels=["device"])
        dog = GaugeMetricFamily(
            "sekisho_watchdog", "1 at the state of its watchdog.", labels=["device", "state"]
        )
        own = GaugeMetricFamily(
            "sekisho_own_droop",
            "1 at the state of its own droop, where the gate uses that.",
            labels=["device", "state"],
        )
        reads = CounterMetricFamily("sekisho_reads", "Reads.", labels=["device"])
        writes = CounterMetricFamily("sekisho_writes", "Writes.", labels=["device"])
        connects = CounterMetricFamily("sekisho_connects", "Connections.", labels=["device"])
        errors = CounterMetricFamily("sekisho_errors", "Failures.", labels=["device", "fault"])
        pcs = {one.device for one in self._running.site.settings.pcs}
        mine = {d.device for d in self._running.site.settings.pcs if d.droop_by is DroopBy.OWN}
        for device, worker in self._running.workers.items():
            counted = worker.counters
            up.add_metric([device], float(worker.seen.link is Link.UP))
            reads.add_metric([device], counted.reads)
            writes.add_metric([device], counted.writes)
            connects.add_metric([device], counted.connects)
            for fault in Fault:
                errors.add_metric([device, str(fault.value)], counted.errors.get(fault, 0))
            if device in pcs:
                for state in WatchdogState:
                    dog.add_metric([device, str(state)], float(worker.seen.watchdog is state))
            if device in mine:
                for known in OwnDroop:
                    own.add_metric([device, str(known)], float(worker.seen.own_droop is known))
        yield from (up, dog, own, reads, writes, connects, errors)

    def _road(self) -> Iterator[Metric]:
        engine, store, cycle = self._running.engine, self._running.store, self._running.cycle
        clock = engine.clock()
        late = None if cycle is None else cycle.late_ms / 1_000
        yield _gauge("cycle_late_seconds", "By how much the last tick was late.", late)
        yield _counter("cycle_missed", "Ticks left out.", 0 if cycle is None else cycle.missed)
        yield _gauge("journal_committed", "Entries safe on disk.", store.committed.number)
        behind = store.uncommitted_ms(clock.boot) / 1_000
        yield _gauge("journal_behind_seconds", "Age of the oldest entry not on disk.", behind)
        yield _counter("journal_lost", "Entries without room.", engine.lost_entries)
        yield self._decisions()
        refused = {str(reason): float(engine.counted[str(reason)]) for reason in Reason}
        help_ = "Refused without an entry since the journal's last line of the minute."
        yield _gauges("counted_refusals", help_, "reason", refused)
        yield _gauge("time_sure", "1 where the clock can be relied upon.", float(clock.sure))
        yield _gauges("build_info", "The program's version.", "version", {__version__: 1.0})

    def _decisions(self) -> Metric:
        from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - an extra part

        said = "Commands by answer; what was refused without an entry is among them."
        family = CounterMetricFamily("sekisho_decisions", said, labels=["outcome", "reason"])
        done = [(outcome, None) for outcome in Outcome if outcome is not Outcome.REFUSED]
        refused = [(Outcome.REFUSED, reason) for reason in Reason]
        for outcome, reason in (*done, *refused):
            count = self._running.engine.decided[outcome, reason]
            family.add_metric([str(outcome), str(reason or "")], count)
        return family

    def _north(self) -> Iterator[Metric]:
        north, outbox = self._running.north, self._running.outbox
        yield _gauge("outbox_bytes", "Telemetry that is not acknowledged.", outbox.bytes_used)
        yield _gauge("outbox_records", "The same as records.", outbox.waiting)
        yield _counter("outbox_dropped", "Telemetry lost.", outbox.dropped)
        if north is None:
            return
        counts = north.line.counts
        yield _gauge("north_up", "1 where the broker is connected.", float(north.line.up))
        yield _counter("north_connects", "Connections to the broker.", counts.connects)
        yield _counter("north_failures", "Connections that failed or broke.", counts.failures)
        yield _counter("north_received", "Messages received.", counts.received)
        yield _counter("north_dropped", "Messages dropped.", counts.dropped)
        yield _counter("north_retained_ignored", "Retained ones.", counts.retained_ignored)


def _gauge(name: str, said: str, value: float | None) -> Metric:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - an extra part

    family = GaugeMetricFamily(f"sekisho_{name}", said, labels=[])
    if value is not None:
        family.add_metric([], value)
    return family


def _gauges(name: str, said: str, label: str, values: Mapping[str, float]) -> Metric:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - an extra part

    family = GaugeMetricFamily(f"sekisho_{name}", said, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _counter(name: str, said: str, value: float) -> Metric:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - an extra part

    return CounterMetricFamily(f"sekisho_{name}", said, value=value)


def page(running: Running) -> bytes:
    """The metrics in text form.

    Raises:
        WorldError: the part that writes them is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415 - an extra part
    except ImportError as error:
        raise gate_parts_missing(error) from error
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Gathered(running))
    return generate_latest(registry)


class Metrics:
    """Answers on the loopback address until cancelled."""

    def __init__(self, port: int, make: Callable[[], bytes]) -> None:
        self._port = port
        self._make = make
        self._made_at = -FRESH_S
        self._page = b""
        self._open = 0
        self.bound: tuple[str, int] | None = None
        """Where it listens."""
        self.trouble = ""
        """Why it does not."""

    async def run(self) -> None:
        """A port that is taken leaves the gate without metrics, not the plant without a gate."""
        try:
            server = await asyncio.start_server(
                self._serve, HOST, self._port, limit=MOST_REQUEST, backlog=MOST_OPEN
            )
        except OSError as error:
            self.trouble = str(error)
            return
        async with server:
            self.bound = server.sockets[0].getsockname()[:2]
            await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= MOST_OPEN:
                with suppress(OSError, asyncio.LimitOverrunError, asyncio.IncompleteReadError):
                    async with asyncio.timeout(ANSWER_S):
                        head = await reader.readuntil(b"\r\n\r\n")
                        writer.write(self._answer(head))
                        writer.close()
                        await writer.wait_closed()
        finally:
            self._open -= 1
            # Whoever does not read or ask in time is left, with what was not sent.
            writer.transport.abort()

    def _answer(self, head: bytes) -> bytes:
        words = head.split(b"\r\n", 1)[0].split(b" ")
        if words[:1] != [b"GET"]:
            return _response("405 Method Not Allowed", b"")
        if words[1:2] != [b"/metrics"]:
            return _response("404 Not Found", b"")
        now = asyncio.get_running_loop().time()
        if now - self._made_at >= FRESH_S:
            try:
                self._page, self._made_at = self._make(), now
            except SekishoError as error:
                self.trouble = str(error)
                return _response("503 Service Unavailable", b"")
        return _response("200 OK", self._page)


def _response(status: str, body: bytes) -> bytes:
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {_KIND}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
