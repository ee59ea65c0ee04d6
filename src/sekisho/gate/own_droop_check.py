"""Whether a PCS can follow the frequency by itself as bounds.json has it, before the gate runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.checking import Answer, Stands
from sekisho.gate.own_droop import SLOWEST_S, leaves_room, line_of
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from sekisho.codec.bounds import Bounds
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.droop import Droop
    from sekisho.gate.settings import Settings, SouthDevice

_BY_GATE = Text(
    "droop の行を消してゲートに任せるか、bounds.json を直してください。",
    "Delete the line droop, so that the gate answers, or mend bounds.json.",
)


def own_droop_check(
    device: SouthDevice, found: DeviceMap, bounds: Bounds | None, settings: Settings
) -> Answer:
    """Whether a device can do what `droop = "own"` says of it; nothing is written to it.

    Args:
        device: as the site file has it.
        found: as it describes itself.
        bounds: in force; None: they were not looked at, or cannot be used.
        settings: of the whole plant.
    """
    stands, said, remedy = _judged(found, bounds, settings)
    return Answer(device.device, stands, said, remedy)


def _judged(
    found: DeviceMap, bounds: Bounds | None, settings: Settings
) -> tuple[Stands, Text, Text | None]:
    if found.droop is None:
        said = Text(
            '自身の周波数応動(SunSpec 711)を設定できません。droop = "own" にはできません。',
            'It has no droop of its own (SunSpec 711) that can be set, as droop = "own" needs.',
        )
        return Stands.BAD, said, Text("droop の行を消してください。", "Delete the line droop.")
    if bounds is None:
        said = Text(
            "自身の周波数応動を設定できます。特性は bounds.json がないため確かめていません。",
            "Its own droop can be set; with what line was not checked, for want of bounds.json.",
        )
        remedy = Text("--state を指定してください。", "Give --state.")
        return Stands.NOTED, said, remedy
    if bounds.droop is None:
        said = Text(
            "bounds.json に droop がないため、自身の周波数応動は切ったままです。",
            "bounds.json has no droop: that of the device stays off.",
        )
        return Stands.NOTED, said, _BY_GATE
    return _by_line(found.droop, bounds, settings)


def _by_line(droop: Droop, bounds: Bounds, settings: Settings) -> tuple[Stands, Text, Text | None]:
    """The same of a device that can be set, with bounds that have a droop."""
    line = line_of(bounds, settings)
    if line is None:
        said = Text(
            "ramp_max で power_max に達するまで {most} 秒を超えます。これでは実測との照合に遅れます。",
            "At ramp_max its answer would take more than {most} s, too long for the meter's check.",
        ).fill(most=SLOWEST_S)
        return Stands.BAD, said, _BY_GATE
    values = {
        "deadband": f"{line.deadband_over * 1000:.0f}",
        "slope": f"{line.slope_over * 100:.2f}",
        "response": f"{line.response_s:.1f}",
    }
    if not droop.fits(line):
        said = Text(
            "不感帯 {deadband} mHz・調定率 {slope} %・応答 {response} 秒を設定できません。",
            "It cannot hold a dead band of {deadband} mHz, {slope} % and {response} s.",
        )
        return Stands.BAD, said.fill(**values), _BY_GATE
    if not leaves_room(bounds, settings):
        said = Text(
            "定格いっぱいの応動が上限に収まらないため、入りません。一次調整はゲートが行います。",
            "It will never be on: the whole rating does not fit the bounds. The gate answers.",
        )
        return Stands.NOTED, said, _BY_GATE
    said = Text(
        "自身の周波数応動を、不感帯 {deadband} mHz・調定率 {slope} %・応答 {response} 秒で使えます。",
        "Its own droop can be used: a dead band of {deadband} mHz, {slope} %, {response} s.",
    )
    return Stands.GOOD, said.fill(**values), None
