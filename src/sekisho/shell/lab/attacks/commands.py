"""Attacks with commands: replayed, for another site, at the wrong time, unsigned, against a limit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.claims import claims_of
from sekisho.codec.command import Curtail, Product
from sekisho.codec.decision import Reason
from sekisho.codec.jws import Signer, Typ
from sekisho.codec.strict_json import base64url
from sekisho.gate.journal.entries import EntryKind
from sekisho.lab.attacks.finding import Finding, Verdict
from sekisho.lab.attacks.judge import kilowatts, unmoved
from sekisho.lab.attacks.trace import longest_beyond
from sekisho.shell.lab.attacks.scene import FULL_W, LIFE_MS, STANDING_W
from sekisho.shell.lab.stage import now_ms
from sekisho.terms.ids import SiteId
from sekisho.terms.quantity import WallMs, Watts
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.shell.lab.attacks.scene import Scene

LOOK_S = 1.5
"""At the ramp of dispatch the plant has moved by 300 kW by then."""
AHEAD_MS = 1_500
LIMIT_W = 200_000

_REPLAYED = Text(
    "受け付けられた指令を記録して同じまま再送し、届く前に抜き取った {power} kW の指令を"
    "次の指令の後で送りました。",
    "Sent an accepted command once more as it was, and one of {power} kW, held back on its way, "
    "after the command that followed it.",
)
_ELSEWHERE = Text(
    "正しく署名された {power} kW の指令を、別のサイト宛てのまま送りました。",
    "Sent a validly signed order of {power} kW that is meant for another site.",
)
_UNTIMELY = Text(
    "{power} kW の指令を 3 通り送りました: 30 秒前に期限切れ、{ahead} 秒先に開始、24 時間有効。",
    "Sent an order of {power} kW in three ways: expired 30 s ago, beginning in {ahead} s, valid for "
    "24 hours.",
)
_UNSIGNED = Text(
    "盗まれたクラウドの証明書でブローカーに入り、{power} kW の指令を署名なし、偽の署名、"
    "自分の鍵の署名で送りました。",
    "Entered the broker with the cloud's stolen certificate and sent an order of {power} kW without a "
    "signature, with a false one, and signed with an own key.",
)
_AGAINST = Text(
    "{limit} kW の抑制中に {power} kW の需給調整の指令を送り、同じ鍵で抑制を緩めようとしました。",
    "Sent a balancing order of {power} kW during a curtailment of {limit} kW, and tried to loosen that "
    "with the same key.",
)
_UNDER = Text(
    "出力は最大 {most} kW で、指令は抑制の値まで認められました。",
    "The plant gave {most} kW at most; the order was granted up to the curtailment.",
)
_OVER = Text(
    "出力は抑制を越えて {most} kW になりました。",
    "The plant went beyond the curtailment, to {most} kW.",
)
_CURTAILMENT = Text("抑制 {limit} kW", "curtailment {limit} kW")


async def replayed(scene: Scene) -> Finding:
    """Class 1."""
    first = scene.signed(scene.setpoint(STANDING_W))
    await scene.desk.send(first, 3.0)
    await scene.settled()
    held_back = scene.signed(scene.setpoint(FULL_W))
    before = await scene.settled(0)
    scene.watch()
    await scene.throw(first)
    await scene.throw(held_back)
    await asyncio.sleep(LOOK_S)
    seen = await scene.refusals(Reason.SEQUENCE)
    return unmoved(_REPLAYED.fill(power=kilowatts(FULL_W)), scene.moved(before), before, seen)


async def elsewhere(scene: Scene) -> Finding:
    """Class 2."""
    before = await scene.settled()
    scene.watch()
    await scene.throw(scene.signed(scene.setpoint(FULL_W, site=SiteId("lab-2"))))
    await asyncio.sleep(LOOK_S)
    seen = await scene.refusals(Reason.OTHER_SITE)
    return unmoved(_ELSEWHERE.fill(power=kilowatts(FULL_W)), scene.moved(before), before, seen)


async def untimely(scene: Scene) -> Finding:
    """Class 3."""
    before = await scene.settled()
    scene.watch()
    now = now_ms()
    for times in (
        {
            "issued_at": WallMs(now - 60_000),
            "not_before": WallMs(now - 60_000),
            "expires_at": WallMs(now - 30_000),
        },
        {"not_before": WallMs(now + AHEAD_MS)},
        {"expires_at": WallMs(now + 86_400_000)},
    ):
        await scene.throw(scene.signed(scene.setpoint(FULL_W, Product.JEPX_SPOT, **times)))
        await asyncio.sleep(0.1)
    await asyncio.sleep(AHEAD_MS / 1000 + LOOK_S)
    seen = await scene.refusals(Reason.EXPIRED, Reason.NOT_YET, Reason.LIFE_TOO_LONG)
    tried = _UNTIMELY.fill(power=kilowatts(FULL_W), ahead=AHEAD_MS / 1000)
    return unmoved(tried, scene.moved(before), before, seen)


async def unsigned(scene: Scene) -> Finding:
    """Class 6."""
    before = await scene.settled()
    scene.watch()
    bare = claims_of(scene.setpoint(FULL_W))
    await scene.throw(bare)
    claimed = scene.signed(scene.setpoint(FULL_W)).rsplit(b".", 1)[0]
    await scene.throw(claimed + b"." + base64url(bytes(64)))
    thief = Signer(b"\x07" * 32)
    await scene.throw(thief.sign(claims_of(scene.setpoint(FULL_W)), Typ.COMMAND))
    await asyncio.sleep(LOOK_S)
    seen = await scene.refusals(Reason.FORM, Reason.SIGNATURE, Reason.UNKNOWN_KEY)
    return unmoved(_UNSIGNED.fill(power=kilowatts(FULL_W)), scene.moved(before), before, seen)


async def against_curtailment(scene: Scene) -> Finding:
    """Class 13."""
    await scene.settled(0)
    envelope = scene.envelope(expires_at=WallMs(now_ms() + LIFE_MS))
    tight = Curtail(envelope=envelope, export_max=Watts(LIMIT_W), import_max=Watts(LIMIT_W))
    await scene.say(tight)
    scene.watch()
    loose = replace(tight, envelope=scene.envelope(), export_max=Watts(FULL_W))
    await scene.say(loose)
    await scene.say(scene.setpoint(FULL_W, Product.FRR))
    await asyncio.sleep(LIMIT_W / 200_000 + LOOK_S)
    most = max(one.power for one in scene.trace)
    over = longest_beyond(scene.trace, -float(LIMIT_W), float(LIMIT_W)) > 0
    entries = await scene.noted(EntryKind.DECISION)
    return Finding(
        tried=_AGAINST.fill(power=kilowatts(FULL_W), limit=kilowatts(LIMIT_W)),
        did=(_OVER if over else _UNDER).fill(most=kilowatts(most)),
        verdict=Verdict.SUCCEEDED if over or not entries else Verdict.CONTAINED,
        entries=entries,
        bound=_CURTAILMENT.fill(limit=kilowatts(LIMIT_W)),
    )
