"""Whether the gate's tables fit together among themselves: addresses, files, cells, the trip.

Asked of every table that could be read on its own, so that all problems are told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate import failures
from sekisho.gate.failures import Response
from sekisho.gate.settings import SerialEnd, TcpEnd
from sekisho.gate.tables_document import Stays, cells, failure_key
from sekisho.gate.tables_ends import Wrong, broker_of, end_of, fingerprint_of, is_loopback
from sekisho.site.faults import Fault, quoted
from sekisho.site.sense import leaves_folder
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.gate.tables_document import (
        AuthorityTable,
        FallbackTable,
        GateTable,
        NorthTable,
        SouthTable,
        StopContactTable,
        TripTable,
    )
    from sekisho.site.locate import Path

RESPONSES: Mapping[Stays, Response] = {
    Stays.KEEP: Response.KEEP,
    Stays.REDUCE_ONLY: Response.REDUCE_ONLY,
    Stays.REST: Response.REST,
    Stays.STOP: Response.STOP,
}
_WORDS = {response: stays for stays, response in RESPONSES.items()}


_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables that could be read on their own."""

    gate: GateTable | None = None
    authority: AuthorityTable | None = None
    north: NorthTable | None = None
    south: Sequence[tuple[int, SouthTable]] = ()
    """Each with its place in the file."""
    fallback: FallbackTable | None = None
    trip: TripTable | None = None
    stop_contact: StopContactTable | None = None
    named: frozenset[str] = frozenset()
    """The devices that all tables `[[south]]` name, the unreadable ones too."""
    whole: bool = True
    """Whether every `[[south]]` could be read."""
    breaker: str = ""
    """The device that `[trip]` names, whatever else is wrong with it."""


def faults_among(tables: Tables) -> Iterator[Fault]:
    """Everything that does not fit together, whatever the plant is."""
    yield from _addresses(tables)
    yield from _ends(tables)
    yield from _twice(tables)
    yield from _fallback(tables)
    yield from _trip(tables)
    yield from _stop_contact(tables)
    for at, row in tables.south:
        yield from _profile(("south", at), row)


def _addresses(tables: Tables) -> Iterator[Fault]:
    if tables.authority is not None:
        yield from _told(("authority", "fingerprint"), fingerprint_of(tables.authority.fingerprint))
    if tables.north is not None:
        yield from _told(("north", "broker"), broker_of(tables.north.broker))
        yield from _files(tables.north)
    for at, row in tables.south:
        yield from _told(("south", at, "connect"), end_of(row.connect))


def _files(north: NorthTable) -> Iterator[Fault]:
    """Three files of the state folder."""
    files = {"ca": north.ca, "certificate": north.certificate, "key": north.key}
    for key, name in files.items():
        if not _FILE.fullmatch(name):
            yield Fault(
                ("north", key),
                Text(
                    "{key} は状態フォルダーの中のファイル名ではありません: {name}",
                    "{key} is not the name of a file in the state folder: {name}",
                ).fill(key=key, name=quoted(name)),
                Text(
                    "ファイルを状態フォルダーに置き、名前だけを書いてください"
                    "(半角の英数字・-・_・.。例: north.pem)。",
                    "Put the file into the state folder and write its name alone (north.pem).",
                ),
            )
    if len(set(files.values())) < len(files):
        yield Fault(
            ("north",),
            Text(
                "ca・certificate・key が同じファイルです。",
                "ca, certificate and key name the same file.",
            ),
            Text(
                "状態フォルダーの別々のファイル名を書いてください"
                "(既定: north-ca.pem、north.pem、north.key)。",
                "Write three names (by default north-ca.pem, north.pem, north.key).",
            ),
        )


def _told(path: Path, found: object) -> Iterator[Fault]:
    if isinstance(found, Wrong):
        yield Fault(path, found.what, found.remedy)


def _ends(tables: Tables) -> Iterator[Fault]:
    """No two devices at one address, and one setting for each serial line."""
    taken: dict[tuple[str, int, int], str] = {}
    lines: dict[str, SerialEnd] = {}
    for at, row in tables.south:
        end = end_of(row.connect)
        if isinstance(end, Wrong):
            continue
        if isinstance(end, SerialEnd) and lines.setdefault(end.path, end) != end:
            yield _two_settings(("south", at, "connect"), end)
        place = _place(end, row.unit)
        if (other := taken.setdefault(place, row.device)) != row.device:
            yield Fault(
                ("south", at, "connect"),
                Text(
                    "{device} の住所と unit が {other} と同じです。",
                    "{device} has the address and unit of {other}.",
                ).fill(device=quoted(row.device), other=quoted(other)),
                Text(
                    "それぞれの機器の connect と unit を書いてください。",
                    "Write the connect and unit of each device.",
                ),
            )


def _place(end: TcpEnd | SerialEnd, unit: int) -> tuple[str, int, int]:
    match end:
        case TcpEnd(host=host, port=port):
            return host, port, unit
        case SerialEnd(path=path):
            return path, 0, unit


def _two_settings(path: Path, end: SerialEnd) -> Fault:
    return Fault(
        path,
        Text(
            "同じ線 {path} に別の通信設定があります。",
            "The line {path} has two different settings.",
        ).fill(path=end.path),
        Text(
            "1本の線の baud と parity は1つだけです。どの機器にも同じ値を書いてください。",
            "One line has one baud and parity; write the same for each device.",
        ),
    )


def _twice(tables: Tables) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, row in tables.south:
        if row.device in seen:
            yield Fault(
                ("south", at, "device"),
                Text(
                    "{device} の [[south]] が2つあります。", "{device} has two tables [[south]]."
                ).fill(device=quoted(row.device)),
                Text("1つを消してください。", "Delete one of them."),
            )
        seen.add(row.device)


def _profile(path: Path, row: SouthTable) -> Iterator[Fault]:
    if leaves_folder(row.profile):
        yield Fault(
            (*path, "profile"),
            Text(
                "プロファイルがサイトファイルのフォルダーの外です: {profile}",
                "The profile is outside the site file's folder: {profile}",
            ).fill(profile=quoted(row.profile)),
            Text(
                "同じフォルダーの中に置き、そこからのパスを書いてください(例: profiles/meter.toml)。",
                "Put it within the folder and write the path from there (profiles/meter.toml).",
            ),
        )


def _fallback(tables: Tables) -> Iterator[Fault]:
    stated = cells(tables.fallback) if tables.fallback is not None else {}
    for (failure, activity), stays in stated.items():
        least = failures.default(failure, activity)
        if RESPONSES[stays] < least:
            tight = [word.value for word, response in RESPONSES.items() if response >= least]
            yield Fault(
                ("fallback", failure_key(failure), activity.value),
                Text(
                    "{cell} は既定({least})より緩くできません: {stays}",
                    "{cell} cannot be looser than {least}, which it is by default: {stays}",
                ).fill(
                    cell=f"{failure_key(failure)}.{activity}",
                    least=_WORDS[least].value,
                    stays=stays.value,
                ),
                Text("使える語: {words}", "Allowed words: {words}").fill(words=", ".join(tight)),
            )


def _trip(tables: Tables) -> Iterator[Fault]:
    """The breaker is reached on a way of its own."""
    trip = tables.trip
    if trip is None:
        return
    ends = {row.device: (at, end_of(row.connect)) for at, row in tables.south}
    if trip.device not in tables.named:
        yield Fault(
            ("trip", "device"),
            Text("{device} の [[south]] がありません。", "{device} has no [[south]].").fill(
                device=quoted(trip.device)
            ),
            Text(
                '遮断器を開く機器の [[south]] を書いてください(device = "{device}"、connect、unit)。',
                'Write its [[south]]: device = "{device}", connect and unit.',
            ).fill(device=quoted(trip.device)),
        )
    if trip.device not in ends:
        return
    at, own = ends[trip.device]
    for device, (_, other) in ends.items():
        if device != trip.device and _one_box(own, other):
            yield Fault(
                ("south", at, "connect"),
                Text(
                    "遮断器を開く {trip} が {device} と同じ箱にあります。",
                    "{trip}, which opens the breaker, is in one box with {device}.",
                ).fill(trip=quoted(trip.device), device=quoted(device)),
                Text(
                    "PCS・BMS・メーターと別の機器を使い、別の住所を書いてください。",
                    "Use a device apart from PCS, BMS and meter, with an address of its own.",
                ),
            )


def _stop_contact(tables: Tables) -> Iterator[Fault]:
    """The contact is wired to a device that the gate speaks to."""
    contact = tables.stop_contact
    if contact is None or contact.device in tables.named:
        return
    yield Fault(
        ("stop_contact", "device"),
        Text("{device} の [[south]] がありません。", "{device} has no [[south]].").fill(
            device=quoted(contact.device)
        ),
        Text(
            "接点をつないだ機器を [[south]] にあるものから選んでください。",
            "Name the device of [[south]] that the contact is wired to.",
        ),
    )


def _one_box(one: object, other: object) -> bool:
    """Whether two ends are in one box; the serial line may be shared, the address may not."""
    if not isinstance(one, TcpEnd) or not isinstance(other, TcpEnd):
        return False
    return one.host == other.host and (one.port == other.port or not is_loopback(one.host))
