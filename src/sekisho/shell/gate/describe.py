"""A device's connection, and what it says of itself when that is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, assert_never

from sekisho.codec.connect import by_coil, by_profile, by_sunspec
from sekisho.codec.meanings import DeviceRole
from sekisho.codec.modbus.errors import RefusedError
from sekisho.gate.settings import SerialEnd, SouthRole, TcpEnd
from sekisho.gate.south.contact import with_stop
from sekisho.shell.device_data import load_catalogue
from sekisho.shell.modbus.client import Timing, serial_client, tcp_client
from sekisho.shell.modbus.link import Serial
from sekisho.shell.modbus.shared import SharedEnd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.codec.connect import Connected, Connecting
    from sekisho.codec.profile import Profile
    from sekisho.gate.settings import SouthDevice, StopContact, Trip
    from sekisho.shell.gate.requests import Client
    from sekisho.shell.modbus.client import ModbusClient
    from sekisho.terms.ids import DeviceId

_PARITY: Mapping[str, Literal["even", "odd", "none"]] = {"N": "none", "E": "even", "O": "odd"}


def client_of(device: SouthDevice) -> ModbusClient:
    """A client for a device as the site file has it, alone on its end; not connected yet."""
    return _client_of(device.end, (device,))


def clients_of(devices: Sequence[SouthDevice]) -> dict[DeviceId, Client]:
    """A client for each device; those behind one line or address share its connection."""
    ends: dict[TcpEnd | SerialEnd, list[SouthDevice]] = {}
    for device in devices:
        ends.setdefault(device.end, []).append(device)
    clients: dict[DeviceId, Client] = {}
    for end, users in ends.items():
        client = _client_of(end, users)
        if len(users) == 1:
            clients[users[0].device] = client
            continue
        shared = SharedEnd(client)
        clients.update((user.device, shared.member()) for user in users)
    return clients


def _client_of(end: TcpEnd | SerialEnd, users: Sequence[SouthDevice]) -> ModbusClient:
    """A client as the most patient of its users needs it."""
    timing = Timing(
        timeout=max(user.timeout_ms for user in users) / 1000,
        gap=max(user.gap_ms for user in users) / 1000,
        pause=max(user.settle_ms for user in users) / 1000,
    )
    match end:
        case TcpEnd(host=host, port=port):
            return tcp_client(host, port, timing)
        case SerialEnd(path=path, baud=baud, parity=parity):
            line = Serial(path=path, baud=baud, parity=_PARITY[parity])
            return serial_client(line, timing)
        case _:
            assert_never(end)


class Describe:
    """Asks a device what it is: SunSpec, or its profile."""

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        trip: Trip | None = None,
        stop_contact: StopContact | None = None,
    ) -> None:
        """Describes devices.

        Args:
            profiles: by the names that the site file uses.
            trip: which coil opens the breaker, where its device has no profile.
            stop_contact: the plant's own, read with whatever device it is wired to.
        """
        self._profiles = profiles
        self._trip = trip
        self._stop_contact = stop_contact

    async def __call__(self, client: Client, device: SouthDevice) -> Connected:
        """Everything that is asked at connect.

        Raises:
            ModbusError: the device does not answer.
            WorldError: it is not what the site file says that it is.
        """
        asking = self._asking(device)
        try:
            span = next(asking)
            while True:
                try:
                    words = await client.read(device.unit, span.space, span.address, span.length)
                except RefusedError:
                    span = asking.send(None)
                else:
                    span = asking.send(words)
        except StopIteration as end:
            found: Connected = end.value
            return self._with_contact(found, device)

    def _with_contact(self, found: Connected, device: SouthDevice) -> Connected:
        contact = self._stop_contact
        if contact is None or contact.device != device.device:
            return found
        return replace(found, device_map=with_stop(found.device_map, contact))

    def _asking(self, device: SouthDevice) -> Connecting:
        where = str(device.device)
        rated = device.rated or None
        if device.profile is None and device.role is SouthRole.TRIP and self._trip is not None:
            return by_coil(self._trip.coil, where)
        if device.profile is None:
            role = DeviceRole(device.role.value)
            return by_sunspec(
                load_catalogue(), role, where, rated=rated, meter_sign=device.meter_sign
            )
        return by_profile(self._profiles[device.profile], where, rated=rated)
