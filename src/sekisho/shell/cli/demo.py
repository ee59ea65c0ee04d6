"""`sekisho demo`: a plant, a broker, a gate and a head-end on this machine; followed, then attacked."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sekisho.shell.cli.attack import choose, gathered, in_words
from sekisho.shell.cli.delivery import flowing
from sekisho.shell.cli.demo_end import Played, closing, failures, told
from sekisho.shell.cli.demo_screen import Screen, Seen
from sekisho.shell.cli.options import LangOption, language
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.codec.command import Command, Envelope
    from sekisho.shell.lab.observer import Observer
    from sekisho.shell.lab.stage import Script, Stage
    from sekisho.shell.mqtt.head_end import Sent
    from sekisho.terms.texts import Lang

EVERY_S = 0.25
LOW_HZ = -0.15
PACE = 1.0
"""How long each scene is looked at; tests look more briefly."""


def demo(
    *,
    stay: Annotated[
        bool, typer.Option("--stay", help="Keep it running, to send commands by hand.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Show the gate at work on this machine: it follows, limits, is attacked, and its journal verified.

    Real Modbus TCP, a real broker with mutual TLS, signed commands; only the plant is simulated.
    Ends by itself in under two minutes and leaves nothing behind.

    Exit code: 0 shown, 1 an attack succeeded or the journal does not hold, 2 a missing part.
    """
    from sekisho.shell.keys import gate_parts_missing

    try:
        _script()
    except ImportError as error:
        raise gate_parts_missing(error) from error
    flowing()
    spoken = language(lang)
    with tempfile.TemporaryDirectory(prefix="sekisho-demo-") as folder:
        raise typer.Exit(_shown(Path(folder), spoken, stay=stay))


def _shown(folder: Path, lang: Lang, *, stay: bool) -> int:
    from sekisho.shell.cli.main import main
    from sekisho.terms.verdict import ExitCode

    screen = Screen(lang)
    played = asyncio.run(_played(folder, screen, lang))
    screen.say(_VERIFY)
    state, witness = str(folder / "state"), str(folder / "witness.jsonl")
    command = ["journal", "verify", state, "--witness", witness, "--lang", lang.value]
    played.holds = main(command) == ExitCode.GOOD
    sys.stdout.write(told(played, lang))
    screen.say(closing(played))
    if stay:
        with suppress(KeyboardInterrupt):
            asyncio.run(_stayed(folder / "stay", screen))
    return ExitCode.FOUND_BAD if failures(played) else ExitCode.GOOD


async def _played(folder: Path, screen: Screen, lang: Lang) -> Played:
    from sekisho.shell.lab.observer import Observer
    from sekisho.shell.lab.stage import Stage

    screen.say(_MAKING)
    async with Stage(folder, _script()) as stage:
        await stage.ready()
        async with Observer(stage) as observer:
            screen.say(_READY)
            show = Show(stage, observer, screen, PACE)
            await show.story()
            newest = await observer.witnessed(stage, folder / "witness.jsonl")
    screen.say(_ATTACKS)
    results = await gathered(
        choose(None), lambda result: sys.stdout.write(in_words(result, lang)), prove=False
    )
    return Played(
        asked=show.asked,
        answered=show.answered,
        witnessed=newest is not None,
        results=results,
    )


def _script() -> Script:
    from sekisho.codec.bounds import Droop
    from sekisho.lab import sample
    from sekisho.shell.lab.stage import Script, now_ms
    from sekisho.terms.quantity import Hertz, Watts

    droop = Droop(
        deadband=Hertz(0.02),
        slope=Watts(2_000_000),
        power_max=Watts(300_000),
        reserve_minutes=15,
    )
    return Script(bounds=sample.bounds(now_ms(), droop=droop))


class Show:
    """What is played, and what is seen of it."""

    def __init__(self, stage: Stage, observer: Observer, screen: Screen, pace: float = 1.0) -> None:
        self._stage = stage
        self._observer = observer
        self._screen = screen
        self._pace = pace
        self._began = asyncio.get_running_loop().time()
        self._limit: float | None = None
        self.asked = 0
        """Commands that the head-end has sent."""
        self.answered = 0
        """Those of them that the gate has answered."""

    async def story(self) -> None:
        """The whole of it."""
        await self._setpoint(1_200_000, _DISCHARGE)
        await self._look(7)
        await self._curtail(500_000)
        await self._look(5)
        self._screen.say(_LOW)
        self._stage.plant.plant.grid.offset = LOW_HZ
        await self._look(5)
        self._stage.plant.plant.grid.offset = 0.0
        await self._release()
        await self._setpoint(-600_000, _CHARGE)
        await self._look(7)
        await self._stop()
        await self._look(4)

    async def stay(self) -> None:
        """Shows until somebody ends it."""
        while True:
            await self._look(60)

    async def _look(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds * self._pace
        while loop.time() < end:
            self._screen.show(self._seen())
            await asyncio.sleep(EVERY_S)

    def _seen(self) -> Seen:
        from sekisho.lab import sample

        told = self._observer.telemetry
        return Seen(
            second=asyncio.get_running_loop().time() - self._began,
            rated=sample.RATED_W,
            setpoint=None if told is None else told.setpoint,
            limit=self._limit,
            power=None if told is None else told.power,
            soc=None if told is None else told.soc,
            hertz=None if told is None else told.frequency,
        )

    async def _setpoint(self, power: int, why: Text) -> None:
        from sekisho.codec.command import Product
        from sekisho.terms.quantity import Watts

        self._screen.say(why)
        self._tell(await self._stage.setpoint(Watts(power), Product.FRR))

    async def _curtail(self, limit: int) -> None:
        from sekisho.codec.command import Curtail
        from sekisho.terms.quantity import Watts

        self._screen.say(_CURTAIL)
        most = Watts(limit)
        self._tell(await self._ask(lambda e: Curtail(envelope=e, export_max=most, import_max=most)))
        self._limit = limit

    async def _release(self) -> None:
        from sekisho.codec.command import Release

        self._screen.say(_RELEASE)
        self._tell(await self._ask(lambda e: Release(envelope=e)))
        self._limit = None

    async def _stop(self) -> None:
        from sekisho.codec.command import Stop

        self._screen.say(_STOP)
        self._tell(await self._ask(lambda e: Stop(envelope=e)))

    async def _ask(self, make: Callable[[Envelope], Command]) -> Sent:
        from sekisho.codec.asked import For

        return await self._stage.head_end.ask(make, lasts=For(60_000), wait_s=5.0)

    def _tell(self, sent: Sent) -> None:
        from sekisho.codec.north_form import said

        self.asked += 1
        if sent.answer is None:
            self._screen.say(_NO_ANSWER)
            return
        self.answered += 1
        message = sent.answer.message
        self._screen.say(_ANSWER.fill(said=said(message.decision), entry=message.journal))


async def _stayed(folder: Path, screen: Screen) -> None:
    from sekisho.shell.lab.observer import Observer
    from sekisho.shell.lab.stage import Stage

    async with Stage(folder, _script()) as stage:
        await stage.ready()
        async with Observer(stage) as observer:
            file = folder / "head-end.toml"
            file.write_text(_head_end(stage), encoding="utf-8")
            screen.say(_STAY)
            screen.say(_TYPE.fill(file=file), whole=True)
            await Show(stage, observer, screen).stay()


def _head_end(stage: Stage) -> str:
    from sekisho.lab import sample

    return (
        f'site = "{sample.SITE}"\nissuer = "{sample.ISSUER}"\n'
        f'host = "127.0.0.1"\nport = {stage.broker.port}\nca = "authority/ca.pem"\n'
        'certificate = "authority/agg.pem"\nkey = "authority/agg.key"\n'
        'signing_key = "agg.key"\ngate_key = "state/gate.pub"\nsequences = "agg.sequences.json"\n'
    )


_MAKING = Text(
    "この計算機に、認証局、ブローカー(相互 TLS)、模擬設備(Modbus TCP、2 MW / 4 MWh)、ゲート、"
    "ヘッドエンドを作ります。",
    "Making on this machine: an authority, a broker (mutual TLS), a simulated plant (Modbus TCP, "
    "2 MW / 4 MWh), the gate, a head-end.",
)
_READY = Text(
    "機器がすべて応答し、PCS のウォッチドッグが働いています。",
    "Every device answers; the watchdogs of the PCS are armed.",
)
_DISCHARGE = Text("\n▶ 署名した指令: 1,200 kW の放電", "\n▶ Signed command: discharge 1,200 kW")
_CURTAIL = Text(
    "\n▶ 系統運用者の抑制: 500 kW 以下(うち 300 kW は周波数応動のために空けます)",
    "\n▶ The grid operator's curtailment: 500 kW at most (300 kW of it are kept for the frequency)",
)
_LOW = Text(
    "\n▶ 周波数が 0.15 Hz 下がります。抑制はそのままです。",
    "\n▶ The frequency falls by 0.15 Hz; the curtailment stands.",
)
_RELEASE = Text("\n▶ 抑制の解除", "\n▶ The curtailment is released")
_CHARGE = Text("\n▶ 署名した指令: 600 kW の充電", "\n▶ Signed command: charge 600 kW")
_STOP = Text(
    "\n▶ 遠隔停止(残るのは所内の消費です)",
    "\n▶ Remote stop (what still flows is the plant's own load)",
)
_ANSWER = Text("  ゲートの返事: {said}(記録 {entry} 番)", "  the gate: {said} (journal {entry})")
_NO_ANSWER = Text("  返事がありません。", "  No answer came.")
_ATTACKS = Text(
    "\n攻撃します。1 種類ごとに、新しい設備とゲートを相手にします。",
    "\nNow the attacks, each on a plant and a gate of its own.",
)
_VERIFY = Text(
    "\nはじめのゲートのジャーナルを、外の証人が持つチェックポイントと照合します"
    "(ジャーナルはデモの終わりに消えます)。",
    "\nThe first gate's journal, which goes when this ends, held against the checkpoints of a "
    "witness elsewhere:",
)
_STAY = Text(
    "\n動かし続けます。別の端末から指令を送れます(終わるには Ctrl-C)。",
    "\nIt keeps running. Send commands from another terminal (Ctrl-C ends it):",
)
_TYPE = same("  sekisho command setpoint --head-end {file} --power 500kW --product frr --for 2m")
