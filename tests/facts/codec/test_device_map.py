"""What a device map reads, and the writes that it asks for."""

from dataclasses import replace

import pytest

from sekisho.codec.device_map import (
    Batch,
    DeviceMap,
    Refresh,
    ScaleChangedError,
    ScaleWord,
    Watchdog,
)
from sekisho.codec.meanings import DeviceRole, Meaning, State
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Keeping, Pace, Point, Span, Write
from sekisho.codec.registers import Kind, UnfitError
from sekisho.terms.quantity import Watts

POWER = Point(
    meaning=Meaning.ACTIVE_POWER,
    space=Space.HOLDING,
    address=10,
    kind=Kind.INT16,
    scale=(100, 1),
    sign=-1,
    pace=Pace.FAST,
)
SETPOINT = Point(
    meaning=Meaning.SETPOINT,
    space=Space.HOLDING,
    address=20,
    kind=Kind.INT32,
    length=2,
    scale=(100, 1),
    keeping=Keeping.VOLATILE,
)
MODE = Point(
    meaning=Meaning.SETPOINT_MODE,
    space=Space.HOLDING,
    address=22,
    kind=Kind.ENUM16,
    keeping=Keeping.VOLATILE,
    fixed=1,
)
ENABLE = replace(MODE, meaning=Meaning.SETPOINT_ENABLE, address=19, fixed=2)
TIMEOUT = Point(
    meaning=Meaning.WATCHDOG_TIMEOUT,
    space=Space.HOLDING,
    address=30,
    kind=Kind.UINT16,
    keeping=Keeping.VOLATILE,
)
FALLBACK = replace(SETPOINT, meaning=Meaning.WATCHDOG_FALLBACK_POWER, address=31)
LEFT = replace(TIMEOUT, meaning=Meaning.WATCHDOG_REMAINING, address=33, keeping=None)
BEAT = replace(TIMEOUT, meaning=Meaning.HEARTBEAT, address=34)
SCALE = ScaleWord(Span(Space.HOLDING, 40, 1), 2)

PCS = DeviceMap(
    role=DeviceRole.PCS,
    source="test",
    points=(POWER, SETPOINT, MODE, ENABLE, TIMEOUT, FALLBACK, LEFT, BEAT),
    scales=(SCALE,),
    watchdog=Watchdog(refresh=(Refresh.HEARTBEAT, Refresh.TIMEOUT)),
)


def test_import_positive_power_is_turned_round_and_scaled() -> None:
    assert PCS.spans(Pace.FAST) == (Span(Space.HOLDING, 10, 1),)
    assert PCS.decode(Pace.FAST, [(5,)]) == {Meaning.ACTIVE_POWER: -500}


def test_a_failed_read_is_absent() -> None:
    assert PCS.decode(Pace.FAST, [None]) == {Meaning.ACTIVE_POWER: None}


def test_a_set_point_is_value_then_mode_then_enable_each_one_frame() -> None:
    assert PCS.setpoint_writes(Watts(-1_234)) == (
        Write(Space.HOLDING, 20, (0xFFFF, 0xFFF4)),
        Write(Space.HOLDING, 22, (1,)),
        Write(Space.HOLDING, 19, (2,)),
    )


def test_where_mode_and_enable_stand_only_the_value_is_written() -> None:
    values = PCS.readback.decode([(0, 12), (1,), (2,)])
    assert PCS.engaged(values)
    assert PCS.setpoint_writes(Watts(1_200), engaged=True) == (Write(Space.HOLDING, 20, (0, 12)),)


@pytest.mark.parametrize("mode", [(0,), None, (0xFFFF,)])
def test_another_or_an_absent_mode_is_not_engaged(mode: tuple[int] | None) -> None:
    assert not PCS.engaged(PCS.readback.decode([(0, 12), mode, (2,)]))


@pytest.mark.parametrize(("asked", "granted"), [(1_299, 1_200), (-1_299, -1_200), (99, 0)])
def test_what_the_register_cannot_resolve_is_dropped_towards_zero(asked: int, granted: int) -> None:
    assert PCS.nearest_setpoint(Watts(asked)) == granted


def test_a_set_point_beyond_the_register_is_refused_and_not_wrapped() -> None:
    small = replace(SETPOINT, kind=Kind.INT16, length=1)
    pcs = replace(PCS, points=(small,), watchdog=None)
    with pytest.raises(UnfitError):
        pcs.setpoint_writes(Watts(32_768 * 100))


def test_the_watchdog_is_armed_with_fall_back_and_time_out() -> None:
    assert PCS.watchdog_arm(10, Watts(0)) == (
        Write(Space.HOLDING, 31, (0, 0)),
        Write(Space.HOLDING, 30, (10,)),
    )


def test_the_heartbeat_counts_on_and_begins_anew() -> None:
    beats = [PCS.watchdog_refresh(n, 10)[0].words[0] for n in (0, 1, 0xFFFD, 0xFFFE)]
    assert beats == [1, 2, 0xFFFE, 1]


def test_the_watchdog_holds_only_as_it_was_armed() -> None:
    def held(timeout: int, fallback: int, left: int) -> bool:
        values = PCS.watchdog_check.decode([(timeout,), (0, fallback), (left,)])
        return PCS.watchdog_holds(values, 10, Watts(0))

    assert held(10, 0, 9)
    assert not held(20, 0, 9)
    assert not held(10, 5, 9)
    assert not held(10, 0, 0)
    assert not held(10, 0, 0xFFFF)
    assert not PCS.watchdog_holds({}, 10, Watts(0))


def test_a_changed_scale_factor_makes_the_whole_reading_worthless() -> None:
    spans = PCS.spans(Pace.SLOW)
    good: list[tuple[int, ...] | None] = [(0,) * s.length for s in spans]
    good[-1] = (2,)
    PCS.decode(Pace.SLOW, good)
    with pytest.raises(ScaleChangedError):
        PCS.decode(Pace.SLOW, [*good[:-1], (3,)])


def test_a_device_without_watchdog_refuses_to_arm_one() -> None:
    with pytest.raises(UnfitError):
        replace(PCS, watchdog=None).watchdog_arm(10, Watts(0))


AMPS = Point(
    meaning=Meaning.DISCHARGE_CURRENT_LIMIT, space=Space.INPUT, address=1, kind=Kind.UINT16
)
VOLTS = replace(AMPS, meaning=Meaning.DC_VOLTAGE, address=2)
LIMIT = replace(AMPS, meaning=Meaning.DISCHARGE_LIMIT, address=3, scale=(1_000, 1))


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        (((10,), (800,), (20,)), 8_000),
        (((100,), (800,), (20,)), 20_000),
        (((0xFFFF,), (800,), (20,)), None),
        (((10,), None, (20,)), None),
        (((10,), (800,), (0xFFFF,)), None),
    ],
)
def test_a_current_limit_bounds_the_power_limit(
    words: tuple[tuple[int, ...] | None, ...], limit: int | None
) -> None:
    assert Batch((AMPS, VOLTS, LIMIT)).decode(words)[Meaning.DISCHARGE_LIMIT] == limit


STATUS = Point(
    meaning=Meaning.STATUS,
    space=Space.INPUT,
    address=1,
    kind=Kind.ENUM16,
    states={1: State.RUNNING, 7: State.FAULT, 8: State.LOCAL},
)
ALARMS = replace(STATUS, meaning=Meaning.ALARMS, address=2, states={}, mask=0b0110)


@pytest.mark.parametrize(
    ("status", "alarms", "faulted", "locked"),
    [
        (1, 0, False, False),
        (1, 0b1001, False, False),
        (1, 0b0010, True, False),
        (7, 0, True, False),
        (8, 0, False, True),
        (99, 0, None, False),
        (1, 0xFFFF, None, False),
    ],
)
def test_fault_and_lock_out_are_told_by_status_and_alarms(
    status: int, alarms: int, *, faulted: bool | None, locked: bool
) -> None:
    bms = DeviceMap(role=DeviceRole.BMS, source="test", points=(STATUS, ALARMS))
    values = bms.decode(Pace.SLOW, [(status,), (alarms,)])
    assert bms.faulted(values) is faulted
    assert bms.locked_out(values) is locked
