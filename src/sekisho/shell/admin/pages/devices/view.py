"""Every device of the plant: how it is, who it says it is, and whether that is the labelled product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sekisho.evidence.nameplate import Nameplate, ReadBy
from sekisho.gate.admin.messages import AskDevices
from sekisho.gate.image import OwnDroop
from sekisho.gate.journal.words import called
from sekisho.shell.admin.frame import Shown
from sekisho.shell.admin.pages.live.view import kilowatts
from sekisho.shell.nameplates import against_register
from sekisho.site.model import Identity
from sekisho.terms.quantity import WallMs
from sekisho.terms.texts import Text, same
from sekisho.terms.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.register.index import Index
    from sekisho.shell.admin.frame import Answer, Context
    from sekisho.site.model import Device

WORDS = {
    "title": Text("機器とラベル", "Devices and labels"),
    "none": Text("ゲートが知らせる機器はありません。", "The gate tells of no device."),
    "link": Text("接続", "Link"),
    "no_site": Text(
        "サイトファイルが渡されていないため、申告された製品とは比べていません(--site)。",
        "No site file was given, so the declared products are not compared (--site).",
    ),
    "met_means": Text(
        "ラベルは、実機が名乗る製品をリストで探した結果です。銘板は機器の自己申告で、証明ではありません。",
        "Labels are looked up under what the live device calls itself; a nameplate is its own word "
        "and no proof.",
    ),
}
_LIST = Text("{date} のリストで調べました({kind})。", "Looked up on the list of {date} ({kind}).")
_WHOLE = Text("全体", "whole")
_EXCERPT = Text("抜粋", "an excerpt")
_NAMELESS = Text("名乗っていません。", "It has not said who it is.")
_SIGNS = {
    Verdict.MET: ("✓", "good"),
    Verdict.BROKEN: ("✕", "bad"),
    Verdict.UNDETERMINED: ("?", "open"),
    Verdict.NOT_APPLICABLE: ("–", "open"),
}
_ROLES = {
    "pcs": Text("PCS", "PCS"),
    "bms": Text("BMS", "BMS"),
    "meter": Text("メーター", "meter"),
    "other": Text("そのほか", "other"),
}
_POWER = Text("電力", "Power")
_SETPOINT = Text("設定値", "Set-point")
_OWN_DROOP = Text("自身の周波数応動", "Own droop")
_WATCHDOG = Text("ウォッチドッグ", "Watchdog")
_SOC = Text("充電率", "State of charge")
_TEMPERATURES = Text("温度", "Temperature")
_MAKER = Text("メーカー", "Maker")
_MODEL = Text("型番", "Model")
_VERSION = Text("バージョン", "Version")
_SERIAL = Text("製造番号", "Serial number")
_UNKNOWN = Text("不明", "unknown")
_STOPPED = Text("現地で停止しています。", "It is stopped on the spot.")
_FAULT = Text("故障を知らせています。", "It reports a fault.")
_NOT_OFF = Text(
    "自身の周波数応動を切ったことを確かめられません。確かめられるまで設定値を送りません。装置の側を見てください。",
    "Its own droop is not known to be off. No set-point is sent to it until it is; see to it at the "
    "device.",
)
_NO_WATCHDOG = Text("ウォッチドッグなし: {why}", "No watchdog: {why}")


async def get(context: Context) -> Answer:
    """The page."""
    office = context.office
    status = await office.gate.status() or {}
    plates = {one["device"]: one for one in (await office.gate.ask(AskDevices()))["devices"]}
    index = await office.papers.index()
    info = index.register.info
    rows = dict(_rows(status))
    for name in plates:
        rows.setdefault(name, ("other", {}))
    declared = office.papers.devices
    shown = [
        _device(name, role, row, plates.get(name), (declared or {}).get(name), index, status)
        for name, (role, row) in rows.items()
    ]
    values = {
        "words": WORDS,
        "devices": shown,
        "sited": declared is not None,
        "list_said": _LIST.fill(date=info.list_date, kind=_WHOLE if info.complete else _EXCERPT),
    }
    return Shown(template="pages/devices/devices.html", values=values)


def _rows(status: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, Mapping[str, Any]]]]:
    for role, group in (("pcs", "pcs"), ("bms", "bms"), ("meter", "meters")):
        for row in status.get(group, []):
            yield row["device"], (role, row)


def _device(
    name: str,
    role: str,
    row: Mapping[str, Any],
    plate: Mapping[str, Any] | None,
    declared: Device | None,
    index: Index,
    status: Mapping[str, Any],
) -> dict[str, object]:
    verdict, said = Verdict.UNDETERMINED, _NAMELESS
    if plate is not None:
        stated = declared.identity if declared is not None else Identity()
        found = against_register(_nameplate(plate, status), stated, index)
        verdict, said = found.verdict, found.reason
    sign, mark = _SIGNS[verdict]
    return {
        "name": name,
        "role": _ROLES[role],
        "sign": sign,
        "mark": mark,
        "label": said,
        "link": called("link", row["link"]) if row else _UNKNOWN,
        "facts": [*_facts(row), *_names(plate or {})],
        "troubles": list(_troubles(row)),
    }


def _nameplate(plate: Mapping[str, Any], status: Mapping[str, Any]) -> Nameplate:
    return Nameplate(
        maker=plate["maker"],
        model=plate["model"],
        version=plate["version"],
        serial=plate["serial"],
        read_by=ReadBy.SUNSPEC,
        at=WallMs(status.get("at", 0)),
    )


def _facts(row: Mapping[str, Any]) -> Iterator[tuple[Text, Text]]:
    if "power" in row:
        yield _POWER, kilowatts(row["power"])
    if "setpoint" in row:
        yield _SETPOINT, kilowatts(row["setpoint"])
    if "watchdog" in row:
        yield _WATCHDOG, called("state", row["watchdog"])
    if row.get("own_droop") is not None:
        yield _OWN_DROOP, called("state", row["own_droop"])
    if "soc" in row:
        yield _SOC, _UNKNOWN if row["soc"] is None else same(f"{row['soc'] * 100:.1f} %")
    if row.get("temperature_min") is not None and row.get("temperature_max") is not None:
        yield _TEMPERATURES, same(f"{row['temperature_min']:.0f}–{row['temperature_max']:.0f} °C")


def _names(plate: Mapping[str, Any]) -> Iterator[tuple[Text, Text]]:
    named = (("maker", _MAKER), ("model", _MODEL), ("version", _VERSION), ("serial", _SERIAL))
    for key, word in named:
        if plate.get(key):
            yield word, same(str(plate[key]))


def _troubles(row: Mapping[str, Any]) -> Iterator[Text]:
    if row.get("stopped_locally"):
        yield _STOPPED
    if row.get("faulted"):
        yield _FAULT
    if row.get("own_droop") == OwnDroop.FAILED:
        yield _NOT_OFF
    if row.get("no_watchdog"):
        yield _NO_WATCHDOG.fill(why=row["no_watchdog"])
