"""What comes from the south: SunSpec blocks, identifications, and profiles that people write."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Final

from sekisho.codec.batch import ScaleChangedError
from sekisho.codec.connect import by_sunspec
from sekisho.codec.meanings import DeviceRole
from sekisho.codec.points import Pace
from sekisho.codec.profile import read_profile
from sekisho.codec.registers import UnfitError
from sekisho.codec.sunspec.build import Model, build
from sekisho.codec.sunspec.discovery import MARK
from sekisho.evidence.nameplate import from_objects
from sekisho.shell.device_data import load_catalogue, shipped_profile, shipped_profiles
from sekisho.terms.errors import InputError, WorldError
from sekisho.terms.quantity import WallMs, Watts
from tools.fuzz import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sekisho.codec.connect import Connected
    from sekisho.codec.device_map import DeviceMap
    from sekisho.codec.points import Span

_CATALOGUE = load_catalogue()
_ROLES = tuple(DeviceRole)
_BASE = 40000
_ODD = (0x7F7F, 0xFFFE, 0x8001, 1, 0)
_MOST_READS = 600
"""No device, however hostile, may be asked more often than this at connect."""


def sunspec(data: bytes) -> None:
    """A device: the first byte is its role, the rest its registers behind 'SunS'."""
    role = _ROLES[data[0] % len(_ROLES)] if data else DeviceRole.PCS
    even = data[1 : 1 + (len(data) - 1) // 2 * 2]
    held = (*MARK, *(int.from_bytes(even[i : i + 2], "big") for i in range(0, len(even), 2)))
    with contextlib.suppress(WorldError):
        connected = _connected(role, held)
        if connected is not None:
            _used(connected.device_map, lambda span: _read(span, held))


def _connected(role: DeviceRole, held: Sequence[int]) -> Connected | None:
    walk = by_sunspec(_CATALOGUE, role, "dev-1", rated=Watts(1_000_000))
    wish = next(walk)
    for _ in range(_MOST_READS):
        try:
            wish = walk.send(_read(wish, held))
        except StopIteration as end:
            found: Connected = end.value
            return found
    raise AssertionError("the device is asked without end")


def _read(span: Span, held: Sequence[int]) -> tuple[int, ...] | None:
    start = span.address - _BASE
    whole = start >= 0 and start + span.length <= len(held)
    return tuple(held[start : start + span.length]) if whole else None


def _odd(span: Span) -> tuple[int, ...]:
    return tuple(_ODD[(span.address + n) % len(_ODD)] for n in range(span.length))


def _used(device: DeviceMap, read: Callable[[Span], tuple[int, ...] | None]) -> None:
    """Everything that the gate does with a device."""
    batches = [device.batch(pace) for pace in Pace]
    batches += [device.readback, device.watchdog_check]
    for batch in batches:
        words = [read(span) for span in batch.spans]
        try:
            values = batch.decode(words)
        except ScaleChangedError:
            continue
        if any(isinstance(v, float) and not math.isfinite(v) for v in values.values()):
            raise AssertionError("a value that is no number")
        device.engaged(values)
        device.faulted(values)
        device.locked_out(values)
        with contextlib.suppress(UnfitError):
            device.watchdog_holds(values, 10, Watts(0))
    for watts in (Watts(0), Watts(123_457), Watts(-123_457)):
        with contextlib.suppress(UnfitError):
            if abs(device.nearest_setpoint(watts)) > abs(watts):
                raise AssertionError("a set-point larger than was asked for")
            device.setpoint_writes(watts)
    with contextlib.suppress(UnfitError):
        device.watchdog_arm(10, Watts(0))
        device.watchdog_refresh(2**40, 10)


def identification(data: bytes) -> None:
    """Objects of function 43/14: number, length, text, one after another."""
    objects, at = [], 0
    while at + 2 <= len(data):
        length = data[at + 1]
        objects.append((data[at], data[at + 2 : at + 2 + length]))
        at += 2 + length
    plate = from_objects(objects, WallMs(0))
    for text in (plate.maker, plate.version, *plate.models):
        if text is not None and not (text and text.isprintable()):
            raise AssertionError("a nameplate that cannot be printed")


def profile(data: bytes) -> None:
    """A profile that a person, or somebody else, wrote; and a device with odd registers for it."""
    with contextlib.suppress(InputError, WorldError):
        told = read_profile(data.decode(errors="replace"), "profile.toml")
        walk = told.walk("dev-1", Watts(1_000_000))
        try:
            wish = next(walk)
            while True:
                wish = walk.send((2,) * wish.length)
        except StopIteration as end:
            _used(end.value, _odd)


def _device(role: DeviceRole, *models: Model) -> bytes:
    built = build(_CATALOGUE, models, _BASE)
    registers = b"".join(word.to_bytes(2, "big") for word in built.words[len(MARK) :])
    return bytes((_ROLES.index(role),)) + registers


_SETPOINT = {
    **dict.fromkeys(("WSetEna", "WSetMod", "WSet", "WSetRvrt", "WSetEnaRvrt"), 0),
    **dict.fromkeys(("WSetRvrtTms", "WSetRvrtRem"), 10),
    "WSet_SF": 1,
}
_DROOP = {"Ena": 1, "AdptCtlReq": 1, "AdptCtlRslt": 1, "NCtl": 2, "Db_SF": 0, "K_SF": 0}
_BATTERY = {
    **dict.fromkeys(("SoC", "WChaRteMax", "WDisChaRteMax", "State", "V", "AChaMax"), 1),
    **dict.fromkeys(("SoC_SF", "WChaDisChaMax_SF", "V_SF", "AMax_SF"), 0),
}
_COMMON = Model(1, {"Mn": "Maker", "Md": "Model", "SN": "1"})
TARGETS: Final[Mapping[str, Target]] = {
    "sunspec": Target(
        sunspec,
        (
            _device(
                DeviceRole.PCS,
                _COMMON,
                Model(701, {"W": 1, "W_SF": 0, "Hz": 5000, "Hz_SF": -2, "InvSt": 3, "Alrm": 0}),
                Model(702, {"WMax": 100, "W_SF": 3}),
                Model(704, _SETPOINT),
                Model(711, {**_DROOP, "RspTms_SF": 0}, {"Ctl": [{"ReadOnly": 1}, {"ReadOnly": 0}]}),
                Model(715, {"LocRemCtl": 0, "ControllerHb": 0}),
            ),
            _device(
                DeviceRole.BMS,
                _COMMON,
                Model(802, _BATTERY),
                Model(803, {"NStr": 2, "ModTmp_SF": 0, "ModTmpMin": 1}, {"string": [{}, {}]}),
            ),
            _device(DeviceRole.METER, _COMMON, Model(203, {"W": 1, "W_SF": 0, "Hz_SF": 0})),
        ),
        4_000,
    ),
    "identification": Target(identification, (b"\0\5Maker\1\3M-1\2\0031.0",), 1_000),
    "profile": Target(
        profile, tuple(shipped_profile(name).encode() for name in shipped_profiles()), 6_000
    ),
}
