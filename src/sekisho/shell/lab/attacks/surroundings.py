"""Attacks on what is around the gate: a false broker; loss of cloud, of time, of power."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho.codec.decision import Reason
from sekisho.codec.topics import Channel, topic
from sekisho.gate.journal.entries import EntryKind
from sekisho.lab import sample
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.lab.attacks.judge import Refusals, kilowatts, unmoved
from sekisho.lab.faults import WatchdogDead
from sekisho.shell.keys import replace_private
from sekisho.shell.lab.attacks.scene import FULL_W, STANDING_W, UNCHANGED_W, until
from sekisho.shell.lab.authority import Authority
from sekisho.shell.lab.broker import Nats, gate_account, head_end_account
from sekisho.shell.lab.stage import now_ms
from sekisho.shell.mqtt.line import Line, Offline, Wishes
from sekisho.shell.mqtt.tls import Broker
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text, sentences

if TYPE_CHECKING:
    from sekisho.shell.lab.attacks.scene import Scene
    from sekisho.terms.errors import Problem

LOOK_S = 1.5
TRIES = 2
"""Attempts of the gate, so that one of them surely met the false broker."""
SHORT_MS = 4_000
WATCHDOG_S = 10.0
CHILD_S = 30.0
REST_S = 3.0
"""Ramp and response of the plant on its way to zero."""

_FALSE_BROKER = Text(
    "ブローカーを倒し、同じ場所に別の認証局の証明書を持つブローカーを立て、抜き取ってあった "
    "{power} kW の指令をそこから送りました。",
    "Took the broker down, put another with another authority's certificate in its place, and sent "
    "from there an order of {power} kW that had been held back.",
)
_LOST = Text(
    "{power} kW の放電中にブローカーを倒し、指令の期限を待ちました。次に時刻を不確かにして指令を送り、"
    "最後にゲートの電源を切りました(SIGKILL)。",
    "During {power} kW of discharge killed the broker and let the permission run out; then made the "
    "gate's time unsure and sent an order; then cut the gate's power (SIGKILL).",
)
_ALL_SAFE = Text(
    "期限の {cloud:.1f} 秒後にゼロになり、時刻が不確かな間の指令は拒否され、電源断の {power:.1f} 秒後に "
    "PCS のウォッチドッグがゼロにしました。",
    "At rest {cloud:.1f} s after its permission ended; the order was refused while time was unsure; the "
    "watchdogs of the PCS brought it to zero {power:.1f} s after the power cut.",
)
_CLOUD = Text(
    "クラウドを失った後、期限が過ぎても出力が残りました。",
    "Without the cloud power outlived its permission.",
)
_TIME = Text("時刻が不確かなまま指令が通りました。", "An order passed while time was unsure.")
_POWER = Text(
    "電源断の {seconds:.0f} 秒後も {power} kW が流れています。",
    "{seconds:.0f} s after the power cut {power} kW still flow.",
)
_LOSS_BOUND = Text(
    "指令の期限とウォッチドッグの {seconds:.0f} 秒(いずれもゼロまでの時間を加える)",
    "the permission's end, and the watchdog's {seconds:.0f} s (with the way to zero)",
)


# ---- class 7 ---------------------------------------------------------------------------------


async def false_broker(scene: Scene) -> Finding:
    """Class 7: the gate believes the site's authority alone."""
    return await _false_broker(scene, believed=False)


async def believed_broker(scene: Scene) -> Finding:
    """Class 7 against a gate that believes the attacker's authority too."""
    return await _false_broker(scene, believed=True)


async def _false_broker(scene: Scene, *, believed: bool) -> Finding:
    stage = scene.stage
    false = Authority(stage.folder / "false", "somebody else's authority")
    both = stage.authority.ca.read_bytes() + false.ca.read_bytes()
    if believed:
        await stage.stop_gate()
        replace_private(stage.state_path / "north-ca.pem", both)
        stage.start_gate()
        await stage.ready()
    before = await scene.settled()
    held_back = scene.signed(scene.setpoint(FULL_W))
    scene.watch()
    stage.broker.stop()
    accounts = (gate_account("gate", sample.SITE), head_end_account("agg", sample.SITE))
    rogue = Nats(stage.folder / "rogue", false, accounts)
    rogue.port = stage.broker.port
    false.ca = stage.folder / "false" / "both.pem"  # its clients may come from anywhere
    replace_private(false.ca, both)
    await asyncio.to_thread(rogue.start)
    try:
        trouble = await _from_there(scene, false, rogue.port, held_back)
    finally:
        await asyncio.to_thread(rogue.stop)
    entries = await scene.noted(EntryKind.FAILED)
    seen = Refusals(entries=entries, reasons=() if trouble is None else (trouble.what,))
    tried = _FALSE_BROKER.fill(power=kilowatts(FULL_W))
    return unmoved(tried, scene.moved(before), before, seen)


async def _from_there(
    scene: Scene, false: Authority, port: int, held_back: bytes
) -> Problem | None:
    """Waits for the gate to come, and sends it what was held back; why the gate did not come."""
    identity = false.client("agg")
    thief = Line(
        Broker(
            host="127.0.0.1",
            port=port,
            ca=false.ca,
            certificate=identity.certificate,
            key=identity.key,
        ),
        Wishes(),
    )
    task = asyncio.create_task(thief.run())
    north = scene.stage.running.north
    tries = north.line.counts.failures if north is not None else 0
    try:
        await asyncio.wait_for(thief.until_up(), 10.0)
        await until(
            lambda: (
                north is not None and (north.line.up or north.line.counts.failures >= tries + TRIES)
            ),
            10.0,
        )
        with suppress(Offline):
            await thief.publish(topic(sample.SITE, Channel.COMMAND), held_back)
        await asyncio.sleep(LOOK_S)
        return None if north is None else north.line.trouble
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


# ---- class 12 --------------------------------------------------------------------------------


async def everything_lost(scene: Scene) -> Finding:
    """Class 12."""
    stage = scene.stage
    scene.watch()
    cloud_s = await _without_cloud(scene)
    await asyncio.to_thread(stage.broker.start)
    await until(lambda: not stage.missing(), 15.0)
    stage.time.synchronised = False
    before = stage.plant.truth().power
    scene.trace.clear()
    answer = await scene.say(scene.setpoint(FULL_W))
    await asyncio.sleep(1.0)
    unsure = answer is not None and answer.message.decision.reason is Reason.TIME_UNSURE
    unsure = unsure and not scene.moved(before)
    stage.time.synchronised = True
    await scene.entries()
    power_s = await _without_power(scene)
    return _lost(scene, cloud_s, power_s, unsure=unsure)


async def power_lost(scene: Scene) -> Finding:
    """The last part of class 12, at PCS whose watchdogs never run out."""
    for name in sample.PCS:
        scene.stage.plant.switch_on(name, WatchdogDead())
    scene.watch()
    return _lost(scene, 0.0, await _without_power(scene), unsure=True)


def _lost(scene: Scene, cloud_s: float, power_s: float, *, unsure: bool) -> Finding:
    shown = {EntryKind.ENDED, EntryKind.FAILED, EntryKind.DECISION, EntryKind.START}
    entries = tuple(number for number, entry in scene.read() if entry.kind in shown)
    power = scene.stage.plant.truth().power
    faults = []
    if cloud_s > REST_S:
        faults.append(_CLOUD)
    if not unsure:
        faults.append(_TIME)
    if power_s > WATCHDOG_S + REST_S:
        faults.append(_POWER.fill(seconds=power_s, power=kilowatts(power)))
    safe = _ALL_SAFE.fill(cloud=max(0.0, cloud_s), power=power_s)
    return Finding(
        tried=_LOST.fill(power=kilowatts(STANDING_W)),
        did=sentences(faults) if faults else safe,
        verdict=Verdict.SUCCEEDED if faults or not entries else Verdict.CONTAINED,
        entries=entries,
        bound=_LOSS_BOUND.fill(seconds=WATCHDOG_S),
    )


def _at_rest(scene: Scene) -> bool:
    truth = scene.stage.plant.truth()
    return _is_rest(truth.power, truth.auxiliary)


def _is_rest(power: float, auxiliary: float) -> bool:
    return abs(power + auxiliary) < UNCHANGED_W / 2


def _moved_for(scene: Scene, since_ms: int) -> float:
    """For how many seconds of the plant's time after a moment power still flowed."""
    auxiliary = scene.stage.plant.truth().auxiliary
    moving = [one.at_ms for one in scene.trace if not _is_rest(one.power, auxiliary)]
    return (max(moving, default=since_ms) - since_ms) / 1000


async def _without_cloud(scene: Scene) -> float:
    """Seconds from the end of the permission until the plant was at rest."""
    ends = now_ms() + SHORT_MS
    ends_there = scene.stage.plant.truth().at_ms + SHORT_MS
    await scene.say(scene.setpoint(STANDING_W, expires_at=WallMs(ends)))
    await until(lambda: scene.stage.plant.truth().power > STANDING_W / 2, SHORT_MS / 1000)
    await asyncio.to_thread(scene.stage.broker.kill)
    await asyncio.sleep(max(0.0, (ends - now_ms()) / 1000))
    await until(lambda: _at_rest(scene), 2 * REST_S)
    return _moved_for(scene, ends_there)


async def _without_power(scene: Scene) -> float:
    """Seconds from the power cut until the plant was at rest."""
    stage = scene.stage
    await stage.stop_gate()
    command = [sys.executable, "-m", "sekisho.shell.lab.attacks.gate_process", str(stage.folder)]
    log = stage.folder / "gate.log"
    with log.open("wb") as sink:
        gate = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program
            command, stdin=subprocess.PIPE, stdout=sink, stderr=sink
        )
    try:
        await _moved_by(scene)
        gate.kill()
        cut = stage.plant.truth().at_ms
        scene.trace.clear()
        await until(lambda: _at_rest(scene), WATCHDOG_S + 2 * REST_S)
        return _moved_for(scene, cut)
    finally:
        gate.kill()
        await asyncio.to_thread(gate.communicate)


async def _moved_by(scene: Scene) -> None:
    """Asks until the new process is ready and the plant has followed it.

    Raises:
        TimeoutError: it does not come up.
    """
    end = asyncio.get_running_loop().time() + CHILD_S
    while True:
        answer = await scene.say(scene.setpoint(STANDING_W), 0.5)
        if answer is not None and answer.message.decision.reason is None:
            break
        if asyncio.get_running_loop().time() > end:
            why = "no answer" if answer is None else str(answer.message.decision)
            raise TimeoutError(f"the gate's process: {why}")
        await asyncio.sleep(0.2)
    await until(lambda: scene.stage.plant.truth().power > STANDING_W / 2, 10.0)
