"""Modbus on TCP: the header, and frames out of a stream.

"MODBUS Messaging on TCP/IP Implementation Guide V1.0b", section 3.1.3: transaction, protocol (0),
length of what follows, unit; all but the unit are 16 bits, high byte first.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from sekisho.codec.modbus.pdu import LARGEST_PDU

HEADER = struct.Struct(">HHHB")
"""Transaction, protocol, length of unit and PDU, unit."""
_BEFORE_UNIT = 6
_SHORTEST = 2
"""Unit and function code."""
TRANSACTIONS = 0x10000


class Frame(NamedTuple):
    """One frame, without its framing."""

    transaction: int
    """0 on a serial line, which has none."""
    unit: int
    pdu: bytes


def tcp_frame(transaction: int, unit: int, pdu: bytes) -> bytes:
    """The bytes of a frame."""
    return HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu


class TcpReader:
    """Cuts a stream into frames, however its bytes arrive. Both sides use it.

    Nothing that is read raises. A header that is none sets `broken`: where the next frame begins
    can no longer be known. A server closes the connection; what a client does is in `transactions`.
    """

    __slots__ = ("_held", "broken")

    def __init__(self) -> None:
        self._held = b""
        self.broken: str | None = None

    @property
    def partial(self) -> bool:
        """Whether a frame has begun and is not whole yet."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that are whole now."""
        frames: list[Frame] = []
        if self.broken is not None:
            return frames
        held = self._held + data if self._held else data
        place = 0
        while len(held) - place >= HEADER.size:
            transaction, protocol, length, unit = HEADER.unpack_from(held, place)
            if protocol != 0 or not _SHORTEST <= length <= LARGEST_PDU + 1:
                self.broken = f"no Modbus header: protocol {protocol}, length {length}"
                self._held = b""
                return frames
            end = place + _BEFORE_UNIT + length
            if len(held) < end:
                break
            frames.append(Frame(transaction, unit, held[place + HEADER.size : end]))
            place = end
        self._held = held[place:]
        return frames
