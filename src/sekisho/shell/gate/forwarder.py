"""Sends what waits in the outbox, in order and throttled, until the head-end acknowledges it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.north_form import read_telemetry, telemetry_payload
from sekisho.codec.topics import Channel, topic
from sekisho.gate import forwarding
from sekisho.shell.mqtt.line import Offline
from sekisho.terms.errors import WorldError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.shell.gate.outbox import Outbox
    from sekisho.shell.gate.outbox_file import Kept
    from sekisho.shell.mqtt.line import Line
    from sekisho.terms.ids import SiteId
    from sekisho.terms.quantity import BootMs


class Forwarder:
    """The one who sends again; each time that the line comes up it begins anew."""

    def __init__(
        self, outbox: Outbox, line: Line, site: SiteId, boot: Callable[[], BootMs]
    ) -> None:
        """Args are the outbox, the line, whose site it is, and CLOCK_BOOTTIME."""
        self._outbox = outbox
        self._line = line
        self._topic = topic(site, Channel.TELEMETRY)
        self._boot = boot

    async def run(self) -> None:
        """Sends until cancelled."""
        while True:
            await self._line.until_up()
            self._outbox.flush()
            state = forwarding.begun(self._outbox.next_sequence)
            while self._line.up:
                state = await self._step(forwarding.ticked(state, self._boot()))
                await asyncio.sleep(forwarding.STEP_MS / 1000)

    async def _step(self, state: forwarding.Forwarding) -> forwarding.Forwarding:
        """One part; the state stays as it was where the line or the disk fails."""
        after = forwarding.after(state)
        if after is None:
            return state
        try:
            part = await asyncio.wrap_future(
                self._outbox.after(after, forwarding.MOST_RECORDS, forwarding.MOST_BYTES)
            )
            part = part[: forwarding.due(state, tuple(one.sequence for one in part))]
            for one in part:
                await self._line.publish(self._topic, _again(one))
        except (Offline, WorldError):
            return state
        numbers = tuple(one.sequence for one in part)
        return forwarding.sent(state, numbers, self._outbox.next_sequence, self._boot())


def _again(one: Kept) -> bytes:
    """The message as it is sent from the store."""
    return telemetry_payload(replace(read_telemetry(one.body), live=False, gap=one.gap))
