"""A head-end: learns the gate's session, signs a command, sends it, and waits for the answer."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.asked import EARLY_MS
from sekisho.codec.claims import claims_of
from sekisho.codec.command import Envelope, class_of
from sekisho.codec.jws import Typ, open_envelope, verify
from sekisho.codec.north_form import read_decision, read_session
from sekisho.codec.strict_json import Malformed
from sekisho.codec.thumbprint import thumbprint
from sekisho.codec.topics import Channel, topic
from sekisho.shell.clock import wall_ms
from sekisho.shell.mqtt.line import Line, Offline, Wishes
from sekisho.shell.mqtt.sequences import next_sequence
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from sekisho.codec.asked import Lasts
    from sekisho.codec.command import Command
    from sekisho.codec.jws import Signer, Unverified
    from sekisho.codec.north import DecisionMessage, SessionMessage
    from sekisho.shell.mqtt.line import Incoming
    from sekisho.shell.mqtt.tls import Broker
    from sekisho.terms.ids import IssuerId, SiteId

MOST_DECISION_BYTES = 32 * 1024
_RENEW_S = 1.0
"""So long a session is waited for before it is asked for again."""

_NO_SESSION = Text(
    "{topic} にゲートのセッションが公開されていません。",
    "No session of the gate is published on {topic}.",
)
_GATE_RUNS = Text(
    "ゲートが動いているか、site が正しいかを確かめてください。",
    "Check that the gate runs, and that site is right.",
)
_FALSE_SESSION = Text(
    "公開されているセッションは指定のゲートの署名ではありません。",
    "The session that is published is not signed by this gate.",
)
_GATE_KEY = Text(
    "gate_key がこのゲートの公開鍵か確かめてください。",
    "Check that gate_key is the public key of this gate.",
)
_NOT_REACHED = Text("ブローカーが応答しません。", "The broker does not answer.")
_AGAIN = Text("もう一度試してください。", "Try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who asks, of which site, through which broker."""

    site: SiteId
    issuer: IssuerId
    broker: Broker
    signer: Signer
    gate: bytes | None
    """The gate's public key; None: answers cannot be verified."""
    sequences: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The gate's answer."""

    message: DecisionMessage
    verified: bool
    """Whether the gate's key is known and signed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A command that was sent, and its answer if one came in time."""

    command: Command
    raw: bytes
    answer: Answer | None


def fresh_envelope(
    desk: Desk, message: SessionMessage, now: WallMs, ends: WallMs, sequence: int
) -> Envelope:
    """An envelope with a new id, valid from a moment ago to `ends`."""
    return Envelope(
        id=CommandId(secrets.token_hex(8)),
        site=desk.site,
        session=message.session,
        issuer=desk.issuer,
        issued_at=now,
        not_before=WallMs(now - EARLY_MS),
        expires_at=ends,
        sequence=sequence,
    )


class HeadEnd:
    """A line to the broker on which commands are asked; made by `head_end`."""

    def __init__(self, desk: Desk) -> None:
        """Not yet connected.

        Raises:
            InputError: certificates or key cannot be used.
            WorldError: a file cannot be read.
        """
        self._desk = desk
        self._session_topic = topic(desk.site, Channel.SESSION)
        self._decision_topic = topic(desk.site, Channel.DECISION)
        wishes = Wishes(subscribe=(self._session_topic, self._decision_topic))
        self.line = Line(desk.broker, wishes)
        self._session: SessionMessage | None = None
        self._false_session = False
        self._changed = asyncio.Condition()
        self._answers: dict[str, Answer] = {}

    async def session(self, wait_s: float) -> SessionMessage:
        """The gate's session.

        Raises:
            WorldError: the broker cannot be reached, or no session is published in time.
        """
        try:
            async with asyncio.timeout(wait_s):
                await self.line.until_tried()
                if not self.line.up:
                    raise self._unreachable()
                while not await self._told_session():
                    # A broker under load was seen to leave a retained message out.
                    with contextlib.suppress(Offline):
                        await self.line.renew(self._session_topic)
        except TimeoutError:
            if not self.line.up:
                raise self._unreachable() from None
            if self._false_session:
                problem = Problem(self._session_topic, _FALSE_SESSION, _GATE_KEY)
                raise WorldError(problem) from None
            what = _NO_SESSION.fill(topic=self._session_topic)
            raise WorldError(Problem(self._session_topic, what, _GATE_RUNS)) from None
        if self._session is None:
            raise self._unreachable()
        return self._session

    async def _told_session(self) -> bool:
        """Whether the session is known, or becomes known within a second."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_RENEW_S), self._changed:
                await self._changed.wait_for(lambda: self._session is not None)
        return self._session is not None

    async def ask(
        self,
        make: Callable[[Envelope], Command],
        *,
        lasts: Lasts,
        wait_s: float,
        sequence: int | None = None,
    ) -> Sent:
        """Signs a command, sends it, and waits for its answer.

        Args:
            make: the command around an envelope.
            lasts: when the permission ends.
            wait_s: how long to wait, for the session and then for the answer.
            sequence: use this number instead of the one after the last.

        Raises:
            InputError: the record of sequence numbers cannot be used.
            WorldError: the broker cannot be reached, or no session is published in time.
        """
        message = await self.session(wait_s)
        desk, now = self._desk, wall_ms()
        until = lasts.end(now)
        group = class_of(make(fresh_envelope(desk, message, now, until, 1)))
        number = await asyncio.to_thread(
            next_sequence, desk.sequences, desk.signer.kid, message.session, group, sequence
        )
        command = make(fresh_envelope(desk, message, now, until, number))
        raw = desk.signer.sign(claims_of(command), Typ.COMMAND)
        try:
            return Sent(command=command, raw=raw, answer=await self.send(raw, wait_s))
        except Offline:
            raise self._unreachable() from None

    async def send(self, raw: bytes, wait_s: float) -> Answer | None:
        """Sends these bytes as a command, and waits for the answer to them.

        Raises:
            Offline: the broker did not take them.
        """
        digest = hashlib.sha256(raw).hexdigest()
        self._answers.pop(digest, None)
        await self.line.publish(topic(self._desk.site, Channel.COMMAND), raw)
        try:
            async with asyncio.timeout(wait_s), self._changed:
                await self._changed.wait_for(lambda: digest in self._answers)
        except TimeoutError:
            return None
        return self._answers.pop(digest)

    async def listen(self) -> None:
        """Takes in what the gate says, until cancelled."""
        while True:
            incoming = await self.line.receive()
            with contextlib.suppress(Malformed):
                self._take(incoming)
            async with self._changed:
                self._changed.notify_all()

    def _take(self, incoming: Incoming) -> None:
        if incoming.topic == self._session_topic:
            opened = open_envelope(incoming.payload, Typ.SESSION, MOST_DECISION_BYTES)
            message = read_session(opened.payload)
            if message.site == self._desk.site and self._genuine(opened):
                self._session = message
            else:
                self._false_session = True
        elif incoming.topic == self._decision_topic:
            opened = open_envelope(incoming.payload, Typ.DECISION, MOST_DECISION_BYTES)
            answer = read_decision(opened.payload)
            if answer.site == self._desk.site and self._genuine(opened):
                while len(self._answers) >= _MOST_ANSWERS:
                    self._answers.pop(next(iter(self._answers)))
                verified = self._desk.gate is not None
                self._answers[answer.digest] = Answer(message=answer, verified=verified)

    def _genuine(self, opened: Unverified) -> bool:
        """Whether the gate signed it; where its key is not known, nobody can say no."""
        gate = self._desk.gate
        return gate is None or (opened.kid == thumbprint(gate) and verify(opened, gate))

    def _unreachable(self) -> WorldError:
        trouble = self.line.trouble
        where = f"{self._desk.broker.host}:{self._desk.broker.port}"
        return WorldError(trouble or Problem(where, _NOT_REACHED, _AGAIN))


_MOST_ANSWERS = 1_000
"""Answers to others' commands are on the same topic; the oldest are forgotten."""


@contextlib.asynccontextmanager
async def head_end(desk: Desk) -> AsyncIterator[HeadEnd]:
    """A head-end that is connected as long as the block runs."""
    made = HeadEnd(desk)
    tasks = [asyncio.create_task(made.line.run()), asyncio.create_task(made.listen())]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
