"""Registers of a device that speaks SunSpec, from the same definitions that the gate reads by.

Points that live ask the device at each read; all else stands as it was built. A scale factor that a
fault moves takes its words along, as a device does that changes its scale while it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.registers import MOST_SCALE, Kind, WordOrder, decode
from sekisho.codec.sunspec.build import build
from sekisho.codec.sunspec.rows import STATE_OF
from sekisho.lab.bank import Cell, RegisterBank, Words, held
from sekisho.lab.sunspec_models import Live, SunSpecModel, models_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sekisho.codec.registers import Value
    from sekisho.codec.sunspec.definition import ModelDefinition, PointDefinition
    from sekisho.lab.device import LabDevice

_HIGH = WordOrder.HIGH_FIRST
_PLATE = {"Mn": "maker", "Md": "model", "Vr": "version", "SN": "serial"}
BASE = 40000


def sunspec_bank(
    device: LabDevice, catalogue: Mapping[int, ModelDefinition], base: int = BASE
) -> RegisterBank:
    """The registers of a PCS, BMS or meter in SunSpec models.

    Args:
        device: the device.
        catalogue: the model definitions.
        base: where the chain begins.

    Raises:
        ValueError: a trip relay has no SunSpec model.
    """
    if device.role is DeviceRole.TRIP:
        raise ValueError("no SunSpec model is a trip relay")
    models = models_of(device)
    made = build(catalogue, (model.model for model in models), base)
    cells: dict[int, Cell] = {}
    for model in models:
        for cell in _living(device, model, catalogue[model.model.id], made.places):
            cells[cell.address] = cell
    bank: list[Cell] = list(cells.values())
    taken = {a for cell in bank for a in range(cell.address, cell.address + cell.length)}
    for offset, word in enumerate(made.words):
        if base + offset not in taken:
            bank.append(_still(base + offset, word))
    return RegisterBank(device, bank)


def _still(address: int, word: int) -> Cell:
    words = (word,)
    return Cell(space=Space.HOLDING, address=address, length=1, words=lambda: words)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A point of a model in a device."""

    device: LabDevice
    definition: PointDefinition
    kind: Kind
    address: int

    def cell(
        self, words: Callable[[], Words], write: Callable[[Words], bool] | None = None
    ) -> Cell:
        return Cell(
            space=Space.HOLDING,
            address=self.address,
            length=self.definition.size,
            words=words,
            write=write,
        )


def _living(
    device: LabDevice,
    model: SunSpecModel,
    definition: ModelDefinition,
    places: Mapping[tuple[int, str], tuple[int, int]],
) -> Iterator[Cell]:
    points = {point.name: point for point in definition.group.points}
    inner = {g.name: {p.name: p for p in g.points} for g in definition.group.groups}
    used: dict[str, list[Meaning]] = {}
    for live in model.live:
        scale = _point(live, points, inner).scale
        if isinstance(scale, str):
            used.setdefault(scale, []).append(live.meaning)
    for name, point in points.items():
        if point.kind is None:
            continue
        address, _ = places[definition.id, name]
        spot = _Spot(device, point, point.kind, address)
        if definition.id == 1 and name in _PLATE:
            yield _plate(spot, _PLATE[name])
        elif name in used:
            yield _scale(spot, model, tuple(used[name]))
    for live in model.live:
        point = _point(live, points, inner)
        address, _ = places[definition.id, live.name]
        if point.kind is not None:
            yield _live(_Spot(device, point, point.kind, address), live, model)


def _point(
    live: Live,
    points: Mapping[str, PointDefinition],
    inner: Mapping[str, Mapping[str, PointDefinition]],
) -> PointDefinition:
    """The definition of a point of the model, or of one of its repeating groups."""
    group, _, name = live.name.partition("].")
    return inner[group.split("[")[0]][name] if name else points[live.name]


def _plate(spot: _Spot, part: str) -> Cell:
    return spot.cell(
        lambda: held(spot.kind, getattr(spot.device.plate, part), _HIGH, spot.definition.size)
    )


def _power(device: LabDevice, still: int, meanings: tuple[Meaning, ...]) -> int:
    """A scale factor now."""
    if not device.scale_shift:
        return still
    moved = still + sum(device.scale_shift.get(meaning, 0) for meaning in meanings)
    return max(-MOST_SCALE, min(MOST_SCALE, moved))


def _scale(spot: _Spot, model: SunSpecModel, meanings: tuple[Meaning, ...]) -> Cell:
    still = model.scales[spot.definition.name]
    return spot.cell(
        lambda: held(spot.kind, _power(spot.device, still, meanings), _HIGH, spot.definition.size)
    )


def _live(spot: _Spot, live: Live, model: SunSpecModel) -> Cell:
    definition, device, kind = spot.definition, spot.device, spot.kind
    scale = definition.scale
    still = model.scales[scale] if isinstance(scale, str) else 0
    same_scale = tuple(other.meaning for other in model.live if other.scale_name == live.scale_name)
    states = {
        STATE_OF[name]: raw
        for name, raw in reversed(tuple(definition.symbols.items()))
        if name in STATE_OF
    }

    def words() -> Words:
        value = device.holds(live.meaning) if live.stored else device.told(live.meaning)
        if isinstance(value, State):
            value = states.get(value)
        elif isinstance(value, int | float):
            value = round(value * live.times / 10.0 ** _power(device, still, same_scale))
        return held(kind, value, _HIGH, definition.size)

    def write(raw_words: Words) -> bool:
        raw: Value | None = decode(kind, raw_words)
        if not isinstance(raw, int | float):
            return False
        value = raw * 10.0 ** _power(device, still, same_scale) / live.times
        return device.take(live.meaning, value)

    # Of two controls only the one that is not active yet can be written.
    twice = sum(other.meaning is live.meaning for other in model.live) > 1
    writable = definition.writable and device.takes(live.meaning) and (live.stored or not twice)
    return spot.cell(words, write if writable else None)
