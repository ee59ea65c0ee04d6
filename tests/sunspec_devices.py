"""Devices with SunSpec models, as banks of registers, and a runner for walks over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sekisho.codec.sunspec.build import Built, Model, build
from sekisho.codec.sunspec.discovery import discover
from sekisho.codec.sunspec.typed import typed
from sekisho.shell.device_data import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sekisho.codec.points import Span, Write
    from sekisho.codec.sunspec.discovery import Discovered
    from sekisho.codec.sunspec.typed import Group

R = TypeVar("R")

COMMON = Model(1, {"Mn": "Hokuto", "Md": "HG-500", "Opt": "B", "Vr": "2.1", "SN": "A-17"})
MEASURE = Model(
    701,
    {
        "ACType": 2,
        "St": 1,
        "InvSt": 3,
        "ConnSt": 1,
        "Alrm": 0,
        "W": 2500,
        "W_SF": 2,
        "Hz": 5002,
        "Hz_SF": -2,
    },
)
CAPACITY = Model(
    702, {"WMaxRtg": 5000, "WMax": 5000, "WChaRteMax": 4800, "WDisChaRteMax": 5000, "W_SF": 3}
)
CONTROLS = Model(
    704,
    {
        "WSetEna": 0,
        "WSetMod": 0,
        "WSet": 0,
        "WSetRvrt": 0,
        "WSetEnaRvrt": 0,
        "WSetRvrtTms": 0,
        "WSetRvrtRem": 0,
        "WSet_SF": 2,
    },
)
CONTROL = Model(715, {"LocRemCtl": 0, "DERHb": 7, "ControllerHb": 0, "OpCtl": 1})
LINE = {"DbOf": 20, "DbUf": 20, "KOf": 50, "KUf": 50, "RspTms": 5, "PMin": 0}
DROOP = Model(
    711,
    {
        "Ena": 0,
        "AdptCtlReq": 0,
        "AdptCtlRslt": 1,
        "NCtl": 2,
        "Db_SF": -3,
        "K_SF": -3,
        "RspTms_SF": -1,
    },
    {"Ctl": [{**LINE, "ReadOnly": 1}, {**LINE, "ReadOnly": 0}]},
)
STORAGE = Model(
    713,
    {"WHRtg": 2000, "WHAvail": 1100, "SoC": 550, "SoH": 990, "Sta": 0, "WH_SF": 4, "Pct_SF": -1},
)
BATTERY = Model(
    802,
    {
        "AHRtg": 300,
        "WHRtg": 2000,
        "WChaRteMax": 480,
        "WDisChaRteMax": 500,
        "SoC": 612,
        "State": 3,
        "LocRemCtl": 0,
        "Evt1": 0,
        "Hb": 4,
        "V": 8000,
        "AChaMax": 1000,
        "ADisChaMax": 300,
        "W": 0,
        "AHRtg_SF": 0,
        "WHRtg_SF": 4,
        "WChaDisChaMax_SF": 4,
        "SoC_SF": -1,
        "V_SF": -1,
        "A_SF": 0,
        "AMax_SF": 0,
    },
)
BANK = Model(
    803,
    {
        "NStr": 2,
        "NStrCon": 2,
        "ModTmpMax": 312,
        "ModTmpMin": 248,
        "ModTmp_SF": -1,
        "CellV_SF": -3,
        "A_SF": 0,
        "SoC_SF": -1,
    },
    {"string": [{"StrSoC": 610}, {"StrSoC": 614}]},
)
METER = Model(
    203,
    {
        "W": -1200,
        "W_SF": 3,
        "Hz": 4998,
        "Hz_SF": -2,
        "TotWhExp": 12,
        "TotWhImp": 90,
        "TotWh_SF": 6,
        "A": 1,
        "A_SF": 0,
        "Evt": 0,
    },
)
INVERTER = Model(103, {"W": 900, "W_SF": 1, "Hz": 5000, "Hz_SF": -2, "St": 4, "Evt1": 0})
OLD_CONTROLS = Model(
    123, {"Conn": 1, "WMaxLimPct": 100, "WMaxLim_Ena": 0, "WMaxLimPct_SF": 0, "OutPFSet_SF": 0}
)

PCS = (COMMON, MEASURE, CAPACITY, CONTROLS, DROOP, STORAGE, CONTROL)
BMS = (COMMON, BATTERY, BANK)


class Bank:
    """Holding registers of one device, from a base on; the rest refuses."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.held = dict(enumerate(built.words, start=built.base))
        self.asked: list[Span] = []

    def read(self, span: Span) -> tuple[int, ...] | None:
        self.asked.append(span)
        here = range(span.address, span.end)
        return tuple(self.held[a] for a in here) if all(a in self.held for a in here) else None

    def readings(self, spans: Sequence[Span]) -> list[tuple[int, ...] | None]:
        return [self.read(span) for span in spans]

    def write(self, writes: Sequence[Write]) -> None:
        for write in writes:
            self.held.update(enumerate(write.words, start=write.address))

    def put(self, model: int, name: str, *words: int) -> None:
        address, length = self.built.places[model, name]
        assert len(words) == length
        self.held.update(enumerate(words, start=address))


def bank(*models: Model, base: int = 40000) -> Bank:
    return Bank(build(load_catalogue(), models, base))


def walked(walk: Generator[Span, Sequence[int] | None, R], device: Bank) -> R:
    """The end of a walk over a device."""
    try:
        wish = next(walk)
        while True:
            wish = walk.send(device.read(wish))
    except StopIteration as end:
        found: R = end.value
        return found


def found_in(device: Bank) -> Discovered:
    return walked(discover(load_catalogue(), "pcs-1"), device)


def models_of(device: Bank) -> Mapping[int, Group]:
    catalogue = load_catalogue()
    groups = {b.id: typed(catalogue[b.id], b) for b in found_in(device).blocks if b.id in catalogue}
    return {model: group for model, group in groups.items() if group is not None}
