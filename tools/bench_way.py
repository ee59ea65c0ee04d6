"""The two processes that are compared: a whole gate, and a bare forwarder of the same libraries.

    python -m tools.bench_way gate FOLDER OUT
    python -m tools.bench_way forwarder FOLDER PORT BROKER OUT

Both take a power from the broker and lead the PCS to it: `Line` and `ModbusClient` on uvloop, mutual
TLS, QoS 1. The forwarder asks nobody whether it may: the same command in, unsigned, the set-point's frame,
the frame that reads it back, and one answer out. The gate is whole. Each writes down, by CLOCK_MONOTONIC, when a
message had arrived and when the value had been read back.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvloop
from typing_extensions import override

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.plan import Joints, Plan
from sekisho.codec.profile import read_profile
from sekisho.codec.topics import Channel, topic
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.tables import read_gated, sealed
from sekisho.lab import sample
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate import run
from sekisho.shell.gate.cycle import REST_S, Cycle
from sekisho.shell.gate.describe import Describe, client_of
from sekisho.shell.gate.requests import Wire
from sekisho.shell.gate.state_folder import open_state
from sekisho.shell.gate.store import Point, Store
from sekisho.shell.gate.worker import Worker
from sekisho.shell.lab.stage import LabTime
from sekisho.shell.mqtt.line import Line, Offline, Wishes
from sekisho.shell.mqtt.tls import Broker
from sekisho.terms.ids import DeviceId, SiteId
from sekisho.terms.quantity import Watts
from tools.bench_gate_stage import UNIT_W, declared

if TYPE_CHECKING:
    from sekisho.gate.image import PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.shell.gate.engine import Answer
    from sekisho.shell.gate.run import Running

PCS = DeviceId("pcs-1")
FORWARDED = SiteId("lab-2")
"""Whose topics the forwarder has."""


@dataclass(slots=True)
class Marks:
    """When things happened, in ns of CLOCK_MONOTONIC."""

    arrived: list[int] = field(default_factory=list)
    """A message was handed over by the line."""
    held: list[tuple[int, int]] = field(default_factory=list)
    """The PCS showed this power when it was read back."""
    commits: list[float] = field(default_factory=list)
    """ms that each of the gate's own commits took."""
    rested: list[int] = field(default_factory=list)
    """Somebody woke the cycle within its rest after a tick."""

    def write(self, path: Path) -> None:
        """For whoever compares."""
        path.write_text(
            json.dumps(
                {
                    "arrived": self.arrived,
                    "held": self.held,
                    "commits": self.commits,
                    "rested": self.rested,
                }
            )
        )


# ---- the gate ----------------------------------------------------------------------------------


def only_one(made: Settings) -> Settings:
    """The sample's settings, with one PCS of the two."""
    south = tuple(one for one in made.south if one.device != DeviceId("pcs-2"))
    return replace(made, south=south, rated=Watts(UNIT_W))


def _timed_store(marks: Marks) -> type[Store]:
    """A store that writes down what its commits take, in its own thread."""

    class Timed(Store):
        begun = 0

        @override
        def _reached(self, point: Point) -> None:
            if point is Point.BEGUN:
                self.begun = time.monotonic_ns()
            elif point is Point.COMMITTED:
                marks.commits.append((time.monotonic_ns() - self.begun) / 1_000_000)

    return Timed


def _timed_cycle(marks: Marks) -> type[Cycle]:
    """A cycle that writes down whom its rest holds up."""

    class Timed(Cycle):
        @override
        def wake(self) -> None:
            if asyncio.get_running_loop().time() < self._last + REST_S:
                marks.rested.append(time.monotonic_ns())
            super().wake()

    return Timed


class _Timed(Worker):
    """Writes down when a new set-point had been read back."""

    def __init__(self, marks: Marks, *rest: Any) -> None:
        super().__init__(*rest)
        self._marks = marks
        self._read_back = 0

    @override
    def _reached(self, point: Wire) -> None:
        if point is Wire.READ_BACK:
            self._read_back = time.monotonic_ns()

    @override
    async def _bring_about(self) -> None:
        before = self._written
        await super()._bring_about()
        if self._written is not None and self._written != before:
            self._marks.held.append((self._read_back, int(self._written)))


def _gate(folder: Path, marks: Marks, stack: ExitStack) -> Running:
    site_file = folder / "site" / "site.toml"
    gated = read_gated(site_file.read_text(encoding="utf-8"), "site.toml")
    settings = only_one(sealed(gated.settings, {"relay.toml": sample.RELAY.encode()}))
    profiles = {"relay.toml": read_profile(sample.RELAY, "relay.toml")}
    site = run.Site(settings=settings, profiles=profiles, state=open_state(folder / "state"))
    setattr(run, "Store", _timed_store(marks))  # noqa: B010 - measured from outside
    setattr(run, "Cycle", _timed_cycle(marks))  # noqa: B010 - measured from outside
    running = run.prepare(site, LabTime(), CHECKS, stack)
    engine = running.engine
    engine.commissioned({"by": "benchmark"})
    new_workers, receive = running.new_workers, engine.receive

    def timed() -> dict[DeviceId, Worker]:
        pcs = next(one for one in settings.south if one.device == PCS)
        describe = Describe(profiles, settings.trip)
        mine = _Timed(marks, pcs, client_of(pcs), describe, boot_ms)
        return {**new_workers(), PCS: mine}

    def arrived(raw: bytes, image: PlantImage) -> Answer | None:
        marks.arrived.append(time.monotonic_ns())
        return receive(raw, image)

    setattr(running, "new_workers", timed)  # noqa: B010 - measured from outside
    setattr(engine, "receive", arrived)  # noqa: B010 - measured from outside
    return running


def run_gate(folder: Path, out: Path) -> None:
    """The gate, until SIGTERM."""
    marks = Marks()
    with ExitStack() as stack:
        running = _gate(folder, marks, stack)
        uvloop.run(running.run(lambda: None))
    marks.write(out)


# ---- the forwarder -----------------------------------------------------------------------------


class _Forwarder:
    """Sets what it is told, reads it back, and says so."""

    def __init__(self, line: Line, port: int, marks: Marks) -> None:
        self._line = line
        self._device = declared(str(PCS), port)
        self._client = client_of(self._device)
        self._marks = marks
        self._engaged = False

    async def run(self) -> None:
        """Until cancelled."""
        await self._client.connect()
        found = (await Describe({})(self._client, self._device)).device_map
        readback = found.readback
        planned = Plan.of(readback.spans, Joints(most_registers=found.most_words))
        while True:
            message = await self._line.receive()
            self._marks.arrived.append(time.monotonic_ns())
            power = Watts(json.loads(message.payload)["power"])
            for write in found.setpoint_writes(power, engaged=self._engaged):
                await self._client.write(self._device.unit, write.address, write.words)
            answers = []
            for fetch in planned.fetches:
                asked = fetch.request
                answers.append(
                    await self._client.read(
                        self._device.unit, asked.space, asked.address, asked.count
                    )
                )
            values = readback.decode(planned.words(answers))
            read_back = time.monotonic_ns()
            self._engaged = found.engaged(values)
            power_held = values[Meaning.SETPOINT]
            self._marks.held.append((read_back, int(power_held or 0)))
            answer = json.dumps({"power": power_held}).encode()
            with suppress(Offline):
                await self._line.publish(topic(FORWARDED, Channel.DECISION), answer)


async def _forward(folder: Path, port: int, broker: int, marks: Marks) -> None:
    identity = folder / "authority"
    line = Line(
        Broker(
            host="127.0.0.1",
            port=broker,
            ca=identity / "ca.pem",
            certificate=identity / "forwarder.pem",
            key=identity / "forwarder.key",
        ),
        Wishes(subscribe=(topic(FORWARDED, Channel.COMMAND),)),
    )
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, end.set)
    tasks = [loop.create_task(line.run()), loop.create_task(_Forwarder(line, port, marks).run())]
    ended = loop.create_task(end.wait())
    await asyncio.wait({*tasks, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def run_forwarder(folder: Path, port: int, broker: int, out: Path) -> None:
    """The forwarder, until SIGTERM."""
    marks = Marks()
    uvloop.run(_forward(folder, port, broker, marks))
    marks.write(out)


def main(words: list[str]) -> None:
    """One of the two processes."""
    match words:
        case ["gate", folder, out]:
            run_gate(Path(folder), Path(out))
        case ["forwarder", folder, port, broker, out]:
            run_forwarder(Path(folder), int(port), int(broker), Path(out))
        case _:
            sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
