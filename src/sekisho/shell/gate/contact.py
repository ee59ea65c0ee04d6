"""Meeting one device of the plant once: connect, ask who it is and what it has, hang up."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sekisho.codec.modbus.errors import ModbusError, RefusedError
from sekisho.gate.settings import SouthRole
from sekisho.shell.gate.describe import Describe, client_of
from sekisho.terms.errors import Problem, WorldError
from sekisho.terms.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sekisho.codec.connect import Connected
    from sekisho.codec.registers import Value
    from sekisho.gate.settings import SouthDevice
    from sekisho.shell.modbus.client import ModbusClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A device that answered."""

    connected: Connected
    identification: Mapping[int, bytes]
    """What function 43/14 tells, by object id; empty where it has no such function."""
    droop: Value | None = None
    """Whether a PCS's own droop is enabled, 0 or 1; None: it has none, or does not tell."""


async def meet(device: SouthDevice, describe: Describe) -> Met:
    """A device, met once; nothing is written.

    Raises:
        WorldError: it cannot be reached, does not answer, or what it answers makes no sense.
    """
    client = client_of(device)
    try:
        await client.connect()
        connected = await describe(client, device)
        if device.role is SouthRole.TRIP:
            for span in (point.span for point in connected.device_map.points):
                await client.read(device.unit, span.space, span.address, span.length)
            return Met(connected=connected, identification={})
        identification: Mapping[int, bytes] = {}
        with suppress(ModbusError):  # a device without it may also keep silent
            identification = await client.identify(device.unit)
        droop = await _droop(client, device, connected)
        return Met(connected=connected, identification=identification, droop=droop)
    except ModbusError as error:
        raise _unreached(device, error) from error
    finally:
        await client.close()


async def _droop(client: ModbusClient, device: SouthDevice, connected: Connected) -> Value | None:
    droop = connected.device_map.droop
    if droop is None:
        return None
    span = droop.enable.span
    try:
        words = await client.read(device.unit, span.space, span.address, span.length)
    except RefusedError:
        return None
    return droop.enable.value(words)


def _unreached(device: SouthDevice, error: ModbusError) -> WorldError:
    why = str(error) or error.fault.value
    return WorldError(
        Problem(
            device.device,
            Text("応答しません({why})。", "It does not answer ({why}).").fill(why=why),
            Text(
                "電源・配線・connect・unit を確かめてください。",
                "Check power, wiring, connect and unit.",
            ),
        )
    )
