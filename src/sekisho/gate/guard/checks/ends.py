"""How far each bound lets power go, in one direction; sizes in W, ≥ 0.

Power is that of all PCS together. What the connection point sees is less by the plant's own load:
that load helps a bound on export only as far as it is always there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.cycle import share
from sekisho.gate.image import FAST_MS, SLOW_MS, Link, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.gate.guard.question import Question
    from sekisho.gate.image import BmsImage
    from sekisho.terms.quantity import BootMs


@dataclass(frozen=True, slots=True)
class End:
    """One bound's end of the way."""

    bound: str
    power: float
    where: str


@dataclass(frozen=True, slots=True)
class Battery:
    """One battery as told, every value young enough."""

    device: str
    soc: float
    takes: float
    gives: float
    cold: float
    warm: float


def batteries(question: Question) -> list[Battery] | str:
    """Every battery of the plant, or what is missing: a value that is not known never passes."""
    now = question.clock.boot
    found: list[Battery] = []
    for bms in question.image.bms:
        battery = _told(bms, now)
        if isinstance(battery, str):
            return battery
        found.append(battery)
    return found or "no battery is read"


def silent(question: Question) -> str:
    """What keeps every PCS from being asked; empty where at least one can be."""
    now = question.clock.boot
    if now - question.image.at > FAST_MS:
        return "the image of the plant is old"
    if not any(share.able(pcs) for pcs in question.image.pcs):
        return "no PCS can be asked"
    return ""


def fixed(question: Question, side: int) -> Iterator[End]:
    """Bounds that do not depend on the plant's state."""
    gate = question.gate
    bounds = gate.bounds
    where = f"bounds.json version {bounds.version}"
    at_rest, most = _auxiliary(question)
    if side > 0:
        yield End("export_max", float(bounds.export_max), where)
        yield End("connection_export_max", bounds.connection_export_max + at_rest, where)
    else:
        yield End("import_max", float(bounds.import_max), where)
        yield End("connection_import_max", max(0.0, bounds.connection_import_max - most), where)


def of_now(question: Question, side: int, known: list[Battery], hours: float) -> Iterator[End]:
    """Bounds of this moment: curtailments, working units, batteries, energy for the whole life.

    Args:
        question: the plant and what stands.
        side: 1 export, -1 import.
        known: the batteries.
        hours: how long the power may last.
    """
    yield from curtailed(question, side)
    yield _rated(question, side)
    gate = question.gate
    bounds, where = gate.bounds, f"bounds.json version {gate.bounds.version}"
    well = [
        b for b in known if bounds.temperature_min <= b.cold and b.warm <= bounds.temperature_max
    ]
    if len(well) < len(known):
        names = ", ".join(b.device for b in known if b not in well)[:100]
        yield End("temperature", _power(well, side), f"{where}: {names}")
    name = "discharge_limit" if side > 0 else "charge_limit"
    yield End(name, _power(known, side), known[0].device if len(known) == 1 else "BMS")
    energy = energy_left(question, side, known)
    if hours > 0:
        yield End("soc_min" if side > 0 else "soc_max", energy / hours, where)


def curtailed(question: Question, side: int) -> Iterator[End]:
    """What each curtailment that has begun leaves."""
    _, most = _auxiliary(question)
    for one in question.gate.durable.curtailments:
        if question.clock.boot < one.begins:
            continue
        left = float(one.order.export_max) if side > 0 else max(0.0, one.order.import_max - most)
        yield End("curtailment", left, str(one.order.envelope.id))


def energy_left(question: Question, side: int, known: list[Battery]) -> float:
    """Wh for dispatch: above the lowest charge or below the highest, reserves kept, ≥ 0."""
    gate = question.gate
    bounds = gate.bounds
    each = gate.settings.energy / len(known)
    if side > 0:
        floor = bounds.soc_min + bounds.soc_reserve
        energy = sum(max(0.0, b.soc - floor) for b in known) * each
    else:
        ceiling = bounds.soc_max - bounds.soc_reserve
        energy = sum(max(0.0, ceiling - b.soc) for b in known) * each
    return max(0.0, energy - reserve(question))


def reserve(question: Question) -> float:
    """Wh kept for primary control, either way."""
    droop = question.gate.bounds.droop
    return 0.0 if droop is None else droop.power_max * droop.reserve_minutes / 60


def _power(known: list[Battery], side: int) -> float:
    return sum(max(0.0, b.gives if side > 0 else b.takes) for b in known)


def _rated(question: Question, side: int) -> End:
    """Units that can be asked; power of one that cannot be seen is not given twice."""
    image = question.image
    rated = float(sum(pcs.rated for pcs in image.pcs if share.able(pcs)))
    if not all(share.able(pcs) for pcs in image.pcs):
        counted = share.base(question.gate.settings, image, question.gate.run.units)
        hidden = sum(counted[pcs.device] for pcs in image.pcs if not share.able(pcs))
        rated = max(0.0, rated + side * hidden)
    return End("rated", rated, "site.toml")


def _auxiliary(question: Question) -> tuple[float, float]:
    """The plant's own load: what is always there, and what it may be now."""
    settings, seen = question.gate.settings, question.gate.run.auxiliary
    return min(float(settings.auxiliary), seen), max(float(settings.auxiliary), seen)


def _told(bms: BmsImage, now: BootMs) -> Battery | str:
    if bms.link is Link.LOST or bms.faulted:
        return f"{bms.device}: {'lost' if bms.link is Link.LOST else 'faulted'}"
    soc = fresh(bms.soc, now, SLOW_MS)
    takes = fresh(bms.charge_limit, now, SLOW_MS)
    gives = fresh(bms.discharge_limit, now, SLOW_MS)
    cold = fresh(bms.temperature_min, now, SLOW_MS)
    warm = fresh(bms.temperature_max, now, SLOW_MS)
    if soc is None:
        return f"{bms.device}: state of charge is not known"
    if takes is None or gives is None:
        return f"{bms.device}: limits are not known"
    if cold is None or warm is None:
        return f"{bms.device}: temperature is not known"
    return Battery(str(bms.device), soc, takes, gives, cold, warm)
