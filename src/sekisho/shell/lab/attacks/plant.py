"""Attacks in the plant: a second master, a PCS that obeys others, a battery that lies."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning
from sekisho.codec.modbus.errors import ModbusError
from sekisho.gate.journal.entries import EntryKind
from sekisho.gate.settings import TcpEnd
from sekisho.lab import sample
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.lab.attacks.judge import kilowatts
from sekisho.lab.attacks.trace import longest_beyond, steepest
from sekisho.lab.faults import Lie, SideChannel
from sekisho.shell.lab.attacks.scene import STANDING_W, UNCHANGED_W, until
from sekisho.shell.modbus.client import tcp_client
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.lab.attacks.scene import Scene
    from sekisho.shell.modbus.client import ModbusClient

ROGUE_W = 900_000
ROGUE_EVERY_S = 0.2
OVERWRITTEN_S = 4.0
"""Two seconds until a value read back counts as foreign, the write, and the way back."""
HIDDEN_W = 500_000
TRIP_S = 90.0
MARGIN_S = 10.0
FULL_SPEED_W = 1_000_000
RAMP_W_S = sample.RATED_W // 5
"""`ramp_max` of the sample."""
WINDOW_S = 0.5
LATE_S = 1.0
FORGED = 0.02

_PCS = DeviceId("pcs-1")

_ROGUE = Text(
    "構内から 2 台目の Modbus マスターとして PCS に {power} kW を書きました。まず 1 回、続けて"
    "書き続けました。",
    "Wrote {power} kW to a PCS as a second Modbus master in the plant, once, then on and on.",
)
_ONCE = Text(
    "最初の書込みは {seconds:.1f} 秒続きました。",
    "The first write lasted {seconds:.1f} s.",
)
_ONCE_THEN = Text(
    "最初の書込みは {seconds:.1f} 秒で書き直され、続く書込みの間は取引の指令が止まり、"
    "ゲートの時計(ここでは速く進めています)で {trip:.0f} 秒後に遮断器が開きました。",
    "The first write was overwritten within {seconds:.1f} s; under the others market commands stopped, "
    "and the breaker opened after {trip:.0f} s on the gate's clock, which runs faster here.",
)
_NO_TRIP = Text(
    "最初の書込みは {seconds:.1f} 秒で書き直されましたが、遮断器は開きませんでした。",
    "The first write was overwritten within {seconds:.1f} s, but the breaker did not open.",
)
_ROGUE_BOUND = Text(
    "1 回の書込みは {once:.0f} 秒以内に書き直し、続く書込みは {trip:.0f} 秒以内に遮断",
    "one write is overwritten within {once:.0f} s; many end with the trip within {trip:.0f} s",
)
_HIDDEN = Text(
    "PCS の隠れた無線に {power} kW を指令しました。PCS は何も示しません。",
    "Ordered {power} kW of a PCS by its hidden radio; the PCS shows nothing of it.",
)
_TRIPPED = Text(
    "ゲートはメーターとの差に気付き、その時計(ここでは速く進めています)で {seconds:.0f} 秒後に"
    "遮断器が開きました。",
    "By the meter the gate saw it; the breaker opened after {seconds:.0f} s on the gate's clock, which "
    "runs faster here.",
)
_RUNS_ON = Text(
    "ゲートの時計(ここでは速く進めています)で {seconds:.0f} 秒後も {power} kW が流れ続けています。",
    "After {seconds:.0f} s on the gate's clock, which runs faster here, {power} kW still flow.",
)
_TRIP_BOUND = Text(
    "{power} kW が {seconds:.0f} 秒(10 秒で警報、60 秒でゼロへ、90 秒で遮断)",
    "{power} kW for {seconds:.0f} s (alarm at 10 s, to zero at 60 s, trip at 90 s)",
)
_FORGED = Text(
    "{power} kW の放電中に、電池の充電率を {soc:.0%} と偽りました。",
    "While {power} kW were discharged, forged the battery's state of charge: {soc:.0%}.",
)
_RESTED = Text(
    "遮断は起きず、出力は {window} 秒に最大 {most} kW の速さでゼロになり、現地の復帰を待っています。",
    "Nothing tripped; power went to rest by {most} kW in {window} s at most, and stays there until "
    "somebody on the spot resets it.",
)
_JUMPED = Text(
    "出力が {window} 秒で {most} kW 変わりました。",
    "Power jumped by {most} kW in {window} s.",
)
_RAMP_BOUND = Text(
    "毎秒 {ramp} kW(遅れた 1 周期を含めて {window} 秒で {allowed} kW)、遮断なし",
    "{ramp} kW/s ({allowed} kW in {window} s, one late cycle included), and no trip",
)


async def rogue_master(scene: Scene) -> Finding:
    """Class 8."""
    before = await scene.settled()
    scene.watch()
    rogue = await _second_master(scene)
    try:
        await _write(scene, rogue)
        low, high = before - UNCHANGED_W, before + UNCHANGED_W
        await asyncio.sleep(1.0)
        await until(lambda: low <= scene.stage.plant.truth().power <= high, OVERWRITTEN_S)
        lasted_s = longest_beyond(scene.trace, low, high) / 1000
        tripped_s = None
        if lasted_s <= OVERWRITTEN_S:
            tripped_s = await _insist(scene, rogue)
    finally:
        await rogue.close()
    entries = await scene.noted(EntryKind.FOREIGN, EntryKind.ALARM, EntryKind.LATCHED)
    held = tripped_s is not None and tripped_s <= TRIP_S + MARGIN_S
    did = _ONCE if lasted_s > OVERWRITTEN_S else _ONCE_THEN if held else _NO_TRIP
    return Finding(
        tried=_ROGUE.fill(power=kilowatts(ROGUE_W)),
        did=did.fill(seconds=lasted_s, trip=tripped_s or 0.0),
        verdict=Verdict.CONTAINED if held and entries else Verdict.SUCCEEDED,
        entries=entries,
        bound=_ROGUE_BOUND.fill(once=OVERWRITTEN_S, trip=TRIP_S + MARGIN_S),
    )


async def _second_master(scene: Scene) -> ModbusClient:
    end = scene.stage.running.workers[_PCS].declared.end
    if not isinstance(end, TcpEnd):
        raise TypeError("the plant of the stage speaks TCP")
    rogue = tcp_client(end.host, end.port)
    await rogue.connect()
    return rogue


async def _write(scene: Scene, rogue: ModbusClient) -> None:
    """One set-point as the gate itself would write it: the map of the device is public."""
    worker = scene.stage.running.workers[_PCS]
    if worker.described is None:
        raise TypeError("the gate has not yet read the device")
    for write in worker.described.device_map.setpoint_writes(Watts(ROGUE_W), engaged=True):
        await rogue.write(worker.declared.unit, write.address, write.words)


async def _insist(scene: Scene, rogue: ModbusClient) -> float | None:
    """Writes on and on; after how many seconds of the gate's time the breaker opened."""

    async def on_and_on() -> None:
        while True:
            with suppress(ModbusError):
                await _write(scene, rogue)
            await asyncio.sleep(ROGUE_EVERY_S)

    task = asyncio.create_task(on_and_on())
    try:
        return await _tripped(scene)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tripped(scene: Scene) -> float | None:
    """Lets the gate's time pass; after how much of it the breaker opened, if it did."""
    began = scene.stage.time().boot
    # Nearly the whole of it; the rest passes as it does.
    for seconds in (2.5, 2.5, 3.0, 48.0, 26.0):
        await scene.lapse(seconds)
    opened = await until(lambda: scene.stage.plant.truth().breaker_open, MARGIN_S + 2.0)
    passed = (scene.stage.time().boot - began) / 1000
    return passed if opened else None


async def side_channel(scene: Scene) -> Finding:
    """Class 9."""
    await scene.settled(0)
    scene.watch()
    began = scene.stage.time().boot
    scene.stage.plant.switch_on(_PCS, SideChannel(HIDDEN_W))
    seconds = await _tripped(scene)
    passed = (scene.stage.time().boot - began) / 1000
    if seconds is not None:  # the physics take their next step
        await until(lambda: abs(scene.stage.plant.truth().power) < 1.0, 1.0)
    power = scene.stage.plant.truth().power
    entries = await scene.noted(EntryKind.ALARM, EntryKind.LATCHED, EntryKind.TRIP)
    held = seconds is not None and seconds <= TRIP_S + MARGIN_S and abs(power) < 1.0
    return Finding(
        tried=_HIDDEN.fill(power=kilowatts(HIDDEN_W)),
        did=(_TRIPPED if held else _RUNS_ON).fill(seconds=passed, power=kilowatts(power)),
        verdict=Verdict.CONTAINED if held and entries else Verdict.SUCCEEDED,
        entries=entries,
        bound=_TRIP_BOUND.fill(power=kilowatts(HIDDEN_W), seconds=TRIP_S + MARGIN_S),
    )


async def forged_battery(scene: Scene) -> Finding:
    """Class 14."""
    await scene.settled(FULL_SPEED_W)
    scene.watch()
    scene.stage.plant.switch_on("bms-1", Lie(Meaning.STATE_OF_CHARGE, replace=FORGED))
    await until(lambda: abs(scene.stage.plant.truth().power) < STANDING_W / 4, 8.0)
    await asyncio.sleep(0.5)
    most = steepest(scene.trace, int(WINDOW_S * 1000))
    allowed = RAMP_W_S * (WINDOW_S + LATE_S)
    truth = scene.stage.plant.truth()
    entries = await scene.noted(EntryKind.LATCHED)
    held = most <= allowed and not truth.breaker_open and abs(truth.power) < STANDING_W / 4
    return Finding(
        tried=_FORGED.fill(power=kilowatts(FULL_SPEED_W), soc=FORGED),
        did=(_RESTED if held else _JUMPED).fill(window=WINDOW_S, most=kilowatts(most)),
        verdict=Verdict.CONTAINED if held and entries else Verdict.SUCCEEDED,
        entries=entries,
        bound=_RAMP_BOUND.fill(
            ramp=kilowatts(RAMP_W_S), window=WINDOW_S, allowed=kilowatts(allowed)
        ),
    )
