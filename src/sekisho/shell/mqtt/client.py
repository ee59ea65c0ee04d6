"""aiomqtt's client as this project uses it, and mended where the library leaves something open.

Three private names of the libraries are used here, each at one place
(`docs/decisions/0018-the-line-north.md`); tests against real and hostile brokers watch those edges.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from sekisho.shell.keys import gate_parts_missing

try:
    import aiomqtt
except ImportError as error:  # the extra `gate` is not installed
    raise gate_parts_missing(error) from error

if TYPE_CHECKING:
    from collections.abc import Callable

    import paho.mqtt.client as paho

    from sekisho.shell.mqtt.tls import Broker, ClientContext

KEEPALIVE_S = 10
MOST_UNDER_WAY = 64
"""Messages published and not yet acknowledged."""
_ROOM = 64 * 1024
"""What a packet may hold beyond a message before the line is given up: topic, header, and some mercy."""
_SUBACK_FAILURE = 0x80
_QUIET = logging.getLogger("sekisho.mqtt")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says for us when we are gone without a word; retained."""

    topic: str
    payload: bytes


class Client(aiomqtt.Client):
    """Closes what it opened, and does not wait for room to write on a closed socket.

    The base class remembers the number of the socket, which may be another one's by then. It also
    takes packets of up to 256 MiB, each read asking for room for all that is still to come; here a
    packet that is too large ends the connection before it is taken.
    """

    def __init__(
        self,
        broker: Broker,
        tls: ClientContext,
        will: Will | None,
        take: Callable[[aiomqtt.Message], None],
        *,
        most_bytes: int,
        answer_s: float,
    ) -> None:
        """A client of one connection, which its `async with` makes.

        Args:
            broker: where to.
            tls: our side of mutual TLS.
            will: the last will.
            take: given every message, at once.
            most_bytes: largest message.
            answer_s: longest wait for the broker's answer to anything.
        """
        last = None
        if will is not None:
            last = aiomqtt.Will(will.topic, will.payload, qos=1, retain=True)
        super().__init__(
            broker.host,
            broker.port,
            identifier=secrets.token_hex(11),
            protocol=aiomqtt.ProtocolVersion.V311,
            clean_session=True,
            will=last,
            tls_context=tls,
            timeout=answer_s,
            keepalive=KEEPALIVE_S,
            queue_type=_inbox(take),
            max_inflight_messages=MOST_UNDER_WAY,
            max_queued_outgoing_messages=MOST_UNDER_WAY,
            max_concurrent_outgoing_calls=MOST_UNDER_WAY,
            # Without it a small message waits 40 ms for the acknowledgement of the one before.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
            logger=_QUIET,
        )
        # An end that comes while nobody waits for it is told by the line, not by the event loop.
        for future in (self._connected, self._disconnected):
            future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._bound(most_bytes + _ROOM)

    def _bound(self, most_bytes: int) -> None:
        """Ends the connection before a larger packet is taken."""
        receive = self._client._sock_recv  # noqa: SLF001 - there is no public way

        def bounded(bufsize: int) -> bytes:
            if bufsize > most_bytes:
                raise ConnectionAbortedError(f"a packet of {bufsize} bytes")
            return receive(bufsize)

        self._client._sock_recv = bounded  # type: ignore[method-assign]  # noqa: SLF001 - there is no public way

    @override
    def _on_socket_register_write(
        self, client: paho.Client, userdata: object, sock: paho.SocketLike | socket.socket
    ) -> None:
        def write() -> None:
            try:
                client.loop_write()
            except OSError as error:
                if not self._disconnected.done():
                    self._disconnected.set_exception(error)

        def register() -> None:
            if sock.fileno() != -1:
                self._loop.add_writer(sock.fileno(), write)

        self._loop.call_soon_threadsafe(register)

    async def granted(self, topic: str) -> bool:
        """Subscribes a topic with QoS 1; whether the broker lets us (MQTT 3.1.1 section 3.9.3)."""
        codes = await self.subscribe(topic, qos=1)
        return all(
            (code if isinstance(code, int) else code.value) < _SUBACK_FAILURE for code in codes
        )

    async def hand_over(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        """Publishes, and waits for the acknowledgement; a task that was cancelled ends.

        Up to Python 3.11 `wait_for`, which aiomqtt uses, swallows a cancellation that comes together
        with its result; the task would then run for ever.
        """
        await self.publish(topic, payload, qos=qos, retain=retain)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError

    def part(self) -> None:
        """Ends the connection in order (DISCONNECT): the last will is not told."""
        self._client.disconnect()

    def close(self) -> None:
        """Closes the socket, which the base class leaves open where it could not connect."""
        self._client._sock_close()  # noqa: SLF001 - there is no public way


def _inbox(take: Callable[[aiomqtt.Message], None]) -> type[asyncio.Queue[aiomqtt.Message]]:
    """The queue that the client fills: it hands everything on and stays empty."""

    class Inbox(asyncio.Queue[aiomqtt.Message]):
        @override
        def put_nowait(self, item: aiomqtt.Message) -> None:
            take(item)

    return Inbox
