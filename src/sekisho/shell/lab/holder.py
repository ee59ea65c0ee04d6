"""A head-end that keeps telemetry: each record once, acknowledged up to where it holds all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from sekisho.codec.jws import Typ
from sekisho.codec.north import Ack
from sekisho.codec.north_form import ack_payload, read_telemetry
from sekisho.codec.strict_json import Malformed
from sekisho.codec.topics import Channel, topic
from sekisho.lab.collector import Collector
from sekisho.shell.mqtt.line import Line, Offline, Wishes

if TYPE_CHECKING:
    from sekisho.codec.jws import Signer
    from sekisho.codec.north import Telemetry
    from sekisho.shell.mqtt.tls import Broker
    from sekisho.terms.ids import SiteId

_ACK_S = 0.2


class Holder:
    """Keeps one gate's telemetry as long as the block runs."""

    def __init__(self, broker: Broker, site: SiteId, signer: Signer) -> None:
        """Not yet listening.

        Args:
            broker: with a head-end's certificate.
            site: whose telemetry is kept.
            signer: signs what is acknowledged.
        """
        self._site = site
        self._signer = signer
        self._told = topic(site, Channel.TELEMETRY)
        self.line = Line(broker, Wishes(subscribe=(self._told,)))
        self.collector = Collector()
        self.kept: list[Telemetry] = []
        """Each record once, as they came."""
        self.deaf = False
        """Messages vanish here, although the broker acknowledged them."""
        self._acknowledged = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Listening."""
        self._tasks = [
            asyncio.create_task(self.line.run()),
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._acknowledge()),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            incoming = await self.line.receive()
            if self.deaf:
                continue
            with suppress(Malformed):
                found = read_telemetry(incoming.payload)
                if self.collector.take(found.sequence, found.gap):
                    self.kept.append(found)

    async def _acknowledge(self) -> None:
        while True:
            await asyncio.sleep(_ACK_S)
            holds = self.collector.holds
            if holds == self._acknowledged or not self.kept:
                continue
            ack = Ack(site=self._site, session=self.kept[-1].session, sequence=holds)
            with suppress(Offline):
                signed = self._signer.sign(ack_payload(ack), Typ.ACK)
                await self.line.publish(topic(self._site, Channel.ACK), signed)
                self._acknowledged = holds
