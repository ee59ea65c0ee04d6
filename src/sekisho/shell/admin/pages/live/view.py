"""The moving part of the plant's page: figures, plots, standing orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sekisho.gate.attention import what_calls
from sekisho.gate.journal.said import jst
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.plots import Scale, Series, drawn, legend
from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

    from sekisho.shell.admin.frame import Answer, Context
    from sekisho.shell.admin.history import Sample
    from sekisho.terms.texts import Lang

_UNKNOWN = Text("不明", "unknown")
WORDS = {
    "title": Text("設備の状態", "The plant"),
    "late": Text(
        "画面を更新できません。下の値は今のものではありません。",
        "The page cannot be refreshed: what is below is not the present.",
    ),
    "away": Text(
        "ゲートに接続できません。ゲートの制御はこの画面と関係なく続きます。",
        "The gate cannot be reached. Its control goes on without these pages.",
    ),
    "power": Text("連系点の電力", "Power at the connection point"),
    "setpoint": Text("設定値", "Set-point"),
    "own_droop": Text("ほかに PCS 自身の応動(見込み)", "Besides, the PCS's own droop (expected)"),
    "soc": Text("充電率", "State of charge"),
    "frequency": Text("周波数", "Frequency"),
    "north": Text("上位との通信", "Connection to the north"),
    "time": Text("時刻", "Time"),
    "sure": Text("確か", "sure"),
    "unsure": Text("不確か", "not sure"),
    "up": Text("接続中", "up"),
    "down": Text("不通", "down"),
    "calm": Text("異常はありません。", "Nothing calls for a person."),
    "attention": Text("人の確認が必要です。", "Something calls for a person."),
    "positive": Text("放電が正です。", "Discharge is positive."),
    "no_history": Text(
        "図は、この画面のプロセスが動き始めてからの値で描きます。まだありません。",
        "Plots begin when the pages' process begins; there is nothing yet.",
    ),
    "japan": Text("日本時間", "Japan time"),
    "orders": Text("有効な指令", "Standing orders"),
    "order": Text("指令", "Order"),
    "issuer": Text("発行者", "Issuer"),
    "amount": Text("電力", "Power"),
    "ends": Text("終わり(日本)", "Ends (Japan)"),
    "reset": Text("保護を復帰する", "Reset what has latched"),
    "reset_said": Text(
        "原因が続いていれば、また働きます。設備のそばの人に確かめてから行ってください。",
        "A cause that lasts latches again. Ask somebody at the plant first.",
    ),
}
_KINDS = {
    "setpoint": Text("設定値", "set-point"),
    "schedule": Text("計画", "schedule"),
    "curtail": Text("抑制", "curtailment"),
}
_LIMITS = Text("放電 {export} / 充電 {charge} まで", "export to {export}, import to {charge}")
_NOW = Text("今", "now")
_MINUTE = Text("分", "min")
_MEASURED = Text("実測", "measured")
_ASKED = Text("設定値", "set-point")
_BOUND = Text("限度", "bound")
_SAID = Text(
    "{title}: 今 {now}、この間の最小 {low}、最大 {high}。",
    "{title}: now {now}; least {low} and most {high} of what is shown.",
)
_PLOT_HERTZ = 0.1
"""Half of what the frequency's axis shows at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A plot with its title, its keys and its sentence."""

    title: Text
    svg: Markup
    keys: tuple[Markup, ...]
    said: Text


async def get(context: Context) -> Answer:
    """The part alone, for the page's script."""
    return Shown(template="pages/live/live.html", values=await values(context))


async def values(context: Context) -> dict[str, object]:
    """What the part shows."""
    status = await context.office.gate.status()
    if status is None:
        return {"words": WORDS, "status": None, "latched": False}
    return {
        "words": WORDS,
        "status": status,
        "at": jst(status["at"]).rpartition(".")[0],
        "power": kilowatts(status["power"]),
        "setpoint": kilowatts(status["setpoint"]),
        "soc": _unknown(status["soc"], _percent),
        "frequency": _unknown(status["frequency"], _hertz),
        "own_droop": None if status["own_droop"] is None else kilowatts(status["own_droop"]),
        "troubles": list(
            what_calls(
                status["latches"],
                status["alarms"],
                status["failures"],
                status["north"]["renewal"],
            )
        ),
        "latched": bool(status["latches"]),
        "plots": list(_plots(context.office.history.samples, status, context.lang)),
        "orders": [_order(one) for one in status["orders"]],
    }


def kilowatts(watts: float | None) -> Text:
    """A power as people read it."""
    return _unknown(watts, _kilowatts)


def _order(order: Mapping[str, Any]) -> dict[str, object]:
    power = kilowatts(order["power"])
    if order["power"] is None and order["export_max"] is not None:
        limits = {"export": order["export_max"], "charge": order["import_max"]}
        power = _LIMITS.fill(**{name: kilowatts(value) for name, value in limits.items()})
    return {
        "kind": _KINDS.get(order["kind"], same(order["kind"])),
        "command": order["command"],
        "issuer": order["issuer"],
        "power": power,
        "ends": jst(order["ends"]).rpartition(".")[0],
    }


def _plots(samples: Sequence[Sample], status: Mapping[str, Any], lang: Lang) -> Sequence[Plot]:
    if not samples:
        return ()
    rated, nominal = status["rated"] / 1_000, status["nominal"] or 50.0
    times = (samples[0].at, samples[-1].at)
    bounds = tuple(
        Series(points=[(at, 100 * bound) for at in times], kind="bound")
        for bound in (status["soc_min"], status["soc_max"])
        if bound is not None
    )
    power = Series(points=[(s.at, _over(s.power, 1_000)) for s in samples], kind="measured")
    asked = Series(points=[(s.at, _over(s.setpoint, 1_000)) for s in samples], kind="asked")
    soc = Series(points=[(s.at, _over(s.soc, 0.01)) for s in samples], kind="measured")
    hertz = Series(points=[(s.at, s.frequency) for s in samples], kind="measured")
    around = Scale(low=nominal - _PLOT_HERTZ, high=nominal + _PLOT_HERTZ, unit="Hz", digits=2)
    return (
        _plot(
            WORDS["power"],
            (asked, power),
            Scale(low=-rated / 10, high=rated / 10, unit="kW", digits=0),
            lambda v: _kilowatts(v * 1_000),
            lang,
        ),
        _plot(
            WORDS["soc"],
            (*bounds, soc),
            Scale(low=0, high=100, unit="%", digits=0),
            lambda v: f"{v:.1f} %",
            lang,
        ),
        _plot(WORDS["frequency"], (hertz,), around, _hertz, lang),
    )


_KEYS = {"measured": _MEASURED, "asked": _ASKED, "bound": _BOUND}


def _plot(
    title: Text,
    series: Sequence[Series],
    scale: Scale,
    spelt: Callable[[float], str],
    lang: Lang,
) -> Plot:
    known = [value for _, value in series[-1].points if value is not None]
    latest = series[-1].points[-1][1]
    said = _SAID.fill(
        title=title,
        now=_unknown(latest, spelt),
        low=_unknown(min(known, default=None), spelt),
        high=_unknown(max(known, default=None), spelt),
    )
    kinds = dict.fromkeys(one.kind for one in reversed(series))
    return Plot(
        title=title,
        svg=drawn(series, scale, said.says(lang), _NOW.says(lang), _MINUTE.says(lang)),
        keys=tuple(legend(kind, _KEYS[kind].says(lang)) for kind in kinds),
        said=said,
    )


def _over(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


def _kilowatts(watts: float) -> str:
    return f"{watts / 1_000:,.0f} kW".replace("-", "−")


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _hertz(value: float) -> str:
    return f"{value:.3f} Hz"


def _unknown(value: float | None, spelt: Callable[[float], str]) -> Text:
    return _UNKNOWN if value is None else same(spelt(value))
