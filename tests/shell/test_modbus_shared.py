"""Units of one line, or behind one address, share one connection."""

from __future__ import annotations

import asyncio

import pytest
from typing_extensions import override

from sekisho.codec.modbus.errors import DisconnectedError, SilentError
from sekisho.codec.modbus.pdu import Space
from sekisho.gate.settings import SerialEnd, SouthDevice, SouthRole, TcpEnd
from sekisho.shell.gate.describe import clients_of
from sekisho.shell.modbus.client import Timing, serial_client, tcp_client
from sekisho.shell.modbus.link import Serial
from sekisho.shell.modbus.server import RtuServer, TcpServer
from sekisho.shell.modbus.shared import SharedEnd
from sekisho.terms.ids import DeviceId
from sekisho.terms.quantity import Watts
from tests.modbus_bank import IDENTITY, Table

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]


class Street(Table):
    """Every unit holds its own number in every register."""

    @override
    def read(self, unit, space, address, count):
        return [unit] * count

    @override
    def write(self, unit, space, address, values):
        self.written.append((space, unit, tuple(values)))


async def test_units_behind_one_address_share_a_connection_that_the_last_one_closes():
    server = await TcpServer(Street()).start()
    end = SharedEnd(tcp_client("127.0.0.1", server.port, Timing(timeout=2.0)))
    one, two = end.member(), end.member()
    with pytest.raises(DisconnectedError):
        await one.read(1, Space.HOLDING, 0, 1)
    await asyncio.gather(one.connect(), two.connect())
    asked = [client.read(unit, Space.HOLDING, 0, 2) for unit, client in ((1, one), (2, two)) * 10]
    assert await asyncio.gather(*asked) == [(1, 1), (2, 2)] * 10
    await one.write(1, 0, (5,))
    await two.write_coil(2, 0, True)
    await one.close()
    assert (one.connected, two.connected) == (False, True)
    with pytest.raises(DisconnectedError):
        await one.read(1, Space.HOLDING, 0, 1)
    assert await two.read(2, Space.HOLDING, 0, 1) == (2,)
    assert await two.identify(1) == IDENTITY
    await two.close()
    await asyncio.sleep(0.01)
    seen = server.seen
    assert (seen.connections_ever, seen.connections, seen.resets) == (1, 0, 0)
    await server.close()


async def test_a_silent_unit_of_a_line_leaves_the_others_their_line():
    server = RtuServer.on_pty(Street())
    server.start()
    timing = Timing(timeout=0.1, hold_off=0.02)
    end = SharedEnd(serial_client(Serial(path=server.path, baud=115200), timing))
    well, silent = end.member(), end.member()
    await well.connect()
    await silent.connect()
    server.faults.functions = frozenset({4})
    server.faults.deaf = 1.0
    with pytest.raises(SilentError):
        await silent.read(2, Space.INPUT, 0, 1)
    await silent.close()
    assert await well.read(1, Space.HOLDING, 0, 1) == (1,)
    await silent.connect()
    assert await silent.read(2, Space.HOLDING, 0, 1) == (2,)
    await silent.close()
    await well.close()
    server.close()


async def test_after_a_loss_the_first_who_comes_back_connects_for_all():
    server = await TcpServer(Street()).start()
    end = SharedEnd(tcp_client("127.0.0.1", server.port, Timing(timeout=2.0)))
    members = [end.member() for _ in range(3)]
    for member in members:
        await member.connect()
    server.drop_connections()
    await asyncio.sleep(0.02)
    assert not any(member.connected for member in members)
    await members[0].close()
    await members[0].connect()
    assert all(member.connected for member in members)
    assert await members[2].read(3, Space.HOLDING, 0, 1) == (3,)
    assert (server.seen.connections_ever, server.seen.most_connections) == (2, 1)
    for member in members:
        await member.close()
    await server.close()


def device(name, end, unit):
    return SouthDevice(
        device=DeviceId(name),
        role=SouthRole.PCS,
        end=end,
        unit=unit,
        profile=None,
        rated=Watts(1),
        timeout_ms=1_000 * unit,
    )


async def test_devices_of_the_site_file_share_what_they_name_alike_and_nothing_else():
    server = await TcpServer(Street()).start()
    alike, other = (TcpEnd(host=host, port=server.port) for host in ("127.0.0.1", "127.0.0.2"))
    line = SerialEnd(path="/dev/null", baud=9600, parity="N")
    clients = clients_of(
        [device("a", alike, 1), device("b", alike, 2), device("c", other, 1), device("d", line, 1)]
    )
    assert list(clients) == ["a", "b", "c", "d"]
    for name in ("a", "b"):
        await clients[DeviceId(name)].connect()
    assert server.seen.connections_ever == 1
    for name in ("a", "b"):
        await clients[DeviceId(name)].close()
    await server.close()
