"""What the plant may do at this moment: the narrowest of all bounds, each with its name.

Power is that of all PCS together, export positive. The window always holds zero: no bound can force
the plant to export or import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.gate.cycle.following import NOWHERE
from sekisho.gate.cycle.share import able
from sekisho.gate.image import SLOW_MS, Link, fresh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sekisho.codec.bounds import Bounds
    from sekisho.gate.clock import Clock
    from sekisho.gate.cycle.following import Reach
    from sekisho.gate.image import BmsImage, PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Curtailment, Gate
    from sekisho.terms.quantity import BootMs

RATED = "rated"
"""The bound that units themselves set."""
TAPER_S = 60.0
"""Near an end of the battery, power is what the rest of its energy gives for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """One bound's part of the window."""

    low: float
    high: float
    bound: str
    """Name, as in bounds.json, or `curtailment`, `battery`, `connection_…`."""
    where: str
    """Where it is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The powers that are allowed, in W, and which bound set each end."""

    low: float
    high: float
    low_by: Limited
    high_by: Limited

    def clamped(self, power: float) -> float:
        """The power nearest to `power` that is allowed."""
        return min(self.high, max(self.low, power))


def window(gate: Gate, image: PlantImage, clock: Clock, auxiliary: float, hidden: float) -> Window:
    """The narrowest of all bounds.

    Args:
        gate: bounds, standing curtailments.
        image: battery limits, states of charge, units that can work.
        clock: which curtailments have begun.
        auxiliary: the plant's own load, W ≥ 0: what the connection point sees less of.
        hidden: power of units that cannot be asked now, W.
    """
    return narrowest(list(limits(gate, image, clock, auxiliary, hidden)))


def narrowest(everything: Sequence[Limited]) -> Window:
    """The window that several bounds leave; it always holds zero."""
    low_by = max(everything, key=lambda limit: limit.low)
    high_by = min(everything, key=lambda limit: limit.high)
    return Window(
        low=min(0.0, low_by.low), high=max(0.0, high_by.high), low_by=low_by, high_by=high_by
    )


def limits(
    gate: Gate, image: PlantImage, clock: Clock, auxiliary: float, hidden: float
) -> Iterator[Limited]:
    """Every bound that binds the sum of dispatch and droop."""
    bounds = gate.bounds
    where = f"bounds.json version {bounds.version}"
    yield Limited(
        low=-float(bounds.import_max),
        high=float(bounds.export_max),
        bound="export_max, import_max",
        where=where,
    )
    yield Limited(
        low=-float(bounds.connection_import_max) + auxiliary,
        high=float(bounds.connection_export_max) + auxiliary,
        bound="connection_export_max, connection_import_max",
        where=where,
    )
    rated = float(sum(pcs.rated for pcs in image.pcs if able(pcs)))
    yield Limited(low=hidden - rated, high=hidden + rated, bound=RATED, where="site.toml")
    for curtailment in gate.durable.curtailments:
        if clock.boot >= curtailment.begins:
            yield curtailed(curtailment, auxiliary)
    if image.bms:
        yield battery(gate.settings, image, bounds, where)


def curtailed(curtailment: Curtailment, auxiliary: float) -> Limited:
    """What a curtailment leaves; it is said of the connection point.

    Export is held without counting on the auxiliary load, which may go away.
    """
    order = curtailment.order
    return Limited(
        low=min(0.0, -float(order.import_max) + auxiliary),
        high=float(order.export_max),
        bound="curtailment",
        where=str(order.envelope.id),
    )


def dispatch_window(whole: Window, gate: Gate, image: PlantImage, reach: Reach = NOWHERE) -> Window:
    """What is left for dispatch: while primary control is contracted, room and energy for it.

    Args:
        whole: what all bounds leave.
        gate: what is contracted.
        image: the batteries.
        reach: what units may add by themselves; that is primary control too, not beside it.
    """
    droop = gate.bounds.droop
    if droop is None and reach == NOWHERE:
        return whole
    room = 0.0 if droop is None else float(droop.power_max)
    low, high = whole.low + max(room, -reach.low), whole.high - max(room, reach.high)
    inner = [Limited(low=low, high=high, bound="droop", where="bounds")]
    if image.bms and droop is not None:
        reserve = gate.bounds.soc_reserve
        inner.append(battery(gate.settings, image, gate.bounds, "bounds", reserve))
    low_by = max(inner, key=lambda limit: limit.low)
    high_by = min(inner, key=lambda limit: limit.high)
    return Window(
        low=min(0.0, low_by.low), high=max(0.0, high_by.high), low_by=low_by, high_by=high_by
    )


def battery(
    settings: Settings, image: PlantImage, bounds: Bounds, where: str, reserve: float = 0.0
) -> Limited:
    """What the batteries give and take: their own limits, their temperatures, their charge.

    Args:
        settings: rated energy.
        image: what each battery shows.
        bounds: ends of charge and temperature.
        where: where those are set, for a message.
        reserve: share of charge kept from either end.
    """
    low = high = 0.0
    each = settings.energy / len(image.bms)
    for bms in image.bms:
        takes, gives = _of_one(bms, bounds, each, image.at, reserve)
        low -= takes
        high += gives
    return Limited(low=low, high=high, bound="battery (soc_min, soc_max, BMS)", where=where)


def _of_one(
    bms: BmsImage, bounds: Bounds, energy: float, at: BootMs, reserve: float
) -> tuple[float, float]:
    """W that one battery takes and gives; a value that is not known gives neither."""
    soc = fresh(bms.soc, at, SLOW_MS)
    takes = fresh(bms.charge_limit, at, SLOW_MS)
    gives = fresh(bms.discharge_limit, at, SLOW_MS)
    if bms.link is Link.LOST or bms.faulted or soc is None or takes is None or gives is None:
        return 0.0, 0.0
    cold = fresh(bms.temperature_min, at, SLOW_MS)
    warm = fresh(bms.temperature_max, at, SLOW_MS)
    # A missing value never passes a check.
    if cold is None or cold < bounds.temperature_min:
        return 0.0, 0.0
    if warm is None or warm > bounds.temperature_max:
        return 0.0, 0.0
    full_in = max(0.0, bounds.soc_max - reserve - soc) * energy * 3600 / TAPER_S
    empty_in = max(0.0, soc - bounds.soc_min - reserve) * energy * 3600 / TAPER_S
    return min(max(0.0, float(takes)), full_in), min(max(0.0, float(gives)), empty_in)
