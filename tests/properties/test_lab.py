"""Physics that no sequence of orders can break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.codec.device_map import Refresh
from sekisho.codec.meanings import DeviceRole
from sekisho.lab.battery import Battery, BatteryPlate
from sekisho.lab.build import plain_plan
from sekisho.lab.layout import plain_map
from sekisho.lab.noise import noise
from sekisho.lab.pcs import Pcs, PcsPlate
from sekisho.lab.virtual import VirtualPlant
from sekisho.terms.quantity import Watts

if TYPE_CHECKING:
    from collections.abc import Callable

PCS = plain_map(DeviceRole.PCS)
steps = st.lists(
    st.tuples(st.floats(-1, 1), st.sampled_from([20, 100, 1_000, 60_000, 3_600_000])), max_size=60
)
efficiencies = st.floats(0.5, 1.0)


@given(steps, efficiencies, efficiencies, st.floats(0.02, 0.98))
def test_energy_is_neither_made_nor_lost_beyond_efficiency(
    moves: list[tuple[float, int]], charging: float, discharging: float, soc: float
) -> None:
    plate = BatteryPlate(
        energy_wh=1e5, charge_w=1e5, discharge_w=1e5,
        charge_efficiency=charging, discharge_efficiency=discharging,
    )  # fmt: skip
    battery = Battery(plate, soc)
    before, taken, given_ = battery.stored, 0.0, 0.0
    for share, dt in moves:
        takes, gives = battery.within(dt)
        power = share * (gives if share > 0 else takes)
        battery.step(power, dt)
        energy = power * dt / 3_600_000
        taken += max(0.0, -energy)
        given_ += max(0.0, energy)
        assert plate.soc_min - 1e-9 <= battery.soc <= plate.soc_max + 1e-9
        assert 0 <= power <= plate.discharge_w or 0 < -power <= plate.charge_w
        assert battery.temperature >= plate.ambient - 1e-6
    inside = battery.stored - before
    assert inside == pytest.approx(taken * charging - given_ / discharging, abs=1e-3)
    assert inside <= taken * charging + 1e-3


@given(
    st.lists(st.tuples(st.integers(-1_000, 1_000), st.integers(20, 4_000)), max_size=40),
    st.integers(0, 500),
)
def test_power_moves_no_faster_than_the_ramp_and_stays_in_the_rating(
    orders: list[tuple[int, int]], delay: int
) -> None:
    pcs = Pcs(PcsPlate(rated_w=1_000, ramp_w_s=200.0, delay_ms=delay))
    pcs.write_enable(True)
    now, last = 0, 0.0
    for watts, dt in orders:
        assert pcs.write_setpoint(watts)
        now += dt
        power = pcs.step(now, dt, 1_000, 1_000)
        assert abs(power) <= 1_000
        assert abs(power - last) <= 0.2 * dt + 1e-9
        last = power


def signs_of_life(pcs: Pcs, timeout: int, beat: int) -> dict[Refresh, Callable[[], bool]]:
    return {
        Refresh.HEARTBEAT: lambda: pcs.write_beat(beat),
        Refresh.TIMEOUT: lambda: pcs.write_timeout(timeout),
        Refresh.ENABLE: lambda: pcs.write_enable(True),
        Refresh.SETPOINT: lambda: pcs.write_setpoint(700),
    }


@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(10, 500), st.booleans()), max_size=200),
    st.sampled_from(sorted(Refresh)),
)
def test_the_watchdog_runs_out_within_its_time_and_never_before(
    timeout: int, moments: list[tuple[int, bool]], way: Refresh
) -> None:
    pcs = Pcs(PcsPlate(rated_w=1_000, ramp_w_s=1e9, delay_ms=0, refreshed_by=frozenset({way})))
    pcs.write_timeout(timeout)
    pcs.write_setpoint(700)
    pcs.write_enable(True)
    now, alive, beat = 0, 0, 0
    for dt, refresh in moments:
        if refresh and not pcs.expired:
            beat += 1
            signs_of_life(pcs, timeout, beat)[way]()
            alive = now
        now += dt
        power = pcs.step(now, dt, 1_000, 1_000)
        assert pcs.expired == (now - alive >= timeout * 1_000)
        assert power == (0 if pcs.expired else 700)
        if pcs.expired:
            return


@given(
    st.lists(
        st.tuples(
            st.integers(-1_000_000, 1_000_000),
            st.integers(-1_000_000, 1_000_000),
            st.integers(100, 600_000),
        ),
        max_size=12,
    ),
    st.floats(0.02, 0.98),
    st.floats(-5, 50),
)
def test_a_plant_never_gives_more_than_its_battery(
    orders: list[tuple[int, int, int]], soc: float, temperature: float
) -> None:
    plan = plain_plan(rated_w=1_000_000, energy_wh=500_000, soc=soc, temperature=temperature)
    plant = VirtualPlant(plan, step_ms=1_000)
    battery = plant.plant.blocks[0].battery
    for one, two, ms in orders:
        for name, watts in (("pcs-1", one), ("pcs-2", two)):
            for write in (*PCS.watchdog_arm(300, Watts(0)), *PCS.setpoint_writes(Watts(watts))):
                plant.device(name).write(write.space, write.address, write.words)
        plant.advance(ms)
        truth = plant.truth()
        assert 0.02 - 1e-9 <= battery.soc <= 0.98 + 1e-9
        assert all(abs(p.power) <= 1_000_000 for p in truth.pcs)
        total = sum(p.power for p in truth.pcs)
        assert truth.power == pytest.approx(total - 20_000)


@given(st.integers(0, 2**40), st.integers(0, 2**40))
def test_noise_is_the_same_each_time_and_within_one(seed: int, number: int) -> None:
    assert noise(seed, number) == noise(seed, number)
    assert -1 <= noise(seed, number) < 1
