"""A `Site` as the text of a site file, which reads back to the same `Site`.

Identical neighbours `x.1` … `x.n` are written once with `count = n`, and links from each of them to
one other end once, so that a plant of forty containers stays readable.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from sekisho.site.model import Milestone, Place, Programme, Route
from sekisho.terms.ids import DeviceId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sekisho.site.model import Device, Link, Site

_NUMBERED = re.compile(r"(.+)\.([1-9][0-9]*)")
_ESCAPES = {'"': '\\"', "\\": "\\\\"}

Stated = str | bool | int | float | date | list[str] | tuple[str, ...]
Value = Stated | None


def write_site(site: Site, remarks: Iterable[str] = ()) -> str:
    """The site file's text.

    Args:
        site: what to write.
        remarks: lines to put at the top as comments.
    """
    groups = _groups(site)
    counts = {name: len(members) for name, members in groups if len(members) > 1}
    parts = [
        "".join(f"# {remark}\n" for remark in remarks),
        _table("[site]", _head(site)),
        _table("[dates]", ((m.value, site.dates.get(m)) for m in Milestone)),
        _table("[programmes]", [("joins", [p.value for p in Programme if p in site.joins])]),
        _attestations(site),
        *(
            _table("[[external]]", [("id", e.id), ("kind", e.kind.value), ("name", e.name)])
            for e in site.externals
        ),
        *(_table("[[device]]", _device(name, members)) for name, members in groups),
        *(_table("[[link]]", _link(link)) for link in _gathered(site.links, counts)),
    ]
    return "\n".join(part for part in parts if part)


def toml_text(value: str) -> str:
    """A text as TOML writes it, on one line."""
    return '"' + "".join(_ESCAPES.get(c) or _escaped(c) for c in value) + '"'


def _escaped(c: str) -> str:
    if c.isprintable():
        return c
    return f"\\u{ord(c):04x}" if ord(c) <= 0xFFFF else f"\\U{ord(c):08x}"  # noqa: PLR2004  TOML's two forms


def _value(value: Stated) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if not value.is_integer():
            return repr(value)
        case int() | float():
            return f"{int(value):_}"
        case date():
            return value.isoformat()
        case str():
            return toml_text(value)
        case list() | tuple():
            return "[" + ", ".join(toml_text(v) for v in value) + "]"


def _table(header: str, entries: Iterable[tuple[str, Value]]) -> str:
    """A table with its stated keys; nothing at all where nothing is stated."""
    lines = [
        f"{key} = {_value(value)}\n"
        for key, value in entries
        if value is not None and value not in ([], ())
    ]
    return "".join([f"{header}\n", *lines]) if lines else ""


def _head(site: Site) -> Sequence[tuple[str, Value]]:
    return (
        ("id", site.id),
        ("name", site.name),
        ("area", site.area.value),
        ("resource", site.resource.value),
        ("voltage", site.voltage.value),
        ("rated_kw", site.rated_kw),
        ("rated_kwh", site.rated_kwh),
        ("owner", site.owner.value),
        ("work", site.work.value),
        ("works_class", site.works_class.value),
        ("self_consumption", site.self_consumption),
    )


def _attestations(site: Site) -> str:
    if not site.attestations:
        return ""
    lines = (
        f"{key} = {{ date = {entry.date.isoformat()}, document = {toml_text(entry.document)} }}\n"
        for key, entry in site.attestations.items()
    )
    return "[attestations]\n" + "".join(lines)


def _device(name: str, members: Sequence[Device]) -> Sequence[tuple[str, Value]]:
    device = members[0]
    identity = device.identity
    return (
        ("id", name),
        ("role", device.role.value),
        ("maker", identity.maker),
        ("product", identity.product),
        ("model", identity.model),
        ("version", identity.version),
        ("label", identity.label),
        ("speaks_ip", device.speaks_ip),
        ("controls", device.controls),
        ("introduced", device.introduced),
        ("bought", device.bought),
        ("count", len(members) if len(members) > 1 else None),
        ("pcs_class", device.pcs_class.value if device.pcs_class is not None else None),
        ("place", device.place.value if device.place is not Place.SITE else None),
        ("jet", device.jet),
        ("contains", device.contains),
    )


def _link(link: Link) -> Sequence[tuple[str, Value]]:
    return (
        ("between", link.between),
        ("medium", link.medium.value),
        ("route", link.route.value if link.route is not Route.LOCAL else None),
        ("protocol", link.protocol),
    )


def _groups(site: Site) -> list[tuple[str, list[Device]]]:
    """The devices in order, identical neighbours `x.1` … `x.n` together under `x`."""
    taken = {d.id for d in site.devices} | {str(e.id) for e in site.externals}
    found: list[tuple[str, list[Device]]] = []
    for _, run in groupby(site.devices, key=_likeness):
        members = list(run)
        name = _base(members)
        if name is not None and name not in taken:
            found.append((name, members))
        else:
            found += [(one.id, [one]) for one in members]
    return found


def _likeness(device: Device) -> tuple[str, Device]:
    """Equal for devices that differ in nothing but the number behind a common name."""
    numbered = _NUMBERED.fullmatch(device.id)
    return (numbered[1] if numbered else device.id, replace(device, id=DeviceId("")))


def _base(members: Sequence[Device]) -> str | None:
    """The common name `x` of members `x.1` … `x.n` in order, n at least 2."""
    first = _NUMBERED.fullmatch(members[0].id)
    if first is None or len(members) < 2:  # noqa: PLR2004  one device needs no count
        return None
    wanted = [f"{first[1]}.{n}" for n in range(1, len(members) + 1)]
    return first[1] if [m.id for m in members] == wanted else None


def _gathered(links: Sequence[Link], counts: Mapping[str, int]) -> Iterator[Link]:
    """The links, runs from each of a counted device to one other end as one link."""
    at = 0
    while at < len(links):
        whole = _whole(links, at, counts)
        if whole is None:
            yield links[at]
            at += 1
        else:
            link, length = whole
            yield link
            at += length


def _whole(links: Sequence[Link], at: int, counts: Mapping[str, int]) -> tuple[Link, int] | None:
    for side in (0, 1):
        numbered = _NUMBERED.fullmatch(links[at].between[side])
        count = counts.get(numbered[1]) if numbered else None
        if numbered is None or count is None:
            continue
        run = [_with_end(links[at], side, f"{numbered[1]}.{n}") for n in range(1, count + 1)]
        if list(links[at : at + count]) == run:
            return _with_end(links[at], side, numbered[1]), count
    return None


def _with_end(link: Link, side: int, name: str) -> Link:
    one, other = link.between
    return replace(link, between=(name, other) if side == 0 else (one, name))
