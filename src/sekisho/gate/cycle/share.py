"""The plant's power, shared out among its PCS.

A unit that does not answer is counted at its last power until its watchdog must have stopped it, and
only what is left is given to the others: power that cannot be seen is not given twice.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.image import FAST_MS, Link, OwnDroop, WatchdogState, fresh
from sekisho.terms.quantity import BootMs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.gate.image import PcsImage, PlantImage
    from sekisho.gate.settings import Settings
    from sekisho.gate.state import Unit
    from sekisho.terms.ids import DeviceId


_NOTHING: Mapping[DeviceId, float] = MappingProxyType({})


def able(pcs: PcsImage) -> bool:
    """Whether power may be asked of a unit: it answers, is well, and would stop without us."""
    return (
        pcs.link is Link.UP
        and not pcs.faulted
        and not pcs.stopped_locally
        and (pcs.watchdog is WatchdogState.ARMED or pcs.watchdog is WatchdogState.WAIVED)
        and pcs.own_droop is not OwnDroop.FAILED
    )


def current(pcs: PcsImage, unit: Unit | None, watchdog_ms: int, now: int) -> float:
    """The set-point that a unit is counted with, in W."""
    if able(pcs):
        if unit is not None and unit.asked is not None:
            return unit.exact
        # A watchdog that has acted may leave the set-point's register as it was: power tells.
        shows = fresh(pcs.power, BootMs(now), FAST_MS)
        if shows is not None and pcs.own_droop is not None and pcs.setpoint is not None:
            # What its own droop still adds is none of its set-point.
            held = float(pcs.setpoint.value)
            return max(min(0.0, held), min(max(0.0, held), float(shows)))
        if shows is not None:
            return float(shows)
        return float(pcs.setpoint.value) if pcs.setpoint is not None else 0.0
    if pcs.link is Link.UP:
        # It answers but cannot be asked: nobody knows its set-point, but what flows is seen.
        flowing = fresh(pcs.power, BootMs(now), FAST_MS)
        if flowing is not None:
            return float(flowing)
    stops = pcs.watchdog is not WatchdogState.WAIVED
    if stops and now - pcs.since > watchdog_ms:
        return 0.0
    if unit is not None and unit.asked is not None:
        return unit.exact
    return float(pcs.power.value) if pcs.power is not None else 0.0


def base(
    settings: Settings, image: PlantImage, units: Mapping[DeviceId, Unit]
) -> dict[DeviceId, float]:
    """What each unit is counted with before this tick."""
    watchdogs = {d.device: d.watchdog_s * 1000 for d in settings.pcs}
    return {
        pcs.device: current(pcs, units.get(pcs.device), watchdogs[pcs.device], image.at)
        for pcs in image.pcs
    }


def shared(
    total: float,
    image: PlantImage,
    counted: Mapping[DeviceId, float],
    most_step: float,
    apart: Mapping[DeviceId, float] = _NOTHING,
) -> dict[DeviceId, float]:
    """The set-point of every unit that can be asked, W.

    All units move by the same part of their way, so that the sum never leaves the straight line
    between where it was and `total`, and no unit moves by more than `most_step`.

    Args:
        total: power of all units.
        image: which can be asked.
        counted: what each is counted with.
        most_step: by how much a unit may move.
        apart: what of `total` is not shared by rating, but meant for a unit.
    """
    workers = [pcs for pcs in image.pcs if able(pcs)]
    if not workers:
        return {}
    hidden = sum(counted[pcs.device] for pcs in image.pcs if not able(pcs))
    wanted = _filled(total - hidden, workers)
    if apart:
        wanted = _parted(total - hidden, workers, apart)
    ways = [abs(wanted[pcs.device] - counted[pcs.device]) for pcs in workers]
    longest = max(ways)
    part = 1.0 if longest <= most_step or longest == 0 else most_step / longest
    return {
        pcs.device: counted[pcs.device] + (wanted[pcs.device] - counted[pcs.device]) * part
        for pcs in workers
    }


def _parted(
    power: float, workers: list[PcsImage], apart: Mapping[DeviceId, float]
) -> dict[DeviceId, float]:
    """Power by rating but for what is meant for a unit; what one cannot give the others do."""
    filled = _filled(power - sum(apart.values()), workers)
    wanted = {
        pcs.device: max(-pcs.rated, min(pcs.rated, filled[pcs.device] + apart.get(pcs.device, 0.0)))
        for pcs in workers
    }
    left = power - sum(wanted.values())
    rooms = {
        pcs.device: pcs.rated - wanted[pcs.device] if left > 0 else -pcs.rated - wanted[pcs.device]
        for pcs in workers
    }
    room = sum(rooms.values())
    part = min(1.0, left / room) if room else 0.0
    return {device: at + part * rooms[device] for device, at in wanted.items()}


def _filled(power: float, workers: list[PcsImage]) -> dict[DeviceId, float]:
    """Power by rating, none beyond its own."""
    rated = float(sum(pcs.rated for pcs in workers))
    share = max(-1.0, min(1.0, power / rated)) if rated else 0.0
    return {pcs.device: share * pcs.rated for pcs in workers}
