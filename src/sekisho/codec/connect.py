"""What is asked of a device when a connection is made: its map, and who it says it is.

Both ways are generators without I/O: they yield the `Span` that they want read and are sent the
words, or None where the device refused the address (a Modbus exception). A device that does not
answer at all is not for them: whoever runs them gives the connection up. They end with `Connected`
or raise `WorldError`.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.device_map import DeviceMap
from sekisho.codec.meanings import DeviceRole, Meaning
from sekisho.codec.modbus.pdu import Space
from sekisho.codec.points import Keeping, Point, Span
from sekisho.codec.registers import Kind
from sekisho.codec.sunspec.common import Common, common_of
from sekisho.codec.sunspec.compile import compile_models
from sekisho.codec.sunspec.discovery import discover
from sekisho.codec.sunspec.typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.profile import Profile
    from sekisho.codec.sunspec.definition import ModelDefinition
    from sekisho.codec.sunspec.discovery import Block
    from sekisho.terms.quantity import Watts

COMMON = 1
"""The common block's model id."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A device after everything that is asked of it at connect."""

    device_map: DeviceMap
    common: Common | None = None
    """What its SunSpec common block states; None without one: ask function 43."""
    blocks: tuple[Block, ...] = ()
    """Its SunSpec models, those that are not known here to be read raw."""


Connecting = Generator[Span, Sequence[int] | None, Connected]


def by_sunspec(
    catalogue: Mapping[int, ModelDefinition],
    role: DeviceRole,
    where: str,
    *,
    rated: Watts | None = None,
    meter_sign: int = 1,
) -> Connecting:
    """SunSpec discovery, and what it makes of the device.

    Args:
        catalogue: the model definitions.
        role: what the device is to the gate.
        where: the device, for messages.
        rated: its rated power as the site file has it, where the device does not tell it.
        meter_sign: -1 where a meter counts import positive.

    Raises:
        WorldError: no models, unbelievable ones, or not enough of them for the role.
    """
    found = yield from discover(catalogue, where)
    device_map = compile_models(found, catalogue, role, where, rated=rated, meter_sign=meter_sign)
    first = next(iter(found.of(COMMON)), None)
    group = None if first is None else typed(catalogue[COMMON], first)
    return Connected(device_map, None if group is None else common_of(group), found.blocks)


def by_coil(coil: int, where: str) -> Connecting:
    """The trip: one coil that opens a breaker, and nothing to be asked.

    Args:
        coil: counted from 0.
        where: the device, for messages.
    """
    yield from ()
    point = Point(
        meaning=Meaning.TRIP,
        space=Space.COIL,
        address=coil,
        kind=Kind.BIT,
        keeping=Keeping.VOLATILE,
        fixed=1,
    )
    return Connected(
        DeviceMap(role=DeviceRole.TRIP, source=f"{where}: coil {coil}", points=(point,))
    )


def by_profile(profile: Profile, where: str, *, rated: Watts | None = None) -> Connecting:
    """What a profile asks for at connect.

    Args:
        profile: the device's profile.
        where: the device, for messages.
        rated: its rated power as the site file has it, where nobody else tells it.

    Raises:
        WorldError: a scale factor or the rating cannot be read.
    """
    device_map = yield from profile.walk(where, rated)
    return Connected(device_map)
