"""What `gate check` asks of a device that answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.gate.checking import Answer, Stands
from sekisho.gate.settings import SouthRole
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.registers import Value
    from sekisho.gate.settings import SouthDevice

_MOST_OFF = 0.05
"""Share of the rating by which a device may tell another one."""


def device_checks(device: SouthDevice, found: DeviceMap) -> Iterator[Answer]:
    """A device that answered: what it is, and for a PCS its watchdog and rating."""
    yield Answer(
        device.device,
        Stands.GOOD,
        Text("応答しました({source})。", "It answers ({source}).").fill(source=found.source),
    )
    if device.role is SouthRole.PCS:
        yield _watchdog(device, found)
        yield from _rating(device, found)


def droop_check(device: SouthDevice, found: DeviceMap, enabled: Value | None) -> Answer | None:
    """Who follows the frequency, where a PCS could do it itself; None where it cannot.

    Args:
        device: as the site file has it.
        found: as it describes itself.
        enabled: whether its own droop is, as it was read; None: it does not tell.
    """
    if found.droop is None:
        return None
    if enabled == 0:
        told = Text(
            "自身の周波数応動(SunSpec 711)は切られています。一次調整はゲートが行います。",
            "Its own droop (SunSpec 711) is off; primary control is the gate's.",
        )
        return Answer(device.device, Stands.GOOD, told)
    state = Text("有効です", "on") if enabled == 1 else Text("読めません", "not told")
    return Answer(
        device.device,
        Stands.NOTED,
        Text(
            "自身の周波数応動(SunSpec 711)が{state}。ゲートはこれを設定せず、数えません。",
            "Its own droop (SunSpec 711) is {state}; the gate neither sets nor counts it.",
        ).fill(state=state),
        Text(
            "bounds.json に droop があるなら、二重にならないよう PCS の側を切ってください。",
            "Where bounds.json has a droop, turn that of the PCS off: both together do it twice.",
        ),
    )


def _watchdog(device: SouthDevice, found: DeviceMap) -> Answer:
    watchdog = found.watchdog
    if device.no_watchdog is not None:
        return Answer(
            device.device,
            Stands.NOTED,
            Text("ウォッチドッグを使いません: {reason}", "Its watchdog is not used: {reason}").fill(
                reason=device.no_watchdog
            ),
        )
    if watchdog is None:
        return Answer(
            device.device,
            Stands.BAD,
            Text(
                "ウォッチドッグがありません。ゲートが止まっても出力が続きます。",
                "It has no watchdog: its power would outlive a dead gate.",
            ),
            Text(
                'ウォッチドッグのある設定・機種にするか、ほかの止め方を no_watchdog = "理由" に'
                "書いてください。",
                'Enable one, or write what stops it otherwise as no_watchdog = "reason".',
            ),
        )
    seconds = watchdog.fixed_s if watchdog.fixed_s is not None else device.watchdog_s
    if seconds > device.watchdog_s or not watchdog.least_s <= seconds <= watchdog.most_s:
        return Answer(
            device.device,
            Stands.BAD,
            Text(
                "ウォッチドッグを {wanted} 秒にできません(機器は {least} から {most} 秒)。",
                "Its watchdog cannot be {wanted} s (the device: {least} to {most} s).",
            ).fill(
                wanted=device.watchdog_s,
                least=watchdog.fixed_s or watchdog.least_s,
                most=watchdog.fixed_s or watchdog.most_s,
            ),
            Text("watchdog_s を直してください。", "Mend watchdog_s."),
        )
    return Answer(
        device.device,
        Stands.GOOD,
        Text("ウォッチドッグは {seconds} 秒です。", "Its watchdog is {seconds} s.").fill(
            seconds=seconds
        ),
    )


def _rating(device: SouthDevice, found: DeviceMap) -> Iterator[Answer]:
    told = found.rated
    if told is not None and abs(told - device.rated) > _MOST_OFF * device.rated:
        yield Answer(
            device.device,
            Stands.BAD,
            Text(
                "定格が合いません: サイトファイル {stated} W、機器 {told} W。",
                "Its rating is {told} W; the site file says {stated} W.",
            ).fill(stated=f"{device.rated:_}", told=f"{told:_}"),
            Text("rated_kw か接続先を直してください。", "Mend rated_kw, or where it connects."),
        )
