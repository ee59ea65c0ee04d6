"""Whether what a key is trusted with can be delivered inside its budget, the ramp and the battery.

A grant that the plant can never honour is found before it is sold. Each product asks for a response
within a time and for a duration (requirements of the balancing market, edition 6, 2026-03-13,
https://www.eprx.or.jp/outline/docs/shouhin_ver.6_20260313.pdf; 30-minute blocks). The answer is exact
for a key that has been quiet, once: a bucket that is half full and refills, and a constant ramp.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sekisho.codec.command import Kind, Product
from sekisho.terms.errors import Problem
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sekisho.codec.bounds import Bounds
    from sekisho.codec.trust import Budget, Trust, TrustedKey
    from sekisho.terms.quantity import WattHours

_BLOCK_S = 1_800


@dataclass(frozen=True, slots=True)
class Demand:
    """What a product asks of the plant."""

    response_s: int
    """From rest to the whole power."""
    duration_s: int
    """For so long the whole power is held."""


DEMANDS: Mapping[Product, Demand] = MappingProxyType(
    {
        Product.S_FRR: Demand(300, _BLOCK_S),
        Product.FRR: Demand(300, _BLOCK_S),
        Product.RR: Demand(900, _BLOCK_S),
        Product.RR_FIT: Demand(3_600, _BLOCK_S),
        Product.COMPOUND: Demand(300, _BLOCK_S),
        Product.JEPX_SPOT: Demand(_BLOCK_S, _BLOCK_S),
        Product.JEPX_INTRADAY: Demand(_BLOCK_S, _BLOCK_S),
        Product.CAPACITY: Demand(_BLOCK_S, 10_800),
    }
)
"""Primary control is asked of the droop; the owner's own plan asks for nothing.

For 発動指令電源 and the exchange no response is prescribed: one half-hour is taken.
"""
PRIMARY = Demand(10, 300)
"""一次調整力: the droop reaches its power within 10 s and keeps it for 5 minutes."""


def undeliverable(trust: Trust, bounds: Bounds, energy: WattHours) -> tuple[Problem, ...]:
    """Every product of a key that could not be delivered; empty where all could.

    Args:
        trust: the keys and what each may ask.
        bounds: what the plant may do.
        energy: rated energy of the plant.
    """
    return (*_keys(trust, bounds, energy), *_primary(bounds, energy))


def reached_s(power: float, budget: Budget, ramp: float) -> float:
    """Seconds until a key that has been quiet has moved dispatch by so much."""
    if power <= 0:
        return 0.0
    return max(
        power / ramp if ramp > 0 else float("inf"),
        _refilled_s(power, budget.change_per_minute / 2, 60),
        _refilled_s(power, budget.change_per_hour / 2, 3_600),
    )


def _refilled_s(wanted: float, half: float, window_s: int) -> float:
    """When a bucket that holds `half` and refills as much in each window has given `wanted`."""
    if wanted <= half:
        return 0.0
    return (wanted - half) * window_s / half if half > 0 else float("inf")


def _keys(trust: Trust, bounds: Bounds, energy: WattHours) -> Iterator[Problem]:
    for key in trust.keys:
        if key.revoked:
            continue
        for product in sorted({grant.product for grant in key.may if grant.product is not None}):
            demand = DEMANDS.get(product)
            if demand is None:
                continue
            where = f"trust.json: {key.issuer} ({product})"
            power = _power(key, bounds)
            for name, budget in (("budget", key.budget), ("all_keys", trust.all_keys)):
                yield from _response(where, name, power, budget, demand, key, product, bounds)
                yield from _budget(where, name, power, budget, demand)
            yield from _energy(where, power, demand, bounds, energy)


def _power(key: TrustedKey, bounds: Bounds) -> int:
    """The largest discharge that the key may ask: products of the balancing market go upward."""
    plant = min(bounds.export_max, bounds.connection_export_max)
    return plant if key.power_max is None else min(plant, key.power_max)


def _response(
    where: str,
    name: str,
    power: int,
    budget: Budget,
    demand: Demand,
    key: TrustedKey,
    product: Product,
    bounds: Bounds,
) -> Iterator[Problem]:
    scheduled_only = not any(g.kind is Kind.SETPOINT and g.product is product for g in key.may)
    delay = key.start_delay_max_s if scheduled_only else 0
    needed = reached_s(power, budget, bounds.ramp_dispatch) + delay
    if needed <= demand.response_s:
        return
    yield Problem(
        where,
        Text(
            "{power} W に {limit} 秒以内に達しません({needed} 秒かかります)。",
            "{power} W is not reached within {limit} s (it takes {needed} s).",
        ).fill(power=f"{power:_}", limit=demand.response_s, needed=_seconds(needed)),
        Text(
            "bounds.json の ramp_dispatch か、{name} の毎分・毎時の変化量を増やすか、"
            "鍵の power_max か開始の遅れを減らしてください。",
            "Raise ramp_dispatch in bounds.json or the change per minute and hour of {name}, "
            "or lower the key's power_max or its start delay.",
        ).fill(name=name),
    )


def _seconds(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:_.0f}"


def _budget(where: str, name: str, power: int, budget: Budget, demand: Demand) -> Iterator[Problem]:
    """One call and its end within a block, and the energy of the call."""
    span = demand.duration_s
    change = _given(budget.change_per_hour, span, 3_600)
    if change < 2 * power:
        yield Problem(
            where,
            Text(
                "呼出しの後、{power} W から戻る変化量が毎時の予算({hour} W)に残りません。",
                "After a call nothing is left of the hourly change ({hour} W) to return from "
                "{power} W.",
            ).fill(power=f"{power:_}", hour=f"{budget.change_per_hour:_}"),
            Text(
                "{name} の change_per_hour を {least} 以上にしてください。",
                "Raise change_per_hour of {name} to {least} or more.",
            ).fill(name=name, least=f"{_least(2 * power, span, 3_600):_}"),
        )
    wanted = power * span / 3_600
    if _given(budget.energy_per_day, span, 86_400) < wanted:
        yield Problem(
            where,
            Text(
                "{minutes} 分の持続に要る {wanted} Wh が1日の予算({day} Wh)に収まりません。",
                "Holding it for {minutes} minutes takes {wanted} Wh; the budget of a day "
                "({day} Wh) does not give them.",
            ).fill(
                minutes=span // 60,
                wanted=f"{wanted:_.0f}",
                day=f"{budget.energy_per_day:_}",
            ),
            Text(
                "{name} の energy_per_day を {least} 以上にしてください。",
                "Raise energy_per_day of {name} to {least} or more.",
            ).fill(name=name, least=f"{_least(wanted, span, 86_400):_}"),
        )


def _given(allowance: float, seconds: float, window_s: int) -> float:
    """What a bucket gives in a time: half at once, the other half over its window."""
    return allowance / 2 * (1 + seconds / window_s)


def _least(wanted: float, seconds: float, window_s: int) -> int:
    return int(-(-wanted * 2 // (1 + seconds / window_s)))


def _energy(
    where: str, power: int, demand: Demand, bounds: Bounds, energy: WattHours
) -> Iterator[Problem]:
    room = _usable(bounds) * energy
    wanted = power * demand.duration_s / 3_600
    if wanted > room:
        yield Problem(
            where,
            Text(
                "{minutes} 分の持続に要る {wanted} Wh が、使える残量の幅({room} Wh)を超えます。",
                "Holding it for {minutes} minutes takes {wanted} Wh; the battery has {room} Wh "
                "between its bounds.",
            ).fill(minutes=demand.duration_s // 60, wanted=f"{wanted:_.0f}", room=f"{room:_.0f}"),
            Text(
                "鍵の power_max を下げるか、bounds.json の soc_min・soc_max・soc_reserve を"
                "見直してください。",
                "Lower the key's power_max, or widen soc_min, soc_max and soc_reserve in "
                "bounds.json.",
            ),
        )


def _usable(bounds: Bounds) -> float:
    return max(0.0, bounds.soc_max - bounds.soc_min - 2 * bounds.soc_reserve)


def _primary(bounds: Bounds, energy: WattHours) -> Iterator[Problem]:
    droop = bounds.droop
    if droop is None:
        return
    if droop.power_max > bounds.ramp_max * PRIMARY.response_s:
        yield Problem(
            "bounds.json: droop",
            Text(
                "一次調整力の {power} W に {limit} 秒以内に達しません(ramp_max {ramp} W/s)。",
                "Primary control does not reach {power} W within {limit} s (ramp_max {ramp} W/s).",
            ).fill(
                power=f"{droop.power_max:_}",
                limit=PRIMARY.response_s,
                ramp=f"{bounds.ramp_max:_}",
            ),
            Text(
                "ramp_max を {least} 以上にするか、droop の power_max を下げてください。",
                "Raise ramp_max to {least} or more, or lower power_max of droop.",
            ).fill(least=f"{-(-droop.power_max // PRIMARY.response_s):_}"),
        )
    minutes = max(droop.reserve_minutes, PRIMARY.duration_s // 60)
    if 2 * droop.power_max * minutes / 60 > _usable(bounds) * energy:
        yield Problem(
            "bounds.json: droop",
            Text(
                "一次調整力のための残量({minutes} 分、両方向)が使える幅に収まりません。",
                "The charge kept for primary control ({minutes} minutes, both ways) does not fit "
                "between the battery's bounds.",
            ).fill(minutes=minutes),
            Text(
                "droop の power_max か reserve_minutes を下げてください。",
                "Lower power_max or reserve_minutes of droop.",
            ),
        )
