"""What a Modbus server does for anybody: one read, and one write only where that is agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sekisho.codec.modbus.errors import ModbusError
from sekisho.evidence.observation_network import OpenModbus, PlaintextService
from sekisho.evidence.observation_words import (
    ObservationKind,
    Plaintext,
    Transport,
    Tried,
    WhyNot,
)
from sekisho.shell.modbus.client import Timing, tcp_client

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sekisho.proof.plan_document import ModbusTable
    from sekisho.shell.probe.diary import Diary
    from sekisho.shell.probe.wire import Wire


async def asked(wire: Wire, diary: Diary, table: ModbusTable, *, write: bool) -> None:
    """Reads one register; writes the same value back where that was agreed."""
    timing = Timing(timeout=wire.pace.timeout_s, connect=wire.pace.connect_s)
    client = tcp_client(wire.host, table.port, timing)
    lines: list[str] = []
    tried = Tried.NOT_TRIED
    words: tuple[int, ...] | None = None
    speaks = True
    async with wire.turn():
        try:
            await client.connect()
            try:
                words = await client.read_holding(table.unit, table.address, 1)
                lines.append(f"read unit {table.unit} holding {table.address}: {words}\n")
            except ModbusError as error:
                lines.append(f"read unit {table.unit} holding {table.address}: {error}\n")
                speaks = error.code is not None
            if write and words is not None:
                tried = await _written(client.write_single, table, words[0], lines)
        except ModbusError as error:
            diary.not_done(ObservationKind.OPEN_MODBUS, WhyNot.NO_ANSWER, str(error))
            return
        finally:
            await client.close()
    if not speaks:
        diary.not_done(ObservationKind.OPEN_MODBUS, WhyNot.NO_ANSWER, "".join(lines).strip())
        return
    diary.note(
        "modbus-read" if tried is Tried.NOT_TRIED else "modbus-read-write",
        OpenModbus(port=table.port, unit=table.unit, read=words is not None, write=tried),
        "".join(lines),
    )
    service = PlaintextService(
        transport=Transport.TCP, port=table.port, service="modbus", does=Plaintext.SERVES
    )
    diary.note("modbus-read", service, "".join(lines))


async def _written(
    write: Callable[[int, int, int], Awaitable[None]],
    table: ModbusTable,
    word: int,
    lines: list[str],
) -> Tried:
    try:
        await write(table.unit, table.address, word)
    except ModbusError as error:
        lines.append(f"write of the same value: {error}\n")
        return Tried.REFUSED
    lines.append("write of the same value: taken\n")
    return Tried.ACCEPTED
