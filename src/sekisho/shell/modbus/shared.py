"""Several devices behind one connection: units of one serial line, or behind one TCP gateway.

A line carries one request at a time and a device may take one connection only, so all who speak to
one end share its client. Each of them connects and closes as if it were alone: the connection is
made for the first and closed after the last.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sekisho.codec.modbus.errors import DisconnectedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sekisho.codec.modbus.pdu import Space
    from sekisho.shell.modbus.client import ModbusClient


class SharedEnd:
    """One connection, and who uses it now."""

    def __init__(self, client: ModbusClient) -> None:
        self._client = client
        self._members: set[SharedClient] = set()
        self._changing = asyncio.Lock()

    def member(self) -> SharedClient:
        """A client for one more device; not connected yet."""
        return SharedClient(self)

    def open_for(self, member: SharedClient) -> bool:
        """Whether a request of this member could be sent now."""
        return member in self._members and self._client.connected

    def client_for(self, member: SharedClient) -> ModbusClient:
        """The connection, for a member that has connected.

        Raises:
            DisconnectedError: it has not, or it has closed.
        """
        if member not in self._members:
            raise DisconnectedError("not connected", sent=False)
        return self._client

    async def join(self, member: SharedClient) -> None:
        """Makes the connection where there is none; see `ModbusClient.connect`."""
        async with self._changing:
            await self._client.connect()
            self._members.add(member)

    async def leave(self, member: SharedClient) -> None:
        """Closes the connection where nobody else uses it."""
        async with self._changing:
            self._members.discard(member)
            if not self._members:
                await self._client.close()


class SharedClient:
    """What `ModbusClient` offers, for one of several devices; `SharedEnd.member` makes it."""

    def __init__(self, end: SharedEnd) -> None:
        self._end = end

    @property
    def connected(self) -> bool:
        """See `ModbusClient`."""
        return self._end.open_for(self)

    async def connect(self) -> None:
        """See `ModbusClient`."""
        await self._end.join(self)

    async def close(self) -> None:
        """See `ModbusClient`; the others go on."""
        await self._end.leave(self)

    async def read(self, unit: int, space: Space, address: int, count: int) -> tuple[int, ...]:
        """See `ModbusClient`."""
        return await self._end.client_for(self).read(unit, space, address, count)

    async def write(self, unit: int, address: int, words: Sequence[int]) -> None:
        """See `ModbusClient`."""
        await self._end.client_for(self).write(unit, address, words)

    async def write_coil(self, unit: int, address: int, on: bool) -> None:  # noqa: FBT001 - a coil's value, no switch
        """See `ModbusClient`."""
        await self._end.client_for(self).write_coil(unit, address, on)

    async def identify(self, unit: int) -> Mapping[int, bytes]:
        """See `ModbusClient`."""
        return await self._end.client_for(self).identify(unit)
