"""The frequency of an area when its plants move."""

from __future__ import annotations

import pytest

from sekisho.lab.island import Area, Island

EAST = Area(demand_w=65e9)
LIGHT = Area(demand_w=28e9)


def lowest(area: Area, watts: float, over_s: int = 0) -> float:
    island = Island(area)
    least = area.nominal
    for second in range(300):
        share = min(1.0, second / over_s) if over_s else 1.0
        least = min(least, island.step(-watts * share, 1_000))
    return least - area.nominal


@pytest.mark.parametrize(("watts", "static"), [(0.62e9, -0.10), (1.2e9, -0.18), (-1.2e9, 0.18)])
def test_a_small_step_ends_at_the_system_constant(watts: float, static: float) -> None:
    island = Island(EAST)
    island.step(-watts, 300_000)
    assert island.frequency - 50 == pytest.approx(static, abs=0.01)


def test_once_the_governors_are_used_up_the_answer_is_no_longer_linear() -> None:
    small, large = lowest(LIGHT, 0.62e9), lowest(LIGHT, 5e9)
    assert large < 8.1 * small * 1.2  # 8.1 times the power, and a good deal more


def test_a_slow_ramp_dips_less_than_a_step() -> None:
    assert lowest(LIGHT, 0.62e9, over_s=120) > 0.75 * lowest(LIGHT, 0.62e9)
    assert lowest(EAST, 0.0) == 0.0


def test_steps_of_any_length_tell_the_same() -> None:
    one, many = Island(EAST), Island(EAST)
    one.step(-1e9, 60_000)
    for _ in range(600):
        many.step(-1e9, 100)
    assert one.frequency == pytest.approx(many.frequency, abs=1e-9)
