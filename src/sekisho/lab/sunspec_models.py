"""Which SunSpec models each simulated device has, and which of their points live.

Points that are not named here are not implemented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.sunspec.build import Model
from sekisho.lab.own_droop import ACTIVE, STORED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.registers import Value
    from sekisho.lab.device import LabDevice

_M = Meaning
_INT16, _UINT16 = 32_000, 65_000
_SPARE = 1.3
"""Room above the rating that a measurement needs."""
_HUNDREDTHS, _TENTHS, _THOUSANDTHS, _TEN_THOUSANDTHS = -2, -1, -3, -4


@dataclass(frozen=True, slots=True)
class Live:
    """A point that asks its device."""

    name: str
    meaning: Meaning
    scale_name: str | None = None
    times: float = 1.0
    """The gate's unit × this = the model's unit."""
    stored: bool = False
    """It holds what is written, beside what counts."""


@dataclass(frozen=True, slots=True)
class SunSpecModel:
    """One model of a device."""

    model: Model
    live: tuple[Live, ...] = ()
    scales: Mapping[str, int] = field(default_factory=dict)


def models_of(device: LabDevice) -> tuple[SunSpecModel, ...]:
    """The models of a PCS, BMS or meter; none for a relay."""
    match device.role:
        case DeviceRole.PCS:
            rated = _number(device, _M.RATED_POWER)
            models = (_common(device), _measured(rated), _capacity(rated), _control(), _beat())
            return (*models, _own_droop()) if _M.DROOP_ENABLE in device.tells else models
        case DeviceRole.BMS:
            rated = _number(device, _M.RATED_POWER)
            return (_common(device), *_bms(rated, _number(device, _M.ENERGY_RATING)))
        case DeviceRole.METER:
            return (_common(device), _meter(_number(device, _M.RATED_POWER)))
        case DeviceRole.TRIP:
            return ()


def _number(device: LabDevice, meaning: Meaning) -> float:
    value = device.told(meaning)
    return float(value) if isinstance(value, int | float) else 0.0


def scale_for(most: float, room: int) -> int:
    """The smallest power of ten, 0 or more, with which a number still fits."""
    power = 0
    while most > room * 10**power:
        power += 1
    return power


def _made(
    number: int,
    live: tuple[Live, ...],
    scales: Mapping[str, int],
    still: Mapping[str, Value | None],
    **groups: tuple[Mapping[str, Value | None], ...],
) -> SunSpecModel:
    return SunSpecModel(Model(number, {**scales, **still}, groups), live, scales)


def _common(device: LabDevice) -> SunSpecModel:
    return _made(1, (), {}, {"DA": device.unit})


def _measured(rated: float) -> SunSpecModel:
    """What a PCS does now."""
    return _made(
        701,
        (
            Live("InvSt", _M.STATUS),
            Live("Alrm", _M.ALARMS),
            Live("W", _M.ACTIVE_POWER, "W_SF"),
            Live("Hz", _M.FREQUENCY, "Hz_SF"),
        ),
        {"W_SF": scale_for(_SPARE * rated, _INT16), "Hz_SF": _THOUSANDTHS},
        {"ACType": 2, "St": 1, "ConnSt": 1},
    )


def _capacity(rated: float) -> SunSpecModel:
    """What it is built for."""
    scale = scale_for(rated, _UINT16)
    names = ("WMaxRtg", "WMax", "WChaRteMaxRtg", "WDisChaRteMaxRtg")
    return _made(702, (), {"W_SF": scale}, dict.fromkeys(names, int(rated) // 10**scale))


def _control() -> SunSpecModel:
    """Its set-point, and what it does by itself when nobody renews it."""
    return _made(
        704,
        (
            Live("WSetEna", _M.SETPOINT_ENABLE),
            Live("WSetMod", _M.SETPOINT_MODE),
            Live("WSet", _M.SETPOINT, "WSet_SF"),
            Live("WSetRvrt", _M.WATCHDOG_FALLBACK_POWER, "WSet_SF"),
            Live("WSetEnaRvrt", _M.WATCHDOG_ENABLE),
            Live("WSetRvrtTms", _M.WATCHDOG_TIMEOUT),
            Live("WSetRvrtRem", _M.WATCHDOG_REMAINING),
        ),
        {"WSet_SF": 0},
        {},
    )


def _beat() -> SunSpecModel:
    """Who may control it, and that both sides live."""
    return _made(
        715,
        (
            Live("LocRemCtl", _M.LOCAL_REMOTE),
            Live("DERHb", _M.HEARTBEAT_IN),
            Live("ControllerHb", _M.HEARTBEAT),
        ),
        {},
        {},
    )


_LINE = (
    ("DbOf", _M.DROOP_DEADBAND_OVER, "Db_SF"),
    ("DbUf", _M.DROOP_DEADBAND_UNDER, "Db_SF"),
    ("KOf", _M.DROOP_SLOPE_OVER, "K_SF"),
    ("KUf", _M.DROOP_SLOPE_UNDER, "K_SF"),
    ("RspTms", _M.DROOP_RESPONSE, "RspTms_SF"),
    ("PMin", _M.DROOP_POWER_MIN, None),
)
_TIMES = {_M.DROOP_POWER_MIN: 100.0}


def _own_droop() -> SunSpecModel:
    """Two controls: the active one, which can only be read, and the one that is written."""
    controls = ((ACTIVE, False), (STORED, True))
    return _made(
        711,
        (
            Live("Ena", _M.DROOP_ENABLE),
            Live("AdptCtlReq", _M.DROOP_ADOPT),
            Live("AdptCtlRslt", _M.DROOP_ADOPTED),
            *(
                Live(f"Ctl[{number}].{name}", meaning, scale, _TIMES.get(meaning, 1.0), stored)
                for number, stored in controls
                for name, meaning, scale in _LINE
            ),
        ),
        {"Db_SF": _THOUSANDTHS, "K_SF": _TEN_THOUSANDTHS, "RspTms_SF": _TENTHS},
        {"NCtl": len(controls)},
        Ctl=({"ReadOnly": 1}, {"ReadOnly": 0}),
    )


def _bms(power: float, energy: float) -> tuple[SunSpecModel, ...]:
    bank = _made(
        802,
        (
            Live("WHRtg", _M.ENERGY_RATING, "WHRtg_SF"),
            Live("WChaRteMax", _M.CHARGE_LIMIT, "WChaDisChaMax_SF"),
            Live("WDisChaRteMax", _M.DISCHARGE_LIMIT, "WChaDisChaMax_SF"),
            Live("SoC", _M.STATE_OF_CHARGE, "SoC_SF", 100.0),
            Live("SoH", _M.STATE_OF_HEALTH, "SoH_SF", 100.0),
            Live("LocRemCtl", _M.LOCAL_REMOTE),
            Live("Hb", _M.HEARTBEAT_IN),
            Live("State", _M.STATUS),
            Live("Evt1", _M.ALARMS),
            Live("V", _M.DC_VOLTAGE, "V_SF"),
            Live("W", _M.BATTERY_POWER, "W_SF"),
        ),
        {
            "WHRtg_SF": scale_for(energy, _UINT16),
            "WChaDisChaMax_SF": scale_for(_SPARE * power, _UINT16),
            "SoC_SF": _HUNDREDTHS,
            "SoH_SF": _HUNDREDTHS,
            "V_SF": _TENTHS,
            "W_SF": scale_for(_SPARE * power, _INT16),
        },
        {"AlmRst": 0, "Typ": 4, "Evt2": 0, "EvtVnd1": 0, "EvtVnd2": 0, "SetOp": 1},
    )
    cells = _made(
        803,
        (
            Live("ModTmpMax", _M.TEMPERATURE_MAX, "ModTmp_SF"),
            Live("ModTmpMin", _M.TEMPERATURE_MIN, "ModTmp_SF"),
        ),
        {"ModTmp_SF": _TENTHS},
        {"NStr": 2, "NStrCon": 2},
        string=({}, {}),
    )
    return bank, cells


def _meter(rated: float) -> SunSpecModel:
    return _made(
        203,
        (
            Live("Hz", _M.FREQUENCY, "Hz_SF"),
            Live("W", _M.ACTIVE_POWER, "W_SF"),
            Live("TotWhExp", _M.ENERGY_EXPORT, "TotWh_SF"),
            Live("TotWhImp", _M.ENERGY_IMPORT, "TotWh_SF"),
        ),
        {"Hz_SF": _HUNDREDTHS, "W_SF": scale_for(_SPARE * rated, _INT16), "TotWh_SF": 0},
        {"Evt": 0},
    )
