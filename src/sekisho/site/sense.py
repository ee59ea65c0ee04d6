"""Whether a site file makes sense as a whole: ids, links, and what `count` multiplies.

The questions are asked of a sketch, which is read leniently: a file with a wrong word in one device
still has its links checked, so that all problems are told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.site.document import MAX_DEVICES, MAX_LINKS
from sekisho.site.faults import Fault, meant, quoted, together
from sekisho.site.model import Medium
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.site.locate import Path

_SHOWN = 8
"""Known ids told beside a wrong one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A device or an external as far as it can be read."""

    path: Path
    id: str
    count: int = 1
    speaks_ip: bool | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A link as far as it can be read."""

    path: Path
    ends: tuple[str, ...]
    medium: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the whole-file questions need."""

    devices: Sequence[Named]
    externals: Sequence[Named]
    links: Sequence[Joined]
    documents: Sequence[tuple[Path, str]]
    """The paths of the attestations' documents."""


def sketch_of(data: Mapping[str, object]) -> Sketch:
    """The sketch of a parsed file, whatever shape its values have."""
    return Sketch(
        devices=[
            Named(
                ("device", at),
                name,
                _count(row.get("count", 1)),
                speaks if isinstance(speaks := row.get("speaks_ip"), bool) else None,
            )
            for at, row in _rows(data, "device")
            if isinstance(name := row.get("id"), str)
        ],
        externals=[
            Named(("external", at), name)
            for at, row in _rows(data, "external")
            if isinstance(name := row.get("id"), str)
        ],
        links=[
            Joined(
                ("link", at),
                tuple(end for end in ends if isinstance(end, str)),
                str(row.get("medium")),
            )
            for at, row in _rows(data, "link")
            if isinstance(ends := row.get("between"), list)
        ],
        documents=list(_documents(data)),
    )


def faults_in(sketch: Sketch) -> Iterator[Fault]:
    """Everything that does not fit together."""
    yield from _counts(sketch)
    names = expanded(sketch)
    yield from _duplicates(sketch, names)
    yield from _links(sketch, names)
    for path, document in sketch.documents:
        if leaves_folder(document):
            yield _outside_folder(path, document)


def expanded(sketch: Sketch) -> dict[str, tuple[str, ...]]:
    """For each name that a link may use, the devices or the external that it means."""
    names: dict[str, tuple[str, ...]] = {e.id: (e.id,) for e in sketch.externals}
    room = MAX_DEVICES
    for device in sketch.devices:
        each = each_of(device.id, min(device.count, room))
        room = max(0, room - len(each))
        names[device.id] = each
        if device.count > 1:
            names.update((one, (one,)) for one in each)
    return names


def each_of(name: str, count: int) -> tuple[str, ...]:
    """The ids that a device with `count` stands for."""
    return (name,) if count == 1 else tuple(f"{name}.{n}" for n in range(1, count + 1))


def _count(value: object) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_DEVICES
    return value if is_count and isinstance(value, int) else 1


def _rows(data: Mapping[str, object], name: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    rows = data.get(name)
    if isinstance(rows, list):
        for at, row in enumerate(rows[:MAX_LINKS]):
            if isinstance(row, dict):
                yield at, row


def _documents(data: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    entries = data.get("attestations")
    if isinstance(entries, dict):
        for key, entry in entries.items():
            if isinstance(entry, dict) and isinstance(document := entry.get("document"), str):
                yield ("attestations", key, "document"), document


def leaves_folder(document: str) -> bool:
    """Whether a path is absolute, or climbs out, on any system."""
    parts = re.split(r"[/\\]", document)
    return ".." in parts or not parts[0] or parts[0] == "~" or ":" in parts[0]


def _outside_folder(path: Path, document: str) -> Fault:
    return Fault(
        path,
        Text(
            "文書のパスがサイトファイルのフォルダーの外を指しています: {document}",
            "The document's path leads out of the site file's folder: {document}",
        ).fill(document=quoted(document)),
        Text(
            "文書を同じフォルダーの中に置き、そこからのパスを書いてください(例: docs/manager.pdf)。",
            "Put the document within the folder and write the path from there (docs/manager.pdf).",
        ),
    )


def _counts(sketch: Sketch) -> Iterator[Fault]:
    for device in sketch.devices:
        if device.count > 1 and "." in device.id:
            yield Fault(
                (*device.path, "id"),
                Text(
                    "count のある機器の id「{id}」に . は使えません。",
                    'The id "{id}" of a device with count cannot have a dot.',
                ).fill(id=quoted(device.id)),
                Text(
                    "id から . を除いてください(count が .1 .2 … を付けます)。",
                    "Take the dot out of the id: count itself adds .1, .2 ….",
                ),
            )
    total = sum(device.count for device in sketch.devices)
    if total > MAX_DEVICES:
        yield Fault(
            ("device",),
            Text(
                "count を展開すると機器が {total} 台になります。",
                "With count there are {total} devices.",
            ).fill(total=total),
            Text(
                "1つの連系点につき {most} 台までにしてください。",
                "Keep to {most} for one point of connection.",
            ).fill(most=MAX_DEVICES),
        )


def _duplicates(sketch: Sketch, names: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for thing in (*sketch.externals, *sketch.devices):
        is_device = thing.path[0] == "device"
        means = {thing.id, *(names.get(thing.id, ()) if is_device and thing.count > 1 else ())}
        twice = seen & means
        seen |= means
        if twice:
            yield Fault(
                (*thing.path, "id"),
                Text("id「{id}」は既に使われています。", 'The id "{id}" is already taken.').fill(
                    id=quoted(min(twice))
                ),
                Text(
                    "機器と外部を通じて重ならない id にしてください。",
                    "Give each device and each external an id of its own.",
                ),
            )


def _links(sketch: Sketch, names: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    externals = {e.id for e in sketch.externals}
    mute = {
        one
        for device in sketch.devices
        if device.speaks_ip is False
        for one in (device.id, *each_of(device.id, min(device.count, MAX_DEVICES)))
    }
    total = 0
    for link in sketch.links:
        for end in link.ends:
            if end not in names:
                yield _to_nowhere(link, end, names)
            elif end in mute and link.medium == Medium.IP:
                yield _speaks_after_all(link, end)
        if len(link.ends) != 2:  # noqa: PLR2004  told as a fault of shape
            continue
        one, other = link.ends
        if set(names.get(one, (one,))) & set(names.get(other, (other,))):
            yield _to_itself(link, one)
        elif one in externals and other in externals:
            yield _outside(link)
        total += len(names.get(one, ())) * len(names.get(other, ()))
    if total > MAX_LINKS:
        yield Fault(
            ("link",),
            Text(
                "count を展開すると接続が {total} 本になります。",
                "With count there are {total} links.",
            ).fill(total=total),
            Text(
                "{most} 本までにしてください。id.1 のように個々の機器を結んでください。",
                "Keep to {most}: link single devices, as id.1.",
            ).fill(most=MAX_LINKS),
        )


def _to_nowhere(link: Joined, end: str, names: Mapping[str, tuple[str, ...]]) -> Fault:
    known = [quoted(name) for name in list(names)[:_SHOWN]]
    more = " …" if len(names) > _SHOWN else ""
    return Fault(
        (*link.path, "between"),
        Text(
            "接続先「{end}」という機器・外部はありません。",
            'The link ends at "{end}", which is no device and no external.',
        ).fill(end=quoted(end)),
        together(
            meant(end, names),
            Text(
                "id を直すか、[[device]] か [[external]] を足してください(今ある id: {known})。",
                "Mend the id, or add a [[device]] or an [[external]] (ids: {known}).",
            ).fill(known=", ".join(known) + more),
        ),
    )


def _speaks_after_all(link: Joined, end: str) -> Fault:
    return Fault(
        (*link.path, "medium"),
        Text(
            "「{end}」は speaks_ip = false なのに IP の接続があります。",
            '"{end}" has speaks_ip = false and a link over IP.',
        ).fill(end=quoted(end)),
        Text(
            'speaks_ip を true にするか、medium を "serial" か "can" にしてください。',
            'Set speaks_ip = true, or medium = "serial" or "can".',
        ),
    )


def _to_itself(link: Joined, end: str) -> Fault:
    return Fault(
        (*link.path, "between"),
        Text("「{end}」が自分自身と接続されています。", '"{end}" is linked to itself.').fill(
            end=quoted(end)
        ),
        Text(
            "両端に別の id を書いてください(count のある機器どうしは id.1 と id.2 のように)。",
            "Write two different ends (for devices with count, as id.1 and id.2).",
        ),
    )


def _outside(link: Joined) -> Fault:
    return Fault(
        (*link.path, "between"),
        Text(
            "両端とも構外です({one}、{other})。", "Both ends are outside the site ({one}, {other})."
        ).fill(one=quoted(link.ends[0]), other=quoted(link.ends[1])),
        Text(
            '機器と外部を直接結び、経路は route = "internet" などで書いてください。',
            'Link the device to the external itself, and say the way with route = "internet".',
        ),
    )
