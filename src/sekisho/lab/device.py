"""A simulated device: its quantities by meaning, its nameplate, and its faults.

Whatever layout its registers have, they ask `told` and `take`: so a fault is said once and seen in
every layout. Quantities are in the gate's units (`codec.meanings.UNIT`); a switch is 1 or 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.meanings import SIGNED, DeviceRole, Meaning
from sekisho.lab.faults import (
    Absent,
    Freeze,
    Lie,
    OtherNameplate,
    ScaleChanged,
    WrongSign,
    replaces,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sekisho.codec.registers import Value
    from sekisho.lab.faults import Fault
    from sekisho.terms.ids import DeviceId

Told: TypeAlias = "Callable[[], Value | None]"
Taken: TypeAlias = "Callable[[float], bool]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """What a device says that it is."""

    maker: str
    model: str
    version: str
    serial: str = "000001"


class LabDevice:
    """A device as its registers see it."""

    def __init__(
        self,
        device: DeviceId,
        role: DeviceRole,
        plate: Plate,
        tells: Mapping[Meaning, Told],
        takes: Mapping[Meaning, Taken],
        act: Callable[[frozenset[Fault]], None],
        unit: int = 1,
        stored: Mapping[Meaning, Told] | None = None,
    ) -> None:
        """A device.

        Args:
            device: its id in the site file.
            role: what it is to the gate.
            plate: its true nameplate.
            tells: what it measures and holds.
            takes: what can be written; False refuses.
            act: tells the physics which faults are switched on.
            unit: its Modbus unit.
            stored: what it holds written down beside what counts, as a droop not yet adopted.
        """
        self.id = device
        self.role = role
        self.true_plate = plate
        self.unit = unit
        self._tells = tells
        self._takes = takes
        self._stored = stored or {}
        self._act = act
        self.faults: frozenset[Fault] = frozenset()
        self._frozen: dict[Meaning, Value | None] | None = None
        self._lies: dict[Meaning, Lie] = {}
        self._absent: frozenset[Meaning] = frozenset()
        self._flipped = False
        self.scale_shift: Mapping[Meaning, int] = {}
        """Powers of ten by which scale factors have moved."""
        self.plate = plate
        """The nameplate that it shows."""

    @property
    def tells(self) -> frozenset[Meaning]:
        """Every meaning that it can tell."""
        return frozenset(self._tells)

    def told(self, meaning: Meaning) -> Value | None:
        """What it says, faults included; None: not implemented."""
        if not self.faults:  # most of the time nothing is wrong, and this is asked most often
            tell = self._tells.get(meaning)
            return None if tell is None else tell()
        if meaning in self._absent:
            return None
        if self._frozen is not None and meaning in self._frozen:
            value = self._frozen[meaning]
        else:
            tell = self._tells.get(meaning)
            value = None if tell is None else tell()
        lie = self._lies.get(meaning)
        if lie is not None:
            value = _lied(lie, value)
        if self._flipped and meaning in SIGNED and isinstance(value, int | float):
            value = -value
        return value

    def holds(self, meaning: Meaning) -> Value | None:
        """What is written down beside what counts; None: nothing is."""
        tell = self._stored.get(meaning)
        return None if tell is None else tell()

    def take(self, meaning: Meaning, value: float) -> bool:
        """Something is written; False: refused."""
        taken = self._takes.get(meaning)
        return taken is not None and taken(value)

    def takes(self, meaning: Meaning) -> bool:
        """Whether it can be written at all."""
        return meaning in self._takes

    # ---- faults ------------------------------------------------------------------------------

    def switch_on(self, fault: Fault) -> None:
        """Something goes wrong; the same switch in another position is replaced."""
        self._faulty({f for f in self.faults if not replaces(fault, f)} | {fault})

    def switch_off(self, fault: Fault | type[Fault]) -> None:
        """It is mended: one switch, or all of a kind."""
        kind = fault if isinstance(fault, type) else None
        self._faulty(f for f in self.faults if (not isinstance(f, kind) if kind else f != fault))

    def all_well(self) -> None:
        """Every switch is off."""
        self._faulty(())

    def _faulty(self, faults: Iterable[Fault]) -> None:
        self.faults = frozenset(faults)
        kinds = {type(fault) for fault in self.faults}
        if Freeze not in kinds:
            self._frozen = None
        elif self._frozen is None:
            self._frozen = {
                meaning: tell()
                for meaning, tell in self._tells.items()
                if meaning not in self._takes
            }
        self._lies = {f.meaning: f for f in self.faults if isinstance(f, Lie)}
        self._absent = frozenset(f.meaning for f in self.faults if isinstance(f, Absent))
        self._flipped = WrongSign in kinds and self.role is not DeviceRole.PCS
        self.scale_shift = {f.meaning: f.by for f in self.faults if isinstance(f, ScaleChanged)}
        self.plate = self.true_plate
        for fault in self.faults:
            if isinstance(fault, OtherNameplate):
                self.plate = _other(self.true_plate, fault)
        self._act(self.faults)


def _lied(lie: Lie, value: Value | None) -> Value | None:
    if lie.replace is not None:
        wrong = lie.replace
    elif isinstance(value, int | float):
        wrong = value * lie.factor + lie.add
    else:
        return value
    return int(wrong) if isinstance(value, int) else wrong


def _other(plate: Plate, fault: OtherNameplate) -> Plate:
    return replace(
        plate,
        maker=fault.maker or plate.maker,
        model=fault.model or plate.model,
        version=fault.version or plate.version,
        serial=fault.serial or plate.serial,
    )
