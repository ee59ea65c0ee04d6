"""The server of the simulated devices, seen by another project's client."""

from __future__ import annotations

import asyncio
import struct

import pytest
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from typing_extensions import override

from sekisho.codec.modbus.pdu import ExceptionCode
from sekisho.codec.modbus.tcp import tcp_frame
from sekisho.shell.modbus.faults import Faults
from sekisho.shell.modbus.server import RtuServer, TcpServer
from tests.modbus_bank import IDENTITY, Table

pytestmark = [pytest.mark.asyncio, pytest.mark.alone]


class Slow(Table):
    """The same device, asked with `async`."""

    @override
    async def read(self, unit, space, address, count):  # type: ignore[override]  # a bank may be awaited; Table is not
        await asyncio.sleep(0)
        return super().read(unit, space, address, count)

    @override
    async def write(self, unit, space, address, values):  # type: ignore[override]  # a bank may be awaited; Table is not
        await asyncio.sleep(0)
        return super().write(unit, space, address, values)


async def _all_functions(client, table):
    words = (await client.read_holding_registers(10, count=125, device_id=1)).registers
    assert words == table.holding[10:135]
    assert (await client.read_input_registers(3, count=1, device_id=1)).registers == [33]
    assert (await client.read_coils(0, count=11, device_id=1)).bits[:11] == table.coil[:11]
    bits = (await client.read_discrete_inputs(990, count=10, device_id=1)).bits
    assert bits[:10] == table.discrete[990:]
    await client.write_register(5, 65535, device_id=1)
    await client.write_registers(6, [1, 2, 3], device_id=1)
    assert table.holding[5:9] == [65535, 1, 2, 3]
    await client.write_coil(1, True, device_id=1)
    await client.write_coils(10, [True] * 9, device_id=1)
    assert table.coil[1]
    assert table.coil[10:19] == [True] * 9
    beyond = await client.read_holding_registers(999, count=2, device_id=1)
    assert beyond.exception_code == ExceptionCode.ILLEGAL_ADDRESS
    foreign = await client.read_holding_registers(0, count=2, device_id=9)
    assert foreign.exception_code == ExceptionCode.GATEWAY_NO_ANSWER
    identity = await client.read_device_information(device_id=1, read_code=2)
    assert identity.information == IDENTITY


@pytest.mark.parametrize("kind", [Table, Slow])
async def test_pymodbus_reads_writes_and_identifies_over_tcp(kind):
    table = kind()
    server = await TcpServer(table).start()
    client = AsyncModbusTcpClient("127.0.0.1", port=server.port, retries=0, timeout=2)
    assert await client.connect()
    await _all_functions(client, table)
    client.close()
    assert (server.seen.connections_ever, server.seen.most_connections) == (1, 1)
    assert server.seen.write_frames == 4
    await server.close()


async def test_pymodbus_reads_writes_and_identifies_over_a_pty():
    table = Table()
    line = RtuServer.on_pty(table)
    line.start()
    client = AsyncModbusSerialClient(line.path, baudrate=115200, retries=0, timeout=2)
    assert await client.connect()
    await _all_functions(client, table)
    client.close()
    assert line.seen.write_frames == 4
    line.close()


async def _raw(server):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    return reader, writer


async def test_requests_that_arrive_in_bits_or_together_are_answered_in_order():
    server = await TcpServer(Table()).start()
    reader, writer = await _raw(server)
    asked = [tcp_frame(n, 1, struct.pack(">BHH", 3, n, 1)) for n in range(1, 4)]
    stream = b"".join(asked)
    writer.write(stream[:5])
    await asyncio.sleep(0.01)
    writer.write(stream[5:])
    answers = await asyncio.wait_for(reader.readexactly(33), 2)
    assert answers == b"".join(tcp_frame(n, 1, struct.pack(">BBH", 3, 2, 7 * n)) for n in (1, 2, 3))
    writer.close()
    await writer.wait_closed()
    await server.close()


async def test_unit_0_is_not_answered_and_is_counted():
    server = await TcpServer(Table()).start()
    reader, writer = await _raw(server)
    writer.write(tcp_frame(1, 0, struct.pack(">BHH", 6, 0, 1)) + tcp_frame(2, 1, b"\x07"))
    assert await asyncio.wait_for(reader.readexactly(9), 2) == tcp_frame(2, 1, b"\x87\x01")
    assert (server.seen.broadcasts, server.seen.write_frames) == (1, 1)
    writer.close()
    await writer.wait_closed()
    await server.close()


async def test_a_reset_is_told_from_an_orderly_close():
    server = await TcpServer(Table()).start()
    for orderly in (True, False):
        _reader, writer = await _raw(server)
        await asyncio.sleep(0.01)
        if not orderly:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(1, 13, linger)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.02)
        assert server.seen.resets == (0 if orderly else 1)
    await server.close()


@pytest.mark.parametrize(
    ("faults", "answer"),
    [
        (Faults(drop=1.0), b""),
        (Faults(deaf=1.0), b""),
        (Faults(duplicate=1.0), tcp_frame(1, 1, b"\x06\x00\x05\x00\x09") * 2),
        (Faults(split=1.0), tcp_frame(1, 1, b"\x06\x00\x05\x00\x09")),
        (Faults(cut=1.0), tcp_frame(1, 1, b"\x06\x00\x05\x00\x09")[:6]),
        (Faults(refuse=ExceptionCode.DEVICE_BUSY), tcp_frame(1, 1, b"\x86\x06")),
        (Faults(delay_s=0.02), tcp_frame(1, 1, b"\x06\x00\x05\x00\x09")),
    ],
)
async def test_the_wire_misbehaves_as_switched(faults, answer):
    table = Table()
    server = await TcpServer(table, faults=faults).start()
    reader, writer = await _raw(server)
    writer.write(tcp_frame(1, 1, b"\x06\x00\x05\x00\x09"))
    heard = b""
    try:
        async with asyncio.timeout(0.15):
            while piece := await reader.read(100):
                heard += piece
    except TimeoutError:
        assert not faults.cut
    assert heard == answer
    unchanged = faults.deaf or faults.refuse is not None
    assert table.holding[5] == (35 if unchanged else 9)
    writer.close()
    await writer.wait_closed()
    await server.close()


async def test_a_corrupted_answer_differs_in_one_bit_and_the_seed_says_which():
    whole = tcp_frame(1, 1, b"\x03\x04\x00\x01\x00\x02")
    for checked in (False, True):
        drawn = [Faults(seed=5, corrupt=1.0).pieces(whole, checked=checked) for _ in range(2)]
        assert drawn[0] == drawn[1]
        (damaged,) = drawn[0]
        assert (int.from_bytes(damaged) ^ int.from_bytes(whole)).bit_count() == 1


async def test_faults_end_after_as_many_requests_as_asked_and_spare_other_functions():
    faults = Faults(drop=1.0, functions=frozenset({6}), remaining=1)
    assert [faults.concern(function) for function in (3, 6, 6)] == [False, True, False]


async def test_half_a_request_on_a_line_is_forgotten_after_a_silence():
    line = RtuServer.on_pty(Table())
    line.start()
    client = AsyncModbusSerialClient(line.path, baudrate=115200, retries=0, timeout=2)
    assert await client.connect()
    client.ctx.transport.write(b"\x01\x03\x00")  # type: ignore[attr-defined]  # pymodbus does not say that it has one: half a frame is sent past it
    await asyncio.sleep(0.1)
    assert (await client.read_holding_registers(1, count=1, device_id=1)).registers == [7]
    assert line.seen.malformed == 1
    client.close()
    line.close()
