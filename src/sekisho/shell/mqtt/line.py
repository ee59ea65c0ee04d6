"""A line to the broker that mends itself: MQTT 3.1.1 over mutual TLS.

One task runs the line; others receive and publish. What is bounded: the queue of messages received
(the newest is dropped and counted), their size, the messages under way, the wait between two
attempts. The client id is random and new each time, because another holder of a certificate could
take a known one over; the session is clean, because nothing queued while we were away is wanted.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.shell.mqtt.client import Client
from sekisho.shell.mqtt.diagnosis import diagnose, not_permitted
from sekisho.shell.mqtt.tls import certificate_end, context, peer_end

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    import aiomqtt

    from sekisho.shell.mqtt.client import Will
    from sekisho.shell.mqtt.tls import Broker
    from sekisho.terms.errors import Problem
    from sekisho.terms.quantity import WallMs

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
ANSWER_S = 5.0
MOST_WAITING = 256
"""Messages received and not yet taken."""
MOST_BYTES = 64 * 1024
"""Largest message that is handed on, unless more is wished for."""


class Offline(Exception):  # noqa: N818 - a state of the world, handled by who publishes
    """There is no connection, or the broker did not acknowledge in time."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message received."""

    topic: str
    payload: bytes
    retained: bool


@dataclass(slots=True)
class Counts:
    """What happened on the line since it was made."""

    connects: int = 0
    failures: int = 0
    received: int = 0
    retained_ignored: int = 0
    dropped: int = 0
    """The queue was full, or the message too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the line is for."""

    subscribe: tuple[str, ...] = ()
    not_retained: frozenset[str] = field(default_factory=frozenset)
    """Topics on which retained messages are ignored and counted."""
    will: Will | None = None
    most_bytes: int = MOST_BYTES
    """Largest message that is handed on."""


def wait_s(attempt: int, chance: float) -> float:
    """How long to rest before an attempt: doubling, bounded, between a half and the whole.

    Args:
        attempt: 0 for the first one after a loss.
        chance: 0 to 1, so that gates which lost the broker together do not return together.
    """
    whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempt, 16))
    return whole * (0.5 + 0.5 * chance)


class Line:
    """The line; `run` keeps it up until cancelled."""

    def __init__(
        self,
        broker: Broker,
        wishes: Wishes,
        on_change: Callable[[], None] | None = None,
        *,
        answer_s: float = ANSWER_S,
    ) -> None:
        """Makes a line that is not yet up.

        Args:
            broker: where to, and with which certificates.
            wishes: what to subscribe, what to ignore, the last will.
            on_change: called when the line came up or was lost; `up` says which.
            answer_s: longest wait for the broker's answer to anything.

        Raises:
            InputError: certificates or key cannot be used.
            WorldError: a file cannot be read.
        """
        self.counts = Counts()
        self.trouble: Problem | None = None
        """Why the line is down; None while it is up or was not yet tried."""
        self._broker = broker
        self._wishes = wishes
        self._on_change = on_change
        self._answer_s = answer_s
        self._tls = context(broker)
        self._own_end = certificate_end(broker.certificate)
        self._changed = False
        self._client: Client | None = None
        self._inbox: asyncio.Queue[Incoming] = asyncio.Queue(MOST_WAITING)
        self._up = asyncio.Event()
        self._tried = asyncio.Event()

    @property
    def up(self) -> bool:
        """Whether the line is up and subscribed."""
        return self._up.is_set()

    @property
    def certificate_ends(self) -> WallMs | None:
        """When our certificate or the broker's ends, the earlier; None where neither is known."""
        known = [end for end in (self._own_end, peer_end(self._tls)) if end is not None]
        return min(known, default=None)

    async def until_up(self) -> None:
        """Returns when the line is up."""
        await self._up.wait()

    async def until_tried(self) -> None:
        """Returns when one attempt has ended, well or badly."""
        await self._tried.wait()

    async def receive(self) -> Incoming:
        """The next message."""
        return await self._inbox.get()

    async def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Hands a message to the broker and waits for its acknowledgement (QoS 1).

        An acknowledgement says that the broker took it, not that it keeps it, nor that the topic
        was permitted.

        Raises:
            Offline: there is no connection, or no acknowledgement in time.
        """
        client = self._client
        if client is None:
            raise Offline
        try:
            await client.hand_over(topic, payload, qos=qos, retain=retain)
        except Exception as error:
            # The libraries raise their own errors, those of the socket and of TLS, and for an answer
            # that fits no question whatever comes up: to who publishes it is all the same.
            raise Offline from error

    def change(self, broker: Broker) -> None:
        """Goes on with other certificates: the connection is ended in order and made anew.

        Raises:
            InputError: certificates or key cannot be used; the line stays as it is.
            WorldError: a file cannot be read.
        """
        self._tls, end = context(broker), certificate_end(broker.certificate)
        self._broker, self._own_end = broker, end
        self._changed = True
        if self._client is not None:
            self._client.part()

    async def renew(self, topic: str) -> None:
        """Subscribes a topic again, which brings its retained message once more.

        Raises:
            Offline: there is no connection, or no answer in time.
        """
        client = self._client
        if client is None:
            raise Offline
        try:
            await client.subscribe(topic, qos=1)
        except Exception as error:
            raise Offline from error

    async def run(self) -> NoReturn:
        """Connects, subscribes, and does so again whenever the line is lost.

        Nothing that the libraries raise ends it: a name that is none (`UnicodeError`, `ValueError`) no
        more than a broker that talks nonsense. What is cancelled ends.
        """
        attempt = 0
        while True:
            try:
                await self._connected()
            except Exception as error:  # noqa: BLE001 - see above
                was_up = self._lost()
                if self._changed:
                    self._changed = False
                    continue
                self.counts.failures += 1
                if isinstance(error, _NotPermitted):
                    self.trouble = error.problem
                else:
                    self.trouble = await diagnose(self._broker, self._tls, self._answer_s)
                self._tried.set()
                attempt = 0 if was_up else attempt + 1
            finally:
                self._lost()
            await asyncio.sleep(wait_s(attempt, random.random()))  # noqa: S311 - no secret

    async def _connected(self) -> None:
        """One connection, from its making to its loss, which raises."""
        self._changed = False
        tls = self._tls
        client = Client(
            self._broker,
            tls,
            self._wishes.will,
            self._take,
            most_bytes=self._wishes.most_bytes,
            answer_s=self._answer_s,
        )
        try:
            await self._served(client)
        finally:
            client.close()
            if tls.latest is not None:
                tls.latest.close()

    async def _served(self, client: Client) -> None:
        async with client:
            for topic in self._wishes.subscribe:
                if not await client.granted(topic):
                    raise _NotPermitted(not_permitted(self._broker, topic))
            self.trouble = None
            self.counts.connects += 1
            self._client = client
            self._up.set()
            self._tried.set()
            if self._on_change is not None:
                self._on_change()
            async for _ in client.messages:
                pass  # `_take` has them all; this ends when the connection does

    def _lost(self) -> bool:
        self._client = None
        was_up = self._up.is_set()
        self._up.clear()
        if was_up and self._on_change is not None:
            self._on_change()
        return was_up

    def _take(self, message: aiomqtt.Message) -> None:
        topic, payload = message.topic.value, message.payload
        if message.retain and topic in self._wishes.not_retained:
            self.counts.retained_ignored += 1
            return
        if len(payload) > self._wishes.most_bytes or self._inbox.full():
            self.counts.dropped += 1
            return
        self.counts.received += 1
        self._inbox.put_nowait(Incoming(topic, payload, message.retain))


class _NotPermitted(Exception):  # noqa: N818 - what the broker said
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
