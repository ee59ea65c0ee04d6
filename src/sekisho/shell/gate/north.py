"""The gate's side of the line north: commands in; session, decisions, state, telemetry out.

An answer is told once its entry is on the disk. What cannot be told because the line is down is not
kept here: decisions are asked again by their id, the session and the state are told anew at each
connection. Telemetry is: it waits in the outbox until the head-end says that it holds it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sekisho.codec.decision import Outcome
from sekisho.codec.jws import Typ
from sekisho.codec.north import (
    DecisionMessage,
    SessionMessage,
    State,
    Telemetry,
)
from sekisho.codec.north_form import (
    decision_payload,
    session_payload,
    state_payload,
    telemetry_payload,
)
from sekisho.codec.topics import Channel, topic
from sekisho.evidence.checkpoint import make
from sekisho.gate.cycle.charge import shown
from sekisho.gate.cycle.frequency import Sure
from sekisho.gate.cycle.meter import shown as metered
from sekisho.gate.status_now import decision_status
from sekisho.shell.gate.forwarder import Forwarder
from sekisho.shell.gate.witness import contradicts
from sekisho.shell.mqtt.client import Will
from sekisho.shell.mqtt.line import Line, Offline, Wishes
from sekisho.terms.quantity import Share, Watts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from concurrent.futures import Future

    from sekisho.codec.jws import Signer
    from sekisho.gate.image import PlantImage
    from sekisho.gate.status import DecisionStatus
    from sekisho.shell.gate.engine import Answer, Engine
    from sekisho.shell.gate.outbox import Outbox
    from sekisho.shell.gate.store import Store
    from sekisho.shell.mqtt.line import Incoming
    from sekisho.shell.mqtt.tls import Broker
    from sekisho.terms.ids import SessionId, SiteId
    from sekisho.terms.quantity import WallMs

MOST_TOLD = 16
"""Checkpoints that are known and need no second look."""
MOST_DECISIONS = 20
"""Decisions that are remembered for the status."""
MOST_TELLING = 8
"""Telemetry that is on its way to the broker at once."""
MOST_ANSWERS = 64
"""Answers that wait for the disk at once; further ones are not told, the head-end asks again."""


@dataclass(slots=True)
class Remembered:
    """What people are shown of the line."""

    decisions: deque[DecisionStatus]
    since: WallMs


class North:
    """See the module's text."""

    def __init__(
        self,
        broker: Broker,
        site: SiteId,
        engine: Engine,
        store: Store,
        outbox: Outbox,
        signer: Signer,
        image: Callable[[], PlantImage],
        expect: Callable[[], None],
        wake: Callable[[], None],
        acted: Callable[[], Awaitable[None]],
        new_session: Callable[[], SessionId],
    ) -> None:
        """A line that is not up yet.

        Raises:
            InputError: certificates or key cannot be used.
        """
        self._site = site
        self._engine = engine
        self._store = store
        self._outbox = outbox
        self._signer = signer
        self._image = image
        self._expect = expect
        self._wake = wake
        self._acted = acted
        self._new_session = new_session
        self._told: tuple[bytes, ...] = ()
        """Checkpoints that we made or that were looked at."""
        self._asked = topic(site, Channel.COMMAND)
        self._held = topic(site, Channel.ACK)
        self._witness = topic(site, Channel.CHECKPOINT)
        self.owes_checkpoint = False
        """Something was accepted, or the line came up, since the last checkpoint."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsafe = 0
        """Answers that wait for the disk."""
        self._telling: set[asyncio.Task[None]] = set()
        self.remembered = Remembered(
            decisions=deque(maxlen=MOST_DECISIONS), since=engine.clock().wall
        )
        will = Will(topic(site, Channel.STATE), state_payload(State(site=site, online=False)))
        self.line = Line(
            broker,
            Wishes(
                # The checkpoint first: what the broker remembers of us is read before any command.
                subscribe=(self._witness, self._asked, self._held),
                not_retained=frozenset({self._asked, self._held}),
                will=will,
            ),
            self._changed,
        )
        self._forwarder = Forwarder(outbox, self.line, site, lambda: engine.clock().boot)

    @property
    def waiting(self) -> int:
        """Telemetry that the head-end has not acknowledged."""
        return self._outbox.waiting

    # ---- in ----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Receives until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.line.run())
            group.create_task(self._receive())
            group.create_task(self._forwarder.run())

    async def _receive(self) -> None:
        while True:
            message = await self.line.receive()
            try:
                self.take(message)
            except Exception:  # noqa: BLE001 - ours, not the gate's end
                # A fault of ours that somebody has found: it costs that message, not the gate.
                self._engine.counted["fault"] += 1

    def take(self, message: Incoming) -> None:
        """One message from the broker."""
        if message.topic == self._witness and message.retained:
            self._remember(message.payload)
        if message.topic == self._held:
            self._acknowledged(message.payload)
        if message.topic != self._asked:
            return
        answer = self._engine.receive(message.payload, self._image())
        if answer is None:
            return
        if answer.wake and answer.behind:
            # What waits for the disk gives the cycle nothing to do yet, and a tick now would only put
            # off the one that acts.
            self._wake()
        if len(self._tasks) + self._unsafe >= MOST_ANSWERS:
            return
        if answer.safe is None:
            self._start(self._answer(answer))
            return
        loop = asyncio.get_running_loop()
        if answer.wake and not answer.behind:
            self._expect()
        self._unsafe += 1
        answer.safe.done.add_done_callback(partial(_told_to, loop, self._safe, answer))

    def _safe(self, answer: Answer, failed: bool) -> None:  # noqa: FBT001 - what a future tells
        """An answer's entry is on the disk: now it has its effect, and is told."""
        self._unsafe -= 1
        if failed:
            return
        if answer.wake and not answer.behind:
            self._wake()
        self._start(self._answer(answer))

    def _start(self, telling: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(telling)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _remember(self, token: bytes) -> None:
        """What the broker remembers of our journal; one that is not ours asks for a new session."""
        if token in self._told:
            return
        self._told = (*self._told, token)[-MOST_TOLD:]
        store = self._store
        public = self._signer.public
        if contradicts(token, public, self._site, store.committed, store.path):
            self._engine.restored(self._new_session())
            self._wake()

    def _acknowledged(self, payload: bytes) -> None:
        """What the head-end holds need not be kept; what nobody trusted has signed is left alone."""
        sequence = self._engine.acknowledged(payload)
        if sequence is not None:
            self._outbox.acknowledge(sequence)

    async def _answer(self, answer: Answer) -> None:
        """Tells a decision that is on the disk; and lets the plant act on it first."""
        if answer.safe is not None and answer.wake and not answer.behind:
            await self._acted()
        wall = self._engine.clock().wall
        self.remembered.decisions.appendleft(decision_status(answer.decision, wall, answer.entry))
        self.owes_checkpoint |= answer.decision.outcome is not Outcome.REFUSED
        await self._publish(Channel.DECISION, self._signed(answer))

    def _signed(self, answer: Answer) -> bytes:
        message = DecisionMessage(
            site=self._site,
            at=self._engine.clock().wall,
            decision=answer.decision,
            digest=answer.digest,
            journal=answer.entry,
        )
        return self._signer.sign(decision_payload(message), Typ.DECISION)

    # ---- out ---------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.remembered.since = self._engine.clock().wall
        if self.line.up:
            self.owes_checkpoint = True
            self._start(self.introduce())

    async def introduce(self) -> None:
        """Tells the session and the state, retained: at each connection and when they change."""
        gate, clock = self._engine.gate, self._engine.clock()
        message = SessionMessage(
            site=self._site,
            session=gate.durable.session,
            at=clock.wall,
            trust_version=gate.durable.trust_version,
            bounds_version=gate.durable.bounds_version,
        )
        signed = self._signer.sign(session_payload(message), Typ.SESSION)
        await self._publish(Channel.SESSION, signed, retain=True)
        await self.tell_state()

    async def tell_state(self) -> None:
        """Whether the gate is there and what it accepts."""
        gate, clock = self._engine.gate, self._engine.clock()
        state = State(
            site=self._site,
            online=True,
            at=clock.wall,
            time_sure=clock.sure,
            commissioned=gate.durable.commissioned == gate.settings.digest,
            latches=tuple(sorted(gate.durable.latches)),
            alarms=tuple(sorted(gate.run.alarms)),
            failures=tuple(sorted(gate.run.failures)),
        )
        await self._publish(Channel.STATE, state_payload(state), retain=True)

    def telemetry(self, image: PlantImage) -> Telemetry:
        """The plant at this moment, as the next record of the outbox."""
        gate, clock = self._engine.gate, self._engine.clock()
        power, soc = metered(image, gate.settings), shown(image)
        frequency = gate.run.frequency
        return Telemetry(
            site=self._site,
            session=gate.durable.session,
            sequence=self._outbox.next_sequence,
            gap=self._outbox.next_gap,
            at=clock.wall,
            live=True,
            power=None if power is None else Watts(round(power)),
            setpoint=Watts(round(gate.run.total)),
            frequency=frequency.hertz if isinstance(frequency, Sure) else None,
            soc=None if soc is None else Share(soc),
            devices={
                str(pcs.device): {"power_w": pcs.power.value} for pcs in image.pcs if pcs.power
            },
        )

    def tell(self, telemetry: Telemetry) -> None:
        """Keeps telemetry until it is acknowledged, and sends it now, if the line is up.

        What a slow line does not take now is sent later, from the outbox.
        """
        payload = telemetry_payload(telemetry)
        put = self._outbox.put(telemetry.session, payload)
        if put.sendable and self.line.up and len(self._telling) < MOST_TELLING:
            task = asyncio.get_running_loop().create_task(self._publish(Channel.TELEMETRY, payload))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def checkpoint(self) -> None:
        """Signs length and head of the journal, keeps it, and sends it to whoever witnesses."""
        tip = self._store.committed
        if not tip.number:
            return
        self.owes_checkpoint = False
        made = make(tip, self._engine.clock().wall, self._site, self._signer.sign)
        self._store.keep_checkpoint(made)
        self._told = (*self._told, made.token)[-MOST_TOLD:]
        await self._publish(Channel.CHECKPOINT, made.token, retain=True)

    async def _publish(self, channel: Channel, payload: bytes, *, retain: bool = False) -> None:
        with suppress(Offline):
            await self.line.publish(topic(self._site, channel), payload, retain=retain)


def _told_to(
    loop: asyncio.AbstractEventLoop,
    told: Callable[[Answer, bool], None],
    answer: Answer,
    done: Future[int],
) -> None:
    """Brings word from the store's thread to the loop; a loop that has ended needs none."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(told, answer, done.exception() is not None)
