"""A model's words as named, typed points, repeating groups included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Span, power_of_ten
from sekisho.codec.registers import MOST_SCALE, Kind, Value, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sekisho.codec.sunspec.definition import GroupDefinition, ModelDefinition, PointDefinition
    from sekisho.codec.sunspec.discovery import Block


@dataclass(frozen=True, slots=True)
class Placed:
    """A point with its place in the device and the words that it held at discovery."""

    definition: PointDefinition
    span: Span
    words: tuple[int, ...]

    @property
    def raw(self) -> Value | None:
        """The value without its scale; None where it is not implemented."""
        kind = self.definition.kind
        return None if kind is None else decode(kind, self.words)


@dataclass(frozen=True, slots=True)
class Group:
    """One occurrence of a group."""

    points: Mapping[str, Placed]
    """Those that lie inside the model's length; what lies behind it is absent."""
    groups: Mapping[str, tuple[Group, ...]]
    within: Group | None = None
    """The group around it, where a scale factor may stand."""

    def find(self, name: str) -> Placed | None:
        """A point of this group or of one around it."""
        found = self.points.get(name)
        if found is None and self.within is not None:
            return self.within.find(name)
        return found

    def with_inner(self) -> Iterator[Group]:
        """This group and all groups inside it."""
        yield self
        for inner in self.groups.values():
            for group in inner:
                yield from group.with_inner()

    def raw(self, name: str) -> Value | None:
        """A point's value without scale; None where it is absent."""
        placed = self.points.get(name)
        return None if placed is None else placed.raw

    def scale_of(self, placed: Placed) -> tuple[int, Placed | None] | None:
        """The power of ten of a point and where it stands; None: it has one that is absent."""
        scale = placed.definition.scale
        if scale is None:
            return 0, None
        if isinstance(scale, int):
            return (scale, None) if abs(scale) <= MOST_SCALE else None
        factor = self.find(scale.strip())
        if factor is None or factor.definition.kind is not Kind.SUNSSF:
            return None
        power = factor.raw
        return (power, factor) if isinstance(power, int) else None

    def value(self, name: str) -> Value | None:
        """A point's value in the model's unit, scaled; None where it is absent."""
        placed = self.points.get(name)
        raw = None if placed is None else placed.raw
        if placed is None or raw is None or isinstance(raw, str):
            return raw
        scale = self.scale_of(placed)
        if scale is None:
            return None
        over, under = power_of_ten(scale[0])
        return raw * over if under == 1 else raw / under


@dataclass(frozen=True, slots=True)
class _Room:
    """The words of a model and where they stand."""

    address: int
    words: Sequence[int]


def typed(definition: ModelDefinition, block: Block) -> Group | None:
    """The points of a model.

    None where its words were not read, or where it says that it has more groups than its length
    has room for: then none of it can be believed.
    """
    if block.words is None:
        return None
    return _group(definition.group, _Room(block.address, block.words), 0, None)


def _group(
    definition: GroupDefinition, room: _Room, start: int, within: Group | None
) -> Group | None:
    found = _at(definition, room, start, within)
    return None if found is None else found[0]


def _at(
    definition: GroupDefinition, room: _Room, start: int, within: Group | None
) -> tuple[Group, int] | None:
    """One occurrence at an offset, and the offset behind it."""
    points: dict[str, Placed] = {}
    offset = start
    for point in definition.points:
        held = tuple(room.words[offset : offset + point.size])
        if len(held) == point.size:
            span = Span(Space.HOLDING, room.address + offset, point.size)
            points[point.name] = Placed(point, span, held)
        offset += point.size
    groups: dict[str, tuple[Group, ...]] = {}
    here = Group(points, groups, within)
    for inner in definition.groups:
        repeated = _repeated(inner, room, offset, here)
        if repeated is None:
            return None
        groups[inner.name], offset = repeated
    return here, offset


def _repeated(
    definition: GroupDefinition, room: _Room, start: int, within: Group
) -> tuple[tuple[Group, ...], int] | None:
    count = _count(definition, room, start, within)
    found: list[Group] = []
    offset = start
    for _ in range(count):
        once = _at(definition, room, offset, within)
        if once is None or (once[1] > len(room.words) and definition.count != 1):
            return None
        group, offset = once
        found.append(group)
    return tuple(found), offset


def _count(definition: GroupDefinition, room: _Room, start: int, within: Group) -> int:
    count = definition.count
    if count == 0:
        size = definition.words
        return max(0, len(room.words) - start) // size if size else 0
    if isinstance(count, int):
        return count
    told = within.find(count)
    raw = None if told is None else told.raw
    return raw if isinstance(raw, int) else 0
