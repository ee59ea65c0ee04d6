"""Whether a profile's watchdog can do its work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.device_map import Refresh
from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.points import Keeping
from sekisho.site.faults import Fault
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from sekisho.codec.profile_document import PointTable, ProfileDocument, WatchdogTable

    Points: TypeAlias = Mapping[Meaning, PointTable]

_REFRESHED = {
    Refresh.HEARTBEAT: Meaning.HEARTBEAT,
    Refresh.TIMEOUT: Meaning.WATCHDOG_TIMEOUT,
    Refresh.ENABLE: Meaning.SETPOINT_ENABLE,
    Refresh.SETPOINT: Meaning.SETPOINT,
}


def watchdog_faults(document: ProfileDocument) -> Iterator[Fault]:
    """What keeps the watchdog from stopping the device when the gate is dead."""
    dog, role = document.watchdog, document.device.role
    if (dog is None) is (role is DeviceRole.PCS):
        yield Fault(
            ("watchdog",) if dog is not None else ("device", "role"),
            Text(
                "[watchdog] は PCS に要り、ほかには書けません。",
                "[watchdog] is needed for a PCS, and for nothing else.",
            ),
            Text(
                '機器に無いときは absent = "理由" と書いてください。',
                'Where the device has none, write absent = "why".',
            ),
        )
    if dog is None or dog.absent is not None:
        return
    points = {table.meaning: table for table in document.point}
    yield from _refresh_faults(dog, points)
    yield from _held_faults(dog, points)


def _refresh_faults(dog: WatchdogTable, points: Points) -> Iterator[Fault]:
    """What keeps it from running out."""
    if not dog.refresh:
        yield Fault(
            ("watchdog", "refresh"),
            Text(
                "何がウォッチドッグを延ばすかが書かれていません。",
                "It does not say what keeps the watchdog from running out.",
            ),
            Text('例: refresh = ["heartbeat"]', 'Write, for example: refresh = ["heartbeat"]'),
        )
    for way in dog.refresh:
        point = points.get(_REFRESHED[way])
        if point is None or point.keeping is not Keeping.VOLATILE:
            yield Fault(
                ("watchdog", "refresh"),
                Text(
                    "{way} で延ばすには、volatile な {meaning} の点が要ります。",
                    "Refreshing by {way} needs a volatile point {meaning}.",
                ).fill(way=way, meaning=_REFRESHED[way]),
                Text(
                    "[[point]] を書き足すか、refresh を直してください。",
                    "Add the [[point]], or mend refresh.",
                ),
            )


def _held_faults(dog: WatchdogTable, points: Points) -> Iterator[Fault]:
    """Its time-out, and the power that the device falls back to."""
    for meaning, fixed, key in (
        (Meaning.WATCHDOG_TIMEOUT, dog.fixed_s, "fixed_s"),
        (Meaning.WATCHDOG_FALLBACK_POWER, dog.fixed_fallback_kw, "fixed_fallback_kw"),
    ):
        if (meaning in points) is (fixed is not None):
            yield Fault(
                ("watchdog", key),
                Text(
                    "{key} か、点 {meaning} の、どちらか一方が要ります。",
                    "Either {key} or a point {meaning} is needed, not both.",
                ).fill(key=key, meaning=meaning),
                Text(
                    "資料で、書けるレジスターか固定の値かを確かめてください。",
                    "See in the documents whether it is a register or a fixed value.",
                ),
            )
    if dog.least_s > dog.most_s:
        yield Fault(
            ("watchdog", "least_s"),
            Text("least_s が most_s より大きいです。", "least_s is more than most_s."),
            Text("値を入れ替えてください。", "Exchange the two."),
        )
