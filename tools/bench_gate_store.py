"""Fifty devices of a hundred values a second: read, decoded, put into the outbox, sent at once.

The values come over Modbus from another process, and go through the outbox and the line of a running
gate to a broker in a third. Nobody acknowledges them to the outbox, so that nothing is deleted.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from sekisho.codec.modbus.pdu import Space
from sekisho.codec.north import Telemetry
from sekisho.codec.north_form import telemetry_payload
from sekisho.codec.topics import Channel, topic
from sekisho.lab import sample
from sekisho.shell.lab.stage import Stage
from sekisho.shell.modbus.client import ModbusClient, Timing, tcp_client
from tools.bench_gate_figure import Found, quantile
from tools.bench_gate_stage import script_of
from tools.bench_modbus import devices_elsewhere

VALUES = 100
_NAMES = tuple(f"v{n}" for n in range(VALUES))


class _Source:
    """Reads devices and hands their values to the gate."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.took: list[float] = []
        """ms from the request to the device to the broker's acknowledgement."""

    async def device(self, client: ModbusClient, name: str, start: float, end: float) -> None:
        """Once a second until the end."""
        loop = asyncio.get_running_loop()
        while start < end:
            await asyncio.sleep(start - loop.time())
            await self._once(client, name)
            start += 1.0

    async def _once(self, client: ModbusClient, name: str) -> None:
        running, begun = self._stage.running, time.perf_counter()
        north = running.north
        assert north is not None  # noqa: S101 - the stage is ready
        words = await client.read(1, Space.HOLDING, 0, VALUES)
        outbox, gate = running.outbox, running.engine.gate
        told = Telemetry(
            site=sample.SITE,
            session=gate.durable.session,
            sequence=outbox.next_sequence,
            gap=outbox.next_gap,
            at=running.engine.clock().wall,
            live=True,
            devices={name: dict(zip(_NAMES, words, strict=True))},
        )
        payload = telemetry_payload(told)
        outbox.put(told.session, payload)
        await north.line.publish(topic(sample.SITE, Channel.TELEMETRY), payload)
        self.took.append(1_000 * (time.perf_counter() - begun))


async def _run(folder: Path, ports: list[int], seconds: float) -> list[Found]:
    async with Stage(folder, script_of(5)) as stage:
        await stage.ready()
        source, clients = _Source(stage), []
        for port in ports:
            client = tcp_client("127.0.0.1", port, Timing(timeout=1.0))
            await client.connect()
            clients.append(client)
        begun = asyncio.get_running_loop().time()
        used = time.process_time()
        await asyncio.gather(
            *(
                source.device(client, f"d{n}", begun + n / len(ports), begun + seconds)
                for n, client in enumerate(clients)
            )
        )
        took = asyncio.get_running_loop().time() - begun
        used = time.process_time() - used
        dropped, trouble = stage.running.outbox.dropped, stage.running.outbox.trouble
        for client in clients:
            await client.close()
    rate = len(source.took) * VALUES / took
    told = f" ({rate:,.0f} values a second; the gate of a small plant and a head-end included)"
    lost = float("nan") if trouble else float(dropped)
    return [
        Found(
            what="e: stored and forwarded", value=100 * used / took, unit=" % of a core", most=20,
            note=told,
        ),
        Found(what="e: device to broker, p50", value=quantile(source.took, 0.5), unit=" ms"),
        Found(what="e: device to broker, p99", value=quantile(source.took, 0.99), unit=" ms", most=100),
        Found(what="e: values lost", value=lost * VALUES, most=0),
    ]  # fmt: skip


def figures(seconds: float = 20.0, devices: int = 50) -> list[Found]:
    """What storing and forwarding costs, and how long a value takes."""
    with (
        TemporaryDirectory() as name,
        devices_elsewhere(devices) as ports,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_run(Path(name) / "stage", ports, seconds))
