"""How far each bound lets power go, in one direction; sizes in W, ≥ 0.

Power is that of all PCS together. What the connection point sees is less by the plant's own load:
that load helps a bound on export only as far as it is always there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sekisho.gate.cycle import share
from sekisho.gate.image import FAST_MS, SLOW_MS, Link, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sekisho.gate.guard.question import Question
    from sekisho.gate.image import BmsImage, Reading
    from sekisho.terms.quantity import BootMs


@dataclass(frozen=True, slots=True)
class End:
    """One bound's end of the way."""

    bound: str
    power: float
    where: str
    of_sum: bool = True
    """It binds dispatch and primary control together, whose room is taken off; energy has its own."""


@dataclass(frozen=True, slots=True)
class Batteries:
    """Every battery of the plant together, each value young enough."""

    takes: float
    """W that they take, whatever their temperature."""
    gives: float
    """W that they give."""
    fit_takes: float
    """W that those within their temperatures take."""
    fit_gives: float
    unfit: tuple[str, ...]
    """Those outside their temperatures."""
    below: float
    """Wh that they hold above the lowest charge of dispatch; negative: they are below it."""
    above: float
    """Wh that they can take below the highest charge of dispatch; negative: they are above it."""


def batteries(question: Question) -> Batteries | str:
    """The batteries, or what is missing: a value that is not known never passes."""
    gate, many = question.gate, question.image.bms
    if not many:
        return "no battery is read"
    bounds, oldest = gate.bounds, question.clock.boot - SLOW_MS
    floor, ceiling = bounds.soc_min + bounds.soc_reserve, bounds.soc_max - bounds.soc_reserve
    cold, warm = bounds.temperature_min, bounds.temperature_max
    takes = gives = fit_takes = fit_gives = below = above = 0.0
    unfit: list[str] = []
    up = Link.UP
    for bms in many:
        soc, in_, out = bms.soc, bms.charge_limit, bms.discharge_limit
        low, high = bms.temperature_min, bms.temperature_max
        # Written out, without a call for each value: this is most of the time of a decision.
        if (
            bms.link is not up
            or bms.faulted
            or soc is None
            or in_ is None
            or out is None
            or low is None
            or high is None
            or soc.at < oldest
            or in_.at < oldest
            or out.at < oldest
            or low.at < oldest
            or high.at < oldest
        ):
            return missing(bms, question.clock.boot)
        charge, taken, given = soc.value, in_.value, out.value
        below += charge - floor
        above += ceiling - charge
        fit = cold <= low.value and high.value <= warm
        if not fit:
            unfit.append(bms.device)
        if taken > 0:
            takes += taken
            fit_takes += taken * fit
        if given > 0:
            gives += given
            fit_gives += given * fit
    each = gate.settings.energy / len(many)
    return Batteries(takes, gives, fit_takes, fit_gives, tuple(unfit), below * each, above * each)


def missing(bms: BmsImage, now: BootMs) -> str:
    """What is not known of a battery."""
    if bms.link is not Link.UP or bms.faulted:
        return f"{bms.device}: {'lost' if bms.link is not Link.UP else 'faulted'}"
    values: dict[str, Reading[Any] | None] = {
        "state of charge": bms.soc,
        "charge limit": bms.charge_limit,
        "discharge limit": bms.discharge_limit,
        "lowest temperature": bms.temperature_min,
        "highest temperature": bms.temperature_max,
    }
    unknown = [name for name, value in values.items() if fresh(value, now, SLOW_MS) is None]
    return f"{bms.device}: not known: {', '.join(unknown)}"


def working(question: Question) -> End | str:
    """The rating of the units that can be asked, or why none can.

    Power of a unit that cannot be seen is not given twice: what it may still do is taken off.
    """
    image = question.image
    if question.clock.boot - image.at > FAST_MS:
        return "the image of the plant is old"
    rated, lost = 0, False
    for pcs in image.pcs:
        if share.able(pcs):
            rated += pcs.rated
        else:
            lost = True
    if not rated:
        return "no PCS can be asked"
    if not lost:
        return End("rated", float(rated), "site.toml")
    counted = share.base(question.gate.settings, image, question.gate.run.units)
    hidden = sum(abs(counted[pcs.device]) for pcs in image.pcs if not share.able(pcs))
    return End("rated", max(0.0, rated - hidden), "site.toml")


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


def of_now(question: Question, side: int, known: Batteries, hours: float) -> Iterator[End]:
    """Bounds of this moment: curtailments, batteries, energy for the whole life.

    Args:
        question: the plant and what stands.
        side: 1 export, -1 import.
        known: the batteries.
        hours: how long the power may last.
    """
    yield from curtailed(question, side)
    where = f"bounds.json version {question.gate.bounds.version}"
    if known.unfit:
        power = known.fit_gives if side > 0 else known.fit_takes
        yield End("temperature", power, f"{where}: {', '.join(known.unfit)[:100]}")
    if side > 0:
        yield End("discharge_limit", known.gives, "BMS")
    else:
        yield End("charge_limit", known.takes, "BMS")
    if hours > 0:
        energy = energy_left(question, side, known)
        name = "soc_min" if side > 0 else "soc_max"
        yield End(name, max(0.0, energy) / hours, where, of_sum=False)


def curtailed(question: Question, side: int) -> Iterator[End]:
    """What each curtailment that has begun leaves; a released one ends before any new order acts."""
    _, most = _auxiliary(question)
    for one in question.gate.durable.curtailments:
        if question.clock.boot < one.begins or one.lifted:
            continue
        left = float(one.order.export_max) if side > 0 else max(0.0, one.order.import_max - most)
        yield End("curtailment", left, str(one.order.envelope.id))


def energy_left(question: Question, side: int, known: Batteries) -> float:
    """Wh for dispatch: above the lowest charge or below the highest, reserves kept.

    Negative where the batteries are beyond that already, and must first be led back.
    """
    return (known.below if side > 0 else known.above) - reserve(question)


def reserve(question: Question) -> float:
    """Wh kept for primary control, either way."""
    droop = question.gate.bounds.droop
    return 0.0 if droop is None else droop.power_max * droop.reserve_minutes / 60


def _auxiliary(question: Question) -> tuple[float, float]:
    """The plant's own load: what is always there, and what it may be now."""
    settings, seen = question.gate.settings, question.gate.run.auxiliary
    return min(float(settings.auxiliary), seen), max(float(settings.auxiliary), seen)
