"""The other side: the registers of a device that has some SunSpec models.

Simulated devices and tests are made with it, from the same definitions that the gate reads by.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.codec.registers import Kind, Value, encode
from sekisho.codec.sunspec.discovery import END, MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sekisho.codec.sunspec.definition import GroupDefinition, ModelDefinition

_UNIMPLEMENTED: Mapping[Kind, int] = {
    Kind.INT16: 0x8000,
    Kind.SUNSSF: 0x8000,
    Kind.INT32: 0x8000_0000,
    Kind.INT64: 0x8000_0000_0000_0000,
    Kind.FLOAT32: 0x7FC0_0000,
    Kind.FLOAT64: 0x7FF8_0000_0000_0000,
    Kind.STRING: 0,
    Kind.ACC16: 0,
    Kind.ACC32: 0,
    Kind.ACC64: 0,
}
"""Patterns of "unimplemented"; of other kinds all bits are set."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model's raw values; what is not told is unimplemented."""

    id: int
    values: Mapping[str, Value | None]
    groups: Mapping[str, Sequence[Mapping[str, Value | None]]] = field(default_factory=dict)
    """Values of repeating groups, one entry for each occurrence."""


@dataclass(frozen=True, slots=True)
class Built:
    """The registers, and where each point went."""

    base: int
    words: tuple[int, ...]
    places: Mapping[tuple[int, str], tuple[int, int]]
    """Address and length by (model, point), or (model, `group[n].point`), n from 1."""


def build(
    catalogue: Mapping[int, ModelDefinition], models: Iterable[Model], base: int = 40000
) -> Built:
    """The chain of some models, from 'SunS' to the end mark.

    Raises:
        KeyError: a model is not in the catalogue.
        UnfitError: a value does not fit its point.
    """
    words: list[int] = list(MARK)
    places: dict[tuple[int, str], tuple[int, int]] = {}
    for model in models:
        start = len(words)
        _lay(catalogue[model.id].group, model, model.values, "", words, places, base)
        words[start] = model.id
        words[start + 1] = len(words) - start - 2
    words += (END, 0)
    return Built(base, tuple(words), places)


def _lay(
    group: GroupDefinition,
    model: Model,
    values: Mapping[str, Value | None],
    prefix: str,
    words: list[int],
    places: dict[tuple[int, str], tuple[int, int]],
    base: int,
) -> None:
    for point in group.points:
        places[model.id, prefix + point.name] = (base + len(words), point.size)
        value = values.get(point.name)
        if value is None or point.kind is None:
            words += unimplemented(point.kind, point.size)
        else:
            words += encode(point.kind, value, length=point.size)
    for inner in group.groups:
        once: Sequence[Mapping[str, Value | None]] = ({},) if inner.count == 1 else ()
        for n, occurrence in enumerate(model.groups.get(inner.name, once), start=1):
            _lay(inner, model, occurrence, f"{inner.name}[{n}].", words, places, base)


def unimplemented(kind: Kind | None, size: int) -> tuple[int, ...]:
    """The words of a point that is not implemented."""
    if kind is None:
        return (0x8000,) * size
    ones = (1 << 16 * size) - 1
    pattern = _UNIMPLEMENTED.get(kind, ones)
    return tuple(pattern >> 16 * place & 0xFFFF for place in reversed(range(size)))
