"""A stand-in for the gate's northern side: publishes a session and answers what it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time

from sekisho.codec.claims import read_claims
from sekisho.codec.decision import Decision, Limit, Outcome, Reason
from sekisho.codec.jws import Signer, Typ, open_envelope
from sekisho.codec.north import DecisionMessage, SessionMessage
from sekisho.codec.north_form import decision_payload, session_payload
from sekisho.codec.topics import Channel, topic
from sekisho.shell.mqtt.line import Line, Wishes
from sekisho.terms.quantity import WallMs, Watts
from tests.orders import NOW, SESSION, SITE

GATE = Signer(b"the gate of the tests: one seed.")


def answer_to(command):
    """Accepts, but limits a set-point above 10 MW and refuses one above 50 MW."""
    power = getattr(command, "power", None)
    if power is not None and abs(power) > 50_000_000:
        return Decision(
            outcome=Outcome.REFUSED,
            command=command.envelope.id,
            kid=None,
            reason=Reason.NOT_PERMITTED,
            detail="most 50,000,000 W",
        )
    if power is not None and abs(power) > 10_000_000:
        limit = Limit(bound="export_max", value=10_000_000, where="bounds.json version 3")
        return Decision(
            outcome=Outcome.LIMITED,
            command=command.envelope.id,
            kid=None,
            limits=(limit,),
            power=Watts(10_000_000),
        )
    return Decision(outcome=Outcome.ACCEPTED, command=command.envelope.id, kid=None)


class Answering:
    """Runs in a thread with a loop of its own, so that a command line can run in the test's."""

    def __init__(self, broker, signer=GATE, *, answers=True):
        self.heard = []
        self._broker, self._signer, self._answers = broker, signer, answers
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join(10)

    async def _run(self):
        line = Line(self._broker, Wishes(subscribe=(topic(SITE, Channel.COMMAND),)))
        running = asyncio.create_task(line.run())
        await line.until_up()
        session = SessionMessage(
            site=SITE, session=SESSION, at=NOW, trust_version=1, bounds_version=3
        )
        signed = self._signer.sign(session_payload(session), Typ.SESSION)
        await line.publish(topic(SITE, Channel.SESSION), signed, retain=True)
        answering = asyncio.create_task(self._answer(line))
        self._ready.set()
        await asyncio.to_thread(self._stop.wait)
        for task in (answering, running):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _answer(self, line):
        while True:
            incoming = await line.receive()
            opened = open_envelope(incoming.payload)
            command = read_claims(opened.payload)
            self.heard.append(command)
            if not self._answers:
                continue
            message = DecisionMessage(
                site=SITE,
                at=WallMs(time.time_ns() // 1_000_000),
                decision=answer_to(command),
                digest=opened.digest.hex(),
                journal=len(self.heard),
            )
            signed = self._signer.sign(decision_payload(message), Typ.DECISION)
            await line.publish(topic(SITE, Channel.DECISION), signed)
