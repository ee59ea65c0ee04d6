"""A device profile as people write it: every table, key, allowed word and bound.

The bounds of a value alone are here; what must fit together is asked in `profile_check`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sekisho.codec.device_map import Refresh
from sekisho.codec.meanings import DeviceRole, Meaning, State, Unit
from sekisho.codec.modbus.pdu import ADDRESSES, Space
from sekisho.codec.points import Keeping, Pace
from sekisho.codec.registers import Kind, WordOrder
from sekisho.site.document import Name, Table, Word
from sekisho.site.forms import Forms
from sekisho.terms.texts import Text

MOST_POINTS = 200
LAST_ADDRESS = ADDRESSES - 1
MOST_WATTS = 10_000_000_000
Source = Annotated[Name, Field(max_length=1000)]
RawWord = Annotated[int, Field(ge=0, le=0xFFFF)]


class DeviceTable(Table):
    """`[device]`: what the profile describes."""

    role: Word[DeviceRole] = Field(description="What the device is to the gate.", examples=["pcs"])
    title: Name = Field(description="The device, as a person names it.", examples=["HG-500 PCS"])
    source: Source = Field(
        description="Where the map is published: document, version, page.",
        examples=["HG-500 Modbus map, version 2.1, section 4"],
    )
    invented: bool = Field(
        default=False, description="It describes no real device.", examples=[True]
    )
    order: Word[WordOrder] = Field(
        default=WordOrder.HIGH_FIRST,
        description="Which word of a longer value comes first.",
        examples=["high-first"],
    )
    rated_kw: float | None = Field(
        default=None,
        gt=0,
        le=MOST_WATTS / 1000,
        allow_inf_nan=False,
        description="Rated power in kW, where the device does not tell it.",
        examples=[500],
    )
    most_words: int = Field(
        default=125,
        ge=1,
        le=125,
        description="Most registers that the device gives in one answer.",
        examples=[125],
    )


class WatchdogTable(Table):
    """`[watchdog]`: how a PCS stops by itself when nothing speaks to it any more."""

    absent: Name | None = Field(
        default=None,
        description="The device has none, and where its maker says so.",
        examples=["the manual, section 5, offers none"],
    )
    refresh: Word[tuple[Word[Refresh], ...]] = Field(
        default=(),
        max_length=4,
        description="What keeps it from running out.",
        examples=[["heartbeat"]],
    )
    least_s: int = Field(
        default=1, ge=1, le=3600, description="Shortest time-out that it can hold.", examples=[1]
    )
    most_s: int = Field(
        default=300, ge=1, le=3600, description="Longest time-out that it can hold.", examples=[60]
    )
    fixed_s: int | None = Field(
        default=None,
        ge=1,
        le=3600,
        description="The time-out, where it cannot be written.",
        examples=[10],
    )
    fixed_fallback_kw: float | None = Field(
        default=None,
        ge=-MOST_WATTS / 1000,
        le=MOST_WATTS / 1000,
        allow_inf_nan=False,
        description="The power that it falls back to, where that cannot be written.",
        examples=[0],
    )


class SampleTable(Table):
    """One worked sample of a point."""

    words: Word[tuple[RawWord, ...]] = Field(
        min_length=1,
        max_length=4,
        description="The words as they stand in the device, in its order.",
        examples=[[500]],
    )
    value: float = Field(
        allow_inf_nan=False,
        description="The value inside the gate: W, Wh, Hz, s, V, A, °C, a share from 0 to 1; "
        "export positive.",
        examples=[50_000],
    )
    factor: int | None = Field(
        default=None,
        ge=-10,
        le=10,
        description="The power of ten that the scale factor's register holds.",
        examples=[-1],
    )
    rated_kw: float | None = Field(
        default=None,
        gt=0,
        le=MOST_WATTS / 1000,
        allow_inf_nan=False,
        description="The rated power that the sample takes, for the unit %rated.",
        examples=[100],
    )


class PointTable(Table):
    """One `[[point]]`: a value of the device."""

    meaning: Word[Meaning] = Field(description="What it is to the gate.", examples=["active-power"])
    space: Word[Space] = Field(
        description="Which address space it stands in.", examples=["holding"]
    )
    address: int = Field(
        ge=0,
        le=LAST_ADDRESS,
        description="As it stands in the frame, counted from 0: a data sheet's 40001 is 0.",
        examples=[100],
    )
    kind: Word[Kind] = Field(description="How its words are to be understood.", examples=["int16"])
    order: Word[WordOrder] | None = Field(
        default=None,
        description="Where its word order differs from the device's.",
        examples=["low-first"],
    )
    unit: Word[Unit] = Field(
        default=Unit.NONE, description="The unit of the scaled value.", examples=["kW"]
    )
    scale: float = Field(
        default=1,
        ge=1e-9,
        le=1e9,
        allow_inf_nan=False,
        description="The raw value times this is the value in its unit.",
        examples=[0.1],
    )
    scale_factor: int | None = Field(
        default=None,
        ge=0,
        le=LAST_ADDRESS,
        description="Address, in the same space, of a register with a power of ten.",
        examples=[120],
    )
    sign: int = Field(
        default=1,
        ge=-1,
        le=1,
        description="-1 where the device counts import (charge) positive.",
        examples=[-1],
    )
    offset: float = Field(
        default=0,
        ge=-1e9,
        le=1e9,
        allow_inf_nan=False,
        description="Added after scaling, in the point's unit.",
        examples=[-40],
    )
    pace: Word[Pace] | None = Field(
        default=None, description="How often it is read, where not as usual.", examples=["fast"]
    )
    keeping: Word[Keeping] | None = Field(
        default=None,
        description="Of a written point: whether the device keeps it in memory that wears out.",
        examples=["volatile"],
    )
    write: int | None = Field(
        default=None,
        ge=0,
        le=0xFFFF_FFFF,
        description="The raw value that engages a mode, an enable or a trip.",
        examples=[1],
    )
    mask: int | None = Field(
        default=None,
        ge=1,
        le=0x7FFF_FFFF_FFFF_FFFF,
        description="Of alarms: the bits with which no power can be asked.",
        examples=[255],
    )
    states: dict[Word[State], Word[tuple[int, ...]]] = Field(
        default_factory=dict,
        max_length=len(State),
        description="Of a state: which raw values mean what.",
    )
    samples: Word[tuple[SampleTable, ...]] = Field(
        default=(), max_length=20, description="Worked samples from the device's documents."
    )


class ProfileDocument(Table):
    """A device profile."""

    device: DeviceTable
    watchdog: WatchdogTable | None = None
    point: list[PointTable] = Field(min_length=1, max_length=MOST_POINTS)


FORMS = Forms(
    tables={"device": DeviceTable, "watchdog": WatchdogTable, "point": PointTable},
    arrays=frozenset({"point"}),
    known=tuple(ProfileDocument.model_fields),
    whole=Text(
        "docs/reference/device-profiles.md の見本から写してください。",
        "Copy it from the sample in docs/reference/device-profiles.md.",
    ),
)
"""How a profile's tables are written."""
