"""A plant behind its registers in virtual time: no sockets, minutes in milliseconds.

    plant = VirtualPlant(plain_plan())
    pcs = plant.device("pcs-1")
    for write in plain_map(DeviceRole.PCS).watchdog_arm(10, Watts(0)):
        pcs.write(write.space, write.address, write.words)
    plant.advance(1_000)
    plant.truth().power

A device whose wire is faulty answers None: nothing arrived in time. It may have obeyed all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sekisho.lab.build import built, layouts
from sekisho.lab.faults import Corrupt, Cut, Dumb, Late, Refused, Silent
from sekisho.lab.noise import noise
from sekisho.lab.registers import registers
from sekisho.terms.ids import DeviceId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.codec.modbus.pdu import ExceptionCode, Space
    from sekisho.codec.sunspec.definition import ModelDefinition
    from sekisho.lab.bank import RegisterBank, Words
    from sekisho.lab.build import PlantPlan
    from sekisho.lab.device import LabDevice
    from sekisho.lab.plant import Truth

Answer: TypeAlias = "Words | ExceptionCode | None"
TIMEOUT_MS = 1_000


class VirtualDevice:
    """One device as its client sees it."""

    def __init__(self, bank: RegisterBank, timeout_ms: int = TIMEOUT_MS) -> None:
        """A device whose client waits for `timeout_ms`."""
        self.bank = bank
        self.device = bank.device
        self.timeout_ms = timeout_ms
        self.frames = 0
        """Requests that it was sent."""
        self.write_frames = 0
        self._draws = 0

    def read(self, space: Space, address: int, count: int) -> Answer:
        """Values, an exception, or nothing in time."""
        self.frames += 1
        if self._deaf():
            return None
        code = self._refusal()
        answer = code or self.bank.read(self.device.unit, space, address, count)
        return None if self._lost() else answer

    def write(
        self, space: Space, address: int, words: Sequence[int]
    ) -> ExceptionCode | tuple[()] | None:
        """An empty tuple: taken; an exception; None: no answer in time, and nobody knows."""
        self.frames += 1
        self.write_frames += 1
        if self._deaf():
            return None
        code = self._refusal() or self.bank.write(self.device.unit, space, address, words)
        if self._lost():
            return None
        return () if code is None else code

    def _deaf(self) -> bool:
        return any(isinstance(fault, Silent) for fault in self.device.faults)

    def _refusal(self) -> ExceptionCode | None:
        codes = (fault.code for fault in self.device.faults if isinstance(fault, Refused))
        return next(codes, None)

    def _lost(self) -> bool:
        for fault in self.device.faults:
            match fault:
                case Dumb():
                    return True
                case Late(ms) if ms >= self.timeout_ms:
                    return True
                case Corrupt(share) | Cut(share):
                    self._draws += 1
                    if noise(len(self.device.id), self._draws) < 2.0 * share - 1.0:
                        return True
                case _:
                    pass
        return False


class VirtualPlant:
    """A plant, its devices, and a clock that moves when told to."""

    def __init__(
        self,
        plan: PlantPlan,
        *,
        step_ms: int = 100,
        catalogue: Mapping[int, ModelDefinition] | None = None,
    ) -> None:
        """A plant at rest at time 0.

        Args:
            plan: what to build.
            step_ms: longest step of its physics.
            catalogue: the SunSpec model definitions; needed where a device speaks SunSpec.
        """
        self.plant, self.devices = built(plan)
        self.step_ms = step_ms
        laid = layouts(plan)
        self.ends: Mapping[DeviceId, VirtualDevice] = {
            device: VirtualDevice(registers(found, laid[device], catalogue or {}))
            for device, found in self.devices.items()
        }

    @property
    def now_ms(self) -> int:
        """Virtual time since the plant was built."""
        return self.plant.now_ms

    def advance(self, ms: int) -> None:
        """Lets time pass, in steps no longer than `step_ms`."""
        step, left = self.plant.step, ms
        while left > 0:
            step(min(left, self.step_ms))
            left -= self.step_ms

    def device(self, name: str) -> VirtualDevice:
        """A device by its id."""
        return self.ends[DeviceId(name)]

    def lab(self, name: str) -> LabDevice:
        """Where the faults of a device are switched."""
        return self.devices[DeviceId(name)]

    def truth(self) -> Truth:
        """What is true now."""
        return self.plant.truth()
