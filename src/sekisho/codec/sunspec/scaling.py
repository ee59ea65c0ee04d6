"""SunSpec points as points of the gate, their scale factors applied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sekisho.codec.meanings import Meaning, Unit, factor
from sekisho.codec.points import Keeping, Point, power_of_ten

if TYPE_CHECKING:
    from sekisho.codec.sunspec.typed import Group
    from sekisho.terms.quantity import Watts


def scaled(
    group: Group, name: str, meaning: Meaning, unit: Unit = Unit.NONE, rated: Watts | None = None
) -> Point | None:
    """A point, whether it has a value or not.

    None where the model as it stands in the device does not have it, or where its kind, its scale
    factor or its unit does not serve.
    """
    placed = group.points.get(name)
    if placed is None or placed.definition.kind is None:
        return None
    scale, unit_factor = group.scale_of(placed), factor(unit, meaning, rated)
    if scale is None or unit_factor is None:
        return None
    over, under = power_of_ten(scale[0])
    return Point(
        meaning=meaning,
        space=placed.span.space,
        address=placed.span.address,
        kind=placed.definition.kind,
        length=placed.span.length,
        scale=(over * unit_factor[0], under * unit_factor[1]),
        keeping=Keeping.VOLATILE if placed.definition.writable else None,
    )


def implemented(
    group: Group, name: str, meaning: Meaning, unit: Unit = Unit.NONE, rated: Watts | None = None
) -> Point | None:
    """A point that had a value at discovery; others are not implemented."""
    return None if group.raw(name) is None else scaled(group, name, meaning, unit, rated)


def fixed(group: Group, name: str, meaning: Meaning, value: int) -> Point | None:
    """A point that is only ever written one value."""
    point = implemented(group, name, meaning)
    return None if point is None else replace(point, fixed=value)
