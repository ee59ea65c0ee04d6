"""SunSpec model definitions, read from the official JSON form.

Addresses follow from the order: the points of a group stand one after another, then its groups, each
as often as its count says (SunSpec Information Model Specification, section on groups).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sekisho.codec.registers import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

Catalogue = "Mapping[int, ModelDefinition]"
"""Models by their id."""

_KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.value: kind for kind in Kind} | {"count": Kind.UINT16}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDefinition:
    """One point of a model."""

    name: str
    kind: Kind | None
    """None: a kind that is not read here (padding, addresses); it only takes its room."""
    size: int
    """Words."""
    scale: str | int | None
    """The name of its scale factor's point, or the power of ten itself."""
    units: str | None
    writable: bool
    mandatory: bool
    symbols: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDefinition:
    """Points and groups, as often as `count` says."""

    name: str
    count: int | str
    """A number, 0 for "as often as there is room", or the name of the point that tells it."""
    points: tuple[PointDefinition, ...]
    groups: tuple[GroupDefinition, ...]

    @property
    def words(self) -> int:
        """Words of its own points."""
        return sum(p.size for p in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDefinition:
    """One model; its first two points are always ID and L."""

    id: int
    group: GroupDefinition


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class _Symbol(_Document):
    name: str
    value: int


class _Point(_Document):
    name: str
    type: str
    size: Annotated[int, Field(ge=1, le=256)]
    count: Annotated[int, Field(ge=1, le=64)] = 1
    sf: str | int | None = None
    units: str | None = None
    access: str = "R"
    mandatory: str = "O"
    symbols: tuple[_Symbol, ...] = Field(default=(), strict=False)


class _Group(_Document):
    name: str
    count: str | int = 1
    points: tuple[_Point, ...] = Field(strict=False)
    groups: tuple[_Group, ...] = Field(default=(), strict=False)


class _Model(_Document):
    id: Annotated[int, Field(ge=1, le=0xFFFE)]
    group: _Group


def read_catalogue(text: str) -> Mapping[int, ModelDefinition]:
    """The models of a file of definitions.

    Raises:
        ValueError: it is not such a file; the shipped one is tested, so this is a fault of ours.
    """
    data: Any = json.loads(text)
    models = [_Model.model_validate(model) for model in data["models"]]
    return MappingProxyType({m.id: ModelDefinition(id=m.id, group=_group(m.group)) for m in models})


def _group(group: _Group) -> GroupDefinition:
    return GroupDefinition(
        name=group.name,
        count=group.count,
        points=tuple(_point(p) for p in group.points),
        groups=tuple(_group(g) for g in group.groups),
    )


def _point(point: _Point) -> PointDefinition:
    return PointDefinition(
        name=point.name,
        kind=_KINDS.get(point.type) if point.count == 1 else None,
        size=point.size * point.count,
        scale=point.sf,
        units=point.units,
        writable=point.access == "RW",
        mandatory=point.mandatory == "M",
        symbols={s.name: s.value for s in point.symbols},
    )
