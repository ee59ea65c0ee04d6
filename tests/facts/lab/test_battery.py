"""A battery's warmth, its ends, and several PCS on one."""

from __future__ import annotations

import pytest

from sekisho.lab.battery import Battery, BatteryPlate
from sekisho.lab.build import plain_plan
from sekisho.lab.virtual import VirtualPlant
from tests.facts.lab.test_virtual_plant import order

PLATE = BatteryPlate(energy_wh=100_000, charge_w=100_000, discharge_w=100_000)
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("temperature", "takes", "gives"),
    [(20, 1, 1), (40, 1, 1), (47.5, 0.5, 0.5), (55, 0, 0), (5, 0.5, 1), (-1, 0, 1)],
)
def test_warmth_and_cold_leave_less_power(temperature: float, takes: float, gives: float) -> None:
    battery = Battery(PLATE, 0.5, temperature)
    assert battery.takes() == pytest.approx(takes * 100_000)
    assert battery.gives() == pytest.approx(gives * 100_000)


def test_it_warms_with_power_and_cools_at_rest_however_long_a_step_is() -> None:
    battery = Battery(PLATE, 0.9)
    for dt in (1_000, 60_000, HOUR):
        battery = Battery(PLATE, 0.9)
        for _ in range(HOUR // 2 // min(dt, HOUR // 2)):
            battery.step(100_000, min(dt, HOUR // 2))
        assert 25 < battery.temperature <= 45.01
    warm = battery.temperature
    for _ in range(100):
        battery.step(0, 10 * HOUR)
        assert 20 <= battery.temperature < warm
    assert battery.temperature == pytest.approx(20, abs=0.1)


def test_near_an_end_it_takes_and_gives_less() -> None:
    full, empty = Battery(PLATE, 0.975), Battery(PLATE, 0.025)
    assert full.takes() == pytest.approx(0.005 * 100_000 * 12 / 0.965)
    assert full.gives() == 100_000
    assert empty.gives() == pytest.approx(0.005 * 100_000 * 12 * 0.965)
    assert Battery(PLATE, 0.98).takes() == Battery(PLATE, 0.02).gives() == 0


@pytest.mark.parametrize(("soc", "watts"), [(0.05, 800_000), (0.95, -800_000)])
def test_two_pcs_share_what_one_battery_can(soc: float, watts: int) -> None:
    plant = VirtualPlant(plain_plan(energy_wh=1_000_000, soc=soc, auxiliary_w=0), step_ms=20)
    battery = plant.plant.blocks[0].battery
    for name in ("pcs-1", "pcs-2"):
        order(plant, name, watts, seconds=300)
    for _ in range(50):
        most = battery.gives() if watts > 0 else battery.takes()
        plant.advance(1_000)
        assert sum(abs(p.power) for p in plant.truth().pcs) <= most + 1
    assert 0.02 <= battery.soc <= 0.98
