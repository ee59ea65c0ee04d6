"""Somebody else who listens: telemetry for a screen, checkpoints for a witness.

It stands at the broker with a head-end's certificate and keeps what the gate signs of its journal;
with that a tail that was cut off, or a log that was chained anew, is found.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from sekisho.codec.north_form import read_telemetry
from sekisho.codec.strict_json import Malformed
from sekisho.codec.topics import Channel, topic
from sekisho.evidence.checkpoint import Checkpoint, opened
from sekisho.lab import sample
from sekisho.shell.gate import state_folder as names
from sekisho.shell.keys import load_public
from sekisho.shell.mqtt.line import Line, Wishes

if TYPE_CHECKING:
    from pathlib import Path

    from sekisho.codec.north import Telemetry
    from sekisho.shell.lab.stage import Stage
    from sekisho.shell.mqtt.line import Incoming

_UP_S = 10.0
_TELEMETRY = topic(sample.SITE, Channel.TELEMETRY)
_CHECKPOINT = topic(sample.SITE, Channel.CHECKPOINT)


class Observer:
    """Listens as long as the block runs."""

    def __init__(self, stage: Stage) -> None:
        """Not yet listening."""
        broker = stage.desk("agg", stage.signer).broker
        self.line = Line(broker, Wishes(subscribe=(_TELEMETRY, _CHECKPOINT)))
        self.telemetry: Telemetry | None = None
        """The newest."""
        self.checkpoints: list[bytes] = []
        """As they were signed."""
        self.newest = 0
        """How many entries they cover, by the gate's own key."""
        self._public = load_public(stage.state_path / names.PUBLIC)
        self._came = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Listening."""
        self._tasks = [
            asyncio.create_task(self.line.run()),
            asyncio.create_task(self._listen()),
        ]
        async with asyncio.timeout(_UP_S):
            await self.line.until_up()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            self._take(await self.line.receive())

    def _take(self, incoming: Incoming) -> None:
        if incoming.topic == _CHECKPOINT:
            self.checkpoints.append(incoming.payload)
            seen = opened(incoming.payload, self._public)
            if isinstance(seen, Checkpoint):
                self.newest = max(self.newest, seen.count)
            self._came.set()
            return
        with suppress(Malformed):
            self.telemetry = read_telemetry(incoming.payload)

    async def witnessed(self, stage: Stage, path: Path, wait_s: float = 5.0) -> int | None:
        """Has the gate sign its journal now, as it does every minute, and keeps all in a file.

        The broker remembers the checkpoint before, and the gate makes some unasked: what counts is one
        that covers all that was on the disk when this was asked.

        Returns:
            How many entries the witness has seen; None: what was asked did not come in time.
        """
        north, asked = stage.running.north, stage.running.store.committed.number
        if north is not None:
            await north.checkpoint()
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while self.newest < asked:
                    self._came.clear()
                    await self._came.wait()
        content = b"".join(token + b"\n" for token in self.checkpoints)
        await asyncio.to_thread(path.write_bytes, content)
        return self.newest if self.newest >= asked else None
