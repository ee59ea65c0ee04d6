"""Registers of a device that has points and no SunSpec models: whatever a profile describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.meanings import UNIT, WHOLE_UNITS
from sekisho.codec.registers import Kind, decode
from sekisho.lab.bank import Cell, RegisterBank, Words, held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sekisho.codec.batch import ScaleWord
    from sekisho.codec.points import Point
    from sekisho.codec.registers import Value
    from sekisho.lab.device import LabDevice

_FLOATS = (Kind.FLOAT32, Kind.FLOAT64)


def bank_of_points(
    device: LabDevice, points: Iterable[Point], scales: Iterable[ScaleWord] = ()
) -> RegisterBank:
    """The registers that a device map's points describe, and its scale factors' words."""
    cells = [_cell(device, point) for point in points]
    return RegisterBank(device, (*cells, *(_factor(scale) for scale in scales)))


def _factor(scale: ScaleWord) -> Cell:
    words = (scale.word,)
    span = scale.span
    return Cell(space=span.space, address=span.address, length=span.length, words=lambda: words)


def _cell(device: LabDevice, point: Point) -> Cell:
    return Cell(
        space=point.space,
        address=point.address,
        length=point.length,
        words=lambda: held(
            point.kind, raw_of(point, device.told(point.meaning)), point.order, point.length
        ),
        write=_taking(device, point),
    )


def _taking(device: LabDevice, point: Point) -> Callable[[Words], bool] | None:
    if point.keeping is None or not device.takes(point.meaning):
        return None

    def take(words: Words) -> bool:
        if point.fixed is not None:
            raw = decode(point.kind, words, point.order)
            return device.take(point.meaning, int(raw == point.fixed))
        value = point.value(words)
        return isinstance(value, int | float) and device.take(point.meaning, value)

    return take


def raw_of(point: Point, value: Value | None) -> Value | None:
    """What a point's register holds for a value in the gate's unit; None: it has no word for it."""
    if value is None or (isinstance(value, str) and not point.states):
        return value
    if point.states:
        found = (raw for raw, state in point.states.items() if state == value)
        return next(found, None)
    if isinstance(value, str):
        return None
    if point.fixed is not None:
        return point.fixed if value else int(not point.fixed)
    over, under = point.scale
    raw = (value - point.offset) * under / over * point.sign
    if point.kind in _FLOATS:
        return raw
    if UNIT[point.meaning] in WHOLE_UNITS and isinstance(value, int) and not point.offset:
        return round(value * under * point.sign / over)
    return round(raw)
