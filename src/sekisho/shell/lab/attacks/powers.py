"""Attacks within what a key may ask: too fast, to and fro."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sekisho.codec.decision import Reason
from sekisho.gate.journal.entries import EntryKind
from sekisho.lab import sample
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.lab.attacks.judge import kilowatts
from sekisho.lab.attacks.trace import reversals, steepest
from sekisho.shell.lab.attacks.scene import FULL_W, until
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.lab.attacks.scene import Scene

RAMP_W_S = sample.RATED_W // 10
"""`ramp_dispatch` of the sample, which the plant was promised."""
WINDOW_S = 2.0
LATE_S = 1.0
"""A late tick moves power by what this much time allows at most."""
TOGGLES = 8
TOGGLE_S = 0.3
TURN_S = 4.0
"""How long an order that was accepted is given to turn the plant round."""
SWING_W = 400_000
EDGE_W = 0.05 * sample.RATED_W
REVERSALS = 2
"""What the key may do in an hour."""

_FAST = Text(
    "許された範囲で、{power} kW の放電と充電の指令を続けて送りました。",
    "Within what the key may ask, ordered {power} kW of discharge, then of charge at once.",
)
_SLOW = Text(
    "出力の変化は {window:.0f} 秒で最大 {most} kW でした。",
    "The plant moved by {most} kW in {window:.0f} s at most.",
)
_RAMP = Text(
    "毎秒 {ramp} kW(遅れた 1 周期を含めて {window:.0f} 秒で {allowed} kW)",
    "{ramp} kW/s ({allowed} kW in {window:.0f} s, one late cycle included)",
)
_TO_AND_FRO = Text(
    "{power} kW の放電と充電の指令を交互に {count} 回送りました。",
    "Ordered {power} kW of discharge and of charge in turn, {count} times.",
)
_TURNED = Text(
    "出力の向きが変わった回数: {found}。続きは予算がなく拒否されました。",
    "Changes of the plant's direction: {found}; the rest was refused, the budget being spent.",
)
_TURNED_ON = Text(
    "出力の向きが変わった回数: {found}。", "Changes of the plant's direction: {found}."
)
_ALLOWED = Text("毎時 {most} 回", "{most} an hour")


async def too_fast(scene: Scene) -> Finding:
    """Class 4."""
    await scene.settled(0)
    scene.watch()
    await scene.say(scene.setpoint(FULL_W))
    await asyncio.sleep(2.0)
    await scene.say(scene.setpoint(-FULL_W))
    await asyncio.sleep(3.0)
    most = steepest(scene.trace, int(WINDOW_S * 1000))
    allowed = RAMP_W_S * (WINDOW_S + LATE_S)
    entries = await scene.noted(EntryKind.DECISION, EntryKind.GOAL)
    held = most <= allowed and bool(entries)
    return Finding(
        tried=_FAST.fill(power=kilowatts(FULL_W)),
        did=_SLOW.fill(window=WINDOW_S, most=kilowatts(most)),
        verdict=Verdict.CONTAINED if held else Verdict.SUCCEEDED,
        entries=entries,
        bound=_RAMP.fill(ramp=kilowatts(RAMP_W_S), window=WINDOW_S, allowed=kilowatts(allowed)),
    )


def _beyond(scene: Scene, way: int) -> bool:
    return way * scene.stage.plant.truth().power > EDGE_W


async def to_and_fro(scene: Scene) -> Finding:
    """Class 5."""
    await scene.settled(0)
    scene.watch()
    for turn in range(TOGGLES):
        way = 1 if turn % 2 == 0 else -1
        answer = await scene.say(scene.setpoint(way * SWING_W))
        refused = answer is not None and answer.message.decision.reason is not None
        await asyncio.sleep(TOGGLE_S)
        if not refused:
            await until(partial(_beyond, scene, way), TURN_S)
    found = reversals(scene.trace, EDGE_W)
    entries = (await scene.refusals(Reason.BUDGET)).entries
    held = found <= REVERSALS and bool(entries)
    return Finding(
        tried=_TO_AND_FRO.fill(power=kilowatts(SWING_W), count=TOGGLES),
        did=(_TURNED if entries else _TURNED_ON).fill(found=found),
        verdict=Verdict.CONTAINED if held else Verdict.SUCCEEDED,
        entries=entries,
        bound=_ALLOWED.fill(most=REVERSALS),
    )
