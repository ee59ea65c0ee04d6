"""A gate whose process is killed again and again, before and after write, fsync and wire.

`python -m tests.gate_kills FOLDER ROUNDS SEED` prints what it found as JSON. The victim is the gate
without its line north: store, engine, cycle and a worker for each device of a plant that speaks real
Modbus TCP and outlives it. Every order asks for more power than the one before, so that a set-point
beyond all that the journal holds would show. At the top they begin again at the bottom; while the plant
then falls towards the new order it may hold what it held or gave at the last look, and no more: a gate
that starts goes on from the power that a unit measures. Most victims kill themselves at a named point,
some while the disk or the device still goes on for a moment; the others are killed from outside.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Envelope, Product, Setpoint
from sekisho.codec.jws import Typ
from sekisho.codec.profile import read_profile
from sekisho.evidence.chain import GENESIS, Tip, link_digest
from sekisho.gate.durable_form import from_bytes
from sekisho.gate.guard.decide import CHECKS
from sekisho.gate.journal.entries import Entry, EntryKind
from sekisho.gate.journal.form import read_entry
from sekisho.gate.journal.log import row_of
from sekisho.gate.settings import SouthRole
from sekisho.gate.tables import read_gated, sealed
from sekisho.lab import sample
from sekisho.shell.clock import boot_ms
from sekisho.shell.gate import run
from sekisho.shell.gate.cycle import Cycle
from sekisho.shell.gate.describe import Describe, clients_of
from sekisho.shell.gate.requests import Wire
from sekisho.shell.gate.state_folder import STORE, open_state
from sekisho.shell.gate.store import Point, Store
from sekisho.shell.gate.store_file import opened_for_writing
from sekisho.shell.gate.worker import Worker
from sekisho.shell.keys import load_key
from sekisho.shell.lab.stage import LabTime, Script, Stage, now_ms
from sekisho.terms.ids import CommandId
from sekisho.terms.quantity import WallMs, WattHours, Watts

STEP_W = 10_000
"""By which each order asks for more; a tenth of what one tick moves."""
MOST_W = 200_000
"""Where they begin again at the bottom; some dozen kills later."""
TOLERANCE_W = 1_000
"""A gate that starts goes on from the power that a unit measures."""
WATCHDOG_S = 2
WATCHED_EVERY = 10
"""After so many kills nobody starts the gate again for a while."""
LONGEST_S = 8.0
"""A victim that reaches no point is killed from outside after so long."""
SENT = "sent"
"""The frame is on the wire, and its answer is not here."""
POINTS = (*Point, *Wire, SENT)


@dataclass
class Doom:
    """Where a victim ends."""

    at: object
    turn: int
    lingers: float
    """s for which everything else still goes on."""

    def reached(self, point: object) -> None:
        """Ends the process at this point for the nth time."""
        if point is self.at:
            self.turn -= 1
            if self.turn == 0:
                time.sleep(self.lingers)
                os.kill(os.getpid(), signal.SIGKILL)


# ---- the victim ----------------------------------------------------------------------------------


class DoomedWorker(Worker):
    doom: Doom

    @override
    def _reached(self, point: Wire) -> None:
        self.doom.reached(point)


class DoomedClient:
    """Ends the process when a frame has been sent and not been answered."""

    def __init__(self, client: Any, doom: Doom) -> None:
        self._client, self._doom = client, doom

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def write(self, unit: int, address: int, words: Any) -> None:
        writing = asyncio.ensure_future(self._client.write(unit, address, words))
        if self._doom.at is SENT:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            self._doom.reached(SENT)
        await writing


def doomed_store(doom: Doom) -> type[Store]:
    """A store that ends the process at its point, from its own thread."""

    class Doomed(Store):
        @override
        def _reached(self, point: Point) -> None:
            doom.reached(point)

    return Doomed


def site_of(folder: Path) -> run.Site:
    """What the stage of this folder runs its gate with."""
    text = (folder / "site" / "site.toml").read_text(encoding="utf-8")
    settings = sealed(read_gated(text, "site.toml").settings, {"relay.toml": sample.RELAY.encode()})
    profiles = {"relay.toml": read_profile(sample.RELAY, "relay.toml")}
    return run.Site(
        settings=quick_watchdog(settings), profiles=profiles, state=open_state(folder / "state")
    )


def quick_watchdog(settings: Any) -> Any:
    south = tuple(
        replace(one, watchdog_s=WATCHDOG_S) if one.role is SouthRole.PCS else one
        for one in settings.south
    )
    return replace(settings, south=south)


async def live(folder: Path, doom: Doom) -> None:
    """Be a gate that obeys until it is killed."""
    setattr(run, "Store", doomed_store(doom))  # noqa: B010 - the gate as it is, but for its end
    site = site_of(folder)
    with ExitStack() as stack:
        running = run.prepare(site, LabTime(), CHECKS, stack)
        running.begun()
        workers: dict[Any, DoomedWorker] = {}
        for device, client in clients_of(site.settings.south).items():
            declared = next(one for one in site.settings.south if one.device == device)
            describe = Describe(site.profiles, site.settings.trip)
            workers[device] = doomed = DoomedWorker(
                declared, DoomedClient(client, doom), describe, boot_ms
            )
            doomed.doom = doom
        cycle = Cycle(running.engine, site.settings, workers, boot_ms)
        async with asyncio.TaskGroup() as group:
            for worker in workers.values():
                group.create_task(worker.run())
            group.create_task(cycle.run())
            group.create_task(asks(folder, running, cycle))


async def asks(folder: Path, running: run.Running, cycle: Cycle) -> None:
    """More and more power, each order in place of the one before."""
    signer = load_key(folder / "agg.key")
    engine = running.engine
    standing = [int(one.power) for one in engine.gate.durable.standing]
    power = max(standing, default=0)
    power = 0 if power > MOST_W else power
    began = sample_start(folder)
    while True:
        await asyncio.sleep(0.06)
        if engine.gate.run.failures or engine.gate.run.members is None:
            continue
        now = now_ms()
        head = Envelope(
            id=CommandId(f"k-{now}"),
            site=sample.SITE,
            session=engine.gate.durable.session,
            issuer=sample.ISSUER,
            issued_at=WallMs(now - 1_000),
            not_before=WallMs(now - 1_000),
            expires_at=WallMs(now + 600_000),
            sequence=now - began,
        )
        order = Setpoint(envelope=head, power=Watts(power + STEP_W), product=Product.JEPX_SPOT)
        answer = engine.receive(signer.sign(claims_of(order), Typ.COMMAND), cycle.image())
        if answer is not None and answer.wake:
            power += STEP_W
            cycle.wake()  # before it is on the disk: whoever wakes the cycle, it must not act yet
            if answer.safe is not None:
                await asyncio.wrap_future(answer.safe.done)
                cycle.wake()


def sample_start(folder: Path) -> int:
    """When the stage was set up: what sequence numbers are counted from."""
    return (folder / "agg.key").stat().st_mtime_ns // 1_000_000 - 1


# ---- who kills it --------------------------------------------------------------------------------


def forker(folder: Path, orders: int, told: int) -> None:
    """Forks a victim for each line that it reads, and tells how it ended.

    A process of its own without threads or a loop, so that a victim begins with neither.
    """
    with os.fdopen(orders) as stream:
        for line in stream:
            number, seed = map(int, line.split())
            chance = random.Random(seed)
            at = (*POINTS, None)[number % (len(POINTS) + 1)]
            doom = Doom(at, chance.randint(1, 12), chance.choice([0.0, 0.03]))
            pid = os.fork()
            if pid == 0:
                try:
                    asyncio.run(live(folder, doom))
                finally:
                    os._exit(3)
            own = _ended(pid, chance.random() * 0.8 if at is None else LONGEST_S)
            point = str(at) if own and at is not None else "outside"
            os.write(told, f"{point}\n".encode())


def _ended(pid: int, patience_s: float) -> bool:
    """Whether it ended by itself within this time; it is dead in any case."""
    watched = os.pidfd_open(pid)
    try:
        own = bool(select.select([watched], [], [], patience_s)[0])
    finally:
        os.close(watched)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit(f"the victim ended with {status}, not by the kill")
    return own


# ---- what is left --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """What the disk and the plant hold after a kill."""

    tip: Tip
    standing: int
    """The order that stands, as the durable state has it."""
    granted: int
    """The largest power that a decision since the last look grants."""
    latest: int
    """What the newest decision of all grants: the order that must stand."""
    held: int
    """The sum of the set-points that the units hold."""
    power: int
    """What they give, which follows it."""

    @property
    def above(self) -> bool:
        """The plant is above the newest order."""
        return max(self.held, self.power) > self.standing + TOLERANCE_W


def looked(folder: Path, before: Left, stage: Stage) -> Left:
    """The journal since the last look, its links followed, the state that it explains, and the plant.

    Raises:
        SystemExit: a link is broken.
    """
    connection = opened_for_writing(folder / "state" / STORE, create=False)
    since = before.tip
    rows = connection.execute(
        "SELECT n, entry, digest FROM journal WHERE n > ? ORDER BY n", (since.number,)
    ).fetchall()
    (durable,) = connection.execute("SELECT state FROM durable").fetchone()
    connection.close()
    granted, latest = 0, before.latest
    for number, data, digest in rows:
        row = row_of(number, data, digest)
        if number != since.number + 1 or digest != link_digest(number, since.digest, row.leaf):
            raise SystemExit(f"the chain is broken at {number}")
        since = Tip(number, digest)
        entry = read_entry(data)
        if isinstance(entry, Entry) and entry.kind is EntryKind.DECISION:
            power = entry.body["power"]
            if entry.body["outcome"] != "refused" and isinstance(power, int):
                granted, latest = max(granted, power), power
    standing = max((int(one.power) for one in from_bytes(durable).standing), default=0)
    return shown(Left(since, standing, granted, latest, 0, 0), stage)


def shown(left: Left, stage: Stage) -> Left:
    """The same with what the plant shows now."""
    units = stage.plant.truth().pcs
    held = sum(int(one.setpoint) for one in units)
    return replace(left, held=held, power=sum(int(one.power) for one in units))


@dataclass
class Ceiling:
    """The most that the plant may hold, round by round."""

    most: int = 0
    falling: bool = False
    """A smaller order came, and the plant has not come down to it."""
    falls: int = 0
    lasts: int = 0
    longest: int = 0
    """In rounds."""

    def over(self, before: Left, left: Left) -> bool:
        """Whether the plant holds more than the journal explains, by what was seen before."""
        on_its_way = min(self.most, max(before.held, before.power)) if self.falling else 0
        self.most = max(before.standing, left.granted, on_its_way)
        shorter = left.latest < before.latest
        self.falls += shorter
        self.falling = (self.falling or shorter) and left.above
        self.lasts = self.lasts + 1 if self.falling else 0
        self.longest = max(self.longest, self.lasts)
        return not -TOLERANCE_W <= left.held <= self.most + TOLERANCE_W


async def rounds(folder: Path, count: int, seed: int, orders: int, told: Any) -> dict[str, Any]:
    """Kill so many, comparing journal and devices after each."""
    plenty = replace(
        sample.PLENTY,
        change_per_minute=Watts(10**10),
        change_per_hour=Watts(6 * 10**11),
        energy_per_day=WattHours(10**9),
    )
    limits = sample.bounds(now_ms(), ramp_dispatch=1_000_000, ramp_max=2_000_000)
    chance, points, beyond = random.Random(seed), Counter[str](), []
    raised = watched = late = lost = 0
    ceiling = Ceiling()
    script = Script(bounds=limits, budget=plenty, settings=quick_watchdog)
    async with Stage(folder, script) as stage:
        await stage.ready()
        await stage.stop_gate()
        left = replace(looked(folder, Left(GENESIS, 0, 0, 0, 0, 0), stage), standing=0)
        for number in range(1, count + 1):
            before = left
            os.write(orders, f"{number} {chance.getrandbits(32)}\n".encode())
            point = (await asyncio.to_thread(told.readline)).strip()
            points[point] += 1
            await asyncio.sleep(0.03)  # what was on the wire has arrived
            left = looked(folder, before, stage)
            raised += left.held > before.standing
            lost += left.standing != left.latest
            if ceiling.over(before, left):
                beyond.append({"round": number, "point": point, "most": ceiling.most})
                beyond[-1] |= {"held": left.held, "standing": left.standing}
            if left.held and number % WATCHED_EVERY == 0:
                watched += 1
                await asyncio.sleep(WATCHDOG_S + 0.5)
                left = shown(left, stage)
                late += left.held != 0
    return {
        "kills": count,
        "entries": left.tip.number,
        "raised": raised,
        "beyond": len(beyond),
        "cases": beyond,
        "lost": lost,
        "falls": ceiling.falls,
        "longest_fall": ceiling.longest,
        "watched": watched,
        "late": late,
        "points": dict(points),
    }


def main() -> None:
    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    orders, tell = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(orders[1])
        os.close(tell[0])
        try:
            forker(folder, orders[0], tell[1])
        finally:
            os._exit(0)
    os.close(orders[0])
    os.close(tell[1])
    with os.fdopen(tell[0]) as told:
        found = asyncio.run(rounds(folder, count, seed, orders[1], told))
        os.close(orders[1])
        os.waitpid(pid, 0)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
