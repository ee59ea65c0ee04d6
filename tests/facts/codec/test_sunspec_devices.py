"""SunSpec models become the device map that the gate runs on."""

from dataclasses import replace

import pytest

from sekisho.codec.connect import by_profile, by_sunspec
from sekisho.codec.device_map import DeviceMap, DroopSettings, ScaleChangedError
from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.points import Pace
from sekisho.codec.profile import read_profile
from sekisho.codec.sunspec.build import Built, Model
from sekisho.codec.sunspec.common import Common
from sekisho.codec.sunspec.compile import compile_models
from sekisho.shell.device_data import load_catalogue, shipped_profile
from sekisho.terms.errors import WorldError
from sekisho.terms.quantity import Hertz, Share, Watts
from tests.sunspec_devices import (
    BATTERY,
    BMS,
    CAPACITY,
    COMMON,
    CONTROLS,
    INVERTER,
    MEASURE,
    METER,
    OLD_CONTROLS,
    PCS,
    STORAGE,
    Bank,
    bank,
    found_in,
    models_of,
    walked,
)


def compiled(device: Bank, role: DeviceRole, *, meter_sign: int = 1) -> DeviceMap:
    return compile_models(found_in(device), load_catalogue(), role, "dev-1", meter_sign=meter_sign)


def read(device: Bank, device_map: DeviceMap, pace: Pace) -> dict[Meaning, object]:
    return dict(device_map.decode(pace, device.readings(device_map.spans(pace))))


def test_the_common_block_is_typed() -> None:
    common = models_of(bank(*PCS))[1]
    assert [common.raw(n) for n in ("Mn", "Md", "Opt", "Vr", "SN")] == [
        *("Hokuto", "HG-500", "B", "2.1", "A-17")
    ]


def test_repeating_groups_are_typed_with_the_scale_of_their_model() -> None:
    bank_model = models_of(bank(*BMS))[803]
    assert [s.value("StrSoC") for s in bank_model.groups["string"]] == [61.0, 61.4]


def test_more_groups_than_the_length_has_room_for_are_not_believed() -> None:
    device = bank(*BMS)
    device.put(803, "NStr", 40_000)
    assert 803 not in models_of(device)


def test_a_pcs_tells_power_frequency_state_and_rating() -> None:
    device = bank(*PCS)
    pcs = compiled(device, DeviceRole.PCS)
    assert read(device, pcs, Pace.FAST) == {
        Meaning.ACTIVE_POWER: 250_000,
        Meaning.FREQUENCY: 50.02,
        Meaning.STATUS: State.RUNNING,
        Meaning.ALARMS: 0,
        Meaning.LOCAL_REMOTE: State.REMOTE,
    }
    assert pcs.rated == 5_000_000


def test_a_set_point_arrives_in_watts_with_mode_and_enable() -> None:
    device = bank(*PCS)
    pcs = compiled(device, DeviceRole.PCS)
    device.write(pcs.setpoint_writes(Watts(-1_250_000)))
    controls = models_of(device)[704]
    assert controls.value("WSet") == -1_250_000
    assert (controls.raw("WSetMod"), controls.raw("WSetEna")) == (1, 1)
    values = pcs.readback.decode(device.readings(pcs.readback.spans))
    assert values[Meaning.SETPOINT] == -1_250_000
    assert pcs.engaged(values)


def test_the_reversion_timer_is_the_watchdog() -> None:
    device = bank(*PCS)
    pcs = compiled(device, DeviceRole.PCS)
    device.write(pcs.watchdog_arm(10, Watts(0)))
    controls = models_of(device)[704]
    assert [controls.value(n) for n in ("WSetRvrtTms", "WSetRvrt", "WSetEnaRvrt")] == [10, 0, 1]
    device.put(704, "WSetRvrtRem", 0, 9)
    batch = pcs.watchdog_check
    assert pcs.watchdog_holds(batch.decode(device.readings(batch.spans)), 10, Watts(0))
    device.put(704, "WSetRvrtRem", 0, 0)
    assert not pcs.watchdog_holds(batch.decode(device.readings(batch.spans)), 10, Watts(0))


def test_the_watchdog_is_kept_by_heartbeat_time_out_and_enable() -> None:
    device = bank(*PCS)
    pcs = compiled(device, DeviceRole.PCS)
    device.write(pcs.watchdog_refresh(41, 10))
    assert models_of(device)[715].raw("ControllerHb") == 42
    assert models_of(device)[704].raw("WSetRvrtTms") == 10
    assert models_of(device)[704].raw("WSetEna") == 1


def test_without_the_whole_reversion_there_is_no_watchdog() -> None:
    values = {k: v for k, v in CONTROLS.values.items() if k != "WSetRvrt"}
    device = bank(COMMON, MEASURE, Model(704, values))
    assert compiled(device, DeviceRole.PCS).watchdog is None


def test_where_watts_are_not_implemented_percent_of_the_rating_is_used() -> None:
    percent = {
        "WSetEna": 0,
        "WSetMod": 0,
        "WSetPct": 0,
        "WSetPctRvrt": 0,
        "WSetEnaRvrt": 0,
        "WSetRvrtTms": 0,
        "WSetPct_SF": -1,
    }
    device = bank(COMMON, MEASURE, CAPACITY, Model(704, percent))
    pcs = compiled(device, DeviceRole.PCS)
    device.write(pcs.setpoint_writes(Watts(-1_253_999)))
    controls = models_of(device)[704]
    assert controls.value("WSetPct") == -25.0
    assert controls.raw("WSetMod") == 0
    assert pcs.nearest_setpoint(Watts(-1_253_999)) == -1_250_000


def test_the_droop_of_the_device_is_written_adopted_and_verified() -> None:
    device = bank(*PCS)
    droop = compiled(device, DeviceRole.PCS).droop
    assert droop is not None
    wanted = DroopSettings(
        deadband_over=Hertz(0.01),
        deadband_under=Hertz(0.015),
        slope_over=Share(0.04),
        slope_under=Share(0.05),
        response_s=0.5,
    )
    device.write(droop.writes(wanted))
    assert not droop.holds(droop.check.decode(device.readings(droop.check.spans)), wanted)
    stored = models_of(device)[711].groups["Ctl"][1]
    assert [stored.value(n) for n in ("DbOf", "DbUf", "KOf", "KUf", "RspTms")] == [
        *(0.01, 0.015, 0.04, 0.05, 0.5)
    ]
    assert models_of(device)[711].raw("AdptCtlReq") == 2
    assert stored.value("PMin") == -100, "as delivered its droop would never have it charge"
    for name in ("DbOf", "DbUf", "KOf", "KUf", "RspTms", "PMin"):  # the device adopts
        length = device.built.places[711, f"Ctl[2].{name}"][1]
        address = device.built.places[711, f"Ctl[2].{name}"][0]
        device.put(711, f"Ctl[1].{name}", *(device.held[address + n] for n in range(length)))
    assert droop.holds(droop.check.decode(device.readings(droop.check.spans)), wanted)


def test_a_battery_tells_charge_limits_and_temperatures() -> None:
    device = bank(*BMS)
    bms = compiled(device, DeviceRole.BMS)
    values = read(device, bms, Pace.SLOW)
    assert values[Meaning.STATE_OF_CHARGE] == pytest.approx(0.612)
    assert values[Meaning.CHARGE_LIMIT] == 800_000  # 1,000 A at 800 V, less than 4.8 MW
    assert values[Meaning.DISCHARGE_LIMIT] == 240_000
    assert values[Meaning.TEMPERATURE_MIN] == pytest.approx(24.8)
    assert values[Meaning.TEMPERATURE_MAX] == pytest.approx(31.2)
    assert values[Meaning.ENERGY_RATING] == 20_000_000
    assert values[Meaning.STATUS] is State.RUNNING


def test_a_battery_behind_a_der_is_read_through_its_capacity_models() -> None:
    device = bank(COMMON, CAPACITY, STORAGE)
    values = read(device, compiled(device, DeviceRole.BMS), Pace.SLOW)
    assert values[Meaning.STATE_OF_CHARGE] == pytest.approx(0.55)
    assert values[Meaning.CHARGE_LIMIT] == 4_800_000


@pytest.mark.parametrize(("sign", "power"), [(1, -1_200_000), (-1, 1_200_000)])
def test_a_meter_counts_as_it_is_told_to(sign: int, power: int) -> None:
    device = bank(COMMON, METER)
    meter = compiled(device, DeviceRole.METER, meter_sign=sign)
    assert read(device, meter, Pace.FAST) == {
        Meaning.ACTIVE_POWER: power,
        Meaning.FREQUENCY: 49.98,
    }


def test_a_changed_scale_factor_is_noticed() -> None:
    device = bank(*PCS)
    pcs = compiled(device, DeviceRole.PCS)
    read(device, pcs, Pace.SLOW)
    device.put(701, "W_SF", 3)
    with pytest.raises(ScaleChangedError):
        read(device, pcs, Pace.SLOW)


def test_only_the_scale_factors_in_use_are_read_again() -> None:
    device = bank(*PCS)
    pcs = compiled(device, DeviceRole.PCS)
    used = [(701, "W_SF"), (701, "Hz_SF"), (702, "W_SF"), (704, "WSet_SF")]
    used += [(711, name) for name in ("Db_SF", "K_SF", "RspTms_SF")]
    assert {s.span.address for s in pcs.scales} == {device.built.places[at][0] for at in used}


def test_an_unimplemented_scale_factor_makes_its_points_absent() -> None:
    device = bank(COMMON, replace(METER, values={**METER.values, "W_SF": None}))
    with pytest.raises(WorldError, match="active-power"):
        compiled(device, DeviceRole.METER)


def test_an_older_inverter_is_read_and_refused_as_a_pcs() -> None:
    device = bank(COMMON, INVERTER, OLD_CONTROLS)
    with pytest.raises(WorldError, match="setpoint"):
        compiled(device, DeviceRole.PCS)


@pytest.mark.parametrize("other", [203, 201])
def test_two_meters_in_one_chain_are_ambiguous(other: int) -> None:
    with pytest.raises(WorldError, match="several"):
        compiled(bank(COMMON, METER, replace(METER, id=other)), DeviceRole.METER)


def test_a_battery_without_limits_cannot_be_the_bms() -> None:
    with pytest.raises(WorldError, match="charge-limit"):
        compiled(bank(COMMON, STORAGE), DeviceRole.BMS)


def test_a_shorter_model_has_the_points_that_fit() -> None:
    device = bank(COMMON, BATTERY)
    address = device.built.places[802, "ID"][0]
    for gone in range(address + 22, address + 2 + 62):
        device.held.pop(gone, None)
    device.held[address + 1] = 20
    device.held[address + 22] = 0xFFFF
    battery = models_of(device)[802]
    assert battery.raw("SoC") == 612
    assert battery.value("SoC") is None  # its scale factor lies behind


def test_connecting_gives_the_map_the_common_block_and_the_models() -> None:
    device = bank(*PCS, OLD_CONTROLS)
    connected = walked(by_sunspec(load_catalogue(), DeviceRole.PCS, "pcs-1"), device)
    assert connected.device_map.role is DeviceRole.PCS
    assert connected.common == Common(
        maker="Hokuto", model="HG-500", options="B", version="2.1", serial="A-17"
    )
    assert [block.id for block in connected.blocks][-1] == 123


def test_connecting_by_a_profile_gives_its_map() -> None:
    profile = read_profile(shipped_profile("generic-bms"), "generic-bms")
    connected = walked(by_profile(profile, "bms-1"), Bank(Built(0, (), {})))
    assert connected.device_map.role is DeviceRole.BMS
    assert connected.common is None
