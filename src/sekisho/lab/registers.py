"""Which registers a simulated device has: a layout is SunSpec, some points, or the made-up one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, assert_never

from sekisho.lab.layout import POINTS
from sekisho.lab.points_bank import bank_of_points
from sekisho.lab.sunspec_bank import BASE, sunspec_bank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.batch import ScaleWord
    from sekisho.codec.points import Point
    from sekisho.codec.sunspec.definition import ModelDefinition
    from sekisho.lab.bank import RegisterBank
    from sekisho.lab.device import LabDevice


@dataclass(frozen=True, slots=True)
class Plain:
    """The made-up layout of `lab.layout`."""


@dataclass(frozen=True, slots=True)
class SunSpec:
    """SunSpec models, from `base` on."""

    base: int = BASE


@dataclass(frozen=True, slots=True)
class OfPoints:
    """The points of a device map, as a profile describes them."""

    points: tuple[Point, ...]
    scales: tuple[ScaleWord, ...] = ()
    """Scale factors that stand in registers; they do not move."""


Layout: TypeAlias = Plain | SunSpec | OfPoints


def registers(
    device: LabDevice, layout: Layout, catalogue: Mapping[int, ModelDefinition]
) -> RegisterBank:
    """A device's registers.

    Args:
        device: the device.
        layout: how they lie.
        catalogue: the SunSpec model definitions; may be empty where no device speaks SunSpec.
    """
    match layout:
        case Plain():
            return bank_of_points(device, POINTS[device.role])
        case SunSpec(base):
            return sunspec_bank(device, catalogue, base)
        case OfPoints(points, scales):
            return bank_of_points(device, points, scales)
        case _:
            assert_never(layout)
