"""The members of bounds.json as people call and read them: a name, and a value with its unit."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.terms.texts import Text, same

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "export_max": Text("放電の最大", "most export"),
        "import_max": Text("充電の最大", "most import"),
        "connection_export_max": Text("連系点の放電の最大", "most export at the connection point"),
        "connection_import_max": Text("連系点の充電の最大", "most import at the connection point"),
        "soc_min": Text("充電率の下限", "least state of charge"),
        "soc_max": Text("充電率の上限", "most state of charge"),
        "soc_reserve": Text("充電率の余裕", "reserve of charge"),
        "temperature_min": Text("温度の下限", "lowest temperature"),
        "temperature_max": Text("温度の上限", "highest temperature"),
        "ramp_dispatch": Text("指令の変化速度", "ramp of dispatch"),
        "ramp_max": Text("変化速度の最大", "largest ramp"),
        "reversals_per_hour": Text("1時間の充放電の反転", "reversals in an hour"),
        "frequency_nominal": Text("標準周波数", "nominal frequency"),
        "frequency_min": Text("ありうる周波数の下限", "lowest plausible frequency"),
        "frequency_max": Text("ありうる周波数の上限", "highest plausible frequency"),
        "frequency_disturbed": Text("周波数の乱れとする差", "deviation that counts as disturbed"),
        "droop.deadband": Text("一次調整の不感帯", "dead band of primary control"),
        "droop.slope": Text("一次調整の傾き", "slope of primary control"),
        "droop.power_max": Text("一次調整の最大", "most of primary control"),
        "droop.reserve_minutes": Text("一次調整のための余裕", "reserve for primary control"),
        "life.setpoint": Text("設定値の最長", "longest set-point"),
        "life.schedule": Text("計画の最長", "longest schedule"),
        "life.curtail": Text("抑制の最長", "longest curtailment"),
        "life.stop": Text("停止指令の最長", "longest stop command"),
        "life.release": Text("解除指令の最長", "longest release command"),
    }
)
_HOUR_S, _MINUTE_S = 3_600, 60


def name_of(member: str) -> Text:
    """What a member is called; one that is not known stands as it is."""
    return NAMES.get(member, same(member))


def value_of(member: str, value: object) -> Text:
    """Its value with the unit that people read; what is no number stands as it is."""
    if isinstance(value, bool) or not isinstance(value, int):
        return same("—" if value is None else str(value))
    return _UNITS.get(member.rpartition(".")[0] or member, _plain)(member, value)


def _kilowatts(member: str, value: int) -> Text:
    rate = "/s" if member.startswith("ramp") else ""
    return same(f"{_thousandths(value)} kW{rate}")


def _thousandths(value: int) -> str:
    """W as kW to the last watt: who approves a change must see it, however small."""
    whole, rest = divmod(abs(value), 1_000)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:03}".rstrip("0") if rest else "")


def _percent(_: str, value: int) -> Text:
    return same(f"{value / 10:.10g} %")


def _celsius(_: str, value: int) -> Text:
    return same(f"{value / 10:.10g} °C")


def _hertz(_: str, value: int) -> Text:
    return same(f"{value / 1_000:.10g} Hz")


def _duration(_: str, value: int) -> Text:
    if value % _HOUR_S == 0:
        return Text(f"{value // _HOUR_S} 時間", f"{value // _HOUR_S} h")
    if value % _MINUTE_S == 0:
        return Text(f"{value // _MINUTE_S} 分", f"{value // _MINUTE_S} min")
    return Text(f"{value} 秒", f"{value} s")


def _droop(member: str, value: int) -> Text:
    match member:
        case "droop.deadband":
            return _hertz(member, value)
        case "droop.slope":
            return same(f"{_thousandths(value)} kW/Hz")
        case "droop.power_max":
            return same(f"{_thousandths(value)} kW")
        case "droop.reserve_minutes":
            return Text(f"{value} 分", f"{value} min")
        case _:
            return _plain(member, value)


def _plain(_: str, value: int) -> Text:
    return same(f"{value:,}")


_UNITS: Mapping[str, Callable[[str, int], Text]] = MappingProxyType(
    {
        "export_max": _kilowatts,
        "import_max": _kilowatts,
        "connection_export_max": _kilowatts,
        "connection_import_max": _kilowatts,
        "ramp_dispatch": _kilowatts,
        "ramp_max": _kilowatts,
        "soc_min": _percent,
        "soc_max": _percent,
        "soc_reserve": _percent,
        "temperature_min": _celsius,
        "temperature_max": _celsius,
        "frequency_nominal": _hertz,
        "frequency_min": _hertz,
        "frequency_max": _hertz,
        "frequency_disturbed": _hertz,
        "life": _duration,
        "droop": _droop,
    }
)
