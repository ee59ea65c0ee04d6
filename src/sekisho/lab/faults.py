"""What can be wrong with a simulated device: switches, turned on and off while it runs.

Each says exactly what it changes. Those of the wire (`Silent`, `Late`, `Corrupt`, `Cut`, `Refused`)
are carried out by whoever carries the device's answers: in virtual time `lab.virtual`, on a real
wire the server in `shell`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sekisho.codec.modbus.pdu import ExceptionCode

if TYPE_CHECKING:
    from sekisho.codec.meanings import Meaning

# ---- what the device says ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Freeze:
    """What it measures stops changing, its own heartbeat included; it still obeys."""


@dataclass(frozen=True, slots=True)
class Lie:
    """One value is told wrongly: replaced, or multiplied and shifted, in the gate's unit."""

    meaning: Meaning
    replace: float | None = None
    factor: float = 1.0
    add: float = 0.0


@dataclass(frozen=True, slots=True)
class Absent:
    """One value is told as "not implemented" (0x8000, 0xFFFF, NaN)."""

    meaning: Meaning


@dataclass(frozen=True, slots=True)
class ScaleChanged:
    """A scale factor moves by powers of ten while the device runs, the words with it.

    For devices whose registers carry scale factors; nothing happens to others.
    """

    meaning: Meaning
    by: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherNameplate:
    """It says that it is another product."""

    maker: str | None = None
    model: str | None = None
    version: str | None = None
    serial: str | None = None


# ---- what the device does ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ForeignWriter:
    """Somebody else writes the set-point, again and again."""

    watts: int
    every_ms: int = 1_000


@dataclass(frozen=True, slots=True)
class SideChannel:
    """Power flows that nobody ordered, on top of the set-point; the device does not show it."""

    watts: int


@dataclass(frozen=True, slots=True)
class WatchdogDead:
    """The watchdog takes everything that is written and never runs out."""


@dataclass(frozen=True, slots=True)
class WrongSign:
    """A PCS acts on the set-point with the other sign; a meter or BMS shows powers so."""


@dataclass(frozen=True, slots=True)
class StuckSetpoint:
    """A set-point is taken and read back, and nothing follows."""


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """Its emergency stop is pressed, by a person on the spot."""


@dataclass(frozen=True, slots=True)
class LockOut:
    """It is switched to local: only people on the spot command it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """It reports a fault and carries no power; a relay does not open."""


# ---- what its wire does --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Silent:
    """It neither hears nor answers."""


@dataclass(frozen=True, slots=True)
class Dumb:
    """It hears and obeys, and its answers never arrive."""


@dataclass(frozen=True, slots=True)
class Late:
    """Each answer comes later."""

    ms: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It answers with an exception and does nothing."""

    code: ExceptionCode = ExceptionCode.DEVICE_BUSY


@dataclass(frozen=True, slots=True)
class Corrupt:
    """A share of the answers is damaged."""

    share: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A share of the answers ends in mid-frame, with the connection."""

    share: float = 1.0


Said: TypeAlias = Freeze | Lie | Absent | ScaleChanged | OtherNameplate
Done: TypeAlias = (
    ForeignWriter
    | SideChannel
    | WatchdogDead
    | WrongSign
    | StuckSetpoint
    | EmergencyStop
    | LockOut
    | Broken
)
OnTheWire: TypeAlias = Silent | Dumb | Late | Refused | Corrupt | Cut
Fault: TypeAlias = Said | Done | OnTheWire


def replaces(one: Fault, other: Fault) -> bool:
    """Whether switching `one` on replaces `other`: the same switch, in another position."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Lie | Absent | ScaleChanged) and isinstance(
        other, Lie | Absent | ScaleChanged
    ):
        return one.meaning is other.meaning
    return True
