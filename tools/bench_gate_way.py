"""From a command to a set-point written and read back: the whole gate beside a bare forwarder.

Five processes: this head-end, a broker (NATS, mutual TLS, QoS 1), the gate, the forwarder
(`tools.bench_way`), and a plant of its own for each of the two. Commands go to the gate and to the
forwarder in turn, some 18 a second each, at random moments; each asks a power that differs from the
last by 1 kW, so that the ramp never holds it up. One more round each at three other paces
(`tools.bench_gate_pace`) shows what the cycle's rest does there.

What is measured, by CLOCK_MONOTONIC across the processes: from before the head-end makes the message
(and, for the gate, signs it) until the value that the PCS shows has been read back. The hop of the
broker is what the forwarder measures of it: from there to its line handing the message over.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvloop
from typing_extensions import override

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Envelope, Product, Setpoint
from sekisho.codec.jws import Typ
from sekisho.codec.topics import Channel, topic
from sekisho.codec.trust import Budget
from sekisho.lab import sample
from sekisho.shell.keys import new_key
from sekisho.shell.lab.broker import gate_account, head_end_account
from sekisho.shell.lab.plant_process import PlantProcess, Service
from sekisho.shell.lab.stage import Script, Stage, now_ms
from sekisho.shell.mqtt.line import Line, Wishes
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import WallMs, WattHours, Watts
from tools.bench_gate_figure import Found, disk, quantile
from tools.bench_gate_pace import CLOSE, SELDOM, STEADY, WORST
from tools.bench_gate_stage import UNIT_W, PlantElsewhere, plan_of
from tools.bench_gate_took import Marks, Took, beside, lost, parts, ratios, took
from tools.bench_way import FORWARDED, PCS, only_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sekisho.codec.jws import Signer
    from sekisho.codec.north import SessionMessage
    from sekisho.terms.ids import SiteId
    from tools.bench_gate_pace import Pace

ROUNDS = 5
PAIRS = 300
"""Commands of one round, to each."""
OTHERS = (STEADY, WORST, SELDOM)
"""What is shown beside the rounds."""
WARM = 60
"""Commands before anything is measured."""
_LIFE_MS = 60_000
_UP_S = 30.0
_LEVELS = 40
ROOT = Path(__file__).resolve().parent.parent


class _Elsewhere(Stage):
    """A stage whose gate is a process of its own."""

    process: subprocess.Popen[bytes] | None = None

    @property
    def out(self) -> Path:
        """What the gate measured."""
        return self.folder / "gate.json"

    @override
    def start_gate(self) -> None:
        self.process = _started(["gate", str(self.folder), str(self.out)])

    @override
    async def stop_gate(self) -> None:
        await _ended(self.process)

    @override
    async def ready(self, wait_s: float = _UP_S) -> None:
        await self.head_end.session(wait_s)
        end = time.monotonic() + wait_s
        while True:
            sent = await self.setpoint(Watts(0), Product.JEPX_SPOT)
            if sent.answer is not None and sent.answer.message.decision.reason is None:
                return
            if time.monotonic() > end:
                raise TimeoutError(str(sent.answer))
            await asyncio.sleep(0.5)


def _started(words: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tools.bench_way", *words], cwd=ROOT)


async def _ended(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None and process.poll() is None:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


@dataclass(slots=True)
class _Way:
    """One of the two, as the head-end sees it."""

    sent: list[tuple[int, int]] = field(default_factory=list)
    """When each message was begun, and its power."""

    def level(self) -> int:
        """The next power: up and down by 1 kW, never the same twice in turn."""
        step = len(self.sent) % _LEVELS
        return 100_000 + 1_000 * min(step, _LEVELS - step)


class _HeadEnd:
    """Sends to both, in turn."""

    def __init__(self, gate: Line, forwarder: Line, signer: Signer, now: SessionMessage) -> None:
        self._gate_line = gate
        self._forwarder_line = forwarder
        self._signer = signer
        self._session = now
        self._sequence = 1_000
        self._chance = random.Random(1)  # noqa: S311 - the moments of messages, the same each run; no secret is made of it
        self.gate, self.forwarder = _Way(), _Way()

    async def pairs(self, count: int, pace: Pace) -> None:
        """So many messages to each."""
        begun, moments = time.monotonic(), pace.moments(self._chance)
        for _ in range(count):
            for send in (self._to_gate, self._to_forwarder):
                await asyncio.sleep(max(0.0, begun + next(moments) - time.monotonic()))
                await send()

    async def _to_gate(self) -> None:
        power, begun = self.gate.level(), time.monotonic_ns()
        raw = self._signer.sign(self._claims(sample.SITE, power), Typ.COMMAND)
        self.gate.sent.append((begun, power))
        await self._gate_line.publish(topic(sample.SITE, Channel.COMMAND), raw)

    def _claims(self, site: SiteId, power: int) -> bytes:
        self._sequence += 1
        now = now_ms()
        envelope = Envelope(
            id=CommandId(secrets.token_hex(8)),
            site=site,
            session=self._session.session,
            issuer=sample.ISSUER,
            issued_at=WallMs(now),
            not_before=WallMs(now - 2_000),
            expires_at=WallMs(now + _LIFE_MS),
            sequence=self._sequence,
        )
        order = Setpoint(envelope=envelope, power=Watts(power), product=Product.JEPX_SPOT)
        return claims_of(order)

    async def _to_forwarder(self) -> None:
        power, begun = self.forwarder.level(), time.monotonic_ns()
        raw = self._claims(FORWARDED, power)
        self.forwarder.sent.append((begun, power))
        await self._forwarder_line.publish(topic(FORWARDED, Channel.COMMAND), raw)


def _script() -> Script:
    plenty = Budget(
        change_per_minute=Watts(1_000 * UNIT_W),
        change_per_hour=Watts(10_000 * UNIT_W),
        reversals_per_hour=20,
        energy_per_day=WattHours(1_000 * UNIT_W),
    )
    limits = sample.bounds(now_ms(), ramp_dispatch=2 * UNIT_W, ramp_max=2 * UNIT_W)
    guests = (gate_account("forwarder", FORWARDED), head_end_account("desk", FORWARDED))
    return Script(
        plant=PlantElsewhere(plan_of(5)),
        settings=only_one,
        bounds=limits,
        budget=plenty,
        guests=guests,
    )


async def _measured(folder: Path, rounds: int, pairs: int) -> tuple[list[Took], list[Took]]:
    async with _Elsewhere(folder, _script()) as stage:
        other = await asyncio.to_thread(PlantProcess, Service(plan=plan_of(5)))
        try:
            return await _beside(stage, other, rounds, pairs)
        finally:
            await asyncio.to_thread(other.close)


async def _beside(
    stage: _Elsewhere, other: PlantProcess, rounds: int, pairs: int
) -> tuple[list[Took], list[Took]]:
    out = stage.folder / "forwarder.json"
    stage.identity("forwarder")
    port = other.control.addresses()[str(PCS)].rsplit(":", 1)[1]
    words = ["forwarder", str(stage.folder), port, str(stage.broker.port), str(out)]
    process = _started(words)
    desk = stage.desk("desk", new_key(stage.folder / "desk.key"))
    line = Line(desk.broker, Wishes(subscribe=(topic(FORWARDED, Channel.DECISION),)))
    task = asyncio.create_task(line.run())
    drained = asyncio.create_task(_drained(line))
    try:
        await stage.ready()
        await asyncio.wait_for(line.until_up(), _UP_S)
        session = await stage.head_end.session(_UP_S)
        head = _HeadEnd(stage.head_end.line, line, stage.signer, session)
        await head.pairs(WARM, CLOSE)
        for _ in range(rounds):
            await head.pairs(pairs, CLOSE)
        for pace in OTHERS:
            await head.pairs(pairs, pace)
        await asyncio.sleep(1)
    finally:
        for one in (task, drained):
            one.cancel()
        await asyncio.gather(task, drained, return_exceptions=True)
        await _ended(process)
        await stage.stop_gate()
    return (
        _rounds(head.gate, stage.out, rounds, pairs),
        _rounds(head.forwarder, out, rounds, pairs),
    )


async def _drained(line: Line) -> None:
    while True:
        await line.receive()


def _rounds(way: _Way, out: Path, rounds: int, pairs: int) -> list[Took]:
    told = json.loads(out.read_text())
    marks = Marks(
        told["arrived"], [(at, power) for at, power in told["held"]], told.get("rested", [])
    )
    sent = way.sent[WARM:]
    return [
        took(sent[n * pairs : (n + 1) * pairs], marks, sent[(n + 1) * pairs :])
        for n in range(rounds + len(OTHERS))
    ]


def _commits(folder: Path) -> Found:
    """What the gate's own commits took, those of its start and its ticks among them."""
    took = json.loads((folder / "gate.json").read_text())["commits"]
    return Found(
        what="e: the gate's commits, p50", value=quantile(took, 0.5), unit=" ms",
        note=f" (p99 {quantile(took, 0.99):.2f} ms, longest {max(took, default=0):.0f} ms)",
    )  # fmt: skip


def figures(rounds: int | None = None, pairs: int = PAIRS) -> list[Found]:
    """The gate beside the forwarder: medians of the rounds."""
    with (
        TemporaryDirectory() as name,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        found_disk = disk(Path(name))
        stage = Path(name) / "stage"
        count = rounds or ROUNDS
        gates, bares = runner.run(_measured(stage, count, pairs))
        commits = _commits(stage)
    missing = lost([*gates, *bares])
    others = zip(OTHERS, gates[count:], bares[count:], strict=True)
    gates, bares = gates[:count], bares[:count]
    return [
        *ratios(gates, bares, pairs),
        missing,
        *(beside(pace.name, gate, bare) for pace, gate, bare in others),
        *parts(gates, bares),
        commits,
        *found_disk,
    ]
