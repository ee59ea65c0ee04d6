"""A real broker, its authority and lines to it, for tests on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil

import pytest

from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.broker import Mosquitto, Nats, gate_account, head_end_account
from sekisho.shell.mqtt.line import Line, Wishes
from sekisho.shell.mqtt.tls import Broker
from tests.orders import SITE

_NO_MOSQUITTO = (
    shutil.which("mosquitto") is None
    and shutil.which("mosquitto", path="/usr/sbin") is None
    and "SEKISHO_REQUIRE_MOSQUITTO" not in os.environ
)
NEEDS_MOSQUITTO = pytest.mark.skipif(_NO_MOSQUITTO, reason="mosquitto is not installed")
KINDS = [
    pytest.param(Nats, id="nats"),
    pytest.param(Mosquitto, id="mosquitto", marks=NEEDS_MOSQUITTO),
]


class Yard:
    """A broker with a gate and a head-end that it knows."""

    def __init__(self, folder, kind):
        self.authority = Authority(folder / "pki")
        self.gate = self.authority.client("gate-1")
        self.head_end = self.authority.client("head-end-1")
        self.broker = kind(
            folder / "broker",
            self.authority,
            (gate_account("gate-1", SITE), head_end_account("head-end-1", SITE)),
        )
        self.broker.start()

    def as_seen_by(self, identity, **changes):
        wanted = {
            "host": "127.0.0.1",
            "port": self.broker.port,
            "ca": self.authority.ca,
            "certificate": identity.certificate,
            "key": identity.key,
        }
        return Broker(**(wanted | changes))


@contextlib.asynccontextmanager
async def line_of(broker, **wishes):
    """A line that runs as long as the block."""
    line = Line(broker, Wishes(**wishes), answer_s=1.0)
    task = asyncio.create_task(line.run())
    try:
        async with asyncio.timeout(20):
            await line.until_tried()
        yield line
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(true, seconds=10.0):
    """Waits until something is true."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for is another program's doing
            await asyncio.sleep(0.01)
