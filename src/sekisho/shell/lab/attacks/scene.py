"""A stage under attack: the stage, what its plant really did, and the means of an attacker."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from typing_extensions import override

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Envelope, Product, Setpoint
from sekisho.codec.decision import SAID
from sekisho.codec.jws import Typ
from sekisho.codec.strict_json import Malformed
from sekisho.codec.topics import Channel, topic
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.lab import sample
from sekisho.lab.attacks.judge import Refusals
from sekisho.lab.attacks.trace import Sample, spread
from sekisho.shell.gate.journal_file import opened_journal
from sekisho.shell.gate.state_folder import STORE
from sekisho.shell.lab.plant import LivePlant
from sekisho.shell.lab.stage import LabTime, Script, Stage, now_ms
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import BootMs, WallMs, Watts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.command import Command
    from sekisho.codec.decision import Reason
    from sekisho.codec.jws import Signer
    from sekisho.codec.trust import Budget
    from sekisho.gate.clock import KernelTime
    from sekisho.gate.guard.check import Check
    from sekisho.gate.settings import Settings
    from sekisho.lab.build import PlantPlan
    from sekisho.shell.mqtt.head_end import Answer, HeadEnd

EVERY_S = 0.02
"""How often the truth is looked at."""
UNCHANGED_W = 0.02 * sample.RATED_W
"""A power that stays this close has not changed: ramps that end, losses."""
LIFE_MS = 120_000
FULL_W = sample.RATED_W
STANDING_W = 300_000
"""What the plant does when the attacker comes."""


class LapseTime(LabTime):
    """Clocks of the gate that can leap ahead: minutes of waiting, in a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.lapse_ms = 0

    @override
    def __call__(self) -> KernelTime:
        now = super().__call__()
        wall, boot = WallMs(now.wall + self.lapse_ms), BootMs(now.boot + self.lapse_ms)
        return replace(now, wall=wall, boot=boot)

    @override
    def boot(self) -> BootMs:
        return BootMs(super().boot() + self.lapse_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """How a gate is built for an attack; the plain one has every defence."""

    checks: tuple[Check, ...] | None = None
    bounds: Callable[[Bounds], Bounds] | None = None
    """Signed by the authority as a site's are."""
    unread_bounds: Callable[[Bounds], Bounds] | None = None
    """Put into the gate's memory, past every reader."""
    settings: Callable[[Settings], Settings] | None = None
    budget: Budget | None = None
    """Of the aggregator's key."""
    lapses: bool = False
    """The gate's clocks can leap (`Scene.lapse`)."""


def quick_plan() -> PlantPlan:
    """The sample plant with PCS that reach their rating in half a second: ramps are the gate's."""
    plan = sample.plan()
    blocks = tuple(
        replace(
            block,
            pcs=tuple(replace(pcs, ramp_w_s=2.0 * pcs.rated_w, delay_ms=20) for pcs in block.pcs),
        )
        for block in plan.blocks
    )
    return replace(plan, blocks=blocks)


@dataclass(slots=True)
class Watched:
    """What was seen since a moment."""

    began_ms: int
    trace: list[Sample] = field(default_factory=list)


async def until(reached: Callable[[], bool], wait_s: float) -> bool:
    """Waits until something is so; whether it was in time."""
    end = asyncio.get_running_loop().time() + wait_s
    while not reached():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(0.01)
    return True


class Scene:
    """See the module's text."""

    def __init__(self, folder: Path, weakness: Weakness | None = None) -> None:
        """A scene that is not set up yet.

        Args:
            folder: empty, or does not exist.
            weakness: how the gate is built; None: as a site builds it.
        """
        self._weakness = weakness or Weakness()
        self.stage = Stage(folder, self._script(self._weakness))
        self.trace: list[Sample] = []
        self.signer: Signer
        self.desk: HeadEnd
        self._sequence = 0
        self._session = ""
        self._first_entry = 1
        self._stack = AsyncExitStack()
        self._recorder: asyncio.Task[None] | None = None

    @staticmethod
    def _script(weakness: Weakness) -> Script:
        script = Script(plant=LivePlant(quick_plan()), settings=weakness.settings)
        if weakness.checks is not None:
            script.checks = weakness.checks
        if weakness.bounds is not None:
            script.bounds = weakness.bounds(sample.bounds(now_ms()))
        script.time = LapseTime() if weakness.lapses else LabTime()
        return script

    async def __aenter__(self) -> Self:
        """Set up and ready, the plant at rest."""
        try:
            await self._stack.enter_async_context(self.stage)
            await self.stage.ready()
            self.signer, self.desk = self.stage.signer, self.stage.head_end
            if self._weakness.budget is not None:
                await self._narrow(self._weakness.budget)
            if self._weakness.unread_bounds is not None:
                engine = self.stage.running.engine
                bounds = self._weakness.unread_bounds(engine.gate.bounds)
                engine.gate = replace(engine.gate, bounds=bounds)
            self._session = (await self.desk.session(5.0)).session
            self._recorder = asyncio.create_task(self._record())
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._recorder is not None:
            self._recorder.cancel()
            with suppress(asyncio.CancelledError):
                await self._recorder
        await self._stack.aclose()

    async def _narrow(self, budget: Budget) -> None:
        """Another trust.json is applied, as the authority of a site would."""
        stage, now = self.stage, now_ms()
        before = (await self.desk.session(5.0)).session
        key = sample.key(self.signer.public, now, budget=budget)
        path = stage.state_path / "trust.json"
        stage.authority.sign_trust(sample.trust(now, key, version=2), path)
        engine = stage.running.engine
        await until(lambda: engine.gate.durable.trust_version > 1, 10.0)
        while (await self.desk.session(5.0)).session == before:  # noqa: ASYNC110 - the broker tells
            await asyncio.sleep(0.02)

    async def _record(self) -> None:
        while True:
            truth = self.stage.plant.truth()
            self.trace.append(Sample(truth.at_ms, truth.power))
            await asyncio.sleep(EVERY_S)

    # ---- what is said --------------------------------------------------------------------------

    def envelope(self, **changes: object) -> Envelope:
        """An honest envelope of the aggregator, except where it is changed."""
        self._sequence += 1
        now = now_ms()
        fields: dict[str, object] = {
            "id": CommandId(secrets.token_hex(8)),
            "site": sample.SITE,
            "session": self._session,
            "issuer": sample.ISSUER,
            "issued_at": WallMs(now),
            "not_before": WallMs(now - 1_000),
            "expires_at": WallMs(now + LIFE_MS),
            "sequence": self._sequence,
        }
        return Envelope(**(fields | changes))  # type: ignore[arg-type]  # members by their names

    def setpoint(
        self, power: float, product: Product = Product.JEPX_SPOT, **changes: object
    ) -> Setpoint:
        """A set-point."""
        envelope = self.envelope(**changes)
        return Setpoint(envelope=envelope, power=Watts(round(power)), product=product)

    def signed(self, command: Command) -> bytes:
        """A command as the aggregator signs it."""
        return self.signer.sign(claims_of(command), Typ.COMMAND)

    async def say(self, command: Command, wait_s: float = 3.0) -> Answer | None:
        """Signs and sends; the gate's answer."""
        return await self.desk.send(self.signed(command), wait_s)

    async def throw(self, raw: bytes) -> None:
        """Sends bytes to which no answer is expected."""
        await self.desk.line.publish(topic(sample.SITE, Channel.COMMAND), raw)

    async def settled(self, power: float = STANDING_W, **changes: object) -> float:
        """Honestly brings the plant to a power; what flows at the connection point then."""
        await self.say(self.setpoint(power, Product.JEPX_SPOT, **changes))
        wanted = power - self.stage.plant.truth().auxiliary
        await self.stage.until_power(wanted - 5_000, wanted + 5_000, 15.0)
        await asyncio.sleep(0.2)
        return wanted

    async def lapse(self, seconds: float) -> None:
        """Lets the gate's clocks leap ahead, and the gate look at its plant anew.

        Raises:
            TypeError: this gate's clocks cannot.
        """
        clocks = self.stage.time
        if not isinstance(clocks, LapseTime):
            raise TypeError("these clocks cannot leap")
        clocks.lapse_ms += int(seconds * 1000)
        await asyncio.sleep(1.2)  # slow devices are read once a second

    # ---- what is seen --------------------------------------------------------------------------

    def watch(self) -> Watched:
        """Begins to watch: the trace from now on, and the journal's entries from now on."""
        self._first_entry = self.stage.running.store.next_number
        self.trace.clear()
        return Watched(self.stage.plant.truth().at_ms, self.trace)

    def moved(self, before: float) -> float:
        """How far the plant went from what it did before, in W; 0 where it did not change."""
        off = spread(self.trace, before)
        return off if off > UNCHANGED_W else 0.0

    async def entries(self) -> list[tuple[int, Entry]]:
        """The journal's entries since `watch`, with the line of what was only counted."""
        running = self.stage.running
        running.engine.minute()  # the minute's line now, not at the end of the minute
        await until(lambda: running.store.committed.number >= running.store.next_number - 1, 5.0)
        return await asyncio.to_thread(self.read)

    def read(self) -> list[tuple[int, Entry]]:
        """The journal's entries since `watch`, as far as they are on the disk."""
        found = []
        with opened_journal(self.stage.state_path / STORE) as log:
            for row in log.rows(self._first_entry, log.last):
                if row.entry is None:
                    continue
                with suppress(Malformed):
                    entry = read_entry(row.entry)
                    if isinstance(entry, Entry):
                        found.append((row.number, entry))
        return found

    async def refusals(self, *reasons: Reason) -> Refusals:
        """Entries that show a refusal for one of these reasons, counted ones too."""
        shown = {EntryKind.DECISION, EntryKind.COUNTED}
        told = [
            (number, str(entry.body.get("reason")))
            for number, entry in await self.entries()
            if entry.kind in shown
        ]
        words = [word for _, word in told]
        return Refusals(
            entries=tuple(number for number, word in told if word in set(reasons)),
            reasons=tuple(SAID[one] for one in reasons if one in words),
        )

    async def noted(self, *kinds: EntryKind) -> tuple[int, ...]:
        """Entries of some kinds."""
        return tuple(number for number, entry in await self.entries() if entry.kind in kinds)
