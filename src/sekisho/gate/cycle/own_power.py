"""The power of PCS that follow the frequency by themselves: what it is counted with.

It flows beside the set-points. The gate reckons with a response of first order, as fast as the line
has it, asks of a unit only what it does not give by itself, and leaves it room in every bound.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.gate.cycle import droop
from sekisho.gate.cycle.following import NOWHERE, Follower, Reach
from sekisho.gate.cycle.share import able
from sekisho.gate.cycle.window import RATED, narrowest
from sekisho.gate.image import OwnDroop
from sekisho.gate.own_droop import SLOWEST_S, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sekisho.gate.cycle.frequency import Frequency
    from sekisho.gate.cycle.window import Limited, Window
    from sekisho.gate.image import PcsImage, PlantImage
    from sekisho.gate.state import Gate
    from sekisho.terms.ids import DeviceId
    from sekisho.terms.quantity import BootMs

TAKEN_OVER = 2
"""Response times after which a unit that was switched on gives its share by itself: 99 of 100."""
_MAYBE = frozenset({OwnDroop.ON, OwnDroop.UNSURE})


def units(image: PlantImage) -> tuple[PcsImage, ...]:
    """The units whose own droop the gate uses; most plants have none."""
    return tuple(pcs for pcs in image.pcs if pcs.own_droop is not None)


def beside(
    gate: Gate, image: PlantImage, frequency: Frequency, elapsed_ms: int
) -> tuple[Mapping[DeviceId, Follower], Reach]:
    """What is remembered of each unit with what it adds now, and between which powers all may be."""
    if not gate.settings.followers:
        return gate.run.own_droops, NOWHERE
    wanted = droop.wanted(gate.bounds, frequency)
    followers = {
        pcs.device: _adding(pcs, gate, wanted, image.at, elapsed_ms) for pcs in units(image)
    }
    return MappingProxyType(followers), reach(gate, image, frequency, elapsed_ms)


def _adding(
    pcs: PcsImage, gate: Gate, wanted: float | None, now: BootMs, elapsed_ms: int
) -> Follower:
    """A unit's own response: it comes, and after it is off goes, as fast as its line has it.

    The loop makes up for what is not there yet after it was switched on, and counts on its share
    from then on. Without a sure frequency a unit that is on adds what it last added.
    """
    before = gate.run.own_droops.get(pcs.device, Follower())
    response_s = _response_s(gate)
    goes = _left(elapsed_ms / 1_000 / response_s)
    if not able(pcs) or pcs.own_droop is not OwnDroop.ON:
        adds = before.adds * goes
        adds = adds if abs(adds) >= 1 else 0.0
        return replace(before, adds=adds, counted_on=adds, on_since=None)
    goal = before.adds if wanted is None else wanted * _share(pcs.rated, gate)
    adds = goal * (1 - goes) + before.adds * goes
    since = now if before.on_since is None else before.on_since
    over = now - since >= TAKEN_OVER * response_s * 1_000
    return replace(before, adds=adds, counted_on=goal if over else adds, on_since=since)


def _share(rated: int, gate: Gate) -> float:
    """Of the plant's primary control, by rating."""
    return rated / sum(device.rated for device in gate.settings.pcs)


def _response_s(gate: Gate) -> float:
    line = line_of(gate.bounds, gate.settings)
    return SLOWEST_S if line is None else line.response_s


def _left(responses: float) -> float:
    """What is left of a way after so many response times: nine tenths are gone after each."""
    return float(0.1**responses)


def left_to_loop(gate: Gate, wanted: float) -> float:
    """What the gate's loop gives of what is wanted, W: what units do not add by themselves.

    It never works against them: what they add too much goes as fast as they let it.
    """
    rest = wanted - sum(one.counted_on for one in gate.run.own_droops.values())
    return max(min(0.0, wanted), min(max(0.0, wanted), rest))


def loop_parts(gate: Gate, image: PlantImage, loop: float) -> dict[DeviceId, float]:
    """The loop's part of primary control at each unit that can be asked, W.

    Each unit gives its share of primary control by its rating; what it gives by itself is not asked
    of it once more, so that none is led beyond its rating.
    """
    workers = [pcs for pcs in image.pcs if able(pcs)]
    rated = sum(pcs.rated for pcs in workers)
    alone = {pcs.device: 0.0 for pcs in workers}
    for device in gate.run.own_droops.keys() & alone.keys():
        alone[device] = gate.run.own_droops[device].counted_on
    if abs(loop) < 1 or not any(alone.values()):
        return {}
    whole, sign = loop + sum(alone.values()), 1 if loop > 0 else -1
    lacks = {
        pcs.device: max(0.0, sign * (whole * pcs.rated / rated - alone[pcs.device]))
        for pcs in workers
    }
    part = loop / sum(lacks.values())
    return {device: part * lack for device, lack in lacks.items()}


def reach(gate: Gate, image: PlantImage, frequency: Frequency, elapsed_ms: int) -> Reach:
    """What units may add by themselves now, W.

    As much as the frequency asks of those that are not off for certain; less than a moment ago only
    as fast as half of their speed, because a unit that has just been switched off still adds.
    """
    before = gate.run.own_reach
    mine = sum(pcs.rated for pcs in units(image) if able(pcs) and _may_follow(gate, pcs))
    if not mine and before == NOWHERE:
        return before
    wanted = droop.wanted(gate.bounds, frequency)
    adds = gate.run.own_droop if wanted is None else wanted * _share(mine, gate)
    stays = _left(elapsed_ms / 1_000 / (2 * _response_s(gate)))
    low, high = min(adds, before.low * stays), max(adds, before.high * stays)
    return Reach(low=0.0 if low > -1 else low, high=0.0 if high < 1 else high)


def _may_follow(gate: Gate, pcs: PcsImage) -> bool:
    """Whether a unit follows, may do so, or has just been told to."""
    told = gate.run.own_droops.get(pcs.device, Follower()).line is not None
    return told or pcs.own_droop in _MAYBE


def narrowed(
    everything: Iterable[Limited],
    image: PlantImage,
    counted: Mapping[DeviceId, float],
    reach: Reach,
) -> Window:
    """The window of the set-points: every bound, less what units may do beside them.

    A unit that can be asked is counted with what it may add now. One that cannot be asked, and may
    still follow the frequency, may be anywhere between its ratings.

    Args:
        everything: every bound.
        image: what is known of the units.
        counted: what each unit is counted with.
        reach: what units that can be asked may add.
    """
    low, high = reach.low, reach.high
    for pcs in units(image):
        if pcs.own_droop is not OwnDroop.OFF and not able(pcs):
            low -= pcs.rated + counted[pcs.device]
            high += pcs.rated - counted[pcs.device]
    return narrowest(
        [
            limit
            if limit.bound == RATED  # a unit keeps to its own rating by itself
            else replace(limit, low=limit.low - low, high=limit.high - high)
            for limit in everything
        ]
    )
