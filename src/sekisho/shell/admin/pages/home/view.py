"""The plant now, as the gate says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.journal.words import called
from sekisho.shell.admin.frame import Shown
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from sekisho.shell.admin.frame import Answer, Context

_UNKNOWN = Text("不明", "unknown")
WORDS = {
    "title": Text("設備の状態", "The plant"),
    "away": Text(
        "ゲートに接続できません。ゲートの制御はこの画面と関係なく続きます。",
        "The gate cannot be reached. Its control goes on without these pages.",
    ),
    "power": Text("連系点の電力", "Power at the connection point"),
    "setpoint": Text("設定値", "Set-point"),
    "soc": Text("充電率", "State of charge"),
    "frequency": Text("周波数", "Frequency"),
    "north": Text("上位との通信", "Connection to the north"),
    "up": Text("接続中", "up"),
    "down": Text("不通", "down"),
    "calm": Text("異常はありません。", "Nothing calls for a person."),
    "attention": Text("人の確認が必要です。", "Something calls for a person."),
    "reset": Text("働いた保護を復帰する", "Reset what has latched"),
    "pressed": Text(
        "押されたままの停止や、続いている原因は、もう一度働きます。",
        "A stop that is still pressed, or a cause that lasts, latches again.",
    ),
    "positive": Text("放電が正です。", "Discharge is positive."),
}


async def get(context: Context) -> Answer:
    """Status, refreshed with the page."""
    status = await context.office.gate.status()
    if status is None:
        return Shown(template="pages/home/home.html", values={"words": WORDS, "status": None})
    troubles = [
        called("what", word)
        for group in ("latches", "alarms", "failures")
        for word in status[group]
    ]
    values = {
        "words": WORDS,
        "status": status,
        "power": _kilowatts(status["power"]),
        "setpoint": _kilowatts(status["setpoint"]),
        "soc": _unknown(status["soc"], lambda share: f"{share * 100:.1f} %"),
        "frequency": _unknown(status["frequency"], lambda hertz: f"{hertz:.3f} Hz"),
        "troubles": troubles,
    }
    return Shown(template="pages/home/home.html", values=values)


def _kilowatts(watts: int | None) -> Text:
    return _unknown(watts, lambda value: f"{value / 1000:,.0f} kW")


def _unknown(value: float | None, spelt: Callable[[float], str]) -> Text:
    return _UNKNOWN if value is None else same(spelt(value))
